"""Reading what is attached to a subject, and where one more may hang."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import (
    Account,
    Assignment,
    AuditEvent,
    Certificate,
    CertificateFile,
    Expenditure,
    ExpenditureFile,
    Organisation,
    OrganisationFile,
    Pairing,
    PairingFile,
    Person,
    PersonFile,
    StoredFile,
    Workday,
    WorkdayFile,
)
from models.types import AssignmentState, FileKind, FileUse, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import reaches
from portal.clock import date_of
from portal.files import rules
from portal.files.rules import Shelf
from portal.refusals import Refusal

Subject: TypeAlias = Person | Organisation | Pairing | Workday | Expenditure

ADDED = "file.added"
"""The event by which the files of a day are counted."""

REMOVED = "file.removed"
"""The event that says until when a removed content is kept."""


class Hooks(NamedTuple):
    """Where the files of a shelf stand: their table, and its key of what they hang on."""

    model: type[Any]
    owner: InstrumentedAttribute[int]


HOOKS: dict[FileUse, Hooks] = {
    FileUse.CERTIFICATE: Hooks(CertificateFile, CertificateFile.certificate_id),
    FileUse.SERVICE: Hooks(PersonFile, PersonFile.person_id),
    FileUse.LICENCE: Hooks(OrganisationFile, OrganisationFile.organisation_id),
    FileUse.AGREEMENT: Hooks(PairingFile, PairingFile.pairing_id),
    FileUse.PHOTOS: Hooks(WorkdayFile, WorkdayFile.workday_id),
    FileUse.VOUCHER: Hooks(ExpenditureFile, ExpenditureFile.expenditure_id),
}


@dataclass(frozen=True, slots=True)
class Cabinet:
    """What a kind of subject keeps files under: its shelves, and who reads, writes and opens them.

    ``word`` names its addresses, ``argument`` is what stands in them for ``key`` of the subject.
    """

    word: str
    shelves: tuple[Shelf, ...]
    writes: str
    opens: str
    argument: str
    key: str


CABINETS: dict[type[Any], Cabinet] = {
    Person: Cabinet(
        "person",
        (rules.CERTIFICATE, rules.SERVICE),
        "person.write",
        "person.reveal",
        "person_id",
        "public_id",
    ),
    Organisation: Cabinet(
        "organisation",
        (rules.LICENCE,),
        "organisation.write",
        "organisation.read",
        "credit_code",
        "credit_code",
    ),
    Pairing: Cabinet(
        "pairing", (rules.AGREEMENT,), "pairing.write", "pairing.read", "code", "code"
    ),
    Workday: Cabinet(
        "workday", (rules.PHOTOS,), "workday.write", "workday.read", "workday_id", "id"
    ),
    Expenditure: Cabinet(
        "expenditure",
        (rules.VOUCHER,),
        "spending.claim",
        "spending.read",
        "expenditure_id",
        "public_id",
    ),
}


class Peg(NamedTuple):
    """What a new file may hang on: ``owner_id`` is the key of the row; ``key`` stands in forms."""

    key: str
    label: str
    shelf: Shelf
    owner_id: int


class FileRow(NamedTuple):
    """One attached file: of which shelf, on which peg, what it is and who added it when."""

    public_id: str
    shelf: Shelf
    peg: str
    name: str
    kind: FileKind
    size_bytes: int
    added_at: datetime
    who: str | None

    @property
    def size(self) -> str:
        return rules.size_in_words(self.size_bytes)


class Found(NamedTuple):
    """An attached file with the row that names it and the content behind it."""

    row: Any
    stored: StoredFile
    shelf: Shelf


class Board(NamedTuple):
    """What the page of a subject shows of its files.

    ``address`` are the arguments of the endpoints ``attachments.add_to_<word>``, ``attachments.open_of_<word>``
    and ``attachments.remove_from_<word>``; ``closed`` says why nothing is added any more,
    ``is_fixed`` that nothing is removed either.
    """

    word: str
    address: dict[str, Any]
    shelves: tuple[Shelf, ...]
    rows: list[FileRow]
    may_write: bool
    may_open: bool
    closed: list[Refusal]
    is_fixed: bool

    def count_on(self, shelf: Shelf) -> int:
        return sum(row.shelf == shelf for row in self.rows)


def board_of(session: Session, actor: Actor, subject: Subject) -> Board:
    """Return what an actor sees of the files of a subject that is within reach."""
    cabinet = CABINETS[type(subject)]
    return Board(
        cabinet.word,
        address_of(subject),
        cabinet.shelves,
        list_files(session, subject),
        may_write=reaches(session, actor, cabinet.writes, subject),
        may_open=reaches(session, actor, cabinet.opens, subject),
        closed=refusals_for_state(subject),
        is_fixed=bool(refusals_for_fixed(subject)),
    )


def address_of(subject: Subject) -> dict[str, Any]:
    """Return what stands for a subject in the addresses of its files."""
    cabinet = CABINETS[type(subject)]
    return {cabinet.argument: getattr(subject, cabinet.key)}


def reference_of(subject: Subject) -> str:
    """Return how the audit names a subject: ``kind:id``."""
    cabinet = CABINETS[type(subject)]
    return f"{cabinet.word}:{getattr(subject, cabinet.key)}"


def name_of(subject: Subject) -> str:
    """Return what the pages call a subject."""
    match subject:
        case Pairing():
            return subject.code
        case Workday():
            return f"{subject.worked_on} 的日志"
        case Expenditure():
            return f"{subject.spent_on} {subject.category.label}"
    return subject.name


def hold(session: Session, actor: Actor, subject: Subject) -> None:
    """Hold a subject, and whoever adds to it, until the end of the transaction; read it anew.

    Of several deeds at the same time each sees what those before it did: files are counted, and
    nothing is added to what was decided on meanwhile. (SQLite lets only one transaction write.)
    """
    # People in one order, or two of whom each adds to the other would wait for each other.
    people = {actor.person_id, subject.id} if isinstance(subject, Person) else {actor.person_id}
    held = sa.select(Person.id).where(Person.id.in_(people - {None})).order_by(Person.id)
    session.execute(held.with_for_update()).all()
    session.refresh(subject, with_for_update={"key_share": True})


def refusals_for_state(subject: Subject) -> list[Refusal]:
    """Say why a subject takes no file as it stands."""
    match subject:
        case Workday():
            return rules.refusals_for_state(subject.state)
        case Expenditure():
            return rules.refusals_for_voucher(subject.state, "添加")
    return []


def refusals_for_fixed(subject: Subject) -> list[Refusal]:
    """Say why nothing is taken off a subject, whatever the reason."""
    if isinstance(subject, Expenditure):
        refusals = rules.refusals_for_voucher(subject.state, "移除")
        is_approved = subject.approved_at is not None
        return refusals or (rules.refusals_for_approved_voucher() if is_approved else [])
    return []


def pegs_of(session: Session, subject: Subject) -> list[Peg]:
    """Return what a new file of a subject may hang on; of a person, each certificate by itself."""
    pegs = [
        Peg(shelf.use.value, shelf.label, shelf, subject.id)
        for shelf in CABINETS[type(subject)].shelves
        if shelf != rules.CERTIFICATE
    ]
    if not isinstance(subject, Person):
        return pegs
    certificates = session.execute(
        sa.select(Certificate.id, Certificate.level, Certificate.number)
        .where(Certificate.person_id == subject.id)
        .order_by(Certificate.issued_on.desc(), Certificate.id)
    )
    return [
        *(
            Peg(level.value, _certificate(level.label, number), rules.CERTIFICATE, row_id)
            for row_id, level, number in certificates
        ),
        *pegs,
    ]


def _certificate(level: str, number: str | None) -> str:
    return f"{level}证书" + (f"（{number}）" if number else "")


def list_files(session: Session, subject: Subject) -> list[FileRow]:
    """Return the files of a subject, by peg and in the order in which they were added."""
    found = []
    for peg in pegs_of(session, subject):
        model, owner = HOOKS[peg.shelf.use]
        rows = session.execute(
            sa.select(
                model.public_id,
                model.name,
                StoredFile.kind,
                StoredFile.size_bytes,
                model.added_at,
                Person.name,
            )
            .join(StoredFile, StoredFile.id == model.stored_file_id)
            .outerjoin(Account, Account.id == model.added_by_account_id)
            .outerjoin(Person, Person.id == Account.person_id)
            .where(owner == peg.owner_id)
            .order_by(model.id)
        )
        found += [FileRow(row[0], peg.shelf, peg.label, *row[1:]) for row in rows]
    return found


def find_file(session: Session, subject: Subject, public_id: str) -> Found | None:
    """Return a file of this very subject, or None."""
    for peg in pegs_of(session, subject):
        model, owner = HOOKS[peg.shelf.use]
        found = session.execute(
            sa.select(model, StoredFile)
            .join(StoredFile, StoredFile.id == model.stored_file_id)
            .where(owner == peg.owner_id, model.public_id == public_id)
        ).one_or_none()
        if found is not None:
            return Found(found[0], found[1], peg.shelf)
    return None


def evidence_on(session: Session, now: datetime) -> frozenset[bytes]:
    """Return the hashes of what was removed after a decision and is still to be kept."""
    day = date_of(now)
    removed = session.scalars(
        sa.select(AuditEvent.facts).where(
            AuditEvent.event == REMOVED, AuditEvent.at > now - rules.KEEP_EVIDENCE - rules.GRACE
        )
    )
    return frozenset(
        bytes.fromhex(facts["sha256"])
        for facts in map(json.loads, removed)
        if facts.get("kept_until", "") >= day.isoformat()
    )


def find_stored(session: Session, digest: bytes) -> StoredFile | None:
    """Return the row of a content, or None."""
    wanted = sa.select(StoredFile).where(StoredFile.content_hash == digest)
    return session.scalars(wanted).one_or_none()


def counts_on(session: Session, peg: Peg, stored: StoredFile | None) -> tuple[int, bool]:
    """Return how many files hang on a peg, and whether this content is among them."""
    model, owner = HOOKS[peg.shelf.use]
    kept = session.scalars(sa.select(model.stored_file_id).where(owner == peg.owner_id)).all()
    return len(kept), stored is not None and stored.id in kept


def added_since(session: Session, actor: Actor, instant: datetime) -> int:
    """Return how many files a person has added, over all accounts; of those removed, too."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(AuditEvent)
            .join(Account, Account.id == AuditEvent.account_id)
            .where(
                Account.person_id == actor.person_id,
                AuditEvent.at >= instant,
                AuditEvent.event == ADDED,
            )
        )
        or 0
    )


