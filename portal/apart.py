"""Judging an uploaded file apart: in a process of its own, with limits, that is gone afterwards.

What a large or hostile file takes, its memory and the time to judge it, is taken from nobody who
looks at a page meanwhile, and is all given back. Of each kind of file one is judged at a time in
each process of the server; a few others wait, and who comes then is asked to come again: whoever
waits keeps a thread of the server, and those who look at pages need some too.

The processes come from a server of forks that has read the code once: each starts in a few
hundredths of a second and shares what it only reads.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from portal.refusals import Refusal, Refused

NICENESS = 5
"""Whoever waits for a page goes first; where nobody does, it costs nothing."""

QUEUE_SECONDS = 45
"""How long an upload waits for those before it, before it is asked to come again."""

MOST_WAITING = 4
"""Uploads that are judged or wait in a process, of whatever kind: half of its threads
(portal/serving.py)."""

_processes = multiprocessing.get_context("forkserver")
_preloaded: list[str] = []
_line = threading.BoundedSemaphore(MOST_WAITING)


class Limits(NamedTuple):
    """``memory_bytes`` are more than the process has when it begins; ``may_write`` files at all."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    may_write: bool = True


@dataclass(frozen=True)
class Apart:
    """One kind of judgement: its function at the top of a module, its limits and its queue.

    The function gets the content and a question that can be pickled, and returns what can be; it
    may raise :class:`Refused`. ``too_much`` says that the limits were met, ``busy`` that the queue
    is long.
    """

    function: Callable[[bytes, Any], Any]
    limits: Limits
    too_much: Refusal
    busy: Refusal
    turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        _preloaded.append(self.function.__module__)
        _processes.set_forkserver_preload(_preloaded)

    def ask(self, content: bytes, question: Any, *, queue_seconds: float | None = None) -> Any:
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

    def _in_turn(self, content: bytes, question: Any, queue_seconds: float) -> Any:
        if not self.turn.acquire(timeout=queue_seconds):
            raise Refused([self.busy])
        try:
            return self._ask(content, question)
        finally:
            self.turn.release()

    def _ask(self, content: bytes, question: Any) -> Any:
        ours, theirs = _processes.Pipe()
        work = (theirs, self.function, question, self.limits)
        process = _processes.Process(target=_serve, args=work, daemon=True)
        process.start()
        theirs.close()
        try:
            with suppress(BrokenPipeError):  # it has ended already; that it did is answer enough
                ours.send_bytes(content)
            is_refused, answer = (
                ours.recv() if ours.poll(self.limits.wall_seconds) else (True, None)
            )
        except EOFError:
            is_refused, answer = True, None
        finally:
            ours.close()
            process.kill()
            process.join()
        if is_refused:
            raise Refused(answer or [self.too_much])
        return answer


def _serve(
    pipe: Connection, function: Callable[[bytes, Any], Any], question: Any, limits: Limits
) -> None:
    """Answer the one question of this process."""
    _limit_this_process(limits)
    try:
        pipe.send((False, function(pipe.recv_bytes(), question)))
    except Refused as refused:
        pipe.send((True, refused.refusals))
    except (MemoryError, OSError):  # a system without memory to give fails in either way
        pipe.send((True, None))


def _limit_this_process(limits: Limits) -> None:
    os.nice(NICENESS)
    size_in_pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = size_in_pages * resource.getpagesize() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not limits.may_write:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
