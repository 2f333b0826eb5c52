"""Working days and every decision on them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk
from models.procedures import DecisionRow, batch_index
from models.types import Hold, Side, Task, WorkdayState, WorkMode

NOT_APPROVED = "state <> 'approved'"
"""The rows of ``ix_workday_not_approved``."""

CLAIMED = "claimed_state IS NOT NULL"
"""The rows of ``ix_workday_claimed``."""

DISPUTED = "disputed_by_person_id IS NOT NULL"
"""The rows of ``ix_workday_disputed``."""


class Workday(Base):
    """工作日志: half a day or a day of one person for one pairing.

    A date has two halves. An entry takes one or both, and two partial unique indexes let nobody
    take a half twice: more than 1.0 a person and date cannot be written, by any number of
    parallel requests. A correction takes no half until it is approved and its original gives
    way; ``half_days`` 0 in a correction strikes the day out.

    Whoever entered it never decides on it. Only what the operator of the server brought in has
    nobody there, and says so: without the flag a forgotten name would let everybody decide.

    ``claimed_state`` is what a file says that was decided on a day long ago; until a second person
    confirms it the day is submitted like any other. Any other decision on it ends the claim.

    ``disputed_by_person_id`` is who of the other side said that it was not so (portal/disputes/), until
    that is withdrawn or the day is handed in anew.

    ``worth_centidays`` is what the day is worth under the policy of its date once it counts, in
    hundredths of a day; the totals only add it up.
    """

    __tablename__ = "workday"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["assignment_id", "pairing_id", "person_id", "side"],
            ["assignment.id", "assignment.pairing_id", "assignment.person_id", "assignment.side"],
            name="fk_workday_belongs_to_the_assignment",
        ),
        sa.CheckConstraint(
            "half_days IN (1, 2) OR (half_days = 0 AND corrects_id IS NOT NULL)",
            name="half_or_whole_day",
        ),
        sa.CheckConstraint(
            "state = 'superseded' OR (corrects_id IS NOT NULL AND state <> 'approved')"
            " OR (half_days = 2 AND takes_first_half AND takes_second_half)"
            " OR (half_days = 1 AND takes_first_half <> takes_second_half)"
            " OR (half_days = 0 AND NOT takes_first_half AND NOT takes_second_half)",
            name="takes_the_halves_that_it_counts",
        ),
        sa.CheckConstraint(
            "confirmed_by_person_id <> person_id", name="not_confirmed_by_the_person"
        ),
        sa.CheckConstraint("approved_by_person_id <> person_id", name="not_approved_by_the_person"),
        sa.CheckConstraint(
            "confirmed_by_person_id <> approved_by_person_id", name="confirmed_and_approved_by_two"
        ),
        sa.CheckConstraint(
            "confirmed_by_person_id <> entered_by_person_id", name="not_confirmed_by_the_drafter"
        ),
        sa.CheckConstraint(
            "approved_by_person_id <> entered_by_person_id", name="not_approved_by_the_drafter"
        ),
        sa.CheckConstraint("disputed_by_person_id <> person_id", name="not_disputed_by_the_person"),
        sa.CheckConstraint(
            "(entered_by_person_id IS NULL) = entered_by_operator",
            name="entered_by_a_person_or_the_operator",
        ),
        sa.CheckConstraint(
            "claimed_state IS NULL OR (import_id IS NOT NULL AND entered_by_person_id IS NOT NULL"
            " AND state IN ('submitted', 'superseded'))",
            name="claim_waits_for_a_second_person",
        ),
        sa.Index(
            "uq_workday_first_half",
            "person_id",
            "worked_on",
            unique=True,
            sqlite_where=sa.text("takes_first_half = 1"),
            postgresql_where=sa.text("takes_first_half"),
        ),
        sa.Index(
            "uq_workday_second_half",
            "person_id",
            "worked_on",
            unique=True,
            sqlite_where=sa.text("takes_second_half = 1"),
            postgresql_where=sa.text("takes_second_half"),
        ),
        sa.Index("ix_workday_of_a_pairing", "pairing_id", "year", "worked_on", "person_id"),
        sa.Index(
            "uq_workday_one_open_correction",
            "corrects_id",
            unique=True,
            sqlite_where=sa.text("corrects_id IS NOT NULL AND state <> 'superseded'"),
            postgresql_where=sa.text("corrects_id IS NOT NULL AND state <> 'superseded'"),
        ),
        # Lists of the nation and of provinces, in the order of dates; the second for the states
        # that few rows are in. SQLite uses it only for a query that says the same of the state.
        sa.Index("ix_workday_by_date", "year", "worked_on", "id"),
        sa.Index(
            "ix_workday_not_approved",
            "state",
            "year",
            "worked_on",
            "id",
            sqlite_where=sa.text(NOT_APPROVED),
            postgresql_where=sa.text(NOT_APPROVED),
        ),
        sa.Index(
            "ix_workday_disputed",
            "pairing_id",
            "person_id",
            sqlite_where=sa.text(DISPUTED),
            postgresql_where=sa.text(DISPUTED),
        ),
        sa.Index(
            "ix_workday_claimed",
            "import_id",
            "state",
            sqlite_where=sa.text(CLAIMED),
            postgresql_where=sa.text(CLAIMED),
        ),
    )

    id: Mapped[intpk]
    pairing_id: Mapped[bigint]
    assignment_id: Mapped[bigint]
    person_id: Mapped[bigint]
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    year: Mapped[int]
    worked_on: Mapped[date]
    half_days: Mapped[int]
    takes_first_half: Mapped[bool] = mapped_column(default=False)
    takes_second_half: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[WorkMode] = mapped_column(enum_column(WorkMode, "mode"))
    task: Mapped[Task | None] = mapped_column(enum_column(Task, "task"))
    township_code: Mapped[str | None] = mapped_column(sa.ForeignKey("township.code"))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    late_reason: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[WorkdayState] = mapped_column(enum_column(WorkdayState, "state"))
    is_rest_day: Mapped[bool]
    worth_centidays: Mapped[int]
    hold: Mapped[Hold | None] = mapped_column(enum_column(Hold, "hold"))
    entered_at: Mapped[datetime]
    entered_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_by_operator: Mapped[bool] = mapped_column(default=False)
    confirmed_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    disputed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workday.id"))
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"))
    claimed_state: Mapped[WorkdayState | None] = mapped_column(
        enum_column(WorkdayState, "claimed_state")
    )
    version: Mapped[int] = mapped_column(default=1)


class WorkdayDecision(DecisionRow, Base):
    """Every change of a working day's state; the state after it is what ``--as-of`` reads."""

    __tablename__ = "workday_decision"
    __table_args__ = (
        sa.Index("ix_workday_decision_history", "workday_id", "at", "id"),
        batch_index("workday_decision"),
    )
    decides = Workday
    subject_key = "workday_id"

    workday_id: Mapped[bigint] = mapped_column(sa.ForeignKey("workday.id"))
    state_before: Mapped[WorkdayState | None] = mapped_column(
        enum_column(WorkdayState, "state_before")
    )
    state_after: Mapped[WorkdayState] = mapped_column(enum_column(WorkdayState, "state"))
