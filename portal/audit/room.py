"""What audit brings to the house."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.audit.jobs import check_the_audit_chain
from portal.audit.trail import first_fault
from portal.audit.views import blueprint
from portal.checks import Check, Fault
from portal.doors import Door, Menu
from portal.enrolment import Nightly, Room


def _fault_of_the_chain(session: Session) -> Fault | None:
    sentence = first_fault(session)
    return Fault("audit_event", sentence) if sentence else None


ROOM = Room(
    "audit",
    blueprint=blueprint,
    door=Door("审计", "audit.list_events", "audit.read", menu=Menu.CARE),
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
        "ids": "涉及",
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
    checks=(Check("audit_chain", "审计链完整", _fault_of_the_chain),),
    nightly=(Nightly("check_the_audit_chain", look=check_the_audit_chain),),
)
