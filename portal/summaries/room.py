"""What summaries brings to the house."""

from __future__ import annotations

from models.types import Line, Mode
from portal.compliance.pace_rules import Pace
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room
from portal.summaries.commands import summary
from portal.summaries.demo_actions import export_in_background
from portal.summaries.jobs import SUMMARY_EXPORT
from portal.summaries.rules import TITLES
from portal.summaries.views import blueprint

ROOM = Room(
    "summaries",
    blueprint=blueprint,
    door=Door("汇总", "summaries.show_summary", "summary.read", menu=Menu.VIEWS),
    further=(Door("导出汇总", "summaries.export_summary", "summary.export"),),
    events={
        "summary.exported": "导出汇总",
    },
    subjects={
        "summary": "汇总年度",
    },
    facts={
        "as_of": "截至",
        "compliant": "是否达标",
        "county": "县",
        "either_province": "省份",
        "finding": "未达标事项",
        "line": "任务线",
        "mode": "帮扶方式",
        "pace": "进度",
        "receiving_province": "受援省份",
        "sending_province": "援派省份",
        "filters": "筛选条件",
        "format": "格式",
        "purpose": "用途",
        "rows": "行数",
        "sha256": "校验值（SHA-256）",
    },
    code_words={
        **{one.value: one.label for one in (*Line, *Mode, *Pace)},
        **TITLES,
    },
    kinds=(SUMMARY_EXPORT,),
    demonstrate=export_in_background,
    commands=(summary,),
    topics=(
        Topic(
            "summary",
            "查汇总与导出",
            "每个数字都能点到明细；导出 Excel、CSV、PDF、Word、JSON。",
            Chapter.FIGURES,
            ("summary.read", "summary.export"),
            Door("打开汇总", "summaries.show_summary", "summary.read"),
            (
                "summaries.show_summary",
                "summaries.show_province",
                "summaries.export_summary",
                "jobs.list_jobs",
                "jobs.show_job",
            ),
        ),
        Topic(
            "as-of",
            "数据截至某日怎么查",
            "按某一天结束时系统已知的情况重算汇总。",
            Chapter.FIGURES,
            ("summary.read",),
            Door("打开汇总", "summaries.show_summary", "summary.read"),
            ("summaries.show_known_days",),
        ),
    ),
)
