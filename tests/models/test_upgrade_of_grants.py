"""The upgrade to the life of a grant: states, persons and decisions of what a former release kept."""

from __future__ import annotations

import sqlalchemy as sa

from models import Account, RoleGrant, RoleGrantDecision
from models.database import Database
from models.types import Role
from portal.accounts import actions
from portal.checks import verify
from portal.rooms import HOUSE
from portal.schema import upgrade_schema
from tests.models.test_upgrade_of_importers import _downgrade
from tests.support.clock import Clock
from tests.support.world import World

BEFORE = "0016"
FORMER = "SELECT id FROM role_grant WHERE confirmed_at IS NOT NULL AND revoked_at IS NULL"
NEW = ("confirmed", "declined", "withdrawn", "revoked", "waits")


def told(database: Database) -> dict[int, tuple]:
    """Each grant with its persons, and what was decided on it by whom."""
    with database.reading() as session:
        rows: dict[int, list[tuple]] = {}
        decided = sa.select(RoleGrantDecision).order_by(RoleGrantDecision.id)
        for row in session.scalars(decided):
            one = (row.kind, row.state_before, row.state_after, row.at, row.person_id)
            rows.setdefault(row.role_grant_id, []).append(one)
        return {
            one.id: (
                one.state,
                one.person_id,
                one.proposed_by_person_id,
                one.confirmed_by_person_id,
                rows[one.id],
            )
            for one in session.scalars(sa.select(RoleGrant))
        }


def fill(world: World) -> dict[str, int]:
    """Propose a role for five accounts and end it in five ways; return the grants."""
    by, second = world.deed("system_administrator"), world.deed("security_administrator")
    logins = ("evaluator", "association", "county_officer", "province_officer", "national_officer")
    found = {}
    for case, login in zip(NEW, logins, strict=True):
        wanted = sa.select(Account).where(Account.login == login)
        role, scope = (Role.PREF_RURAL, "640300")
        grant = actions.propose_grant(by, world.session.scalars(wanted).one(), role, scope)
        found[case] = grant.id
        if case in ("confirmed", "revoked"):
            actions.confirm_grant(second, grant)
        if case == "revoked":
            actions.revoke_grant(second, grant)
        if case == "declined":
            actions.decline_grant(second, grant, "演示")
        if case == "withdrawn":
            actions.withdraw_grant(by, grant)
    return found


def test_what_a_former_release_kept_is_told_as_it_was(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        new = fill(World(session, clock))
    before = told(world_database)
    _downgrade(world_database, BEFORE)
    with world_database.engine.connect() as connection:
        held = set(connection.exec_driver_sql(FORMER).scalars())
    assert held == {number for number, one in before.items() if one[0] == "confirmed"}
    upgrade_schema(world_database)
    after = told(world_database)
    for case in ("declined", "withdrawn"):
        # How a proposal ended, a former release did not say.
        *stood, decided = before.pop(new[case])
        *stands, kept = after.pop(new[case])
        assert stands == stood
        assert (kept[0], kept[1][0]) == (decided[0], "ended")
        assert kept[1][1:] == decided[1][1:]
    assert after == before


def test_one_person_with_two_accounts_was_no_second_person(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        new = fill(World(session, clock))
    _downgrade(world_database, BEFORE)
    with world_database.engine.begin() as connection:
        persons = "SELECT person_id FROM account WHERE login = 'system_administrator'"
        connection.exec_driver_sql(
            f"UPDATE account SET person_id = ({persons}) WHERE login = 'security_administrator'"
        )
    upgrade_schema(world_database)
    state, _holder, proposer, confirmer, decided = told(world_database)[new["confirmed"]]
    assert (state, confirmer) == ("confirmed", None)
    assert [(kind, person) for kind, *_, person in decided] == [
        ("proposed", proposer),
        ("confirmed", proposer),
    ]
    with world_database.reading() as session:
        faults = {one.check.code for one in verify(session, HOUSE.checks) if one.fault}
    assert not faults & {"two_persons", "decisions"}
