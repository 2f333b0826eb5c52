"""Are the files in order? Asked by ``flask verify``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import AuditEvent, StoredFile
from portal.deeds import files_of
from portal.files.queries import hashes_among
from portal.files.rules import GRACE

SWEPT_WITHIN = GRACE + timedelta(days=1)
"""A content without a row is older than this only where the nightly sweep does not run."""

PIECE = 500


def first_fault(session: Session) -> tuple[str, str] | None:
    """Return the row and a sentence about the first fault of a file, or None; it counts the others.

    A row without a whole content is the worse one, and comes first.
    """
    faults = [
        *_rows_without_content(session),
        *_contents_without_row(session),
        *_strays(session),
    ]
    if not faults:
        return None
    row, sentence = faults[0]
    return row, sentence + (f"共 {len(faults)} 项附件有误。" if len(faults) > 1 else "")


def _rows_without_content(session: Session) -> Iterator[tuple[str, str]]:
    store = files_of(session)
    wanted = sa.select(StoredFile.id, StoredFile.content_hash).order_by(StoredFile.id)
    for row_id, digest in session.execute(wanted):
        if not store.is_whole(digest):
            yield (
                f"stored_file:{row_id}",
                f"附件 {digest.hex()[:16]}… 的内容缺失或已损坏，请从备份的 files 文件夹恢复。",
            )


def _contents_without_row(session: Session) -> Iterator[tuple[str, str]]:
    # By the time of the latest deed: a database that is looked at later swept nothing meanwhile.
    latest = session.scalar(sa.select(sa.func.max(AuditEvent.at)))
    if latest is None:
        return
    old = sorted(files_of(session).kept_before(latest - SWEPT_WITHIN))
    for start in range(0, len(old), PIECE):
        some = old[start : start + PIECE]
        kept = hashes_among(session, some)
        for digest in some:
            if digest not in kept:
                yield (
                    f"files/{digest.hex()[:16]}",
                    f"files 文件夹中的 {digest.hex()[:16]}… 没有登记，每晚的清理未运行。",
                )


def _strays(session: Session) -> Iterator[tuple[str, str]]:
    for path in files_of(session).list_strays():
        yield (
            f"files/{path.name}",
            f"files 文件夹中的 {path.name} 不是系统保存的附件，清理和核对都跳过它。请移到别处。",
        )
