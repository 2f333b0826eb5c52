"""What a kind of job is, as its room declares it, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from models import Job
from models.database import Database
from portal.access.actor import Actor
from portal.deeds import Deed
from portal.jobs.result_store import ResultFiles
from portal.jobs.rules import LostClaim


class ResultFile(NamedTuple):
    """A file that an item has made: where it is kept, what it is called, how many rows it has."""

    stored: str
    file_name: str
    plain_name: str
    media_type: str
    rows: int


@dataclass(slots=True)
class ItemAtWork:
    """An item while it is worked on: who asked for what, and what it has made so far."""

    database: Database
    var: Path
    master_key: bytes = field(repr=False)
    files: ResultFiles
    job_id: int
    job_public_id: str
    account_id: int | None
    actor: Actor
    now: datetime
    asked: dict[str, Any]
    item_id: int
    part: str
    token: int
    made: ResultFile | None = None
    is_lost: bool = False
    steps: tuple[int, int] = field(default=(0, 0))

    def tell(self, done: int, steps: int) -> None:
        """Say how far it is; raise :class:`LostClaim` where going on is of no use."""
        self.steps = (done, steps)
        if self.is_lost:
            raise LostClaim

    def keep_result(
        self, content: IO[bytes], *, file_name: str, plain_name: str, media_type: str, rows: int
    ) -> None:
        """Keep the file of this job, sealed. It counts once the item is committed."""
        # Of this claim alone: whoever takes the item over writes beside it.
        stored = f"{self.job_public_id}-{self.token}"
        content.seek(0)
        self.files.keep(stored, content.read(), self.now)
        self.made = ResultFile(stored, file_name, plain_name, media_type, rows)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job. An item of it is prepared outside of any transaction and written in one.

    ``prepare`` may take its time: it opens its own snapshot. What it returns, ``write`` gets, with
    a deed of the asker. ``permission`` is what the asker must hold, before each of the two anew.
    ``closed`` is called in the transaction that notes the end of a job; ``plan`` asks for what
    comes by itself, again and again by every worker: the key of the job lets it be one. ``page``
    is the endpoint of what a job is about, with ``asked["page"]``. What is quiet is listed only if
    it is dead.
    """

    word: str
    label: str
    write: Callable[[Deed, ItemAtWork, Any], None]
    permission: str | None = None
    prepare: Callable[[ItemAtWork], Any] | None = None
    closed: Callable[[Deed, Job], None] | None = None
    plan: Callable[[Deed], None] | None = None
    page: str | None = None
    is_quiet: bool = False
