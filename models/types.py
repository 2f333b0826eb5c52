"""The words of the programme as closed sets: every code word beside its Chinese label.

The stored value is the code word of the JSON contract; ``label`` is what a page or a file shows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

NATION = "CN"
"""The scope of the whole country."""

NATION_NAME = "全国"


class Labelled(StrEnum):
    """A code word with its Chinese label. ``WorkMode("onsite").label == "驻点"``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def from_label(cls, label: str) -> Self | None:
        """Return the member with this Chinese label, or None."""
        return next((member for member in cls if member.label == label), None)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs (code word, label) in the order of definition, for a select field."""
        return [(member.value, member.label) for member in cls]


class RegionLevel(Labelled):
    PROVINCE = "province", "省级"
    PREFECTURE = "prefecture", "地级"
    COUNTY = "county", "县级"


class TownshipKind(Labelled):
    STREET = "street", "街道"
    TOWN = "town", "镇"
    TOWNSHIP = "township", "乡"


class AuthorityLine(Labelled):
    """条线: the civil-affairs line and the rural-revitalisation line sign every plan."""

    CIVIL = "civil", "民政"
    RURAL = "rural", "乡村振兴"


class AuthorityLevel(Labelled):
    NATION = "nation", "国家"
    PROVINCE = "province", "省级"
    PREFECTURE = "prefecture", "地级"
    COUNTY = "county", "县级"


class WorkYearState(Labelled):
    OPEN = "open", "开放"
    CLOSED = "closed", "已关闭"


class DayKind(Labelled):
    """A date that differs from plain Monday to Friday (国务院办公厅节假日安排)."""

    HOLIDAY = "holiday", "法定节假日"
    HOLIDAY_WEEKEND = "holiday_weekend", "节假日（周末）"
    MAKEUP = "makeup", "调休上班"


class OrgType(Labelled):
    """机构类型: the nine of the plan, 二(二), and 其他 (decision B17)."""

    SOCIAL_WORK = "social_work", "社会工作服务机构"
    CHILD_WELFARE = "child_welfare", "儿童福利机构"
    ELDERLY_WELFARE = "elderly_welfare", "老年人福利机构"
    RESCUE = "rescue", "救助保护机构"
    HARDSHIP_SUPPORT = "hardship_support", "特困人员供养服务机构"
    VETERAN = "veteran", "优抚安置服务机构"
    DISABILITY = "disability", "残疾人福利与服务机构"
    YOUTH = "youth", "青少年服务机构"
    WOMEN_CHILDREN = "women_children", "妇女儿童援助机构"
    OTHER = "other", "其他"


class CertLevel(Labelled):
    ASSISTANT = "assistant", "助理社会工作师"
    INTERMEDIATE = "intermediate", "社会工作师"
    SENIOR = "senior", "高级社会工作师"


class Line(Labelled):
    """任务线."""

    KEY_COUNTY = "key_county", "重点县"
    TIBET_XINJIANG = "tibet_xinjiang", "援藏援疆"
    CONTINUATION = "continuation", "延续"


class Mode(Labelled):
    """帮扶方式: follows from the two provinces, never chosen (二(二))."""

    CROSS_PROVINCE = "cross_province", "跨省帮扶"
    IN_PROVINCE = "in_province", "省内帮扶"


class Side(Labelled):
    """The role a person has in a pairing; a property of the assignment, not of an account."""

    SENT = "sent", "援派"
    RECEIVED = "received", "受援"


class WorkMode(Labelled):
    """方式 of a working day."""

    ONSITE = "onsite", "驻点"
    ONLINE = "online", "线上"
    EXCHANGE = "exchange", "跟岗"
    TRAVEL = "travel", "在途"


class Task(Labelled):
    """帮扶任务 T1–T4, 二(三)."""

    T1 = "t1", "社工站建设"
    T2 = "t2", "机构培育"
    T3 = "t3", "人才培养"
    T4 = "t4", "制度建设"


class PairingState(Labelled):
    """What was decided on a pairing; how it stands on a day, portal/pairings/rules.py says.

    Proposed until every province concerned has confirmed it (二(二)); declined if one of them did
    not, or if it was taken back before.
    """

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DECLINED = "declined", "未成立"
    TERMINATED = "terminated", "已终止"


class GrantState(Labelled):
    """A role holds from the confirmation on; the operator's at once."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "有效"
    DECLINED = "declined", "未获确认"
    REVOKED = "revoked", "已撤销"


class AssignmentState(Labelled):
    NOMINATED = "nominated", "待审批"
    APPROVED = "approved", "已批准"
    REJECTED = "rejected", "未批准"


