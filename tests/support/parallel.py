"""Requests at the same time, each in a thread and a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from models.database import Database
from portal.refusals import Refused
from portal.web.frame import SERIALISATION_FAULTS, TRIES
from tests.support.clock import Clock
from tests.support.world import World


def at_once(
    database: Database, clock: Clock, attempts: Sequence[Callable[[World], object]]
) -> list[str]:
    """Run each attempt in a thread and a transaction of its own, all starting together.

    As the frame does, what a constraint refuses is tried anew, three times at most, and so is what
    PostgreSQL ends because two waited for each other.
    """
    ready = threading.Barrier(len(attempts))

    def run(attempt: Callable[[World], object]) -> str:
        with database.open() as session:
            world = World(session, clock)
            ready.wait()
            for _ in range(TRIES):
                try:
                    attempt(world)
                    session.commit()
                except IntegrityError:
                    session.rollback()
                except OperationalError as fault:
                    if getattr(fault.orig, "sqlstate", None) not in SERIALISATION_FAULTS:
                        raise
                    session.rollback()
                except StaleDataError:
                    return "changed_meanwhile"
                except Refused as refused:
                    return refused.refusals[0].code
                else:
                    return "done"
        return "never"

    with ThreadPoolExecutor(len(attempts)) as threads:
        return sorted(threads.map(run, attempts))
