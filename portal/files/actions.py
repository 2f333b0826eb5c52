"""Attaching a file to its subject, opening a sensitive one, detaching, sweeping what nobody names.

The order is what keeps files and rows together: a content is on the disk before the row that names
it, and both rows go with the deed. What ends in between leaves a file that nobody names, which is
swept once it is a day old; no upload takes as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import StoredFile
from models.types import FileKind
from portal.apart import Apart, Limits
from portal.clock import start_of
from portal.deeds import Deed, files_of
from portal.disclosures.actions import disclose_content
from portal.files import rules
from portal.files.content_rules import Judged, judge_in_frames
from portal.files.queries import (
    ADDED,
    HOOKS,
    REMOVED,
    Found,
    Peg,
    Subject,
    added_since,
    counts_on,
    evidence_on,
    find_stored,
    hashes_among,
    hold,
    is_decided,
    named,
    reference_of,
    refusals_for_fixed,
    refusals_for_state,
)
from portal.personal_data.file_store import hash_of
from portal.refusals import Conflict, Refusal, Refused, refuse_if
from portal.standards.text import plain

JUDGEMENT = Apart(
    judge_in_frames,
    Judged.from_frames,
    Limits(memory_bytes=300 * rules.MEGABYTE, cpu_seconds=10, wall_seconds=30, may_write=False),
    too_much=Refusal(
        "file",
        "too_large",
        "检查这份文件所需的内存或时间超过上限，已停止。请降低分辨率，或重新扫描后再上传。",
    ),
    busy=Refusal("file", "busy", "正在检查其他人上传的文件，请过一分钟再上传。"),
)

PIECE = 500
"""Contents that are looked up at once."""


class Content(NamedTuple):
    """A file to be sent: its pieces, and what its answer says of it."""

    pieces: Iterator[bytes]
    name: str
    kind: FileKind
    size_bytes: int


def judge_apart(content: bytes, shelf: rules.Shelf) -> Judged:
    """Return what a file is and what is kept of it, or raise :class:`Refused`.

    Takes up to some seconds: call it before the transaction that writes (decision 10).
    """
    refuse_if(rules.refusals_for_size(len(content)))
    judged = JUDGEMENT.ask(content, shelf.kinds)
    if judged.kind not in shelf.kinds:
        raise Refused([JUDGEMENT.too_much])  # whoever judged it so is not to be believed
    return judged


def attach(deed: Deed, subject: Subject, peg: Peg, name: str, judged: Judged) -> Any:
    """Keep a content and hang it on a peg of its subject; return its row."""
    session = deed.session
    hold(session, deed.actor, subject)
    refuse_if(refusals_for_state(subject))
    content_hash = hash_of(judged.content)
    stored = find_stored(session, content_hash)
    there, is_there = counts_on(session, peg, stored)
    if is_there:
        deed.files.keep(judged.content, deed.now)  # refused below, but a damaged one is mended
    refuse_if(
        rules.refusals_for_adding(
            peg.shelf,
            there=there,
            is_there=is_there,
            added_today=added_since(session, deed.actor, start_of(deed.today)),
        )
    )
    # Not before: what is refused takes no room on the disk.
    deed.files.keep(judged.content, deed.now)
    if stored is None:
        stored = StoredFile(
            content_hash=content_hash,
            size_bytes=len(judged.content),
            kind=judged.kind,
            stored_at=deed.now,
        )
        session.add(stored)
        session.flush()
    model, owner = HOOKS[peg.shelf.use]
    row = model(
        stored_file_id=stored.id,
        name=rules.stored_name(name, judged.kind),
        added_at=deed.now,
        added_by_account_id=deed.actor.account_id,
        **{owner.key: peg.owner_id},
    )
    session.add(row)
    session.flush()
    deed.record(ADDED, reference_of(subject), **_facts(Found(row, stored, peg.shelf)))
    return row


def _facts(found: Found) -> dict[str, str]:
    """Return what the audit keeps of a file, also once it is gone."""
    return {
        "shelf": found.shelf.use.value,
        "file_name": found.row.name,
        "sha256": found.stored.content_hash.hex(),
    }


def detach(deed: Deed, subject: Subject, found: Found, reason: str) -> None:
    """Take a file off its subject: its row goes, the audit stays, and so does its content for a while
    if somebody decided with it in sight; else it goes with the next sweep."""
    session = deed.session
    hold(session, deed.actor, subject)
    is_evidence = is_decided(session, subject)
    refuse_if(
        [*refusals_for_fixed(subject), *rules.refusals_for_removal(reason, is_decided=is_evidence)]
    )
    model = type(found.row)
    facts = _facts(found)
    if is_evidence:
        facts["kept_until"] = (deed.today + rules.KEEP_EVIDENCE).isoformat()
    gone = session.execute(
        sa.delete(model)
        .where(model.id == found.row.id)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined] # of a DELETE it is a CursorResult
        raise Conflict([Refusal("", "changed_meanwhile", "这份文件已被移除。")])
    session.expunge(found.row)
    deed.record(REMOVED, reference_of(subject), reason=plain(reason), **facts)


def open_content(session: Session, found: Found) -> Content:
    """Return a file to be sent; raise :class:`Refused` if it is gone or damaged."""
    stored, label = found.stored, found.shelf.label
    pieces = files_of(session).find(stored.content_hash)
    if pieces is None:
        sentence = (
            f"保存的这份“{label}”已缺失或损坏，无法打开。请重新上传同一份文件，"
            "或请服务器操作员从备份恢复。"
        )
        raise Refused([Refusal("", "unreadable", sentence)])
    return Content(pieces, found.row.name, stored.kind, stored.size_bytes)


def disclose_file(deed: Deed, subject: Subject, found: Found, reason: str) -> Content:
    """Return a sensitive file, under the rules of every value that is shown in clear."""
    return disclose_content(
        deed,
        lambda: open_content(deed.session, found),
        reason,
        event=f"{found.shelf.use.value}.file_revealed",
        subject=reference_of(subject),
    )


def take_out(deed: Deed, digest: bytes, reason: str) -> Iterator[bytes]:
    """Return a content by its SHA-256, as the audit names it: also one that was removed.

    For the operator, at the request of whoever has to answer for a decision.
    """
    refuse_if(rules.refusals_for_taking_out(reason))
    pieces = deed.files.find(digest) if find_stored(deed.session, digest) else None
    if pieces is None:
        raise Refused([rules.NOT_KEPT])
    name = digest.hex()
    deed.record("file.taken_out", f"stored_file:{name[:16]}", sha256=name, reason=plain(reason))
    return pieces


def forget_unnamed(session: Session, now: datetime) -> None:
    """Drop the rows of contents that no subject names, unless they are young or evidence."""
    unnamed = session.execute(
        sa.select(StoredFile.id, StoredFile.content_hash).where(
            StoredFile.stored_at < now - rules.GRACE, sa.not_(named())
        )
    ).all()
    evidence = evidence_on(session, now) if unnamed else frozenset()
    gone = [row_id for row_id, digest in unnamed if digest not in evidence]
    for start in range(0, len(gone), PIECE):
        session.execute(
            sa.delete(StoredFile)
            .where(StoredFile.id.in_(gone[start : start + PIECE]), sa.not_(named()))
            .execution_options(synchronize_session=False)
        )


def sweep_contents(session: Session, before: datetime) -> int:
    """Drop the contents without a row that were kept before an instant; return how many.

    One that is added again meanwhile is young, and stays.
    """
    store = files_of(session)
    old = store.kept_before(before)
    dropped = 0
    for start in range(0, len(old), PIECE):
        some = old[start : start + PIECE]
        kept = hashes_among(session, some)
        dropped += sum(store.drop(digest, before) for digest in some if digest not in kept)
    return dropped
