"""Payments sent at once to the processes of a real server: never one yuan too much, never one form twice.

``make money-races`` sends 10,000 payments for the last yuan, and 200 forms 20 times each.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from models import Disbursement, FundAllocation, LedgerEntry
from models.database import Database
from models.types import LedgerKind
from portal.checks import verify
from portal.ledger.check_queries import CHECKS
from tests.support.clock import Clock
from tests.support.measured import Measured
from tests.support.money import PROVINCIAL, approved
from tests.support.race_server import Answer, Client, cookie_of, new_form, serving
from tests.support.world import World

ATTEMPTS = int(os.environ.get("MONEY_ATTEMPTS", "60"))
"""Payments of a yuan each; 10,000 in the full form."""
ROUNDS = int(os.environ.get("MONEY_ROUNDS", "2"))
"""Forms that are sent by all at once; 200 in the full form."""
EACH = 20
"""Browsers at once: attempts for the last yuan of one allocation, copies of one form."""

FOUND, SHOWN_AGAIN, CONFLICT = 302, 200, 409


class Racers:
    """Browsers of the sending province's officer, each with a connection and a thread."""

    def __init__(self, port: int, cookie: str, path: str) -> None:
        self.clients = [Client(port, cookie) for _ in range(EACH)]
        for one in self.clients:
            one.open_form(path)
        self._pool = ThreadPoolExecutor(EACH)

    def at_once(self, send: Callable[[int, Client], Answer]) -> list[Answer]:
        """Have every browser send its form at the same moment."""
        ready = threading.Barrier(EACH)

        def run(number: int) -> Answer:
            ready.wait()
            return send(number, self.clients[number])

        return list(self._pool.map(run, range(EACH)))

    def close(self) -> None:
        self._pool.shutdown()
        for one in self.clients:
            one.close()


def payment(voucher: str) -> dict[str, str]:
    return new_form(amount="1", paid_on="2022-03-01", voucher_number=voucher)


def paths_of(allocations: Sequence[FundAllocation]) -> list[str]:
    return [f"/funds/allocations/{one.public_id}/payments/new" for one in allocations]


def test_nobody_pays_too_much_and_no_form_pays_twice(
    world_database: Database, clock: Clock, tmp_path: Path, measured: Measured
) -> None:
    fights = -(-ATTEMPTS // EACH)
    chosen = random.Random(10)
    lasts = [chosen.randrange(1, 4) for _ in range(fights)]
    with world_database.writing() as session:
        world = World(session, clock)
        allocations = [approved(world, 100 * last, PROVINCIAL) for last in (*lasts, ROUNDS)]
        cookie = cookie_of(world.token("sending_province_officer"))
        *contested, copied = paths_of(allocations)
    with (
        serving(world_database, tmp_path) as port,
        closing(Racers(port, cookie, copied)) as racers,
    ):
        begin = time.monotonic()
        answers: Counter[int] = Counter()
        for fight, path in enumerate(contested):
            sent = racers.at_once(
                lambda number, client, path=path, fight=fight: client.send(  # type: ignore[misc]
                    path, payment(f"演示{fight}-{number}")
                )
            )
            answers.update(one.status for one in sent)
        raced = time.monotonic() - begin
        unequal = 0
        for turn in range(ROUNDS):
            form = payment(f"演示同一张{turn}")
            sent = racers.at_once(lambda _, client, form=form: client.send(copied, form))  # type: ignore[misc]
            unequal += len(set(sent)) - 1 + (sent[0].status != FOUND)
    with world_database.reading() as session:
        rows = session.scalars(sa.select(FundAllocation).order_by(FundAllocation.id)).all()
        paid = Counter(session.scalars(sa.select(Disbursement.allocation_id)))
        moved = session.scalar(
            sa.select(sa.func.count()).where(LedgerEntry.kind == LedgerKind.DISBURSEMENT)
        )
        faults = [one.fault for one in verify(session, CHECKS) if one.fault]
    over = sum(one.disbursed_fen > one.amount_fen for one in rows)
    exact = sum(paid[one.id] * 100 == one.disbursed_fen == one.amount_fen for one in rows[:-1])
    kind = "SQLite" if world_database.is_sqlite else "PostgreSQL"
    measured(
        f"payments raced on {kind}",
        f"{fights * EACH} for the last yuan of {fights}: {answers[FOUND]} paid of {sum(lasts)},"
        f" {over} over-paid, {exact} exactly, answers {dict(answers)}, {raced:.0f} s;"
        f" {ROUNDS} forms x {EACH}: {paid[rows[-1].id]} payments, {unequal} unequal answers",
    )
    assert over == 0
    assert exact == fights
    assert answers[FOUND] == sum(lasts)
    assert set(answers) <= {FOUND, SHOWN_AGAIN, CONFLICT}
    assert unequal == 0
    assert paid[rows[-1].id] == ROUNDS
    assert moved == sum(lasts) + ROUNDS
    assert faults == []
