"""What certificate awards bring to the house."""

from __future__ import annotations

from models.types import AwardState, CertLevel
from portal.asked import Target
from portal.awards.check_queries import CHECKS
from portal.awards.demo_actions import show_awards
from portal.awards.inbox_queries import waiting_for
from portal.awards.listing_export import LISTING
from portal.awards.local_rules import Giving
from portal.awards.search_queries import find_awards, list_opened
from portal.awards.views import blueprint
from portal.causes import Cause, Urgency
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage

ROOM = Room(
    "awards",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(
        Door("证书奖补", "awards.list_awards", "award.read"),
        Door("申请奖补", "awards.claim_awards", "award.claim"),
        Door("登记奖补发放", "awards.pay_awards", "award.decide"),
        Door("奖补公示单", "awards.show_notice", "award.decide"),
        Door("本省奖补规定", "awards.record_rule", "award.rule"),
    ),
    events={
        "certificate_award.claimed": "申请证书奖补",
        "certificate_award.withdrawn": "撤回证书奖补申请",
        "certificate_award.verified": "核验证书奖补",
        "certificate_award.publicised": "公示证书奖补",
        "certificate_award.objection_dismissed": "记录奖补异议不成立",
        "certificate_award.sent_back": "奖补异议成立，退回核验",
        "certificate_award.rejected": "不予证书奖补",
        "certificate_award.paid": "登记奖补发放",
        "certificate_award.payment_reversed": "冲销奖补发放",
        "award_rule.recorded": "登记本省奖补规定",
        "award_notice.exported": "下载奖补公示单",
    },
    subjects={
        "certificate_award": "证书奖补",
    },
    facts={
        "amount_fen": "金额（分）",
        "award_rules": "奖补规定",
        "format": "格式",
        "giving": "奖补方式",
        "level": "等级",
        "publicised_on": "公示开始日期",
        "valid_from": "生效日期",
    },
    code_words={
        **{one.value: one.label for one in CertLevel},
        **{one.value: one.label for one in Giving},
    },
    causes=(
        Cause(
            Urgency.DECISION,
            "待核验的证书奖补",
            "去核验",
            "awards.list_awards",
            ("award.decide",),
            waiting_for("verified"),
            lambda latest: f"{latest.who}（{latest.why}）",
            {"state": AwardState.CLAIMED.value},
            door=False,
        ),
        Cause(
            Urgency.DECISION,
            "待公示的证书奖补",
            "去公示",
            "awards.list_awards",
            ("award.decide",),
            waiting_for("publicised"),
            lambda latest: f"{latest.who}（{latest.why}）",
            {"state": AwardState.VERIFIED.value},
            door=False,
        ),
        Cause(
            Urgency.UPKEEP,
            "公示期满、待发放的证书奖补",
            "去登记发放",
            "awards.pay_awards",
            ("award.decide",),
            waiting_for("paid"),
            lambda latest: f"{latest.who}，公示到 {latest.day_words}",
            door=False,
        ),
    ),
    checks=CHECKS,
    finders=(Finder("award.read", "证书奖补的姓名、证书编号", find_awards),),
    lists=(
        Target(
            "证书奖补",
            "awards.list_awards",
            "award.read",
            {"状态": ("state", AwardState), "等级": ("level", CertLevel)},
            "q",
        ),
    ),
    objects=(ObjectPage("award", "awards.show_award", "award_id", "award.read", list_opened),),
    kinds=(kind_of(LISTING),),
    topics=(
        Topic(
            "claim-awards",
            "申请证书奖补",
            "按已登记的证书一键申请一次性奖补，看办到哪一步。",
            Chapter.MONEY,
            ("award.claim", "award.read"),
            Door("申请奖补", "awards.claim_awards", "award.claim"),
            (
                "awards.list_awards",
                "awards.show_award",
                "awards.claim_awards",
                "awards.decide_withdrawn",
            ),
        ),
        Topic(
            "decide-awards",
            "核验、公示和发放证书奖补",
            "登记本省规定，核验证书，公示，期满后登记发放。",
            Chapter.MONEY,
            ("award.decide", "award.rule"),
            Door("打开证书奖补", "awards.list_awards", "award.read"),
            (
                "awards.pay_awards",
                "awards.show_notice",
                "awards.record_rule",
                "awards.decide_rejected",
                "awards.decide_sent_back",
                "awards.decide_objection_dismissed",
                "awards.decide_payment_reversed",
            ),
        ),
    ),
    demonstrate=show_awards,
)
