"""Checking an uploaded workbook apart (portal/apart.py): read, judged and gone."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Self

from models.database import Database
from models.types import ImportKind
from portal.access.actor import Actor
from portal.apart import Apart, Limits
from portal.deeds import Deed, session_info
from portal.imports.checking_apart import check, read_file
from portal.imports.finding_store import Findings
from portal.imports.kinds import KINDS
from portal.imports.mending_rules import Mended
from portal.imports.workbook_export import write_error_workbook, write_mended
from portal.refusals import Refusal, Refused

LIMITS = Limits(memory_bytes=300 * 1024 * 1024, cpu_seconds=20, wall_seconds=60)
"""The parser has its own limits, and ends before."""

TOO_LARGE = Refusal(
    "file",
    "too_large",
    "检查这份文件所需的内存或时间超过上限，已停止。请删除无关的列和内容，或拆分成几个文件后再上传。",
)
BUSY = Refusal("file", "busy", "正在检查其他人上传的文件，请过一分钟再上传。")


@dataclass(frozen=True, slots=True)
class Question:
    """Whose file it is, of which kind, and which database is asked; its content goes beside it.

    ``mends`` are put into the file before it is judged.
    """

    kind: ImportKind
    name: str
    actor: Actor
    now: datetime
    database_url: str
    master_key: bytes = field(repr=False)
    wants_error_workbook: bool = False
    mends: tuple[Mended, ...] = ()


class Answer(NamedTuple):
    """What was found, and the workbook of the refused rows if it was asked for and there are any.

    ``mended`` is the file with the mends in it, on which the findings are then.
    """

    findings: Findings
    error_workbook: bytes | None
    mended: bytes | None = None

    def as_frames(self) -> list[bytes]:
        """Return this as it is sent; :meth:`from_frames` reads it. No workbook is an empty frame."""
        return [self.findings.as_bytes(), self.error_workbook or b"", self.mended or b""]

    @classmethod
    def from_frames(cls, frames: Sequence[bytes]) -> Self:
        """Return what was sent; raise ValueError unless it has the shape of findings."""
        findings, book, mended = frames
        return cls(Findings.from_bytes(findings), book or None, mended or None)

    @property
    def faults(self) -> list[Refusal]:
        """Why the file as a whole is of no use."""
        return [Refusal("file", "useless_file", fault) for fault in self.findings.faults]


def check_apart(
    question: Question, content: bytes, *, queue_seconds: float | None = None
) -> Answer:
    """Check a file; raise :class:`Refused` if the kind is not the actor's, or the limits are met."""
    answer = CHECKS.ask(content, question, queue_seconds=queue_seconds)
    judged = answer.mended if question.mends and answer.mended else content
    about = hashlib.sha256(judged).hexdigest(), question.kind.value
    if (answer.findings.file_hash, answer.findings.kind) != about:
        raise Refused([TOO_LARGE])  # of another file: whoever judged it is not to be believed
    return answer


def _answer(content: bytes, question: Question) -> list[bytes]:
    file = read_file(KINDS[question.kind], question.name, content)
    del content
    mended = None
    if question.mends and file.sheet is not None:
        mended = write_mended(file.kind, file.sheet, question.mends)
        file = read_file(file.kind, question.name, mended)
    database = Database(question.database_url, session_info(question.master_key))
    with database.reading() as session:
        checked = check(Deed(session, question.actor, question.now), file)
    database.engine.dispose()
    book = None
    if question.wants_error_workbook and checked.report.refused:
        out = io.BytesIO()
        write_error_workbook(checked, out)
        book = out.getvalue()
    return Answer(Findings.of(checked, question.now), book, mended).as_frames()


CHECKS = Apart(_answer, Answer.from_frames, LIMITS, too_much=TOO_LARGE, busy=BUSY)
