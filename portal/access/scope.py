"""How far a grant reaches, as a condition on each table. Reading and loading both use it.

``AREAS`` is the table: one line an aggregate, composed of what its rows belong to. A new one whose rows
hang on a pairing is ``File: through(File.pairing_id, Pairing)``. SQL of its own has only what was
measured.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import (
    Account,
    Assignment,
    CertificateAward,
    Disbursement,
    Expenditure,
    FundAllocation,
    FundIncome,
    FundReview,
    FundTransfer,
    ImportBatch,
    IssuedDocument,
    Job,
    Organisation,
    Pairing,
    Person,
    Region,
    RoleGrant,
    SavedView,
    Settlement,
    Workday,
)
from models.types import RegionLevel, Side, WorkdayState
from portal.access.actor import Actor, Grant
from portal.access.policy import Reach

Condition: TypeAlias = sa.ColumnElement[bool]
Area: TypeAlias = Callable[[Reach, Grant, int | None], Condition]
"""The condition of a reach, a grant and the actor's person."""
Part: TypeAlias = Callable[[Reach, Grant, int | None], Condition | None]
"""The same, or None of a reach that it says nothing of."""
Column: TypeAlias = sa.ColumnElement[Any] | InstrumentedAttribute[Any]

NOTHING: Condition = sa.false()

MOST_BUILT = 128
"""Of so many who came last, what was built of their grants is kept in each process."""

T = TypeVar("T")

_BUILT: list[dict[Hashable, Any]] = []


def forget_built() -> None:
    """Forget what :func:`built_once` keeps: whoever changes the policy table must, as its tests do."""
    for kept in _BUILT:
        kept.clear()


