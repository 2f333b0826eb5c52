"""The small programme widened until every relation between an actor and an object exists.

Who stands where is written down here as plain tables; the rows are made from them through the
actions of the portal, and the tests of access (tests/architecture, tests/security) compute from
them, not from the database, who may see what.

Added to the small world: ``P4``, neighbours of both sides of ``P1``, in the same county; ``P5``,
inside 宁夏, in a county of another prefecture; ``P6``, which waits for the other province and has
people and days of a former release; ``PX``,
a pairing of ``sending`` with a former partner in 贵州 that was terminated in 2021; one row of the
task-allocation table.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from models import (
    Account,
    Assignment,
    Certificate,
    CertificateFile,
    Expenditure,
    ExpenditureFile,
    ImportBatch,
    JobItem,
    JobResult,
    Organisation,
    OrganisationFile,
    Pairing,
    PairingException,
    PairingFile,
    Person,
    PersonFile,
    Workday,
    WorkdayFile,
)
from models.types import (
    CertLevel,
    DocumentKind,
    ExpenseCategory,
    FeedbackKind,
    FeedbackState,
    FileKind,
    FundSource,
    ImportKind,
    ItemState,
    Line,
    PairingState,
    Role,
    Side,
    WorkdayState,
    WorkMode,
)
from portal.access.queries import find_actor
from portal.access.session_actions import start_session
from portal.awards.actions import AwardClaim, claim_awards
from portal.awards.local_actions import record_rule
from portal.awards.local_rules import Giving
from portal.changes.actions import terminate_pairing
from portal.confirmations.actions import approve_workdays, confirm_workdays, return_workday
from portal.corrections.actions import correct_workday
from portal.deeds import Deed
from portal.documents.actions import issue
from portal.feedback.actions import Message, answer_feedback, send_feedback
from portal.files.actions import attach
from portal.files.content_rules import Judged
from portal.files.queries import pegs_of
from portal.funding.actions import PlannedFunds, Raised, plan_allocations, record_income
from portal.funding.payment_actions import Payment, disburse
from portal.imports import finding_store as found
from portal.jobs.actions import ask
from portal.maps.actions import upload_map
from portal.organisations.actions import register_organisation
from portal.oversight.actions import open_review
from portal.oversight.rules import Handling
from portal.pairings.actions import create_pairing
from portal.papers.queries import certificate_facts
from portal.people.actions import record_certificate, register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.programme.allocation_actions import set_allocation
from portal.programme.parameter_actions import add_parameter
from portal.programme.rules import AllocationFacts
from portal.saved_views.actions import save_view
from portal.saved_views.rules import Draft
from portal.settlements.actions import submit_settlement
from portal.spending.actions import claim_expenditures
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import Spending
from portal.staffing.actions import nominate
from portal.standards.credit_code import make_credit_code
from portal.standards.id_number import make_id_number
from portal.totals.actions import refresh_pairing
from portal.transfers.actions import confirm_transfer, pass_on
from portal.transfers.rules import TransferAsked
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry
from tests.support import world as small
from tests.support.maps import NUMBER, map_file

MESSAGE_ID = "FEEDBACKFEEDBACK"
MAP_ID = "MAPMAPMAPMAPMAPM"

ORGANISATIONS = small.ORGANISATIONS | {
    "sibling_sending": ("52", "350102", 7, "福州市演示丁社会工作服务中心"),
    "sibling_receiving": ("52", "640303", 8, "红寺堡区演示丁社会工作服务中心"),
    "home_sending": ("52", "640104", 9, "银川市演示戊社会工作服务中心"),
    "home_receiving": ("52", "640422", 10, "西吉县演示戊社会工作服务中心"),
    "proposed_sending": ("52", "350203", 11, "厦门市演示己社会工作服务中心"),
    "proposed_receiving": ("52", "640522", 12, "海原县演示己社会工作服务中心"),
    "former_receiving": ("52", "520526", 13, "威宁县演示庚社会工作服务中心"),
}


class Pair(NamedTuple):
    sending: str
    receiving: str
    county: str
    starts_on: date
    ends_on: date
    is_former: bool = False


FROM, UNTIL = date(2022, 1, 1), date(2025, 12, 31)

PAIRINGS = {code: Pair(*row, FROM, UNTIL) for code, row in small.PAIRINGS.items()} | {
    "P4": Pair("sibling_sending", "sibling_receiving", "640303", FROM, UNTIL),
    "P5": Pair("home_sending", "home_receiving", "640422", FROM, UNTIL),
    "P6": Pair("proposed_sending", "proposed_receiving", "640522", FROM, UNTIL),
    "PX": Pair(
        "sending",
        "former_receiving",
        "520526",
        date(2021, 9, 1),
        date(2021, 11, 30),
        is_former=True,
    ),
}

PEOPLE = small.PEOPLE | {
    # As in the small world: organisation, name, birth, serial, certificate, start of service.
    key: (organisation, name, date(1984, 4, 1), serial, level, date(2014, 1, 1))
    for key, organisation, name, serial, level in (
        ("nominee_sent", "sending", "演示甲四", 51, CertLevel.INTERMEDIATE),
        ("nominee_received", "receiving", "演示乙四", 52, None),
        ("received_other", "receiving2", "演示丁二", 53, None),
        ("sibling_sent", "sibling_sending", "演示辛一", 54, CertLevel.INTERMEDIATE),
        ("sibling_received", "sibling_receiving", "演示辛二", 55, None),
        ("home_sent", "home_sending", "演示壬一", 56, CertLevel.INTERMEDIATE),
        ("home_received", "home_receiving", "演示壬二", 57, None),
        ("proposed_sent", "proposed_sending", "演示癸一", 58, CertLevel.INTERMEDIATE),
        ("proposed_received", "proposed_receiving", "演示癸二", 59, None),
        ("former_received", "former_receiving", "演示庚一", 60, None),
        ("foreign_received", "foreign_receiving", "演示丙二", 61, None),
    )
}


class Post(NamedTuple):
    """An assignment; nominated by a persona it waits, by the operator (None) it is approved."""

    person: str
    pairing: str
    side: Side
    nominated_by: str | None = None

    @property
    def key(self) -> str:
        return f"{self.person}@{self.pairing}"


ASSIGNED = (
    *(Post(person, *row) for person, row in small.ASSIGNED.items()),
    Post("unqualified", "P1", Side.SENT),
    Post("nominee_sent", "P1", Side.SENT, "sending_manager"),
    Post("nominee_received", "P1", Side.RECEIVED, "receiving_manager"),
    Post("sent_other", "P2", Side.SENT, "other_manager"),
    Post("received_other", "P2", Side.RECEIVED),
    Post("foreign_received", "P3", Side.RECEIVED),
    Post("sibling_sent", "P4", Side.SENT),
    Post("sibling_received", "P4", Side.RECEIVED),
    Post("home_sent", "P5", Side.SENT),
    Post("home_received", "P5", Side.RECEIVED),
    Post("proposed_sent", "P6", Side.SENT),
    Post("proposed_received", "P6", Side.RECEIVED),
    Post("sent1", "PX", Side.SENT),
    Post("former_received", "PX", Side.RECEIVED),
)

D, S, C, A, R = (
    WorkdayState.DRAFT,
    WorkdayState.SUBMITTED,
    WorkdayState.CONFIRMED,
    WorkdayState.APPROVED,
    WorkdayState.RETURNED,
)
DAYS = {
    # Per assignment the states of its days, on the working days from 2022-11-07 (PX: 2021-11-08).
    "sent1@P1": (D, S, C, A, R),
    "received1@P1": (D, S, C, A, R),
    "sent2@P1": (S, C),
    "received2@P1": (S, C),
    "sent_other@P2": (S,),
    "received_other@P2": (S,),
    "foreign@P3": (S,),
    "foreign_received@P3": (S,),
    "sibling_sent@P4": (S,),
    "sibling_received@P4": (S, C),
    "home_sent@P5": (S,),
    "home_received@P5": (S,),
    "proposed_sent@P6": (S,),
    "proposed_received@P6": (S,),
    "sent1@PX": (A,),
    "former_received@PX": (A,),
}
CORRECTED = "sent1@P1"
"""The approved day of this assignment has a correction under way."""

CERTIFIED = (
    "sent1@P1",
    "received1@P1",
    "sent1@PX",
    "sibling_received@P4",
    "home_sent@P5",
    "foreign@P3",
)
"""Assignments that have a certificate of service."""

PERSONAS = small.PERSONAS | {
    # As in the small world: role, scope, person.
    "sending_rural_officer": (Role.PROV_RURAL, "350000", None),
    "foreign_province_officer": (Role.PROV_CIVIL, "500000", None),
    "foreign_rural_officer": (Role.PROV_RURAL, "520000", None),
    "other_prefecture_officer": (Role.PREF_CIVIL, "640400", None),
    "far_prefecture_rural_officer": (Role.PREF_RURAL, "520500", None),
    "far_county_officer": (Role.COUNTY_CIVIL, "640422", None),
    "far_county_rural_officer": (Role.COUNTY_RURAL, "640422", None),
    "former_county_officer": (Role.COUNTY_CIVIL, "520526", None),
    "sibling_manager": (Role.RECV_MGR, "sibling_receiving", None),
    "sibling_staff": (Role.RECV_STAFF, "sibling_receiving", "sibling_received"),
    "sibling_sending_manager": (Role.SEND_MGR, "sibling_sending", None),
    "home_staff": (Role.SEND_STAFF, "home_sending", "home_sent"),
    "former_manager": (Role.RECV_MGR, "former_receiving", None),
    "former_staff": (Role.RECV_STAFF, "former_receiving", "former_received"),
    "foreign_evaluator": (Role.EVALUATOR, "520000", None),
    "national_evaluator": (Role.EVALUATOR, "CN", None),
    "foreign_association": (Role.ASSOCIATION, "520000", None),
    "second_security_administrator": (Role.SEC_ADMIN, "CN", None),
}
BATCHES = {
    # Who has uploaded a file that waits for the second click, and of which kind.
    "province_officer": ImportKind.PAIRINGS,
    "county_officer": ImportKind.ORGANISATIONS,
    "far_county_officer": ImportKind.ORGANISATIONS,
    "sending_province_officer": ImportKind.ORGANISATIONS,
    "foreign_province_officer": ImportKind.ORGANISATIONS,
    "sending_manager": ImportKind.PEOPLE,
    "receiving_manager": ImportKind.ASSIGNMENTS,
    "sibling_manager": ImportKind.PEOPLE,
    "sibling_sending_manager": ImportKind.PEOPLE,
    "former_manager": ImportKind.PEOPLE,
    "other_manager": ImportKind.PEOPLE,
    "system_administrator": ImportKind.ACCOUNTS,
}
VIEWS = {
    # Who keeps a view of which list, and shares it with which role.
    "province_officer": ("pairings.list_pairings", "state=active", Role.PROV_CIVIL),
    "county_officer": ("workdays.list_workdays", "state=confirmed", None),
    "far_county_officer": ("workdays.list_workdays", "state=returned", Role.COUNTY_CIVIL),
    "foreign_province_officer": ("pairings.list_pairings", "compliant=no", Role.PROV_CIVIL),
    "sending_manager": ("people.list_people", "level=none", None),
    "receiving_manager": ("people.list_people", "sort=name", Role.RECV_MGR),
    "sending_staff": ("workdays.list_workdays", "state=draft", Role.SEND_STAFF),
}
FUNDS = {"P1": 2022, "P2": 2022, "P3": 2022, "P4": 2022, "P5": 2022, "PX": 2021}
"""The pairings for which money was given, paid in part, and raised, and the year."""

SETTLED, SETTLED_YEAR = ("P1", "P2", "P3", "P4", "P5"), 2023
"""The pairings whose sending side has handed in a year for settlement, and the year."""

REVIEWED = (*(PAIRINGS[code].sending for code in SETTLED), "receiving")
"""Organisations whose money is asked about, of either side."""

TRANSFERRED = ("P1", "P2", "P3", "P4", "P5")
"""The pairings whose sending side passed something on to the receiving one, in 2022."""

CLAIMANTS = {
    "P1": "sent1",
    "P2": "sent_other",
    "P3": "foreign",
    "P4": "sibling_sent",
    "P5": "home_sent",
    "PX": "sent1",
}
"""Who claimed an expenditure of the sending side of each."""


AWARDED = ("sent1", "sent_other", "foreign", "sibling_sent", "home_sent")
"""For whose certificates an award was claimed."""


def spent_for(code: str) -> str:
    """Return the key of the expenditure of a pairing; files are known by keys alone."""
    return f"spent for {code}"


JOBS = ("province_officer", "foreign_province_officer", "county_officer", "far_county_officer")
"""Who has a finished background job with a file (tests/support/arena.py keeps it)."""

HEADERS = {
    ImportKind.ORGANISATIONS: "统一社会信用代码,机构名称,机构类型,所在地代码",
    ImportKind.PEOPLE: "机构信用代码,姓名,身份证件号",
    ImportKind.PAIRINGS: "结对编号,援派机构信用代码,受援机构信用代码,受援县代码,开始日期",
    ImportKind.ASSIGNMENTS: "结对编号,身份证件号,角色,开始日期",
    ImportKind.ACCOUNTS: "姓名,角色,范围",
}


def uploaded(persona: str) -> bytes:
    """The file that a persona has uploaded: one row, of which nothing is right."""
    columns = HEADERS[BATCHES[persona]]
    row = ",".join(f"{persona}不存在" for _ in columns.split(","))
    return f"{columns}\n{row}\n".encode()


def found_in_upload(persona: str, kind: ImportKind, now: datetime) -> found.Findings:
    """What the check of that file has found: an error in each column."""
    columns = HEADERS[kind].split(",")
    return found.Findings(
        kind=kind.value,
        file=f"演示{persona}.csv",
        file_hash=hashlib.sha256(uploaded(persona)).hexdigest(),
        sheet=None,
        checked_at=now,
        rows=1,
        accepted=0,
        refused=1,
        unchanged=0,
        decided=0,
        faults=(),
        errors=len(columns),
        warnings=0,
        lines=tuple(
            found.Line(2, column, f"{persona}不存在", "演示：没有找到。") for column in columns
        ),
        told=(),
        changed=0,
        previews=(),
    )


NEW_PERSONAS = {key: row for key, row in PERSONAS.items() if key not in small.PERSONAS}


@dataclass
class Builder:
    """Makes the rows of the tables above in one transaction."""

    deed: Deed
    past: Deed
    organisations: dict[str, Organisation]
    people: dict[str, Person]
    pairings: dict[str, Pairing]

    def build(self) -> None:
        self._organisations()
        self._people()
        self._accounts()
        self._pairings()
        self._hold_for_confirmed(is_confirmed=True)
        self._assignments()
        self._days()
        self._hold_for_confirmed(is_confirmed=False)
        self._certificates()
        self._batches()
        self._views()
        self._jobs()
        self._funds()
        self._transfers()
        self._spending()
        self._settlements()
        self._reviews()
        self._awards()

    def _organisations(self) -> None:
        for key, row in ORGANISATIONS.items():
            if key not in self.organisations:
                facts = small.organisation_facts(*row)
                self.organisations[key] = register_organisation(self.deed, facts)

    def _people(self) -> None:
        for key, (organisation, name, birth, serial, level, service) in PEOPLE.items():
            if key in self.people:
                continue
            facts = PersonFacts(name, make_id_number("110105", birth, serial), None, service)
            self.people[key] = register_person(self.deed, self.organisations[organisation], facts)
            if level:
                certificate = CertificateFacts(level, f"演示证书{serial}", date(2018, 6, 1))
                record_certificate(self.deed, self.people[key], certificate)

    def _accounts(self) -> None:
        small.open_accounts(self.deed, NEW_PERSONAS, self.organisations, self.people)

    def _pairings(self) -> None:
        for code, pair in PAIRINGS.items():
            if code in self.pairings:
                continue
            deed = self.deed_of("sending_province_officer") if code == "P6" else self.past
            self.pairings[code] = create_pairing(
                deed,
                code=code,
                sending=self.organisations[pair.sending],
                receiving=self.organisations[pair.receiving],
                county_code=pair.county,
                line=Line.KEY_COUNTY,
                starts_on=pair.starts_on,
                ends_on=date(2021, 12, 31) if pair.is_former else pair.ends_on,
            )
            if code == "P6":
                self._exception(deed)

    def _exception(self, asking: Deed) -> None:
        """Let the province of a side of P6 have granted a second partner: a row with both texts."""
        self.deed.session.add(
            PairingException(
                pairing_id=self.pairings["P6"].id,
                side=Side.RECEIVED,
                reason="演示：例外的理由",
                requested_at=asking.now,
                requested_by_person_id=asking.actor.person_id,
                decided_at=asking.now,
                decided_by_person_id=self.deed_of("province_officer").actor.person_id,
                is_granted=True,
                opinion="演示：同意",
            )
        )

    def _hold_for_confirmed(self, *, is_confirmed: bool) -> None:
        """Let P6 take people and days as a former release did, before anybody confirmed it."""
        pairing = self.pairings["P6"]
        pairing.state = PairingState.CONFIRMED if is_confirmed else PairingState.PROPOSED
        pairing.confirmed_at = self.deed.now if is_confirmed else None
        refresh_pairing(self.deed.session, pairing.id)

    def _assignments(self) -> None:
        for post in ASSIGNED:
            if small.ASSIGNED.get(post.person) == (post.pairing, post.side):
                continue
            pair = PAIRINGS[post.pairing]
            nominate(
                self.deed_of(post.nominated_by),
                pairing=self.pairings[post.pairing],
                person=self.people[post.person],
                side=post.side,
                starts_on=pair.starts_on,
                ends_on=pair.ends_on if pair.is_former else None,
            )

    def _days(self) -> None:
        for post in ASSIGNED:
            for number, state in enumerate(DAYS.get(post.key, ())):
                first = date(2021, 11, 8) if PAIRINGS[post.pairing].is_former else date(2022, 11, 7)
                self._day(post, first.replace(day=first.day + number), state)
        former = self.pairings["PX"]
        terminate_pairing(self.deed, former, last_day=PAIRINGS["PX"].ends_on, reason="演示：终止")

    def _day(self, post: Post, day: date, state: WorkdayState) -> None:
        person = self.people[post.person]
        entry = Entry(day, 2, WorkMode.ONSITE, None, None, f"演示日志{post.key}{day}", "演示补录")
        workday = log_workday(
            self.deed,
            pairing=self.pairings[post.pairing],
            person=person,
            entry=entry,
            submit=state != D,
        )
        if state == R:
            return_workday(self.deed, workday, "演示：请补充内容")
        if state in (C, A):
            confirm_workdays(self.deed, [workday])
        if state == A:
            approve_workdays(self.deed, [workday])
            if post.key == CORRECTED:
                correct_workday(self.deed, workday, entry._replace(half_days=1), "演示更正")

    def _certificates(self) -> None:
        """Lay a certificate whatever days count: the matrix asks who may read it."""
        session = self.deed.session
        for post in ASSIGNED:
            if post.key in CERTIFIED:
                assignment = session.scalars(
                    sa.select(Assignment).where(
                        Assignment.person_id == self.people[post.person].id,
                        Assignment.pairing_id == self.pairings[post.pairing].id,
                    )
                ).one()
                facts = certificate_facts(session, self.deed.actor, assignment, self.deed.today)
                issue(self.deed, DocumentKind.SERVICE, assignment, facts, seen_version=0)

    def _batches(self) -> None:
        """Lay the rows of uploads; their files belong to the app (tests/support/arena.py)."""
        for persona, kind in BATCHES.items():
            batch = ImportBatch(
                kind=kind,
                file_name=f"演示{persona}.csv",
                file_hash=hashlib.sha256(uploaded(persona)).digest(),
                account_id=self.deed_of(persona).actor.account_id,
                staged_at=self.deed.now,
                checked_at=self.deed.now,
                rows=1,
                accepted=0,
                refused=1,
                unchanged=0,
            )
            self.deed.session.add(batch)
        self.deed.session.flush()

    def _views(self) -> None:
        for persona, (page, query, shared_with) in VIEWS.items():
            save_view(self.deed_of(persona), Draft(page, f"演示{persona}", query, shared_with))

    def _jobs(self) -> None:
        for persona in JOBS:
            job = ask(self.deed_of(persona), "summary_export", key=persona, title=f"演示{persona}")
            job.finished_at = self.deed.now
            self.deed.session.add(
                JobResult(
                    job_id=job.id,
                    stored=persona,
                    file_name=f"演示{persona}.csv",
                    plain_name="demo.csv",
                    media_type="text/csv",
                    rows=1,
                    made_at=self.deed.now,
                )
            )
            self.deed.session.execute(
                sa.update(JobItem)
                .where(JobItem.job_id == job.id)
                .values(state=ItemState.DEAD, problem="演示")
            )

    def _funds(self) -> None:
        """Give each of these the subsidy, pay half of it, and let its sender raise something."""
        for code, year in FUNDS.items():
            pairing, day = self.pairings[code], date(year, 11, 1)
            plan = PlannedFunds(pairing, year, FundSource.MCA_SUBSIDY, "演示拨款方", 2_000_000)
            (allocation,) = plan_allocations(self.deed, [plan])
            disburse(self.deed, [Payment(allocation, 1_000_000, day, f"演示{code}")])
            raised = (FundSource.DONATION, "演示基金会", 5_000, day, f"演示捐{code}")
            record_income(self.deed, Raised(pairing, Side.SENT, year, *raised))

    def _transfers(self) -> None:
        """Let the sending side of each of these pass some of what it raised on to its partner."""
        day = date(2022, 11, 2)
        add_parameter(self.deed, "allow_transfer", "true", date(2022, 1, 1), "演示")
        for code in TRANSFERRED:
            agreed = (f"演示协议{code}", date(2022, 1, 1), "演示：转付条款")
            asked = TransferAsked(FundSource.DONATION, 1_000, day, f"演示转{code}", *agreed)
            confirm_transfer(
                self.deed,
                pass_on(self.deed, self.pairings[code], 2022, asked),
                received_on=day,
            )

    def _spending(self) -> None:
        """Let somebody of the sending side of each of these claim an expenditure."""
        for code, year in FUNDS.items():
            pairing, day = self.pairings[code], date(year, 11, 1)
            claimant = self.people[CLAIMANTS[code]].id
            actor = replace(self.deed.actor, person_id=claimant, is_operator=False)
            spending = Spending(
                FundSource.MCA_SUBSIDY, ExpenseCategory.MEALS, 100, day, f"演示{code}", "演示餐补"
            )
            claim = SpendingClaim(pairing.sending_organisation_id, pairing.id, year, spending)
            claim_expenditures(Deed(self.deed.session, actor, self.deed.now), [claim])

    def _settlements(self) -> None:
        """Let the sending side of each of these hand in a year in which it had no money."""
        for code in SETTLED:
            organisation = self.deed.session.get_one(
                Organisation, self.pairings[code].sending_organisation_id
            )
            submit_settlement(self.deed, organisation, SETTLED_YEAR, wish=None)

    def _reviews(self) -> None:
        """Ask each of these something of its money."""
        for key in REVIEWED:
            wanted = sa.select(Organisation).where(Organisation.credit_code == credit_code_of(key))
            organisation = self.deed.session.scalars(wanted).one()
            open_review(self.deed, organisation, SETTLED_YEAR, Handling.ASKED, f"演示 {key}")

    def _awards(self) -> None:
        """Let each of these claim for the certificate, in provinces that give something for it."""
        session, level = self.deed.session, CertLevel.INTERMEDIATE
        holders = [self.people[key] for key in AWARDED]
        homes = [session.get_one(Organisation, one.organisation_id) for one in holders]
        for code in sorted({one.province_code for one in homes} - {"640000"}):
            record_rule(
                self.deed,
                code,
                level,
                Giving.FIXED,
                300_000,
                notice_days=5,
                valid_from=date(2022, 1, 1),
                document="演示规定",
            )
        for holder in holders:
            certificate = session.scalars(
                sa.select(Certificate.id).where(Certificate.person_id == holder.id)
            ).one()
            claim_awards(self.deed, [AwardClaim(certificate)])

    def deed_of(self, persona: str | None) -> Deed:
        if persona is None:
            return self.deed
        actor = find_actor(self.deed.session, persona)
        assert actor is not None, f"no persona {persona}"
        return Deed(self.deed.session, actor, self.deed.now)


def widen_world(deed: Deed, past: Deed) -> None:
    """Add to the small world; ``past`` is the operator's deed at an earlier instant."""
    session = deed.session
    by_name = {person.name: person for person in session.scalars(sa.select(Person))}
    by_code = {one.credit_code: one for one in session.scalars(sa.select(Organisation))}
    Builder(
        deed,
        past,
        {key: by_code[make_credit_code(*row[:3])] for key, row in small.ORGANISATIONS.items()},
        {key: by_name[row[1]] for key, row in small.PEOPLE.items()},
        {pairing.code: pairing for pairing in session.scalars(sa.select(Pairing))},
    ).build()
    set_allocation(deed, AllocationFacts(2022, "350000", "640000", 2, Line.KEY_COUNTY))
    _tell_the_administrators(deed)
    _put_up_a_map(deed)
    _hang_a_file_on_everything(deed)


