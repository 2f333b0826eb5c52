"""What the database proves of a pairing's life, and how the upgrade reads it from the decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from models import Pairing, PairingException
from models.database import Database
from models.types import PairingState, Side
from portal.schema import upgrade_schema
from tests.models.test_pairings import pairing_values, refuses
from tests.support.databases import Press
from tests.support.world import World


@pytest.mark.parametrize(
    ("state", "has_instant", "is_allowed"),
    [
        (PairingState.PROPOSED, False, True),
        (PairingState.PROPOSED, True, False),
        (PairingState.CONFIRMED, True, True),
        (PairingState.CONFIRMED, False, False),
        (PairingState.DECLINED, False, True),
        (PairingState.DECLINED, True, False),
        (PairingState.TERMINATED, True, True),
        (PairingState.TERMINATED, False, True),
    ],
)
def test_a_pairing_is_confirmed_since_an_instant(world: World, state, has_instant, is_allowed):
    confirmed_at = world.clock() if has_instant else None
    values = pairing_values(world, state=state, confirmed_at=confirmed_at)
    if is_allowed:
        world.session.execute(sa.insert(Pairing).values(values))
    else:
        refuses(world, sa.insert(Pairing).values(values), "ck_pairing_confirmed_since_an_instant")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({}, None),
        ({"reason": ""}, "ck_pairing_exception_asked_with_a_reason"),
        ({"decided": "sent2", "is_granted": True}, None),
        ({"decided": "sent2", "is_granted": False, "opinion": "力量不足"}, None),
        ({"decided": "sent2", "is_granted": False}, "ck_pairing_exception_refused_with_a_reason"),
        ({"decided": "sent1", "is_granted": True}, "ck_pairing_exception_decided_by_another"),
        ({"is_granted": True}, "ck_pairing_exception_decision_names_who_and_when"),
    ],
)
def test_an_exception_is_decided_by_another_person(world: World, changes, constraint):
    changes = dict(changes)
    decided = changes.pop("decided", None)
    values = {
        "pairing_id": world.pairing().id,
        "side": Side.SENT,
        "reason": "力量充足",
        "requested_at": world.clock(),
        "requested_by_person_id": world.person("sent1").id,
        "decided_at": world.clock() if decided else None,
        "decided_by_person_id": world.person(decided).id if decided else None,
        **changes,
    }
    statement = sa.insert(PairingException).values(values)
    if constraint is None:
        world.session.execute(statement)
    else:
        refuses(world, statement, constraint)


def test_a_side_is_asked_for_once(world: World):
    values = {
        "pairing_id": world.pairing().id,
        "side": Side.SENT,
        "reason": "力量充足",
        "requested_at": world.clock(),
        "requested_by_person_id": world.person("sent1").id,
    }
    world.session.execute(sa.insert(PairingException).values(values))
    refuses(world, sa.insert(PairingException).values(values), "uq_pairing_exception_side")


# ---- the upgrade

FIRST, SECOND, THIRD = (datetime(2022, 3, day, 9, 30, tzinfo=UTC) for day in (1, 2, 3))
SENT, RECEIVED = "confirmed_by_sending_side", "confirmed_by_receiving_side"


class Former(NamedTuple):
    """A pairing of the former release, and what becomes of it."""

    decisions: dict[str, datetime]
    state_after: str
    confirmed_at: datetime | None
    state: str = "active"
    is_within: bool = False
    has_asked: bool = False


FORMER = {
    "both provinces": Former({SENT: FIRST, RECEIVED: SECOND}, "confirmed", SECOND),
    "both, the receiving first": Former({RECEIVED: FIRST, SENT: THIRD}, "confirmed", THIRD),
    "the sending one only": Former({SENT: FIRST}, "proposed", None),
    "the receiving one only": Former({RECEIVED: FIRST}, "proposed", None),
    "the operator": Former({}, "confirmed", FIRST),
    "within a province": Former(
        {SENT: SECOND, RECEIVED: SECOND}, "confirmed", SECOND, is_within=True
    ),
    "within, one decision": Former({RECEIVED: SECOND}, "confirmed", SECOND, is_within=True),
    "ended": Former({SENT: FIRST, RECEIVED: SECOND}, "terminated", SECOND, "terminated"),
    "ended unconfirmed": Former({SENT: FIRST}, "terminated", None, "terminated"),
    "excepted and confirmed": Former(
        {"excepted": FIRST, SENT: FIRST, RECEIVED: SECOND}, "confirmed", SECOND
    ),
    "excepted, waiting": Former({"excepted": FIRST, SENT: FIRST}, "proposed", None, has_asked=True),
}


@pytest.fixture(scope="module")
def prepared() -> set[int]:
    return set()


@pytest.fixture
def upgraded(press: Press, prepared: set[int]) -> Iterator[Database]:
    if id(press) not in prepared:
        press.prepare("pairings_of_a_former_release", _upgrade)
        prepared.add(id(press))
    with press.opened("pairings_of_a_former_release") as database:
        yield database


def _upgrade(database: Database) -> None:
    upgrade_schema(database, "0002")
    tables = sa.MetaData()
    tables.reflect(database.engine)
    with database.engine.begin() as connection:
        for name, rows in _rows().items():
            connection.execute(sa.insert(tables.tables[name]), rows)
    upgrade_schema(database)


def _rows() -> dict[str, list[dict[str, Any]]]:
    common = {"created_at": FIRST, "version": 1}
    seats = [(2 * number, 2 * number + 1) for number in range(1, len(FORMER) + 1)]
    return {
        "region": [
            {"code": code, "name": f"演示{code}", "level": level, "province_code": province,
             "sort_no": 1, "is_withdrawn": False}
            for code, level, province in (("350000", "province", "350000"),
                                          ("640000", "province", "640000"),
                                          ("640303", "county", "640000"))
        ],
        "person": [{"id": 1, "public_id": "demo", "name": "演示申请人", **common}],
        "organisation": [
            {"id": id_, "credit_code": f"{id_:018}", "name": f"演示机构{id_}", "type": "social_work",
             "region_code": "640303", "province_code": "640000", **common}
            for pair in seats for id_ in pair
        ],
        "pairing": [
            {"id": sending, "code": code, "sending_organisation_id": sending,
             "receiving_organisation_id": receiving,
             "sending_province_code": "640000" if one.is_within else "350000",
             "receiving_province_code": "640000", "county_code": "640303",
             "mode": "in_province" if one.is_within else "cross_province",
             "line": "key_county", "starts_on": date(2022, 1, 1),
             "ends_on": date(2022, 12, 31), "state": one.state, **common}
            for (sending, receiving), (code, one) in zip(seats, FORMER.items(), strict=True)
        ],
        "pairing_year": [
            {"pairing_id": sending, "year": 2022, "sending_organisation_id": sending,
             "receiving_organisation_id": receiving,
             "occupies_sending": "excepted" not in one.decisions, "occupies_receiving": True}
            for (sending, receiving), one in zip(seats, FORMER.values(), strict=True)
        ],
        "pairing_decision": [
            {"pairing_id": sending, "kind": kind, "ends_on_after": date(2022, 12, 31), "at": at,
             "person_id": 1, "reason": "力量充足" if kind == "excepted" else None}
            for (sending, _), one in zip(seats, FORMER.values(), strict=True)
            for kind, at in {"created": FIRST, **one.decisions}.items()
        ],
    }  # fmt: skip


def test_the_upgrade_keeps_what_its_decisions_confirm_and_nothing_else(upgraded: Database):
    with upgraded.reading() as session:
        found = {
            one.code: (one.state.value, one.confirmed_at)
            for one in session.scalars(sa.select(Pairing))
        }
    assert found == {code: (one.state_after, one.confirmed_at) for code, one in FORMER.items()}


def test_an_exception_of_one_officer_that_is_not_in_effect_is_a_request_after_the_upgrade(
    upgraded: Database,
):
    wanted = sa.select(Pairing.code, PairingException.side, PairingException.is_granted)
    with upgraded.reading() as session:
        found = session.execute(wanted.join(Pairing, Pairing.id == PairingException.pairing_id))
        assert found.all() == [
            (code, Side.SENT, None) for code, one in FORMER.items() if one.has_asked
        ]


def test_the_upgrade_keeps_the_foreign_keys_of_the_table_that_it_makes_anew(upgraded: Database):
    with upgraded.writing() as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.delete(Pairing))
