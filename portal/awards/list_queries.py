"""Lists of awards: a page of them, what they come to, what waits, what is on public notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import AwardRule, CertificateAward, Organisation, Person, Region
from models.types import AwardState, CertLevel
from portal.access.actor import Actor
from portal.access.scope import within
from portal.awards.rules import LIFE, AwardFilter
from portal.matching import has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.procedures.queries import find_reached, waits_for

One = CertificateAward
Province = aliased(Region)
DEFAULT_ORDER = "-claimed"


class AwardsAsked(NamedTuple):
    """What the list is asked for; without a state, what was withdrawn or rejected is left out.

    ``on`` is the day on which a notice is over.
    """

    on: date
    state: AwardState | AwardFilter | None = None
    level: CertLevel | None = None
    q: str | None = None


class AwardRow(NamedTuple):
    """An award in a list."""

    id: int
    public_id: str
    version: int
    person_name: str
    organisation_name: str
    province: str
    province_code: str
    level: CertLevel
    certificate_number: str
    certificate_issued_on: date
    amount_fen: int
    state: AwardState
    claimed_at: Any
    publicised_on: date | None
    notice_until: date | None
    paid_on: date | None
    voucher_number: str | None

    @property
    def choice(self) -> str:
        return f"{self.public_id}-{self.version}"

    @property
    def choice_to_decide(self) -> str | None:
        """What is ticked to be verified or put on notice; whatever is past both has none."""
        return self.choice if self.state in (AwardState.CLAIMED, AwardState.VERIFIED) else None

    @property
    def label(self) -> str:
        return f"{self.person_name}（{self.level.label}）"


def _selected() -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        One.id,
        One.public_id,
        One.version,
        Person.name,
        Organisation.name,
        Province.name,
        One.province_code,
        One.level,
        One.certificate_number,
        One.certificate_issued_on,
        One.amount_fen,
        One.state,
        One.created_at,
        One.publicised_on,
        One.notice_until,
        One.paid_on,
        One.voucher_number,
    )
    return _joined(sa.select(*columns))


def _joined(wanted: Any) -> sa.Select[Any]:
    found: sa.Select[Any] = (
        wanted.select_from(One)
        .join(Person, Person.id == One.person_id)
        .join(Organisation, Organisation.id == One.organisation_id)
        .join(Province, Province.code == One.province_code)
    )
    return found


def list_awards(
    session: Session,
    actor: Actor,
    filters: AwardsAsked,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[AwardRow]:
    """Return one page of the awards that an actor may see (two queries)."""
    wanted = _selected().where(*_conditions(actor, filters))
    return read_slice(
        session, wanted, orders_of(sort), cursor=cursor, make=AwardRow._make, size=size
    )


def orders_of(sort: str) -> list[Order]:
    key, descending = sort.lstrip("-"), sort.startswith("-")
    columns = {"claimed": One.created_at, "amount": One.amount_fen, "name": Person.name_order}
    if key not in columns:
        key, descending = "claimed", True
    return [Order(columns[key], descending), Order(One.id, descending)]


def _conditions(actor: Actor, filters: AwardsAsked) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [within(One, actor, "award.read")]
    match filters.state:
        case None:
            found.append(One.state.not_in((AwardState.REJECTED, AwardState.WITHDRAWN)))
        case AwardFilter():
            found.append(is_due(filters.on))
        case state:
            found.append(One.state == state)
    if filters.level:
        found.append(One.level == filters.level)
    if filters.q:
        found += has_every_word(
            filters.q,
            lambda word: [
                is_part_of_name(Person, word),
                is_part_of_name(Organisation, word),
                One.certificate_number.startswith(word, autoescape=True),
            ],
        )
    return found


def is_due(on: Any) -> sa.ColumnElement[bool]:
    """Return the condition of an award whose notice is over."""
    return sa.and_(One.state == AwardState.PUBLICISED, One.notice_until < on)


class AwardSums(NamedTuple):
    """What a list comes to, in fen."""

    number: int
    fen: int
    paid_fen: int


def sums_of(session: Session, actor: Actor, filters: AwardsAsked) -> AwardSums:
    """Add up what a list is asked for (one query)."""
    row = session.execute(
        _joined(
            sa.select(
                sa.func.count(),
                sa.func.sum(One.amount_fen),
                sa.func.sum(sa.case((One.state == AwardState.PAID, One.amount_fen), else_=0)),
            )
        ).where(*_conditions(actor, filters))
    ).one()
    return AwardSums(row[0], int(row[1] or 0), int(row[2] or 0))


def list_due(
    session: Session, actor: Actor, today: date, *, cursor: str | None, size: int = PAGE_SIZE
) -> Slice[AwardRow]:
    """Return one page of what an actor may pay today."""
    condition = waits_for(LIFE, "paid", One, actor)
    wanted = _selected().where(sa.false() if condition is None else condition, is_due(today))
    return read_slice(
        session, wanted, orders_of("name"), cursor=cursor, make=AwardRow._make, size=size
    )


def chosen_awards(session: Session, actor: Actor, keys: Sequence[str]) -> list[CertificateAward]:
    """Return the awards with these public ids on which an actor may decide."""
    ids = session.scalars(sa.select(One.id).where(One.public_id.in_(keys))).all()
    return find_reached(session, One, actor, "award.decide", list(ids))


# ---- public notice


def list_notices(session: Session, actor: Actor, *, most: int = 24) -> list[date]:
    """Return the latest days on which a notice began that an actor may see, latest first."""
    return list(
        session.scalars(
            sa.select(One.publicised_on)
            .where(
                within(One, actor, "award.decide"),
                One.state.in_((AwardState.PUBLICISED, AwardState.PAID)),
            )
            .group_by(One.publicised_on)
            .order_by(One.publicised_on.desc())
            .limit(most)
        )
    )


def rows_of_notice(session: Session, actor: Actor, publicised_on: date) -> list[AwardRow]:
    """Return what was put on notice on a day and still stands, by name."""
    rows = session.execute(
        _selected()
        .where(
            within(One, actor, "award.decide"),
            One.publicised_on == publicised_on,
            One.state.in_((AwardState.PUBLICISED, AwardState.PAID)),
        )
        .order_by(One.level.desc(), Person.name_order, One.id)
    )
    return [AwardRow._make(row) for row in rows]


def documents_of(session: Session, ids: Sequence[int]) -> list[str]:
    """Return what provinces give these awards by, each document once (one query)."""
    rows = session.scalars(
        sa.select(AwardRule.document)
        .where(AwardRule.id.in_(sa.select(One.rule_id).where(One.id.in_(ids))))
        .group_by(AwardRule.document)
        .order_by(sa.func.min(AwardRule.id))
    )
    return list(rows)
