"""What a row of a bank list that came back means. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from models.types import FundSource
from portal.refusals import Refusal
from portal.standards.money import format_yuan

SHEET = "银行清单"
ORGANISATION, CREDIT_CODE, BANK, ACCOUNT = "机构", "统一社会信用代码", "开户行", "银行账号"
AMOUNT, SOURCE, NUMBER = "金额", "资金来源", "资金安排编号"
PAID_ON, VOUCHER = "拨付日期", "凭证号"
HEADERS = (ORGANISATION, CREDIT_CODE, BANK, ACCOUNT, AMOUNT, SOURCE, NUMBER, PAID_ON, VOUCHER)
NEEDED = (NUMBER, AMOUNT, PAID_ON, VOUCHER)

MOST_ROWS = 1_000
"""Of a list; the plan has some 300 organisations and two payers each."""


class Returned(NamedTuple):
    """A row that came back; ``row`` is its number in the file. None is a cell that says nothing."""

    row: int
    number: str
    credit_code: str
    organisation: str
    amount_fen: int | None
    paid_on: date | None
    voucher_number: str
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_unpaid(self) -> bool:
        """Nothing was filled in: it was not paid, and nothing is wrong with it."""
        return not self.refusals and self.paid_on is None and not self.voucher_number


class RowToPay(NamedTuple):
    """A row that will be a payment; ``left_fen`` is what could be paid before it."""

    row: int
    organisation: str
    source: FundSource
    amount_fen: int
    left_fen: int
    paid_on: date
    voucher_number: str

    @property
    def is_part(self) -> bool:
        """Is it paid in part? What is left stays to be paid."""
        return self.amount_fen < self.left_fen


class BadRow(NamedTuple):
    """A row that cannot be written, and every reason."""

    row: int
    organisation: str
    amount: str
    sentences: tuple[str, ...]


class ListReading(NamedTuple):
    """What a list that came back would do: its good and bad rows, and how many do nothing.

    ``there`` are booked already as the row says, ``unpaid`` were not filled in.
    """

    good: tuple[RowToPay, ...]
    bad: tuple[BadRow, ...]
    there: int
    unpaid: int

    @property
    def total_fen(self) -> int:
        return sum(one.amount_fen for one in self.good)


NOTHING_FILLED = Refusal(
    "file",
    "nothing_to_do",
    "清单中没有填写拨付日期和凭证号的行；已付的行请填写后再上传。",
)
SHOWN_TOO_LONG_AGO = Refusal(
    "", "expired", "核对的结果已超过 2 小时，或不是您上传的清单；请重新上传清单，核对后再登记。"
)
SHOWN_FOR = 2 * 60 * 60
"""Seconds for which what was shown can be confirmed."""


def refusals_for_row(one: Returned, credit_code: str | None) -> list[Refusal]:
    """Say what a row lacks; ``credit_code`` is that of its allocation, None where there is none."""
    found = list(one.refusals)
    if not one.number:
        found.append(Refusal(NUMBER, "missing_value", f"缺少“{NUMBER}”；请使用本平台导出的清单。"))
    elif credit_code is None:
        sentence = f"“{one.number[:30]}”不是您可以拨付的资金安排；请使用本平台导出的清单。"
        found.append(Refusal(NUMBER, "unknown_allocation", sentence))
    elif one.credit_code and one.credit_code != credit_code:
        sentence = (
            f"统一社会信用代码 {one.credit_code[:30]} 与该资金安排的机构（{credit_code}）不符；"
            "请核对是否错行。"
        )
        found.append(Refusal(CREDIT_CODE, "mismatch", sentence))
    named = {refusal.field for refusal in found}
    for header, is_missing in (
        (AMOUNT, one.amount_fen is None),
        (PAID_ON, one.paid_on is None),
        (VOUCHER, not one.voucher_number),
    ):
        if is_missing and header not in named:
            sentence = f"缺少“{header}”；已付的行请填写金额、拨付日期和凭证号，未付的行这三项中后两项都留空。"
            found.append(Refusal(header, "missing_value", sentence))
    return found


def bad_row(one: Returned, refusals: list[Refusal]) -> BadRow:
    amount = "" if one.amount_fen is None else format_yuan(one.amount_fen)
    return BadRow(
        one.row, one.organisation, amount, tuple(refusal.sentence for refusal in refusals)
    )
