"""What bank lists bring to the house."""

from __future__ import annotations

from portal.banklists.views import blueprint
from portal.doors import Door
from portal.enrolment import Room

ROOM = Room(
    "banklists",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(Door("银行清单", "banklists.show_bank_list", "fund.pay"),),
    events={
        "bank_list.exported": "导出银行清单",
        "bank_list.accounts_revealed": "在银行清单中列出完整账号",
    },
    subjects={"bank_list": "银行清单（行数）"},
)
