"""What a single row of pairings and assignments can prove, the database proves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from models import Assignment, Pairing, PairingYear
from models.database import Database
from models.types import AssignmentState, Line, Mode, PairingState, Side
from tests.support.world import World


def refuses(world: World, statement: sa.Insert | sa.Update, constraint: str) -> None:
    """Run a statement past all rules; the named constraint must refuse it."""
    with pytest.raises(sa.exc.IntegrityError) as refused:
        world.session.execute(statement)
    world.session.rollback()
    if world.session.get_bind().dialect.name == "postgresql":
        assert refused.value.orig.diag.constraint_name == constraint
    elif constraint.startswith("ck_"):
        assert constraint in str(refused.value.orig)
    else:
        assert "UNIQUE constraint failed" in str(refused.value.orig)


def pairing_values(world: World, **values: Any) -> dict[str, Any]:
    sending, receiving = world.organisation("sending2"), world.organisation("receiving")
    return {
        "code": "X1",
        "sending_organisation_id": sending.id,
        "receiving_organisation_id": receiving.id,
        "sending_province_code": "350000",
        "receiving_province_code": "640000",
        "county_code": "640303",
        "mode": Mode.CROSS_PROVINCE,
        "line": Line.KEY_COUNTY,
        "starts_on": date(2022, 1, 1),
        "ends_on": date(2022, 12, 31),
        "state": PairingState.CONFIRMED,
        "confirmed_at": world.clock(),
        "created_at": world.clock(),
        "version": 1,
        **values,
    }


def test_a_pairing_can_be_stored(world: World):
    world.session.execute(sa.insert(Pairing).values(pairing_values(world)))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"code": "P1"}, "uq_pairing_code"),
        ({"ends_on": date(2021, 12, 31)}, "ck_pairing_ends_after_start"),
        ({"mode": Mode.IN_PROVINCE}, "ck_pairing_mode_follows_from_the_provinces"),
        (
            {"receiving_province_code": "350000"},
            "ck_pairing_mode_follows_from_the_provinces",
        ),
        ({"agreement_number": "1号"}, "ck_pairing_agreement_number_with_its_date"),
        (
            {"agreement_signed_on": date(2022, 1, 1)},
            "ck_pairing_agreement_number_with_its_date",
        ),
    ],
)
def test_refuses_a_pairing(world: World, values, constraint):
    refuses(world, sa.insert(Pairing).values(pairing_values(world, **values)), constraint)


def test_refuses_a_pairing_of_an_organisation_with_itself(world: World):
    own = world.organisation("sending2").id
    values = pairing_values(world, receiving_organisation_id=own)
    refuses(world, sa.insert(Pairing).values(values), "ck_pairing_two_organisations")


# ---- one partner a side and year, R013 and B14


def second_year(world: World, **values: Any) -> sa.Insert:
    """Let the new pairing X1 stand in a year beside P1 (receiving) and P2 (sending)."""
    pairing = Pairing(**pairing_values(world))
    world.session.add(pairing)
    world.session.flush()
    return sa.insert(PairingYear).values(
        {
            "pairing_id": pairing.id,
            "year": 2022,
            "sending_organisation_id": pairing.sending_organisation_id,
            "receiving_organisation_id": pairing.receiving_organisation_id,
            "occupies_sending": False,
            "occupies_receiving": False,
            **values,
        }
    )


@pytest.mark.parametrize("side", ["sending", "receiving"])
def test_refuses_a_second_partner_in_the_same_year(world: World, side):
    refuses(
        world,
        second_year(world, **{f"occupies_{side}": True}),
        f"uq_pairing_year_one_partner_of_the_{side}_side",
    )


def test_lets_a_second_partner_stand_that_takes_no_place(world: World):
    world.session.execute(second_year(world))


def test_lets_a_partner_stand_in_another_year(world: World):
    world.session.execute(second_year(world, year=2030, occupies_sending=True))


def test_refuses_to_take_a_place_later(world: World):
    world.session.execute(second_year(world))
    taken = world.session.scalars(sa.select(Pairing.id).where(Pairing.code == "X1")).one()
    statement = sa.update(PairingYear).where(PairingYear.pairing_id == taken)
    refuses(
        world,
        statement.values(occupies_receiving=True),
        "uq_pairing_year_one_partner_of_the_receiving_side",
    )


def test_of_two_parallel_transactions_one_takes_the_place(world_database: Database, clock):
    """Both looked before either wrote: the second waits for the first, and then is refused."""
    with world_database.open() as reading:
        year = 2035
        ids = {
            code: (id_, sending, receiving)
            for id_, code, sending, receiving in reading.execute(
                sa.select(
                    Pairing.id,
                    Pairing.code,
                    Pairing.sending_organisation_id,
                    Pairing.receiving_organisation_id,
                )
            )
        }
        free = sa.select(sa.func.count()).where(PairingYear.year == year)
        assert reading.scalar(free) == 0

    def row(code: str) -> PairingYear:
        return PairingYear(
            pairing_id=ids[code][0],
            year=year,
            sending_organisation_id=ids["P1"][1],
            receiving_organisation_id=ids[code][2],
        )

    refusals = in_parallel(world_database, lambda: row("P1"), lambda: row("P2"))
    assert len(refusals) == 1
    assert "sending" in str(refusals[0].orig)
    with world_database.open(read_only=True) as reading:
        assert reading.scalar(free) == 1


def in_parallel(
    database: Database, first: Callable[[], Any], second: Callable[[], Any]
) -> list[sa.exc.IntegrityError]:
    """Write one row, begin to write the other before the first is committed; return refusals."""
    refusals: list[sa.exc.IntegrityError] = []
    begun = threading.Event()

    def write_second() -> None:
        with database.open() as session:
            session.add(second())
            begun.set()
            try:
                session.commit()
            except sa.exc.IntegrityError as refused:
                refusals.append(refused)

    with database.open() as session:
        session.add(first())
        session.flush()
        thread = threading.Thread(target=write_second)
        thread.start()
        begun.wait()
        session.commit()
    thread.join()
    return refusals


# ---- assignments


def assignment_values(world: World, **values: Any) -> dict[str, Any]:
    person = world.person("unqualified")
    return {
        "public_id": "x" * 16,
        "pairing_id": world.pairing("P1").id,
        "person_id": person.id,
        "organisation_id": person.organisation_id,
        "side": Side.SENT,
        "starts_on": date(2022, 3, 1),
        "ends_on": date(2022, 12, 31),
        "state": AssignmentState.NOMINATED,
        "is_qualified": False,
        "nominated_by_person_id": world.actor("sending_manager").person_id,
        "created_at": world.clock(),
        "version": 1,
        **values,
    }


def test_an_assignment_can_be_stored(world: World):
    world.session.execute(sa.insert(Assignment).values(assignment_values(world)))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"ends_on": date(2022, 2, 28)}, "ck_assignment_ends_after_start"),
        ({"approved_by_person_id": "self"}, "ck_assignment_not_approved_by_the_person"),
        ({"approved_by_person_id": "nominator"}, "ck_assignment_approved_by_another"),
        ({"exception_by_person_id": "self"}, "ck_assignment_no_exception_for_oneself"),
        ({"exception_by_person_id": "nominator"}, "ck_assignment_exception_by_another"),
    ],
)
def test_refuses_an_assignment_even_by_plain_sql(world: World, values, constraint):
    people = {
        "self": world.person("unqualified").id,
        "nominator": world.actor("sending_manager").person_id,
    }
    values = {name: people.get(str(value), value) for name, value in values.items()}
    refuses(world, sa.insert(Assignment).values(assignment_values(world, **values)), constraint)


@pytest.mark.parametrize("who", ["self", "nominator"])
def test_refuses_to_approve_oneself_by_an_update(world: World, who):
    world.session.execute(sa.insert(Assignment).values(assignment_values(world)))
    column = Assignment.person_id if who == "self" else Assignment.nominated_by_person_id
    refuses(
        world,
        sa.update(Assignment)
        .where(Assignment.public_id == "x" * 16)
        .values(state=AssignmentState.APPROVED, approved_by_person_id=column),
        "ck_assignment_not_approved_by_the_person"
        if who == "self"
        else "ck_assignment_approved_by_another",
    )


def test_refuses_a_second_assignment_from_the_same_day(world: World):
    world.session.execute(sa.insert(Assignment).values(assignment_values(world)))
    again = assignment_values(world, public_id="y" * 16)
    refuses(world, sa.insert(Assignment).values(again), "uq_assignment_one_start")


def test_lets_a_nomination_stand_again_after_one_that_was_turned_down(world: World):
    turned_down = assignment_values(world, state=AssignmentState.REJECTED)
    world.session.execute(sa.insert(Assignment).values(turned_down))
    world.session.execute(
        sa.insert(Assignment).values(assignment_values(world, public_id="y" * 16))
    )


def test_refuses_a_state_that_has_no_name(world: World):
    with pytest.raises(sa.exc.IntegrityError):
        world.session.execute(
            sa.text("UPDATE assignment SET state = 'dreamt of' WHERE person_id = :person"),
            {"person": world.person("sent1").id},
        )
