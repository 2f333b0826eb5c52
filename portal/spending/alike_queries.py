"""Expenditures that look like another one: the same voucher, the same amount, day and payee, the same days paid.

It is a question, whatever organisation the other belongs to; whoever asks is told of the other no more
than the own scope shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Expenditure,
    ExpenditureDecision,
    ExpenditureFile,
    ExpenditureWorkday,
    Organisation,
)
from models.types import ExpenditureState, ExpenseCategory
from portal.access.actor import Actor
from portal.access.scope import within
from portal.procedures.queries import BATCH
from portal.spending.rules import STANDING

Rows: TypeAlias = sa.Select[*tuple[Any, ...]]


class Likeness(Enum):
    """In what two expenditures are alike."""

    VOUCHER = "同一份票据"
    AMOUNT = "金额、日期和收款人相同"
    DAY = "同一天的工资津贴"


class AlikePair(NamedTuple):
    """An expenditure and another one that looks like it, since when."""

    one_id: int
    other_id: int
    likeness: Likeness
    since: datetime


def pairs_of(session: Session, ids: Collection[int]) -> list[AlikePair]:
    """Return what looks like these expenditures: three queries for each 400."""
    found: list[AlikePair] = []
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        for likeness, wanted in (
            (Likeness.VOUCHER, _same_voucher(some)),
            (Likeness.AMOUNT, _same_amount(some)),
            (Likeness.DAY, _same_day(some)),
        ):
            found += [
                AlikePair(row[0], row[1], likeness, row[2]) for row in session.execute(wanted).all()
            ]
    return found


def _same_voucher(some: Sequence[int]) -> Rows:
    mine, other_file, other = (
        aliased(ExpenditureFile),
        aliased(ExpenditureFile),
        aliased(Expenditure),
    )
    return (
        sa.select(mine.expenditure_id, other.id, mine.added_at)
        .join(other_file, other_file.stored_file_id == mine.stored_file_id)
        .join(other, other.id == other_file.expenditure_id)
        .where(
            mine.expenditure_id.in_(some),
            other.id != mine.expenditure_id,
            other.state.in_(STANDING),
        )
    )


def _same_amount(some: Sequence[int]) -> Rows:
    mine, other = aliased(Expenditure), aliased(Expenditure)
    return (
        sa.select(mine.id, other.id, other.created_at)
        .join(
            other,
            sa.and_(
                other.amount_fen == mine.amount_fen,
                other.spent_on == mine.spent_on,
                other.payee == mine.payee,
                other.id != mine.id,
            ),
        )
        .where(mine.id.in_(some), mine.payee != "", other.state.in_(STANDING))
    )


def _same_day(some: Sequence[int]) -> Rows:
    mine, other_day, other = (
        aliased(ExpenditureWorkday),
        aliased(ExpenditureWorkday),
        aliased(Expenditure),
    )
    paid = aliased(Expenditure)
    return (
        sa.select(paid.id, other.id, other.created_at)
        .select_from(mine)
        .join(paid, paid.id == mine.expenditure_id)
        .join(other_day, other_day.workday_id == mine.workday_id)
        .join(other, other.id == other_day.expenditure_id)
        .where(
            paid.id.in_(some),
            paid.category == ExpenseCategory.WAGES,
            other.category == ExpenseCategory.WAGES,
            other.id != paid.id,
            other.state.in_(STANDING),
        )
        .distinct()
    )


def answered_at(session: Session, ids: Collection[int]) -> dict[int, datetime]:
    """Return when the question was answered last, of those whose answer stands."""
    found: dict[int, datetime] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(ExpenditureDecision.expenditure_id, sa.func.max(ExpenditureDecision.at))
            .join(Expenditure, Expenditure.id == ExpenditureDecision.expenditure_id)
            .where(
                Expenditure.id.in_(ordered[start : start + BATCH]),
                Expenditure.answer.is_not(None),
                ExpenditureDecision.kind == "answered",
            )
            .group_by(ExpenditureDecision.expenditure_id)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def count_open_questions(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Return how many others each of these looks like that its answer does not speak of."""
    pairs = pairs_of(session, ids)
    if not pairs:
        return {}
    answers = answered_at(session, {one.one_id for one in pairs})
    found: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair.one_id not in answers or answers[pair.one_id] < pair.since:
            found[pair.one_id].add(pair.other_id)
    return {one: len(others) for one, others in found.items()}


class AlikeRow(NamedTuple):
    """Another expenditure as a reader may see it: outside of the own scope only that there is one."""

    words: str
    public_id: str | None
    organisation_name: str | None
    state: ExpenditureState | None


def list_alike(session: Session, actor: Actor, expenditure: Expenditure) -> list[AlikeRow]:
    """Return what looks like an expenditure, each other once, with all in which they are alike."""
    likenesses: dict[int, list[str]] = defaultdict(list)
    for pair in pairs_of(session, [expenditure.id]):
        if pair.likeness.value not in likenesses[pair.other_id]:
            likenesses[pair.other_id].append(pair.likeness.value)
    if not likenesses:
        return []
    rows = session.execute(
        sa.select(Expenditure.id, Expenditure.public_id, Organisation.name, Expenditure.state)
        .join(Organisation, Organisation.id == Expenditure.organisation_id)
        .where(
            Expenditure.id.in_(sorted(likenesses)[:BATCH]),
            within(Expenditure, actor, "spending.read"),
        )
    )
    seen = {row[0]: row[1:] for row in rows}
    return [
        AlikeRow("、".join(words), *seen.get(number, (None, None, None)))
        for number, words in sorted(likenesses.items())
    ]
