"""Is the ledger in order? Asked of its rows in plain SQL: a fault of the application hides not from it.

What the database promises (constraints, triggers) is asked again, for a database can be restored,
moved and mended by hand.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import FundYearTotal
from models.funding import SUBJECTS
from models.types import FundSource, LedgerKind
from portal.checks import Check, Fault
from portal.ledger.rules import MOVEMENTS, SUMS, Book, LedgerRow, Money
from portal.standards.money import format_yuan

_SUBJECTS_COUNTED = " + ".join(
    f"(CASE WHEN e.{one}_id IS NULL THEN 0 ELSE 1 END)" for one in SUBJECTS
)
_AS_ITS_KIND_MOVES = " OR ".join(
    f"(e.kind = '{kind.value}' AND CASE WHEN e.reversal_of_id IS NULL"
    f" THEN d.kind = '{move.debit.value}' AND c.kind = '{move.credit.value}'"
    f" ELSE d.kind = '{move.credit.value}' AND c.kind = '{move.debit.value}' END)"
    for kind, move in MOVEMENTS.items()
)

UNBALANCED = f"""
    SELECT e.id FROM ledger_entry e
    LEFT JOIN fund_account d ON d.id = e.debit_account_id
    LEFT JOIN fund_account c ON c.id = e.credit_account_id
    LEFT JOIN ledger_entry m ON m.id = e.reversal_of_id
    WHERE e.amount_fen <= 0 OR d.id IS NULL OR c.id IS NULL OR d.id = c.id
       OR ({_SUBJECTS_COUNTED}) <> 1
       OR (d.organisation_id <> c.organisation_id) <> (e.kind = 'transfer') OR d.source <> c.source
       OR (d.year <> c.year AND e.kind <> 'carry_over')
       OR NOT ({_AS_ITS_KIND_MOVES})
       OR (e.reversal_of_id IS NOT NULL AND (m.id IS NULL OR m.reversal_of_id IS NOT NULL
           OR m.kind <> e.kind OR m.amount_fen <> e.amount_fen
           OR m.debit_account_id <> e.credit_account_id
           OR m.credit_account_id <> e.debit_account_id))
       OR EXISTS (SELECT 1 FROM ledger_entry x
           WHERE x.reversal_of_id = e.reversal_of_id AND x.id < e.id)
    ORDER BY e.id LIMIT 1
"""  # noqa: S608 - of constants
"""Between two accounts of one book, of one subject, as its kind moves money; taken back once, as a mirror."""

BALANCES = """
    SELECT a.id, a.balance_fen, COALESCE(m.fen, 0) FROM fund_account a
    LEFT JOIN (
        SELECT account_id, SUM(fen) AS fen FROM (
            SELECT debit_account_id AS account_id, amount_fen AS fen FROM ledger_entry
            UNION ALL SELECT credit_account_id, -amount_fen FROM ledger_entry) moved
        GROUP BY account_id) m ON m.account_id = a.id
    WHERE a.balance_fen <> COALESCE(m.fen, 0)
       OR (a.balance_fen < 0 AND a.kind NOT IN ('outside', 'difference'))
    ORDER BY a.id LIMIT 1
"""

ROWS_OF_BOOKS = """
    SELECT b.organisation_id, b.year, b.source, e.kind, e.is_taken_back, o.year, o.organisation_id,
        SUM(e.amount_fen)
    FROM (SELECT id, kind, amount_fen,
            CASE WHEN reversal_of_id IS NULL THEN 0 ELSE 1 END AS is_taken_back,
            CASE WHEN reversal_of_id IS NULL THEN credit_account_id ELSE debit_account_id END AS own,
            CASE WHEN reversal_of_id IS NULL THEN debit_account_id ELSE credit_account_id END AS other
          FROM ledger_entry) e
    JOIN fund_account b ON b.id = e.own
    JOIN fund_account o ON o.id = e.other
    GROUP BY b.organisation_id, b.year, b.source, e.kind, e.is_taken_back, o.year, o.organisation_id
