"""Expenditures of the demonstration: of the shown pairing, one in each state, with vouchers drawn here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from PIL import Image, ImageDraw

from models import Expenditure, Workday
from models.types import ExpenseCategory, FileKind, FundSource, Task, WorkdayState
from portal.deeds import Deed
from portal.files.actions import attach
from portal.files.content_rules import judge
from portal.files.queries import pegs_of
from portal.files.rules import IMAGES
from portal.programme.queries import get_work_year
from portal.spending import actions
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import Spending
from portal.spending.ground_queries import by_source, cash_of
from portal.stage import Stage

C = ExpenseCategory
RECEIVING_STAFF = "yanshi-recv-staff"
STAFF, MANAGER, PROVINCE = "yanshi-send-staff", "yanshi-send-mgr", "yanshi-prov-send"
CLAIMED_AGO, BOOKED_AGO, SAMPLED_AGO, REPAID_AGO = (timedelta(days=some) for some in (20, 15, 8, 4))
NEEDED_FEN = 1_000_000
"""So much has to be there, or nothing is spent: the year has only begun."""
MOST_PAID = 5

BOUGHT: tuple[tuple[str, ExpenseCategory, int, str, str, dict[str, Any]], ...] = (
    # What becomes of it, its category, fen, payee, purpose, and what the category asks for besides.
    ("sampled", C.ACTIVITY, 186_000, "演示文具店", "演示：社工站小组活动材料", {}),
    ("booked", C.TRANSPORT, 64_250, "演示客运公司", "演示：下乡督导往返车费", {"trip": 3}),
    ("booked", C.WAGES, 120_000, "演示甲", "演示：驻点工作日津贴", {"wages": True}),
    ("disallowed", C.MEALS, 48_000, "演示饭店", "演示：聚餐", {}),
    ("repaid", C.ACTIVITY, 35_000, "演示礼品店", "演示：慰问品", {}),
    ("reversed", C.INSURANCE, 60_000, "演示保险公司", "演示：意外险，重复登记", {}),
    ("booked", C.INSURANCE, 60_000, "演示保险公司", "演示：派出人员意外险", {"later": 1}),
    ("returned", C.ACTIVITY, 22_000, "演示超市", "演示：活动用品", {}),
    ("withdrawn", C.MEALS, 9_600, "演示快餐店", "演示：误登记", {}),
    ("claimed", C.ACTIVITY, 15_800, "演示印刷店", "演示：宣传折页", {}),
    ("claimed", C.OTHER, 30_000, "演示维修部", "演示：站点门窗维修", {"why": "演示：站点门窗破损"}),
    ("asked", C.ACTIVITY, 18_600, "演示文具店二部", "演示：补充材料", {}),
)


def show_spending(stage: Stage) -> None:
    """Have the shown organisation spend some of its subsidy, as far as it has any."""
    session, year = stage.deed.session, stage.deed.today.year
    begins = get_work_year(session, year).starts_on
    spent_on = stage.deed.today - CLAIMED_AGO - timedelta(days=2)
    cash = cash_of(session, [(stage.sending.id, year)])
    left = by_source(cash, stage.sending.id, year)[FundSource.MCA_SUBSIDY]
    if left < NEEDED_FEN or spent_on < begins + timedelta(days=5):
        return
    deeds = _Deeds(stage)
    vouchers: dict[str, bytes] = {}
    for number, (fate, category, fen, payee, purpose, besides) in enumerate(BOUGHT):
        day = spent_on + timedelta(days=besides.get("later", 0))
        claim = _claim(stage, category, fen, day, payee, purpose, besides)
        (one,) = actions.claim_expenditures(deeds.claim, [claim])
        # The last one shows the voucher of the first: a question.
        drawn = vouchers["sampled"] if fate == "asked" else _voucher(number, fen)
        vouchers.setdefault(fate, drawn)
        if fate != "returned":
            (peg,) = pegs_of(session, one)
            attach(deeds.claim, one, peg, "演示 票据.png", judge(drawn, IMAGES))
        _decide(deeds, one, fate)
    _claim_on_the_other_side(stage, spent_on)


def _claim_on_the_other_side(stage: Stage, day: date) -> None:
    """Have the receiving organisation's staff claim what waits until its own money has arrived."""
    deed = stage.deed_of(RECEIVING_STAFF, stage.deed.now - CLAIMED_AGO)
    spending = Spending(
        FundSource.SELF, C.TRANSPORT, 8_400, day, "演示客运站", "演示：下乡走访车费",
        route="演示：县城—乡镇", travelled_from=day, travelled_until=day,
    )  # fmt: skip
    claim = SpendingClaim(stage.receiving.id, stage.pairing.id, day.year, spending, task=Task.T1)
    (one,) = actions.claim_expenditures(deed, [claim])
    (peg,) = pegs_of(deed.session, one)
    attach(deed, one, peg, "演示 票据.png", judge(_voucher(len(BOUGHT), 8_400), IMAGES))


