"""What web brings to the house."""

from __future__ import annotations

from portal.audit.queries import ALARMS_SHOWN_FOR, alarms
from portal.audit.rules import KEPT_CODES
from portal.causes import Cause, Urgency
from portal.enrolment import Nightly, Room
from portal.web.jobs import drop_old_form_keys

ROOM = Room(
    "web",
    events={
        "attempt.refused": "被拒绝的操作",
        "sealed_value.unreadable": "加密信息无法解封",
    },
    subjects={
        "page": "页面",
        "upload": "上传的文件",
    },
    facts={
        "attempt": "一分钟内第几次",
        "codes": "拒绝原因",
        "column": "字段",
        "permission": "所需权限",
    },
    code_words={
        **KEPT_CODES,
    },
    causes=(
        Cause(
            Urgency.ALARM,
            "加密信息无法解封",
            "去查看",
            "audit.list_events",
            ("audit.read",),
            alarms("sealed_value.unreadable"),
            lambda latest: latest.why or "",
            {"event": "sealed_value.unreadable"},
            f"保留 {ALARMS_SHOWN_FOR.days} 天。",
            door=False,
            of_subject=True,
        ),
        Cause(
            Urgency.ALARM,
            "加密信息无法解封",
            "看怎么办",
            "help.show_topic",
            ("account.write",),
            alarms("sealed_value.unreadable"),
            lambda latest: latest.why or "",
            {"slug": "accounts"},
            "请服务器操作员核对主密钥，并用命令 flask verify 清点。",
            door=False,
            of_subject=True,
        ),
    ),
    nightly=(Nightly("drop_old_form_keys", 2, 20, drop_old_form_keys),),
)
