"""Approving in a real browser: how many clicks, how many pixels."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import expect

from models import Account, Assignment, Pairing, Workday
from models.types import AssignmentState, Side, Task, WorkdayState, WorkMode
from portal.access.queries import find_actor
from portal.calendar.queries import load_calendar
from portal.clock import end_of
from portal.confirmations.attention_queries import QueueAsked
from portal.confirmations.queue_queries import read_queue
from portal.confirmations.rules import Tab
from tests.e2e.conftest import DESKTOP, FRIDAY, PHONE, DemoPortal
from tests.e2e.further_cases import PAIRING
from tests.support.measured import Measured

COUNTY, MANAGER = "yanshi-county", "yanshi-send-mgr"
CLICKS, MANY = 3, 100
FEW, PIXELS = 26, 2200
"""So many approvals on a phone stand in so many pixels."""
MONTH_OF_PEOPLE = "/workdays/grid"
THUMB = 44

HEIGHT = "() => document.documentElement.scrollHeight"


def let_wait(demo: DemoPortal, count: int) -> None:
    """Lay ordinary days of the county's pairing until so many wait for its approval."""
    with demo.app.extensions["qianshou_database"].writing() as session:
        county = find_actor(session, COUNTY)
        assert county is not None
        queue = read_queue(session, county, "approved", QueueAsked())
        missing = count - queue.counts[Tab.ORDINARY]
        manager = sa.select(Account.person_id).where(Account.login == MANAGER)
        terms = session.scalars(
            sa.select(Assignment)
            .join(Pairing, Pairing.id == Assignment.pairing_id)
            .where(
                Pairing.code == PAIRING,
                Assignment.side == Side.SENT,
                Assignment.state == AssignmentState.APPROVED,
                Assignment.starts_on <= FRIDAY,
                Assignment.ends_on >= FRIDAY,
            )
        ).all()
        first = FRIDAY.replace(month=1, day=1)
        working = list(load_calendar(session, first, FRIDAY).working_days(first, FRIDAY))
        taken = set(session.execute(sa.select(Workday.person_id, Workday.worked_on)).all())
        free = [
            (term, day)
            for day in working
            for term in terms
            if (term.person_id, day) not in taken and term.starts_on <= day
        ]
        assert 0 < missing <= len(free)
        confirmed_by = session.scalars(manager).one()
        session.execute(
            sa.insert(Workday),
            [
                {
                    "pairing_id": term.pairing_id,
                    "assignment_id": term.id,
                    "person_id": term.person_id,
                    "side": term.side,
                    "year": day.year,
                    "worked_on": day,
                    "half_days": 2,
                    "takes_first_half": True,
                    "takes_second_half": True,
                    "mode": WorkMode.ONSITE,
                    "task": Task.T1,
                    "description": f"演示：{day} 入户走访，建档并约定下次服务（{term.person_id}）",
                    "state": WorkdayState.CONFIRMED,
                    "is_rest_day": False,
                    "worth_centidays": 100,
                    "entered_at": end_of(day) - timedelta(hours=6),
                    "entered_by_person_id": term.person_id,
                    "confirmed_by_person_id": confirmed_by,
                }
                for term, day in free[-missing:]
            ],
        )


def test_twenty_six_approvals_are_short_on_a_phone(demo: DemoPortal, measured: Measured) -> None:
    let_wait(demo, FEW)
    with demo.visited(COUNTY, PHONE) as page:
        page.goto("/workdays/approval")
        rows = page.locator(".q-queue tbody tr")
        expect(rows).to_have_count(FEW)
        height = page.evaluate(HEIGHT)
        measured(f"pixels of {FEW} approvals at 390", str(height))
        assert height <= PIXELS
        box = rows.first.locator(".q-check label").bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= THUMB
        # Wherever a row is tapped, it opens its day.
        words = rows.first.locator(".q-queue__what").bounding_box()
        assert words
        page.touchscreen.tap(words["x"] + words["width"] / 2, words["y"] + words["height"] / 2)
        expect(page.get_by_role("heading", name="内容", exact=True)).to_be_visible()


def test_a_hundred_ordinary_days_are_approved_by_three_clicks_and_taken_back(
    demo: DemoPortal, measured: Measured
) -> None:
    let_wait(demo, MANY)
    with demo.visited(COUNTY, DESKTOP) as page:
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name=re.compile("去核准")).first.click()
        page.get_by_role("button", name=f"核准全部普通 {MANY} 条").click()
        page.get_by_role("button", name=f"核准这 {MANY} 条").click()
        clicks = 3
        expect(page.locator(".q-undo", has_text=f"已核准 {MANY} 条，已计入汇总")).to_be_visible()
        measured(f"clicks for {MANY} ordinary approvals, from the first page", str(clicks))
        assert clicks <= CLICKS
        page.get_by_role("button", name=re.compile("撤销")).first.click()
        expect(page.get_by_text(f"{MANY} 条恢复到核准前的状态")).to_be_visible()


def test_the_head_of_the_queue_stays_in_sight_below_its_bar(demo: DemoPortal) -> None:
    with demo.visited(COUNTY, DESKTOP) as page:
        page.goto("/workdays/approval")
        page.evaluate("() => window.scrollTo(0, 1500)")
        bar, head = (
            page.locator(one).first.bounding_box() for one in (".q-bulk", ".q-queue thead th")
        )
        assert bar
        assert head
        assert bar["y"] >= 0
        assert abs(head["y"] - (bar["y"] + bar["height"])) <= 12
        assert head["y"] < DESKTOP[1] / 3


def test_a_month_of_the_team_scrolls_in_its_frame_with_the_names_in_sight(
    demo: DemoPortal,
) -> None:
    with demo.visited(MANAGER, PHONE) as page:
        page.goto(MONTH_OF_PEOPLE)
        frame = page.locator(".q-grid-frame")
        waiting = page.locator("th[data-opens-here]")
        names = page.locator(".q-grid thead th").first
        expect(waiting).to_be_in_viewport()
        assert frame.evaluate("one => one.scrollLeft") > 0
        here, held = waiting.bounding_box(), names.bounding_box()
        assert here
        assert held
        assert here["x"] >= held["x"] + held["width"] - 1, "not behind the names"
        frame.evaluate("one => { one.scrollLeft = one.scrollWidth; }")
        tick = page.locator(".q-grid td label").first.bounding_box()
        assert tick
        assert min(tick["width"], tick["height"]) >= THUMB
        name = page.locator(".q-grid tbody th").first.bounding_box()
        assert name
        assert 0 <= name["x"] < PHONE[0] / 2
        width = "() => document.documentElement.scrollWidth"
        assert page.evaluate(width) <= PHONE[0]
