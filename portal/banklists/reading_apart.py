"""ListReading a list that came back, apart (portal/apart.py): its cells, row by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.apart import Apart, Limits
from portal.banklists.rules import (
    AMOUNT,
    CREDIT_CODE,
    HEADERS,
    MOST_ROWS,
    NEEDED,
    NUMBER,
    ORGANISATION,
    PAID_ON,
    SHEET,
    VOUCHER,
    Returned,
)
from portal.imports.cell_rules import BadCell, amount, as_text, day, refuse_no_content
from portal.imports.reading_apart import Unreadable, read_sheet
from portal.imports.sheet_rules import Sheet, is_blank
from portal.refusals import Refusal, Refused
from portal.standards.text import compact_upper, trimmed

LIMITS = Limits(memory_bytes=200 * 1024 * 1024, cpu_seconds=10, wall_seconds=40, may_write=False)
TOO_LARGE = Refusal(
    "file", "too_large", "读取这份清单所需的内存或时间超过上限，已停止；请只保留清单本身后再上传。"
)
HIDDEN = (
    "这一行在表格中被筛选或隐藏，却填有拨付日期或凭证号；请取消筛选和隐藏，核对确已拨付后再上传。"
)
"""Nobody pays what nobody saw: whoever fills in a filtered column fills in what is hidden, too."""
BUSY = Refusal("file", "busy", "正在读取其他人上传的文件，请过一分钟再上传。")


def _rows_in(content: bytes, _question: Any) -> list[bytes]:
    try:
        sheet = read_sheet(content, (SHEET,), HEADERS)
    except Unreadable as fault:
        raise Refused([Refusal("file", "useless_file", fault.sentence)]) from fault
    _refuse_other(sheet)
    found = []
    hidden = set(sheet.hidden)
    for row in sheet.numbers:
        cells = {header: sheet.cell(row, header) for header in HEADERS}
        typed = {header: "" if cell is None else cell for header, cell in cells.items()}
        # Below the rows of our own list stand its sum and what is signed by hand.
        if all(is_blank(typed[header]) for header in (NUMBER, PAID_ON, VOUCHER)):
            continue
        faults: list[tuple[str, str, str]] = []
        if row in hidden and not all(is_blank(typed[header]) for header in (PAID_ON, VOUCHER)):
            faults.append((PAID_ON, "hidden_row", HIDDEN))

        def read(header: str, parse: Any, typed: Any = typed, faults: Any = faults) -> Any:
            if is_blank(typed[header]):
                return None
            try:
                refuse_no_content(typed[header])
                return parse(typed[header])
            except BadCell as bad:
                faults.append((header, bad.fault.code, f"“{header}”：{bad.fault.sentence}"))
                return None

        paid_on = read(PAID_ON, day)
        found.append(
            [
                row,
                trimmed(as_text(typed[NUMBER])),
                compact_upper(as_text(typed[CREDIT_CODE])),
                trimmed(as_text(typed[ORGANISATION])),
                read(AMOUNT, amount),
                paid_on.isoformat()[:10] if isinstance(paid_on, date | datetime) else None,
                trimmed(as_text(typed[VOUCHER])),
                faults,
            ]
        )
    return [json.dumps(found).encode()]


def _refuse_other(sheet: Sheet) -> None:
    """Raise :class:`Refused` for a sheet that is no list, or of which not all is shown."""
    missing = [header for header in NEEDED if sheet.find(header) is None]
    if missing:
        sentence = f"清单缺少列：{'、'.join(missing)}；请使用本平台导出的清单，不要改动表头。"
        raise Refused([Refusal("file", "missing_column", sentence)])
    unseen = [header for header in NEEDED if header in sheet.hidden_columns]
    if unseen:
        sentence = f"清单中这些列被隐藏：{'、'.join(unseen)}；请取消隐藏、核对后再上传。"
        raise Refused([Refusal("file", "hidden_column", sentence)])
    if len(sheet) > MOST_ROWS:
        sentence = f"清单有 {len(sheet):,} 行，超过上限 {MOST_ROWS:,} 行；请分次上传。"
        raise Refused([Refusal("file", "too_many_rows", sentence)])


def _returned(frames: Sequence[bytes]) -> list[Returned]:
    """Return what was sent; raise ValueError unless it has the shape of rows."""
    (frame,) = frames
    found = []
    for row, number, code, name, fen, paid_on, voucher, faults in json.loads(frame):
        if not isinstance(row, int) or not isinstance(fen, int | None):
            raise ValueError("no row")  # noqa: TRY004 - what portal/apart.py reads by
        if not all(isinstance(text, str) for text in (number, code, name, voucher)):
            raise ValueError("no row")
        day_paid = None if paid_on is None else date.fromisoformat(paid_on)
        refusals = tuple(Refusal(*map(str, texts)) for texts in faults)
        found.append(Returned(row, number, code, name, fen, day_paid, voucher, refusals))
    return found


LISTS = Apart(_rows_in, _returned, LIMITS, too_much=TOO_LARGE, busy=BUSY)
