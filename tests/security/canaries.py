"""A unique word in every text column, and who may ever read which of them.

``plant`` overwrites every text of every object with a word that occurs nowhere else. Whoever then
finds a word in an answer knows from which row and column it came; ``may_show`` says, from the
roles table and the facts about the wide world, whether that reader was meant to see it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Base, Person
from models.triggers import APPEND_ONLY, lay_triggers
from models.types import Role
from portal.standards.id_number import make_id_number
from tests.architecture.expectations import may
from tests.architecture.facts import Kind, Persona, Thing, things
from tests.support.arena import Arena
from tests.support.wide_world import PEOPLE

WORD = re.compile(rb"zq[0-9a-f]{4}z")
SEARCH = "zq"
"""What all words begin with: a search for it finds them all."""

OPEN_TO_ALL = {
    # Tables without text about an organisation, a person or what they do.
    "region",
    "township",
    "authority",
    "key_county",
    "programme",
    "work_year",
    "work_year_decision",
    "policy_parameter",
    "allocation",
    "calendar_year",
    "calendar_day",
    "approved_map",
    # What a province allows and gives by its own documents.
    "award_rule",
    "eligibility_rule",
}
NEVER_SHOWN = {
    # Tables whose texts no page shows: proofs, hashes, keys; the audit is sealed.
    "audit_event",
    "password_history",
    "form_key",
    "web_session",
    "sign_in_address",
    "role_grant",
    "alembic_version",
    "regime_version",
}
MONEY = {
    "fund_allocation": "allocation_id",
    "disbursement": "disbursement_id",
    "fund_income": "income_id",
    "expenditure": "expenditure_id",
    "settlement": "settlement_id",
    "fund_transfer": "transfer_id",
}
"""Tables of money, and by what a row of the ledger names theirs."""
BESIDE_MONEY = {"certificate_award": "award_id", "fund_review": "review_id"}
DECIDED = {table: key for table, key in (MONEY | BESIDE_MONEY).items() if table != "fund_income"}
"""Tables of what is decided on, and by what a decision names theirs."""
KEPT = {
    "account.password_hash": "a hash; no page reads it",
    "account.public_id": "searched for as it is",
    "person.public_id": "searched for as it is",
    "assignment.public_id": "searched for as it is",
    "feedback.public_id": "asked for as it is",
    "import_batch.public_id": "searched for as it is",
    "imported_row.public_id": "stands in a seal; no page reads it",
    **{
        f"{kind}_file.public_id": "asked for as it is"
        for kind in ("certificate", "organisation", "pairing", "person", "workday", "expenditure")
    },
    **{f"{table}.public_id": "searched for as it is" for table in MONEY | BESIDE_MONEY},
    **{f"{table}_decision.kind": "a code word" for table in DECIDED},
    "fund_review.facts": "a hash; no page reads it",
    "saved_view.page": "an endpoint",
    "job.public_id": "searched for as it is",
    "job.kind": "a code word",
    "job.key": "no page reads it",
    "job.slot": "asked for as it is",
    "job.asked": "what a kind of job reads",
    "job_item.part": "what a kind of job reads",
    "job_result.stored": "the name of the file",
    "job_result.media_type": "a code word",
    "message.public_id": "asked for as it is",
    "message.kind": "a code word",
    "message.key": "no page reads it",
    "pairing_decision.kind": "a code word",
    "assignment_decision.kind": "a code word",
    "workday_decision.kind": "a code word",
    "role_grant_decision.kind": "a code word",
    "issued_document.public_id": "asked for as it is",
    "issued_document.facts": "frozen under its hash",
}
EMPTY_BY_RULE = {
    "pairing.agreement_number",
    "issued_document.reason",
    "expenditure.other_reason",
    "expenditure.route",
    "expenditure.repayment_voucher",
    "certificate_award.voucher_number",
}
"""Stays empty where it is: a constraint joins it to a date, to an earlier version, to a category."""

CLEAR = "number in clear"
"""Never on a page that is fetched: a number in clear is asked for by POST, with a reason."""
CONTACT_PHONE = "13800138000"


@dataclass(frozen=True)
class Mark:
    """Where a word was planted; ``thing`` is whose row it is, ``holder`` the persona it describes."""

    column: str
    thing: Thing | None
    holder: str | None = None
    number: int = 0

    def __str__(self) -> str:
        return f"{self.column} of {self.thing or self.holder} (row {self.number})"


@dataclass
class Canaries:
    """The planted words, and the texts that were left as they are but are as unique."""

    marks: dict[bytes, Mark] = field(default_factory=dict)
    deciders: dict[int, set[Thing]] = field(default_factory=lambda: defaultdict(set))
    """Whose name stands in the history of which things."""

    def found_in(self, content: bytes) -> set[Mark]:
        # One after another, a fifth of the cost of one pattern for all of them.
        literals = {word for word in self._literals if word in content}
        return {self.marks[word] for word in literals.union(WORD.findall(content))}

    def seal(self) -> None:
        self._literals = [word for word in self.marks if not WORD.fullmatch(word)]


class Planter:
    """Plants the words in the arena's present copy of the wide world."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.found = Canaries()
        self.by_key = {(thing.kind.value, thing.key): thing for thing in things()}
        self.filled: set[str] = set()
        self.owners: dict[tuple[str, int], tuple[Thing | None, str | None]] = {}

    def plant(self) -> Canaries:
        with self.arena.database.writing() as session:
            self._find_owners(session)
            self._note_deciders(session)
            self._note_identifiers(session)
            self._open_what_is_kept(session)
            for table in Base.metadata.sorted_tables:
                if table.name not in OPEN_TO_ALL | NEVER_SHOWN:
                    self._fill(session, table)
            lay_triggers(session.connection())
            for code, name in session.execute(sa.text("SELECT id, code FROM pairing")).all():
                thing = self.owners["pairing", code][0]
                assert thing is not None
                self.arena.ids["pairing", thing.key] = name
        self.found.seal()
        return self.found

    def _find_owners(self, session: Session) -> None:
        """Map every row of every table to the thing or the persona that it belongs to."""
        ids = {
            value: self.by_key[key]
            for key, value in self.arena.ids.items()
            if key in self.by_key and key[0] not in (Kind.PURSE, Kind.REVIEWED)  # as organisations
        }
        for table, column in (
            ("organisation", "credit_code"),
            ("pairing", "code"),
            ("assignment", "public_id"),
            ("account", "public_id"),
            *((table, "public_id") for table in MONEY | BESIDE_MONEY),
        ):
            for number, value in session.execute(sa.text(f"SELECT id, {column} FROM {table}")):
                self.owners[table, number] = (ids[value], None)
        holders = dict(session.execute(sa.text("SELECT person_id, login FROM account")).all())
        for row in session.scalars(sa.select(Person)):
            self.owners["person", row.id] = (ids.get(row.public_id), holders.get(row.id))
        days: dict[int, Thing] = {}
        rows = session.execute(sa.text("SELECT id, assignment_id FROM workday ORDER BY id")).all()
        for number, assignment_id in rows:
            post = self.owners["assignment", assignment_id][0]
            assert post is not None
            days[number] = self.by_key["workday", f"{post.key}#0"]
        self.owners |= {("workday", number): (thing, None) for number, thing in days.items()}
        for table, parent in (
            ("certificate", "person"),
            ("certificate_file", "certificate"),
            ("organisation_file", "organisation"),
            ("pairing_file", "pairing"),
            ("person_file", "person"),
            ("workday_file", "workday"),
            ("pairing_decision", "pairing"),
            ("pairing_exception", "pairing"),
            ("assignment_decision", "assignment"),
            ("workday_decision", "workday"),
            ("role_grant", "account"),
            ("role_grant_decision", "role_grant"),
            ("issued_document", "assignment"),
            ("import_batch", "account"),
            ("saved_view", "account"),
            ("job", "account"),
            ("job_item", "job"),
            ("job_result", "job"),
            ("message", "person"),
            ("feedback", "account"),
            ("feedback_reply", "feedback"),
        ):
            query = sa.text(f"SELECT id, {parent}_id FROM {table}")
            for number, owner in session.execute(query):
                # What the portal itself does belongs to nobody.
                self.owners[table, number] = self.owners.get((parent, owner), (None, None))
        for table, parent, key in (
            ("expenditure_file", "expenditure", "expenditure_id"),
            *((f"{one}_decision", one, key) for one, key in DECIDED.items()),
            *(("ledger_entry", one, key) for one, key in MONEY.items()),
        ):
            query = sa.text(f"SELECT id, {key} FROM {table} WHERE {key} IS NOT NULL")
            for number, owner in session.execute(query):
                self.owners[table, number] = self.owners[parent, owner]

    def _note_deciders(self, session: Session) -> None:
        columns = {kind: f"{kind}_id" for kind in ("pairing", "assignment", "workday")}
        columns |= DECIDED
        for kind, column in columns.items():
            query = sa.text(f"SELECT person_id, {column} FROM {kind}_decision")
            for person_id, number in session.execute(query):
                thing = self.owners[kind, number][0]
                if person_id and thing:
                    self.found.deciders[person_id].add(thing)

    def _note_identifiers(self, session: Session) -> None:
        for table, column in (
            ("organisation", "credit_code"),
            ("person", "public_id"),
            ("assignment", "public_id"),
            ("account", "public_id"),
            ("import_batch", "public_id"),
            *((table, "public_id") for table in MONEY | BESIDE_MONEY),
        ):
            for number, value in session.execute(sa.text(f"SELECT id, {column} FROM {table}")):
                thing, holder = self.owners[table, number]
                mark = Mark(f"{table}.{column}", thing, holder, number)
                self.found.marks[value.encode()] = mark
        for key, row in PEOPLE.items():
            thing = self.by_key["person", key]
            number = make_id_number("110105", row[2], row[3])
            self.found.marks[number.encode()] = Mark(CLEAR, thing)
        self.found.marks[CONTACT_PHONE.encode()] = Mark(CLEAR, None)

    @staticmethod
    def _open_what_is_kept(session: Session) -> None:
        """Let words into rows that the database lets nobody change; ``lay_triggers`` shuts it again."""
        if session.get_bind().dialect.name == "sqlite":
            shut = [
                "ledger_entry_not_updated",
                *(f"{one}_only_added_update" for one in APPEND_ONLY),
            ]
        else:
            shut = [
                "ledger_entry_not_changed ON ledger_entry",
                *(f"{one}_only_added ON {one}" for one in APPEND_ONLY),
            ]
        for trigger in shut:
            session.execute(sa.text(f"DROP TRIGGER {trigger}"))

    def _fill(self, session: Session, table: sa.Table) -> None:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            if not is_text(column) or name in KEPT:
                continue
            wanted = sa.select(table.c.id)
            if name in EMPTY_BY_RULE:
                wanted = wanted.where(column.is_not(None))
            for number in session.scalars(wanted.order_by(table.c.id)).all():
                word = f"zq{len(self.found.marks):04x}z"
                thing, holder = self.owners[table.name, number]
                self.found.marks[word.encode()] = Mark(name, thing, holder, number)
                change = sa.update(table).where(table.c.id == number).values({column.name: word})
                session.execute(change)
                self.filled.add(name)


