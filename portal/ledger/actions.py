"""Writing the ledger: every amount that moves goes through here, and nowhere else.

Rows of one organisation and year are written one transaction after the other: the row of its sums is
held first. What would fall below zero is refused with what is there and what is missing; the CHECK of
the balance is there for whoever comes another way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from models import FundAccount, FundYearTotal, LedgerEntry
from models.funding import SUBJECTS
from models.types import FundAccountKind
from portal.deeds import Deed
from portal.ledger.amount_rules import refusals_for_settled
from portal.ledger.queries import settlements_of
from portal.ledger.rules import SUMS, Book, LedgerRow, refusals_for_balances
from portal.refusals import refuse_if

Key = tuple[Book, FundAccountKind]
YearOf = tuple[int, int]

SUMS_OF_YEARS = cast("sa.Table", FundYearTotal.__table__)

BATCH = 200
"""Rows of one statement; SQLite allows 999 bound values in old builds."""


def post(deed: Deed, postings: Sequence[LedgerRow]) -> list[int]:
    """Write rows of the ledger, all or none; return their ids in the same order.

    Raise :class:`Refused` with one ``over_balance`` for each row for which a balance does not suffice.
    """
    if not postings:
        return []
    deed.session.flush()
    sides = [side for one in postings for side in (one.debit, one.credit)]
    hold_years(deed, {(book.organisation_id, book.year) for book, _ in sides})
    _refuse_settled(deed, postings)
    accounts = _open_accounts(deed, set(sides))
    refuse_if(refusals_for_balances(postings, {key: fen for key, (_, fen) in accounts.items()}))
    ids = list(
        deed.session.scalars(
            sa.insert(LedgerEntry).returning(LedgerEntry.id, sort_by_parameter_order=True),
            [_row(deed, one, accounts) for one in postings],
        )
    )
    _add_to_sums(deed, postings)
    return ids


def reverse(deed: Deed, entry_ids: Collection[int], note: str) -> list[int]:
    """Take rows back, each once, by the same amount the other way round.

    Raise :class:`Refused` where what moved has moved on, so that the balance no longer suffices.
    """
    debited = sa.orm.aliased(FundAccount)
    credited = sa.orm.aliased(FundAccount)
    ordered = sorted(entry_ids, reverse=True)
    rows: list[Any] = []
    for start in range(0, len(ordered), BATCH):
        rows += deed.session.execute(
            sa.select(LedgerEntry, debited, credited)
            .join(debited, debited.id == LedgerEntry.debit_account_id)
            .join(credited, credited.id == LedgerEntry.credit_account_id)
            .where(LedgerEntry.id.in_(ordered[start : start + BATCH]))
            .order_by(LedgerEntry.id.desc())
        )
    return post(
        deed,
        [
            LedgerRow(
                entry.kind,
                Book(credit.organisation_id, credit.year, credit.source),
                entry.amount_fen,
                _subject_of(entry),
                deed.today,
                note,
                carried_to=debit.year if debit.year != credit.year else None,
                passed_to=debit.organisation_id
                if debit.organisation_id != credit.organisation_id
                else None,
                reversal_of=entry.id,
            )
            for entry, debit, credit in rows
        ],
    )


def hold_years(deed: Deed, years: Iterable[YearOf]) -> None:
    """Hold the sums of organisations and years until the transaction ends, in one order for all."""
    ordered = sorted(years)
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        _insert_new(
            deed,
            FundYearTotal,
            [
                {"organisation_id": number, "year": year, **dict.fromkeys(SUMS, 0)}
                for number, year in some
            ],
        )
        deed.session.execute(
            sa.select(FundYearTotal.year)
            .where(sa.tuple_(FundYearTotal.organisation_id, FundYearTotal.year).in_(some))
            .order_by(FundYearTotal.organisation_id, FundYearTotal.year)
            .with_for_update()
        ).all()


def _refuse_settled(deed: Deed, postings: Sequence[LedgerRow]) -> None:
    """Book nothing in a year that is settled or waits for it, but what settles it."""
    touched = set()
    for one in postings:
        sides = {book for book, _ in (one.debit, one.credit)}
        if one.subject[0] == "settlement_id":
            sides.discard(one.book)
        touched |= {(book.organisation_id, book.year) for book in sides}
    found = settlements_of(deed.session, touched)
    refuse_if(
        dict.fromkeys(
            refusal
            for (_, year), state in sorted(found.items())
            for refusal in refusals_for_settled(year, state)
        )
    )


def _open_accounts(deed: Deed, keys: set[Key]) -> dict[Key, tuple[int, int]]:
    """Return id and balance of accounts, opening those that are new."""
    ordered = sorted(keys)
    found: dict[Key, tuple[int, int]] = {}
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        _insert_new(
            deed,
            FundAccount,
            [{**book._asdict(), "kind": kind, "balance_fen": 0} for book, kind in some],
        )
        years = {(book.organisation_id, book.year) for book, _ in some}
        rows = deed.session.execute(
            sa.select(
                FundAccount.organisation_id,
                FundAccount.year,
                FundAccount.source,
                FundAccount.kind,
                FundAccount.id,
                FundAccount.balance_fen,
            ).where(sa.tuple_(FundAccount.organisation_id, FundAccount.year).in_(sorted(years)))
        )
        found |= {(Book(*row[:3]), row[3]): (row[4], row[5]) for row in rows}
    return found


def _insert_new(deed: Deed, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that are not there yet, whoever else is inserting them."""
    is_sqlite = deed.session.connection().dialect.name == "sqlite"
    insert: Any = sqlite.insert if is_sqlite else postgresql.insert
    deed.session.execute(insert(model).on_conflict_do_nothing(), list(rows))


