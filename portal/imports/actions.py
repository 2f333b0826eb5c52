"""Writing what a checked file holds: all of it, or the good rows, or nothing."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import ImportBatch, ImportedRow
from models.types import ImportKind
from portal.deeds import Deed
from portal.imports.batch_queries import count_waiting
from portal.imports.checking_apart import Checked, judge
from portal.imports.finding_store import Findings
from portal.imports.kind import Kind
from portal.imports.report_rules import Report
from portal.imports.rules import refusals_for_waiting
from portal.imports.staging_store import KEPT
from portal.imports.undo_rules import UndoEffect
from portal.jobs.actions import ask, cancel
from portal.jobs.queries import find_in_slot
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.refusals import Conflict, Refusal, refuse_if
from portal.standards.file_name import file_name_of

CHECK, WRITE = "import_check", "import_write"
"""The kinds of job; portal/imports/jobs.py does them."""

UNDONE = Refusal("", "wrong_state", "这次导入尚未写入，或已经撤销，不能再次撤销。")
GONE = Refusal("", "wrong_state", "这份文件已经导入或撤下，不能再次办理。")


def carry_out(deed: Deed, checked: Checked, *, accept_valid: bool) -> Checked:
    """Write the good rows of a checked file; its report says whether any was written.

    With a refused row nothing is written, unless ``accept_valid``. What was found out when the
    file was checked is found out again in this transaction; if it differs, so may the verdict.
    """
    checked = _seen_again(deed, checked)
    if not checked.is_writable(accept_valid=accept_valid):
        return checked
    batch = _new_batch(deed, checked.report, checked.file.digest)
    batch.applied_at = deed.now
    return _write(deed, checked, batch)


def stage(deed: Deed, findings: Findings) -> ImportBatch:
    """Note a checked file that waits for its second click; the file itself the caller keeps then."""
    _refuse_too_many(deed)
    digest = bytes.fromhex(findings.file_hash)
    batch = _new_batch(deed, findings, digest)
    deed.session.flush()
    deed.record("import.staged", f"import:{batch.public_id}", **_facts(findings, digest))
    return batch


def receive(deed: Deed, kind: ImportKind, file_name: str, digest: bytes) -> ImportBatch:
    """Note a file that is to be checked in the background; nothing of it is counted yet."""
    _refuse_too_many(deed)
    batch = ImportBatch(
        kind=kind,
        file_name=file_name_of(file_name),
        file_hash=digest,
        account_id=deed.actor.account_id,
        staged_at=deed.now,
        rows=0,
        accepted=0,
        refused=0,
        unchanged=0,
    )
    deed.session.add(batch)
    deed.session.flush()
    subject = f"import:{batch.public_id}"
    deed.record("import.staged", subject, kind=kind.value, sha256=digest.hex())
    return batch


def _refuse_too_many(deed: Deed) -> None:
    refuse_if(refusals_for_waiting(count_waiting(deed.session, deed.actor, deed.now - KEPT)))


def note_findings(deed: Deed, batch_id: int, findings: Findings) -> None:
    """Count what was found in a received file; raise :class:`Conflict` if it was taken back."""
    _note_findings(deed, batch_id, findings, sa.true(), "import.checked")


def mend(deed: Deed, batch_id: int, findings: Findings, *, seen: bytes) -> None:
    """Put the mended file, on which the findings are, in the place of the one that was ``seen``.

    Raise :class:`Conflict` if that one was carried out, taken back or mended meanwhile.
    """
    was_seen = ImportBatch.file_hash == seen
    _note_findings(deed, batch_id, findings, was_seen, "import.mended")


def _note_findings(
    deed: Deed, batch_id: int, findings: Findings, condition: sa.ColumnElement[bool], event: str
) -> None:
    noted = deed.session.execute(
        sa.update(ImportBatch)
        .where(ImportBatch.id == batch_id, ImportBatch.applied_at.is_(None), condition)
        .values(
            file_hash=bytes.fromhex(findings.file_hash),
            checked_at=deed.now,
            rows=findings.rows,
            accepted=findings.accepted,
            refused=findings.refused,
            unchanged=findings.unchanged,
        )
        .execution_options(synchronize_session=False)
    )
    if noted.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        raise Conflict([GONE])
    batch = deed.session.get_one(ImportBatch, batch_id, populate_existing=True)
    facts = _facts(findings, batch.file_hash)
    deed.record(event, f"import:{batch.public_id}", **facts)


def check_later(deed: Deed, batch: ImportBatch, key: str) -> None:
    """Have a received file checked in the background."""
    _later(deed, batch, CHECK, key, {})


def write_later(deed: Deed, batch: ImportBatch, key: str, *, accept_valid: bool) -> None:
    """Have a checked file written in the background, as a whole."""
    _later(deed, batch, WRITE, key, {"accept_valid": accept_valid})


def _later(deed: Deed, batch: ImportBatch, kind: str, key: str, asked: dict[str, bool]) -> None:
    job = ask(
        deed,
        kind,
        key=f"{kind}:{deed.actor.account_id}:{key}",
        slot=f"import:{batch.id}",
        title=f"导入{batch.kind.label}：{batch.file_name}"[:200],
        asked={**asked, "page": {"batch_id": batch.public_id}},
    )
    batch.job_id = job.id
    deed.session.flush()
    deed.record("job.asked", f"job:{job.public_id}", kind=kind)


def apply(deed: Deed, batch_id: int, checked: Checked, *, accept_valid: bool) -> Checked:
    """Carry out a staged import, once; see :func:`carry_out`."""
    checked = _seen_again(deed, checked)
    report = checked.report
    if not checked.is_writable(accept_valid=accept_valid):
        return checked
    taken = deed.session.execute(
        sa.update(ImportBatch)
        .where(
            ImportBatch.id == batch_id,
            ImportBatch.applied_at.is_(None),
            # Mended meanwhile, it is another file than the one that was judged here.
            ImportBatch.file_hash == checked.file.digest,
        )
        .values(
            applied_at=deed.now,
            rows=report.rows,
            accepted=report.accepted,
            refused=report.refused,
            unchanged=report.unchanged,
        )
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        raise Conflict([GONE])
    batch = deed.session.get_one(ImportBatch, batch_id, populate_existing=True)
    return _write(deed, checked, batch)


def withdraw(deed: Deed, batch: ImportBatch) -> None:
    """Take a staged file back before it is carried out; nothing of it was written.

    Whatever is being done with it in the background stops.
    """
    job = find_in_slot(deed.session, f"import:{batch.id}")
    if job is not None:
        cancel(deed, job)
    taken = deed.session.execute(
        sa.delete(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.applied_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined] # of a DELETE it is a CursorResult
        raise Conflict([GONE])
    deed.session.expunge(batch)
    deed.record("import.withdrawn", f"import:{batch.public_id}", kind=batch.kind.value)


def undo(deed: Deed, batch: ImportBatch, kind: Kind) -> UndoEffect:
    """Take back what a file wrote, once, while nobody has built on it; return what that did."""
    taken = deed.session.execute(
        sa.update(ImportBatch)
        .where(
            ImportBatch.id == batch.id,
            ImportBatch.applied_at.is_not(None),
            ImportBatch.undone_at.is_(None),
        )
        .values(undone_at=deed.now, undone_by_account_id=deed.actor.account_id)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        raise Conflict([UNDONE])
    subject, word, batch_id = f"import:{batch.public_id}", batch.kind.value, batch.id
    effect = kind.undo_effect(deed, batch, holds=True)
    refuse_if(effect.all_refusals())
    try:
        with deed.session.begin_nested():
            done = kind.take_back(deed, batch)
    except IntegrityError:
        # Somebody referred to a row at this very moment.
        raise Conflict([CHANGED_MEANWHILE]) from None
    if done != effect.count:
        raise Conflict([CHANGED_MEANWHILE])
    deed.session.execute(
        sa.delete(ImportedRow)
        .where(ImportedRow.import_id == batch_id)
        .execution_options(synchronize_session=False)
    )
    deed.session.expire_all()
    deed.record(
        "import.undone", subject, kind=word, removed=effect.removed, restored=effect.restored
    )
    return effect


def _seen_again(deed: Deed, checked: Checked) -> Checked:
    if checked.parsed is None:
        return checked
    facts = checked.file.kind.gather(deed, checked.parsed)
    if facts == checked.facts:
        return checked
    return judge(deed, checked.file, checked.parsed, facts)


def _new_batch(deed: Deed, report: Report | Findings, digest: bytes) -> ImportBatch:
    batch = ImportBatch(
        kind=ImportKind(report.kind),
        file_name=report.file,
        file_hash=digest,
        account_id=deed.actor.account_id,
        staged_at=deed.now,
        checked_at=deed.now,
        rows=report.rows,
        accepted=report.accepted,
        refused=report.refused,
        unchanged=report.unchanged,
    )
    deed.session.add(batch)
    return batch


def _write(deed: Deed, checked: Checked, batch: ImportBatch) -> Checked:
    assert checked.verdict
    deed.session.flush()
    checked.file.kind.write(deed, checked.verdict, batch)
    facts = _facts(checked.report, checked.file.digest)
    deed.record("import.applied", f"import:{batch.public_id}", **facts)
    return replace(checked, report=replace(checked.report, applied=True))


def _facts(report: Report | Findings, digest: bytes) -> dict[str, object]:
    return {
        "kind": report.kind,
        "sha256": digest.hex(),
        "rows": report.rows,
        "accepted": report.accepted,
        "refused": report.refused,
        "unchanged": report.unchanged,
        "decided": report.decided,
    }
