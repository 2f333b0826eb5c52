"""Taking back what a file brought: pairings that nobody has built on, and their agreements.

Their decisions stay, so they do: as pairings that never came to be, their code free for the mended file.
"""

from __future__ import annotations

from datetime import date, datetime

from models import Pairing
from portal.deeds import Deed
from portal.pairings.decision_actions import free_places
from portal.pairings.procedure_rules import LIFE
from portal.pairings.rules import MAX_CODE
from portal.procedures.actions import follow
from portal.totals.actions import refresh_pairing


def void_pairing(deed: Deed, pairing: Pairing, reason: str) -> None:
    """Let a pairing be as if it had never been proposed; raise :class:`Refused` in a closed year."""
    code, mark = pairing.code, f"-作废{pairing.id}"
    columns = {
        "code": f"{code[: MAX_CODE - len(mark)]}{mark}",
        "confirmed_at": None,
        "confirmed_by_person_id": None,
    }
    follow(deed, LIFE, [pairing], "import_undone", reason=reason, columns=columns)
    free_places(deed, pairing)
    deed.record("pairing.withdrawn", f"pairing:{pairing.code}", code_before=code)


def restore_agreement(
    deed: Deed,
    pairing: Pairing,
    *,
    number: str | None,
    signed_on: date | None,
    recorded_at: datetime | None,
    reason: str,
) -> None:
    """Put back the agreement that stood before a file recorded another one, or that none did."""
    columns = {
        "agreement_number": number,
        "agreement_signed_on": signed_on,
        "agreement_recorded_at": recorded_at,
    }
    follow(deed, LIFE, [pairing], "agreement_undone", reason=reason, columns=columns)
    refresh_pairing(deed.session, pairing.id)
    deed.record("pairing.agreement_recorded", f"pairing:{pairing.code}", number=number)
