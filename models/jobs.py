"""后台任务: work that outlives the request that asked for it, its items, its file, who works."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.types import ItemState


class Job(Base):
    """Something asked for, in the transaction that asked for it.

    ``key`` names the asking: asked for twice it is one job, for ever. ``slot`` is what only one
    unfinished job may hold: one running export a person. ``asked`` is a JSON object of plain values;
    a reference to a row is a column of that row's own table, with a foreign key to this one.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.CheckConstraint(
            "cancelled_at IS NULL OR finished_at IS NOT NULL", name="cancelled_is_finished"
        ),
        sa.Index(
            "uq_job_held_slot",
            "slot",
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
        sa.Index("ix_job_account_id_asked_at", "account_id", "asked_at"),
    )

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    slot: Mapped[str | None] = mapped_column(sa.String(80))
    account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))
    title: Mapped[str]
    asked: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class JobItem(Base):
    """One part of a job: done as a whole, in one transaction, or not at all.

    ``due`` is from when on it may be claimed, in seconds since the epoch by the database's own
    clock. A claim pushes it on by the lease and raises ``token``: whoever holds an older one has
    lost the claim, and nothing of theirs is committed.
    """

    __tablename__ = "job_item"
    __table_args__ = (
        sa.UniqueConstraint("job_id", "number"),
        sa.CheckConstraint("state <> 'dead' OR problem IS NOT NULL", name="dead_says_why"),
        sa.Index(
            "ix_job_item_open_due",
            "due",
            "id",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        ),
        sa.Index("ix_job_item_job_id_state", "job_id", "state"),
    )

    id: Mapped[intpk]
    job_id: Mapped[bigint] = mapped_column(sa.ForeignKey("job.id", ondelete="CASCADE"))
    number: Mapped[int]
    part: Mapped[str] = mapped_column(sa.String(60))
    state: Mapped[ItemState] = mapped_column(enum_column(ItemState, "state"))
    due: Mapped[float]
    token: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    steps_done: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(sa.Text)


class JobResult(Base):
    """The file that a job made, kept sealed under ``stored`` for a week."""

    __tablename__ = "job_result"

    id: Mapped[intpk]
    job_id: Mapped[bigint] = mapped_column(sa.ForeignKey("job.id", ondelete="CASCADE"), unique=True)
    stored: Mapped[str] = mapped_column(sa.String(80), unique=True)
    file_name: Mapped[str]
    plain_name: Mapped[str]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    rows: Mapped[int]
    made_at: Mapped[datetime]


class JobWorker(Base):
    """A process that works, and when it last said so, by the database's own clock."""

    __tablename__ = "job_worker"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    seen: Mapped[float]
