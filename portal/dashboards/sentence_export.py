"""What each picture says, in a sentence with its figures: for those who cannot see it, and to quote."""

from __future__ import annotations

from collections import Counter

from models.types import Mode, Side
from portal.dashboards.queries import Dashboard, Level
from portal.dashboards.rules import Curve

PACE_NOTE = (
    "应有进度按工作年度的法定工作日均匀推算，到年末达到“每对至少所需天数 × 结对数”（依据二(四)2）。"
    "预测区间按今天以前的平均速度推算到年末：低值只计已计入的天数，高值假定待审的天数全部核准；"
    "各对是否达标看每一对，合计够不等于每对都够。只供提前安排，不作考核。"
)
NOTHING = "范围内还没有结对。"


def days_words(centidays: int) -> str:
    """Write hundredths of a day as days: 12,345.5."""
    return f"{centidays / 100:,.10g}"


def progress_words(found: Dashboard) -> str:
    """Say how far both sides have come, beside what the pace asks for."""
    if not found.totals.sums.pairings:
        return NOTHING
    return "\n".join(_side_words(found, found.curves[side]) for side in Side)


def _side_words(found: Dashboard, curve: Curve) -> str:
    first, last = found.span
    words = f"{curve.side.label}累计计入 {days_words(curve.counted)} 天"
    if found.today > last:
        missing = max(curve.need - curve.counted, 0)
        words += f"，全年需要 {days_words(curve.need)} 天"
        words += f"，差 {days_words(missing)} 天" if missing else "，合计已达到"
    elif found.today >= first:
        words += f"，到今天应有 {days_words(curve.needed_now)} 天"
        words += f"，落后 {days_words(curve.behind)} 天" if curve.behind else "，进度正常"
        words += f"；全年需要 {days_words(curve.need)} 天"
    else:
        words += f"，年度尚未开始，全年需要 {days_words(curve.need)} 天"
    if curve.low is not None and curve.high is not None:
        low, high = days_words(curve.low), days_words(curve.high)
        words += f"，按目前速度到年末约 {low}" + (f"～{high} 天" if high != low else " 天")
    if curve.waiting:
        words += f"；另有 {days_words(curve.waiting)} 天待审"
    return f"{words}。{_reach_words(found, curve.side)}"


def _reach_words(found: Dashboard, side: Side) -> str:
    """Say how many pairings have enough by themselves: the sum hides those that have not."""
    reach = found.reach.get(side)
    if reach is None:
        return ""
    words = f"按对看，{found.totals.sums.pairings} 对中已够天数的 {reach.now} 对"
    if reach.low is not None and reach.high is not None:
        both = f"{reach.low}～{reach.high}" if reach.low != reach.high else f"{reach.low}"
        words += f"，按各对目前的速度到年末约 {both} 对"
    return f"{words}。"


def heat_words(found: Dashboard) -> str:
    """Say in which month and where most days counted, and where none did."""
    if not found.heat:
        return NOTHING
    months: Counter[int] = Counter()
    for row in found.heat:
        months.update(row.months)
    most = max(found.heat, key=lambda row: row.total)
    if not most.total:
        return "还没有计入的工作日。"
    best = max(months, key=lambda month: (months[month], -month))
    unit = {Level.PROVINCE: "个省份", Level.COUNTY: "个县", Level.PAIRING: "对"}[found.level]
    idle = sum(1 for row in found.heat if not row.total)
    words = f"计入最多的月份是 {best // 100}年{best % 100}月（{days_words(months[best])} 天），"
    if len(found.heat) == 1:
        return f"{words}全年 {days_words(most.total)} 天。"
    words += f"最多的是{most.name}（{days_words(most.total)} 天）"
    return f"{words}；{idle} {unit}全年尚无计入。" if idle else f"{words}。"


def flow_words(found: Dashboard) -> str:
    """Say how many provinces send to how many, and where most pairings are."""
    flows = found.flows
    if not flows:
        return NOTHING
    senders = len({one.sending_code for one in flows})
    receivers = len({one.receiving_code for one in flows})
    most = max(flows, key=lambda one: one.pairings)
    own = sum(one.pairings for one in flows if one.sending_code == one.receiving_code)
    names = found.names
    words = (
        f"{senders} 个省份援派 {receivers} 个省份，共 {sum(one.pairings for one in flows)} 对；"
        f"最多的是{names[most.sending_code]}→{names[most.receiving_code]} {most.pairings} 对"
    )
    return f"{words}；其中{Mode.IN_PROVINCE.label} {own} 对。" if own else f"{words}。"


def region_words(found: Dashboard) -> str:
    """Say how many provinces receive, how many are wholly compliant, how far coverage goes."""
    total = found.totals
    receiving = [area for area in found.areas if area.sums.pairings]
    if not receiving:
        words = NOTHING.removesuffix("。")
    else:
        whole = sum(1 for a in receiving if a.sums.compliant_pairings == a.sums.pairings)
        words = (
            f"{len(receiving)} 个省份有受援结对 {total.sums.pairings} 对，"
            f"达标 {total.sums.compliant_pairings} 对；{whole} 个省份全部达标"
        )
    if found.shows_coverage and total.key_counties:
        words += f"；重点帮扶县覆盖 {total.key_counties_covered} / {total.key_counties} 个"
    return f"{words}。"


def county_words(found: Dashboard) -> str:
    """Say the same of the counties of one province."""
    total = found.totals
    receiving = [one for one in found.counties if one.pairings]
    whole = sum(1 for one in receiving if one.compliant_pairings == one.pairings)
    words = (
        f"{len(receiving)} 个县有受援结对 {total.sums.pairings} 对，"
        f"达标 {total.sums.compliant_pairings} 对；{whole} 个县全部达标"
    )
    if found.shows_coverage and total.key_counties:
        words += f"；重点帮扶县覆盖 {total.key_counties_covered} / {total.key_counties} 个"
    return f"{words}。"


def stage_words(found: Dashboard) -> str:
    """Say how many pairings have come how far."""
    known = found.stages
    allocated = "" if known.allocated is None else f"任务分配 {known.allocated} 对，"
    return (
        f"{allocated}已结对 {known.paired} 对；其中已登记协议 {known.agreed} 对，"
        f"双方均有已批准人员 {known.staffed} 对，已有工作日计入 {known.running} 对，"
        f"达标 {known.compliant} 对。"
    )
