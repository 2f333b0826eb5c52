"""What is recorded, in words. ``tests/architecture/test_audit_words.py`` keeps the list complete."""

from __future__ import annotations

import json
from typing import Any

from models.types import CertLevel, DayKind, FeedbackKind, FeedbackState, ImportKind, Role, Side
from portal.audit.rules import KEPT_CODES
from portal.standards.text import legible

EVENTS: dict[str, str] = {
    "session.started": "登录",
    "session.refused": "登录失败",
    "session.ended": "退出登录",
    "session.cut_off": "强制下线",
    "account.opened": "开设账号",
    "account.linked": "账号关联登记人员",
    "account.disabled": "停用账号",
    "account.enabled": "启用账号",
    "account.unlocked": "解锁账号",
    "account.password_set": "设置密码",
    "grant.proposed": "提出授权",
    "grant.confirmed": "确认授权",
    "grant.revoked": "撤销授权",
    "organisation.registered": "登记机构",
    "organisation.edited": "修改机构",
    "organisation.contact_phone_revealed": "查看机构联系电话原文",
    "organisation.bank_account_revealed": "查看机构银行账号原文",
    "person.registered": "登记人员",
    "person.edited": "修改人员",
    "person.id_number_revealed": "查看证件号码原文",
    "person.phone_revealed": "查看手机号原文",
    "certificate.recorded": "登记证书",
    "pairing.created": "建立结对",
    "pairing.confirmed": "确认结对",
    "pairing.exception_granted": "批准一对一例外",
    "pairing.exception_refused": "不批准一对一例外",
    "pairing.declined": "不同意结对",
    "pairing.withdrawn": "撤回结对",
    "pairing.agreement_recorded": "登记协议",
    "pairing.terminated": "终止结对",
    "assignment.nominated": "提出选派",
    "assignment.approved": "批准选派",
    "assignment.rejected": "不批准选派",
    "assignment.withdrawn": "撤回选派",
    "assignment.replaced": "更换选派人员",
    "assignment.ended": "结束选派",
    "assignment.exception_granted": "批准资格例外",
    "assignment.qualified": "资格转为符合",
    "assignment.disqualified": "资格转为不符合",
    "workday.logged": "填报日志",
    "workday.edited": "修改日志",
    "workday.deleted": "删除日志草稿",
    "workday.recalled": "收回日志",
    "workday.confirmed": "确认日志",
    "workday.approved": "核准日志",
    "workday.returned": "退回日志",
    "workday.corrected": "更正日志",
    "workday.confirmed_undone": "撤销确认日志",
    "workday.approved_undone": "撤销核准日志",
    "workday.returned_undone": "撤销退回日志",
    "import.staged": "上传导入文件",
    "import.applied": "完成导入",
    "import.claims_confirmed": "确认他人导入的日志",
    "import.claims_refused": "不予确认他人导入的日志",
    "import.withdrawn": "放弃导入",
    "summary.exported": "导出汇总",
    "sheet.exported": "下载月报表或情况表",
    "document.issued": "开具服务证明",
    "document.copied": "下载服务证明",
    "map.uploaded": "启用标准地图",
    "map.withdrawn": "撤下标准地图",
    "programme.added": "新增计划周期",
    "programme.closed": "关闭计划周期",
    "allocation.set": "编制任务分配表",
    "allocation.removed": "删除任务分配行",
    "parameter.changed": "调整政策口径",
    "work_year.opened": "设立工作年度",
    "work_year.closed": "关闭工作年度",
    "work_year.reopened": "重新开放工作年度",
    "calendar.day_set": "修改日历",
    "calendar.year_imported": "录入全年日历",
    "calendar.year_dropped": "撤下全年日历",
    "feedback.sent": "提交投诉建议",
    "feedback.answered": "答复投诉建议",
    "tour.dismissed": "看完新手引导",
    "attempt.refused": "被拒绝的操作",
    "disclosure.limit_neared": "查看原文接近上限",
    "sealed_value.unreadable": "加密信息无法解封",
    "audit.checked": "校验审计链",
    "audit.exported": "导出审计记录",
    "saved_view.saved": "保存视图",
    "saved_view.deleted": "删除视图",
    "reference.loaded": "装入基础数据",
    "demo.loaded": "装入演示数据",
}

ACTORS = {"system": "系统", "visitor": "未登录"}
"""Who is no account, in words: the commands and jobs of the server, and whoever failed to sign in."""

