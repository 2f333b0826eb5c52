"""What the demonstration lacks and some pages are made for: decisions that wait, files, a stranger.

Made through the actions of the portal, so that every page of the URL map has an object to show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Account,
    Allocation,
    ImportBatch,
    ImportedAccount,
    ImportedRow,
    JobItem,
    JobResult,
    Organisation,
    Pairing,
    Person,
    Workday,
)
from models.types import (
    CertLevel,
    FeedbackKind,
    FeedbackState,
    ImportKind,
    ItemState,
    Role,
    Side,
    Task,
    WorkdayState,
    WorkMode,
)
from portal.access.demo_account_rules import DEMO_ACCOUNTS, SENDING_PROVINCE
from portal.access.queries import find_actor
from portal.accounts.actions import open_account, propose_grant
from portal.confirmations.actions import return_workday
from portal.corrections.actions import correct_workday
from portal.deeds import Deed
from portal.feedback.actions import Message, answer_feedback, send_feedback
from portal.imports.actions import stage
from portal.imports.checking_apart import check, read_file
from portal.imports.finding_store import Findings
from portal.imports.kinds import KINDS
from portal.imports.staging_store import StagedFiles
from portal.jobs.actions import ask
from portal.jobs.result_store import results_in
from portal.people.actions import record_certificate, register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.personal_data.vault import Vault
from portal.settlements.actions import settle, submit_settlement
from portal.staffing.actions import nominate
from portal.standards.id_number import make_id_number
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry
from tests.support.databases import MASTER_KEY

PAIRING = "YS26-640303"
"""The pairing of the demonstration accounts: 福建 → 红寺堡区, 宁夏."""

UPLOADED = {
    # Who has uploaded a file of which kind that waits for the second click.
    "yanshi-national": (ImportKind.ALLOCATIONS, "工作年度,援派省代码,受援省代码,任务数"),
    **dict.fromkeys(
        ("yanshi-prov", "yanshi-prov-send"),
        (ImportKind.PAIRINGS, "结对编号,援派机构信用代码,受援机构信用代码,受援县代码"),
    ),
    "yanshi-county": (ImportKind.ORGANISATIONS, "统一社会信用代码,机构名称,机构类型,所在地代码"),
    "yanshi-send-mgr": (ImportKind.PEOPLE, "机构信用代码,姓名,身份证件号"),
    "yanshi-recv-mgr": (ImportKind.PEOPLE, "机构信用代码,姓名,身份证件号"),
    "yanshi-sys-admin": (ImportKind.ACCOUNTS, "登录名,姓名,角色,范围"),
}

COLLEAGUE = "yanshi-prov-send-2"
OF_TWENTY, APPROVER_OF_TWENTY = "yanshi-sichuan", "yanshi-sichuan-2"
"""Two officers of 四川, which pays twenty organisations."""


def add_further_cases(deed: Deed, var: Path) -> None:
    """Add every case; ``var`` is the folder of the app that will show them."""
    Builder(deed, var).build()


@dataclass
class Builder:
    deed: Deed
    var: Path

    @property
    def session(self) -> Session:
        return self.deed.session

    def build(self) -> None:
        pairing = self.session.scalars(sa.select(Pairing).where(Pairing.code == PAIRING)).one()
        self._grant()
        self._nominations(pairing)
        for login in ("yanshi-send-staff", "yanshi-recv-staff"):
            self._days(login, pairing)
        self._files()
        self._messages()
        self._jobs()
        self._colleague()
        self._settlement(pairing)

    def deed_of(self, login: str) -> Deed:
        actor = find_actor(self.session, login)
        assert actor is not None, f"no account {login}"
        return Deed(self.session, actor, self.deed.now)

    def _colleague(self) -> None:
        """Somebody beside the officer of the sending province, who approves what that one planned;
        and both of a province of twenty organisations."""
        for login, scope_code in (
            (COLLEAGUE, SENDING_PROVINCE),
            (OF_TWENTY, "510000"),
            (APPROVER_OF_TWENTY, "510000"),
        ):
            open_account(
                self.deed,
                login=login,
                password_hash="none: tests come in by session",
                name="演示·省级民政复核",
                role=Role.PROV_CIVIL,
                scope_code=scope_code,
                person=None,
            )

    def _settlement(self, pairing: Pairing) -> None:
        """A settlement of the shown organisation: of the next year, in which nothing is booked."""
        organisation = self.session.get_one(Organisation, pairing.sending_organisation_id)
        year = self.deed.today.year + 1
        manager = self.deed_of("yanshi-send-mgr")
        settlement = submit_settlement(manager, organisation, year, wish=None)
        settle(self.deed_of("yanshi-prov-send"), [settlement])

    def _account(self, login: str) -> Account:
        return self.session.scalars(sa.select(Account).where(Account.login == login)).one()

    def _grant(self) -> None:
        account = self._account("yanshi-association")
        propose_grant(self.deed_of("yanshi-sys-admin"), account, Role.EVALUATOR, "640000")

    def _nominations(self, pairing: Pairing) -> None:
        for side, login, organisation_id, serial in (
            (Side.SENT, "yanshi-send-mgr", pairing.sending_organisation_id, 901),
            (Side.RECEIVED, "yanshi-recv-mgr", pairing.receiving_organisation_id, 902),
        ):
            organisation = self.session.get_one(Organisation, organisation_id)
            number = make_id_number("110105", date(1999, 3, 1), serial)
            facts = PersonFacts(f"演示待批{side.label}", number, None, date(2023, 9, 1))
            person = register_person(self.deed, organisation, facts)
            certificate = CertificateFacts(
                CertLevel.ASSISTANT, f"演示证书{serial}", date(2023, 6, 1)
            )
            record_certificate(self.deed, person, certificate)
            nominate(
                self.deed_of(login),
                pairing=pairing,
                person=person,
                side=side,
                starts_on=self.deed.today,
                ends_on=None,
            )

    def _days(self, login: str, pairing: Pairing) -> None:
        """One day of the worker in each state that asks for something, and a correction."""
        deed = self.deed_of(login)
        person = self.session.get_one(Person, deed.actor.person_id)
        own = sa.select(Workday).where(
            Workday.person_id == person.id, Workday.pairing_id == pairing.id
        )
        free = self._free_days(own)
        log_workday(deed, pairing=pairing, person=person, entry=_entry(next(free)), submit=False)
        returned = log_workday(
            deed, pairing=pairing, person=person, entry=_entry(next(free)), submit=True
        )
        manager = self.deed_of("yanshi-send-mgr" if "send" in login else "yanshi-recv-mgr")
        return_workday(manager, returned, "演示：请写明走访了哪几户")
        log_workday(deed, pairing=pairing, person=person, entry=_entry(next(free)), submit=True)
        approved = self.session.scalars(
            own.where(Workday.state == WorkdayState.APPROVED).order_by(Workday.worked_on.desc())
        ).first()
        assert approved is not None, f"{login} has no approved day in {PAIRING}"
        entry = _entry(approved.worked_on)._replace(half_days=1)
        correct_workday(deed, approved, entry, "演示：当天下午请假")

    def _free_days(self, own: sa.Select[tuple[Workday]]) -> Iterable[date]:
        taken = {row.worked_on for row in self.session.scalars(own)}
        days = (self.deed.today - timedelta(days=back) for back in range(1, 120))
        return iter([day for day in days if day not in taken and day.isoweekday() < 6])

    def _files(self) -> None:
        """Lay an upload of one row of which nothing is right, with its file."""
        files = StagedFiles(self.var / "uploads", Vault(MASTER_KEY))
        for login, (kind, headers) in UPLOADED.items():
            row = ",".join(f"{login}不存在" for _ in headers.split(","))
            content = f"{headers}\n{row}\n".encode()
            digest = hashlib.sha256(content).digest()
            files.keep(digest, content, self.deed.now)
            deed = self.deed_of(login)
            checked = check(deed, read_file(KINDS[kind], f"演示{kind.label}.csv", content))
            findings = Findings.of(checked, deed.now)
            files.keep_findings(stage(deed, findings).public_id, findings, content, deed.now)
            self._carried_out(deed, kind)

    def _carried_out(self, deed: Deed, kind: ImportKind) -> None:
        """An import of a kind that is said to have brought something on which others have built."""
        pairing = self.session.scalars(sa.select(Pairing).where(Pairing.code == PAIRING)).one()
        organisations = {grant.organisation_id for grant in deed.actor.grants}
        account = sa.select(Account.id).where(Account.login == "yanshi-association")
        own = sa.select(sa.func.min(Person.id)).where(Person.organisation_id.in_(organisations))
        find = self.session.scalar
        batch = ImportBatch(
            kind=kind,
            file_name=f"演示已导入的{kind.label}.csv",
            file_hash=bytes(32),
            account_id=deed.actor.account_id,
            staged_at=deed.now,
            checked_at=deed.now,
            applied_at=deed.now,
            rows=1,
            accepted=1,
            refused=0,
            unchanged=0,
        )
        self.session.add(batch)
        self.session.flush()
        self.session.add(
            {
                ImportKind.ALLOCATIONS: lambda **of: ImportedRow(
                    allocation_id=find(sa.select(sa.func.min(Allocation.id))), **of
                ),
                ImportKind.PAIRINGS: lambda **of: ImportedRow(pairing_id=pairing.id, **of),
                ImportKind.ORGANISATIONS: lambda **of: ImportedRow(
                    organisation_id=pairing.receiving_organisation_id, **of
                ),
                ImportKind.PEOPLE: lambda **of: ImportedRow(person_id=find(own), **of),
                ImportKind.ACCOUNTS: lambda **of: ImportedAccount(account_id=find(account), **of),
            }[kind](import_id=batch.id)
        )

    def _jobs(self) -> None:
        """A background job of everybody that has ended, with its file."""
        for one in DEMO_ACCOUNTS:
            job = ask(self.deed_of(one.login), "nightly", key=one.login, title="演示任务")
            job.finished_at = self.deed.now
            results_in(self.var, Vault(MASTER_KEY)).keep(one.login, b"made", self.deed.now)
            made = JobResult(
                job_id=job.id,
                stored=one.login,
                file_name="演示.csv",
                plain_name="demo.csv",
                media_type="text/csv",
                rows=1,
                made_at=self.deed.now,
            )
            self.session.add(made)
            items = sa.update(JobItem).where(JobItem.job_id == job.id)
            self.session.execute(items.values(state=ItemState.DONE))

    def _messages(self) -> None:
        """One message of a worker that has an answer, one that has none."""
        deed = self.deed_of("yanshi-send-staff")
        for text in ("演示：填报页面打不开", "演示：希望日历显示农历"):
            message = send_feedback(deed, Message(FeedbackKind.COMPLAINT, text, "/workdays/new"))
        answer_feedback(
            self.deed_of("yanshi-sys-admin"),
            message,
            "演示：已转研发",
            FeedbackState.ANSWERED,
            seen=message.version,
        )


def _entry(day: date) -> Entry:
    return Entry(day, 2, WorkMode.ONSITE, Task.T3, None, f"演示：{day}入户走访两户", "演示补录")
