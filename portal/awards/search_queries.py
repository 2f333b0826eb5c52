"""Finding awards by the person's name or the certificate's number, and those opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import CertificateAward, Organisation, Person
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import SHOWN, Group, Hit, group_of
from portal.matching import has_every_word, is_part_of_name
from portal.standards.money import format_yuan

One = CertificateAward


def find_awards(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    rows = session.execute(
        _hits()
        .where(
            *has_every_word(
                asked.text,
                lambda word: [
                    is_part_of_name(Person, word),
                    One.certificate_number.startswith(word, autoescape=True),
                ],
            ),
            within(One, actor, "award.read"),
        )
        .order_by(One.id.desc())
        .limit(SHOWN + 1)
    ).all()
    return group_of("证书奖补", rows, _hit, ("awards.list_awards", {"q": asked.text}))


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(_hits().where(One.public_id.in_(keys), within(One, actor, "award.read")))
    for row in rows:
        yield row[0], _hit(row)


def _hits() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            One.public_id,
            Person.name,
            One.level,
            One.amount_fen,
            One.state,
            Organisation.name,
        )
        .join(Person, Person.id == One.person_id)
        .join(Organisation, Organisation.id == One.organisation_id)
    )


def _hit(row: Any) -> Hit:
    key, name, level, fen, state, organisation = row
    label = f"{name} {level.label} {format_yuan(fen)} 元"
    note = f"{organisation} · {state.label}"
    return Hit("证书奖补", label, note, "awards.show_award", {"award_id": key})
