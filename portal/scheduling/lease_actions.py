"""The lease: who may run the jobs now, by the database's own clock."""

from __future__ import annotations

import os
import secrets
import socket
import time
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from models import SchedulerLease
from models.database import Database

SECONDS = 60
SAFETY = 0.8
"""The holder trusts its lease for this part of it: clocks of processes drift a little."""


class Lease:
    """A lease of ``SECONDS``; renew it by :meth:`tick` more often than that."""

    def __init__(
        self, database: Database, name: str = "scheduler", seconds: float = SECONDS
    ) -> None:
        self._database = database
        self._name = name
        self._seconds = seconds
        self._held_until = 0.0
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"

    def tick(self) -> bool:
        """Renew the lease, or take it if it is free or ran out; return whether it is held."""
        before = time.monotonic()
        with self._database.writing() as session:
            connection = session.connection()
            now = self._database_now(connection)
            held = self._renew(connection, now) or self._take(connection, now)
        self._held_until = before + self._seconds * SAFETY if held else 0.0
        return held

    def is_held(self) -> bool:
        """Is the lease still safely ours, without asking the database?"""
        return time.monotonic() < self._held_until

    def _database_now(self, connection: sa.Connection) -> float:
        if self._database.is_sqlite:
            return time.time()
        return cast(
            "float",
            connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())::float8")),
        )

    def _renew(self, connection: sa.Connection, now: float) -> bool:
        return (
            connection.execute(
                sa.update(SchedulerLease)
                .where(
                    SchedulerLease.name == self._name,
                    SchedulerLease.holder == self.holder,
                    SchedulerLease.expires > now,
                )
                .values(expires=now + self._seconds)
            ).rowcount
            == 1
        )

    def _take(self, connection: sa.Connection, now: float) -> bool:
        taken = connection.execute(
            sa.update(SchedulerLease)
            .where(SchedulerLease.name == self._name, SchedulerLease.expires <= now)
            .values(holder=self.holder, token=SchedulerLease.token + 1, expires=now + self._seconds)
        ).rowcount
        if taken:
            return True
        dialect = sqlite if self._database.is_sqlite else postgresql
        return (
            connection.execute(
                dialect.insert(SchedulerLease)
                .values(name=self._name, holder=self.holder, token=1, expires=now + self._seconds)
                .on_conflict_do_nothing()
                .execution_options(preserve_rowcount=True)
            ).rowcount
            == 1
        )
