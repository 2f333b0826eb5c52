"""What staffing brings to the house."""

from __future__ import annotations

from models.types import AssignmentState, Side
from portal.asked import Target
from portal.causes import Cause, Urgency
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room
from portal.finding import ObjectPage
from portal.staffing.check_queries import CHECKS
from portal.staffing.demo_actions import nominate_people
from portal.staffing.inbox_queries import nominations
from portal.staffing.list_queries import counts_of_nominations
from portal.staffing.listing_export import LISTING
from portal.staffing.search_queries import list_opened
from portal.staffing.views import blueprint

ROOM = Room(
    "staffing",
    blueprint=blueprint,
    door=Door(
        "选派",
        "staffing.list_assignments",
        "assignment.read",
        counts_of_nominations,
        menu=Menu.DEEDS,
    ),
    elsewhere={"staffing.nominate": "pairings.list_pairings"},
    further=(Door("待审批的选派提名", "staffing.list_nominations", "assignment.approve"),),
    events={
        "assignment.nominated": "提出选派",
        "assignment.approved": "批准选派",
        "assignment.approved_undone": "撤销批准选派",
        "assignment.rejected": "不批准选派",
        "assignment.rejected_undone": "撤销不批准选派",
        "assignment.withdrawn": "撤回选派",
        "assignment.replaced": "更换选派人员",
        "assignment.ended": "结束选派",
        "assignment.exception_granted": "批准资格例外",
        "assignment.qualified": "资格转为符合",
        "assignment.disqualified": "资格转为不符合",
    },
    subjects={
        "assignment": "选派",
    },
    facts={
        "successor": "接替的选派",
    },
    causes=(
        Cause(
            Urgency.DECISION,
            "待审批的选派",
            "去审批",
            "staffing.list_nominations",
            ("assignment.approve",),
            nominations,
            lambda latest: f"{latest.who}（{latest.why}）",
        ),
    ),
    checks=CHECKS,
    lists=(
        Target(
            "选派",
            "staffing.list_assignments",
            "assignment.read",
            {"状态": ("state", AssignmentState), "角色": ("side", Side)},
            "q",
        ),
    ),
    objects=(
        ObjectPage(
            "assignment", "staffing.assignment", "assignment_id", "assignment.read", list_opened
        ),
    ),
    topics=(
        Topic(
            "nominate",
            "提名人员",
            "机构提名，援派省或受援县审批，资格自动核对。",
            Chapter.PAIRS,
            ("assignment.write", "assignment.approve", "assignment.except"),
            Door("打开选派", "staffing.list_assignments", "assignment.read"),
            (
                "staffing.list_assignments",
                "staffing.list_nominations",
                "staffing.assignment",
                "staffing.nominate",
                "staffing.reject_assignment",
                "staffing.grant_exception",
                "staffing.end_assignment",
                "staffing.replace_assignment",
            ),
        ),
    ),
    demonstrate=nominate_people,
    kinds=(kind_of(LISTING),),
)
