"""Judging an uploaded file apart: in a process of its own, with limits, that is gone afterwards.

What a large or hostile file takes, its memory and the time to judge it, is taken from nobody who
looks at a page meanwhile, and is all given back. Of each kind of file one is judged at a time in
each process of the server; a few others wait, and who comes then is asked to come again: whoever
waits keeps a thread of the server, and those who look at pages need some too.

The processes come from a server of forks that has read the code once: each starts in a few
hundredths of a second and shares what it only reads.

A hostile file may come to own the process that judges it. So nothing of what that process sends is
unpickled, which would run whatever it says: an answer is a few frames of bytes, and is read by its
shape or not at all.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import resource
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from portal.refusals import Refusal, Refused

NICENESS = 5
"""Whoever waits for a page goes first; where nobody does, it costs nothing."""

QUEUE_SECONDS = 45
"""How long an upload waits for those before it, before it is asked to come again."""

MOST_WAITING = 4
"""Uploads that are judged or wait in a process, of whatever kind: half of its threads
(portal/serving.py)."""

MOST_FRAMES = 8
MOST_FRAME_BYTES = 64 * 1024 * 1024
"""Of one frame: twice the largest picture that is kept, before it is compressed."""

MOST_REFUSALS = 100
MOST_CHARACTERS = 2000
"""Of one text of a refusal."""

T = TypeVar("T")

log = logging.getLogger("qianshou.apart")

_processes = multiprocessing.get_context("forkserver")
_preloaded = ["flask.cli", "psycopg"]
"""Read once for all. Each process runs the program that was started anew, without its end: `flask`,
which would read all of Flask for every file; and with PostgreSQL its driver."""

_line = threading.BoundedSemaphore(MOST_WAITING)


class Limits(NamedTuple):
    """``memory_bytes`` are more than the process has when it begins; ``may_write`` files at all."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    may_write: bool = True


@dataclass(frozen=True)
class Apart(Generic[T]):
    """One kind of judgement: its function at the top of a module, its limits and its queue.

    The function gets the content and a question that can be pickled, and returns frames of bytes;
    it may raise :class:`Refused`. ``read`` makes the answer of them, here; it raises ValueError
    unless they are what the function sends. ``too_much`` says that the limits were met, or that the
    answer is none; ``busy`` that the queue is long.
    """

    function: Callable[[bytes, Any], Sequence[bytes]]
    read: Callable[[Sequence[bytes]], T]
    limits: Limits
    too_much: Refusal
    busy: Refusal
    turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        _preloaded.append(self.function.__module__)
        _processes.set_forkserver_preload(_preloaded)

    def ask(self, content: bytes, question: Any, *, queue_seconds: float | None = None) -> T:
        """Return the answer of the function; raise :class:`Refused` if it does, or met its limits.

        ``queue_seconds`` says how long it waits for its turn, where nobody waits at a page.
        """
        if queue_seconds is not None:
            return self._in_turn(content, question, queue_seconds)
        if not _line.acquire(blocking=False):
            raise Refused([self.busy])
        try:
            return self._in_turn(content, question, QUEUE_SECONDS)
        finally:
            _line.release()

    def _in_turn(self, content: bytes, question: Any, queue_seconds: float) -> T:
        if not self.turn.acquire(timeout=queue_seconds):
            raise Refused([self.busy])
        try:
            return self._ask(content, question)
        finally:
            self.turn.release()

    def _ask(self, content: bytes, question: Any) -> T:
        ours, theirs = _processes.Pipe()
        work = (theirs, self.function, question, self.limits)
        process = _processes.Process(target=_serve, args=work, daemon=True)
        process.start()
        theirs.close()
        try:
            with _ended_after(process, self.limits.wall_seconds):
                with suppress(
                    BrokenPipeError
                ):  # it has ended already; that it did is answer enough
                    ours.send_bytes(content)
                refusals, frames = _received(ours)
            if refusals is None:
                return self.read(frames)
        except (EOFError, ConnectionError):
            refusals = []
        except (ValueError, OSError, RecursionError) as fault:
            log.error(  # noqa: TRY400 - a trace tells no more
                "what was sent is not for %s: %s", self.read.__qualname__, type(fault).__name__
            )
            refusals = []
        finally:
            ours.close()
            process.kill()
            process.join()
        raise Refused(refusals or [self.too_much])


@contextmanager
def _ended_after(process: BaseProcess, seconds: float) -> Iterator[None]:
    """End a process that is not done by then, whatever it does: half of an answer is no answer."""
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _received(pipe: Connection) -> tuple[list[Refusal] | None, list[bytes]]:
    """Return the refusals, or None and the frames of an answer; raise ValueError if it is neither."""
    head = json.loads(pipe.recv_bytes(MOST_FRAME_BYTES))
    if isinstance(head, list):
        if len(head) > MOST_REFUSALS or not all(map(_is_refusal, head)):
            raise ValueError("no refusals")
        return [Refusal(*texts) for texts in head], []
    if not isinstance(head, int) or not 0 < head <= MOST_FRAMES:
        raise ValueError("no number of frames")
    return None, [pipe.recv_bytes(MOST_FRAME_BYTES) for _ in range(head)]


def _is_refusal(found: Any) -> bool:
    return (
        isinstance(found, list)
        and len(found) == len(Refusal.__match_args__)
        and all(isinstance(text, str) and len(text) <= MOST_CHARACTERS for text in found)
    )


def _serve(
    pipe: Connection,
    function: Callable[[bytes, Any], Sequence[bytes]],
    question: Any,
    limits: Limits,
) -> None:
    """Answer the one question of this process: refusals as JSON, or how many frames, and those."""
    _limit_this_process(limits)
    try:
        frames = function(pipe.recv_bytes(), question)
        pipe.send_bytes(json.dumps(len(frames)).encode())
        for frame in frames:
            pipe.send_bytes(frame)
    except Refused as refused:
        texts = [(one.field, one.code, one.sentence) for one in refused.refusals]
        pipe.send_bytes(json.dumps(texts).encode())
    except (MemoryError, OSError):  # a system without memory to give fails in either way
        pipe.send_bytes(b"[]")


def _limit_this_process(limits: Limits) -> None:
    os.nice(NICENESS)
    size_in_pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = size_in_pages * resource.getpagesize() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not limits.may_write:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
