"""What the rows of the ledger are of, as the lines of a book say it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    Disbursement,
    Expenditure,
    ExpenditureFile,
    ExpenditureWorkday,
    FundAllocation,
    FundIncome,
    FundTransfer,
    Organisation,
    Person,
    Settlement,
    Workday,
)
from models.types import ExpenseCategory, FundSource, LedgerKind, Task
from portal.clock import date_of
from portal.ledger.book_rules import BookLine, days_in_runs


class BookEntry(NamedTuple):
    """A row of the ledger as a book reads it, with the sums up to it."""

    id: int
    at: datetime
    booked_on: date
    kind: LedgerKind
    note: str
    account_id: int | None
    disbursement_id: int | None
    income_id: int | None
    expenditure_id: int | None
    settlement_id: int | None
    transfer_id: int | None
    reversal_of_id: int | None
    source: FundSource
    spent_fen: int
    balance_fen: int
    number: int
    spent_so_far_fen: int
    balance_so_far_fen: int


class _Words(NamedTuple):
    """What a line says of its subject."""

    voucher: str = ""
    category: ExpenseCategory | None = None
    purpose: str = ""
    task: Task | None = None
    handler_id: int | None = None
    payee: str = ""
    invoice: str = ""
    files: int = 0
    remark: str = ""
    subject: tuple[str, str] | None = None


def lines_of(
    session: Session, entries: Sequence[BookEntry], numbers: Mapping[int, int]
) -> list[BookLine]:
    """Return the lines of some rows (nine queries). ``numbers`` are those of the lines taken back."""
    spent = _expenditures(session, _ids(entries, "expenditure_id"))
    paid = _payments(session, _ids(entries, "disbursement_id"))
    raised = _incomes(session, _ids(entries, "income_id"))
    settled = _settlements(session, _ids(entries, "settlement_id"))
    passed = _transfers(session, _ids(entries, "transfer_id"))
    words = [
        spent.get(one.expenditure_id or 0)
        or paid.get(one.disbursement_id or 0)
        or raised.get(one.income_id or 0)
        or settled.get(one.settlement_id or 0)
        or passed.get(one.transfer_id or 0)
        or _Words()
        for one in entries
    ]
    by_account = _persons_of(session, _ids(entries, "account_id"))
    people = {one.handler_id for one in words} | set(by_account.values())
    names = _names(session, {one for one in people if one})
    return [
        _line(entry, said, by_account.get(entry.account_id or 0), names, numbers)
        for entry, said in zip(entries, words, strict=True)
    ]


def _line(
    entry: BookEntry,
    said: _Words,
    booker_id: int | None,
    names: dict[int, str],
    numbers: Mapping[int, int],
) -> BookLine:
    is_spending = bool(entry.spent_fen)
    by_another = booker_id if booker_id != said.handler_id else None
    return BookLine(
        number=entry.number,
        booked_on=entry.booked_on,
        voucher=_voucher(entry, said),
        source=entry.source,
        category=said.category if is_spending else None,
        purpose=_purpose(entry, said),
        task=said.task,
        handler=names.get(said.handler_id or 0, ""),
        payee=said.payee,
        spent_fen=entry.spent_fen,
        balance_fen=entry.balance_fen,
        invoice=said.invoice,
        files=said.files,
        spent_so_far_fen=entry.spent_so_far_fen,
        balance_so_far_fen=entry.balance_so_far_fen,
        reviewer=names.get(by_another or 0, ""),
        reviewed_on=date_of(entry.at),
        note="；".join(filter(None, (_note(entry, numbers), said.remark))),
        subject=said.subject,
    )


def _voucher(entry: BookEntry, said: _Words) -> str:
    """Return the number of the bank's slip; of what was booked here, that of its row."""
    if entry.kind == LedgerKind.REPAYMENT and entry.reversal_of_id is None:
        return entry.note
    return said.voucher or f"账-{entry.id}"


def _purpose(entry: BookEntry, said: _Words) -> str:
    if entry.kind == LedgerKind.EXPENDITURE:
        return said.purpose
    label = entry.kind.label
    if entry.kind == LedgerKind.CARRY_OVER and entry.balance_fen > 0 and not entry.reversal_of_id:
        label = "上年结转"
    if entry.kind == LedgerKind.TRANSFER and (entry.balance_fen > 0) != bool(entry.reversal_of_id):
        label = "对方机构转付"
    return f"{label}：{said.purpose}" if said.purpose else label


def _note(entry: BookEntry, numbers: Mapping[int, int]) -> str:
    if entry.reversal_of_id is None:
        return "" if entry.kind == LedgerKind.REPAYMENT else entry.note
    number = numbers.get(entry.reversal_of_id)
    which = f"冲销第 {number} 笔" if number else "冲销"
    return f"{which}：{entry.note}" if entry.note else which


def _ids(entries: Sequence[BookEntry], name: str) -> set[int]:
    return {key for one in entries if (key := getattr(one, name)) is not None}


