"""``flask summary`` of a pairing on the day before, and on the day of, the second confirmation."""

import json
from datetime import date
from typing import Any

import flask

from tests.summaries.test_commands import run
from tests.support.unconfirmed import confirm, unconfirm
from tests.support.world import World

BEFORE, AFTER = date(2022, 11, 22), date(2022, 11, 23)


def pairing_on(portal: flask.Flask, day: date, code: str = "P1") -> dict[str, Any]:
    found = run(portal, "--year", "2022", "--as-of", day.isoformat())
    assert found.exit_code == 0, found.output
    return next(one for one in json.loads(found.stdout)["pairings"] if one["code"] == code)


def test_a_pairing_counts_from_the_day_of_its_second_confirmation(
    busy: World, portal: flask.Flask
) -> None:
    """Its days were logged under a former release, which let them in before the confirmation."""
    unconfirm(busy)
    busy.clock.stand_on(AFTER)
    confirm(busy)
    busy.session.commit()
    figures = ("sent_staff", "sent_days", "received_days", "sent_days_pending")
    before, after = (
        [pairing_on(portal, day)[figure] for figure in figures] for day in (BEFORE, AFTER)
    )
    assert before == [0, 0.0, 0.0, 2.5]
    assert after == [2, 2.5, 1.5, 0.0]
    assert pairing_on(portal, AFTER) == next(
        one
        for one in json.loads(run(portal, "--year", "2022").stdout)["pairings"]
        if one["code"] == "P1"
    )