class WorkdayState(Labelled):
    """Draft → submitted → confirmed → approved.

    Superseded takes part in nothing any more: an approved correction took its place, or the
    person gave a returned entry up.
    """

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    CONFIRMED = "confirmed", "已确认"
    APPROVED = "approved", "已核准"
    RETURNED = "returned", "已退回"
    SUPERSEDED = "superseded", "已失效"


class Hold(Labelled):
    """Why an approved day of a qualified person still does not count."""

    NO_TASK = "no_task", "未标注帮扶任务"


class DocumentKind(Labelled):
    """Kinds of issued documents; each has numbers of its own."""

    SERVICE = "service", "服务证明"


class Role(Labelled):
    """Roles of an account; what each may do stands in portal/access/policy.py."""

    NAT_CIVIL = "nat_civil", "国家级民政（社会工作）部门"
    NAT_RURAL = "nat_rural", "国家级乡村振兴部门"
    PROV_CIVIL = "prov_civil", "省级民政（社会工作）部门"
    PROV_RURAL = "prov_rural", "省级乡村振兴部门"
    PREF_CIVIL = "pref_civil", "地级民政（社会工作）部门"
    PREF_RURAL = "pref_rural", "地级乡村振兴部门"
    COUNTY_CIVIL = "county_civil", "县级民政（社会工作）部门"
    COUNTY_RURAL = "county_rural", "县级乡村振兴部门"
    SEND_MGR = "send_mgr", "援派机构负责人"
    SEND_STAFF = "send_staff", "援派社工"
    RECV_MGR = "recv_mgr", "受援机构负责人"
    RECV_STAFF = "recv_staff", "受援社工"
    EVALUATOR = "evaluator", "评估人员"
    ASSOCIATION = "association", "行业组织"
    SYS_ADMIN = "sys_admin", "系统管理员"
    SEC_ADMIN = "sec_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class ScopeKind(Labelled):
    """Over what a role is held."""

    NATION = "nation", "全国"
    PROVINCE = "province", "省"
    PREFECTURE = "prefecture", "地市"
    COUNTY = "county", "县"
    ORGANISATION = "organisation", "机构"


class FundSource(Labelled):
    """资金来源: kept apart from receipt to balance (一, R017)."""

    MCA_SUBSIDY = "mca_subsidy", "部级补助"
    PROVINCIAL = "provincial", "省级配套"
    LOTTERY = "lottery", "彩票公益金"
    DONATION = "donation", "慈善捐赠"
    SOCIAL = "social", "社会资金"
    SELF = "self", "自筹"


class ExpenseCategory(Labelled):
    """支出类别: the five of 三(一), and 其他 with a reason and a cap (decision B27)."""

    ACTIVITY = "activity", "活动费用"
    TRANSPORT = "transport", "交通补贴"
    MEALS = "meals", "餐补"
    WAGES = "wages", "工资津贴"
    INSURANCE = "insurance", "保险"
    OTHER = "other", "其他"


class FundAccountKind(Labelled):
    """What an account of the ledger holds, of one organisation, work year and source.

    Only the first two may fall below zero: money comes from outside of these books, and a bank may
    have credited more than was paid.
    """

    OUTSIDE = "outside", "拨款方"
    DIFFERENCE = "difference", "到账差额"
    APPROVED = "approved", "已核定未拨付"
    TRANSIT = "transit", "已拨付未到账"
    CASH = "cash", "可用结余"
    SPENT = "spent", "已支出"
    TO_REPAY = "to_repay", "待退回"


class LedgerKind(Labelled):
    """What a row of the ledger records."""

    APPROVAL = "approval", "核定"
    WITHDRAWAL = "withdrawal", "核减"
    DISBURSEMENT = "disbursement", "拨付"
    RECEIPT = "receipt", "到账"
    SHORTFALL = "shortfall", "到账少于拨付"
    SURPLUS = "surplus", "到账多于拨付"
    INCOME = "income", "自行筹措"
    EXPENDITURE = "expenditure", "支出"
    DISALLOWANCE = "disallowance", "不予认可"
    REPAYMENT = "repayment", "退回"
    CARRY_OVER = "carry_over", "结转下年"
    RETURN = "return", "退回拨款方"
    TRANSFER = "transfer", "转付对方机构"


class AllocationState(Labelled):
    """资金安排: planned, approved by another, or not to be."""

    PLANNED = "planned", "待核定"
    APPROVED = "approved", "已核定"
    DECLINED = "declined", "未核定"


