"""An installation of the former release is upgraded: nothing is lost, and what it says is true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    Organisation,
    Pairing,
    PairingException,
    Person,
    RoleGrant,
    RoleGrantDecision,
    Workday,
)
from models.database import Database
from models.types import GrantState, PairingState, Side
from portal.checks import verify
from portal.commands import bring_up_to_date
from portal.rooms import HOUSE
from portal.standards.names import key_of, sound_of, stored_name
from portal.summaries.queries import summary_of
from tests.support.clock import Clock
from tests.support.databases import Press
from tests.support.former_release import fill_former_release

CLOCK = Clock(date(2022, 11, 21))
CASES = ("both", "sending_only", "receiving_only", "operator", "in_province", "terminated")
"""What became of the pairing with a number, in turn (tests/files/make_former_release.py)."""

PREPARED: set[int] = set()


def install(database: Database) -> None:
    """Lay the former release, then do what ``flask init`` does."""
    fill_former_release(database)
    bring_up_to_date(database, CLOCK())


@pytest.fixture
def upgraded(press: Press) -> Iterator[Session]:
    if id(press) not in PREPARED:
        press.prepare("former_release", install)
        PREPARED.add(id(press))
    with press.opened("former_release") as database, database.open() as session:
        yield session


def test_every_check_of_the_books_passes(upgraded: Session):
    assert upgraded.scalar(sa.select(sa.func.count()).select_from(Pairing)) == 308
    assert [str(outcome.fault) for outcome in verify(upgraded, HOUSE.checks) if outcome.fault] == []


STATE_AFTER = {
    # What the former release called active is what its decisions say.
    "both": PairingState.CONFIRMED,
    "in_province": PairingState.CONFIRMED,
    "operator": PairingState.CONFIRMED,
    "sending_only": PairingState.PROPOSED,
    "receiving_only": PairingState.PROPOSED,
    "second": PairingState.PROPOSED,
    "terminated": PairingState.TERMINATED,
}


def test_a_pairing_stands_as_its_decisions_say(upgraded: Session):
    rows = upgraded.execute(
        sa.select(Pairing.code, Pairing.state, Pairing.confirmed_at).where(
            Pairing.code.startswith("F")
        )
    ).all()
    assert len(rows) == 305
    for code, state, confirmed_at in rows:
        assert state == STATE_AFTER[code.partition("-")[2]], code
        assert (confirmed_at is None) == (state == PairingState.PROPOSED), code


def test_a_second_partner_given_by_one_officer_is_a_request_again(upgraded: Session):
    asked = upgraded.execute(
        sa.select(Pairing.code, PairingException.side, PairingException.is_granted).join(
            Pairing, Pairing.id == PairingException.pairing_id
        )
    ).all()
    assert sorted(asked) == [(f"F{n:03}-second", Side.SENT, None) for n in range(0, 300, 60)]


def test_a_grant_of_the_operator_holds_and_says_who_holds_it(upgraded: Session):
    held = sa.select(
        RoleGrant.state, RoleGrant.person_id, Account.person_id, RoleGrantDecision.kind
    )
    rows = upgraded.execute(
        held.join(Account, Account.id == RoleGrant.account_id).join(
            RoleGrantDecision, RoleGrantDecision.role_grant_id == RoleGrant.id
        )
    ).all()
    assert len(rows) == 23
    for state, person_id, holder_id, kind in rows:
        assert (state, person_id, kind) == (GrantState.CONFIRMED, holder_id, "granted")


def test_days_count_where_the_pairing_is_confirmed_and_nowhere_else(upgraded: Session):
    """Of the six days that each person logged on 2022-03-07 and after, 4, 5 and 6 were approved."""
    found = {line.code: line for line in summary_of(upgraded, 2022, now=CLOCK()).pairings}
    for n in range(0, 300, 10):
        case = CASES[n % len(CASES)]
        line = found[f"F{n:03}-{case}"]
        qualifies = n % 40 != 0  # those had a certificate without number and date
        counts = STATE_AFTER[case] == PairingState.CONFIRMED
        assert line.received_centidays == (250 if counts else 0), line.code
        assert line.sent_centidays == (250 if counts and qualifies else 0), line.code


def test_names_are_stored_as_they_are_read_and_found_by_sound(upgraded: Session):
    assert upgraded.scalar(sa.select(sa.func.count()).select_from(Workday)) == 360
    names = list(upgraded.scalars(sa.select(Person.name).order_by(Person.id)))
    for name in names:
        assert name == stored_name(name)
    assert "演示张伟" in names
    assert not [name for name in names if "\u200b" in name or "\u3000" in name]
    for model in (Person, Organisation):
        for row in upgraded.scalars(sa.select(model)):
            sound = sound_of(row.name, of_person=model.IS_PERSON)
            assert (row.name_key, row.name_sound) == (key_of(row.name), sound)
