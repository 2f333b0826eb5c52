"""Laying pairings into a work year that was opened after they were made."""

from __future__ import annotations

import sqlalchemy as sa

from models import Pairing, PairingYear, WorkYear
from models.types import NATION, PairingState
from portal.deeds import Deed
from portal.programme.queries import list_work_years_between
from portal.totals.actions import open_totals


def lay_pairings(deed: Deed, work_year: WorkYear) -> int:
    """Lay a row for every pairing that stands in a new work year and has none; return how many.

    A pairing takes the one-to-one place of a side where it took it in its last year, as long as
    nobody else holds it.
    """
    session = deed.session
    year, region_code = work_year.year, work_year.region_code
    has_row = sa.exists().where(PairingYear.pairing_id == Pairing.id, PairingYear.year == year)
    wanted = sa.select(Pairing).where(
        Pairing.starts_on <= work_year.ends_on,
        Pairing.ends_on >= work_year.starts_on,
        Pairing.state.in_([PairingState.PROPOSED, PairingState.CONFIRMED]),
        sa.not_(has_row),
    )
    if region_code != NATION:
        wanted = wanted.where(Pairing.receiving_province_code == region_code)
    laid = 0
    for pairing in session.scalars(wanted.order_by(Pairing.id)).all():
        province = pairing.receiving_province_code
        years = list_work_years_between(session, pairing.starts_on, pairing.ends_on, province)
        if year in [one.year for one in years]:
            _lay(deed, pairing, year)
            laid += 1
    return laid


def _lay(deed: Deed, pairing: Pairing, year: int) -> None:
    session = deed.session
    last = session.scalars(
        sa.select(PairingYear)
        .where(PairingYear.pairing_id == pairing.id)
        .order_by(PairingYear.year.desc())
        .limit(1)
    ).one_or_none()
    sides = {
        side: last is not None
        and getattr(last, f"occupies_{side}")
        and not _is_taken(deed, getattr(pairing, f"{side}_organisation_id"), year, side)
        for side in ("sending", "receiving")
    }
    session.add(
        PairingYear(
            pairing_id=pairing.id,
            year=year,
            sending_organisation_id=pairing.sending_organisation_id,
            receiving_organisation_id=pairing.receiving_organisation_id,
            occupies_sending=sides["sending"],
            occupies_receiving=sides["receiving"],
        )
    )
    session.flush()
    open_totals(session, pairing, [year])


def _is_taken(deed: Deed, organisation_id: int, year: int, side: str) -> bool:
    return bool(
        deed.session.scalar(
            sa.select(
                sa.exists().where(
                    PairingYear.year == year,
                    getattr(PairingYear, f"{side}_organisation_id") == organisation_id,
                    getattr(PairingYear, f"occupies_{side}"),
                )
            )
        )
    )
