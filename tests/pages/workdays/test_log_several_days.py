"""Several days at once: ticked in the month, a span of dates, a week or a stay copied."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import Assignment, AuditEvent, Workday, WorkdayDecision, WorkYear
from models.types import Task, WorkdayState, WorkMode
from portal.confirmations.actions import return_workday
from portal.workdays.life_rules import NO_WORDS
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import cost, statements
from tests.support.workdays import MONDAY, approved, assert_totals_stand, events, logged
from tests.support.world import World

NEW = "/workdays/new"
FORM = "form.q-panel"
TODAY = date(2022, 11, 21)
LAST_WEEK = [MONDAY + timedelta(number) for number in range(5)]


def week(*numbers: int) -> list[str]:
    """The weekdays of last week by number, as the form sends them."""
    return [LAST_WEEK[number].isoformat() for number in numbers]


def filled(**changes: object) -> dict[str, object]:
    return {"task": "t1", "description": "演示：入户走访三户", **changes}


def rows(world: World) -> list[Workday]:
    world.session.expire_all()
    return list(world.session.scalars(sa.select(Workday).order_by(Workday.worked_on)))


def days(world: World) -> list[date]:
    return [row.worked_on for row in rows(world)]


def ticked(page: Page) -> list[str]:
    return page.form(FORM).values.get("day", [])


def cell(page: Page, day: date) -> str:
    """What stands on a date of the month, as a screen reader says it."""
    name = f"{day.month}月{day.day}日"
    found = [
        one.get("aria-label", "")
        for one in page.find_all(".q-days__grid input, .q-days__grid a")
        if f"{name} " in one.get("aria-label", "")
    ]
    return found[0].partition(" ")[2] if found else ""


# ---- the month


def test_the_month_says_what_stands_on_each_day_before_it_is_chosen(pages: Pages, world: World):
    approved(world, day=LAST_WEEK[0])
    logged(world, day=LAST_WEEK[1])
    draft = logged(world, day=LAST_WEEK[2], submit=False)
    returned = logged(world, day=LAST_WEEK[3])
    return_workday(world.deed("sending_manager"), returned, "演示：请补充地点")
    logged(world, day=LAST_WEEK[4], half_days=1)
    page = pages("sending_staff").get(NEW)
    assert [cell(page, day) for day in LAST_WEEK] == [
        "周一，已核准，查看",
        "周二，待审，查看",
        "周三，草稿，去修改",
        "周四，退回，去修改",
        "周五，半天",
    ]
    assert cell(page, date(2022, 11, 20)) == "周日，休息日"
    addresses = [address for _, address in page.links(".q-days__grid a")]
    assert f"/workdays/{draft.id}/edit" in addresses
    assert f"/workdays/{returned.id}/edit" in addresses
    # Today stands there chosen; tomorrow cannot be.
    assert ticked(page) == ["2022-11-21"]
    assert cell(page, date(2022, 11, 22)) == ""


def test_a_make_up_day_and_a_holiday_are_marked(pages: Pages):
    page = pages("sending_staff").get(f"{NEW}?month=2022-10")
    assert cell(page, date(2022, 10, 3)) == "周一，休息日"
    assert cell(page, date(2022, 10, 8)) == "周六，调休上班"


def test_earlier_months_are_reached_by_links_and_nothing_is_chosen_there(pages: Pages):
    page = pages("sending_staff").get(NEW).click("‹ 10月")
    assert page.find(".q-days__nav strong").text == "2022年10月"
    assert ticked(page) == []
    # Of a month with late days the reason is asked for, while such a day is ticked.
    assert page.find(".q-when-late textarea[name=late_reason]")
    assert "q-day--late" in page.find("label:contains('10')")["class"]
    # The days beside it say of which month they are.
    beside = [one.text.replace(" ", "") for one in page.find_all(".q-day--beside")]
    assert beside[0] == "269月"
    assert beside[-1].endswith("11月")
    assert page.click("11月 ›").find(".q-days__nav strong").text == "2022年11月"
    first = pages("sending_staff").get(f"{NEW}?month=2022-01")
    assert "‹ 12月" not in first.text


@pytest.mark.parametrize("month", ["2022-13", "", "x", "9999-01", "2022-11-01"])
def test_a_month_that_is_none_shows_the_present_one(pages: Pages, month: str):
    page = pages("sending_staff").get(f"{NEW}?month={month}")
    assert page.find(".q-days__nav strong").text == "2022年11月"


def test_days_are_offered_by_an_address(pages: Pages):
    page = pages("sending_staff").get(f"{NEW}?day=2022-11-14&day=2022-11-15&day=morgen")
    assert ticked(page) == week(0, 1)


def test_a_day_outside_of_the_term_cannot_be_chosen_nor_its_pairing(pages: Pages, world: World):
    world.session.execute(
        sa.update(Assignment)
        .where(Assignment.person_id == world.person("sent1").id)
        .values(starts_on=LAST_WEEK[1], ends_on=LAST_WEEK[3])
    )
    page = pages("sending_staff").get(NEW)
    assert [cell(page, day) for day in LAST_WEEK] == ["", "周二", "周三", "周四", ""]
    assert ticked(page) == []


def test_a_pairing_whose_term_is_over_is_offered_only_where_its_days_are(
    pages: Pages, world: World
):
    old = world.assignment("sent1")
    world.session.execute(
        sa.update(Assignment).where(Assignment.id == old.id).values(ends_on=date(2022, 9, 30))
    )
    kept = {one.name: getattr(old, one.name) for one in Assignment.__table__.columns}
    kept |= {"id": None, "public_id": "another", "pairing_id": world.pairing("P2").id}
    kept |= {"starts_on": date(2022, 10, 1), "ends_on": date(2025, 12, 31)}
    world.session.add(Assignment(**kept))
    world.session.flush()
    page = pages("sending_staff").get(NEW)
    assert page.form(FORM).values["pairing"] == ["P2"]
    assert "P1" not in page.find(FORM).text
    september = pages("sending_staff").get(f"{NEW}?month=2022-08")
    assert september.form(FORM).values["pairing"] == ["P1"]


def test_the_page_costs_the_same_however_many_days_there_are(pages: Pages, world: World):
    client = pages("sending_staff")
    client.get(NEW)
    with statements(pages.app) as before:
        client.get(NEW)
    for number in range(1, 15):
        logged(world, day=date(2022, 11, number), description=f"演示 {number}")
    world.session.flush()
    with statements(pages.app) as after:
        client.get(NEW)
    assert len(after) == len(before)


# ---- several days, one sentence


def test_five_days_take_one_sentence(pages: Pages, world: World):
    page = pages("sending_staff").get(f"{NEW}?month=2022-11")
    page = page.submit(**filled(day=week(0, 1, 2, 3, 4)), button="提交", follow=True)
    assert page.h1 == "已提交 5 天"
    assert "11月14日至18日，5 天，等待本机构负责人确认" in page.find(".q-notice--success").text
    assert days(world) == LAST_WEEK
    assert {(one.state, one.half_days, one.description) for one in rows(world)} == {
        (WorkdayState.SUBMITTED, 2, "演示：入户走访三户")
    }
    kinds = world.session.scalars(sa.select(WorkdayDecision.kind)).all()
    assert kinds == ["entered"] * 5
    assert_totals_stand(world.session)
    # The next action comes first: the next empty working day.
    assert page.click("填报 11月21日").form(FORM).values["day"] == ["2022-11-21"]


def test_it_is_one_event_that_names_them_all(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page.submit(**filled(day=week(0, 1), days="0.5"), button="提交")
    assert events(world.session) == ["workday.logged"]
    written = sa.select(AuditEvent.facts).where(AuditEvent.event == "workday.logged")
    facts = json.loads(world.session.scalars(written).one())
    assert (facts["days"], facts["count"]) == (1, 2)
    assert facts["ids"] == [row.id for row in rows(world)]


def test_several_drafts_are_kept_without_a_sentence(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(day=week(0, 1), task="t2", button="保存草稿", follow=True)
    assert page.h1 == "草稿已保存 2 天"
    assert {one.state for one in rows(world)} == {WorkdayState.DRAFT}
    whose = world.person("sent1").name
    page = page.submit("form[action$=submissions]", button="提交这 2 条草稿", follow=True)
    assert page.messages == [
        f"没有提交的：{whose} 2022-11-14、{whose} 2022-11-15：{NO_WORDS.sentence}",
    ]
    first, second = rows(world)
    first.description = "演示：走访"
    world.session.commit()
    page = pages("sending_staff").get("/workdays?state=draft")
    page = page.submit("form[action$=submissions]", button="提交所列 2 条草稿", follow=True)
    assert page.messages[0] == "已提交 1 条，由本机构负责人确认。"
    assert page.messages[1].startswith(f"没有提交的：{whose} 2022-11-15：还没有写工作内容")
    world.session.expire_all()
    assert [first.state, second.state] == [WorkdayState.SUBMITTED, WorkdayState.DRAFT]
    assert_totals_stand(world.session)


def test_it_costs_the_same_however_many_days_there_are(pages: Pages, world: World):
    client = pages("sending_staff")
    client.get(NEW).submit(**filled(), button="提交", follow=True)

    def sent(*chosen: str) -> dict[str, object]:
        return {**client.get(NEW).form(FORM).values, **filled(), "day": list(chosen)}

    costs = []
    for form in (sent(*week(0, 1)), sent(*(f"2022-11-{day:02}" for day in range(1, 12)))):
        with cost(pages.app) as found:
            client.post(NEW, form)
        costs.append((len(found.reading), len(found.in_the_lock)))
    assert costs[0] == costs[1]
    assert costs[0][1] <= 9, "of one day it is eight"
    assert len(days(world)) == 14
    assert_totals_stand(world.session)


# ---- what is refused


def test_what_is_refused_names_its_day_and_the_rest_stays_ticked(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    logged(world, day=LAST_WEEK[1])  # on another phone, meanwhile
    page = page.submit(**filled(day=week(0, 1, 2)), button="提交", expect=200)
    assert page.errors == [
        "日期：2022-11-15 已登记 1 天（各结对合计），再登记 1 天将超过每人每日 1 天的上限。"
    ]
    assert days(world) == [LAST_WEEK[1]], "none is written"
    assert ticked(page) == week(0, 2)
    page.submit(button="提交")
    assert days(world) == LAST_WEEK[:3]
    assert_totals_stand(world.session)


def test_a_closed_year_is_said_of_each_day(pages: Pages, world: World):
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), state="closed")
    )
    page = pages("sending_staff").get(NEW)
    page = page.submit(**filled(day=week(0, 1)), button="提交", expect=200)
    assert [one.partition("工作年度")[0] for one in page.errors] == [
        "日期：11月14日 周一：2022 ",
        "日期：11月15日 周二：2022 ",
    ]
    assert world.count(Workday) == 0


def test_more_than_two_months_at_once_are_refused(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(**filled(first="2022-01-01", last="2022-11-20"), button="提交", expect=200)
    assert any("一次最多填 62 天，所选为 324 天" in error for error in page.errors)
    chosen = [(TODAY - timedelta(number)).isoformat() for number in range(63)]
    sent = {**page.client.get(NEW).form(FORM).values, **filled(), "day": chosen}
    page = page.client.post(NEW, sent, expect=200)
    assert any("一次最多填 62 天，所选为 63 天" in error for error in page.errors)
    assert world.count(Workday) == 0


# ---- a span of dates


def test_a_span_over_the_national_day_holiday_skips_the_rest_days(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    span = {"first": "2022-09-29", "last": "2022-10-10", "late_reason": "演示：山区断网"}
    page = page.submit(**filled(first=span["first"], last=span["last"]), button="提交", expect=200)
    # In the second step the reason is asked for, and the days stand there to be looked at.
    assert page.errors[0].startswith("补录原因：2022-09-29 距今 53 天")
    assert len(page.errors) == 1
    page.submit(late_reason=span["late_reason"], button="提交")
    # 8 and 9 October were make-up working days, 1 to 7 the holiday.
    assert [day.isoformat() for day in days(world)] == [
        "2022-09-29",
        "2022-09-30",
        "2022-10-08",
        "2022-10-09",
        "2022-10-10",
    ]
    assert {one.late_reason for one in rows(world)} == {"演示：山区断网"}
    assert_totals_stand(world.session)


def test_rest_days_are_logged_where_somebody_says_so(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(
        **filled(first="2022-11-18", last="2022-11-20", skip_rest=False), button="提交", follow=True
    )
    assert [one.is_rest_day for one in rows(world)] == [False, True, True]
    assert "2022-11-19、2022-11-20 是休息日，经县级核准后计入。" in page.text


def test_a_span_stands_in_place_of_what_is_ticked(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    assert ticked(page) == ["2022-11-21"]
    page.submit(**filled(first="2022-11-14", last="2022-11-15"), button="提交")
    assert days(world) == LAST_WEEK[:2]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2022-11-19", "2022-11-20", "从：这段日期都是休息日。"),
        ("2022-11-16", "2022-11-14", "到：2022-11-14 早于 2022-11-16，请核对起止日期。"),
        ("", "2022-11-14", "从：请填写从哪一天起。"),
    ],
)
def test_a_span_that_means_no_day_is_refused(
    pages: Pages, world: World, first: str, last: str, said: str
):
    page = pages("sending_staff").get(NEW)
    page = page.submit(**filled(first=first, last=last), button="提交", expect=200)
    assert any(error.startswith(said) for error in page.errors)
    assert world.count(Workday) == 0


def test_why_days_are_late_belongs_to_those_that_are(pages: Pages, world: World):
    page = pages("sending_staff").get(f"{NEW}?month=2022-10")
    chosen = ["2022-10-20", "2022-10-31"]
    page.submit(**filled(day=chosen), late_reason="演示：断网", button="提交")
    assert [one.late_reason for one in rows(world)] == ["演示：断网", None]


# ---- a sentence each


def test_each_day_can_say_its_own(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(day=week(0, 1), task="t3", button="所选几天各写一句", expect=200)
    assert world.count(Workday) == 0
    values = page.form(FORM).values
    assert values["2022-11-14-task"] == ["t3"]
    page = page.submit(values={"2022-11-14-description": "演示：督导"}, button="提交", expect=200)
    assert page.errors == ["11月15日：请用一句话写明做了什么。"]
    page.submit(
        values={
            "2022-11-15-description": "演示：线上会商",
            "2022-11-15-mode": "online",
            "2022-11-15-days": "0.5",
        },
        button="提交",
    )
    assert [(one.description, one.mode, one.half_days, one.task) for one in rows(world)] == [
        ("演示：督导", WorkMode.ONSITE, 2, Task.T3),
        ("演示：线上会商", WorkMode.ONLINE, 1, Task.T3),
    ]


def test_a_day_ticked_later_has_a_line_of_its_own(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(day=week(0, 1), task="t1", button="所选几天各写一句", expect=200)
    page = page.submit(
        values={
            "day": week(0, 2),
            "2022-11-14-description": "演示：走访",
            "2022-11-15-description": "演示：不填了",
        },
        button="提交",
        expect=200,
    )
    assert page.errors == ["11月16日：请用一句话写明做了什么。"]
    page.submit(values={"2022-11-16-description": "演示：建档"}, button="提交")
    assert days(world) == [LAST_WEEK[0], LAST_WEEK[2]]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_where_no_day_is_ticked_any_more_what_all_share_is_asked_again(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(day=week(0, 1), task="t1", button="所选几天各写一句", expect=200)
    page = page.submit(values={"day": []}, button="提交", expect=200)
    assert "日期：请在月历上选择日期。" in page.errors
    assert page.find("textarea[name=description]") is not None
    assert world.count(Workday) == 0


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_span_beside_lines_of_single_days_asks_what_all_share(pages: Pages, world: World):
    client = pages("sending_staff")
    line = {"days": "1", "mode": "onsite", "task": "t1", "description": "演示：走访"}
    sent = {f"2022-11-14-{name}": value for name, value in line.items()}
    span = {"first": "2022-11-14", "last": "2022-11-16"}
    sent |= {**span, "pairing": "P1", "day": "2022-11-14", "each": "1"}
    assert "工作内容：请用一句话写明做了什么。" in client.post(NEW, sent, 200).errors
    assert world.count(Workday) == 0


def test_a_line_that_is_too_long_says_whose_it_is(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    page = page.submit(day=week(0, 1), task="t1", button="所选几天各写一句", expect=200)
    texts = {"2022-11-14-description": "演示", "2022-11-15-description": "长" * 2001}
    page = page.submit(values=texts, button="提交", expect=200)
    assert page.errors == ["11月15日 周二：工作内容 2001 字，超过上限 2000 字，请精简。"]
    assert "2001 字" in page.find("[id='2022-11-15-description-error']").text
    assert world.count(Workday) == 0


# ---- like before


def test_last_week_is_copied_with_its_texts_to_be_looked_at(pages: Pages, world: World):
    world.clock.stand_on(TODAY + timedelta(4))  # a Friday
    logged(world, day=LAST_WEEK[0], description="演示：走访", task=Task.T1)
    logged(world, day=LAST_WEEK[2], description="演示：督导", task=Task.T3, half_days=1)
    page = pages("sending_staff").get(NEW).click("复制上周")
    assert ticked(page) == ["2022-11-21", "2022-11-23"]
    values = page.form(FORM).values
    assert values["2022-11-21-description"] == ["演示：走访"]
    assert values["2022-11-23-task"] == ["t3"]
    assert values["2022-11-23-days"] == ["0.5"]
    assert world.count(Workday) == 2, "nothing is written yet"
    page.submit(button="提交")
    assert [(one.worked_on.day, one.description) for one in rows(world)][2:] == [
        (21, "演示：走访"),
        (23, "演示：督导"),
    ]


def test_a_week_of_one_text_is_copied_into_one_sentence(pages: Pages, world: World):
    world.clock.stand_on(TODAY + timedelta(4))
    for day in LAST_WEEK:
        logged(world, day=day, description="演示：驻点")
    page = pages("sending_staff").get(NEW).click("复制上周")
    assert ticked(page) == [f"2022-11-{day}" for day in range(21, 26)]
    assert page.form(FORM).values["description"] == ["演示：驻点"]


def test_the_last_stay_is_copied_so_that_it_ends_today(pages: Pages, world: World):
    for day in LAST_WEEK[:3]:
        logged(world, day=day, description="演示：下乡")
    page = pages("sending_staff").get(NEW).click("复制上次下乡")
    assert ticked(page) == ["2022-11-19", "2022-11-20", "2022-11-21"]


def test_nothing_is_offered_where_nothing_can_be_copied(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    assert "复制" not in page.text
    logged(world, day=LAST_WEEK[0])
    page = pages("sending_staff").get(NEW)
    assert "复制上次下乡" not in page.text, "a single day is no stay"


def test_recent_texts_fill_the_form_in_one_tap(pages: Pages, world: World):
    for number in range(8):
        text = f"演示：第 {max(number, 2)} 次走访"
        logged(world, day=date(2022, 11, 1 + number), description=text, task=Task.T4)
    page = pages("sending_staff").get(NEW)
    texts = [text for text, _ in page.links(".q-recent a")]
    assert texts == [f"演示：第 {number} 次走访" for number in (7, 6, 5, 4, 3)]
    page = page.click("演示：第 5 次走访")
    assert page.form(FORM).values["description"] == ["演示：第 5 次走访"]
    assert page.form(FORM).values["task"] == ["t4"]
    assert ticked(page) == ["2022-11-21"]
