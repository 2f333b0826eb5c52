"""The columns of the 汇总表 that can be filled today, and a cell for each (forms.md, section 6).

Cells are numbers or text, as they go into a spreadsheet; None stands for nothing to say. Stations,
training and grades are not recorded yet, so they have no column. Of money each sending organisation
counts once, on the line that bears it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from portal.clock import SHANGHAI
from portal.compliance.pace_rules import RANKED, YET_MEANING, verdict_of
from portal.compliance.rules import FINDING_BITS
from portal.documents.description_rules import BESIDE, Cell, Column, in_days
from portal.funding.entitlement_rules import MONEY_TITLES, NOTHING_DUE, Entitlement
from portal.ledger.rules import Money
from portal.programme.policy import PLAN
from portal.standards.money import format_yuan
from portal.summaries.area_rules import Area, Sender, Shortage
from portal.summaries.queries import Summary
from portal.summaries.rules import BITS, TITLES, PairingLine, Sums, dues_of

SENDER, RECEIVER = "援派方", "受援方"
SENT, RECEIVED = "援派", "受援"


def _met(side: str, label: str) -> Column:
    return Column(f"{side}{label}", "text", 10, BESIDE, is_beside=True)


MONEY_HEADINGS = (
    ("部级补助", "应拨"),
    ("部级补助", "到账"),
    ("省级保障", "应配套"),
    ("省级保障", "到账"),
    ("", "自行筹措"),
    ("", "到账合计"),
    ("", "支出"),
    ("", "执行率"),
    ("", "结余"),
)
"""By source as far as the plan tells them apart (三(一)–(三)): the ministry's, what the sending province
guarantees out of its own money, the lottery's, donations and social money, what organisations raised."""

MONEY_BESIDE = tuple(
    Column(f"{group}{head}（元）", "fen", 14, BESIDE, is_beside=True)
    if head != "执行率"
    else Column("资金执行率", "share", 9, BESIDE, is_beside=True)
    for group, head in MONEY_HEADINGS
)
FUND_COLUMNS = (
    Column("援派省份", "text", 19),
    Column("援派机构数", "number", 8, "", "援派机构"),
    *(
        Column(f"{group}{head}", "share" if head == "执行率" else "fen", 15, group, head)
        for group, head in MONEY_HEADINGS
    ),
    *(
        Column(f"{title}机构数", "number", 9, "存在问题的机构数", title)
        for title in MONEY_TITLES.values()
    ),
    Column("省份代码", "text", 10, BESIDE, is_beside=True),
)

PAIRING_COLUMNS = (
    Column("结对编号", "code", 13),
    Column("任务线", "text", 7.5),
    Column("帮扶方式", "text", 9),
    Column("援派省份", "text", 15.5, SENDER, "省份"),
    Column("援派机构", "typed", 22, SENDER, "机构"),
    Column("受援省份", "text", 15.5, RECEIVER, "省份"),
    Column("受援县", "text", 12, RECEIVER, "县"),
    Column("受援机构", "typed", 22, RECEIVER, "机构"),
    Column("援派人数", "number", 5.5, SENT, "人数"),
    Column("合格援派人数", "number", 5.5, SENT, "合格人数"),
    Column("援派工作日合计", "days", 8, SENT, "工作日"),
    Column("援派人均工作日", "days", 6, SENT, "人均"),
    Column("援派每人最少工作日", "days", 6, SENT, "每人最少"),
    Column("援派待审工作日", "days", 6, SENT, "待审"),
    Column("援派进度", "text", 7, SENT, "进度"),
    Column("受援人数", "number", 5.5, RECEIVED, "人数"),
    Column("受援工作日合计", "days", 8, RECEIVED, "工作日"),
    Column("受援人均工作日", "days", 6, RECEIVED, "人均"),
    Column("受援每人最少工作日", "days", 6, RECEIVED, "每人最少"),
    Column("受援待审工作日", "days", 6, RECEIVED, "待审"),
    Column("受援进度", "text", 7, RECEIVED, "进度"),
    Column("是否达标", "text", 6.5),
    Column("未达标及其他问题", "text", 22),
    _met(SENT, "人数达标"),
    _met(SENT, "工作日达标"),
    _met(RECEIVED, "人数达标"),
    _met(RECEIVED, "工作日达标"),
    Column("乡镇街道数", "number", 9, BESIDE, is_beside=True),
    Column("是否确认", "text", 9, BESIDE, is_beside=True),
    Column("重点帮扶县", "text", 9, BESIDE, is_beside=True),
    Column("年度", "year", 7, BESIDE, is_beside=True),
    Column("受援县代码", "text", 9, BESIDE, is_beside=True),
    Column("援派机构统一社会信用代码", "typed", 22, BESIDE, is_beside=True),
    Column("受援机构统一社会信用代码", "typed", 22, BESIDE, is_beside=True),
    *MONEY_BESIDE,
)

