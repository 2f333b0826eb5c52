"""How far a grant reaches, as a condition on each table. Reading and loading both use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    Assignment,
    ImportBatch,
    IssuedDocument,
    Organisation,
    Pairing,
    Person,
    Region,
    SavedView,
    Workday,
)
from models.types import Side
from portal.access.actor import Actor, Grant
from portal.access.policy import Reach

Condition: TypeAlias = sa.ColumnElement[bool]
Area: TypeAlias = Callable[[Reach, Grant, int | None], Condition]

NOTHING: Condition = sa.false()


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


def _pairings(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    code = grant.scope_code
    match reach:
        case Reach.NATION:
            return sa.true()
        case Reach.PROVINCE if code == "CN":
            return sa.true()
        case Reach.PROVINCE:
            return (Pairing.sending_province_code == code) | (
                Pairing.receiving_province_code == code
            )
        case Reach.PROVINCE_SENT:
            return Pairing.sending_province_code == code
        case Reach.PREFECTURE:
            return Pairing.county_code.startswith(code[:4], autoescape=True)
        case Reach.COUNTY | Reach.COUNTY_RECEIVED:
            return Pairing.county_code == code
        case Reach.ORGANISATION:
            return (Pairing.sending_organisation_id == grant.organisation_id) | (
                Pairing.receiving_organisation_id == grant.organisation_id
            )
        case Reach.SELF:
            return Pairing.id.in_(
                sa.select(Assignment.pairing_id).where(Assignment.person_id == person_id)
            )
    return NOTHING


def _organisations(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    if reach in (Reach.PROVINCE_HOME, Reach.COUNTY_HOME):
        return _home_organisations(reach, grant)
    code = grant.scope_code
    paired = (
        sa.select(Pairing.sending_organisation_id)
        .where(_pairings(reach, grant, person_id))
        .union_all(
            sa.select(Pairing.receiving_organisation_id).where(_pairings(reach, grant, person_id))
        )
    )
    match reach:
        case Reach.NATION:
            return sa.true()
        case Reach.PROVINCE if code == "CN":
            return sa.true()
        case Reach.PROVINCE:
            return (Organisation.province_code == code) | Organisation.id.in_(paired)
        case Reach.PREFECTURE:
            return Organisation.region_code.startswith(
                code[:4], autoescape=True
            ) | Organisation.id.in_(paired)
        case Reach.COUNTY:
            return (Organisation.region_code == code) | Organisation.id.in_(paired)
        case Reach.ORGANISATION | Reach.SELF:
            return Organisation.id == grant.organisation_id
    return NOTHING


def _regions(reach: Reach, grant: Grant, person_id: int | None) -> Condition:  # noqa: ARG001 - one signature for all areas
    """Where something new may have its seat; an organisation's is its own province."""
    code = grant.scope_code
    match reach:
        case Reach.NATION:
            return sa.true()
        case Reach.PROVINCE if code == "CN":
            return sa.true()
        case Reach.PROVINCE | Reach.PROVINCE_HOME:
            return Region.province_code == code
        case Reach.PREFECTURE:
            return Region.code.startswith(code[:4], autoescape=True)
        case Reach.COUNTY | Reach.COUNTY_HOME:
            return Region.code == code
        case Reach.ORGANISATION:
            return Region.province_code.in_(
                sa.select(Organisation.province_code).where(
                    Organisation.id == grant.organisation_id
                )
            )
    return NOTHING


def _people(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    match reach:
        case Reach.NATION:
            return Person.organisation_id.is_not(None)
        case Reach.ORGANISATION:
            return Person.organisation_id == grant.organisation_id
        case Reach.SELF:
            return Person.id == person_id
    members = sa.select(Organisation.id).where(_home_organisations(reach, grant))
    if reach in (Reach.PROVINCE_HOME, Reach.COUNTY_HOME):
        return Person.organisation_id.in_(members)
    assigned = (
        sa.select(Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(_pairings(reach, grant, person_id))
    )
    return Person.organisation_id.in_(members) | Person.id.in_(assigned)


def _home_organisations(reach: Reach, grant: Grant) -> Condition:
    """Organisations that have their seat in the scope, whoever their partners are."""
    code = grant.scope_code
    if code == "CN":
        return sa.true()
    match reach:
        case Reach.PROVINCE | Reach.PROVINCE_HOME:
            return Organisation.province_code == code
        case Reach.PREFECTURE:
            return Organisation.region_code.startswith(code[:4], autoescape=True)
        case Reach.COUNTY | Reach.COUNTY_HOME:
            return Organisation.region_code == code
    return NOTHING


def _assignments(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    match reach:
        case Reach.NATION:
            return sa.true()
        case Reach.ORGANISATION:
            return Assignment.organisation_id == grant.organisation_id
        case Reach.SELF:
            return Assignment.person_id == person_id
    inside = Assignment.pairing_id.in_(
        sa.select(Pairing.id).where(_pairings(reach, grant, person_id))
    )
    match reach:
        case Reach.PROVINCE_SENT:
            return inside & (Assignment.side == Side.SENT)
        case Reach.COUNTY_RECEIVED:
            return inside & (Assignment.side == Side.RECEIVED)
    return inside


def _workdays(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    match reach:
        case Reach.NATION:
            return sa.true()
        case Reach.ORGANISATION:
            # The pairing says nothing new, but working days are indexed by it.
            own = Assignment.organisation_id == grant.organisation_id
            return Workday.pairing_id.in_(sa.select(Assignment.pairing_id).where(own)) & (
                Workday.assignment_id.in_(sa.select(Assignment.id).where(own))
            )
        case Reach.SELF:
            own = Assignment.person_id == person_id
            return Workday.pairing_id.in_(sa.select(Assignment.pairing_id).where(own)) & (
                Workday.person_id == person_id
            )
    inside = _pairings(reach, grant, person_id)
    if reach == Reach.PROVINCE:
        # Row by row: a province's days are listed by the index of dates. Looked up by pairing,
        # all of them would be sorted for each page.
        row = sa.select(Pairing.id).where(Pairing.id == Workday.pairing_id, inside)
        return row.correlate(Workday).exists()
    return Workday.pairing_id.in_(sa.select(Pairing.id).where(inside))


def _accounts(reach: Reach, grant: Grant, person_id: int | None) -> Condition:  # noqa: ARG001 - one signature for all areas
    return sa.true() if reach == Reach.NATION else NOTHING


def _imports(reach: Reach, grant: Grant, person_id: int | None) -> Condition:  # noqa: ARG001 - one signature for all areas
    """An import belongs to whoever brought it in, whatever the account."""
    own = sa.select(Account.id).where(Account.person_id == person_id)
    return ImportBatch.account_id.in_(own)


def _views(reach: Reach, grant: Grant, person_id: int | None) -> Condition:  # noqa: ARG001 - one signature for all areas
    """A saved view belongs to whoever saved it; shared, others follow it as a link."""
    return SavedView.account_id.in_(sa.select(Account.id).where(Account.person_id == person_id))


def _documents(reach: Reach, grant: Grant, person_id: int | None) -> Condition:
    """An issued document is seen by whoever sees the assignment that it is about."""
    return IssuedDocument.assignment_id.in_(
        sa.select(Assignment.id).where(_assignments(reach, grant, person_id))
    )


AREAS: dict[type[Any], Area] = {
    Region: _regions,
    Pairing: _pairings,
    Organisation: _organisations,
    Person: _people,
    Assignment: _assignments,
    Workday: _workdays,
    Account: _accounts,
    ImportBatch: _imports,
    IssuedDocument: _documents,
    SavedView: _views,
}
