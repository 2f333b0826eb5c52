"""The worker: claims one item after the other, and does each in one transaction.

Any number of them run side by side, in the processes of the server and in processes of their own
(``flask jobs work``). APScheduler wakes each; who does what is decided by the claim alone. One that
dies leaves nothing half done: its claim runs out, and another takes the item over.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.orm import Session

from models import JobResult
from models.database import Database
from portal.access.actor import OPERATOR, Actor
from portal.access.loading import Forbidden, Unseen
from portal.access.queries import find_actor_of_account
from portal.clock import SHANGHAI, date_of, system_now
from portal.deeds import Deed, operator_deed
from portal.jobs import claim_actions, queries, rules
from portal.jobs.claim_actions import Claim
from portal.jobs.kind import ItemAtWork, Kind
from portal.jobs.result_store import results_in
from portal.jobs.rules import LostClaim
from portal.personal_data.vault import VAULT
from portal.refusals import Refusal, Refused
from portal.settings import Settings

log = logging.getLogger("qianshou.jobs")

# What it warns of is how it should be: a second goes by while the item at hand is still worked on.
# What goes wrong in a run it logs as an error with its trace, and comes again.
logging.getLogger("apscheduler").setLevel(logging.ERROR)

PAUSE_SECONDS = 10.0
"""So long a worker leaves a database alone that does not answer, or waits for its upgrade."""


@dataclass(slots=True)
class _Held:
    """What is being worked on, and when its claim was renewed last (monotonic)."""

    claim: Claim
    task: ItemAtWork
    renewed: float
    told: tuple[int, int] = (0, 0)


class Worker:
    """One worker: a scheduler with its own threads. ``stop`` lets it end after the item at hand."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        kinds: Mapping[str, Kind],
        *,
        lease_seconds: float = rules.LEASE_SECONDS,
    ) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stop = threading.Event()
        self._database = database
        self._settings = settings
        self._kinds = kinds
        self._lease = lease_seconds
        self._files = results_in(settings.var, database.info[VAULT])
        self._held: _Held | None = None
        self._scheduler = BackgroundScheduler(
            executors={"work": ThreadPoolExecutor(1), "default": ThreadPoolExecutor(3)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            timezone=SHANGHAI,
        )

    def start(self) -> None:
        """Begin to work in threads of this process."""
        every = partial(self._scheduler.add_job, trigger="interval", next_run_time=system_now())
        every(self.work, seconds=1, id="work", executor="work")
        every(self.tidy, seconds=60)
        every(self.say_alive, seconds=20)
        every(self.renew, seconds=min(1, self._lease / 4))
        self._scheduler.start()

    def end(self) -> None:
        """Finish the item at hand, holding its claim meanwhile, and work no more."""
        self.stop.set()
        self._scheduler.remove_job("work")
        self._scheduler.remove_executor("work")  # returns when the item is finished
        self._scheduler.shutdown()
        with suppress(sa.exc.DBAPIError), self._database.writing() as session:
            claim_actions.note_gone(session, self.name)

    def run(self) -> None:
        """Work until told to stop."""
        self.start()
        self.stop.wait()
        self.end()

    def work(self) -> None:
        """Do all that is due."""
        with self._patience():
            while not self.stop.is_set() and self.work_once():
                pass

    def work_once(self) -> bool:
        """Do the one item that is due longest; return whether there was any."""
        with self._database.reading() as session:
            if not queries.is_anything_due(session, self._kinds):
                return False
        with self._database.writing() as session:
            held = claim_actions.claim(session, self._kinds, self._lease)
        if held is None:
            return False
        self._do(held)
        self._close(held.job_id)
        return True

    def tidy(self) -> None:
        """Note what has ended while its worker died, and plan what comes by itself."""
        with self._patience():
            self._tidy()

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Come again later where the database does not answer."""
        try:
            yield
        except sa.exc.DBAPIError as fault:
            log.warning("jobs wait for the database: %s", fault.orig)
            self.stop.wait(PAUSE_SECONDS)

    def _tidy(self) -> None:
        with self._database.writing() as session:
            claim_actions.drop_cancelled(session)
        with self._database.reading() as session:
            closable = queries.list_closable(session)
        for job_id in closable:
            self._close(job_id)
        for plan in [kind.plan for kind in self._kinds.values() if kind.plan]:
            # Whoever was faster has asked for the same.
            with suppress(sa.exc.IntegrityError), self._database.writing() as session:
                plan(operator_deed(session, self._settings.now()))

    def _do(self, held: Claim) -> None:
        """Do an item: committed as a whole, or put off, or dead with the reason."""
        try:
            self._carry_out(held)
        except LostClaim:
            log.warning("item %s: the claim was lost, nothing is written", held.item_id)
        except (Refused, Forbidden, Unseen) as refused:
            self._give_up(held, _sentence_of(refused))
        except Exception as fault:
            if isinstance(fault, sa.exc.DBAPIError) and fault.connection_invalidated:
                raise
            reference = secrets.token_hex(4).upper()
            log.exception("item %s failed, reference %s", held.item_id, reference)
            self._put_off(held, rules.fault_in_words(reference, held.attempts))
        finally:
            self._held = None

    def _carry_out(self, held: Claim) -> None:
        """Prepare an item, and write it in one transaction that ends with the word of the claim.

        A file of an item that comes to nothing has no row; it is swept (sweep_actions).
        """
        if held.attempts > rules.MOST_ATTEMPTS:
            raise Refused([_because(rules.CUT_OFF)])
        kind, task = self._begun(held)
        prepared = kind.prepare(task) if kind.prepare else None
        with self._database.writing() as session:
            actor = self._actor(session, task.account_id, kind)
            principal = actor.deputy_for(kind.permission) if kind.permission else None
            kind.write(Deed(session, actor, self._settings.now(), principal), task, prepared)
            if task.made:
                session.add(JobResult(job_id=held.job_id, made_at=task.now, **task.made._asdict()))
                session.flush()
            claim_actions.finish(session, held)

    def _begun(self, held: Claim) -> tuple[Kind, ItemAtWork]:
        with self._database.reading() as session:
            asked = queries.asked_in(session, held.job_id)
            kind = self._kinds[asked.kind]
            actor = self._actor(session, asked.account_id, kind)
        task = ItemAtWork(
            database=self._database,
            var=self._settings.var,
            master_key=self._settings.master_key,
            files=self._files,
            job_id=held.job_id,
            job_public_id=asked.public_id,
            account_id=asked.account_id,
            actor=actor,
            now=self._settings.now(),
            asked=asked.asked,
            item_id=held.item_id,
            part=held.part,
            token=held.token,
        )
        self._held = _Held(held, task, time.monotonic())
        return kind, task

    def _actor(self, session: Session, account_id: int | None, kind: Kind) -> Actor:
        """Return the asker with the rights held at this moment, or refuse."""
        if account_id is None:
            return OPERATOR
        actor = find_actor_of_account(session, account_id, date_of(self._settings.now()))
        if actor is None:
            raise Refused([_because(rules.NO_ACCOUNT)])
        if kind.permission and not actor.holds(kind.permission):
            raise Forbidden(kind.permission)
        return actor

    def _put_off(self, held: Claim, problem: str) -> None:
        if rules.is_worn_out(held.attempts):
            self._give_up(held, problem)
            return
        with self._database.writing() as session:
            claim_actions.put_off(session, held, problem, rules.wait_after(held.attempts))

    def _give_up(self, held: Claim, problem: str) -> None:
        with self._database.writing() as session:
            claim_actions.give_up(session, held, problem)

    def _close(self, job_id: int) -> None:
        """Note the end of a job, if this was it, and let its kind follow."""
        with self._database.reading() as session:
            if queries.has_open_items(session, job_id):
                return
        now = self._settings.now()
        with self._database.writing() as session:
            job = claim_actions.close(session, job_id, now)
            kind = self._kinds.get(job.kind) if job else None
            if job and kind and kind.closed:
                kind.closed(operator_deed(session, now), job)

    # ---- the sign of life ------------------------------------------------------------------

    # A write of somebody else may be in the way of these: the next time tries again.

    def say_alive(self) -> None:
        with suppress(sa.exc.DBAPIError), self._database.writing(is_brief=True) as session:
            claim_actions.note_alive(session, self.name)

    def renew(self) -> None:
        """Renew the claim of the item at hand, if it is time or it is further than it was."""
        held = self._held
        if held is None:
            return
        steps = held.task.steps
        if steps == held.told and time.monotonic() - held.renewed < self._lease / 3:
            return
        with suppress(sa.exc.DBAPIError):
            with self._database.writing(is_brief=True) as session:
                is_held = claim_actions.renew(session, held.claim, self._lease, steps)
            held.renewed, held.told = time.monotonic(), steps
            held.task.is_lost = held.task.is_lost or not is_held


def _because(sentence: str) -> Refusal:
    return Refusal("", "job", sentence)


def _sentence_of(refused: Refused | Forbidden | Unseen) -> str:
    if isinstance(refused, Refused):
        return "".join(one.sentence for one in refused.refusals)
    return rules.NO_PERMISSION if isinstance(refused, Forbidden) else rules.GONE