AREA_COLUMNS = (
    Column("地区", "text", 19),
    Column("应结对数", "number", 8.5),
    Column("实际结对数", "number", 6.5),
    Column("完成率", "share", 8),
    Column("重点帮扶县数", "number", 8.5),
    Column("覆盖数", "number", 7),
    Column("覆盖率", "share", 8),
    Column("达标结对数", "number", 6.5),
    Column("援派机构数", "number", 7, SENT, "机构数"),
    Column("援派人数", "number", 7, SENT, "人数"),
    Column("合格援派人数", "number", 7, SENT, "合格人数"),
    Column("援派工作日合计", "days", 10, SENT, "工作日"),
    Column("援派人均工作日", "days", 7, SENT, "人均"),
    Column("援派每人最少工作日", "days", 7, SENT, "每人最少"),
    Column("援派待审工作日", "days", 8, SENT, "待审"),
    Column("援派还差工作日", "days", 8, SENT, "还差"),
    Column("受援机构数", "number", 7, RECEIVED, "机构数"),
    Column("受援人数", "number", 7, RECEIVED, "人数"),
    Column("受援工作日合计", "days", 10, RECEIVED, "工作日"),
    Column("受援人均工作日", "days", 7, RECEIVED, "人均"),
    Column("受援每人最少工作日", "days", 7, RECEIVED, "每人最少"),
    Column("受援待审工作日", "days", 8, RECEIVED, "待审"),
    Column("受援还差工作日", "days", 8, RECEIVED, "还差"),
    *(
        Column(f"{pace.label}结对数", "number", 7, "按进度分的结对数", pace.label)
        for pace in reversed(RANKED)
    ),
    Column("乡镇街道数", "number", 7),
    Column("援派人数达标结对数", "number", 14, BESIDE, is_beside=True),
    Column("援派工作日达标结对数", "number", 14, BESIDE, is_beside=True),
    Column("受援人数达标结对数", "number", 14, BESIDE, is_beside=True),
    Column("受援工作日达标结对数", "number", 14, BESIDE, is_beside=True),
    Column("省份代码", "text", 10, BESIDE, is_beside=True),
    *MONEY_BESIDE,
)

SENDER_COLUMNS = (
    Column("援派省份", "text", 21),
    Column("应援派结对数", "number", 11),
    Column("实际援派结对数", "number", 11),
    Column("完成率", "share", 10),
    Column("达标结对数", "number", 11),
    Column("援派机构数", "number", 11, "机构", "援派"),
    Column("受援机构数", "number", 11, "机构", "受援"),
    Column("援派人数", "number", 11, "援派人数", "合计"),
    Column("合格援派人数", "number", 11, "援派人数", "其中合格"),
    Column("援派工作日合计", "days", 13, "援派工作日", "计入"),
    Column("援派待审工作日", "days", 13, "援派工作日", "待审"),
    Column("省级应配套（元）", "yuan", 17),
    Column("省份代码", "text", 10, BESIDE, is_beside=True),
)

YES, NO = "是", "否"
UNCONFIRMED = "待确认，不计入合计"
SENT_STAFF, SENT_DAYS = FINDING_BITS["too_few_sent_staff"], FINDING_BITS["too_few_sent_days"]
RECEIVED_STAFF, RECEIVED_DAYS = (
    FINDING_BITS["too_few_received_staff"],
    FINDING_BITS["too_few_received_days"],
)


def share(part: int, of: int) -> float | None:
    """Return a share to four decimals, or None where there is nothing to share."""
    return round(part / of, 4) if of else None


def remarks_on(line: PairingLine) -> str:
    """Return what a line lacks, in words; of one that is not confirmed, that it does not count."""
    return _titles_of(line.findings) if line.is_confirmed else UNCONFIRMED


@cache
def _titles_of(mask: int) -> str:
    return "、".join(TITLES[code] for code, bit in BITS.items() if mask & bit)