"""

STANDING = """COALESCE((
    SELECT SUM(CASE WHEN e.reversal_of_id IS NULL THEN e.amount_fen ELSE -e.amount_fen END)
    FROM ledger_entry e WHERE e.{subject}_id = s.id AND e.kind IN ({kinds})), 0)"""


def _moved(subject: str, *kinds: LedgerKind) -> str:
    """Return in SQL what rows of some kinds come to for a subject ``s``, less what was taken back."""
    listed = ", ".join(f"'{kind.value}'" for kind in kinds)
    return STANDING.format(subject=subject, kinds=listed)


K = LedgerKind
PAID_OF = """COALESCE((SELECT SUM(p.amount_fen) FROM disbursement p
    WHERE p.allocation_id = s.id AND p.state <> 'reversed'), 0)"""

PAYMENTS = {
    "fund_allocation": f"""
        SELECT s.id FROM fund_allocation s
        WHERE s.disbursed_fen <> {PAID_OF}
           OR s.disbursed_fen < 0 OR s.reduced_fen < 0
           OR s.disbursed_fen + s.reduced_fen > s.amount_fen
           OR (s.state <> 'approved' AND s.disbursed_fen + s.reduced_fen <> 0)
        ORDER BY s.id LIMIT 1
    """,  # noqa: S608 - of constants
}
"""What was paid of an allocation is what its payments come to, and never more than is approved."""

AS_RECORDED = {
    "fund_allocation": f"""
        SELECT s.id FROM fund_allocation s
        WHERE {_moved("allocation", K.APPROVAL)}
              <> (CASE WHEN s.state = 'approved' THEN s.amount_fen ELSE 0 END)
           OR {_moved("allocation", K.WITHDRAWAL)} <> s.reduced_fen
        ORDER BY s.id LIMIT 1
    """,  # noqa: S608 - of constants
    "disbursement": f"""
        SELECT s.id FROM disbursement s
        WHERE {_moved("disbursement", K.DISBURSEMENT)}
              <> (CASE WHEN s.state = 'reversed' THEN 0 ELSE s.amount_fen END)
           OR {_moved("disbursement", K.RECEIPT, K.SURPLUS)} <> COALESCE(s.received_fen, 0)
        ORDER BY s.id LIMIT 1
    """,  # noqa: S608 - of constants
    "fund_income": f"""
        SELECT s.id FROM fund_income s
        WHERE {_moved("income", K.INCOME)} NOT IN (0, s.amount_fen)
        ORDER BY s.id LIMIT 1
    """,  # noqa: S608 - of constants
    "expenditure": f"""
        SELECT s.id FROM expenditure s
        WHERE {_moved("expenditure", K.EXPENDITURE)}
              <> (CASE WHEN s.state IN ('booked', 'sampled', 'disallowed', 'repaid')
                  THEN s.amount_fen ELSE 0 END)
           OR {_moved("expenditure", K.DISALLOWANCE)}
              <> (CASE WHEN s.state IN ('disallowed', 'repaid') THEN s.amount_fen ELSE 0 END)
           OR {_moved("expenditure", K.REPAYMENT)}
              <> (CASE WHEN s.state = 'repaid' THEN s.amount_fen ELSE 0 END)
        ORDER BY s.id LIMIT 1
    """,  # noqa: S608 - of constants
    "fund_transfer": f"""
        SELECT s.id FROM fund_transfer s
        WHERE {_moved("transfer", K.TRANSFER)}
              <> (CASE WHEN s.state = 'confirmed' THEN s.amount_fen ELSE 0 END)
           OR EXISTS (SELECT 1 FROM ledger_entry e
              JOIN fund_account d ON d.id = e.debit_account_id
              JOIN fund_account c ON c.id = e.credit_account_id
              WHERE e.transfer_id = s.id AND (d.source <> s.source OR d.year <> s.year
                 OR s.organisation_id NOT IN (d.organisation_id, c.organisation_id)
                 OR s.receiving_organisation_id NOT IN (d.organisation_id, c.organisation_id)))
        ORDER BY s.id LIMIT 1
    """,  # noqa: S608 - of constants
}
"""What the ledger moved for a subject is what its own row says."""

WITHOUT_AUDIT = """
    SELECT e.id FROM ledger_entry e
    WHERE NOT EXISTS (SELECT 1 FROM audit_event a WHERE a.at = e.at
        AND (a.account_id = e.account_id OR (a.account_id IS NULL AND e.account_id IS NULL)))
    ORDER BY e.id LIMIT 1
