"""Random histories of a life: whatever anybody tries in whatever order, three things never happen.

An *illegal state*: a change of state that the declaration does not allow. A *self-approval*: somebody
signs what the table says that they must not (each ``a <> b`` among its CHECKs, read from the table and
not from the declaration). A *double seat*: a party, or a person, speaks twice in a round.

``run`` plays histories on the declaration alone, with the rules that every verb asks. The guards of a
room look at facts that only its database has; they are left aside here and stand in the room's driver.
``faults_in_database`` looks at what the real verbs have written.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Base
from models.types import Labelled
from portal.procedures import review_rules, rules
from portal.procedures.queries import decisions_of, opinions_of, subject_column
from portal.procedures.review_rules import Opinion
from portal.procedures.rules import Life, Move

HISTORIES = int(os.environ.get("HISTORIES", "500"))
"""How many on the declaration of a life; `make histories` plays 2,000."""

ON_A_DATABASE = int(os.environ.get("HISTORIES_ON_A_DATABASE", "100"))
"""How many through the verbs; `make histories` plays 2,000."""

LENGTH = 50
"""Attempts in a history."""

PEOPLE = (1, 2, 3, 4, 5, None)
"""Who tries; None is the operator."""

UNEQUAL = re.compile(r"^(\w+) <> (\w+)$")


def unequal_columns(table: sa.Table) -> list[tuple[str, str]]:
    """Return the pairs of columns that a CHECK of a table keeps apart, where both name somebody."""
    found = []
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            match = UNEQUAL.match(str(constraint.sqltext))
            if match and all("person" in name or "account" in name for name in match.groups()):
                found.append((match[1], match[2]))
    return found


def table_of(life: Life[Any], metadata: sa.MetaData = Base.metadata) -> sa.Table:
    return metadata.tables[life.name]


@dataclass
class History:
    """One subject, played: its columns, what was said of it, and what went wrong."""

    life: Life[Any]
    allowed: frozenset[Move]
    apart: list[tuple[str, str]]
    rng: random.Random
    subject: SimpleNamespace = field(init=False)
    opinions: list[Opinion] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        begun = self.rng.choice(self.life.beginnings)
        names = {name for bar in self._bars() for name in bar.columns}
        names |= {name for step in self.life.steps for name in (*step.signs, *step.clears)}
        names |= {name for pair in self.apart for name in pair}
        signed = {name for step in self.life.steps for name in step.signs}
        somebody = self.rng.choice(PEOPLE[:-1])
        columns = {
            name: None
            if name in signed
            else somebody
            if name in begun.signs
            else self.rng.choice(PEOPLE[:-1])
            for name in sorted(names)
        }
        self.subject = SimpleNamespace(label="演示", state=begun.to, round=0, **columns)

    def _bars(self) -> list[rules.Bar]:
        acts = (*self.life.steps, *self.life.reviews)
        return [bar for act in acts for bar in act.bars]

    def play(self) -> None:
        for _ in range(LENGTH):
            person = self.rng.choice(PEOPLE)
            if self.life.reviews and self.rng.random() < 0.5:
                self._say(person)
            else:
                self._take(person)

    def _take(self, person: int | None) -> None:
        step = self.rng.choice(self.life.steps)
        refused = rules.refusals_for_step(
            self.life, step, self.subject, person_id=person, reason="演示"
        )
        if refused:
            return
        before = self.subject.state
        self._move(step.verb, step.leads_to(before))
        for name in step.clears:
            setattr(self.subject, name, None)
        for name in step.signs:
            setattr(self.subject, name, person)
        self.subject.round += step.opens_round
        self.faults["self-approval"] += any(
            getattr(self.subject, one) == getattr(self.subject, other) is not None
            for one, other in self.apart
        )

    def _say(self, person: int | None) -> None:
        review = self.rng.choice(self.life.reviews)
        parties = review.parties(self.subject)
        party = self.rng.choice(parties).key
        passed = self.rng.random() < 0.8
        refused = review_rules.refusals_for_opinion(
            self.life,
            review,
            self.subject,
            self.opinions,
            party=party,
            speaks_for=[party],
            person_id=person,
            passed=passed,
            text="演示",
        )
        if refused:
            return
        now = [one for one in self.opinions if one.round == self.subject.round]
        self.faults["double seat"] += any(
            one.party == party or one.person_id == person for one in now
        )
        self.faults["self-approval"] += person == self.subject.author_person_id
        self.opinions.append(Opinion(self.subject.round, party, person or 0, passed))
        led = review_rules.outcome_of_review(review, self.subject, self.opinions)
        if led is not None:
            self._move(review.kinds[led][0], led)

    def _move(self, kind: str, state: Labelled) -> None:
        self.faults["illegal state"] += Move(self.subject.state, kind, state) not in self.allowed
        self.subject.state = state
        self.taken[kind] += 1


def without_guards(life: Life[Any]) -> Life[Any]:
    """Return a life as far as its declaration says it without the facts of a database."""
    return replace(
        life,
        steps=tuple(replace(step, guards=(), needless=()) for step in life.steps),
        reviews=tuple(replace(review, guards=()) for review in life.reviews),
    )


def run(
    life: Life[Any], table: sa.Table, *, count: int = HISTORIES, declared: Life[Any] | None = None
) -> tuple[Counter[str], Counter[str]]:
    """Play histories; return what went wrong, and how often each kind of decision was taken.

    ``declared`` is what the life is held against, where that is not itself.
    """
    allowed = rules.moves(declared or life)
    apart = unequal_columns(table)
    faults: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for seed in range(count):
        history = History(without_guards(life), allowed, apart, random.Random(seed))
        history.play()
        faults += history.faults
        taken += history.taken
    return +faults, taken


# ---- what the real verbs have written


def faults_in_database(session: Session, life: Life[Any], model: type[Any]) -> Counter[str]:
    """Count what must never stand in the rows of a life: of decisions, of signatures, of seats."""
    rows = decisions_of(model)
    allowed = rules.moves(life)
    faults: Counter[str] = Counter()
    last: dict[int, Any] = {}
    wanted = sa.select(subject_column(rows), rows.state_before, rows.kind, rows.state_after)
    for subject, before, kind, after in session.execute(wanted.order_by(rows.id)):
        faults["illegal state"] += Move(before, kind, after) not in allowed
        faults["illegal state"] += last.get(subject) != before
        last[subject] = after
    states = session.execute(sa.select(model.id, model.state)).all()
    faults["illegal state"] += sum(last.get(number) != state for number, state in states)
    for one, other in unequal_columns(model.__table__):
        same = sa.select(sa.func.count()).where(getattr(model, one) == getattr(model, other))
        faults["self-approval"] += session.scalar(same) or 0
    if life.reviews:
        faults += _faults_of_opinions(session, model)
    return +faults


def _faults_of_opinions(session: Session, model: type[Any]) -> Counter[str]:
    rows = opinions_of(model)
    of_subject = subject_column(rows)
    found: Counter[str] = Counter()
    for seat in (rows.party, rows.person_id):
        twice = (
            sa.select(of_subject)
            .group_by(of_subject, rows.round, seat)
            .having(sa.func.count() > 1)
            .subquery()
        )
        found["double seat"] += session.scalar(sa.select(sa.func.count()).select_from(twice)) or 0
    author = getattr(model, rows.author)
    own = sa.select(sa.func.count()).select_from(rows).join(model, model.id == of_subject)
    found["self-approval"] += session.scalar(own.where(rows.person_id == author)) or 0
    return found
