"""What imports brings to the house."""

from __future__ import annotations

from models import ImportedRow
from models.types import ImportKind
from portal.causes import Cause, Urgency
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Nightly, Room
from portal.imports.commands import import_files
from portal.imports.inbox_queries import claims, staged_imports
from portal.imports.jobs import IMPORT_CHECK, IMPORT_WRITE, drop_old_uploads
from portal.imports.kinds.workday_fact_rules import HIGHEST
from portal.imports.views import blueprint
from portal.personal_data.check_queries import SealedColumn, of_sealed

ROOM = Room(
    "imports",
    blueprint=blueprint,
    door=Door("批量导入", "imports.list_imports", "import.use", menu=Menu.DEEDS),
    events={
        "import.staged": "上传导入文件",
        "import.checked": "检查导入文件",
        "import.mended": "改正导入文件中的单元格",
        "import.applied": "完成导入",
        "import.undone": "撤销导入",
        "import.claims_confirmed": "确认他人导入的日志",
        "import.claims_refused": "不予确认他人导入的日志",
        "import.withdrawn": "放弃导入",
    },
    subjects={
        "import": "导入批次",
    },
    facts={
        "accepted": "可写入行数",
        "decided": "由操作员直接生效",
        "refused": "有错误行数",
        "removed": "移除项数",
        "restored": "恢复项数",
        "unchanged": "未变化行数",
    },
    code_words={
        **{one.value: one.label for one in ImportKind},
    },
    causes=(
        Cause(
            Urgency.DECISION,
            "待您确认的导入文件",
            "去确认",
            "imports.list_imports",
            ("import.use",),
            staged_imports,
            lambda latest: f"“{latest.who}”",
            hint="上传 24 小时内有效。",
            door=False,
        ),
        Cause(
            Urgency.DECISION,
            "待您确认的他人导入",
            "去确认",
            "imports.confirm_claims",
            tuple(HIGHEST),
            claims,
            lambda latest: f"“{latest.who}”",
            hint="由他人导入，您确认后生效。",
            door=False,
        ),
    ),
    checks=(of_sealed(SealedColumn(ImportedRow, "public_id", "sealed_before", "before")),),
    nightly=(Nightly("drop_old_uploads", drop_old_uploads),),
    kinds=(IMPORT_CHECK, IMPORT_WRITE),
    commands=(import_files,),
    topics=(
        Topic(
            "import",
            "批量导入",
            "下载模板、填写、上传检查、看错误、确认写入。",
            Chapter.FIGURES,
            ("import.use",),
            Door("打开批量导入", "imports.list_imports", "import.use"),
            (
                "imports.list_imports",
                "imports.upload_file",
                "imports.show_import",
                "imports.confirm_claims",
            ),
        ),
    ),
)
