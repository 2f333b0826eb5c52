"""What audit brings to the house."""

from __future__ import annotations

from portal.audit.check_queries import CHAIN
from portal.audit.jobs import check_the_audit_chain
from portal.audit.views import blueprint
from portal.enrolment import Door, Nightly, Room

ROOM = Room(
    "audit",
    blueprint=blueprint,
    door=Door("审计", "audit.list_events", "audit.read"),
    events={
        "audit.checked": "校验审计链",
        "audit.exported": "导出审计记录",
    },
    subjects={
        "audit": "审计记录",
        "installation": "本系统",
    },
    facts={
        "changed": "修改项",
        "count": "条数",
        "fault": "发现的问题",
        "file_name": "文件名",
        "ids": "编号",
        "kind": "类型",
        "name": "名称",
        "note": "说明",
        "number": "编号",
        "page": "页面",
        "reason": "原因",
        "state": "状态",
    },
    code_words={
        "content": "内容",
    },
    checks=(CHAIN,),
    nightly=(Nightly("check_the_audit_chain", 2, 30, check_the_audit_chain),),
)
