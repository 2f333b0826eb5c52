"""Measure the commonest deed: row 4 of the performance budget by computing time.

    python scripts/bench_deed.py [--postgres] [--large] [--rounds N] [--json FILE]

Who waits for whom and what else the machine does change how many requests a second there are; what
the server computes for one, hardly. Log posts and empty GETs take turns on one connection, and the
processes of the server say what each has cost them (Linux only; without what PostgreSQL computes).
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.bench_data import L, M
from scripts.bench_site import TAKEN, Site, one_site
from scripts.bench_table import Figure, figure, table, write_json
from scripts.bench_web import EMPTY, Client

TURNS, POSTS, EMPTIES = 12, 5, 40
"""Turns in a round, and the requests of each kind in a turn."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not on SQLite")
    parser.add_argument("--large", action="store_true", help="5 million working days, not 0.5")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="keep the figures in a file")
    options = parser.parse_args()
    with one_site(L if options.large else M, postgres=options.postgres) as site:
        found = _computing(site, options.rounds)
        site.check_what_was_written()
    print(table([found]))
    if options.json:
        write_json([found], options.json)
    return 0


def _computing(site: Site, rounds: int) -> Figure:
    """Compare what one request of each kind costs; the first round is thrown away."""
    client = Client(site.server.port)
    empty = client.request("GET", EMPTY)
    posts, empties = [], []
    for _ in range(rounds + 1):
        cost_of_posts = cost_of_empties = 0
        for _ in range(TURNS):
            began = site.server.computing_ns()
            for _ in range(EMPTIES):
                client.send(empty)
            between = site.server.computing_ns()
            statuses = {client.send(one).status for one in itertools.islice(site.requests, POSTS)}
            if statuses != TAKEN:
                message = f"a working day was not taken: {sorted(statuses)}"
                raise RuntimeError(message)
            site.posted += POSTS
            cost_of_empties += between - began
            cost_of_posts += site.server.computing_ns() - between
        posts.append(cost_of_posts / TURNS / POSTS)
        empties.append(cost_of_empties / TURNS / EMPTIES)
    return figure(
        "4",
        "computing time of a log POST ÷ of an empty GET",
        posts[1:],
        empties[1:],
        most=(16, 10),
        note=f"{sorted(posts[1:])[rounds // 2] / 1e6:.2f} ms of the server's processes",
    )


if __name__ == "__main__":
    sys.exit(main())
