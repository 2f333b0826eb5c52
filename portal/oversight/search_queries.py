"""Finding records of review by the organisation or what was found, and those opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import FundReview, Organisation
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import SHOWN, Group, Hit, group_of
from portal.matching import contains, has_every_word, is_part_of_name
from portal.oversight.queries import title_of

One = FundReview


def find_reviews(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    rows = session.execute(
        _hits()
        .where(
            *has_every_word(
                asked.text,
                lambda word: [is_part_of_name(Organisation, word), contains(One.found, word)],
            ),
            within(One, actor, "fund.question"),
        )
        .order_by(One.id.desc())
        .limit(SHOWN + 1)
    ).all()
    return group_of(
        "资金审核记录", rows, _hit, ("oversight.list_fund_questions", {"q": asked.text})
    )


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(
        _hits().where(One.public_id.in_(keys), within(One, actor, "fund.question"))
    )
    for row in rows:
        yield row[0], _hit(row)


def _hits() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(One.public_id, Organisation.name, One.year, One.question, One.state).join(
        Organisation, Organisation.id == One.organisation_id
    )


def _hit(row: Any) -> Hit:
    key, name, year, question, state = row
    what = title_of(question, state)
    return Hit(
        "资金审核记录",
        name,
        f"{year} 年度 · {what} · {state.label}",
        "oversight.show_fund_review",
        {"review_id": key},
    )