def pairing_cells(summary: Summary) -> Callable[[PairingLine], tuple[Cell, ...]]:
    """Return the function that writes a line of this summary under ``PAIRING_COLUMNS``."""
    names, townships, year = summary.province_names, summary.townships, summary.year
    dues = dues_of(summary.policy)
    key_counties = {county.code for county in summary.counties if county.is_key}

    def cells(line: PairingLine) -> tuple[Cell, ...]:
        sent, received, mask = line.qualified_sent_staff, line.received_staff, line.findings
        return (
            line.code,
            line.line.label,
            line.mode.label,
            names.get(line.sending_province_code, line.sending_province_code),
            line.sending_name,
            names.get(line.receiving_province_code, line.receiving_province_code),
            line.county_name,
            line.receiving_name,
            line.sent_staff,
            sent,
            in_days(line.sent_centidays),
            in_days(round(line.sent_centidays / sent)) if sent else None,
            in_days(line.sent_min_centidays) if sent else None,
            in_days(line.sent_pending_centidays),
            line.sent_pace and line.sent_pace.label,
            received,
            in_days(line.received_centidays),
            in_days(round(line.received_centidays / received)) if received else None,
            in_days(line.received_min_centidays) if received else None,
            in_days(line.received_pending_centidays),
            line.received_pace and line.received_pace.label,
            verdict_of(line.is_compliant, line.sent_pace, line.received_pace)
            if line.is_confirmed
            else None,
            remarks_on(line),
            NO if mask & SENT_STAFF else YES,
            NO if mask & SENT_DAYS else YES,
            NO if mask & RECEIVED_STAFF else YES,
            NO if mask & RECEIVED_DAYS else YES,
            townships.get(line.county_code),
            YES if line.is_confirmed else NO,
            YES if line.county_code in key_counties else NO,
            year,
            line.county_code,
            line.sending_credit_code,
            line.receiving_credit_code,
            *money_cells(dues[line.mode] if line.bears_due else NOTHING_DUE, line.money),
        )

    return cells


def money_cells(due: Entitlement, money: Money | None) -> tuple[Cell, ...]:
    """Return money under ``MONEY_HEADINGS``; of None what is due alone."""
    if money is None:
        return (due.subsidy_fen, None, due.province_fen, *[None] * 6)
    raised = money.received_fen - money.subsidy_received_fen - money.province_received_fen
    return (
        due.subsidy_fen,
        money.subsidy_received_fen,
        due.province_fen,
        money.province_received_fen,
        raised,
        money.received_fen,
        money.spent_fen,
        share(money.spent_fen, money.received_fen),
        money.balance_fen,
    )


def money_of(sums: Sums, summary: Summary) -> Money | None:
    """Return the money of some lines, None for whoever may not read it."""
    return Money(*sums.money) if summary.knows_money else None


def area_cells(area: Area, lacking: Shortage | None, summary: Summary) -> tuple[Cell, ...]:
    """Return an area under ``AREA_COLUMNS``; of coverage nothing where it cannot be told.

    ``lacking`` is None where days are asked of each person.
    """
    sums = area.sums
    tells_coverage = area.key_counties or area.allocated is not None
    return (
        area.name,
        area.allocated,
        sums.pairings,
        share(sums.pairings, area.allocated or 0),
        area.key_counties if tells_coverage else None,
        area.key_counties_covered if tells_coverage else None,
        share(area.key_counties_covered, area.key_counties),
        sums.compliant_pairings,
        area.organisations.sending,
        sums.sent_staff,
        sums.qualified_sent_staff,
        in_days(sums.sent_centidays),
        in_days(sums.sent_average_centidays) if sums.qualified_sent_staff else None,
        in_days(sums.sent_min_centidays) if sums.qualified_sent_staff else None,
        in_days(sums.sent_pending_centidays),
        in_days(lacking.sent_centidays) if lacking else None,
        area.organisations.receiving,
        sums.received_staff,
        in_days(sums.received_centidays),
        in_days(sums.received_average_centidays) if sums.received_staff else None,
        in_days(sums.received_min_centidays) if sums.received_staff else None,
        in_days(sums.received_pending_centidays),
        in_days(lacking.received_centidays) if lacking else None,
        *reversed(sums.paces),
        area.townships,
        sums.met("too_few_sent_staff"),
        sums.met("too_few_sent_days"),
        sums.met("too_few_received_staff"),
        sums.met("too_few_received_days"),
        area.code,
        *money_cells(summary.due_of(sums), money_of(sums, summary)),
    )


