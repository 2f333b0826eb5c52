"""A year of an organisation's money, booked through the verbs of the portal, with every kind of row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models import Expenditure
from models.types import ExpenseCategory, FundSource, Side, Task
from portal.funding.actions import Raised, record_income
from portal.spending import actions
from tests.support.money import PROVINCIAL, SUBSIDY, YEAR, received
from tests.support.spending import claimed
from tests.support.workdays import approved
from tests.support.world import World

SPENT_ON = date(2022, 4, 1)
WAGES_ON = date(2022, 11, 18)
MANAGER, PROVINCE = "sending_manager", "sending_province_officer"


def spent(
    world: World,
    fen: int,
    category: ExpenseCategory = ExpenseCategory.ACTIVITY,
    source: FundSource = SUBSIDY,
    **asked: Any,
) -> Expenditure:
    """Return an expenditure of the sending organisation that its manager booked."""
    usual = {"spent_on": SPENT_ON, "payee": "演示收款人", "purpose": "演示活动物料"}
    beside = {"task": Task.T3, **asked.pop("claimed", {})}
    one = claimed(
        world, fen, category=category, source=source, claimed=beside, **{**usual, **asked}
    )
    if category == ExpenseCategory.OTHER:
        actions.approve_expenditures(world.deed(PROVINCE), [one])
    actions.book_expenditures(world.deed(MANAGER), [one])
    return one


def a_year(world: World) -> None:
    """Book a year of the sending organisation: 30,000 + 40,000 came in and 500 raised, with every kind."""
    received(world)
    received(world, 4_000_000, PROVINCIAL, voucher="演示回单2")
    record_income(
        world.deed(MANAGER),
        Raised(world.pairing(), Side.SENT, YEAR, FundSource.DONATION, "演示爱心企业", 50_000,
               date(2022, 3, 20), "演示捐赠票据1"),
    )  # fmt: skip
    spent(world, 123_456)
    spent(
        world, 300_000, ExpenseCategory.TRANSPORT, route="福州—红寺堡",
        travelled_from=SPENT_ON, travelled_until=SPENT_ON + timedelta(days=2), invoice_number="演示客票8",
    )  # fmt: skip
    day = approved(world)
    person = {"person_id": world.person("sent1").id, "workday_ids": (day.id,)}
    spent(
        world, 500_001, ExpenseCategory.WAGES, PROVINCIAL, purpose="演示驻点补贴", spent_on=WAGES_ON,
        has_person=True, claimed=person,
    )  # fmt: skip
    spent(world, 10_000, ExpenseCategory.OTHER, other_reason="演示：打印费")
    wrong = spent(world, 77_700, ExpenseCategory.MEALS)
    actions.take_back(world.deed(MANAGER), wrong, "演示：重复登记", verb="reversed")
    refused = spent(world, 20_000, ExpenseCategory.MEALS)
    actions.disallow(world.deed(PROVINCE), refused, "演示：超出支出范围")
    actions.repay(world.deed(MANAGER), refused, world.deed().today, "演示退款单1")
    actions.disallow(
        world.deed(PROVINCE), spent(world, 5_000, ExpenseCategory.INSURANCE), "演示：与计划无关"
    )
