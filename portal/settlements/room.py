"""What settlements bring to the house."""

from __future__ import annotations

from models.types import SettlementState
from portal.asked import TEXT, Target
from portal.causes import Cause, Urgency
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.settlements.check_queries import CHECKS
from portal.settlements.demo_actions import show_settlements
from portal.settlements.inbox_queries import waiting_for
from portal.settlements.listing_export import LISTING
from portal.settlements.rules import SettlementStage
from portal.settlements.search_queries import find_settlements, list_opened
from portal.settlements.views import blueprint

ONE = ("settlements.show_settlement", "settlement_id")
LIST = "settlements.list_settlements"

ROOM = Room(
    "settlements",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(Door("年度结算", LIST, "fund.read"),),
    events={
        "settlement.submitted": "提交资金结算",
        "settlement.submitted_again": "重新提交资金结算",
        "settlement.withdrawn": "撤回资金结算",
        "settlement.settled": "核定资金结算",
        "settlement.returned": "退回资金结算修改",
        "settlement.sent_back": "登记余款退回拨款方",
        "settlement.closed": "资金结算办结",
        "settlement.reopened": "重新打开资金结算",
        "settlement.exported": "导出资金结算表",
    },
    subjects={"settlement": "资金结算"},
    facts={
        "amount_fen": "金额（分）",
        "format": "格式",
        "sha256": "校验值（SHA-256）",
    },
    causes=(
        Cause(
            Urgency.OWN_WORK,
            "被退回的结算",
            "去修改",
            LIST,
            ("settlement.submit",),
            waiting_for("submitted_again"),
            lambda latest: f"{latest.why} 年度",
            {"stage": SettlementState.RETURNED.value},
            "修改后重新提交。",
            door=False,
            single=ONE,
        ),
        Cause(
            Urgency.DECISION,
            "待核定的结算",
            "去核定",
            LIST,
            ("settlement.settle",),
            waiting_for("settled"),
            lambda latest: f"{latest.who}（{latest.why} 年度）",
            {"stage": SettlementState.SUBMITTED.value},
            door=False,
            single=ONE,
        ),
        Cause(
            Urgency.OWN_WORK,
            "待退回的余款",
            "去登记退回",
            LIST,
            ("settlement.submit",),
            waiting_for("sent_back"),
            lambda latest: f"{latest.why} 年度",
            {"stage": SettlementState.SETTLED.value},
            "退回拨款方后登记日期和凭证号。",
            door=False,
            single=ONE,
        ),
        Cause(
            Urgency.DECISION,
            "待办结的结算",
            "去办结",
            LIST,
            ("settlement.settle",),
            waiting_for("closed"),
            lambda latest: f"{latest.who}（{latest.why} 年度）",
            {"stage": SettlementState.SETTLED.value},
            door=False,
            single=ONE,
        ),
    ),
    checks=CHECKS,
    finders=(Finder("fund.read", "年度结算的机构", find_settlements),),
    lists=(
        Target(
            "年度结算",
            LIST,
            "fund.read",
            {"进度": ("stage", SettlementStage), "年度": ("year", TEXT)},
            "q",
        ),
    ),
    objects=(ObjectPage("settlement", *ONE, "fund.read", list_opened),),
    kinds=(kind_of(LISTING),),
    topics=(
        Topic(
            "settle-funds",
            "年度资金结算",
            "年末提交结算，省级核定，余款结转下年或退回拨款方。",
            Chapter.MONEY,
            ("settlement.submit", "settlement.settle", "fund.read"),
            Door("打开年度结算", LIST, "fund.read"),
            (
                LIST,
                "settlements.show_settlement",
                "settlements.submit_settlement",
                "settlements.settle",
                "settlements.decide_returned",
                "settlements.decide_reopened",
                "settlements.record_sending_back",
            ),
        ),
    ),
    demonstrate=show_settlements,
)
