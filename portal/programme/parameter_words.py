"""How the values of parameters are written for people, typed by them, and grouped on a page. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from models.types import CertLevel
from portal.programme.policy import COUNTED, Parameter
from portal.standards.money import format_yuan, parse_yuan

FEN, YUAN = "分", "元"
YES, NO = "是", "否"

WORDS = {
    "pairing": "按结对合计",
    "per_person": "按每人",
    "person_day": "人天",
    "never": "一律不计入",
    "with_approval": "经县级核准后计入",
    "always": "一律计入",
    "confirmed": "本机构确认后计入",
    "approved": "县级核准后计入",
    "cumulative": "全年累计",
    "employed": "受雇于受援机构并被选派",
    "social_work": "并已登记从事社会工作起始日期",
    "certificate": "并持有任一等级的职业水平证书",
    **{level.value: level.label for level in CertLevel},
}
"""What the code words among the values mean."""

GROUPS = {
    "人数和工作日下限": (
        "min_sent_staff",
        "min_received_staff",
        "min_sent_days",
        "min_received_days",
        "day_basis",
        "count_mode",
    ),
    "援派人员资格": ("cert_levels", "min_service_months"),
    "受援人员认定": ("received_requires",),
    "工作日怎样计入": (
        "day_unit",
        "day_step",
        "offday",
        "counts_from",
        "received_requires_task",
        "backfill_days",
        "dispute_days",
    ),
    "折算系数": (
        "weight_sent_onsite",
        "weight_sent_online",
        "weight_sent_exchange",
        "weight_sent_travel",
        "weight_received_onsite",
        "weight_received_online",
        "weight_received_exchange",
        "weight_received_travel",
    ),
    "结对": ("allow_multi_sending", "allow_multi_receiving", "allow_preparatory"),
    "经费": (
        "subsidy_cross_fen",
        "subsidy_in_province_fen",
        "province_min_fen",
        "other_cap_pct",
        "allow_transfer",
    ),
    "资金监管": (
        "fund_idle_days",
        "fund_year_end_days",
        "fund_year_end_pct",
        "fund_round_fen",
        "fund_round_count",
        "fund_shared_payee",
        "fund_no_invoice_pct",
    ),
}
"""The parameters by what they are about, in the order of the page."""


class Input(StrEnum):
    """Into what a value is typed."""

    AMOUNT = "amount"
    NUMBER = "number"
    CHOICE = "choice"
    TICKS = "ticks"


def input_of(parameter: Parameter) -> Input:
    """Return into what the value of a parameter is typed."""
    if isinstance(parameter.default, list):
        return Input.TICKS
    if isinstance(parameter.default, bool) or parameter.allowed is not None:
        return Input.CHOICE
    return Input.AMOUNT if parameter.unit == FEN else Input.NUMBER


def unit_of(parameter: Parameter) -> str:
    """Return the unit in which people read and type the value: money in yuan."""
    return YUAN if parameter.unit == FEN else parameter.unit


def write_value(parameter: Parameter, value: Any) -> str:
    """Write a value without its unit: ``30,000.00``, ``0.5``, ``是``, ``社会工作师、高级社会工作师``."""
    if isinstance(value, list):
        return "、".join(write_value(parameter, one) for one in value)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return WORDS.get(value, value)
    return format_yuan(int(value)) if parameter.unit == FEN else f"{value:,.10g}"


def write_with_unit(parameter: Parameter, value: Any) -> str:
    """Write a value with its unit, if it has one: ``40 天``."""
    return f"{write_value(parameter, value)} {unit_of(parameter)}".rstrip()


def choices_of(parameter: Parameter) -> list[tuple[str, str]]:
    """Return what may be chosen, as (text of the value, label); empty where a value is typed."""
    if isinstance(parameter.default, bool):
        return [(YES, YES), (NO, NO)]
    return [(text_of(one), write_with_unit(parameter, one)) for one in parameter.allowed or ()]


def text_of(value: Any) -> str:
    """Return the text that ``Parameter.parse`` reads as this value."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return ",".join(text_of(one) for one in value)
    return value if isinstance(value, str) else f"{value:.10g}"


def typed_text(parameter: Parameter, typed: str) -> str | None:
    """Return the text that ``Parameter.parse`` reads for what was typed; None if it is no amount."""
    if input_of(parameter) != Input.AMOUNT:
        return typed
    fen = parse_yuan(typed)
    return None if fen is None else str(fen)


def write_allowed(parameter: Parameter) -> str:
    """Say how the parameter may be set."""
    match input_of(parameter):
        case Input.TICKS:
            return "一项或多项：" + "、".join(label for _, label in choices_of(parameter))
        case Input.CHOICE:
            return "、".join(label for _, label in choices_of(parameter))
        case Input.AMOUNT:
            return "不小于 0 的金额（元，最多两位小数）"
        case Input.NUMBER:
            return "不小于 0 的整数" if parameter.unit in COUNTED else "不小于 0 的数"
