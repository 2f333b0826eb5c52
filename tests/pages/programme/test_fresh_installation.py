"""What ``flask init`` lays is enough to begin with: everything after it is done by page.

Only the accounts come from ``flask user add``, as on the first day of every installation. The
pair is of one province, which needs nobody else's confirmation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from models import Person, WorkYear
from models.database import Database
from models.types import Role
from portal.accounts.actions import open_account
from portal.standards.credit_code import make_credit_code
from portal.standards.id_number import make_id_number
from tests.support.clock import Clock
from tests.support.inbox import notes, tasks
from tests.support.page_client import Page
from tests.support.portal import Pages, make_portal
from tests.support.world import World

SENDING = make_credit_code("52", "640104", 901)
RECEIVING = make_credit_code("52", "640303", 902)
NOTICE = "演示：2027年部分节假日安排的通知"
TABLE = "1月1日 休 元旦"


@pytest.fixture
def fresh(database: Database) -> Iterator[Pages]:
    """The pages of an installation that holds nothing but what ``flask init`` lays."""
    clock = Clock(date(2025, 12, 15))
    app = make_portal(database.url, clock)
    with database.open() as session:
        yield Pages(app, World(session, clock))
    app.extensions["qianshou_database"].engine.dispose()


def add_account(world: World, login: str, role: Role, scope: str, person: str = "") -> None:
    """Do what ``flask user add`` does."""
    found = world.session.scalars(sa.select(Person).where(Person.name == person)).one_or_none()
    open_account(
        world.deed(),
        login=login,
        password_hash="not a hash: tests sign in by session",
        name=f"演示{role.label}",
        role=role,
        scope_code=scope,
        person=found,
    )


def add_organisation(pages: Pages, code: str, seat: str, name: str) -> None:
    pages("province").get("/organisations/new").submit(
        credit_code=code, name=name, type="social_work", region_code=seat
    )


def log_a_day(pages: Pages, day: date) -> None:
    """Have a worker log the day, the manager confirm it and the county approve it."""
    pages.world.clock.stand_on(day)
    page = pages("worker").get("/workdays/new")
    page = page.submit(task="t1", description="演示：走访困难家庭", button="提交", follow=True)
    assert page.h1.startswith("已提交")
    for login, queue in (("manager", "confirmation"), ("county", "approval")):
        page = pages(login).get(f"/workdays/{queue}")
        chosen = [box["value"] for box in page.find_all("input[data-bulk-item]")]
        assert len(chosen) == 1
        pages(login).post(f"/workdays/{queue}", {"chosen": chosen[0]})


def open_year(pages: Pages, year: int, **changes: object) -> Page:
    page = pages("national").get("/programme/work-years/new")
    values = {"year": year, "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
    return page.submit(button="设立", values={**values, **changes}, follow=True)


def open_the_next_period(pages: Pages) -> None:
    """The inbox says what will be missing, sixteen days before it bites; each want has one button."""
    page = pages("national").get("/")
    said = notes(page)["缺少下一期计划"]
    assert said == "2026-01-01 起不在任何工作年度内，不能建立结对和填报日志"
    page = page.click("去设立：缺少下一期计划")
    values = page.form().values
    assert (values["code"], values["starts_on"]) == (["2026-2030"], ["2026-01-01"])
    asked = {"name": "“十五五”时期“牵手计划”（演示）", "lays_years": False}
    page = page.submit(button="先看影响", values=asked, expect=200)
    assert "试算结果（尚未保存）：暂不设立工作年度；政策口径沿用“2021-2025”现行的值" in page.text
    page = page.submit(button="设立", follow=True)
    assert page.messages[0].startswith("计划“2026-2030”已设立：暂不设立工作年度")
    assert tasks(pages("national").get("/"))["缺少工作年度"] == "1"
    page = open_year(pages, 2026)
    assert page.messages == ["工作年度已设立：设立 2026 工作年度。"]
    assert "缺少工作年度" not in tasks(pages("national").get("/"))


def register_two(pages: Pages) -> Person:
    """Two organisations of one province, and somebody to send, who has an account."""
    world = pages.world
    add_organisation(pages, SENDING, "640104", "兴庆区演示社会工作服务中心")
    add_organisation(pages, RECEIVING, "640303", "红寺堡区演示社会工作服务中心")
    add_account(world, "manager", Role.SEND_MGR, SENDING)
    pages("manager").get(f"/organisations/{SENDING}/people/new").submit(
        name="演示新人",
        id_number=make_id_number("110105", date(1985, 3, 1), 77),
        service_started_on="2015-01-01",
    )
    person = world.session.scalars(sa.select(Person).where(Person.name == "演示新人")).one()
    pages("manager").get(f"/people/{person.public_id}/certificates/new").submit(
        certificate_level="intermediate",
        certificate_number="演示-2018-77",
        certificate_issued_on="2018-06-01",
    )
    add_account(world, "worker", Role.SEND_STAFF, SENDING, "演示新人")
    return person


def pair_them(pages: Pages, person: Person) -> None:
    """The first pairing, its agreement, a nomination and its approval."""
    values = {"sending": SENDING, "receiving": RECEIVING, "line": "key_county"}
    page = pages("province").get("/pairings/new")
    page = page.submit(button="建立结对", values={**values, "starts_on": "2026-01-01"}, follow=True)
    assert "2030-12-31" in page.text
    path = page.path
    pages("province").get(f"{path}/agreement").submit(number="演示1号", signed_on="2026-01-04")
    pages("manager").get(f"{path}/nomination").submit(
        button="提交审批", person=person.public_id, starts_on="2026-01-01"
    )
    pages("province").get("/nominations").submit("tbody form", button="批准")


def open_the_next_year(pages: Pages) -> None:
    """The inbox asks for the year and for its calendar; the pairing that runs on stands in it."""
    wanted = {"缺少工作年度", "缺少节假日安排的年份"}
    assert wanted <= tasks(pages("national").get("/")).keys()
    page = pages("national").get("/programme/work-years/new")
    assert page.form().values["year"] == ["2027"]
    page = page.submit(button="先看影响", expect=200)
    assert "1 对结对计入新的工作年度；2027 年的节假日安排尚未录入" in page.text
    years = sa.select(sa.func.count()).select_from(WorkYear).where(WorkYear.year == 2027)
    assert pages.world.session.scalar(years) == 0
    open_year(pages, 2027)
    page = pages("national").get("/calendar/2027/notice")
    page.submit(button="保存", source=NOTICE, table=TABLE)
    assert not wanted & tasks(pages("national").get("/")).keys()


def test_from_init_to_approved_days_in_2026_and_in_2027_by_page_alone(fresh: Pages) -> None:
    world = fresh.world
    add_account(world, "national", Role.NAT_CIVIL, "CN")
    add_account(world, "province", Role.PROV_CIVIL, "640000")
    add_account(world, "county", Role.COUNTY_CIVIL, "640303")
    open_the_next_period(fresh)
    world.clock.stand_on(date(2026, 1, 5))
    pair_them(fresh, register_two(fresh))
    log_a_day(fresh, date(2026, 1, 5))
    world.clock.stand_on(date(2026, 11, 9))
    open_the_next_year(fresh)
    log_a_day(fresh, date(2027, 1, 4))
    for year in (2026, 2027):
        page = fresh("national").get(f"/pairings?year={year}")
        assert len(page.table_rows()) == 1
        page = fresh("worker").get(f"/workdays?year={year}")
        assert [row["状态"] for row in page.table_rows()] == ["已核准"]
