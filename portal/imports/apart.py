"""Checking an uploaded file apart: in a process of its own, with limits, that is gone afterwards.

What a large file takes, its rows in memory and the time to judge them, is taken from nobody who
looks at a page meanwhile, and is all given back. One file is checked at a time in each process of
the server; the others wait.

The processes come from a server of forks that has read the code once: each starts in a few
hundredths of a second and shares what it only reads.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import resource
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from models.database import Database
from models.types import ImportKind
from portal.access.actor import Actor
from portal.deeds import Deed, session_info
from portal.imports.checking_apart import check, read_file
from portal.imports.finding_store import Findings
from portal.imports.kinds import KINDS
from portal.imports.workbook_export import write_error_workbook
from portal.refusals import Refusal, Refused

MEMORY_BYTES = 300 * 1024 * 1024
"""More than the process has when it begins; the parser has its own limit, and ends before."""

NICENESS = 5
"""Whoever waits for a page goes first; where nobody does, it costs nothing."""

CPU_SECONDS = 20
WALL_SECONDS = 60
QUEUE_SECONDS = 45
"""How long an upload waits for those before it, before it is asked to come again."""

TOO_LARGE = Refusal(
    "file",
    "too_large",
    "检查这份文件所需的内存或时间超过上限，已停止。请删除无关的列和内容，或拆分成几个文件后再上传。",
)
BUSY = Refusal("file", "busy", "正在检查其他人上传的文件，请过一分钟再上传。")

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["portal.imports.apart"])
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Question:
    """Whose file it is, of which kind, and which database is asked; its content follows."""

    kind: ImportKind
    name: str
    actor: Actor
    now: datetime
    database_url: str
    master_key: bytes = field(repr=False)
    wants_error_workbook: bool = False
    memory_bytes: int = MEMORY_BYTES


class Answer(NamedTuple):
    """What was found, and the workbook of the refused rows if it was asked for and there are any."""

    findings: Findings
    error_workbook: bytes | None

    @property
    def faults(self) -> list[Refusal]:
        """Why the file as a whole is of no use."""
        return [Refusal("file", "useless_file", fault) for fault in self.findings.faults]


def check_apart(question: Question, content: bytes) -> Answer:
    """Check a file; raise :class:`Refused` if the kind is not the actor's, or the limits are met."""
    if not _turn.acquire(timeout=QUEUE_SECONDS):
        raise Refused([BUSY])
    try:
        return _ask(question, content)
    finally:
        _turn.release()


def _ask(question: Question, content: bytes) -> Answer:
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_serve, args=(theirs, question), daemon=True)
    process.start()
    theirs.close()
    try:
        with suppress(BrokenPipeError):  # it has ended already; that it did is answer enough
            ours.send_bytes(content)
        answer = ours.recv() if ours.poll(WALL_SECONDS) else None
    except EOFError:
        answer = None
    finally:
        ours.close()
        process.kill()
        process.join()
    if answer is None:
        raise Refused([TOO_LARGE])
    if isinstance(answer, tuple) and not isinstance(answer, Answer):
        raise Refused(answer)
    assert isinstance(answer, Answer)
    return answer


def _serve(pipe: Connection, question: Question) -> None:
    """Answer the one question of this process."""
    _limit_this_process(question.memory_bytes)
    try:
        pipe.send(_answer(pipe.recv_bytes(), question))
    except Refused as refused:
        pipe.send(refused.refusals)
    except (MemoryError, OSError):  # a system without memory to give fails in either way
        pipe.send((TOO_LARGE,))


def _answer(content: bytes, question: Question) -> Answer:
    file = read_file(KINDS[question.kind], question.name, content)
    del content
    database = Database(question.database_url, session_info(question.master_key))
    with database.reading() as session:
        checked = check(Deed(session, question.actor, question.now), file)
    database.engine.dispose()
    book = None
    if question.wants_error_workbook and checked.report.refused:
        out = io.BytesIO()
        write_error_workbook(checked, out)
        book = out.getvalue()
    return Answer(Findings.of(checked, question.now), book)


def _limit_this_process(memory_bytes: int) -> None:
    os.nice(NICENESS)
    size_in_pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = size_in_pages * resource.getpagesize() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
