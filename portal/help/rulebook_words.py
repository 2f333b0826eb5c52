"""Which rule is this? One entry for each parameter of the policy, and for each finding without one.

What the plan says comes from ``portal/programme/clause_words.py``, what holds now from the dated
parameters; nothing here repeats a number. ``uses`` says where the portal applies a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.compliance.rules import AGREEMENT_CLAUSE, TITLES
from portal.programme.parameter_words import GROUPS
from portal.programme.policy import BY_KEY

AGREEMENT = "agreement"
"""The rule that has no parameter: a pairing needs a signed agreement."""

RULE_OF_FINDING: dict[str, str] = {
    "too_few_sent_staff": "min_sent_staff",
    "sent_staff_not_qualified": "cert_levels",
    "too_few_received_staff": "min_received_staff",
    "too_few_sent_days": "min_sent_days",
    "too_few_received_days": "min_received_days",
    "no_agreement": AGREEMENT,
    "received_staff_not_qualified": "received_requires",
}
"""The rule at which a finding points first; every finding of the portal stands here."""

_DAYS = ("too_few_sent_days", "too_few_received_days")
_FINDINGS: dict[str, tuple[str, ...]] = {
    "min_sent_staff": ("too_few_sent_staff",),
    "min_received_staff": ("too_few_received_staff",),
    "min_sent_days": ("too_few_sent_days",),
    "min_received_days": ("too_few_received_days",),
    "day_basis": _DAYS,
    "cert_levels": ("sent_staff_not_qualified", "too_few_sent_staff"),
    "min_service_months": ("sent_staff_not_qualified", "too_few_sent_staff"),
    "offday": _DAYS,
    "counts_from": _DAYS,
    "received_requires_task": ("too_few_received_days",),
    "received_requires": ("received_staff_not_qualified", "too_few_received_staff"),
    AGREEMENT: ("no_agreement",),
}

_USES: dict[str, str] = {
    "min_sent_staff": "判断结对是否达标；结对页面的“还差几人”。",
    "min_received_staff": "判断结对是否达标；结对页面的“还差几人”。",
    "min_sent_days": "判断结对是否达标；首页和结对页面的进度与最迟开始日期。",
    "min_received_days": "判断结对是否达标；首页和结对页面的进度与最迟开始日期。",
    "day_basis": "判断工作日是否够数时，看结对合计还是看每个人。",
    "day_unit": "所有工作日的计量。",
    "day_step": "填报工作日时可选的天数。",
    "offday": "休息日的工作日志计入多少；填报页和日志页的说明。",
    "counts_from": "工作日志从哪一步起计入合计。",
    "received_requires_task": "受援人员的工作日志没有帮扶任务时暂不计入。",
    "backfill_days": "填报、修改工作日志时，超过这个天数须写补录原因。",
    "dispute_days": "县级核准以后，结对另一方还可以对这一天提出异议的工作日数；期满没有异议即视为认可。",
    "cert_levels": "核对援派人员资格；资格不符的，工作日暂不计入。",
    "min_service_months": "核对援派人员资格；资格不符的，工作日暂不计入。",
    "received_requires": "认定谁算接受帮扶的社会工作专业人才；不算的，工作日暂不计入。",
    "count_mode": "统计一年内的人数。",
    "allow_multi_sending": "建立结对时检查援派机构是否已有结对。",
    "allow_multi_receiving": "建立结对时检查受援机构是否已有结对。",
    "subsidy_cross_fen": "有跨省结对的援派机构每年应得的部级补助：资金页、汇总的“部级应拨”，到账不足的列为“部级补助未足额到账”。",
    "subsidy_in_province_fen": "只有省内结对的援派机构每年应得的部级补助：资金页、汇总的“部级应拨”，到账不足的列为“部级补助未足额到账”。",
    "province_min_fen": "援派省份为每家援派机构每年应配套的金额：资金页、汇总的“省级应配套”，到账不足的列为“省级配套不足”。",
    "other_cap_pct": "登记支出、支出入账时，五类以外的“其他”合计不超过本机构本年度到账的这一比例。",
    "allow_transfer": "登记转付对方机构：关闭时不能登记；开放后援派机构按协议条款转付，受援机构确认。",
    "fund_idle_days": "资金监管：到账超过这么多天仍未使用的，向机构询问原因。",
    "fund_year_end_days": "资金监管：工作年度的最后这么多天内的支出，算年末支出。",
    "fund_year_end_pct": "资金监管：年末支出达到全年支出的这一比例的，询问原因。",
    "fund_round_fen": "资金监管：金额是这一数额整数倍的支出，算整数支出。",
    "fund_round_count": "资金监管：一家机构年末整数支出达到这么多笔的，询问原因。",
    "fund_shared_payee": "资金监管：同一收款人在一省这么多家机构收款的，询问原因。",
    "fund_no_invoice_pct": "资金监管：没有票据的支出达到全年支出的这一比例的，询问原因。",
    AGREEMENT: "结对页面和汇总的“未登记帮扶协议”。",
}
"""Where a parameter is applied. One that stands neither here nor in ``_weight`` is kept for later."""

KEPT_FOR_LATER = "目前只作记录，本平台还没有用到它的功能。"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its key in the URL, its name, its clause, where it is used, what it may cause."""

    key: str
    label: str
    clause: str
    uses: str
    findings: tuple[str, ...]

    @property
    def titles(self) -> list[str]:
        return [TITLES[code] for code in self.findings]

    @property
    def is_parameter(self) -> bool:
        return self.key in BY_KEY


def find_rule(key: str) -> Rule | None:
    """Return a rule by its key: a parameter's, or ``AGREEMENT``."""
    if key == AGREEMENT:
        label = TITLES["no_agreement"]
        return Rule(key, label, AGREEMENT_CLAUSE, _USES[key], _FINDINGS[key])
    if key not in BY_KEY:
        return None
    parameter = BY_KEY[key]
    findings = _findings_of(key)
    return Rule(key, parameter.label, parameter.clause, _use_of(key), findings)


def _findings_of(key: str) -> tuple[str, ...]:
    if key.startswith("weight_sent_"):
        return ("too_few_sent_days",)
    if key.startswith("weight_"):
        return ("too_few_received_days",)
    return _FINDINGS.get(key, ())


def _use_of(key: str) -> str:
    if key.startswith("weight_"):
        return "工作日志按方式折算成计入的天数。"
    return _USES.get(key, KEPT_FOR_LATER)


def list_rules() -> dict[str, list[Rule]]:
    """Return all rules by what they are about, in the order of the policy's page."""
    rules = {
        title: [rule for key in keys if (rule := find_rule(key))] for title, keys in GROUPS.items()
    }
    agreement = find_rule(AGREEMENT)
    assert agreement is not None
    rules["结对"].append(agreement)
    return rules