def built_once(build: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function builds of an actor's person and grants, and of what else it is given.

    For the statements of every page: building one costs more than asking it.
    """
    kept: dict[Hashable, T] = {}
    _BUILT.append(kept)

    @functools.wraps(build)
    def find(actor: Actor, *others: Hashable) -> T:
        key = (actor.account_id, actor.person_id, actor.is_operator, actor.grants, others)
        try:
            return kept[key]
        except KeyError:
            if len(kept) >= MOST_BUILT:
                kept.clear()
            return kept.setdefault(key, build(actor, *others))

    return find


def within(model: type[Any], actor: Actor, permission: str) -> Condition:
    """Return the condition under which rows of a model are within the actor's permission."""
    if actor.is_operator:
        return sa.true()
    area = AREAS[model]
    parts = [area(reach, grant, actor.person_id) for reach, grant in actor.reaches(permission)]
    return sa.or_(NOTHING, *parts)


def reaches(session: Session, actor: Actor, permission: str, thing: Any) -> bool:
    """Does a permission of the actor reach this object? What a page asks before it offers a deed."""
    model = type(thing)
    reached = sa.exists().where(model.id == thing.id, within(model, actor, permission))
    return bool(session.scalar(sa.select(reached)))


def province_reached(session: Session, actor: Actor, permission: str) -> str | None:
    """Return the province that a permission of the actor reaches, of several the first by its code."""
    wanted = sa.select(sa.func.min(Region.code)).where(
        Region.level == RegionLevel.PROVINCE,
        sa.not_(Region.is_withdrawn),
        within(Region, actor, permission),
    )
    return session.scalar(wanted)


# ---- what a table of areas is composed of --------------------------------------------------------


def area(*parts: Part) -> Area:
    """Return the area of which each reach is said by the first part that knows it; else nothing."""

    def condition(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
        found = (part(reach, grant, person_id) for part in parts)
        return next((one for one in found if one is not None), NOTHING)

    return condition


def only(reaches: Collection[Reach], inner: Area) -> Part:
    """Keep an area to some reaches."""

    def part(reach: Reach, grant: Grant, person_id: int | None) -> Condition | None:
        return inner(reach, grant, person_id) if reach in reaches else None

    return part


def either(one: Area, other: Area) -> Area:
    return lambda *asked: one(*asked) | other(*asked)


def through(column: Column, model: type[Any], inner: Area | None = None) -> Area:
    """Rows belong to rows of another model, by its key: they are reached with it."""

    def condition(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
        reached = (inner or AREAS[model])(reach, grant, person_id)
        return column.in_(sa.select(model.id).where(reached))

    return condition


def everywhere(reach: Reach, grant: Grant, _person_id: int | None) -> Condition | None:
    """The nation has all; so has a province's permission that was granted over ``CN``."""
    if reach == Reach.NATION or (reach == Reach.PROVINCE and grant.scope_code == "CN"):
        return sa.true()
    return None


def of_provinces(*columns: Column, reaches: Collection[Reach] = (Reach.PROVINCE,)) -> Part:
    """Rows name their province, or several."""
    return only(reaches, lambda _, grant, __: sa.or_(*(c == grant.scope_code for c in columns)))


def of_county(column: Column, reaches: Collection[Reach] = (Reach.COUNTY,)) -> Part:
    """Rows name a region, to which a county's permission reaches, and that of its prefecture."""

    def part(reach: Reach, grant: Grant, _person_id: int | None) -> Condition | None:
        if reach == Reach.PREFECTURE:
            return column.startswith(grant.scope_code[:4], autoescape=True)
        return column == grant.scope_code if reach in reaches else None

    return part


def of_organisation(*columns: Column, reaches: Collection[Reach] = (Reach.ORGANISATION,)) -> Part:
    """Rows name their organisation, or one a side; a grant of none reaches none."""

    def own(_reach: Reach, grant: Grant, _person_id: int | None) -> Condition:
        if grant.organisation_id is None:
            return NOTHING
        return sa.or_(*(column == grant.organisation_id for column in columns))

    return only(reaches, own)


def of_person(column: Column) -> Part:
    """Rows name the person whose they are."""
    return only((Reach.SELF,), lambda _, __, person_id: column == person_id)


def of_account(column: Column) -> Area:
    """Rows name the account that brought them in: whatever the reach, one's own, of all accounts."""
    return lambda _, __, person_id: column.in_(
        sa.select(Account.id).where(Account.person_id == person_id)
    )


# ---- the table -----------------------------------------------------------------------------------


def _assigned_pairings(_reach: Reach, _grant: Grant, person_id: int | None) -> Condition:
    return Pairing.id.in_(sa.select(Assignment.pairing_id).where(Assignment.person_id == person_id))


PAIRINGS = area(
    everywhere,
    of_provinces(Pairing.sending_province_code, Pairing.receiving_province_code),
    of_provinces(Pairing.sending_province_code, reaches=(Reach.PROVINCE_SENT,)),
    of_county(Pairing.county_code, (Reach.COUNTY, Reach.COUNTY_RECEIVED)),
    of_organisation(Pairing.sending_organisation_id, Pairing.receiving_organisation_id),
    only((Reach.SELF,), _assigned_pairings),
)


def _whole_nation(reach: Reach, grant: Grant, _person_id: int | None) -> Condition | None:
    is_whole = reach in (Reach.PROVINCE, Reach.PROVINCE_HOME) and grant.scope_code == "CN"
    return sa.true() if is_whole else None


AT_HOME = (Reach.PROVINCE_HOME, Reach.COUNTY_HOME)
SEATS = area(
    _whole_nation,
    of_provinces(Organisation.province_code, reaches=(Reach.PROVINCE, Reach.PROVINCE_HOME)),
    of_county(Organisation.region_code, (Reach.COUNTY, Reach.COUNTY_HOME)),
)
"""Organisations that have their seat in the scope, whoever their partners are."""


def _partners(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    inside = PAIRINGS(reach, grant, person_id)
    sending = sa.select(Pairing.sending_organisation_id).where(inside)
    receiving = sa.select(Pairing.receiving_organisation_id).where(inside)
    return Organisation.id.in_(sending.union_all(receiving))


def _seat_of_the_own_organisation(_reach: Reach, grant: Grant, _person_id: int | None) -> Condition:
    own = sa.select(Organisation.province_code).where(Organisation.id == grant.organisation_id)
    return Region.province_code.in_(own)


def _of_some_organisation(_reach: Reach, _grant: Grant, _person_id: int | None) -> Condition:
    return Person.organisation_id.is_not(None)


def _assigned_people(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    return Person.id.in_(
        sa.select(Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(PAIRINGS(reach, grant, person_id))
    )


def _on_the_side(side: Side) -> Area:
    inside = through(Assignment.pairing_id, Pairing)
    return lambda *asked: inside(*asked) & (Assignment.side == side)


def _days_of_organisation(_reach: Reach, grant: Grant, _person_id: int | None) -> Condition:
    # Measured: the pairing says nothing new, but working days are indexed by it.
    own = Assignment.organisation_id == grant.organisation_id
    return Workday.pairing_id.in_(sa.select(Assignment.pairing_id).where(own)) & (
        Workday.assignment_id.in_(sa.select(Assignment.id).where(own))
    )


def _days_of_partner(_reach: Reach, grant: Grant, _person_id: int | None) -> Condition:
    """What the other organisation's people have handed in, in the pairings of one's own."""
    own = grant.organisation_id
    shared = sa.select(Pairing.id).where(
        sa.or_(Pairing.sending_organisation_id == own, Pairing.receiving_organisation_id == own)
    )
    others = sa.select(Assignment.id).where(
        Assignment.pairing_id.in_(shared), Assignment.organisation_id != own
    )
    return (
        Workday.pairing_id.in_(shared)
        & Workday.assignment_id.in_(others)
        & (Workday.state != WorkdayState.DRAFT)
    )


def _days_of_person(_reach: Reach, _grant: Grant, person_id: int | None) -> Condition:
    own = Assignment.person_id == person_id
    return Workday.pairing_id.in_(sa.select(Assignment.pairing_id).where(own)) & (
        Workday.person_id == person_id
    )


def _days_of_province(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    # Measured: row by row, a province's days are listed by the index of dates. Looked up by
    # pairing, all of them would be sorted for each page.
    inside = PAIRINGS(reach, grant, person_id)
    row = sa.select(Pairing.id).where(Pairing.id == Workday.pairing_id, inside)
    return row.correlate(Workday).exists()


def _everything(_reach: Reach, _grant: Grant, _person_id: int | None) -> Condition:
    return sa.true()


NATION = only((Reach.NATION,), _everything)


def _money(model: Any, *parts: Part) -> Area:
    """Money belongs to an organisation, and is given and spent for a pairing."""
    return area(
        everywhere,
        of_organisation(model.organisation_id),
        *parts,
        only(AT_HOME, through(model.organisation_id, Organisation, SEATS)),
        through(model.pairing_id, Pairing),
    )


AREAS: dict[type[Any], Area] = {
    # Where something new may have its seat; an organisation's is its own province.
    Region: area(
        everywhere,
        of_provinces(Region.province_code, reaches=(Reach.PROVINCE, Reach.PROVINCE_HOME)),
        of_county(Region.code, (Reach.COUNTY, Reach.COUNTY_HOME)),
        only((Reach.ORGANISATION,), _seat_of_the_own_organisation),
    ),
    Pairing: PAIRINGS,
    Organisation: area(
        everywhere,
        only(AT_HOME, SEATS),
        of_organisation(Organisation.id, reaches=(Reach.ORGANISATION, Reach.SELF)),
        only((Reach.PROVINCE, Reach.PREFECTURE, Reach.COUNTY), either(SEATS, _partners)),
    ),
    Person: area(
        only((Reach.NATION,), _of_some_organisation),
        of_organisation(Person.organisation_id),
        of_person(Person.id),
        only(AT_HOME, through(Person.organisation_id, Organisation, SEATS)),
        either(through(Person.organisation_id, Organisation, SEATS), _assigned_people),
    ),
    Assignment: area(
        NATION,
        of_organisation(Assignment.organisation_id),
        of_person(Assignment.person_id),
        only((Reach.PROVINCE_SENT,), _on_the_side(Side.SENT)),
        only((Reach.COUNTY_RECEIVED,), _on_the_side(Side.RECEIVED)),
        through(Assignment.pairing_id, Pairing),
    ),
    Workday: area(
        NATION,
        only((Reach.ORGANISATION,), _days_of_organisation),
        only((Reach.PARTNER,), _days_of_partner),
        only((Reach.SELF,), _days_of_person),
        only((Reach.PROVINCE,), _days_of_province),
        through(Workday.pairing_id, Pairing),
    ),
    FundAllocation: _money(FundAllocation),
    Disbursement: through(Disbursement.allocation_id, FundAllocation),
    FundIncome: _money(FundIncome),
    FundTransfer: area(
        everywhere,
        of_organisation(FundTransfer.organisation_id, FundTransfer.receiving_organisation_id),
        through(FundTransfer.pairing_id, Pairing),
    ),
    Expenditure: _money(Expenditure, of_person(Expenditure.claimed_by_person_id)),
    Settlement: _money(Settlement),
    # Between an organisation and the province of its seat; partners have no part in it.
    FundReview: area(
        everywhere,
        of_organisation(FundReview.organisation_id),
        only((Reach.PROVINCE_HOME,), through(FundReview.organisation_id, Organisation, SEATS)),
    ),
    CertificateAward: area(
        NATION,
        of_organisation(CertificateAward.organisation_id),
        of_person(CertificateAward.person_id),
        _whole_nation,
        of_provinces(CertificateAward.province_code, reaches=(Reach.PROVINCE_HOME,)),
    ),
    # An issued document is seen by whoever sees the assignment that it is about.
    IssuedDocument: through(IssuedDocument.assignment_id, Assignment),
    Account: area(NATION),
    RoleGrant: area(NATION),
    ImportBatch: of_account(ImportBatch.account_id),
    # A background job belongs to whoever asked for it; the nation's administrators see all.
    Job: area(NATION, of_account(Job.account_id)),
    # A saved view belongs to whoever saved it; shared, others follow it as a link.
    SavedView: of_account(SavedView.account_id),
}
