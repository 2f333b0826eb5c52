"""Judging a file of money row by row, in the order in which money moves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.types import (
    FundSource,
    Side,
)
from portal.imports.column_rules import Parsed
from portal.imports.fact_rules import Setting
from portal.imports.kinds.fund_entry_rules import JUDGES, judge_expenditure
from portal.imports.kinds.fund_fact_rules import (
    Entry,
    FundEntry,
    FundFacts,
    FundPairing,
    FundsRow,
    IncomeEntry,
    PairingPurse,
)
from portal.imports.kinds.fund_state_rules import GoodRow, PurseState, Spent, is_there
from portal.imports.report_rules import Verdict
from portal.imports.rules import unknown_pairing
from portal.ledger.amount_rules import refusals_for_year
from portal.pairings.life_rules import Use, refusals_for_use
from portal.refusals import Refusal

CODE, YEAR, ENTRY, SOURCE, CATEGORY = "结对编号", "年度", "类型", "资金来源", "支出类别"
AMOUNT, DAY, NUMBER, TEXT, SIDE = "金额", "日期", "凭证号", "摘要", "角色"
COLUMNS = (CODE, YEAR, ENTRY, SOURCE, CATEGORY, AMOUNT, DAY, NUMBER, TEXT, SIDE)

COLUMN_OF_FIELD = {
    "": ENTRY,
    "pairing": CODE,
    "year": YEAR,
    "entry": ENTRY,
    "source": SOURCE,
    "amount": AMOUNT,
    "day": DAY,
    "paid_on": DAY,
    "received_on": DAY,
    "document_number": NUMBER,
    "voucher_number": NUMBER,
    "reason": TEXT,
    "payer": TEXT,
    "category": CATEGORY,
    "spent_on": DAY,
    "invoice_number": NUMBER,
    "purpose": TEXT,
}

SELF_RAISED = "没有资金安排，将作为援派机构自行筹措的资金登记。"


def judge_rows(verdict: Verdict, parsed: Parsed, facts: FundFacts, setting: Setting) -> None:
    """Judge every row; what is refused and planned stands in the verdict in the order of the file."""
    good, first_rows = [], dict[tuple[object, ...], int]()
    for index, cells in enumerate(parsed.rows(*COLUMNS)):
        row = FundsRow._make(cells)
        unread = index in verdict.refused
        pairing = facts.pairings.get(row.code or "")
        for refusal in _about_single_cells(row, pairing, facts, setting):
            _refuse(verdict, index, refusal)
        if row.category is not None and row.entry not in (None, FundEntry.EXPENDITURE):
            verdict.warn(index, "unused_value", f"“{CATEGORY}”只有支出填写，已忽略。")
        if unread or pairing is None:
            continue
        one = _good(index, row, pairing)
        number = parsed.numbers[index]
        first = first_rows.setdefault(one.identity, number)
        if first != number:
            sentence = f"与第{first}行是同一笔，请只保留一行；确是另一笔的，请以凭证号区分。"
            verdict.refuse(index, NUMBER, "duplicate_row", sentence)
        elif index not in verdict.refused:
            good.append(one)
    entries = _judged(verdict, good, facts, setting)
    for index in sorted(entries):
        entry = entries[index]
        if entry is None:
            verdict.unchanged += 1
        else:
            verdict.write(index, entry)
            verdict.decided += setting.actor.is_operator


def _good(index: int, row: FundsRow, pairing: FundPairing) -> GoodRow:
    assert row.year is not None
    assert row.entry is not None
    assert row.source is not None
    assert row.amount_fen is not None
    assert row.day is not None
    purse = PairingPurse(pairing.id, row.year, row.source, pairing.side_of(row.side))
    text = row.text or ""
    return GoodRow(
        index,
        pairing,
        purse,
        row.entry,
        row.amount_fen,
        row.day,
        row.number,
        text,
        row.category,
    )


def _refuse(verdict: Verdict, index: int, refusal: Refusal) -> None:
    verdict.refuse(index, COLUMN_OF_FIELD[refusal.field], refusal.code, refusal.sentence)


def _about_single_cells(
    row: FundsRow, pairing: FundPairing | None, facts: FundFacts, setting: Setting
) -> Iterator[Refusal]:
    """Say what is wrong with pairing, year and day, whatever else the row holds."""
    if row.day is not None and row.day > setting.today:
        sentence = f"日期 {row.day} 晚于今天（{setting.today}），请核对。"
        yield Refusal("day", "future_date", sentence)
    if pairing is None:
        if row.code is not None:
            yield unknown_pairing(row.code)
        return
    yield from refusals_for_use(Use.FUND, pairing.life, "pairing")
    if row.year is not None:
        side = pairing.side_of(row.side)
        yield from refusals_for_year(pairing.code, facts.year_of(pairing, row.year, side))


def _judged(
    verdict: Verdict, rows: Iterable[GoodRow], facts: FundFacts, setting: Setting
) -> dict[int, Entry | None]:
    """Return, by index, what is to be written; None of a row that is there already."""
    found: dict[int, Entry | None] = {}
    states: dict[PairingPurse, PurseState] = {}
    spent = Spent()
    for row in sorted(rows, key=lambda one: one.order):
        if is_there(row, facts):
            found[row.place] = None
            continue
        state = states.get(row.purse)
        if state is None:
            state = states[row.purse] = PurseState.of(row.purse, facts)
        if row.entry == FundEntry.EXPENDITURE:
            entry, refusals = judge_expenditure(row, spent, facts, setting)
        else:
            entry, refusals = JUDGES[row.entry](row, state, facts, setting)
            spent.note_arrival(row, entry)
        for refusal in refusals:
            _refuse(verdict, row.place, refusal)
        if not refusals:
            assert entry is not None
            found[row.place] = entry
            is_sent = row.purse.side == Side.SENT
            if isinstance(entry, IncomeEntry) and is_sent and row.purse.source != FundSource.SELF:
                verdict.warn(row.place, "self_raised", SELF_RAISED)
    return found
