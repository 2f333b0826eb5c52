"""What spending brings to the house."""

from __future__ import annotations

from models.types import ExpenditureState, ExpenseCategory, FundSource
from portal.asked import TEXT, Target
from portal.causes import Cause, Urgency
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.spending.check_queries import CHECKS
from portal.spending.demo_actions import show_spending
from portal.spending.inbox_queries import waiting_for
from portal.spending.listing_export import LISTING
from portal.spending.rules import SpendingStates
from portal.spending.search_queries import find_expenditures, list_opened
from portal.spending.views import blueprint

ROOM = Room(
    "spending",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(
        Door("支出", "spending.list_expenditures", "spending.read"),
        Door("登记支出", "spending.claim_expenditure", "spending.claim"),
        Door("抽查支出", "spending.draw_sample", "spending.review"),
        Door("本省支出范围", "spending.change_rules", "spending.rule"),
    ),
    events={
        "expenditure.claimed": "登记支出",
        "expenditure.edited": "修改支出",
        "expenditure.claimed_again": "重新提交支出",
        "expenditure.withdrawn": "撤回支出",
        "expenditure.answered": "说明疑似重复",
        "expenditure.approved": "核准其他类支出",
        "expenditure.declined": "不予核准其他类支出",
        "expenditure.booked": "支出入账",
        "expenditure.returned": "退回支出修改",
        "expenditure.sampled": "抽查认可支出",
        "expenditure.disallowed": "支出不予认可",
        "expenditure.disallowance_reversed": "撤销支出不予认可",
        "expenditure.repaid": "登记支出退回",
        "expenditure.repayment_reversed": "冲销支出退回",
        "expenditure.reversed": "冲销支出入账",
        "eligibility_rule.changed": "调整本省支出范围",
    },
    subjects={
        "expenditure": "支出",
        "eligibility_rule": "支出范围",
    },
    facts={
        "amount_fen": "金额（分）",
        "fund_source": "资金来源",
        "expense_category": "支出类别",
        "is_allowed": "是否可列支",
        "reason": "原因",
        "valid_from": "生效日期",
    },
    code_words={
        **{one.value: one.label for one in FundSource},
        **{one.value: one.label for one in ExpenseCategory},
    },
    causes=(
        Cause(
            Urgency.OWN_WORK,
            "被退回的支出",
            "去修改",
            "spending.list_expenditures",
            ("spending.claim",),
            waiting_for("claimed_again"),
            lambda latest: f"{latest.day_words} {latest.why}",
            {"state": ExpenditureState.RETURNED.value},
            "修改后重新提交，否则不入账。",
            door=False,
        ),
        Cause(
            Urgency.DECISION,
            "待入账的支出",
            "去入账",
            "spending.list_expenditures",
            ("spending.book",),
            waiting_for("booked"),
            lambda latest: f"{latest.day_words} {latest.why}",
            {"state": SpendingStates.WAITING.value},
            door=False,
        ),
        Cause(
            Urgency.DECISION,
            "待核准的其他类支出",
            "去核准",
            "spending.list_expenditures",
            ("spending.review",),
            waiting_for("approved"),
            lambda latest: f"{latest.who} {latest.day_words}",
            {"state": SpendingStates.WAITING.value},
            door=False,
        ),
        Cause(
            Urgency.OWN_WORK,
            "不予认可、待退回的支出",
            "去退回",
            "spending.list_expenditures",
            ("spending.book",),
            waiting_for("repaid"),
            lambda latest: f"{latest.day_words} {latest.why}",
            {"state": ExpenditureState.DISALLOWED.value},
            "退回本计划资金账户后登记退回。",
            door=False,
        ),
    ),
    checks=CHECKS,
    finders=(Finder("spending.read", "支出的收款人、用途、单据号", find_expenditures),),
    lists=(
        Target(
            "支出",
            "spending.list_expenditures",
            "spending.read",
            {
                "状态": ("state", ExpenditureState),
                "来源": ("source", FundSource),
                "类别": ("category", ExpenseCategory),
                "结对": ("pairing", TEXT),
                "年度": ("year", TEXT),
            },
            "q",
        ),
    ),
    objects=(
        ObjectPage(
            "expenditure",
            "spending.show_expenditure",
            "expenditure_id",
            "spending.read",
            list_opened,
        ),
    ),
    kinds=(kind_of(LISTING),),
    topics=(
        Topic(
            "claim-spending",
            "登记支出",
            "报销票据：手机上拍一张，选类别和来源，一分钟登记一笔支出。",
            Chapter.MONEY,
            ("spending.claim",),
            Door("登记支出", "spending.claim_expenditure", "spending.claim"),
            (
                "spending.claim_expenditure",
                "spending.edit_claim",
                "spending.answer_question",
            ),
        ),
        Topic(
            "book-spending",
            "支出入账、冲销和退回",
            "核对票据后入账；记错的冲销；不予认可的退回。",
            Chapter.MONEY,
            ("spending.book", "spending.read"),
            Door("打开支出", "spending.list_expenditures", "spending.read"),
            (
                "spending.list_expenditures",
                "spending.show_expenditure",
                "spending.decide_returned",
                "spending.decide_reversed",
                "spending.decide_repayment_reversed",
                "spending.record_repayment",
            ),
        ),
        Topic(
            "review-spending",
            "抽查支出和支出范围",
            "随机抽查、核准“其他”、不予认可，调整本省支出范围。",
            Chapter.MONEY,
            ("spending.review", "spending.rule"),
            Door("抽查支出", "spending.draw_sample", "spending.review"),
            (
                "spending.draw_sample",
                "spending.change_rules",
                "spending.decide_declined",
                "spending.decide_disallowed",
                "spending.decide_disallowance_reversed",
            ),
        ),
    ),
    demonstrate=show_spending,
)
