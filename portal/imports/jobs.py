"""Checking and writing large files in the background: the one in a process apart, the other at once."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import ImportBatch
from portal.deeds import Deed
from portal.imports import actions
from portal.imports.apart import Answer, Question, check_apart
from portal.imports.checking_apart import Checked, check, read_file
from portal.imports.finding_store import Findings
from portal.imports.kinds import KINDS
from portal.imports.staging_store import StagedFiles, uploads_in
from portal.jobs.kind import ItemAtWork, Kind
from portal.outbox.actions import tell_of_job
from portal.personal_data.vault import VAULT
from portal.refusals import Refusal, Refused

QUEUE_SECONDS = 3600.0
"""A job has time to wait for the files before it; its claim is renewed meanwhile."""

STEPS = 3
"""Read, judge, write: what the page shows of an import, which is one transaction."""

CLEARED = Refusal("", "gone", "上传的文件已清除或导入已撤下，没有写入任何内容。请重新上传。")


def check_file(task: ItemAtWork) -> tuple[int, bytes, Answer]:
    """Have a received file checked in a process of its own, with what was mended of it meanwhile.

    Return its import, the hash of the file, and the answer.
    """
    with task.database.reading() as session:
        batch = _batch(session, task)
    content = _content(task, batch)
    task.tell(1, STEPS)
    question = Question(
        batch.kind,
        batch.file_name,
        task.actor,
        task.now,
        task.database.url,
        task.master_key,
        mends=_files(task).find_mends(batch.public_id),
    )
    answer = check_apart(question, content, queue_seconds=QUEUE_SECONDS)
    task.tell(2, STEPS)
    return batch.id, batch.file_hash, answer


def keep_findings(deed: Deed, task: ItemAtWork, found: tuple[int, bytes, Answer]) -> None:
    """Count what was found, and keep it for the page of the import, with the mended file if it is one."""
    batch_id, digest, answer = found
    files, findings = _files(task), answer.findings
    if answer.mended is None:
        actions.note_findings(deed, batch_id, findings)
    else:
        actions.mend(deed, batch_id, findings, seen=digest)
        files.keep(bytes.fromhex(findings.file_hash), answer.mended, deed.now)
    batch = deed.session.get_one(ImportBatch, batch_id)
    files.keep_findings(batch.public_id, findings, answer.error_workbook, deed.now)


def judge_file(task: ItemAtWork) -> tuple[ImportBatch, Checked]:
    """Read and judge a file without keeping others from writing."""
    with task.database.reading() as session:
        batch = _batch(session, task)
        file = read_file(KINDS[batch.kind], batch.file_name, _content(task, batch))
        task.tell(1, STEPS)
        checked = check(Deed(session, task.actor, task.now), file)
    task.tell(2, STEPS)
    return batch, checked


def write_file(deed: Deed, task: ItemAtWork, judged: tuple[ImportBatch, Checked]) -> None:
    """Write all good rows of a file, or nothing; keep what was found about it then."""
    batch, checked = judged
    checked = actions.apply(deed, batch.id, checked, accept_valid=task.asked["accept_valid"])
    findings = Findings.of(checked, deed.now)
    _files(task).keep_findings(batch.public_id, findings, None, deed.now)


def drop_old_uploads(deed: Deed, var: Path) -> None:
    """Drop the files that nobody came back for within a day."""
    uploads_in(var, deed.vault).drop_old(deed.now)


def _batch(session: Session, task: ItemAtWork) -> ImportBatch:
    wanted = sa.select(ImportBatch).where(ImportBatch.job_id == task.job_id)
    batch = session.scalars(wanted).one_or_none()
    if batch is None:
        raise Refused([CLEARED])
    return batch


def _content(task: ItemAtWork, batch: ImportBatch) -> bytes:
    content = _files(task).find(batch.file_hash)
    if content is None:
        raise Refused([CLEARED])
    return content


def _files(task: ItemAtWork) -> StagedFiles:
    return uploads_in(task.var, task.database.info[VAULT])


IMPORT_CHECK = Kind(
    actions.CHECK,
    "检查导入文件",
    keep_findings,
    prepare=check_file,
    permission="import.use",
    closed=tell_of_job,
    page="imports.show_import",
)
IMPORT_WRITE = Kind(
    actions.WRITE,
    "写入导入文件",
    write_file,
    prepare=judge_file,
    permission="import.use",
    closed=tell_of_job,
    page="imports.show_import",
)
