"""The workbook for the bank: what is to be paid, with two columns to be filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO

from portal.banklists import rules
from portal.banklists.queries import BankRow
from portal.documents.description_rules import Column, Document, Table
from portal.documents.xlsx_export import write_xlsx

COLUMNS = (
    Column(rules.ORGANISATION, "typed", 36),
    Column(rules.CREDIT_CODE, "code", 22),
    Column(rules.BANK, "typed", 24),
    Column(rules.ACCOUNT, "code", 26),
    Column(rules.AMOUNT, "fen", 16),
    Column(rules.SOURCE, "text", 14),
    Column(rules.NUMBER, "code", 20),
    Column(rules.PAID_ON, "date", 14),
    Column(rules.VOUCHER, "typed", 24),
)


def write_bank_list(
    rows: Sequence[BankRow],
    accounts: Mapping[str, str],
    file: IO[bytes],
    *,
    year: int,
    made_at: datetime,
    is_demo: bool,
) -> None:
    """Write the rows; an account stands there in clear where it was disclosed, else masked."""
    title = f"{year}年度拨付银行清单"
    document = Document(
        title=title,
        subject=title,
        made_at=made_at,
        mark="演示数据，非真实业务" if is_demo else "",
        parts=(
            Table(
                heading=title,
                sheet=rules.SHEET,
                columns=COLUMNS,
                rows=[
                    [
                        row.organisation,
                        row.credit_code,
                        row.bank_name,
                        accounts.get(row.credit_code, row.masked),
                        row.left_fen,
                        row.source.label,
                        row.number,
                        None,
                        None,
                    ]
                    for row in rows
                ],
                total=["合计", *[None] * 3, sum(row.left_fen for row in rows), *[None] * 4]
                if rows
                else None,
                unit="元",
                empty="没有待拨付的资金安排。",
            ),
        ),
        is_across=True,
        foot=title,
    )
    write_xlsx(document, file)
