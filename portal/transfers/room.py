"""What transfers to the partner bring to the house."""

from __future__ import annotations

from portal.causes import Cause, Urgency
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.transfers.check_queries import CHECKS
from portal.transfers.demo_actions import show_transfer
from portal.transfers.inbox_queries import to_confirm
from portal.transfers.rules import PAID
from portal.transfers.search_queries import find_transfers, list_opened
from portal.transfers.views import blueprint

ROOM = Room(
    "transfers",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(Door("转付对方机构", "transfers.list_transfers", "fund.read"),),
    events={
        "fund_transfer.paid": "登记转付对方机构",
        "fund_transfer.confirmed": "确认收到转付",
        "fund_transfer.declined": "不予确认转付",
        "fund_transfer.withdrawn": "撤回转付",
        "fund_transfer.reversed": "冲销转付",
    },
    subjects={"fund_transfer": "转付"},
    causes=(
        Cause(
            Urgency.OWN_WORK,
            "待确认收到的转付",
            "去确认",
            "transfers.list_transfers",
            ("fund.accept",),
            to_confirm,
            lambda latest: f"{latest.who} {latest.day_words}转付",
            {"state": PAID.value},
            door=False,
        ),
    ),
    checks=CHECKS,
    finders=(Finder("fund.read", "转付的凭证号、协议编号、机构", find_transfers),),
    objects=(
        ObjectPage("transfer", "transfers.show_transfer", "transfer_id", "fund.read", list_opened),
    ),
    topics=(
        Topic(
            "transfer-funds",
            "向对方机构转付资金",
            "政策口径开放后，援派机构按协议条款转付一部分资金，受援机构确认收到后使用和结算。",
            Chapter.MONEY,
            ("fund.transfer", "fund.accept"),
            Door("打开转付", "transfers.list_transfers", "fund.read"),
            (
                "transfers.list_transfers",
                "transfers.show_transfer",
                "transfers.pass_on",
                "transfers.confirm_transfer",
                "transfers.decide_declined",
                "transfers.decide_withdrawn",
                "transfers.decide_reversed",
            ),
        ),
    ),
    demonstrate=show_transfer,
)
