"""What a closed work year holds fast of a pairing: its agreement, and its last day.

The totals and the rule of terminating refuse it (decision 0020); here the pages know it before.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Pairing, PairingYear
from portal.programme.queries import in_closed_year
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal


def refusals_for_first_agreement(session: Session, pairing: Pairing) -> list[Refusal]:
    """Say which closed years were summed up without an agreement; one that is there may be mended."""
    if pairing.agreement_signed_on is not None:
        return []
    years = session.scalars(
        sa.select(PairingYear.year).where(
            PairingYear.pairing_id == pairing.id,
            in_closed_year(PairingYear.year, pairing.receiving_province_code),
        )
    )
    return refusals_for_closed_years(years.all(), "改变该年度有无帮扶协议的结果")
