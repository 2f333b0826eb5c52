"""What every life keeps: a row for each decision, and a row for each opinion of a review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import bigint, intpk


class DecisionRow:
    """办理记录: a step that was taken on a subject, by whom, when and why. Never changed, never deleted.

    The table adds ``subject_key``, ``state_before`` (None of what begins, and of rows that a former
    release wrote) and ``state_after``, which is what ``--as-of`` reads. ``version_after`` is the version
    that the step left behind: as long as the subject still has it, nothing happened to it since.
    ``batch`` is the same for all that was decided together. ``deputy_for_person_id`` is in whose place
    the person decided, where that was not the own role (代理).
    """

    decides: ClassVar[type[Any]]
    """The model of the subject."""
    subject_key: ClassVar[str]
    """The column that names the subject."""
    also_keeps: ClassVar[Mapping[str, str]] = {}
    """Further columns, each with the attribute of the subject whose value after the step it keeps."""

    id: Mapped[intpk]
    kind: Mapped[str] = mapped_column(sa.String(30))
    version_after: Mapped[int | None]
    batch: Mapped[str | None] = mapped_column(sa.String(16))
    at: Mapped[datetime]
    account_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("account.id"))
    person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    deputy_for_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(sa.Text)


class OpinionRow:
    """会签意见: what one party said in one round of a review, signed by one person.

    Each party speaks once a round, and no person for two of them. ``author_person_id`` is the subject's
    (a composite foreign key proves it; None of what the operator brought in), so that one row proves
    that nobody reviews what is their own.
    """

    reviews: ClassVar[type[Any]]
    """The model of the subject."""
    subject_key: ClassVar[str]
    """The column that names the subject."""
    author: ClassVar[str]
    """The attribute of the subject that names its author."""

    id: Mapped[intpk]
    round: Mapped[int]
    party: Mapped[str] = mapped_column(sa.String(40))
    passed: Mapped[bool]
    text: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[datetime]
    account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("account.id"))
    person_id: Mapped[bigint] = mapped_column(sa.ForeignKey("person.id"))
    author_person_id: Mapped[bigint | None]


def batch_index(table: str) -> sa.Index:
    """Return the index by which what was decided together is found; most decisions stand alone."""
    condition = sa.text("batch IS NOT NULL")
    return sa.Index(
        f"ix_{table}_batch", "batch", sqlite_where=condition, postgresql_where=condition
    )


def opinion_constraints(
    table: str, subject: str, *, key: str, author: str
) -> tuple[sa.Constraint, ...]:
    """Return what the table of a review's opinions proves; ``author`` is the subject's column.

    The subject's table needs a unique constraint over its id and its author.
    """
    return (
        sa.UniqueConstraint(key, "round", "party", name=f"uq_{table}_one_a_party"),
        sa.UniqueConstraint(key, "round", "person_id", name=f"uq_{table}_one_a_person"),
        sa.ForeignKeyConstraint(
            [key, "author_person_id"],
            [f"{subject}.id", f"{subject}.{author}"],
            name=f"fk_{table}_names_the_author",
        ),
        sa.CheckConstraint("person_id <> author_person_id", name="not_by_the_author"),
        sa.CheckConstraint("passed OR length(text) > 0", name="returned_with_a_reason"),
    )
