"""The codes by which other programs know the parties of pairings."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Pairing


class Codes(NamedTuple):
    county: str
    sending: str
    receiving: str


def codes_of(session: Session, pairings: Collection[str]) -> dict[str, Codes]:
    """Return the codes of the parties of pairings, by the pairings' own codes."""
    sending, receiving = aliased(Organisation), aliased(Organisation)
    rows = session.execute(
        sa.select(Pairing.code, Pairing.county_code, sending.credit_code, receiving.credit_code)
        .join(sending, sending.id == Pairing.sending_organisation_id)
        .join(receiving, receiving.id == Pairing.receiving_organisation_id)
        .where(Pairing.code.in_(pairings))
    )
    return {code: Codes(*codes) for code, *codes in rows}
