"""Noting what a file wrote into a register, so that it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from models import ImportBatch, ImportedRow
from models.base import new_public_id
from portal.deeds import Deed
from portal.personal_data.vault import Place

FIRST = 1
"""The version of what has just been made."""


class WrittenRow(NamedTuple):
    """A row of a register that a file wrote: its key, its version then, and what stood before."""

    id: int
    version_after: int | None
    before: Mapping[str, Any] | None = None


def note_written(deed: Deed, batch: ImportBatch, key: str, rows: Iterable[WrittenRow]) -> None:
    """Note what a file wrote into a register; ``key`` is the column that names its rows."""
    noted = []
    for row in rows:
        public_id = new_public_id()
        text = None if row.before is None else json.dumps(row.before, default=_plain)
        noted.append(
            {
                "public_id": public_id,
                "import_id": batch.id,
                key: row.id,
                "version_after": row.version_after,
                "sealed_before": text and deed.vault.seal(text, place_of(public_id)),
            }
        )
    if noted:
        deed.session.execute(sa.insert(ImportedRow), noted)


def what_stood(deed: Deed, row: ImportedRow) -> dict[str, Any]:
    """Return what stood before a file changed a row; dates and instants are texts."""
    assert row.sealed_before is not None
    found: dict[str, Any] = json.loads(deed.vault.open(row.sealed_before, place_of(row.public_id)))
    return found


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def place_of(public_id: str) -> Place:
    """Return where what stood is sealed."""
    return Place("imported_row", "before", public_id)


def _plain(value: date | datetime) -> str:
    return value.isoformat()
