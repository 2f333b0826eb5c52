"""Measure the summary as of an earlier day, beside the same page of today, by computing time.

    python scripts/bench_as_of.py [--rounds N] [--json FILE]

On the demonstration programme, SQLite, in one process: what another one does is not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flask.testing import FlaskClient

from portal.access.demo_account_rules import DEMO_PASSWORD
from portal.commands import load_reference_data
from portal.deeds import operator_deed
from portal.demo.actions import load_demo
from portal.rooms import HOUSE
from portal.schema import upgrade_schema
from scripts.bench_table import Figure, figure, table, write_json
from tests.support.clock import Clock
from tests.support.portal import make_portal

TODAY = date(2026, 11, 20)
DAYS = (date(2026, 10, 31), date(2025, 6, 30))
"""In the year that runs, and in one that is over."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", type=Path, help="keep the figures in a file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qianshou-bench-") as folder:
        client = _signed_in(Path(folder))
        figures = [_figure(client, day, options.rounds) for day in DAYS]
    print(table(figures))
    if options.json:
        write_json(figures, options.json)
    return 0


def _signed_in(folder: Path) -> FlaskClient:
    """Load the demonstration; return a client that the national officer has signed in with."""
    clock = Clock(TODAY)
    app = make_portal(f"sqlite:///{folder / 'demo.db'}", clock, folder)
    app.config["WTF_CSRF_ENABLED"] = False
    database = app.extensions["qianshou_database"]
    upgrade_schema(database)
    password = app.extensions["qianshou_passwords"].hash(DEMO_PASSWORD)
    with database.writing() as session:
        load_reference_data(operator_deed(session, clock()))
        load_demo(operator_deed(session, clock()), password, HOUSE.demonstrate)
    client = app.test_client()
    who = {"login": "yanshi-national", "password": DEMO_PASSWORD}
    answer = client.post("/sign-in", data=who)
    if answer.status_code != HTTPStatus.FOUND:
        message = f"nobody was signed in: {answer.status}"
        raise RuntimeError(message)
    return client


def _figure(client: FlaskClient, day: date, rounds: int) -> Figure:
    """Ask for both pages in turns; the first round is thrown away."""
    today, then = f"/summary?year={day.year}", f"/summary?year={day.year}&as_of={day}"
    costs: dict[str, list[int]] = {today: [], then: []}
    for _ in range(rounds + 1):
        for path, found in costs.items():
            began = time.process_time_ns()
            answer = client.get(path)
            found.append(time.process_time_ns() - began)
            if answer.status_code != HTTPStatus.OK:
                message = f"{path} answers {answer.status}"
                raise RuntimeError(message)
    return figure(
        "as of",
        f"the summary of {day.year} as of {day} ÷ today's",
        costs[then][1:],
        costs[today][1:],
        most=(2, 1.3),
        note=f"{sorted(costs[today][1:])[rounds // 2] / 1e6:.0f} ms today's",
    )


if __name__ == "__main__":
    sys.exit(main())