class _Deeds:
    def __init__(self, stage: Stage) -> None:
        def of(login: str, ago: timedelta) -> Deed:
            return stage.deed_of(login, stage.deed.now - ago)

        self.claim = of(STAFF, CLAIMED_AGO)
        self.book = of(MANAGER, BOOKED_AGO)
        self.sample = of(PROVINCE, SAMPLED_AGO)
        self.repay = of(MANAGER, REPAID_AGO)


def _claim(
    stage: Stage,
    category: ExpenseCategory,
    fen: int,
    day: date,
    payee: str,
    purpose: str,
    besides: dict[str, Any],
) -> SpendingClaim:
    trip = besides.get("trip")
    days = _approved_days(stage, day) if "wages" in besides else ()
    return SpendingClaim(
        stage.sending.id,
        stage.pairing.id,
        day.year,
        Spending(
            FundSource.MCA_SUBSIDY,
            category,
            fen,
            day,
            payee,
            purpose,
            other_reason=besides.get("why"),
            route="演示：福州—银川—红寺堡" if trip else None,
            travelled_from=day - timedelta(days=trip) if trip else None,
            travelled_until=day if trip else None,
            has_person="wages" in besides,
        ),
        task=Task.T1,
        person_id=stage.sent[0] if "wages" in besides else None,
        workday_ids=tuple(days),
    )


def _approved_days(stage: Stage, day: date) -> Sequence[int]:
    return stage.deed.session.scalars(
        sa.select(Workday.id)
        .where(
            Workday.pairing_id == stage.pairing.id,
            Workday.person_id == stage.sent[0],
            Workday.state == WorkdayState.APPROVED,
            Workday.worked_on <= day,
        )
        .order_by(Workday.worked_on.desc())
        .limit(MOST_PAID)
    ).all()


def _decide(deeds: _Deeds, one: Expenditure, fate: str) -> None:
    if fate in ("claimed", "asked"):
        return
    if fate == "withdrawn":
        actions.withdraw_claim(deeds.claim, one)
    elif fate == "returned":
        actions.return_claim(deeds.book, one, "演示：请补拍发票", verb="returned")
    else:
        actions.book_expenditures(deeds.book, [one])
    if fate == "reversed":
        actions.take_back(deeds.book, one, "演示：重复登记", verb="reversed")
    elif fate == "sampled":
        actions.accept_samples(deeds.sample, [one], noted="随机抽查，种子 211124")
    elif fate in ("disallowed", "repaid"):
        actions.disallow(deeds.sample, one, "演示：与计划实施无关")
    if fate == "repaid":
        actions.repay(deeds.repay, one, deeds.repay.today, "演示回单0001")


def _voucher(number: int, fen: int) -> bytes:
    """Return a drawing of a receipt."""
    picture = Image.new("RGB", (320, 420), (250, 248, 240))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, 308, 408), outline=(120, 60, 60), width=2)
    pen.text((40, 40), f"DEMO RECEIPT {number:03}", fill=(60, 40, 40))
    pen.text((40, 90), f"{fen / 100:.2f}", fill=(20, 20, 20))
    out = io.BytesIO()
    picture.save(out, FileKind.PNG.name)
    return out.getvalue()
