"""What pairings brings to the house."""

from __future__ import annotations

from models.types import Line, Mode, Side
from portal.asked import PROVINCES, TEXT, YES_NO, Target
from portal.causes import Cause, Urgency
from portal.compliance.pace_rules import Pace
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.pairings.check_queries import CHECKS
from portal.pairings.inbox_queries import waiting_for
from portal.pairings.life_rules import Standing
from portal.pairings.listing_export import LISTING
from portal.pairings.search_queries import find_pairings, list_opened
from portal.pairings.standing_queries import counts_to_decide, is_to_confirm, is_to_except
from portal.pairings.views import blueprint

ROOM = Room(
    "pairings",
    blueprint=blueprint,
    door=Door("结对", "pairings.list_pairings", "pairing.read", counts_to_decide, menu=Menu.DEEDS),
    further=(Door("建立结对", "pairings.create_pairing", "pairing.write"),),
    events={
        "pairing.created": "建立结对",
        "pairing.confirmed": "确认结对",
        "pairing.exception_granted": "批准一对一例外",
        "pairing.exception_refused": "不批准一对一例外",
        "pairing.declined": "不同意结对",
        "pairing.withdrawn": "撤回结对",
        "pairing.agreement_recorded": "登记协议",
        "pairing.terminated": "终止结对",
    },
    subjects={
        "pairing": "结对",
    },
    facts={
        "code_before": "原结对编号",
        "exception": "例外理由",
        "last_day": "最后一天",
        "side": "一方",
    },
    code_words={
        **{one.value: one.label for one in Side},
    },
    causes=(
        Cause(
            Urgency.DECISION,
            "待本省确认的结对",
            "去确认",
            "pairings.list_pairings",
            ("pairing.write",),
            waiting_for(is_to_confirm),
            lambda latest: latest.who,
            {"state": Standing.WAITING.value},
            "由另一省提出，两省都确认后生效；此前不能填报、不计入。",
        ),
        Cause(
            Urgency.DECISION,
            "待本省批准的一对一例外",
            "去办理",
            "pairings.list_pairings",
            ("pairing.write",),
            waiting_for(is_to_except),
            lambda latest: latest.who,
            {"state": Standing.WAITING.value},
            "本省机构已有其他结对，由申请人以外的人员批准；此前不生效。",
        ),
    ),
    checks=CHECKS,
    finders=(Finder("pairing.read", "结对（编号、县或双方机构名称）", find_pairings),),
    lists=(
        Target(
            "结对",
            "pairings.list_pairings",
            "pairing.read",
            {
                "省": ("receiving", PROVINCES),
                "受援省": ("receiving", PROVINCES),
                "援派省": ("sending", PROVINCES),
                "任务线": ("line", Line),
                "方式": ("mode", Mode),
                "进度": ("pace", Pace),
                "达标": ("compliant", YES_NO),
                "状态": ("state", Standing),
                "年度": ("year", TEXT),
            },
            "q",
        ),
    ),
    objects=(ObjectPage("pairing", "pairings.pairing", "code", "pairing.read", list_opened),),
    topics=(
        Topic(
            "create-pairing",
            "建立结对",
            "一对一；跨省的由另一省确认后生效；也说明怎样不同意、撤回和终止。",
            Chapter.PAIRS,
            ("pairing.write",),
            Door("打开结对", "pairings.list_pairings", "pairing.read"),
            (
                "pairings.list_pairings",
                "pairings.pairing",
                "pairings.create_pairing",
                "changes.pairings.decide_on_exception",
                "changes.pairings.decline_pairing",
                "changes.pairings.terminate_pairing",
            ),
        ),
        Topic(
            "record-agreement",
            "登记帮扶协议",
            "双方签订后，登记编号和签订日期。",
            Chapter.PAIRS,
            ("pairing.write",),
            Door("打开结对", "pairings.list_pairings", "pairing.read"),
            ("pairings.record_agreement",),
        ),
    ),
    kinds=(kind_of(LISTING),),
)
