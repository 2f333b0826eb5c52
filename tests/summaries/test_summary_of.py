"""The summary of the present: sums by hand, scopes, filters, a fixed number of queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from models import Allocation, Workday
from models.types import Line, Mode, Side
from portal.changes.actions import change_parameter
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.paging import PAGE_SIZE
from portal.refusals import Refused
from portal.staffing.actions import nominate
from portal.summaries.ground_queries import sees_province
from portal.summaries.queries import Summary, summary_of
from portal.summaries.rules import Filters
from tests.summaries.conftest import BY_HAND, MONDAY
from tests.support.many_pairings import make_pairings
from tests.support.workdays import approved, logged
from tests.support.world import World

KEY_COUNTIES = 160


def summary(world: World, **asked: object) -> Summary:
    return summary_of(world.session, 2022, now=world.clock(), **asked)  # type: ignore[arg-type]


def findings(found: Summary, code: str) -> list[str]:
    (line,) = (one for one in found.pairings if one.code == code)
    return [finding.code for finding in line.explained(found.policy)]


def test_days_and_heads_are_those_counted_by_hand(busy: World) -> None:
    found = summary(busy)
    days = {
        line.code: (
            line.sent_centidays,
            line.received_centidays,
            line.sent_pending_centidays,
            line.received_pending_centidays,
        )
        for line in found.pairings
    }
    assert days == BY_HAND
    heads = {
        line.code: (line.sent_staff, line.qualified_sent_staff, line.received_staff)
        for line in found.pairings
    }
    assert heads == {"P1": (2, 2, 2), "P2": (0, 0, 0), "P3": (0, 0, 0)}


def test_provinces_and_the_whole_add_up_their_lines(busy: World) -> None:
    found = summary(busy)
    ningxia = next(area for area in found.provinces if area.code == "640000")
    guizhou = next(area for area in found.provinces if area.code == "520000")
    assert (ningxia.sums.pairings, guizhou.sums.pairings) == (2, 1)
    assert (ningxia.sums.sent_centidays, guizhou.sums.sent_pending_centidays) == (250, 100)
    total = found.totals.sums
    assert (total.sent_centidays, total.received_centidays) == (250, 150)
    assert (total.sent_pending_centidays, total.received_pending_centidays) == (100, 100)
    assert (total.sent_average_centidays, total.sent_min_centidays) == (125, 50)
    assert (total.received_average_centidays, total.received_min_centidays) == (75, 50)


def test_every_province_with_key_counties_stands_there_and_160_are_the_whole(busy: World) -> None:
    found = summary(busy)
    assert found.totals.key_counties == KEY_COUNTIES
    assert found.totals.key_counties_covered == 3
    assert len(found.provinces) == 10
    assert sum(area.key_counties for area in found.provinces) == KEY_COUNTIES
    assert [area.code for area in found.provinces if area.sums.pairings] == ["520000", "640000"]


def test_findings_say_what_is_missing(busy: World) -> None:
    found = summary(busy)
    assert findings(found, "P1") == [
        "too_few_received_staff",
        "too_few_sent_days",
        "too_few_received_days",
        "subsidy_short",
        "province_short",
    ]
    assert findings(found, "P2") == [
        "too_few_sent_staff",
        "too_few_received_staff",
        "too_few_sent_days",
        "too_few_received_days",
        "no_agreement",
        "subsidy_short",
        "province_short",
    ]


def test_the_third_received_person_with_a_counted_day_mends_the_finding(busy: World) -> None:
    approved(busy, "received3", MONDAY)
    line = next(one for one in summary(busy).pairings if one.code == "P1")
    assert line.received_staff == 3
    assert "too_few_received_staff" not in findings(summary(busy), "P1")


def test_a_policy_with_lower_limits_makes_it_compliant(busy: World) -> None:
    for key, value in (
        ("min_received_staff", "2"),
        ("min_sent_days", "2"),
        ("min_received_days", "1"),
    ):
        change_parameter(busy.deed("national_officer"), key, value, date(2022, 1, 1), "演示调整")
    found = summary(busy)
    assert found.totals.sums.compliant_pairings == 1
    assert [line.code for line in found.pairings if line.is_compliant] == ["P1"]


def test_days_of_somebody_who_does_not_qualify_wait(busy: World) -> None:
    person = busy.person("unqualified")
    nominate(
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
    found = summary(busy)
    line = next(one for one in found.pairings if one.code == "P1")
    assert (line.sent_staff, line.qualified_sent_staff) == (3, 2)
    assert (line.sent_centidays, line.sent_pending_centidays) == (250, 100)
    assert "sent_staff_not_qualified" in findings(found, "P1")


VISIBLE = {
    "national_officer": ["P3", "P1", "P2"],
    "national_rural_officer": ["P3", "P1", "P2"],
    "province_officer": ["P1", "P2"],
    "sending_province_officer": ["P1", "P2"],
    "other_province_officer": ["P3"],
    "prefecture_officer": ["P1", "P2"],
    "county_officer": ["P1"],
    "other_county_officer": ["P2"],
    "sending_manager": ["P1"],
    "receiving_manager": ["P1"],
    "sending_staff": ["P1"],
    "other_manager": ["P2"],
    "foreign_manager": ["P3"],
    "other_staff": [],
    "system_administrator": [],
    "audit_administrator": [],
}
"""Which pairings each persona sees."""


def test_everybody_sees_the_pairings_of_their_scope(busy: World) -> None:
    for persona, codes in VISIBLE.items():
        found = summary(busy, actor=busy.actor(persona))
        assert [line.code for line in found.pairings] == codes, persona
        assert found.totals.sums.pairings == len(codes), persona


def test_a_past_state_has_the_same_scopes(busy: World) -> None:
    yesterday = date(2022, 11, 20)
    for persona, codes in VISIBLE.items():
        found = summary(busy, actor=busy.actor(persona), as_of=yesterday)
        assert [line.code for line in found.pairings] == codes, persona


def test_a_province_officer_sees_the_denominators_of_the_own_province(busy: World) -> None:
    found = summary(busy, actor=busy.actor("province_officer"))
    assert [(area.code, area.key_counties) for area in found.provinces] == [("640000", 5)]
    other = summary(busy, actor=busy.actor("other_province_officer"))
    assert [area.code for area in other.provinces] == ["520000"]


def test_a_province_is_seen_whole_or_through_an_own_pairing(busy: World) -> None:
    for persona, code, is_seen in (
        ("national_officer", "110000", True),
        ("national_officer", "999999", False),
        ("province_officer", "640000", True),
        ("province_officer", "520000", False),
        ("sending_province_officer", "640000", True),
        ("sending_province_officer", "520000", False),
        ("county_officer", "640000", True),
        ("foreign_manager", "640000", False),
    ):
        actor = busy.actor(persona)
        found = sees_province(busy.session, actor, "summary.read", code)
        assert found == is_seen, (persona, code)


FILTERED = [
    (Filters(either_province="350000"), ["P1", "P2"]),
    (Filters(either_province="520000"), ["P3"]),
    (Filters(either_province="500000"), ["P3"]),
    (Filters(receiving_province="500000"), []),
    (Filters(receiving_province="640000"), ["P1", "P2"]),
    (Filters(line=Line.TIBET_XINJIANG), []),
    (Filters(mode=Mode.CROSS_PROVINCE), ["P3", "P1", "P2"]),
    (Filters(mode=Mode.IN_PROVINCE), []),
    (Filters(finding="no_agreement"), ["P3", "P2"]),
    (Filters(finding="too_few_sent_staff"), ["P3", "P2"]),
    (Filters(compliant=True), []),
    (Filters(compliant=False), ["P3", "P1", "P2"]),
]


def test_filters_hold_for_the_present_and_for_a_past_state_alike(busy: World) -> None:
    busy.clock.stand_on(date(2022, 11, 22))
    for filters, codes in FILTERED:
        for as_of in (None, date(2022, 11, 21)):
            found = summary(busy, filters=filters, as_of=as_of)
            assert [line.code for line in found.pairings] == codes, filters
            assert found.totals.sums.pairings == len(codes), filters


def test_the_allocation_table_says_how_many_pairings_there_should_be(busy: World) -> None:
    rows = (("350000", "640000", 5, 4), ("500000", "520000", 3, 14))
    busy.session.add_all(
        Allocation(
            year=2022,
            sending_province_code=sending,
            receiving_province_code=receiving,
            mode=Mode.CROSS_PROVINCE,
            line=Line.KEY_COUNTY,
            pairs=pairs,
            recorded_at=datetime(2022, 11, day, tzinfo=UTC),
        )
        for sending, receiving, pairs, day in rows
    )
    busy.session.flush()
    found = summary(busy)
    assert {area.code: area.allocated for area in found.provinces if area.allocated} == {
        "520000": 3,
        "640000": 5,
    }
    assert found.totals.allocated == 8
    past = summary(busy, as_of=date(2022, 11, 10))
    assert past.totals.allocated == 5
    assert summary(busy, actor=busy.actor("other_province_officer")).totals.allocated == 3
    assert summary(busy, actor=busy.actor("county_officer")).totals.allocated is None


@pytest.mark.parametrize(
    ("year", "asked", "code"),
    [
        (1999, {}, "unknown_year"),
        (2022, {"as_of": date(2022, 11, 22)}, "future_date"),
        (2022, {"filters": Filters(either_province="999999")}, "unknown_region"),
        (2022, {"filters": Filters(either_province="640303")}, "unknown_region"),
    ],
)
def test_refuses_what_does_not_exist(
    world: World, year: int, asked: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        summary_of(world.session, year, now=world.clock(), **asked)  # type: ignore[arg-type]
    assert [one.code for one in refused.value.refusals] == [code]


def test_pages_of_lines_hold_all_of_them_once_in_every_order(world: World) -> None:
    make_pairings(world.session, 120)
    lines = summary(world).pairings
    for sort in ("county", "-county", "code", "-sent_days", "received_days", "-sent_pending"):
        codes, cursor = [], None
        while True:
            page = lines.page(sort, cursor, PAGE_SIZE)
            codes += [line.code for line in page.rows]
            cursor = page.after
            if cursor is None:
                break
        assert len(codes) == len(set(codes)) == 123


def test_a_past_state_is_sorted_and_paged_like_the_present(world: World) -> None:
    make_pairings(world.session, 120)
    ready = summary(world).pairings
    known = summary(world, as_of=date(2022, 11, 20)).pairings
    first = known.page("-code", None, PAGE_SIZE)
    assert [line.code for line in first.rows] == [
        line.code for line in ready.page("-code", None, PAGE_SIZE).rows
    ]
    second = known.page("-code", first.after, PAGE_SIZE)
    assert known.page("-code", second.before, PAGE_SIZE).rows == first.rows
    assert (
        known.page("code", "nonsense", PAGE_SIZE).rows == known.page("code", None, PAGE_SIZE).rows
    )


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("as_of", [None, date(2022, 11, 20)])
def test_costs_as_many_queries_for_1_as_for_200_pairings(world: World, as_of: date | None) -> None:
    numbers = []
    for more in (0, 200):
        make_pairings(world.session, more)
        world.session.flush()
        with counted(world.session) as statements:
            found = summary(world, as_of=as_of)
            rows = list(found.pairings)
            found.pairings.page("county", None, PAGE_SIZE)
        numbers.append(len(statements))
        assert len(rows) == 3 + more
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 25


def test_the_present_never_reads_the_days(busy: World) -> None:
    with counted(busy.session) as statements:
        found = summary(busy)
        list(found.pairings)
        found.pairings.page("-sent_days", None, PAGE_SIZE)
    assert busy.session.scalar(sa.select(sa.func.count()).select_from(Workday))
    assert not [one for one in statements if "workday" in one]