class DisbursementState(Labelled):
    PAID = "paid", "已拨付"
    RECEIVED = "received", "已到账"
    REVERSED = "reversed", "已冲销"


class TransferState(Labelled):
    """转付: paid over to the partner, which confirms it; or not to be, or taken back."""

    PAID = "paid", "待受援机构确认"
    CONFIRMED = "confirmed", "已转付"
    DECLINED = "declined", "受援机构未确认"
    WITHDRAWN = "withdrawn", "已撤回"
    REVERSED = "reversed", "已冲销"


class ExpenditureState(Labelled):
    """支出: claimed → booked by another → found in order, or disallowed and repaid."""

    CLAIMED = "claimed", "待入账"
    RETURNED = "returned", "已退回修改"
    WITHDRAWN = "withdrawn", "已撤回"
    BOOKED = "booked", "已入账"
    SAMPLED = "sampled", "抽查认可"
    DISALLOWED = "disallowed", "不予认可"
    REPAID = "repaid", "已退回"
    REVERSED = "reversed", "已冲销"


class AwardState(Labelled):
    """奖补: claimed → verified by another → publicised for some working days → paid."""

    CLAIMED = "claimed", "待核验"
    VERIFIED = "verified", "待公示"
    PUBLICISED = "publicised", "公示中"
    PAID = "paid", "已发放"
    REJECTED = "rejected", "不予奖补"
    WITHDRAWN = "withdrawn", "已撤回"


class SettlementState(Labelled):
    """结算: handed in → settled by the province → closed once what is left is where it belongs."""

    SUBMITTED = "submitted", "待核定"
    RETURNED = "returned", "已退回修改"
    SETTLED = "settled", "已核定"
    CLOSED = "closed", "已办结"


class SettlementOutcome(Labelled):
    """What becomes of unspent money (decision B30)."""

    CARRIED_OVER = "carried_over", "结转下年使用"
    RETURNED_TO_PAYER = "returned_to_payer", "退回拨款方"


class FundQuestion(Labelled):
    """疑点: what an auditor asks of an organisation's year of money (R063)."""

    IDLE = "idle", "到账已久未使用"
    EARLY = "early", "支出早于首笔到账"
    ROUND = "round", "年末整数支出"
    SURGE = "surge", "年末集中支出"
    PAYEE = "payee", "同一收款人收多家机构的款"
    NO_INVOICE = "no_invoice", "无票据支出偏多"
    WITHOUT_DAYS = "without_days", "没有工作日而有人员支出"


class FundReviewState(Labelled):
    """审核记录: the organisation is asked and answers; what it says is accepted, mended or referred."""

    ASKED = "asked", "待机构说明"
    ANSWERED = "answered", "待审核"
    TO_MEND = "to_mend", "待整改"
    EXPLAINED = "explained", "已说明"
    REFERRED = "referred", "转不予认可"
    NOTED = "noted", "已备注"


class ImportKind(Labelled):
    ORGANISATIONS = "organisations", "机构"
    PEOPLE = "people", "人员"
    ALLOCATIONS = "allocations", "任务分配表"
    PAIRINGS = "pairings", "结对"
    ASSIGNMENTS = "assignments", "选派人员"
    WORKDAYS = "workdays", "工作日志"
    ACCOUNTS = "accounts", "账号"
    FUNDS = "funds", "资金"


class FileKind(Labelled):
    """What an attached file is, by its content."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG 图片"
    PNG = "png", "PNG 图片"


class FileUse(Labelled):
    """What a file is attached as."""

    CERTIFICATE = "certificate", "证书扫描件"
    SERVICE = "service", "从业证明"
    LICENCE = "licence", "登记证书"
    AGREEMENT = "agreement", "帮扶协议"
    PHOTOS = "photos", "现场照片"
    VOUCHER = "voucher", "票据凭证"


class FeedbackKind(Labelled):
    """What somebody tells the administrators (投诉建议)."""

    COMPLAINT = "complaint", "投诉"
    SUGGESTION = "suggestion", "建议"
    FAULT = "fault", "故障"
    QUESTION = "question", "咨询"


class FeedbackState(Labelled):
    OPEN = "open", "待处理"
    ANSWERED = "answered", "处理中"
    CLOSED = "closed", "已办结"


class ItemState(Labelled):
    """How a part of a background job (后台任务) stands."""

    WAITING = "waiting", "等待中"
    RUNNING = "running", "正在办理"
    DONE = "done", "已完成"
    DEAD = "dead", "未办成"
    CANCELLED = "cancelled", "已取消"
