"""What the ledger brings to the house."""

from __future__ import annotations

from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.ledger.check_queries import CHECKS
from portal.ledger.views import blueprint

ROOM = Room(
    "ledger",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(Door("资金使用台账", "ledger.list_books", "fund.read"),),
    events={"ledger.exported": "导出资金使用台账"},
    facts={
        "format": "格式",
        "fund_source": "资金来源",
        "rows": "行数",
        "sha256": "校验值（SHA-256）",
        "year": "年度",
    },
    checks=CHECKS,
    topics=(
        Topic(
            "ledger-book",
            "资金使用台账",
            "看一家机构一个年度的逐笔收支、累计支出和结余，下载签字。",
            Chapter.MONEY,
            ("fund.read",),
            Door("打开资金使用台账", "ledger.list_books", "fund.read"),
            ("ledger.list_books", "ledger.show_book"),
        ),
    ),
)
