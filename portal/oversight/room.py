"""What supervision brings to the house."""

from __future__ import annotations

from models.types import FundQuestion, FundReviewState
from portal.asked import TEXT, Target
from portal.causes import Cause, Urgency
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.oversight.check_queries import CHECKS
from portal.oversight.demo_actions import show_reviews
from portal.oversight.inbox_queries import waiting_in
from portal.oversight.listing_export import LISTING
from portal.oversight.rules import ReviewStage
from portal.oversight.search_queries import find_reviews, list_opened
from portal.oversight.views import blueprint

ONE = ("oversight.show_fund_review", "review_id")
LIST = "oversight.list_fund_questions"
S = FundReviewState

ROOM = Room(
    "oversight",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(
        Door("资金执行率", "oversight.list_fund_execution", "fund.read"),
        Door("资金监管", LIST, "fund.question"),
    ),
    events={
        "fund_review.asked": "请机构说明资金疑点",
        "fund_review.explained_at_once": "核实资金疑点",
        "fund_review.to_mend_at_once": "请机构整改",
        "fund_review.referred_at_once": "资金疑点转不予认可",
        "fund_review.noted": "备注机构资金",
        "fund_review.answered": "说明资金疑点",
        "fund_review.explained": "认可资金说明",
        "fund_review.asked_again": "再次询问资金疑点",
        "fund_review.to_mend": "要求整改资金问题",
        "fund_review.referred": "资金说明转不予认可",
    },
    subjects={"fund_review": "资金审核记录"},
    facts={"question": "疑点", "year": "年度"},
    code_words={one.value: one.label for one in FundQuestion},
    causes=(
        Cause(
            Urgency.OWN_WORK,
            "待整改的资金问题",
            "去报告整改",
            LIST,
            ("fund.answer",),
            waiting_in("answered", (S.TO_MEND,)),
            lambda latest: f"{latest.why} 年度，{latest.day_words}前",
            {"stage": ReviewStage.TO_MEND.value},
            "整改后写明结果，由省级民政部门审核。",
            door=False,
            single=ONE,
        ),
        Cause(
            Urgency.OWN_WORK,
            "待说明的资金疑点",
            "去说明",
            LIST,
            ("fund.answer",),
            waiting_in("answered", (S.ASKED,)),
            lambda latest: f"{latest.why} 年度",
            {"stage": ReviewStage.ASKED.value},
            door=False,
            single=ONE,
        ),
        Cause(
            Urgency.DECISION,
            "待审核的资金说明",
            "去审核",
            LIST,
            ("fund.review",),
            waiting_in("explained", (S.ANSWERED,)),
            lambda latest: f"{latest.who}（{latest.why} 年度）",
            {"stage": ReviewStage.ANSWERED.value},
            door=False,
            single=ONE,
        ),
    ),
    checks=CHECKS,
    finders=(Finder("fund.question", "资金审核的机构和内容", find_reviews),),
    lists=(
        Target(
            "资金监管",
            LIST,
            "fund.question",
            {
                "进度": ("stage", ReviewStage),
                "疑点": ("question", FundQuestion),
                "年度": ("year", TEXT),
            },
            "q",
        ),
    ),
    objects=(ObjectPage("fund_review", *ONE, "fund.question", list_opened),),
    kinds=(kind_of(LISTING),),
    topics=(
        Topic(
            "oversee-funds",
            "资金执行率和资金监管",
            "看资金用了多少，按疑点询问机构，审核说明并留下记录。",
            Chapter.MONEY,
            ("fund.review", "fund.answer", "fund.question", "fund.read"),
            Door("打开执行率", "oversight.list_fund_execution", "fund.read"),
            (
                "oversight.list_fund_execution",
                LIST,
                "oversight.open_fund_review",
                "oversight.show_fund_review",
                "oversight.decide_answered",
                "oversight.decide_explained",
                "oversight.decide_asked_again",
                "oversight.decide_to_mend",
                "oversight.decide_referred",
            ),
        ),
    ),
    demonstrate=show_reviews,
)
