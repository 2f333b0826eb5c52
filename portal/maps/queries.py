"""Reading the approved maps."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, ApprovedMap

DIGITS = 16
"""Hexadecimal digits of the hash that name a version in an address."""


class CurrentMap(NamedTuple):
    """The map that stands, without its outlines; ``version`` changes with them."""

    approval_number: str
    version: str


class MapRow(NamedTuple):
    """One map of the list, who uploaded it and who withdrew it."""

    public_id: str
    approval_number: str
    file_name: str
    uploaded_at: datetime
    uploaded_by: str
    is_standing: bool
    withdrawn_at: datetime | None
    withdrawn_by: str | None


def find_standing(session: Session) -> CurrentMap | None:
    """Return the map that stands, or None."""
    row = session.execute(
        sa.select(ApprovedMap.approval_number, ApprovedMap.file_hash).where(
            ApprovedMap.is_standing.is_(True)
        )
    ).one_or_none()
    return CurrentMap(row[0], row[1].hex()[:DIGITS]) if row else None


def find_map(session: Session, public_id: str) -> ApprovedMap | None:
    """Return a map, standing or withdrawn, or None."""
    return session.scalars(
        sa.select(ApprovedMap).where(ApprovedMap.public_id == public_id)
    ).one_or_none()


def find_outlines(session: Session) -> tuple[str, str] | None:
    """Return the outlines of the map that stands, as GeoJSON, and their version."""
    row = session.execute(
        sa.select(ApprovedMap.geojson, ApprovedMap.file_hash).where(
            ApprovedMap.is_standing.is_(True)
        )
    ).one_or_none()
    return (row[0], row[1].hex()[:DIGITS]) if row else None


def list_maps(session: Session) -> list[MapRow]:
    """Return every map ever put up, the latest first."""
    uploader, withdrawer = aliased(Account), aliased(Account)
    rows = session.execute(
        sa.select(
            ApprovedMap.public_id,
            ApprovedMap.approval_number,
            ApprovedMap.file_name,
            ApprovedMap.uploaded_at,
            uploader.login,
            ApprovedMap.is_standing,
            ApprovedMap.withdrawn_at,
            withdrawer.login,
        )
        .join(uploader, uploader.id == ApprovedMap.uploaded_by_account_id)
        .outerjoin(withdrawer, withdrawer.id == ApprovedMap.withdrawn_by_account_id)
        .order_by(ApprovedMap.uploaded_at.desc(), ApprovedMap.id.desc())
    )
    return [MapRow(*row) for row in rows]
