"""Does every sealed value open? Each room names its own columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.checks import PIECE, Check, Fault
from portal.personal_data.vault import VAULT, Place, Unsealable, Vault


class SealedColumn(NamedTuple):
    """A column of ciphertext: its model, what stands in the seal as its row, and its name there."""

    model: Any
    key: str
    column: str
    place: str
    blind_index: str | None = None
    """The blind index beside it."""


def of_sealed(*columns: SealedColumn) -> Check:
    """Open every value, and compare what has a blind index with it; name one, count all."""

    def find(session: Session) -> Fault | None:
        faults = [fault for column in columns for fault in _faults(session, column)]
        return faults[0]._replace(counted=len(faults)) if faults else None

    return Check("sealed_values", "加密的个人信息可以解封", find)


def _faults(session: Session, column: SealedColumn) -> list[Fault]:
    model, table = column.model, column.model.__tablename__
    sealed = getattr(model, column.column)
    index = getattr(model, column.blind_index) if column.blind_index else sa.null()
    wanted = (
        sa.select(model.id, getattr(model, column.key), sealed, index)
        .where(sealed.is_not(None))
        .order_by(model.id)
        .execution_options(yield_per=PIECE)
    )
    faults = []
    with session.execute(wanted) as rows:
        for row_id, name, value, indexed in rows:
            where = Place(table, column.place, name)
            complaint = _complaint(session.info[VAULT], value, where, indexed)
            if complaint:
                sentence = f"{table} 第 {row_id} 行的 {column.column}{complaint}"
                faults.append(Fault(f"{table}:{row_id}", sentence))
    return faults


def _complaint(vault: Vault, sealed: bytes, place: Place, indexed: bytes | None) -> str:
    try:
        clear = vault.open(sealed, place)
    except Unsealable:
        return " 无法解封。"
    if indexed is not None and vault.index(clear) != indexed:
        return " 与其索引不符。"
    return ""
