"""Each area of the scope against the same question asked row by row in plain Python.

Every model, every reach, every grant that the world holds: the ids that the composed SQL selects are
those that the sentences of domain and policy say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

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
from models.types import Role, ScopeKind, Side, WorkdayState
from portal.access.actor import Grant
from portal.access.policy import Reach
from portal.access.scope import AREAS
from tests.support.arena import Arena


class Rows:
    """All rows of the world, and what of them lies within a reach."""

    def __init__(self, session: Any) -> None:
        self.pairings = {one.id: one for one in session.scalars(sa.select(Pairing))}
        self.assignments = {one.id: one for one in session.scalars(sa.select(Assignment))}
        self.organisations = {one.id: one for one in session.scalars(sa.select(Organisation))}
        self.allocations = {one.id: one for one in session.scalars(sa.select(FundAllocation))}
        self.holders = dict(session.execute(sa.select(Account.id, Account.person_id)).all())

    def ask(self, reach: Reach, grant: Grant, person_id: int | None) -> None:
        self.reach, self.code, self.own = reach, grant.scope_code, grant.organisation_id
        self.person_id = person_id

    def is_all(self) -> bool:
        return self.reach == Reach.NATION or (self.reach == Reach.PROVINCE and self.code == "CN")

    def is_in_county(self, code: str) -> bool:
        return (
            code.startswith(self.code[:4]) if self.reach == Reach.PREFECTURE else code == self.code
        )

    def pairing(self, one: Any) -> bool:
        match self.reach:
            case Reach.PROVINCE:
                return self.code in ("CN", one.sending_province_code, one.receiving_province_code)
            case Reach.PROVINCE_SENT:
                return bool(one.sending_province_code == self.code)
            case Reach.PREFECTURE | Reach.COUNTY | Reach.COUNTY_RECEIVED:
                return self.is_in_county(one.county_code)
            case Reach.ORGANISATION:
                return self.own in (one.sending_organisation_id, one.receiving_organisation_id)
            case Reach.SELF:
                seats = self.assignments.values()
                return any(a.pairing_id == one.id and a.person_id == self.person_id for a in seats)
        return self.reach == Reach.NATION

    def has_seat(self, one: Any) -> bool:
        match self.reach:
            case Reach.PROVINCE | Reach.PROVINCE_HOME:
                return self.code in ("CN", one.province_code)
            case Reach.PREFECTURE | Reach.COUNTY | Reach.COUNTY_HOME:
                return self.is_in_county(one.region_code)
        return False

    def organisation(self, one: Any) -> bool:
        match self.reach:
            case Reach.PROVINCE | Reach.PREFECTURE | Reach.COUNTY:
                partners = {
                    number
                    for p in self.pairings.values()
                    if self.pairing(p)
                    for number in (p.sending_organisation_id, p.receiving_organisation_id)
                }
                return self.is_all() or self.has_seat(one) or one.id in partners
            case Reach.ORGANISATION | Reach.SELF:
                return bool(one.id == self.own)
        return self.is_all() or self.has_seat(one)

    def region(self, one: Any) -> bool:
        match self.reach:
            case Reach.PROVINCE | Reach.PROVINCE_HOME:
                return self.is_all() or one.province_code == self.code
            case Reach.PREFECTURE | Reach.COUNTY | Reach.COUNTY_HOME:
                return self.is_in_county(one.code)
            case Reach.ORGANISATION:
                seat = self.organisations.get(self.own)
                return seat is not None and one.province_code == seat.province_code
        return self.is_all()

    def person(self, one: Any) -> bool:
        match self.reach:
            case Reach.NATION:
                return one.organisation_id is not None
            case Reach.ORGANISATION:
                return self.own is not None and one.organisation_id == self.own
            case Reach.SELF:
                return bool(one.id == self.person_id)
        employer = self.organisations.get(one.organisation_id)
        is_member = employer is not None and self.has_seat(employer)
        if self.reach in (Reach.PROVINCE_HOME, Reach.COUNTY_HOME):
            return is_member
        return is_member or any(
            a.person_id == one.id and self.pairing(self.pairings[a.pairing_id])
            for a in self.assignments.values()
        )

    def assignment(self, one: Any) -> bool:
        match self.reach:
            case Reach.ORGANISATION:
                return bool(one.organisation_id == self.own)
            case Reach.SELF:
                return bool(one.person_id == self.person_id)
            case Reach.PROVINCE_SENT if one.side != Side.SENT:
                return False
            case Reach.COUNTY_RECEIVED if one.side != Side.RECEIVED:
                return False
        return self.pairing(self.pairings[one.pairing_id])

    def workday(self, one: Any) -> bool:
        match self.reach:
            case Reach.ORGANISATION:
                return bool(self.assignments[one.assignment_id].organisation_id == self.own)
            case Reach.SELF:
                return bool(one.person_id == self.person_id)
            case Reach.PARTNER:
                shared = self.pairings[one.pairing_id]
                sides = (shared.sending_organisation_id, shared.receiving_organisation_id)
                other = self.assignments[one.assignment_id].organisation_id != self.own
                return self.own in sides and other and one.state != WorkdayState.DRAFT
        return self.pairing(self.pairings[one.pairing_id])

    def document(self, one: Any) -> bool:
        return self.assignment(self.assignments[one.assignment_id])

    def money(self, one: Any) -> bool:
        match self.reach:
            case Reach.ORGANISATION:
                return bool(one.organisation_id == self.own)
            case Reach.PROVINCE_HOME | Reach.COUNTY_HOME:
                return self.has_seat(self.organisations[one.organisation_id])
        return self.pairing(self.pairings[one.pairing_id])

    def payment(self, one: Any) -> bool:
        return self.money(self.allocations[one.allocation_id])

    def expenditure(self, one: Any) -> bool:
        if self.reach == Reach.SELF:
            return self.person_id is not None and one.claimed_by_person_id == self.person_id
        return self.money(one)

    def transfer(self, one: Any) -> bool:
        if self.reach == Reach.ORGANISATION:
            return self.own in (one.organisation_id, one.receiving_organisation_id)
        return self.is_all() or self.pairing(self.pairings[one.pairing_id])

    def review(self, one: Any) -> bool:
        match self.reach:
            case Reach.ORGANISATION:
                return bool(one.organisation_id == self.own)
            case Reach.PROVINCE_HOME:
                return self.has_seat(self.organisations[one.organisation_id])
        return self.is_all()

    def award(self, one: Any) -> bool:
        match self.reach:
            case Reach.ORGANISATION:
                return bool(one.organisation_id == self.own)
            case Reach.SELF:
                return bool(one.person_id == self.person_id)
            case Reach.PROVINCE_HOME:
                return self.code in ("CN", one.province_code)
        return self.is_all()

    def job(self, one: Any) -> bool:
        return self.reach == Reach.NATION or self.own_file(one)

    def account(self, _one: Any) -> bool:
        return self.reach == Reach.NATION

    def own_file(self, one: Any) -> bool:
        return self.person_id is not None and self.holders.get(one.account_id) == self.person_id


SAID: dict[type[Any], Callable[[Rows, Any], bool]] = {
    Region: Rows.region,
    Pairing: Rows.pairing,
    Organisation: Rows.organisation,
    Person: Rows.person,
    Assignment: Rows.assignment,
    Workday: Rows.workday,
    FundAllocation: Rows.money,
    Disbursement: Rows.payment,
    FundIncome: Rows.money,
    Expenditure: Rows.expenditure,
    Settlement: Rows.money,
    CertificateAward: Rows.award,
    FundReview: Rows.review,
    FundTransfer: Rows.transfer,
    Account: Rows.account,
    RoleGrant: Rows.account,
    ImportBatch: Rows.own_file,
    IssuedDocument: Rows.document,
    Job: Rows.job,
    SavedView: Rows.own_file,
}


def test_every_area_is_asked() -> None:
    assert SAID.keys() == AREAS.keys()


def grants_of(session: Any) -> list[tuple[Grant, int | None]]:
    """Return one grant for each scope in the world, with the person who holds it."""
    wanted = sa.select(RoleGrant, Account.person_id).join(
        Account, Account.id == RoleGrant.account_id
    )
    found = {
        (grant.scope_kind, grant.scope_code): (
            Grant(grant.role, grant.scope_kind, grant.scope_code, grant.organisation_id),
            person_id,
        )
        for grant, person_id in session.execute(wanted)
    }
    prefecture = Grant(Role.PREF_CIVIL, ScopeKind.PREFECTURE, "640300", None)
    return [*found.values(), (prefecture, None)]


@pytest.mark.parametrize("model", AREAS, ids=lambda model: model.__name__)
def test_the_sql_of_an_area_selects_what_the_sentence_says(arena: Arena, model: type[Any]) -> None:
    key = sa.inspect(model).primary_key[0]
    narrowed = set()
    with arena.database.reading() as session:
        every = {getattr(one, key.name): one for one in session.scalars(sa.select(model))}
        rows = Rows(session)
        for grant, person_id in grants_of(session):
            for reach in Reach:
                rows.ask(reach, grant, person_id)
                said = {number for number, one in every.items() if SAID[model](rows, one)}
                area = AREAS[model](reach, grant, person_id)
                selected = set(session.scalars(sa.select(key).where(area)))
                assert selected == said, (reach, grant)
                narrowed |= {reach} if 0 < len(said) < len(every) else set()
    assert narrowed or model in (Account, RoleGrant)  # which have all or nothing
