"""What stands in the way of taking back a file that wrote into a register, and what would go.

Whoever refers to a new row has built on it: the foreign keys of all tables are asked, so none that is
added later is forgotten. A row that was there is touched once its version has moved on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    Allocation,
    Assignment,
    AssignmentDecision,
    AuditEvent,
    Certificate,
    ImportBatch,
    ImportedRow,
    Organisation,
    Pairing,
    PairingYear,
    Person,
    Region,
)
from models.base import Base
from models.types import ImportKind
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports.undo_rules import (
    NOT_RECORDED,
    OUT_OF_REACH,
    SHOWN,
    UndoEffect,
    UndoObstacle,
    UndoOutcome,
    removed_since,
)
from portal.programme.queries import in_closed_year
from portal.programme.rules import refusals_for_closed_years

KEYS_A_QUERY = 400

CHANGED = "此后有修改"

UNDOING = "撤销这次导入"


class Register(NamedTuple):
    """A register into which files write: its model, how a row is called on a page and in the trail.

    ``comes_along`` are the tables that refer to a row because it was written at all, or beside another
    one that says so.
    """

    model: Any
    label: Any
    subject: Any
    comes_along: frozenset[str] = frozenset()

    @property
    def key(self) -> Any:
        """The column of ``imported_row`` that names a row of it."""
        return getattr(ImportedRow, f"{self.model.__tablename__}_id")


def _subject(kind: str, column: Any) -> Any:
    return sa.literal(f"{kind}:").concat(sa.cast(column, sa.Text))


def _region(code: Any) -> Any:
    region = aliased(Region)
    return sa.select(region.name).where(region.code == code).scalar_subquery()


REGISTERS: dict[ImportKind, Register] = {
    ImportKind.ORGANISATIONS: Register(
        Organisation,
        Organisation.name,
        _subject("organisation", Organisation.credit_code),
        frozenset({"pairing_year"}),
    ),
    ImportKind.PEOPLE: Register(
        Person,
        Person.name,
        _subject("person", Person.public_id),
        frozenset({"certificate", "person_year_total"}),
    ),
    ImportKind.PAIRINGS: Register(
        Pairing,
        Pairing.code,
        _subject("pairing", Pairing.code),
        frozenset(
            {
                "pairing_decision",
                "pairing_year",
                "pairing_year_total",
                "pairing_month_total",
                "person_year_total",
            }
        ),
    ),
    ImportKind.ALLOCATIONS: Register(
        Allocation,
        sa.cast(Allocation.year, sa.Text)
        .concat(" 年度 ")
        .concat(_region(Allocation.sending_province_code))
        .concat(" → ")
        .concat(_region(Allocation.receiving_province_code)),
        _subject("allocation", Allocation.id),
    ),
}

WORDS = {
    "account": "账号",
    "assignment": "选派",
    "certificate_award": "证书奖补",
    "certificate_file": "证书附件",
    "disbursement": "拨付",
    "expenditure": "支出",
    "fund_account": "资金账户",
    "fund_allocation": "资金安排",
    "fund_income": "自行筹措",
    "fund_review": "资金审核记录",
    "fund_transfer": "资金转付",
    "fund_year_total": "年度资金合计",
    "issued_document": "已开具的证明",
    "message": "消息",
    "month_declaration": "填完的月份",
    "organisation_file": "附件",
    "pairing": "结对",
    "pairing_exception": "一对一例外",
    "pairing_file": "附件",
    "person": "人员",
    "person_file": "附件",
    "role_grant": "授权",
    "settlement": "年度结算",
    "workday": "工作日志",
}
"""What a table is called that refers to somebody or something; the others keep who decided."""

OF_DECISIONS = "办理记录"

WHO = {
    "assignment": "nominated_by_person_id",
    "issued_document": "issued_by_person_id",
    "pairing": "proposed_by_person_id",
    "pairing_exception": "requested_by_person_id",
    "role_grant": "proposed_by_person_id",
    "workday": "entered_by_person_id",
}
"""The column that says who made such a row."""

WHERE: dict[str, Any] = {
    "account": Account.__table__.c.login,
    "pairing": Pairing.__table__.c.code,
    "person": Person.__table__.c.name,
}
"""What such a row is called; others are called after their pairing."""


def effect_on_register(deed: Deed, batch: ImportBatch, permissions: Sequence[str]) -> UndoEffect:
    """Return what taking back a file of a register would do, by a fixed number of queries."""
    session, register = deed.session, REGISTERS[batch.kind]
    model = register.model
    rows = session.execute(
        sa.select(
            model.id,
            register.label,
            register.subject,
            ImportedRow.sealed_before.is_(None),
            _is_touched(register, batch),
        )
        .select_from(ImportedRow)
        .join(model, model.id == register.key)
        .where(ImportedRow.import_id == batch.id)
        .order_by(ImportedRow.id)
    ).all()
    obstacles: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row_id, _, _, _, is_touched in rows:
        if is_touched:
            obstacles[row_id].append((CHANGED, ""))
    for row_id, what, who in _references(session, register, batch.id):
        obstacles[row_id].append((what, who))
    named = [
        (label, subject, obstacles[row_id])
        for row_id, label, subject, *_ in rows
        if row_id in obstacles
    ]
    removed = sum(bool(is_new) for *_, is_new, _ in rows)
    return UndoEffect(
        removed=removed,
        restored=len(rows) - removed,
        outcomes=tuple(UndoOutcome(label, bool(is_new)) for _, label, _, is_new, _ in rows[:SHOWN]),
        blocked=len(named),
        obstacles=tuple(_told(session, batch, named[:SHOWN])),
        refusals=(
            *([NOT_RECORDED] if batch.accepted and not rows else []),
            *(
                [removed_since(batch.accepted - len(rows))]
                if 0 < len(rows) < batch.accepted
                else []
            ),
            *([OUT_OF_REACH] if _is_lost(deed, register, batch.id, permissions) else []),
            *refusals_for_closed_years(_closed_years(session, batch), UNDOING),
        ),
    )


def hold_register(session: Session, batch: ImportBatch) -> None:
    """Keep others from what a file wrote, and from referring to it, until this transaction ends."""
    register = REGISTERS[batch.kind]
    written = sa.select(register.key).where(ImportedRow.import_id == batch.id)
    model = register.model
    session.execute(
        sa.select(model.id).where(model.id.in_(written)).order_by(model.id).with_for_update()
    ).all()


def new_ids(batch: ImportBatch) -> sa.Select[int | None]:
    """Select the keys of what a file wrote anew."""
    return _new_ids(REGISTERS[batch.kind], batch.id)


def changed_rows(session: Session, batch: ImportBatch) -> Iterator[tuple[ImportedRow, Any]]:
    """Yield what a file changed, with what it wrote about it."""
    register = REGISTERS[batch.kind]
    wanted = (
        sa.select(ImportedRow, register.model)
        .join(register.model, register.model.id == register.key)
        .where(ImportedRow.import_id == batch.id, ImportedRow.sealed_before.is_not(None))
        .order_by(ImportedRow.id)
    )
    yield from session.execute(wanted).all()


def _new_ids(register: Register, import_id: int) -> sa.Select[int | None]:
    ids: sa.Select[int | None] = sa.select(register.key).where(
        ImportedRow.import_id == import_id, ImportedRow.sealed_before.is_(None)
    )
    return ids


def _is_touched(register: Register, batch: ImportBatch) -> sa.ColumnElement[bool]:
    """Say that somebody has changed a row since the file wrote it."""
    if register.model is Allocation:
        return Allocation.recorded_at != batch.applied_at
    touched: sa.ColumnElement[bool] = register.model.version != ImportedRow.version_after
    if register.model is not Person:
        return touched
    certified = sa.exists().where(
        Certificate.person_id == Person.id, Certificate.recorded_at > batch.applied_at
    )
    # Whoever was nominated or judged since was so on what the file said.
    decided = sa.exists().where(
        Assignment.person_id == Person.id,
        AssignmentDecision.assignment_id == Assignment.id,
        AssignmentDecision.at > batch.applied_at,
    )
    is_new = ImportedRow.sealed_before.is_(None)
    return sa.or_(touched, certified, sa.and_(sa.not_(is_new), decided))


def _is_lost(deed: Deed, register: Register, import_id: int, permissions: Sequence[str]) -> bool:
    """Is there a row that the actor no longer reaches?"""
    if register.model is Allocation:
        return not any(deed.actor.holds(permission) for permission in permissions)
    reached = sa.or_(
        sa.false(),
        *(within(register.model, deed.actor, permission) for permission in permissions),
    )
    in_reach = sa.select(register.model.id).where(reached)
    lost = sa.exists().where(ImportedRow.import_id == import_id, register.key.not_in(in_reach))
    return bool(deed.session.scalar(sa.select(lost)))


def _closed_years(session: Session, batch: ImportBatch) -> list[int]:
    """Return the closed work years in which what a file wrote counts."""
    model: Any = {ImportKind.PAIRINGS: PairingYear, ImportKind.ALLOCATIONS: Allocation}.get(
        batch.kind
    )
    if model is None:
        return []
    wanted = sa.select(model.year).distinct()
    if model is Allocation:
        wanted = wanted.join(ImportedRow, ImportedRow.allocation_id == Allocation.id)
        province: Any = sa.literal("")
    else:
        wanted = wanted.join(ImportedRow, ImportedRow.pairing_id == PairingYear.pairing_id)
        wanted = wanted.join(Pairing, Pairing.id == PairingYear.pairing_id)
        province = Pairing.receiving_province_code
    closed = wanted.where(ImportedRow.import_id == batch.id, in_closed_year(model.year, province))
    return list(session.scalars(closed))


def references_to(register: Register) -> list[tuple[sa.Table, sa.Column[Any]]]:
    """Return every column by which a table refers to rows of a register that somebody built on."""
    spared = {*register.comes_along, ImportedRow.__tablename__}
    target = f"{register.model.__tablename__}.id"
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
        if key.target_fullname == target and table.name not in spared
    ]


def _references(
    session: Session, register: Register, import_id: int
) -> Iterator[tuple[int, str, str]]:
    """Yield of new rows that are referred to: the key, by what, and who made it."""
    ids = _new_ids(register, import_id)
    for table, column in references_to(register):
        yield from _grouped(session, table, column, table, ids)
    if register.model is Person:
        file = Base.metadata.tables["certificate_file"]
        held = Certificate.__table__
        joined = file.join(held, held.c.id == file.c.certificate_id)
        yield from _grouped(session, file, held.c.person_id, joined, ids)


def _grouped(
    session: Session, table: sa.Table, column: Any, source: Any, ids: Any
) -> Iterator[tuple[int, str, str]]:
    place, who = WHERE.get(table.name), WHO.get(table.name)
    if place is None and "pairing_id" in table.c:
        pairing = Pairing.__table__.alias()
        source = source.join(pairing, pairing.c.id == table.c.pairing_id)
        place = pairing.c.code
    if who is not None:
        maker = Person.__table__.alias()
        source = source.outerjoin(maker, maker.c.id == table.c[who])
        maker_name: Any = maker.c.name
    else:
        maker_name = sa.null()
    place = sa.null() if place is None else place
    wanted = (
        sa.select(column, sa.func.count(), sa.func.min(place), sa.func.min(maker_name))
        .select_from(source)
        .where(column.in_(ids))
        .group_by(column)
    )
    for row_id, count, where, name in session.execute(wanted):
        word = WORDS.get(table.name, OF_DECISIONS)
        yield row_id, f"{word} {count} 项{f'：{where}' if where else ''}", name or ""


def _told(
    session: Session,
    batch: ImportBatch,
    named: Iterable[tuple[str, str, list[tuple[str, str]]]],
) -> Iterator[UndoObstacle]:
    """Yield each obstacle with who was last at it, as far as the trail knows."""
    named = list(named)
    subjects = [subject for _, subject, _ in named]
    latest: dict[str, tuple[str, Any]] = {}
    for start in range(0, len(subjects), KEYS_A_QUERY):
        events = session.execute(
            sa.select(AuditEvent.subject, AuditEvent.actor, Person.name, AuditEvent.at)
            .outerjoin(Account, Account.id == AuditEvent.account_id)
            .outerjoin(Person, Person.id == Account.person_id)
            .where(
                AuditEvent.subject.in_(subjects[start : start + KEYS_A_QUERY]),
                AuditEvent.at > batch.applied_at,
            )
            .order_by(AuditEvent.id)
        )
        latest |= {subject: (name or actor, at) for subject, actor, name, at in events}
    for label, subject, reasons in named:
        makers = [who for _, who in reasons if who]
        who, at = latest.get(subject, ("", None))
        yield UndoObstacle(
            label,
            "；".join(what for what, _ in reasons),
            who or "、".join(dict.fromkeys(makers)),
            at,
        )