def is_text(column: sa.Column[Any]) -> bool:
    """Is it a text of its own: no code word, no code of a place or an organisation, no key?"""
    if column.name.endswith("_code"):
        return False
    is_string = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
    return is_string and not column.foreign_keys and not column.primary_key


ORGANISATION_NAMES = {"organisation.name", "organisation.credit_code"}
IDENTIFIERS = {"public_id", "credit_code", "code"}
AUDITED = {"person.name", "account.login"}
"""By which the audit says who did what to whom, to whoever reads it (decision 46)."""
AUDIT = "audit.list_events"
CHOSEN_BY = {"person.name", "account.login", "account.public_id"}
DEPUTIES = "accounts.deputies.show_deputies"
"""Where one chooses whom of the same organisation or county one lends a role to (decision 42)."""
PARTNERS = "disputes.list_partner_days"
"""Where a manager reads what the other side's people have handed in (decision 41)."""
OFFERED_NAMES = {"pairings.create_pairing"}
"""Where offices find a partner elsewhere; names and codes of organisations are public (B40)."""


def may_show(found: Canaries, persona: Persona | None, mark: Mark, endpoint: str) -> bool:
    """Was this reader meant to see this column of this row, here?"""
    if persona is None or mark.column == CLEAR:
        return False
    if mark.holder == persona.login or _is_own(persona, mark.thing):
        return True
    table, _, column = mark.column.partition(".")
    if table == "job_item":
        return may(persona, "job", "v")
    if table in ("import_batch", "saved_view", "job", "job_result", "message"):
        return False  # nobody's but the owner's
    if table in ("feedback", "feedback_reply"):
        return may(persona, "feedback", "r")
    if _is_what_the_page_is_for(persona, mark, endpoint):
        return True
    if mark.column in ORGANISATION_NAMES:
        return _may_show_organisation_name(persona, mark.thing, endpoint)
    if mark.column == "person.name":
        return _may_show_name(found, persona, mark)
    assert mark.thing is not None, mark
    if table == "pairing" and column == "code":
        return may(persona, "pairing", "r", mark.thing)
    return may(persona, mark.thing.kind, "r", mark.thing)


