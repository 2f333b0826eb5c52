"""The page on which a manager writes one activity for several people, and the one tap of each."""

from __future__ import annotations

import sqlalchemy as sa

from models import Account, AuditEvent, Organisation, Workday
from models.types import Role, Task, WorkdayState
from portal.accounts.actions import propose_grant
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, logged
from tests.support.world import World

PAGE = "/activities/new"


def sent(world: World, *keys: str, **changes: object) -> dict[str, object]:
    return {
        "worked_on": MONDAY.isoformat(),
        "people": [world.person(key).public_id for key in keys],
        "days": "1",
        "mode": "onsite",
        "task": Task.T3.value,
        "township": "",
        "description": "演示：集中培训",
        **changes,
    }


def test_offers_the_own_people_all_ticked(pages: Pages, world: World):
    page = pages("receiving_manager").get(PAGE)
    ticked = page.document.select("input[name=people]")
    names = {world.person(key).name for key in ("received1", "received2", "received3")}
    assert all(box.get("checked") is not None for box in ticked)
    assert len(ticked) == len(names)
    assert all(name in page.text for name in names)
    assert world.person("sent1").name not in page.text


def test_a_team_is_written_at_once_and_each_confirms_with_one_tap(pages: Pages, world: World):
    team = ("received1", "received2", "received3")
    page = pages("receiving_manager").post(PAGE, sent(world, *team), follow=True)
    assert page.messages == ["已为 3 人代填 11月14日 周一 的活动，待各人确认后才算提交。"]
    assert "待确认 3 人" in page.text
    assert "休息日" not in page.text
    home = pages("receiving_staff").get("/")
    assert "代填，您确认后才算提交" in home.text
    assert "由他人代填、待您确认的日志" not in home.text, "each day stands there itself"
    assert "没有待办事项" not in home.text
    assert "尚未提交的草稿" not in home.text
    home = home.submit(0, button="确认", follow=True)
    assert home.messages == ["已确认 11月14日 周一 的工作日，并提交给本机构负责人。"]
    assert "代填，您确认后才算提交" not in home.text
    states = sorted(one.state for one in world.session.query(Workday))
    assert states == [WorkdayState.DRAFT, WorkdayState.DRAFT, WorkdayState.SUBMITTED]
    page = pages("receiving_manager").get(PAGE)
    assert "已确认 1 人" in page.text
    page = page.submit(1, button="撤回未确认的", follow=True)
    assert page.messages == ["已撤回 2 条代填，这些人当日可另行填报。"]


def test_says_what_becomes_of_a_rest_day_before_and_after(pages: Pages, world: World):
    client = pages("receiving_manager")
    rest = sent(world, "received1", worked_on="2022-11-12")
    page = client.post(PAGE, {**rest, "people": []}, 200)
    assert "2022-11-12 是休息日，经县级核准后计入。" in page.text
    page = client.post(PAGE, rest, follow=True)
    assert page.messages[1] == "11月12日 周六 是休息日，经县级核准后计入。"


def test_several_days_that_others_wrote_are_confirmed_with_one_tap(pages: Pages, world: World):
    for day in ("2022-11-14", "2022-11-15", "2022-11-16"):
        pages("receiving_manager").post(PAGE, sent(world, "received1", worked_on=day))
    world.session.expire_all()
    last = world.session.query(Workday).order_by(Workday.id.desc()).first()
    form = "form[action='/activities/acceptances']"
    stale = pages("receiving_staff").get("/")
    last.version += 1  # somebody was faster with this one
    world.session.commit()
    page = stale.submit(form, button="确认以上 3 天", follow=True)
    name = world.person("received1").name
    assert page.messages[0] == "已确认 2 条，由本机构负责人确认。"
    assert page.messages[1].startswith(f"没有确认的：{name} 2022-11-16：在您打开页面之后")
    world.session.expire_all()
    states = sorted(one.state for one in world.session.query(Workday))
    assert states == [WorkdayState.DRAFT, WorkdayState.SUBMITTED, WorkdayState.SUBMITTED]
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.event == "workday.accepted"
    assert pages("receiving_staff").get("/").find(form) is None, "one alone has its own button"


def test_the_only_manager_is_told_who_may_confirm_and_the_way_out_leads_there(
    pages: Pages, world: World
):
    manager, worker = pages("receiving_manager"), pages("receiving_staff")
    assert "本机构只有您一位负责人" in manager.get(PAGE).text
    manager.post(PAGE, sent(world, "received1"))
    worker.get("/").submit(0, button="确认")
    day = world.session.query(Workday).one()
    for address in ("/workdays/confirmation", f"/workdays/{day.id}"):
        assert "县级和对方机构不能代为确认" in manager.get(address).text
    # The person takes it back, gives it up and writes it: now it is not the manager's own.
    worker.post(f"/workdays/{day.id}/recall")
    worker.post(f"/workdays/{day.id}/abandonment")
    mine = logged(world, "received1")
    world.session.commit()
    page = manager.get("/workdays/confirmation")
    assert "本机构只有您一位负责人" not in page.text
    page.submit("#queue", button="确认所选", chosen=[f"{mine.id}-{mine.version}"], follow=True)
    world.session.expire_all()
    assert mine.state == WorkdayState.CONFIRMED
    # Or somebody else becomes a manager, too.
    staff = world.session.scalars(
        sa.select(Account).where(Account.login == "receiving_staff")
    ).one()
    code = world.session.get_one(Organisation, world.pairing().receiving_organisation_id)
    propose_grant(world.deed(), staff, Role.RECV_MGR, code.credit_code)
    world.session.commit()
    assert "本机构只有您一位负责人" not in manager.get(PAGE).text


def test_the_own_month_leads_to_what_another_wrote(pages: Pages, world: World):
    pages("receiving_manager").post(PAGE, sent(world, "received1"))
    client = pages("receiving_staff")
    (link,) = client.get("/workdays/new").find_all("a.q-day")
    assert link.text == "14代填"
    assert client.get(link["href"]).find("form[action$=acceptance]")


def test_who_was_not_there_says_so(pages: Pages, world: World):
    pages("receiving_manager").post(PAGE, sent(world, "received1"))
    home = pages("receiving_staff").get("/").submit(1, button="不是我", follow=True)
    assert "代填，您确认后才算提交" not in home.text
    assert "不是本人 1 人" in pages("receiving_manager").get(PAGE).text


def test_whom_it_cannot_be_written_for_stands_there_by_name(pages: Pages, world: World):
    logged(world, "received2")
    world.session.commit()
    page = pages("receiving_manager").post(PAGE, sent(world, "received1", "received2"), 200)
    (error,) = page.errors
    assert f"{world.person('received2').name}：2022-11-14 已登记 1 天" in error


def test_nobody_writes_for_another_organisation(pages: Pages, world: World):
    page = pages("receiving_manager").post(PAGE, sent(world, "sent1"), 200)
    assert "不在本机构这一结对的选派人员之列" in page.errors[0]
    assert world.count(Workday) == 0


def test_asks_for_the_reason_of_a_late_entry_only_when_the_rule_does(pages: Pages, world: World):
    page = pages("receiving_manager").get(PAGE)
    assert "补录原因" not in page.text
    late = sent(world, "received1", worked_on="2022-09-05")
    page = pages("receiving_manager").post(PAGE, late, 200)
    assert any("补录原因" in error for error in page.errors)
    pages("receiving_manager").post(PAGE, {**late, "late_reason": "演示：山区断网"})
    assert world.count(Workday) == 1