def _row(deed: Deed, one: LedgerRow, accounts: Mapping[Key, tuple[int, int]]) -> dict[str, Any]:
    return {
        **dict.fromkeys(f"{one}_id" for one in SUBJECTS),
        "at": deed.now,
        "booked_on": one.booked_on,
        "kind": one.kind,
        "debit_account_id": accounts[one.debit][0],
        "credit_account_id": accounts[one.credit][0],
        "amount_fen": one.amount_fen,
        "reversal_of_id": one.reversal_of,
        "note": one.note,
        "account_id": deed.actor.account_id,
        one.subject[0]: one.subject[1],
    }


def _subject_of(entry: LedgerEntry) -> tuple[str, int]:
    names = (f"{one}_id" for one in SUBJECTS)
    return next((name, key) for name in names if (key := getattr(entry, name)) is not None)


def _add_to_sums(deed: Deed, postings: Sequence[LedgerRow]) -> None:
    added: dict[YearOf, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for posting in postings:
        for year, name, fen in posting.effects():
            added[year][name] += fen
    rows = SUMS_OF_YEARS
    deed.session.connection().execute(
        sa.update(rows)
        .where(
            rows.c.organisation_id == sa.bindparam("b_organisation_id"),
            rows.c.year == sa.bindparam("b_year"),
        )
        .values({name: rows.c[name] + sa.bindparam(f"b_{name}") for name in SUMS}),
        [
            {
                "b_organisation_id": number,
                "b_year": year,
                **{f"b_{name}": fen for name, fen in sums.items()},
            }
            for (number, year), sums in added.items()
        ],
    )
    for one in deed.session.identity_map.values():
        if isinstance(one, FundYearTotal | FundAccount):
            deed.session.expire(one)


def record_book(
    deed: Deed, credit_code: str, *, kind: str, year: int, source: str, rows: int, sha256: str
) -> None:
    """Record who took which book out, in which form."""
    deed.record(
        "ledger.exported",
        f"organisation:{credit_code}",
        format=kind,
        year=year,
        fund_source=source,
        rows=rows,
        sha256=sha256,
    )
