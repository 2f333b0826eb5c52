"""``flask programme`` and ``flask work-year``: the same rules as the pages, for people and machines."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from models import AuditEvent, PairingYear, PairingYearTotal, Programme, WorkYear
from portal.changes.actions import change_parameter
from portal.changes.commands import programme, work_year
from portal.programme.queries import policy_on
from tests.support.workdays import logged
from tests.support.world import World

Run = Callable[..., Any]
NEXT = ["open", "2026-2030", "--name", "下一期（演示）"]
DATES = ["--starts", "2026-01-01", "--ends", "2030-12-31"]


@pytest.fixture
def run(portal, world: World) -> Run:
    def run_(command: Any, *arguments: str, status: int = 0, as_json: bool = True) -> Any:
        world.session.commit()
        asked = [*arguments, "--json"] if as_json else list(arguments)
        result = portal.test_cli_runner().invoke(command, asked)
        world.session.expire_all()
        assert result.exit_code == status, result.output
        return json.loads(result.output) if as_json else result.output

    return run_


def codes(said: dict[str, Any]) -> list[str]:
    return [one["code"] for one in said["errors"]]


def counts(world: World) -> tuple[int, int, int]:
    return world.count(Programme), world.count(WorkYear), world.count(AuditEvent)


def test_lists_the_periods_with_their_work_years(run: Run) -> None:
    (one,) = run(programme)["programmes"]
    assert (one["code"], one["starts_on"], one["ends_on"]) == (
        "2021-2025",
        "2021-01-01",
        "2025-12-31",
    )
    assert [row["year"] for row in one["work_years"]] == [2021, 2022, 2023, 2024, 2025]
    said = run(work_year, as_json=False)
    assert "2022 工作年度  2022-01-01 至 2022-12-31  开放" in said
    assert "2023 工作年度  2023-01-01 至 2023-12-31  未开始" in said


def test_opens_a_period_whose_policy_goes_on(run: Run, world: World) -> None:
    change_parameter(world.deed(), "min_sent_days", "50", date(2022, 6, 1), "演示")
    before = counts(world)
    said = run(programme, *NEXT, *DATES, "--dry-run")
    assert (said["years"], said["policy_of"], said["applied"]) == (
        [2026, 2027, 2028, 2029, 2030],
        "2021-2025",
        False,
    )
    assert counts(world) == before
    assert run(programme, *NEXT, *DATES)["applied"]
    assert counts(world) == (before[0] + 1, before[1] + 5, before[2] + 1)
    assert policy_on(world.session, date(2026, 1, 1))["min_sent_days"] == 50
    assert codes(run(programme, *NEXT, *DATES, status=1)) == ["duplicate", "overlap"]
    said = run(programme, *NEXT, *DATES, status=1, as_json=False)
    assert said.startswith("未办理：计划编号“2026-2030”已被使用")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--starts", "2026-13-01", "--ends", "2030-12-31"], "invalid_date"),
        (["--starts", "2026-07-01", "--ends", "2030-12-31"], "gap"),
        (["--starts", "2206-01-01", "--ends", "2210-12-31"], "invalid_date"),
        (["--starts", "2106-01-01", "--ends", "2110-12-31"], "far_away"),
    ],
)
def test_refuses_a_period_that_cannot_be(run: Run, world: World, arguments, code) -> None:
    before = counts(world)
    assert codes(run(programme, *NEXT, *arguments, status=1)) == [code]
    assert counts(world) == before


def test_a_date_of_another_age_is_called_one(run: Run) -> None:
    dates = ["--starts", "2206-01-01", "--ends", "2210-12-31"]
    said = run(programme, *NEXT, *dates, status=1, as_json=False)
    assert "日期应在 1900 年至 2199 年之间，实际为“2206-01-01”" in said


def test_wrong_usage_is_two(run: Run) -> None:
    run(programme, "open", "2026-2030", status=2, as_json=False)
    run(work_year, "open", "next", status=2, as_json=False)


def test_a_year_opened_later_holds_the_pairings_that_run_on(run: Run, world: World) -> None:
    run(programme, *NEXT, *DATES, "--no-years")
    run(work_year, "open", "2026")
    pairing = world.pairing("P1")
    pairing.ends_on = date(2027, 6, 30)
    assert run(work_year, "open", "2027")["pairings"] == 1
    row = world.session.get_one(PairingYear, (pairing.id, 2027))
    assert (row.occupies_sending, row.occupies_receiving) == (True, True)
    assert world.session.get(PairingYearTotal, (pairing.id, 2027)) is not None
    assert world.session.get(PairingYear, (world.pairing("P2").id, 2027)) is None
    assert codes(run(work_year, "open", "2029", status=1)) == ["gap"]


def test_a_province_opens_dates_of_its_own_where_no_day_would_move(run: Run, world: World) -> None:
    own = ["--province", "640000", "--starts", "2023-03-01", "--ends", "2024-02-29"]
    logged(world)
    said = run(work_year, "open", "2022", *own[:2], "--starts", "2022-12-01", "--ends",
               "2023-11-30", "--accept-gap", status=1)  # fmt: skip
    assert codes(said) == ["days_would_move"]
    assert codes(run(work_year, "open", "2023", *own, status=1)) == ["gap"]
    assert run(work_year, "open", "2023", *own, "--accept-gap")["years"] == [2023]
    assert codes(run(work_year, "open", "2023", *own, status=1)) == ["duplicate"]
    said = run(work_year, "open", "2027", *own[:2], status=1)
    assert "outside_programme" in codes(said)
    assert "unknown_year" in codes(said)


def test_closes_only_what_is_over_unless_one_is_sure(run: Run, world: World) -> None:
    logged(world)
    close = ["close", "2022", "--reason", "演示"]
    assert codes(run(work_year, *close, status=1)) == ["still_running", "waiting_days"]
    assert codes(run(work_year, *close[:2], "--reason", " ", "--sure", status=1)) == [
        "missing_value"
    ]
    assert run(work_year, *close, "--sure", "--dry-run")["applied"] is False
    assert run(work_year, *close, "--sure")["applied"]
    assert codes(run(work_year, *close, "--sure", status=1)) == ["wrong_state"]
    assert run(work_year, "reopen", "2022", "--reason", "补正")["workdays"] == 0
    assert codes(run(work_year, "close", "2031", "--reason", "演示", status=1)) == ["unknown_year"]


def test_closing_a_period_closes_its_open_years(run: Run, world: World) -> None:
    run(work_year, "close", "2021", "--reason", "演示")
    assert (
        codes(run(programme, "close", "2021-2025", "--reason", "演示", status=1))
        == ["still_running"] * 4
    )
    world.clock.stand_on(date(2026, 1, 5))
    said = run(programme, "close", "2021-2025", "--reason", "演示")
    assert said["closed"] == [2022, 2023, 2024, 2025]
    closed = world.session.scalars(sa.select(WorkYear.closed_at)).all()
    assert None not in closed
    assert codes(run(programme, "close", "2021-2025", "--reason", "演示", status=1)) == [
        "wrong_state"
    ]
    assert codes(run(programme, "close", "X", "--reason", "演示", status=1)) == [
        "unknown_programme"
    ]
