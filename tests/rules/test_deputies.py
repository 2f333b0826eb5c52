"""Who may lend which role to whom, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.types import GrantState, Role
from portal.accounts.deputy_rules import LONGEST_DAYS, Deputy, Lent, refusals_for_deputy

TODAY = date(2022, 11, 21)
HOLDER, OTHER = 1, 2
OWN, FOREIGN = 10, 11
LENT = Lent(Role.SEND_MGR, GrantState.CONFIRMED, HOLDER, OWN, is_lent=False, has_deputy=False)
DEPUTY = Deputy(OTHER, OWN, {Role.SEND_STAFF}, is_enabled=True, is_near=True, holds_it=False)


def refused(
    lent: Lent = LENT,
    deputy: Deputy = DEPUTY,
    *,
    person: int | None = HOLDER,
    starts: date = TODAY,
    ends: date = TODAY + timedelta(6),
) -> list[tuple[str, str]]:
    found = refusals_for_deputy(
        lent, deputy, person_id=person, starts_on=starts, ends_on=ends, today=TODAY
    )
    return [(one.field, one.code) for one in found]


def test_a_manager_lends_the_role_to_a_colleague():
    assert refused() == []
    assert refused(ends=TODAY) == []
    assert refused(ends=TODAY + timedelta(LONGEST_DAYS - 1)) == []


def test_a_county_officer_lends_it_to_the_other_line_of_the_county():
    county = LENT._replace(role=Role.COUNTY_CIVIL, organisation_id=None)
    assert refused(county, DEPUTY._replace(organisation_id=None, roles={Role.COUNTY_RURAL})) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"person_id": OTHER}, ("", "own_entry")),
        ({"is_lent": True}, ("", "own_entry")),
        ({"state": GrantState.REVOKED}, ("", "own_entry")),
        ({"is_enabled": False}, ("", "own_entry")),
        ({"role": Role.PROV_CIVIL}, ("", "wrong_role")),
        ({"role": Role.SEND_STAFF}, ("", "wrong_role")),
        ({"has_deputy": True}, ("", "duplicate")),
    ],
)
def test_refuses_a_role_that_cannot_be_lent(change, expected):
    assert expected in refused(LENT._replace(**change), DEPUTY._replace(person_id=3))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"person_id": HOLDER}, "own_entry"),
        ({"is_enabled": False}, "wrong_state"),
        ({"is_near": False}, "out_of_scope"),
        ({"holds_it": True}, "duplicate"),
        ({"roles": {Role.AUDIT_ADMIN}}, "separation_of_duties"),
        ({"organisation_id": FOREIGN}, "other_organisation"),
    ],
)
def test_refuses_somebody_who_cannot_stand_in(change, code):
    assert refused(deputy=DEPUTY._replace(**change)) == [("deputy", code)]


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [(-1, 3, "starts_on"), (2, 1, "ends_on"), (0, LONGEST_DAYS, "ends_on")],
)
def test_refuses_dates_that_are_over_turned_round_or_too_long(starts, ends, field):
    found = refused(starts=TODAY + timedelta(starts), ends=TODAY + timedelta(ends))
    assert found == [(field, "invalid_value")]
