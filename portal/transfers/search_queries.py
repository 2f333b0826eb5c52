"""Finding transfers by voucher, agreement or organisation, and those opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import FundTransfer
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import SHOWN, Group, Hit, group_of
from portal.matching import has_every_word, is_part_of_name
from portal.standards.money import format_yuan
from portal.transfers.queries import Receiver, Sender

One = FundTransfer


def find_transfers(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    rows = session.execute(
        _hits()
        .where(
            *has_every_word(
                asked.text,
                lambda word: [
                    is_part_of_name(Sender, word),
                    is_part_of_name(Receiver, word),
                    One.voucher_number.startswith(word, autoescape=True),
                    One.agreement_number.startswith(word, autoescape=True),
                ],
            ),
            within(One, actor, "fund.read"),
        )
        .order_by(One.id.desc())
        .limit(SHOWN + 1)
    ).all()
    return group_of("转付", rows, _hit, ("transfers.list_transfers", {}))


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(_hits().where(One.public_id.in_(keys), within(One, actor, "fund.read")))
    for row in rows:
        yield row[0], _hit(row)


def _hits() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(One.public_id, Sender.name, Receiver.name, One.year, One.amount_fen, One.state)
        .join(Sender, Sender.id == One.organisation_id)
        .join(Receiver, Receiver.id == One.receiving_organisation_id)
    )


def _hit(row: Any) -> Hit:
    key, sender, receiver, year, fen, state = row
    label = f"{sender}转付{receiver}"
    note = f"{year} 年度 · {format_yuan(fen)} 元 · {state.label}"
    return Hit("转付", label, note, "transfers.show_transfer", {"transfer_id": key})
