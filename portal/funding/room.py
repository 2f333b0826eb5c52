"""What the money of the plan brings to the house."""

from __future__ import annotations

from models.types import FundSource
from portal.asked import Target
from portal.causes import Cause, Urgency, Want
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.funding.check_queries import CHECKS
from portal.funding.demo_actions import show_money
from portal.funding.inbox_queries import (
    approvals,
    counts_of_funds,
    payments,
    receipts,
    unplanned,
)
from portal.funding.listing_export import LISTING
from portal.funding.search_queries import find_allocations, list_opened
from portal.funding.stage_rules import AllocationFilter
from portal.funding.standing_export import PROVINCES, STANDINGS
from portal.funding.views import blueprint

ROOM = Room(
    "funding",
    blueprint=blueprint,
    door=Door("资金", "funding.show_funds", "fund.read", counts_of_funds, menu=Menu.DEEDS),
    further=(
        Door("资金安排", "funding.list_fund_allocations", "fund.read"),
        Door("批量拨付", "funding.pay_many", "fund.pay"),
    ),
    events={
        "fund_allocation.planned": "编制资金安排",
        "fund_allocation.approved": "核定资金安排",
        "fund_allocation.declined": "不予核定资金安排",
        "fund_allocation.reduced": "核减资金安排",
        "disbursement.paid": "登记拨付",
        "disbursement.received": "确认到账",
        "disbursement.receipt_reversed": "冲销到账",
        "disbursement.reversed": "冲销拨付",
        "fund_income.recorded": "登记自行筹措",
        "fund_income.reversed": "冲销自行筹措",
    },
    subjects={
        "fund_allocation": "资金安排",
        "disbursement": "拨付",
        "fund_income": "自行筹措",
    },
    facts={
        "amount_fen": "金额（分）",
        "fund_source": "资金来源",
    },
    code_words={one.value: one.label for one in FundSource},
    causes=(
        Cause(
            Urgency.DECISION,
            "待核定的资金安排",
            "去核定",
            "funding.list_fund_allocations",
            ("fund.approve",),
            approvals,
            lambda latest: f"{latest.who}（{latest.why}）",
            {"state": AllocationFilter.PLANNED.value},
        ),
        Cause(
            Urgency.OWN_WORK,
            "待确认到账的拨付",
            "去确认",
            "funding.show_funds",
            ("fund.receive",),
            receipts,
            lambda latest: f"{latest.who} {latest.day_words}拨付",
        ),
        Cause(
            Urgency.UPKEEP,
            "待拨付的资金安排",
            "去拨付",
            "funding.pay_many",
            ("fund.pay",),
            payments,
            lambda latest: latest.who,
            door=False,
        ),
    ),
    wants=(Want("fund.plan", unplanned, counted=False),),
    checks=CHECKS,
    finders=(Finder("fund.read", "资金安排的文号、凭证号、机构", find_allocations),),
    lists=(
        Target(
            "资金安排",
            "funding.list_fund_allocations",
            "fund.read",
            {"状态": ("state", AllocationFilter), "来源": ("source", FundSource)},
            "q",
        ),
    ),
    objects=(ObjectPage("fund", "funding.show_allocation", "fund_id", "fund.read", list_opened),),
    kinds=(kind_of(LISTING), kind_of(STANDINGS), kind_of(PROVINCES)),
    topics=(
        Topic(
            "plan-funds",
            "编制、核定和拨付资金",
            "按标准编制一个年度的资金，由另一人核定，再登记拨付。",
            Chapter.MONEY,
            ("fund.plan", "fund.approve", "fund.pay"),
            Door("打开资金", "funding.show_funds", "fund.read"),
            (
                "funding.list_fund_allocations",
                "funding.show_allocation",
                "funding.plan_allocation",
                "funding.plan_year",
                "funding.decline_allocation",
                "funding.reduce_allocation",
                "funding.pay_allocation",
                "funding.pay_many",
                "funding.reverse_payment",
                "banklists.show_bank_list",
            ),
        ),
        Topic(
            "receive-funds",
            "本机构的资金",
            "看本年可用多少，按银行回单确认到账，登记自行筹措。",
            Chapter.MONEY,
            ("fund.receive", "fund.raise", "fund.read"),
            Door("打开资金", "funding.show_funds", "fund.read"),
            (
                "funding.show_funds",
                "funding.show_organisation",
                "funding.confirm_receipt",
                "funding.reverse_receipt",
                "funding.record_income",
                "funding.reverse_income",
            ),
        ),
    ),
    demonstrate=show_money,
)