def _hang_a_file_on_everything(deed: Deed) -> None:
    """One file for each object that has files, all of the same content."""
    session = deed.session
    pairing = session.scalars(sa.select(Pairing).where(Pairing.code == "P1")).one()
    judged = Judged(FileKind.PDF, b"%PDF-1.7 demo")
    row = attach(deed, pairing, pegs_of(session, pairing)[0], "演示.pdf", judged)
    for subject, model, owner in (
        (Certificate, CertificateFile, "certificate_id"),
        (Organisation, OrganisationFile, "organisation_id"),
        (Pairing, PairingFile, "pairing_id"),
        (Person, PersonFile, "person_id"),
        (Workday, WorkdayFile, "workday_id"),
        (Expenditure, ExpenditureFile, "expenditure_id"),
    ):
        for number in session.scalars(sa.select(subject.id).order_by(subject.id)).all():
            if (subject, number) == (Pairing, pairing.id):
                continue
            facts = {"stored_file_id": row.stored_file_id, "name": row.name, "added_at": deed.now}
            session.add(model(**facts, **{owner: number}))
    session.flush()


def _put_up_a_map(deed: Deed) -> None:
    """A map of squares, under an id that tests know."""
    uploader = find_actor(deed.session, "system_administrator")
    assert uploader is not None
    upload_map(
        Deed(deed.session, uploader, deed.now),
        approval_number=NUMBER,
        file_name="演示方格.json",
        content=map_file(),
    ).public_id = MAP_ID
    deed.session.flush()


