"""What programme brings to the house."""

from __future__ import annotations

from portal.causes import Want
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room
from portal.programme.inbox_queries import missing_period
from portal.programme.parameter_words import WORDS
from portal.programme.policy import PARAMETERS
from portal.programme.views import blueprint

ROOM = Room(
    "programme",
    blueprint=blueprint,
    door=Door("计划", "programme.show_programmes", "programme.read", menu=Menu.CARE),
    further=(
        Door("政策口径", "programme.show_policy", "programme.read"),
        Door("任务分配表", "programme.show_allocations", "allocation.read"),
    ),
    events={
        "programme.added": "新增计划周期",
        "programme.closed": "关闭计划周期",
        "allocation.set": "编制任务分配表",
        "allocation.removed": "删除任务分配行",
        "parameter.changed": "调整政策口径",
        "work_year.opened": "设立工作年度",
        "work_year.closed": "关闭工作年度",
        "work_year.reopened": "重新开放工作年度",
    },
    subjects={
        "allocation": "任务分配行",
        "parameter": "政策参数",
        "programme": "计划周期",
        "work_year": "工作年度",
    },
    facts={
        "programmes": "计划",
        "work_years": "工作年度",
        "parameters": "政策口径",
        "ends_on": "结束日期",
        "region_code": "范围",
        "starts_on": "开始日期",
        "valid_from": "生效日期",
        "value": "值",
        "years": "工作年度",
        "county_code": "县",
        "pairs": "结对数",
        "receiving_province_code": "受援省份",
        "sending_province_code": "援派省份",
        "year": "年度",
    },
    code_words={
        **{one.key: one.label for one in PARAMETERS},
        **{f"value:{code}": words for code, words in WORDS.items()},
    },
    wants=(Want("programme.write", missing_period),),
    topics=(
        Topic(
            "policy",
            "调整政策口径",
            "每个数字都有依据和生效日期；调整从某日起，原值保留。",
            Chapter.OFFICE,
            ("programme.write",),
            Door("打开政策口径", "programme.show_policy", "programme.read"),
            (
                "programme.show_policy",
                "programme.show_parameter",
                "changes.programme.change_parameter",
            ),
        ),
        Topic(
            "close-year",
            "设立和关闭工作年度",
            "下一期计划和工作年度提前设立；关闭后数字不再变动，确需补正时可重新开放。",
            Chapter.OFFICE,
            ("programme.write",),
            Door("打开计划", "programme.show_programmes", "programme.read"),
            (
                "programme.show_programmes",
                "changes.programme.open_period",
                "programme.close_period",
                "changes.programme.open_year",
                "programme.close_year",
                "changes.programme.reopen",
            ),
        ),
    ),
)
