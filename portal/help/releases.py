"""What is new for users, version by version, the newest first. Only what the portal does is listed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Release(NamedTuple):
    """One version: its number (that of pyproject.toml when it was made), its date, its news."""

    version: str
    released_on: date
    news: tuple[str, ...]


RELEASES: tuple[Release, ...] = (
    Release(
        "0.1.0",
        date(2026, 11, 22),
        (
            "首页按角色列出要办的事和进展；社工首页有全年日历和够不够数的预计，手机上三步填报。",
            "确认、核准、退回之后十分钟内可以撤销；批量办理前可先看影响。",
            "新增“帮助”：每项工作一页，写明谁能办、怎么办、常见的退回原因；“这是哪条规则”引用方案原文。",
            "新增“投诉建议”：各页页脚可提交，未登录也可以；登录后能看到答复。",
            "新增“图表”：进度、阶段、分省、流向、各月工作日，每张图都有数据表和可下载的数据；有审图号的地图可由系统管理员启用。",
            "列表的筛选可以保存为视图，下次一点即用。",
            "新增全站搜索：县、机构、结对、人员、页面，按 Ctrl+K 打开。",
            "新增显示设置：高对比、大字的关怀版、紧凑表格。",
            "首次登录有简短的新手引导，看过后不再出现，可从“帮助”重看。",
            "出错的页面说明接下来怎么办，并给出与系统日志一致的参考编号。",
        ),
    ),
    Release(
        "0.1.0",
        date(2026, 11, 21),
        (
            "结对、机构、人员、选派的登记和审批，一对一和资格自动核对。",
            "工作日志：填报、机构确认、县级核准、退回、更正；每人每日不超过 1 天。",
            "工作日历、政策口径、工作年度可由管理人员维护，调整前可先看影响。",
            "汇总可查当前，也可查截至某日；导出 Excel、CSV、PDF、JSON。",
            "六类数据可批量导入，先检查全部行，确认后才写入。",
            "系统管理员、安全管理员、审计管理员三员分立，审计记录逐条封印。",
        ),
    ),
)