def is_decided(session: Session, subject: Subject) -> bool:
    """Has somebody decided on a subject with its files in sight?"""
    match subject:
        case Workday():
            return subject.state in (WorkdayState.CONFIRMED, WorkdayState.APPROVED)
        case Expenditure():
            return subject.state not in rules.SPENDING_TAKES_FILES
        case Pairing():
            return subject.agreement_number is not None
        case Organisation():
            paired = (Pairing.sending_organisation_id == subject.id) | (
                Pairing.receiving_organisation_id == subject.id
            )
            return _exists(session, paired & Pairing.confirmed_at.is_not(None))
        case Person():
            return _exists(
                session,
                Assignment.person_id == subject.id,
                Assignment.state == AssignmentState.APPROVED,
            )


def _exists(session: Session, *conditions: sa.ColumnElement[bool]) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(*conditions))))


def named() -> sa.ColumnElement[bool]:
    """The condition that some subject names a stored file."""
    return sa.or_(*(_names(hooks) for hooks in HOOKS.values()))


def _names(hooks: Hooks) -> sa.ColumnElement[bool]:
    return sa.exists().where(hooks.model.stored_file_id == StoredFile.id)


def hashes_among(session: Session, digests: Iterable[bytes]) -> set[bytes]:
    """Return which of some contents have a row."""
    wanted = sa.select(StoredFile.content_hash).where(StoredFile.content_hash.in_(list(digests)))
    return set(session.scalars(wanted))
