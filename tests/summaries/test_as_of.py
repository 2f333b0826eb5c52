"""``--as-of``: the state as it was known at the end of a day, whatever happened since."""

from datetime import date

from models.types import Side
from portal.changes.actions import change_parameter, terminate_pairing
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.corrections.actions import correct_workday
from portal.pairings.actions import record_agreement
from portal.staffing.actions import grant_exception, nominate
from portal.summaries.queries import Summary, summary_of
from portal.summaries.rules import PairingLine
from tests.summaries.conftest import MONDAY, TUESDAY
from tests.support.workdays import approved, entry, logged
from tests.support.world import World

TODAY, NEXT, LATER = date(2022, 11, 21), date(2022, 11, 22), date(2022, 11, 23)


def summary(world: World, as_of: date | None = None, year: int = 2022) -> Summary:
    return summary_of(world.session, year, now=world.clock(), as_of=as_of)


def line(world: World, as_of: date | None = None, code: str = "P1") -> PairingLine:
    return next(one for one in summary(world, as_of).pairings if one.code == code)


def test_a_correction_does_not_change_what_was_known_before_it(busy: World) -> None:
    original = approved(busy, "received3", MONDAY)
    busy.clock.stand_on(NEXT)
    correction = correct_workday(busy.deed(), original, entry(MONDAY, 1), "多记了半天")
    assert line(busy, TODAY) == line(busy)  # the original stands until the correction is approved
    busy.clock.stand_on(LATER)
    confirm_workdays(busy.deed("receiving_manager"), [correction])
    approve_workdays(busy.deed("county_officer"), [correction])
    assert line(busy, TODAY).received_centidays == 250
    assert line(busy, NEXT).received_centidays == 250
    assert line(busy).received_centidays == 200
    assert line(busy, LATER) == line(busy)


def test_a_day_that_is_struck_out_still_counts_before(busy: World) -> None:
    original = approved(busy, "received3", MONDAY)
    busy.clock.stand_on(NEXT)
    correction = correct_workday(busy.deed(), original, entry(MONDAY, 0), "当日没有服务")
    confirm_workdays(busy.deed("receiving_manager"), [correction])
    approve_workdays(busy.deed("county_officer"), [correction])
    assert (line(busy, TODAY).received_staff, line(busy).received_staff) == (3, 2)


def test_an_approval_counts_from_its_own_day_on(busy: World) -> None:
    workday = logged(busy, "sent2", TUESDAY)
    busy.clock.stand_on(NEXT)
    confirm_workdays(busy.deed("sending_manager"), [workday])
    busy.clock.stand_on(LATER)
    approve_workdays(busy.deed("county_officer"), [workday])
    waiting = [(line(busy, day).sent_centidays, line(busy, day).sent_pending_centidays)
               for day in (TODAY, NEXT, LATER)]  # fmt: skip
    assert waiting == [(250, 100), (250, 100), (350, 0)]


def test_on_the_day_before_anything_there_is_nothing(busy: World) -> None:
    found = summary(busy, date(2022, 1, 3))
    assert list(found.pairings) == []
    assert found.totals.sums.pairings == 0
    assert found.totals.key_counties == 160


def test_a_pairing_exists_from_the_day_it_was_made(busy: World) -> None:
    found = summary(busy, date(2022, 1, 4))
    assert [one.code for one in found.pairings] == ["P3", "P1", "P2"]
    assert found.totals.sums.sent_centidays == 0


def test_an_agreement_is_known_from_the_day_it_was_recorded(busy: World) -> None:
    busy.clock.stand_on(NEXT)
    record_agreement(
        busy.deed(), busy.pairing("P2"), number="演示协议2号", signed_on=date(2022, 3, 1)
    )
    assert line(busy, TODAY, "P2").lacks("no_agreement")
    assert not line(busy, NEXT, "P2").lacks("no_agreement")
    assert not line(busy, None, "P2").lacks("no_agreement")


def test_an_agreement_that_was_mended_later_was_known_before(busy: World) -> None:
    busy.clock.stand_on(NEXT)
    record_agreement(busy.deed(), busy.pairing(), number="演示协议1号（更正）", signed_on=MONDAY)
    assert not line(busy, TODAY).lacks("no_agreement")


def test_a_terminated_pairing_stands_in_its_later_years_as_it_did(busy: World) -> None:
    busy.clock.stand_on(NEXT)
    terminate_pairing(busy.deed(), busy.pairing("P2"), last_day=TODAY, reason="机构注销")
    busy.clock.stand_on(LATER)
    codes = {
        year: [[one.code for one in summary(busy, day, year).pairings] for day in (TODAY, NEXT)]
        for year in (2022, 2023, 2025)
    }
    assert codes[2022] == [["P3", "P1", "P2"], ["P3", "P1", "P2"]]
    assert codes[2023] == [["P3", "P1", "P2"], ["P3", "P1"]]
    assert codes[2025] == [["P3", "P1", "P2"], ["P3", "P1"]]
    assert [one.code for one in summary(busy, None, 2023).pairings] == ["P3", "P1"]


def test_the_policy_is_the_one_recorded_by_then(busy: World) -> None:
    busy.clock.stand_on(NEXT)
    deed = busy.deed("national_officer")
    change_parameter(deed, "min_sent_days", "2", date(2022, 1, 1), "演示调整")
    assert summary(busy, TODAY).policy["min_sent_days"] == 40
    assert line(busy, TODAY).lacks("too_few_sent_days")
    assert summary(busy, NEXT).policy["min_sent_days"] == 2
    assert not line(busy, NEXT).lacks("too_few_sent_days")


def test_an_exception_counts_from_the_day_it_was_granted(busy: World) -> None:
    person = busy.person("unqualified")
    assignment = nominate(
        busy.deed(),
        pairing=busy.pairing(),
        person=person,
        side=Side.SENT,
        starts_on=date(2022, 1, 1),
        ends_on=None,
    )
    workday = logged(busy, "unqualified", MONDAY)
    confirm_workdays(busy.deed("sending_manager"), [workday])
    approve_workdays(busy.deed("county_officer"), [workday])
    busy.clock.stand_on(NEXT)
    grant_exception(busy.deed("sending_province_officer"), assignment, "边远地区，经研究同意")
    assert (line(busy, TODAY).qualified_sent_staff, line(busy).qualified_sent_staff) == (2, 3)
    assert (line(busy, TODAY).sent_centidays, line(busy).sent_centidays) == (250, 350)


def test_the_state_of_today_is_the_present(busy: World) -> None:
    busy.clock.stand_on(NEXT)
    past, present = summary(busy, TODAY), summary(busy)
    assert list(past.pairings) == list(present.pairings)
    assert past.totals == present.totals
    assert past.provinces == present.provinces
    assert past.is_past_state
    assert not summary(busy, NEXT).is_past_state


def test_what_happens_late_in_the_evening_in_china_belongs_to_that_day(busy: World) -> None:
    workday = logged(busy, "sent2", TUESDAY)
    confirm_workdays(busy.deed("sending_manager"), [workday])
    busy.clock.pass_time(hours=13, minutes=30)  # 23:30 in China, 15:30 UTC
    approve_workdays(busy.deed("county_officer"), [workday])
    busy.clock.stand_on(LATER)
    assert line(busy, TODAY).sent_centidays == 350
