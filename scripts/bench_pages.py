"""Measure the pages: rows 4, 5, 7, 8, 13 and 14 of the performance budget.

    python scripts/bench_pages.py [--postgres] [--large] [--rounds N] [--short] [--details] [--json FILE]

Two databases of the same programme, one with a tenth of the working days, each behind a server of
its own; what is compared is measured in turns. On PostgreSQL the server is that of the tests,
which does not wait for the disk.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models import Pairing, Workday
from models.database import Database
from scripts.bench_data import YEAR, L, M, tenth
from scripts.bench_deep import deep_pages
from scripts.bench_site import CONNECTIONS, INFO, Site, two_sites
from scripts.bench_table import Figure, figure, table, write_json
from scripts.bench_web import Client, median_ms

FETCHES = 9
"""Fetches of a page in a round; the round's figure is their median."""

SHORT_LIST = 25
"""Rows of the list page that other pages are compared with."""

SUMMARY = f"/summary?year={YEAR}"
DASHBOARD = f"/dashboard?year={YEAR}"

LISTS = [
    "/workdays",
    "/workdays?sort=date",
    "/workdays?sort=entered",
    "/workdays?sort=-entered",
    "/workdays?side=received",
    "/workdays?state=approved",
    "/workdays?state=submitted",
    f"/workdays?month={YEAR}-03",
    f"/workdays?person={quote('压测')}",
    "/people",
    "/organisations",
    "/pairings",
    "/assignments",
]
"""What the lists of row 14 are asked for: each order, and what leaves many rows and few."""


def main() -> int:
    options = _options()
    size = L if options.large else M
    with two_sites((size, tenth(size)), postgres=options.postgres) as (full, less):
        figures = _pages(full, less, options.rounds)
        if not options.short:
            figures = [*_log_posts(full, less, options.rounds), *figures]
        lists = [] if options.short else _lists(full, options.rounds)
        for site in (full, less):
            site.check_what_was_written()
    if options.details:
        print(table(lists), end="\n\n")
    if lists:
        figures.append(max(lists, key=lambda one: one.ratio))
    print(table(figures))
    if options.json:
        write_json(figures, options.json)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not on SQLite")
    parser.add_argument("--large", action="store_true", help="5 million working days, not 0.5")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="only rows 7, 8 and 13")
    parser.add_argument("--details", action="store_true", help="show every list of row 14")
    parser.add_argument("--json", type=Path, help="keep the figures in a file")
    return parser.parse_args()


def _log_posts(full: Site, less: Site, rounds: int) -> list[Figure]:
    """Rows 4 and 5. The first round of each is thrown away: connections and caches are new."""
    nothing, posts, posts_less, share = [], [], [], []
    for number in range(rounds + 1):
        empty, post, post_less = full.fetch_nothing(), full.log_days(), less.log_days()
        if number > 0:
            nothing.append(empty.rate)
            posts.append(post.rate)
            posts_less.append(post_less.rate)
            share.append(empty.client_share)
    busy = f"the client took {max(share):.2f} of the cores beside the empty GET"
    return [
        figure(
            "4",
            f"log POST /s ÷ empty GET /s, {CONNECTIONS} connections",
            posts,
            nothing,
            least=(0.10, 0.15),
            note=busy,
        ),
        figure(
            "5",
            f"log POST at {_days(full)} ÷ at {_days(less)} logs",
            posts,
            posts_less,
            least=(0.85, 0.95),
        ),
    ]


class _Times(NamedTuple):
    """Milliseconds of each round."""

    short_list: list[float]
    summary: list[float]
    summary_less: list[float]
    dashboard: list[float]
    dashboard_less: list[float]


def _pages(full: Site, less: Site, rounds: int) -> list[Figure]:
    """Rows 7, 8 and 13."""
    short_list = _short_list(full)
    pages = [
        (full.national, short_list),
        (full.national, SUMMARY),
        (less.national, SUMMARY),
        (full.provincial, DASHBOARD),
        (less.provincial, DASHBOARD),
    ]
    times = _Times(*_in_turns(pages, rounds))
    many = f"{full.size.pairings:,} pairings"
    flat = f"with {_days(full)} ÷ with {_days(less)} logs"
    return [
        figure(
            "7",
            f"summary of {many} ÷ list page of {SHORT_LIST} rows",
            times.summary,
            times.short_list,
            most=(10, 3),
        ),
        figure("8", f"the same page {flat}", times.summary, times.summary_less, most=(1.2, 1.05)),
        figure(
            "13",
            f"provincial dashboard ÷ list page of {SHORT_LIST} rows",
            times.dashboard,
            times.short_list,
            most=(4, 2),
        ),
        figure(
            "13", f"the dashboard {flat}", times.dashboard, times.dashboard_less, most=(1.5, 1.1)
        ),
    ]


def _lists(site: Site, rounds: int) -> list[Figure]:
    """Row 14: each list, its deep page beside its first."""
    deep = deep_pages(site.settings, site.national, LISTS)
    pages = [
        (site.national, path)
        for first, far in zip(LISTS, deep, strict=True)
        for path in (first, far.path)
    ]
    times = _in_turns(pages, rounds)
    return [
        figure(
            "14",
            f"GET {first}: page {far.number:,} ÷ page 1",
            times[2 * number + 1],
            times[2 * number],
            most=(1.3, 1.1),
        )
        for number, (first, far) in enumerate(zip(LISTS, deep, strict=True))
    ]


def _in_turns(pages: list[tuple[Client, str]], rounds: int) -> list[list[float]]:
    """Fetch the pages one after another, round by round; a first round warms the caches."""
    times: list[list[float]] = [[] for _ in pages]
    for number in range(rounds + 1):
        for one, (client, path) in zip(times, pages, strict=True):
            taken = median_ms(client, path, FETCHES)
            if number > 0:
                one.append(taken)
    return times


def _short_list(site: Site) -> str:
    """Return the address of a list of working days, filtered, that has exactly so many rows."""
    database = Database(site.settings.database_url, INFO)
    month = sa.func.substr(sa.cast(Workday.worked_on, sa.Text), 1, 7)
    with database.reading() as session:
        code, one = session.execute(
            sa.select(Pairing.code, month)
            .join(Workday, Workday.pairing_id == Pairing.id)
            # Beyond the pairings whose people log days in this very bench.
            .where(Workday.pairing_id.between(1000, 1200))
            .group_by(Pairing.code, month)
            .having(sa.func.count() == SHORT_LIST)
            .order_by(Pairing.code)
            .limit(1)
        ).one()
    database.engine.dispose()
    return f"/workdays?year={YEAR}&pairing={code}&month={one}"


def _days(site: Site) -> str:
    return f"{site.size.workdays / 1e6:g} M"


if __name__ == "__main__":
    sys.exit(main())
