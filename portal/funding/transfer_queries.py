"""What an organisation passed on to its partner, or was passed on to it, on the page of its money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundTransfer, Organisation
from models.types import FundSource, TransferState

One = FundTransfer
Sender, Receiver = aliased(Organisation), aliased(Organisation)


class PassedLine(NamedTuple):
    """A transfer of an organisation, in fen; ``is_out`` where it is the one that pays."""

    public_id: str
    is_out: bool
    partner: str
    source: FundSource
    amount_fen: int
    state: TransferState

    @property
    def signed_fen(self) -> int:
        """What it adds to the balance, once it is confirmed."""
        if self.state != TransferState.CONFIRMED:
            return 0
        return -self.amount_fen if self.is_out else self.amount_fen


def list_passed(session: Session, organisation_id: int, year: int) -> list[PassedLine]:
    """Return the transfers from and to an organisation in a year, the latest first (one query)."""
    is_out = One.organisation_id == organisation_id
    rows = session.execute(
        sa.select(
            One.public_id,
            sa.case((is_out, 1), else_=0),
            sa.case((is_out, Receiver.name), else_=Sender.name),
            One.source,
            One.amount_fen,
            One.state,
        )
        .join(Sender, Sender.id == One.organisation_id)
        .join(Receiver, Receiver.id == One.receiving_organisation_id)
        .where(
            One.year == year,
            sa.or_(is_out, One.receiving_organisation_id == organisation_id),
        )
        .order_by(One.paid_on.desc(), One.id.desc())
    )
    return [PassedLine(key, bool(out), *rest) for key, out, *rest in rows]


def passed_by_source(lines: Sequence[PassedLine]) -> dict[FundSource, int]:
    """Return what transfers added to the balance, less what they took, by source, in fen."""
    found: dict[FundSource, int] = {}
    for one in lines:
        if one.signed_fen:
            found[one.source] = found.get(one.source, 0) + one.signed_fen
    return found
