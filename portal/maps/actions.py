"""Putting an approved map up, and taking it down."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from models import ApprovedMap
from portal.deeds import Deed
from portal.maps.queries import find_standing
from portal.maps.rules import normal_number, read_map, refusals_for_number
from portal.places.queries import list_provinces
from portal.refusals import Conflict, Refusal, refuse_if
from portal.standards.file_name import file_name_of


def upload_map(deed: Deed, *, approval_number: str, file_name: str, content: bytes) -> ApprovedMap:
    """Put up a map under its approval number; raise :class:`Refused` with every fault of it."""
    session = deed.session
    geojson, refusals = read_map(content, dict(list_provinces(session)))
    standing = find_standing(session)
    if standing is not None:
        sentence = f"已有地图（审图号 {standing.approval_number}）在用，请先撤下再上传。"
        refusals.append(Refusal("", "map_stands", sentence))
    refuse_if([*refusals_for_number(approval_number), *refusals])
    found = ApprovedMap(
        approval_number=normal_number(approval_number),
        file_name=file_name_of(file_name),
        file_hash=hashlib.sha256(geojson.encode()).digest(),
        geojson=geojson,
        uploaded_at=deed.now,
        uploaded_by_account_id=deed.actor.account_id,
    )
    session.add(found)
    session.flush()
    deed.record(
        "map.uploaded",
        f"map:{found.public_id}",
        approval_number=found.approval_number,
        file_name=found.file_name,
        sha256=found.file_hash.hex(),
    )
    return found


def withdraw_map(deed: Deed, approved_map: ApprovedMap) -> None:
    """Take a map down; it stays on record. Raise :class:`Conflict` if it no longer stands."""
    changed = deed.session.execute(
        sa.update(ApprovedMap)
        .where(ApprovedMap.id == approved_map.id, ApprovedMap.is_standing.is_(True))
        .values(
            is_standing=False,
            withdrawn_at=deed.now,
            withdrawn_by_account_id=deed.actor.account_id,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        raise Conflict([Refusal("", "wrong_state", "这份地图已经撤下。")])
    deed.session.refresh(approved_map)
    deed.record(
        "map.withdrawn",
        f"map:{approved_map.public_id}",
        approval_number=approved_map.approval_number,
    )