def _tell_the_administrators(deed: Deed) -> None:
    """One message of a worker with an answer, under an id that tests know."""
    sender = find_actor(deed.session, "sending_staff")
    answerer = find_actor(deed.session, "system_administrator")
    assert sender is not None
    assert answerer is not None
    message = send_feedback(
        Deed(deed.session, sender, deed.now),
        Message(FeedbackKind.SUGGESTION, "演示：希望能按周复制日志。", "/workdays/new"),
    )
    message.public_id = MESSAGE_ID
    deed.session.flush()
    answer_feedback(
        Deed(deed.session, answerer, deed.now),
        message,
        "演示：已列入改进计划。",
        FeedbackState.ANSWERED,
        seen=message.version,
    )


def credit_code_of(organisation: str) -> str:
    return make_credit_code(*ORGANISATIONS[organisation][:3])


def sign_everybody_in(deed: Deed) -> dict[str, str]:
    """Open a session for every persona; return the tokens."""
    session = deed.session
    accounts = {account.login: account for account in session.scalars(sa.select(Account))}
    tokens = {}
    for persona in PERSONAS:
        actor = find_actor(session, persona)
        assert actor is not None, f"no persona {persona}"
        own = Deed(session, actor, deed.now)
        tokens[persona] = start_session(own, accounts[persona], "127.0.0.1")
    return tokens
