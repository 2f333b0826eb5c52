"""What files brings to the house."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.types import FileUse
from portal.checks import Check, Fault
from portal.enrolment import Nightly, Room
from portal.files.commands import files
from portal.files.jobs import forget_unnamed_files, sweep_files
from portal.files.verification_queries import first_fault


def _fault(session: Session) -> Fault | None:
    found = first_fault(session)
    return Fault(*found) if found else None


ROOM = Room(
    "files",
    events={
        "file.added": "上传附件",
        "file.removed": "移除附件",
        "file.taken_out": "取出附件",
        "certificate.file_revealed": "查看证书扫描件",
        "service.file_revealed": "查看从业证明",
    },
    subjects={
        "stored_file": "附件内容",
    },
    facts={
        "file_name": "文件名",
        "kept_until": "内容保留至",
        "reason": "原因",
        "sha256": "校验值（SHA-256）",
        "shelf": "附件种类",
    },
    code_words={
        **{use.value: use.label for use in FileUse},
        "content": "内容",
    },
    checks=(Check("files", "附件与其登记一一对应，内容完好", _fault),),
    commands=(files,),
    nightly=(
        Nightly("forget_unnamed_files", forget_unnamed_files),
        Nightly("sweep_files", look=sweep_files),
    ),
)
