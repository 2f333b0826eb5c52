"""What documents brings to the house."""

from __future__ import annotations

from portal.documents.check_queries import CHECKS
from portal.enrolment import Room

ROOM = Room(
    "documents",
    events={
        "document.issued": "开具服务证明",
        "document.copied": "下载服务证明",
        "list.exported": "导出列表",
    },
    subjects={
        "document": "公文",
        "list": "列表",
    },
    facts={
        "assignment": "选派",
        "filters": "筛选条件",
        "format": "格式",
        "number": "编号",
        "reason": "原因",
        "rows": "行数",
        "sha256": "校验值（SHA-256）",
    },
    checks=CHECKS,
)
