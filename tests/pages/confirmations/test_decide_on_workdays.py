"""The queues of the manager and of the county: choose, decide, return."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import Account, RoleGrant, Workday, WorkYear
from models.types import GrantState, Role, ScopeKind
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.workdays import (
    MONDAY,
    approved,
    assert_totals_stand,
    confirmed,
    events,
    logged,
)
from tests.support.world import World

CONFIRM, APPROVE = "/workdays/confirmation", "/workdays/approval"


def tokens(page: Page) -> list[str]:
    return [one["value"] for one in page.find_all("input[data-bulk-item]")]


def states(world: World) -> list[str]:
    world.session.expire_all()
    rows = world.session.scalars(sa.select(Workday).order_by(Workday.id))
    return [row.state.value for row in rows]


def test_the_managers_queue_is_one_table_by_person_and_date(pages: Pages, world: World):
    logged(world)
    logged(world, day=MONDAY + timedelta(1), half_days=1)
    logged(world, day=MONDAY - timedelta(1))
    logged(world, "sent2")
    logged(world, "received1")
    page = pages("sending_manager").get(CONFIRM)
    one, two = world.person("sent1").name, world.person("sent2").name
    rows = page.table_rows("待确认的日志：需留意")
    assert [(row["姓名"].split()[0], row["日期"].split()[0]) for row in rows] == [
        (two, "2022-11-14"),
        (one, "2022-11-13"),
        (one, "2022-11-14"),
        (one, "2022-11-15"),
    ]
    assert "需留意 4 条，3.5 天" in page.text
    assert len(tokens(page)) == 4


def test_the_countys_queue_names_the_pairing_in_each_row(pages: Pages, world: World):
    confirmed(world)
    confirmed(world, "received1", half_days=1)
    logged(world, "sent2")
    page = pages("county_officer").get(APPROVE)
    assert [row["结对"] for row in page.table_rows(0)] == ["P1", "P1"]


def test_what_is_chosen_is_confirmed_then_approved(pages: Pages, world: World):
    logged(world)
    logged(world, "sent2")
    page = pages("sending_manager").get(CONFIRM)
    page = page.submit("#queue", chosen=tokens(page), button="确认所选", follow=True)
    assert page.messages == ["已确认 2 条，现由县级民政部门核准。"]
    assert "没有待确认的日志" in page.text
    page = pages("county_officer").get(APPROVE)
    page = page.submit("#queue", chosen=tokens(page)[:1], button="核准所选", follow=True)
    assert page.messages == ["已核准 1 条，已计入汇总。"]
    assert sorted(states(world)) == ["approved", "confirmed"]
    assert len(tokens(page)) == 1
    assert_totals_stand(world.session)


def test_choosing_nothing_is_said(pages: Pages, world: World):
    logged(world)
    page = pages("sending_manager").get(CONFIRM)
    page = page.submit("#queue", button="确认所选", expect=200)
    assert page.errors == ["请先勾选要确认的条目。"]


def test_an_empty_queue_says_where_its_rows_come_from(pages: Pages):
    assert "本机构人员提交后会出现在这里" in pages("sending_manager").get(CONFIRM).text
    assert "机构负责人确认后会出现在这里" in pages("county_officer").get(APPROVE).text


def test_one_blocking_row_stops_all_and_is_named(pages: Pages, world: World):
    first, second = logged(world), logged(world, "sent2")
    page = pages("sending_manager").get(CONFIRM)
    chosen = tokens(page)
    # Meanwhile somebody else confirms one of them.
    pages("sending_manager").post(CONFIRM, {"chosen": [f"{first.id}-{first.version}"]})
    page = page.submit("#queue", chosen=chosen, button="确认所选", expect=200)
    (error,) = page.errors
    assert error.startswith(f"{world.person('sent1').name} 2022-11-14：该工作日志目前为“已确认”")
    assert states(world) == ["confirmed", "submitted"]
    assert tokens(page) == [f"{second.id}-{second.version}"]


def test_what_changed_since_it_was_shown_is_not_confirmed_unseen(pages: Pages, world: World):
    workday = logged(world)
    page = pages("sending_manager").get(CONFIRM)
    shown = tokens(page)
    worker = pages("sending_staff")
    worker.post(f"/workdays/{workday.id}/recall")
    worker.get(f"/workdays/{workday.id}/edit").submit(days="0.5", button="重新提交")
    page = page.submit("#queue", chosen=shown, button="确认所选", expect=200)
    assert "已由他人办理或修改。请刷新页面，核对新内容后再办理" in page.errors[0]
    assert tokens(page) != shown
    assert states(world) == ["submitted"]


def test_five_thousand_rows_are_decided_by_one_form(pages: Pages, world: World):
    assignment = world.assignment("sent1")
    world.session.execute(
        sa.insert(Workday),
        [
            {
                "pairing_id": assignment.pairing_id,
                "assignment_id": assignment.id,
                "person_id": assignment.person_id,
                "side": assignment.side,
                "year": 2022,
                "worked_on": date(2000, 1, 1) + timedelta(number),
                "half_days": 2,
                "takes_first_half": True,
                "takes_second_half": True,
                "mode": "onsite",
                "task": "t1",
                "state": "submitted",
                "is_rest_day": False,
                "worth_centidays": 100,
                "entered_by_operator": True,
                "entered_at": world.clock(),
            }
            for number in range(5000)
        ],
    )
    client = pages("sending_manager")
    page = client.get(CONFIRM)
    assert "需留意 5,000 条" in page.text
    assert len(tokens(page)) == 200
    chosen = [f"{number}-1" for number in world.session.scalars(sa.select(Workday.id))]
    page = client.post(CONFIRM, {"chosen": chosen}, follow=True)
    assert page.messages == ["已确认 5000 条，现由县级民政部门核准。"]
    assert set(states(world)) == {"confirmed"}
    assert events(world.session) == ["workday.confirmed"]


def test_a_row_out_of_reach_is_as_good_as_missing(pages: Pages, world: World):
    foreign, own = logged(world, "foreign", code="P3"), logged(world)
    client = pages("sending_manager")
    chosen = [f"{one.id}-{one.version}" for one in (own, foreign)]
    client.post(CONFIRM, {"chosen": chosen}, expect=404)
    assert states(world) == ["submitted", "submitted"]
    client.post(CONFIRM, {"chosen": ["nonsense", "1-", "²-1", "9" * 40 + "-1"]}, expect=200)


def test_a_queue_is_filtered_by_pairing_and_person(pages: Pages, world: World):
    confirmed(world)
    confirmed(world, "sent2")
    client = pages("county_officer")
    assert len(tokens(client.get(APPROVE + "?person=甲二"))) == 1
    assert len(tokens(client.get(APPROVE + "?pairing=P1"))) == 2
    assert tokens(client.get(APPROVE + "?pairing=P2")) == []
    # A decision comes back to the filtered queue.
    page = client.get(APPROVE + "?person=甲二")
    page = page.submit("#queue", chosen=tokens(page), button="核准所选", follow=True)
    assert "person=" in page.path


def test_a_return_needs_a_reason_and_tells_it_to_the_person(pages: Pages, world: World):
    workday = logged(world)
    page = (
        pages("sending_manager")
        .get(CONFIRM)
        .click(f"退回：{world.person('sent1').name} 2022-11-14")
    )
    page = page.submit(reason=" ", button="退回", expect=200)
    assert page.errors == ["退回原因：请写明退回原因，便于填报人修改。"]
    page = page.submit(reason="请补充地点", button="退回", follow=True)
    whose = f"{world.person('sent1').name} 2022-11-14"
    assert page.messages == [f"已退回 {whose} 的日志，填报人修改后会重新提交。"]
    page = pages("sending_staff").get(f"/workdays/{workday.id}")
    assert "请补充地点" in page.text
    assert_totals_stand(world.session)


def test_a_county_returns_what_is_confirmed_and_only_that(pages: Pages, world: World):
    ready, waiting = confirmed(world), logged(world, "sent2")
    client = pages("county_officer")
    client.get(f"/workdays/{ready.id}/approval/return").submit(reason="日期有误", button="退回")
    page = client.get(f"/workdays/{waiting.id}/approval/return")
    page = page.submit(reason="日期有误", button="退回", expect=200)
    assert "只有“已确认”的可以退回" in page.errors[0]
    assert states(world) == ["returned", "submitted"]


@pytest.mark.parametrize("path", [CONFIRM, APPROVE])
def test_only_whoever_decides_has_the_queue(pages: Pages, path: str):
    allowed = "sending_manager" if path == CONFIRM else "county_officer"
    for persona in ("sending_manager", "county_officer", "sending_staff", "province_officer"):
        pages(persona).get(path, expect=200 if persona == allowed else 403)


def also_manager(world: World, persona: str) -> None:
    """Let somebody who works be a manager of their organisation too."""
    account = world.session.scalars(sa.select(Account).where(Account.login == persona)).one()
    organisation = world.organisation("sending")
    world.session.add(
        RoleGrant(
            account_id=account.id,
            person_id=account.person_id,
            role=Role.SEND_MGR,
            scope_kind=ScopeKind.ORGANISATION,
            scope_code=organisation.credit_code,
            organisation_id=organisation.id,
            proposed_at=world.clock(),
            state=GrantState.CONFIRMED,
        )
    )


def test_own_days_are_shown_but_cannot_be_chosen_nor_forced(pages: Pages, world: World):
    also_manager(world, "sending_staff")
    own, other = logged(world), logged(world, "sent2")
    client = pages("sending_staff")
    page = client.get(CONFIRM)
    assert tokens(page) == [f"{other.id}-{other.version}"]
    assert "由您填报，须由其他负责人办理" in page.text
    page = client.post(CONFIRM, {"chosen": [f"{own.id}-{own.version}"]}, expect=200)
    assert "不能由本人确认" in page.errors[0]
    given = {"reason": "原因", "version": own.version}
    page = client.post(f"/workdays/{own.id}/confirmation/return", given, expect=200)
    assert "不能由本人" in page.errors[0]
    assert states(world) == ["submitted", "submitted"]


def test_nothing_is_decided_in_a_closed_year(pages: Pages, world: World):
    confirmed(world)
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), state="closed")
    )
    page = pages("county_officer").get(APPROVE)
    page = page.submit("#queue", chosen=tokens(page), button="核准所选", expect=200)
    assert "2022 工作年度已关闭，不能再办理" in page.errors[0]


def test_the_navigation_counts_what_waits(pages: Pages, world: World):
    logged(world)
    confirmed(world, "sent2")
    approved(world, "received1")

    def count(persona: str) -> str | None:
        badge = pages(persona).get("/workdays").find("nav .q-nav__link[aria-current] .q-count")
        return badge.text if badge else None

    assert count("sending_manager") == "1 件待办"
    assert count("county_officer") == "1 件待办"
    assert count("receiving_manager") is None
    assert count("national_officer") is None
    logged(world, day=MONDAY + timedelta(3), submit=False)
    assert count("sending_staff") == "1 件待办"