"""
"""Whoever books leaves an audit row of the same instant."""


def _rows(session: Session) -> Fault | None:
    row_id = session.scalar(sa.text(UNBALANCED))
    if row_id is None:
        return None
    return Fault(
        f"ledger_entry:{row_id}",
        f"台账第 {row_id} 行借贷双方、所属事项或冲销关系不符。",
    )


def _balances(session: Session) -> Fault | None:
    row = session.execute(sa.text(BALANCES)).first()
    if row is None:
        return None
    number, kept, moved = row
    return Fault(
        f"fund_account:{number}",
        f"资金账户 {number} 余额存 {format_yuan(kept)} 元，按台账各行应为 {format_yuan(int(moved))} 元。",
    )


def _year_totals(session: Session) -> Fault | None:
    """Compare the sums of every organisation and year with what the rows do to them, both ways."""
    expected: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for number, year, source, kind, is_taken_back, other, partner, fen in session.execute(
        sa.text(ROWS_OF_BOOKS)
    ):
        row = LedgerRow(
            LedgerKind(kind),
            Book(number, year, FundSource(source)),
            int(fen),
            ("", 0),
            date.min,
            carried_to=other if other != year else None,
            passed_to=partner if partner != number else None,
            reversal_of=is_taken_back,
        )
        for book, name, change in row.effects():
            expected[book][name] += change
    columns = FundYearTotal.__table__.c
    kept = {
        (row[0], row[1]): dict(zip(SUMS, row[2:], strict=True))
        for row in session.execute(
            sa.select(columns.organisation_id, columns.year, *(columns[name] for name in SUMS))
        )
    }
    nothing = Money()._asdict()
    for number, year in sorted({*expected, *kept}):
        have, want = (some.get((number, year), nothing) for some in (kept, expected))
        if have != want:
            wrong = "、".join(
                f"{name} 存 {have[name]} 应 {want[name]}"
                for name in SUMS
                if have[name] != want[name]
            )
            return Fault(
                f"fund_year_total:{number}/{year}",
                f"机构 {number} 的 {year} 年度资金合计与台账不符：{wrong}（分）。",
            )
    return None


def _payments(session: Session) -> Fault | None:
    return _first(session, PAYMENTS, "的已拨付金额与拨付记录不符，或超出核定金额。")


def _as_recorded(session: Session) -> Fault | None:
    return _first(session, AS_RECORDED, "的金额和状态与台账不符。")


def _first(session: Session, questions: dict[str, str], complaint: str) -> Fault | None:
    for table, question in questions.items():
        row_id = session.scalar(sa.text(question))
        if row_id is not None:
            return Fault(f"{table}:{row_id}", f"{table} 第 {row_id} 行{complaint}")
    return None


def _without_audit(session: Session) -> Fault | None:
    row_id = session.scalar(sa.text(WITHOUT_AUDIT))
    if row_id is None:
        return None
    return Fault(f"ledger_entry:{row_id}", f"台账第 {row_id} 行没有同一时刻、同一账号的审计记录。")


CHECKS = (
    Check("ledger_rows", "台账各行借贷相等、只属一项", _rows),
    Check("ledger_balances", "资金账户余额与台账一致", _balances),
    Check("ledger_totals", "机构年度资金合计与台账一致", _year_totals),
    Check("ledger_payments", "拨付与记录一致且不超核定", _payments),
    Check("ledger_subjects", "台账与各项资金记录一致", _as_recorded),
    Check("ledger_audit", "台账每笔有审计记录", _without_audit),
)
