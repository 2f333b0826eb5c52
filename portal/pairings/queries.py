"""Reading pairings; finding them inside the actor's reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import KeyCounty, Pairing, PairingYear, Region
from portal.access.loading import Loader
from portal.pairings.rules import Place

PAIRING = Loader("pairing", Pairing, "pairing.read", {"code": Pairing.code})


def place_of(session: Session, county_code: str, day: date) -> Place | None:
    """Return a county with its standing in the key-county list on a date, or None if unknown."""
    region = session.get(Region, county_code)
    if region is None or region.is_withdrawn or region.level.value != "county":
        return None
    is_key = session.scalar(
        sa.select(
            sa.exists().where(
                KeyCounty.county_code == county_code,
                KeyCounty.valid_from <= day,
                sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= day),
            )
        )
    )
    return Place(county_code, region.name, region.province_code, bool(is_key))


def partners(
    session: Session, organisation_id: int, years: Sequence[int], side: str
) -> dict[int, str]:
    """Return, by year, the code of the pairing in which an organisation stands on a side.

    ``side`` is ``sending`` or ``receiving``; only rows that occupy the place are meant.
    """
    column, occupies = (
        (PairingYear.sending_organisation_id, PairingYear.occupies_sending)
        if side == "sending"
        else (PairingYear.receiving_organisation_id, PairingYear.occupies_receiving)
    )
    rows = session.execute(
        sa.select(PairingYear.year, Pairing.code)
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .where(column == organisation_id, PairingYear.year.in_(years), occupies)
    )
    return dict(rows.all())