SUBJECTS: dict[str, str] = {
    "account": "账号",
    "address": "网络地址",
    "allocation": "任务分配行",
    "assignment": "选派",
    "audit": "审计记录",
    "calendar_day": "日历日期",
    "calendar_year": "日历年份",
    "document": "公文",
    "feedback": "投诉建议",
    "import": "导入批次",
    "installation": "本系统",
    "map": "标准地图",
    "organisation": "机构",
    "page": "页面",
    "pairing": "结对",
    "parameter": "政策参数",
    "person": "人员",
    "programme": "计划周期",
    "saved_view": "视图",
    "session": "登录会话",
    "summary": "汇总年度",
    "upload": "上传的文件",
    "work_year": "工作年度",
    "workday": "工作日志",
}
"""By the word before the colon of a subject."""

LOADED = {
    "regions": "行政区划",
    "townships": "乡镇街道",
    "key_counties": "重点帮扶县",
    "authorities": "主管部门",
    "calendar_years": "节假日年份",
    "calendar_days": "节假日和调休日",
    "programmes": "计划",
    "work_years": "工作年度",
    "parameters": "政策口径",
}
"""What ``init`` counts, as its reader calls it; the JSON keeps the names of the contract."""

FACTS: dict[str, str] = {
    **LOADED,
    "accepted": "可写入行数",
    "accounts": "账号",
    "address": "网络地址",
    "approval_number": "审图号",
    "attempt": "一分钟内第几次",
    "as_of": "截至",
    "assignment": "选派编号",
    "by_owner": "本人设置",
    "changed": "修改项",
    "codes": "拒绝原因",
    "column": "字段",
    "confirmed": "即时生效",
    "correction": "更正条目",
    "count": "条数",
    "days": "天数",
    "decided": "由操作员直接生效",
    "ends_on": "结束日期",
    "exception": "例外理由",
    "fault": "发现的问题",
    "file_name": "文件名",
    "filters": "筛选条件",
    "format": "格式",
    "grant": "授权编号",
    "ids": "编号",
    "kind": "类型",
    "last_day": "最后一天",
    "level": "等级",
    "login": "登录名",
    "month": "月份",
    "name": "名称",
    "note": "说明",
    "number": "编号",
    "page": "页面",
    "pairings": "结对",
    "permission": "所需权限",
    "person": "人员编号",
    "purpose": "用途",
    "reason": "原因",
    "refused": "有错误行数",
    "region_code": "范围",
    "role": "角色",
    "rows": "行数",
    "scope": "范围",
    "sha256": "校验值（SHA-256）",
    "shared_with": "共享给",
    "side": "一方",
    "source": "依据",
    "starts_on": "开始日期",
    "state": "状态",
    "submitted": "已提交",
    "successor": "接替的选派",
    "unchanged": "未变化行数",
    "valid_from": "生效日期",
    "value": "值",
    "workdays": "工作日志",
    "worked_on": "日期",
    "years": "工作年度",
}

WORDED = frozenset({"role", "shared_with", "side", "level", "kind", "state", "codes", "column"})
"""Facts whose values are code words."""

CODE_WORDS = {
    **{
        member.value: member.label
        for kind in (Role, Side, CertLevel, DayKind, ImportKind, FeedbackKind, FeedbackState)
        for member in kind
    },
    **KEPT_CODES,
    "id_number": "证件号码",
    "phone": "手机号",
    "contact_phone": "联系电话",
    "bank_account": "银行账号",
    "content": "内容",
}


def fact_words(name: str, value: Any) -> tuple[str, str]:
    """Return a fact's name and value as they are read; what has no words stays as it is.

    A character that nobody sees is named: rows of earlier releases may hold some under their seal.
    """
    if isinstance(value, bool):
        text = "是" if value else "否"
    elif isinstance(value, (str, list)):
        words = CODE_WORDS if name in WORDED else {}
        texts = [value] if isinstance(value, str) else value
        text = "、".join(words.get(one, str(one)) for one in texts)
    else:
        text = json.dumps(value, ensure_ascii=False)
    return FACTS.get(name, name), legible(text)


def actor_words(login: str) -> str:
    """Return who did it: a login, or in words what no account did."""
    return ACTORS.get(login, legible(login))


def event_words(event: str) -> str:
    """Return an event in words; one that a newer version recorded as it stands."""
    return EVENTS.get(event, event)


def subject_words(subject: str) -> str:
    """Return a subject with its kind in words: 账号 Ab3…."""
    kind, _, name = subject.partition(":")
    return legible(f"{SUBJECTS.get(kind, kind)} {name}".rstrip())
