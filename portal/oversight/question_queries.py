"""The years of money of which questions are asked: a fixed number of queries, whatever their number."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    FundYearTotal,
    Organisation,
    Region,
)
from portal.access.actor import Actor
from portal.access.scope import within
from portal.ledger.book_queries import is_wholly_seen
from portal.matching import begins_with_code, has_every_word, is_part_of_name
from portal.oversight.money_year_queries import YearsOfMoney
from portal.oversight.question_rules import (
    Doubt,
    limits_of,
    questions_of,
)
from portal.programme.regime_queries import regime_of


class AskedOf(NamedTuple):
    """An organisation of whose year something is asked; ``may_review`` says whether the actor decides."""

    id: int
    name: str
    credit_code: str
    province: str
    may_review: bool


class AskedQuestion(NamedTuple):
    organisation: AskedOf
    question: Doubt


def asks_of(actor: Actor, year: int) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of the organisations whose whole year an actor may ask about."""
    return [
        within(Organisation, actor, "fund.question"),
        is_wholly_seen(actor, Organisation.id, year),
    ]


def named(text: str, province_code: str) -> list[sa.ColumnElement[bool]]:
    """Return what a list asks of an organisation: part of its name or code, its province."""
    found = has_every_word(
        text,
        lambda word: [
            is_part_of_name(Organisation, word),
            begins_with_code(Organisation.credit_code, word),
        ],
    )
    return [*found, Organisation.province_code == province_code] if province_code else found


def list_asked(
    session: Session,
    actor: Actor,
    year: int,
    today: date,
    conditions: list[sa.ColumnElement[bool]],
) -> list[AskedQuestion]:
    """Return the questions of the organisations that meet some conditions, by name (nine queries; one
    where there is no money)."""
    reviews = (
        within(Organisation, actor, "fund.review")
        if actor.holds("fund.review")
        else sa.literal(value=False)
    )
    rows = session.execute(
        sa.select(
            Organisation.id,
            Organisation.name,
            Organisation.credit_code,
            Region.name,
            reviews,
            FundYearTotal.spent_fen,
        )
        .join(Region, Region.code == Organisation.province_code)
        .join(FundYearTotal, FundYearTotal.organisation_id == Organisation.id)
        .where(FundYearTotal.year == year, *conditions)
        .order_by(Region.sort_no, Organisation.name_order, Organisation.id)
    ).all()
    if not rows:
        return []
    limits = limits_of(regime_of(session).policy_of_year(year))
    these = sa.select(Organisation.id).where(*conditions)
    ground = YearsOfMoney(session, year, limits, these)
    return [
        AskedQuestion(AskedOf(*row[:4], may_review=bool(row[4])), question)
        for row in rows
        for question in questions_of(ground.year_of(row[0], row[5]), limits, today)
    ]


def find_question(
    session: Session, actor: Actor, organisation_id: int, year: int, facts: str, today: date
) -> Doubt | None:
    """Return the question of an organisation's year with these facts; None once they have changed."""
    found = list_asked(session, actor, year, today, [Organisation.id == organisation_id])
    return next((one.question for one in found if one.question.facts == facts), None)
