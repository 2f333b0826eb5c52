"""The policy: every number of the plan as a named, dated parameter with its clause.

The registry below gives key, default, allowed values and clause (decisions B1–B45). The values in
force stand in ``policy_parameter``; nothing outside this module and ``rules.py`` of the rooms
knows a number of the plan.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.types import CertLevel, Side, WorkMode
from portal.standards.text import plain

PLAN = "二(四)2"
OWN = "系统默认口径"
YES, NO = True, False
COUNTED = ("人", "月", "分", "家", "笔")
"""Units of which there are only whole ones."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: what it is called, its default, what it may be, and where it comes from.

    ``allowed`` lists the values that the portal can compute with; None means any value of the
    default's type that is not negative.
    """

    key: str
    label: str
    default: Any
    clause: str
    decision: str
    unit: str = ""
    allowed: tuple[Any, ...] | None = None

    def parse(self, text: str) -> Any:
        """Read a value typed by a person; raise ValueError with a Chinese sentence."""
        value: Any
        text = plain(text)
        if isinstance(self.default, bool):
            words = {"是": True, "否": False, "true": True, "false": False}
            if text.lower() not in words:
                message = f"“{self.label}”应填“是”或“否”。"
                raise ValueError(message)
            value = words[text.lower()]
        elif isinstance(self.default, list):
            value = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
        elif isinstance(self.default, (int, float)):
            value = self._number(text)
        else:
            value = text
        self.check(value)
        return value

    def _number(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            message = f"“{self.label}”应填数字，实际为“{text}”。"
            raise ValueError(message) from None
        if self.unit in COUNTED and not number.is_integer():
            message = f"“{self.label}”应填整数，实际为“{text}”。"
            raise ValueError(message)
        return int(number) if isinstance(self.default, int) and number.is_integer() else number

    def check(self, value: Any) -> None:
        """Raise ValueError unless the portal can compute with this value."""
        if isinstance(value, (int, float)) and not math.isfinite(value):
            message = f"“{self.label}”应填数字，实际为“{value}”。"
            raise ValueError(message)
        if self.allowed is not None:
            values = value if isinstance(value, list) else [value]
            if not values or any(one not in self.allowed for one in values):
                message = f"“{self.label}”目前支持：{'、'.join(map(str, self.allowed))}。"
                raise ValueError(message)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0:
            message = f"“{self.label}”不能为负数。"
            raise ValueError(message)


_MODES = {mode: mode.label for mode in WorkMode}

PARAMETERS: tuple[Parameter, ...] = (
    Parameter("min_sent_staff", "每年至少选派人数（援派）", 2, PLAN, "B13", "人"),
    Parameter("min_received_staff", "每年至少接受帮扶人数（受援）", 3, PLAN, "B13", "人"),
    Parameter("min_sent_days", "援派累计工作日下限", 40, PLAN, "B1", "天"),
    Parameter("min_received_days", "受援累计工作日下限", 120, PLAN, "B1", "天"),
    Parameter(
        "day_basis",
        "工作日下限按结对合计还是每人",
        "pairing",
        PLAN,
        "B1",
        allowed=("pairing", "per_person"),
    ),
    Parameter("day_unit", "计量单位", "person_day", OWN, "B2", allowed=("person_day",)),
    Parameter("day_step", "填报步长", 0.5, OWN, "B5", "天", allowed=(0.5, 1)),
    Parameter(
        "offday",
        "休息日工作是否计入",
        "with_approval",
        OWN,
        "B4",
        allowed=("never", "with_approval", "always"),
    ),
    Parameter(
        "counts_from", "从哪一环节起计入", "approved", OWN, "B8", allowed=("confirmed", "approved")
    ),
    *(
        Parameter(
            f"weight_{side.value}_{mode.value}",
            f"{side.label}“{label}”折算系数",
            0 if mode == WorkMode.TRAVEL or (side, mode) == (Side.SENT, WorkMode.EXCHANGE) else 1,
            OWN,
            "B6",
            allowed=(0, 0.5, 1),
        )
        for side in Side
        for mode, label in _MODES.items()
    ),
    Parameter("received_requires_task", "受援工作日须标注帮扶任务", YES, "二(三)", "B7"),
    Parameter("backfill_days", "补录时限（超过须说明原因）", 30, OWN, "B9", "天"),
    Parameter("dispute_days", "对方可提出异议的期限（工作日，期满视为认可）", 10, OWN, "B45", "天"),
    Parameter(
        "cert_levels",
        "援派人员认可的证书等级",
        [CertLevel.INTERMEDIATE.value, CertLevel.SENIOR.value],
        PLAN,
        "B10",
        allowed=tuple(level.value for level in CertLevel),
    ),
    Parameter("min_service_months", "援派人员直接服务年限下限", 24, PLAN, "B11", "月"),
    Parameter(
        "received_requires",
        "受援的社会工作专业人才须具备",
        "employed",
        PLAN,
        "B41",
        allowed=("employed", "social_work", "certificate"),
    ),
    Parameter("count_mode", "人数口径", "cumulative", OWN, "B13", allowed=("cumulative",)),
    Parameter("allow_multi_sending", "援派机构可多头结对", NO, "二(一)", "B14"),
    Parameter("allow_multi_receiving", "受援机构可多头结对", NO, "二(一)", "B14"),
    Parameter("allow_preparatory", "筹建中机构可作受援机构", NO, "二(二)", "B16"),
    Parameter("subsidy_cross_fen", "部级补助标准（跨省）", 3_000_000, "三(一)", "B25", "分"),
    Parameter("subsidy_in_province_fen", "部级补助标准（省内）", 2_000_000, "三(一)", "B25", "分"),
    Parameter("province_min_fen", "省级配套下限", 3_000_000, "三(一)", "B24", "分"),
    Parameter("other_cap_pct", "“其他”类支出占本年度到账的上限", 10, "三(一)", "B27", "%"),
    Parameter("allow_transfer", "援派机构可按协议向对方机构转付资金", NO, "三(一)", "B29"),
    Parameter("fund_idle_days", "到账多久未使用即询问", 365, OWN, "R063", "天"),
    Parameter("fund_year_end_days", "年末集中支出的期间", 31, OWN, "R063", "天"),
    Parameter("fund_year_end_pct", "年末支出占全年多少即询问", 50, OWN, "R063", "%"),
    Parameter("fund_round_fen", "年末整数支出的整数单位", 100_000, OWN, "R063", "分"),
    Parameter("fund_round_count", "年末整数支出几笔即询问", 3, OWN, "R063", "笔"),
    Parameter("fund_shared_payee", "同一收款人出现在几家机构即询问", 3, OWN, "R063", "家"),
    Parameter("fund_no_invoice_pct", "无票据支出占全年多少即询问", 10, OWN, "R063", "%"),
)
BY_KEY: dict[str, Parameter] = {parameter.key: parameter for parameter in PARAMETERS}


@dataclass(frozen=True, slots=True)
class Policy:
    """The parameters in force on one date. ``policy["min_sent_days"] == 40``."""

    values: Mapping[str, Any]

    def __hash__(self) -> int:
        # Lists have no hash; policies that differ in nothing else are told apart by equality.
        return hash(frozenset(one for one in self.values.items() if not isinstance(one[1], list)))

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def weight(self, side: Side, mode: WorkMode) -> float:
        """Return what a day of this side and mode is worth: 0, 0.5 or 1 (decision B6)."""
        return float(self.values[f"weight_{side.value}_{mode.value}"])

    def as_json(self) -> dict[str, Any]:
        """Return all parameters in the order of the registry."""
        return {parameter.key: self.values[parameter.key] for parameter in PARAMETERS}


DEFAULT_POLICY = Policy({parameter.key: parameter.default for parameter in PARAMETERS})


def as_json(value: Any) -> str:
    """Return a value as it is stored; the counterpart of :func:`policy_from_rows`."""
    return json.dumps(value, ensure_ascii=False)


def policy_from_rows(rows: Mapping[str, str]) -> Policy:
    """Return the policy from stored JSON texts by key; keys without a row keep their default."""
    stored = {key: json.loads(text) for key, text in rows.items() if key in BY_KEY}
    return Policy({**DEFAULT_POLICY.values, **stored})