def sender_cells(sender: Sender, summary: Summary) -> tuple[Cell, ...]:
    """Return a sending province under ``SENDER_COLUMNS``."""
    sums = sender.sums
    return (
        sender.name,
        sender.allocated,
        sums.pairings,
        share(sums.pairings, sender.allocated or 0),
        sums.compliant_pairings,
        sender.organisations.sending,
        sender.organisations.receiving,
        sums.sent_staff,
        sums.qualified_sent_staff,
        in_days(sums.sent_centidays),
        in_days(sums.sent_pending_centidays),
        summary.due_of(sums).province_fen // 100,
        sender.code,
    )


def fund_cells(sender: Sender, summary: Summary) -> tuple[Cell, ...]:
    """Return the money of a sending province under ``FUND_COLUMNS``."""
    sums = sender.sums
    return (
        sender.name,
        sums.due_cross + sums.due_in_province,
        *money_cells(summary.due_of(sums), money_of(sums, summary)),
        *(sums.having(code) if summary.knows_money else None for code in MONEY_TITLES),
        sender.code,
    )


def notes_of(summary: Summary) -> list[tuple[str, Cell]]:
    """Return what is to be said of the figures: which state, how many rows, by which rule; the hash
    is filled in when the rows are written."""
    policy = summary.policy
    basis = "每人" if policy["day_basis"] == "per_person" else "结对合计"
    rule = (
        f"援派不少于{policy['min_sent_staff']}人、{policy['min_sent_days']}天，"
        f"受援不少于{policy['min_received_staff']}人、{policy['min_received_days']}天"
        f"（按{basis}，依据{PLAN}）"
    )
    return [
        *([("数据性质", "演示数据，非真实业务")] if summary.is_demo else []),
        ("计划", summary.programme),
        ("工作年度", summary.year),
        ("范围", range_of(summary)),
        ("数据截至", summary.as_of.isoformat()),
        ("生成时间（北京时间）", f"{summary.generated_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"),
        ("明细行数（结对）", summary.listed),
        ("其中待确认（不计入合计）", summary.listed - summary.totals.sums.pairings),
        ("受援省份行数", len(summary.provinces)),
        ("援派省份行数", len(summary.senders)),
        ("达标口径", rule),
        ("资金口径", MONEY_RULE),
        *_tilt(summary),
        *([("是否达标", YET_MEANING)] if any(summary.totals.sums.paces) else []),
        (DIGEST_LABEL, ""),
        ("校验方法", DIGEST_RULE),
    ]


MONEY_RULE = (
    "每家援派机构每年度计一次，列在承担应拨的结对上；到账以机构确认为准，省级保障含省级配套、彩票公益金、"
    "慈善捐赠和社会资金；执行率为支出占到账的比例"
)


def _tilt(summary: Summary) -> list[tuple[str, Cell]]:
    """Return how much of the money reached key counties, to which support is tilted (R041)."""
    if not summary.knows_money:
        return []
    money, tilted = Money(*summary.totals.sums.money), summary.to_key_counties
    part = share(tilted.received_fen, money.received_fen)
    words = f"{format_yuan(tilted.received_fen)} 元"
    return [("到账中用于重点帮扶县结对", words if part is None else f"{words}，占 {part:.1%}")]


def range_of(summary: Summary) -> str:
    """Return in words which pairings are in the file."""
    filters, names = summary.filters, summary.province_names
    parts = [
        "全国" if summary.scope.is_nation else f"与{summary.scope.name}有关的结对",
        f"援派方或受援方在{names[filters.either_province]}" if filters.either_province else "",
        f"受援地为{names[filters.receiving_province]}" if filters.receiving_province else "",
        f"任务线：{filters.line.label}" if filters.line else "",
        f"帮扶方式：{filters.mode.label}" if filters.mode else "",
        f"未达标事项：{TITLES[filters.finding]}" if filters.finding else "",
        {True: "达标", False: "未达标", None: ""}[filters.compliant],
        f"进度：{filters.pace.label}" if filters.pace else "",
    ]
    return "；".join(part for part in parts if part)


DIGEST_LABEL = "明细行校验值（SHA-256）"
DIGEST_RULE = (
    "明细表各行单元格转为文本，以单元分隔符（ASCII 31）相连，每行以换行符结束，按 UTF-8 编码后计算"
)
