"""Reading organisations."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation, Region
from models.types import RegionLevel
from portal.access.loading import Loader

ORGANISATION = Loader(
    "organisation",
    Organisation,
    "organisation.read",
    {"credit_code": Organisation.credit_code},
)


def find_by_credit_code(session: Session, credit_code: str) -> Organisation | None:
    """Return the organisation with a normalised credit code, or None."""
    return session.scalars(
        sa.select(Organisation).where(Organisation.credit_code == credit_code)
    ).one_or_none()


def find_seat(session: Session, region_code: str) -> Region | None:
    """Return the region in which an organisation may have its seat, or None.

    A county, or a prefecture that has no counties (东莞, 中山, 儋州, 嘉峪关).
    """
    region = session.get(Region, region_code)
    if region is None or region.is_withdrawn:
        return None
    if region.level == RegionLevel.COUNTY:
        return region
    has_counties = session.scalar(sa.select(sa.exists().where(Region.parent_code == region_code)))
    return None if has_counties or region.level == RegionLevel.PROVINCE else region
