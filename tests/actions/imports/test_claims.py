"""Who imports is who drafted: what a file claims to be decided takes effect by a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from models import (
    AuditEvent,
    ImportBatch,
    PairingYearTotal,
    Workday,
    WorkdayDecision,
    WorkYear,
)
from models.types import ImportKind, Role, WorkdayState
from portal.access.loading import Unseen
from portal.accounts.actions import open_account
from portal.checks import verify
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.imports.claim_actions import confirm_claims, refuse_claims
from portal.imports.claim_queries import find_claims, list_waiting
from portal.imports.commands import _in_words
from portal.imports.kinds import KINDS
from portal.refusals import Conflict, Refused
from portal.rooms import HOUSE
from portal.workdays.actions import recall_workday
from tests.support.imports import import_rows, workday
from tests.support.unconfirmed import unconfirm
from tests.support.workdays import assert_totals_stand
from tests.support.world import World

WORKDAYS = ImportKind.WORKDAYS
SUBMITTED, CONFIRMED, APPROVED = (
    WorkdayState.SUBMITTED,
    WorkdayState.CONFIRMED,
    WorkdayState.APPROVED,
)

SECOND = {
    # A colleague of each who may bring days in.
    "sending_manager": (Role.SEND_MGR, "sending"),
    "county_officer": (Role.COUNTY_CIVIL, "640303"),
}


@pytest.fixture
def colleagues(world: World) -> World:
    """The small world with a second manager and a second officer of the county."""
    for persona, (role, scope) in SECOND.items():
        open_account(
            world.deed(),
            login=f"second_{persona}",
            password_hash="not a hash: nobody signs in",
            name="演示同事",
            role=role,
            scope_code=world.organisation(scope).credit_code if scope == "sending" else scope,
        )
    return world


def brought(
    world: World, persona: str | None, *states: str, person: str = "sent1"
) -> list[Workday]:
    """Bring days in, one for each state, and return them."""
    rows = [
        workday(person, date(2022, 11, 1 + number), 状态=state)
        for number, state in enumerate(states)
    ]
    assert import_rows(world, WORKDAYS, rows, persona=persona).report.applied
    return list(world.session.scalars(sa.select(Workday).order_by(Workday.worked_on)))


def batch_id(world: World) -> str:
    return world.session.scalars(sa.select(ImportBatch.public_id)).one()


def counted(world: World) -> tuple[int, int]:
    """Return the counted and the waiting days of the sent side, in hundredths."""
    total = PairingYearTotal
    row = world.session.execute(
        sa.select(total.sent_centidays, total.sent_pending_centidays).where(
            total.pairing_id == world.pairing().id, total.year == 2022
        )
    ).one()
    return tuple(row)


@pytest.mark.parametrize(
    ("persona", "state"),
    [
        ("sending_manager", "已提交"),
        ("sending_manager", "已确认"),
        ("county_officer", "已提交"),
        ("county_officer", "已确认"),
        ("county_officer", "已核准"),
    ],
)
def test_an_importer_is_the_drafter_and_decides_nothing(
    colleagues: World, persona: str, state: str
) -> None:
    (day,) = brought(colleagues, persona, state)
    assert day.entered_by_person_id == colleagues.actor(persona).person_id
    assert not day.entered_by_operator
    assert (day.state, day.confirmed_by_person_id, day.approved_by_person_id) == (
        SUBMITTED, None, None,
    )  # fmt: skip
    assert day.claimed_state == (None if state == "已提交" else WorkdayState.from_label(state))
    own = colleagues.deed(persona)
    decide: Callable[..., str] = confirm_workdays
    if persona == "county_officer":
        confirm_workdays(colleagues.deed("sending_manager"), [day])
        decide = approve_workdays
    with pytest.raises(Refused) as refused:
        decide(own, [day])
    assert [one.code for one in refused.value.refusals] == ["own_entry"]
    # The control: a colleague may what the importer may not.
    decide(colleagues.deed(f"second_{persona}"), [day])
    assert day.state == (
        WorkdayState.APPROVED if persona == "county_officer" else WorkdayState.CONFIRMED
    )


@pytest.mark.parametrize(
    ("persona", "state", "signed"),
    [
        ("sending_manager", "已确认", "confirmed_by_person_id"),
        ("county_officer", "已确认", "confirmed_by_person_id"),
        ("county_officer", "已核准", "approved_by_person_id"),
    ],
)
def test_a_claim_counts_as_waiting_until_a_second_person_confirms_it(
    colleagues: World, persona: str, state: str, signed: str
) -> None:
    (day,) = brought(colleagues, persona, state)
    assert counted(colleagues) == (0, 100)
    second = colleagues.deed(f"second_{persona}")
    assert [one.entries for one in list_waiting(colleagues.session, second.actor)] == [1]
    assert confirm_claims(second, batch_id(colleagues), seen=1) == 1
    colleagues.session.refresh(day)
    assert (day.state, day.claimed_state) == (WorkdayState.from_label(state), None)
    assert getattr(day, signed) == second.actor.person_id
    assert counted(colleagues) == ((100, 0) if state == "已核准" else (0, 100))
    last = colleagues.session.scalars(
        sa.select(WorkdayDecision).order_by(WorkdayDecision.id.desc())
    ).first()
    assert last is not None
    assert (last.state_after, last.person_id) == (day.state, second.actor.person_id)
    event = colleagues.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.event, event.subject) == (
        "import.claims_confirmed", f"import:{batch_id(colleagues)}",
    )  # fmt: skip
    assert_totals_stand(colleagues.session)
    assert [one.fault for one in verify(colleagues.session, HOUSE.checks) if one.fault] == []
    assert list_waiting(colleagues.session, second.actor) == []


@pytest.mark.parametrize(
    "persona",
    ["county_officer", "sending_manager", "second_sending_manager", "other_county_officer"],
)
def test_only_a_second_officer_of_the_county_lets_approved_days_take_effect(
    colleagues: World, persona: str
) -> None:
    """Neither who brought them in, nor who may not approve, nor somebody elsewhere."""
    brought(colleagues, "county_officer", "已核准")
    deed = colleagues.deed(persona)
    assert list_waiting(colleagues.session, deed.actor) == []
    for attempt in (
        lambda: confirm_claims(deed, batch_id(colleagues), seen=1),
        lambda: refuse_claims(deed, batch_id(colleagues), seen=1, reason="演示原因"),
    ):
        with pytest.raises(Unseen):
            attempt()
    control = colleagues.deed("second_county_officer")
    assert confirm_claims(control, batch_id(colleagues), seen=1) == 1


def test_a_person_with_two_accounts_is_one_person(colleagues: World) -> None:
    brought(colleagues, "county_officer", "已核准")
    colleagues.session.execute(
        sa.text(
            "UPDATE account SET person_id = (SELECT person_id FROM account"
            " WHERE login = 'county_officer') WHERE login = 'second_county_officer'"
        )
    )
    deed = colleagues.deed("second_county_officer")
    with pytest.raises(Unseen):
        confirm_claims(deed, batch_id(colleagues), seen=1)


def test_refused_claims_are_void_and_the_mended_file_brings_them_in_anew(colleagues: World) -> None:
    days = brought(colleagues, "county_officer", "已核准", "已核准", "已提交")
    second = colleagues.deed("second_county_officer")
    with pytest.raises(Refused):
        refuse_claims(second, batch_id(colleagues), seen=2, reason=" ")
    assert refuse_claims(second, batch_id(colleagues), seen=2, reason="与纸质台账不符") == 2
    states = [colleagues.session.get_one(Workday, day.id).state for day in days]
    assert states == [WorkdayState.SUPERSEDED, WorkdayState.SUPERSEDED, SUBMITTED]
    assert counted(colleagues) == (0, 100)
    reasons = set(
        colleagues.session.scalars(
            sa.select(WorkdayDecision.reason).where(
                WorkdayDecision.state_after == WorkdayState.SUPERSEDED
            )
        )
    )
    assert reasons == {"与纸质台账不符"}
    again = import_rows(
        colleagues,
        WORKDAYS,
        [workday(day=date(2022, 11, day), 状态="已核准") for day in (1, 2, 3)],
        persona="county_officer",
    ).report
    assert (again.accepted, again.unchanged, again.refused) == (2, 1, 0)
    assert_totals_stand(colleagues.session)
    assert [one.fault for one in verify(colleagues.session, HOUSE.checks) if one.fault] == []


def test_any_other_decision_settles_a_claim(colleagues: World) -> None:
    recalled, confirmed, _ = brought(colleagues, "county_officer", "已核准", "已核准", "已核准")
    recall_workday(colleagues.deed("sending_staff"), recalled)
    confirm_workdays(colleagues.deed("sending_manager"), [confirmed])
    second = colleagues.deed("second_county_officer")
    with pytest.raises(Conflict):  # three were shown
        confirm_claims(second, batch_id(colleagues), seen=3)
    colleagues.session.rollback()


def test_only_what_still_waits_takes_effect(colleagues: World) -> None:
    recalled, left = brought(colleagues, "county_officer", "已核准", "已核准")
    recall_workday(colleagues.deed("sending_staff"), recalled)
    second = colleagues.deed("second_county_officer")
    assert confirm_claims(second, batch_id(colleagues), seen=1) == 1
    states = [colleagues.session.get_one(Workday, day.id).state for day in (recalled, left)]
    assert states == [WorkdayState.RETURNED, APPROVED]


def test_own_days_and_days_of_a_closed_year_are_left_out_with_the_reason(colleagues: World) -> None:
    rows = [workday("sent1", 状态="已核准"), workday("sent2", 状态="已核准")]
    import_rows(colleagues, WORKDAYS, rows, persona="county_officer")
    colleagues.session.execute(
        sa.text("UPDATE account SET person_id = :own WHERE login = 'second_county_officer'"),
        {"own": colleagues.person("sent1").id},
    )
    second = colleagues.deed("second_county_officer")
    claims = find_claims(colleagues.session, second.actor, batch_id(colleagues))
    assert claims is not None
    assert [group.person_id for group in claims.groups] == [colleagues.person("sent2").id]
    assert "由您填报、导入" in claims.left_out[0].sentence
    assert confirm_claims(second, batch_id(colleagues), seen=1) == 1
    colleagues.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=colleagues.clock(), state="closed")
    )
    claims = find_claims(colleagues.session, second.actor, batch_id(colleagues))
    assert claims is not None
    assert claims.groups == []
    assert [one.code for one in claims.left_out] == ["own_entry", "closed_year"]
    with pytest.raises(Conflict) as refused:
        confirm_claims(second, batch_id(colleagues), seen=1)
    assert list(refused.value.refusals) == claims.left_out


def test_no_claim_takes_effect_on_a_pairing_that_is_not_confirmed(colleagues: World) -> None:
    brought(colleagues, "county_officer", "已核准")
    unconfirm(colleagues)
    deed = colleagues.deed("second_county_officer")
    claims = find_claims(colleagues.session, deed.actor, batch_id(colleagues))
    assert claims
    assert (claims.entries, len(claims.left_out)) == (0, 1)
    assert "结对 P1 待确认，不能确认或核准工作日志" in claims.left_out[0].sentence
    with pytest.raises(Conflict):
        confirm_claims(deed, batch_id(colleagues), seen=1)


def test_the_operator_is_taken_at_the_word_and_seen_as_such(colleagues: World) -> None:
    checked = import_rows(
        colleagues, WORKDAYS, [workday(状态="已核准"), workday("sent2")], persona=None
    )
    assert (checked.report.accepted, checked.report.decided) == (2, 1)
    words = _in_words(checked.report, KINDS[WORKDAYS], dry_run=False)
    assert "其中 1 行以服务器操作员的名义直接生效，没有第二人确认" in words
    event = colleagues.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.event, event.actor) == ("import.applied", "system")
    assert '"decided": 1' in event.facts if isinstance(event.facts, str) else event.facts["decided"]
    assert counted(colleagues) == (100, 100)


@pytest.mark.parametrize("persona", ["sending_manager", "county_officer"])
def test_no_file_of_a_person_comes_in_decided(colleagues: World, persona: str) -> None:
    state = {"sending_manager": "已确认", "county_officer": "已核准"}[persona]
    rows = [workday(状态=state)]
    report = import_rows(colleagues, WORKDAYS, rows, persona=persona).report
    assert report.decided == 0
    assert [caution.code for caution in report.warnings] == ["claimed"]


def test_an_organisation_with_one_manager_has_the_county_for_a_second_person(world: World) -> None:
    (day,) = brought(world, "sending_manager", "已确认")
    officer = world.deed("county_officer")
    assert confirm_claims(officer, batch_id(world), seen=1) == 1
    world.session.refresh(day)
    assert day.state == CONFIRMED
    with pytest.raises(Refused) as refused:
        approve_workdays(officer, [day])
    assert [one.code for one in refused.value.refusals] == ["same_person_twice"]
    role, scope = SECOND["county_officer"]
    open_account(
        world.deed(),
        login="second_county_officer",
        password_hash="not a hash: nobody signs in",
        name="演示同事",
        role=role,
        scope_code=scope,
    )
    approve_workdays(world.deed("second_county_officer"), [day])
    assert day.state == APPROVED
