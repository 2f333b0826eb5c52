"""The life of a grant: who confirms, declines, withdraws and revokes it."""

from __future__ import annotations

import pytest

from models.types import GrantState, Role
from portal.accounts.rules import LIFE, GrantFacts
from portal.procedures.rules import refusals_for_step

HOLDER, PROPOSER, SECOND = 1, 2, 3
PROPOSED, CONFIRMED, DECLINED, REVOKED = GrantState


def refused(verb, state, person, **facts) -> list[str]:
    asked = GrantFacts("演示", state, Role.SEC_ADMIN, HOLDER, PROPOSER, **facts)
    found = refusals_for_step(LIFE, LIFE.step(verb), asked, person_id=person, reason="演示")
    return [one.code for one in found]


@pytest.mark.parametrize("verb", ["confirmed", "declined"])
@pytest.mark.parametrize(
    ("state", "person", "expected"),
    [
        (PROPOSED, SECOND, []),
        (PROPOSED, PROPOSER, ["own_entry"]),
        (PROPOSED, HOLDER, ["own_entry"]),
        (CONFIRMED, SECOND, ["wrong_state"]),
        (DECLINED, SECOND, ["wrong_state"]),
        (REVOKED, SECOND, ["wrong_state"]),
    ],
)
def test_a_grant_is_decided_on_by_somebody_else(verb, state, person, expected):
    assert refused(verb, state, person) == expected


@pytest.mark.parametrize(("verb", "state"), [("withdrawn", PROPOSED), ("revoked", CONFIRMED)])
def test_nobody_ends_twice_or_the_own_grant(verb, state):
    assert refused(verb, state, PROPOSER) == []
    assert refused(verb, state, HOLDER) == ["own_entry"]
    assert refused(verb, DECLINED, SECOND) == ["wrong_state"]
    assert refused(verb, REVOKED, SECOND) == ["wrong_state"]


def test_the_last_administrator_of_a_kind_stays():
    only = frozenset({Role.SEC_ADMIN})
    assert refused("revoked", CONFIRMED, SECOND, only_of=only) == ["last_administrator"]
    other = frozenset({Role.AUDIT_ADMIN})
    assert refused("revoked", CONFIRMED, SECOND, only_of=other) == []
