"""kill -9 in the midst of payments: nothing acknowledged is lost, nothing is doubled, the books are in order.

``make money-kills`` kills 200 processes on each database.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models import Disbursement, FundAllocation, LedgerEntry
from models.database import Database
from models.types import LedgerKind
from portal.access.queries import find_actor
from portal.checks import verify
from portal.deeds import VAR, Deed, session_info
from portal.funding.payment_actions import Payment, confirm_receipt, disburse
from portal.ledger.check_queries import CHECKS
from portal.refusals import Refused
from tests.support.clock import Clock
from tests.support.databases import MASTER_KEY
from tests.support.measured import Measured
from tests.support.money import PAID_ON, PROVINCIAL, RECEIVED_ON, approved
from tests.support.world import World

KILLS = int(os.environ.get("MONEY_KILLS", "3"))
"""So many processes are killed while they pay; ``MONEY_KILLS=200`` is the full form."""

FEN = 101


def pay_without_end(url: str, var: str, now: datetime, allocation_id: int, pipe: Any) -> None:
    """Pay and confirm, voucher after voucher, and say of each when it is committed; until killed.

    The first voucher may have been paid by whoever was killed before: then it is refused as such.
    """
    database = Database(url, session_info(MASTER_KEY, Path(var)))
    number = pipe.recv()
    while True:
        with database.open() as session:
            officer = Deed(session, _actor(session, "sending_province_officer"), now)
            one = session.get_one(FundAllocation, allocation_id)
            try:
                (payment,) = disburse(officer, [Payment(one, FEN, PAID_ON, f"演示{number}")])
            except Refused as refused:
                assert [each.code for each in refused.refusals] == ["duplicate"]  # noqa: PT017
                session.rollback()
            else:
                if number % 2:
                    manager = Deed(session, _actor(session, "sending_manager"), now)
                    confirm_receipt(manager, payment, received_on=RECEIVED_ON, received_fen=FEN)
                session.commit()
        pipe.send(number)
        number += 1


def _actor(session: Any, persona: str) -> Any:
    found = find_actor(session, persona)
    assert found is not None
    return found


def killed_while_paying(
    url: str, var: Path, clock: Clock, allocation_id: int, first: int
) -> Iterator[int]:
    """Yield the vouchers that a process said were paid before it was killed."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    work = (url, str(var), clock(), allocation_id, theirs)
    process = context.Process(target=pay_without_end, args=work)
    process.start()
    theirs.close()
    ours.send(first)
    yield ours.recv()
    time.sleep(random.random() * 0.1)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    try:
        while True:
            yield ours.recv()
    except (EOFError, ConnectionResetError):
        ours.close()


def test_whoever_is_killed_while_paying_loses_nothing_and_doubles_nothing(
    world: World, world_database: Database, measured: Measured
) -> None:
    allocation_id = approved(world, 10**9, PROVINCIAL).id
    world.session.commit()
    var = world_database.info[VAR]
    told: list[int] = []
    for _ in range(KILLS):
        first = told[-1] + 1 if told else 1
        told += killed_while_paying(world_database.url, var, world.clock, allocation_id, first)
    session = world.session
    session.expire_all()
    vouchers = list(
        session.scalars(sa.select(Disbursement.voucher_number).order_by(Disbursement.id))
    )
    assert told == list(range(1, len(told) + 1))
    assert {f"演示{number}" for number in told} <= set(vouchers)
    assert len(vouchers) == len(set(vouchers))
    assert len(vouchers) - len(told) in (0, 1)
    allocation = session.get_one(FundAllocation, allocation_id)
    moved = session.scalar(
        sa.select(sa.func.sum(LedgerEntry.amount_fen)).where(
            LedgerEntry.kind == LedgerKind.DISBURSEMENT
        )
    )
    assert allocation.disbursed_fen == moved == len(vouchers) * FEN
    assert [one.fault for one in verify(session, CHECKS) if one.fault] == []
    kind = "SQLite" if world_database.is_sqlite else "PostgreSQL"
    measured(
        f"payments killed on {kind}",
        f"{KILLS} killed, {len(told)} told of, {len(vouchers)} paid, 0 lost, 0 doubled",
    )