def _expenditures(session: Session, ids: Collection[int]) -> dict[int, _Words]:
    files = (
        sa.select(sa.func.count())
        .where(ExpenditureFile.expenditure_id == Expenditure.id)
        .scalar_subquery()
    )
    paid = aliased(Person)
    rows = session.execute(
        sa.select(Expenditure, files, paid.name)
        .outerjoin(paid, paid.id == Expenditure.paid_person_id)
        .where(Expenditure.id.in_(ids))
    ).all()
    days = _days_of(session, ids)
    return {
        one.id: _Words(
            category=one.category,
            purpose="；".join([one.purpose, *_details(one, name, days.get(one.id, ()))]),
            task=one.task,
            handler_id=one.claimed_by_person_id,
            payee=one.payee,
            invoice=one.invoice_number or "",
            files=count,
            remark=f"未附票据：{one.no_voucher_reason}" if one.no_voucher_reason else "",
            subject=("expenditure", one.public_id),
        )
        for one, count, name in rows
    }


def _details(
    one: Expenditure, paid_to: str | None, days: Sequence[tuple[date, int]]
) -> Iterator[str]:
    """Yield what a line of wages or of transport says besides: person and days, route and dates."""
    if paid_to:
        yield f"发放对象 {paid_to}"
    if one.route:
        yield f"{one.route}，{one.travelled_from} 至 {one.travelled_until}"
    if days:
        halves = sum(halves for _, halves in days)
        yield f"{halves / 2:g} 天（{days_in_runs([day for day, _ in days])}）"
    if one.other_reason:
        yield f"列支理由：{one.other_reason}"


def _days_of(session: Session, ids: Collection[int]) -> dict[int, list[tuple[date, int]]]:
    """Return dates and half days of the working days of expenditures."""
    found: dict[int, list[tuple[date, int]]] = {}
    for number, day, halves in session.execute(
        sa.select(ExpenditureWorkday.expenditure_id, Workday.worked_on, Workday.half_days)
        .join(Workday, Workday.id == ExpenditureWorkday.workday_id)
        .where(ExpenditureWorkday.expenditure_id.in_(ids))
        .order_by(Workday.worked_on, Workday.id)
    ):
        found.setdefault(number, []).append((day, halves))
    return found


def _payments(session: Session, ids: Collection[int]) -> dict[int, _Words]:
    rows = session.execute(
        sa.select(
            Disbursement.id,
            Disbursement.voucher_number,
            Disbursement.paid_by_person_id,
            FundAllocation.payer,
            FundAllocation.document_number,
            FundAllocation.public_id,
            Organisation.name,
        )
        .join(FundAllocation, FundAllocation.id == Disbursement.allocation_id)
        .join(Organisation, Organisation.id == FundAllocation.organisation_id)
        .where(Disbursement.id.in_(ids))
    )
    return {
        key: _Words(
            voucher=voucher,
            purpose=f"{payer}（{document}）" if document else payer,
            handler_id=handler_id,
            payee=payee,
            subject=("fund", public_id),
        )
        for key, voucher, handler_id, payer, document, public_id, payee in rows
    }


def _incomes(session: Session, ids: Collection[int]) -> dict[int, _Words]:
    rows = session.execute(
        sa.select(FundIncome, Organisation.name)
        .join(Organisation, Organisation.id == FundIncome.organisation_id)
        .where(FundIncome.id.in_(ids))
    )
    return {
        one.id: _Words(
            voucher=one.voucher_number,
            purpose="；".join(filter(None, (one.payer, one.note))),
            handler_id=one.recorded_by_person_id,
            payee=name,
        )
        for one, name in rows
    }


def _settlements(session: Session, ids: Collection[int]) -> dict[int, _Words]:
    rows = session.scalars(sa.select(Settlement).where(Settlement.id.in_(ids)))
    return {
        one.id: _Words(
            voucher=one.voucher_number or "",
            purpose=f"{one.year} 年度结算",
            handler_id=one.submitted_by_person_id,
            subject=("settlement", one.public_id),
        )
        for one in rows
    }


def _transfers(session: Session, ids: Collection[int]) -> dict[int, _Words]:
    giver, taker = aliased(Organisation), aliased(Organisation)
    rows = session.execute(
        sa.select(FundTransfer, giver.name, taker.name)
        .join(giver, giver.id == FundTransfer.organisation_id)
        .join(taker, taker.id == FundTransfer.receiving_organisation_id)
        .where(FundTransfer.id.in_(ids))
    )
    return {
        one.id: _Words(
            voucher=one.voucher_number,
            purpose=f"{giving}转给{taking}（协议 {one.agreement_number}，{one.agreed_on}）",
            handler_id=one.paid_by_person_id,
            payee=taking,
        )
        for one, giving, taking in rows
    }


def _persons_of(session: Session, account_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        sa.select(Account.id, Account.person_id).where(Account.id.in_(account_ids))
    )
    return {row.id: row.person_id for row in rows}


def _names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}