def _is_what_the_page_is_for(persona: Persona, mark: Mark, endpoint: str) -> bool:
    """Does this page show it to whoever may open it: the audit, the deputies, the other side's days?"""
    if endpoint == DEPUTIES:
        return mark.column in CHOSEN_BY
    if endpoint == PARTNERS:
        return _is_partner(persona, mark.thing)
    is_audited = mark.column.rpartition(".")[2] in IDENTIFIERS or (
        mark.column in AUDITED and endpoint == AUDIT
    )
    return is_audited and may(persona, "audit", "r")


def _is_partner(persona: Persona, thing: Thing | None) -> bool:
    """Does a manager ask of the people, or the days, of the other side of a pairing?"""
    if thing is None or persona.role not in (Role.SEND_MGR, Role.RECV_MGR):
        return False
    return any(
        persona.organisation in pairing.organisations
        and thing.organisations & pairing.organisations
        for pairing in things()
        if pairing.kind == Kind.PAIRING
    )


def _is_own(persona: Persona, thing: Thing | None) -> bool:
    """Is it the persona's own account, or the person who holds it?"""
    if thing is None:
        return False
    own = {Kind.ACCOUNT: persona.login, Kind.PERSON: persona.person}
    return thing.kind in own and thing.key == own[thing.kind]


def _may_show_organisation_name(persona: Persona, thing: Thing | None, endpoint: str) -> bool:
    """A name stands on the pages of the organisation, of its pairings, and of its people."""
    assert thing is not None
    if persona.organisation == thing.key or may(persona, "organisation", "r", thing):
        return True
    if endpoint in OFFERED_NAMES or may(persona, "account", "r"):
        return True
    return any(
        may(persona, other.kind, "r", other)
        for other in things()
        if thing.key in other.organisations and other.kind != Kind.PROVINCE
    )


NAMING = (Kind.PERSON, Kind.ASSIGNMENT, Kind.WORKDAY, Kind.EXPENDITURE, Kind.AWARD)
"""Beside which stands the name of whom they concern."""


def _may_show_name(found: Canaries, persona: Persona, mark: Mark) -> bool:
    """A name stands beside what is the person's own, and in what they decided."""
    if mark.holder and may(persona, "account", "r"):
        return True
    if any(may(persona, thing.kind, "r", thing) for thing in found.deciders[mark.number]):
        return True
    key = mark.thing.key if mark.thing else None
    return key in PEOPLE and any(
        may(persona, thing.kind, "r", thing)
        for thing in things()
        if thing.kind in NAMING and key in thing.people
    )
