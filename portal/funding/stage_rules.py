"""How far money is on its way, in one word for lists and bars; what a list is asked for. Pure."""

from __future__ import annotations

from typing import NamedTuple

from models.types import AllocationState, Labelled
from portal.procedures.offer_rules import StepBar


class AllocationFilter(Labelled):
    """What a list of allocations is asked for; one that is paid in part answers to two."""

    PLANNED = "planned", "待核定"
    TO_PAY = "to_pay", "待拨付"
    TO_CONFIRM = "to_confirm", "待确认到账"
    RECEIVED = "received", "已到账"
    DECLINED = "declined", "未核定"


class FundStage(Labelled):
    """Where an allocation stands."""

    PLANNED = "planned", "待核定"
    DECLINED = "declined", "未核定"
    TO_PAY = "to_pay", "待拨付"
    TO_CONFIRM = "to_confirm", "待确认到账"
    RECEIVED = "received", "已到账"
    CUT = "cut", "已核减"


TONES = {
    FundStage.PLANNED: "waiting",
    FundStage.DECLINED: "neutral",
    FundStage.TO_PAY: "waiting",
    FundStage.TO_CONFIRM: "waiting",
    FundStage.RECEIVED: "good",
    FundStage.CUT: "neutral",
}

PATH = ("编制", "核定", "拨付", "到账")
_PLACES = {
    FundStage.PLANNED: 2,
    FundStage.TO_PAY: 3,
    FundStage.TO_CONFIRM: 4,
    FundStage.RECEIVED: 5,
}


class Way(NamedTuple):
    """An allocation as far as its stage asks; amounts in fen."""

    state: AllocationState
    left_fen: int
    disbursed_fen: int
    is_unconfirmed: bool
    """Is a payment still to be confirmed?"""

    @property
    def stage(self) -> FundStage:
        """What is to be done next: whoever waits for money comes before whoever pays."""
        if self.state != AllocationState.APPROVED:
            is_planned = self.state == AllocationState.PLANNED
            return FundStage.PLANNED if is_planned else FundStage.DECLINED
        if self.is_unconfirmed:
            return FundStage.TO_CONFIRM
        if self.left_fen > 0:
            return FundStage.TO_PAY
        return FundStage.RECEIVED if self.disbursed_fen else FundStage.CUT


def bar_of(stage: FundStage) -> StepBar | None:
    """Return where a stage stands on the way of money; None beside it."""
    return StepBar(PATH, _PLACES[stage]) if stage in _PLACES else None


class Given(Labelled):
    """Whose organisations a province looks at: those that it sends, or those that others send to it."""

    BY_US = "by_us", "本省派出"
    TO_US = "to_us", "外省派来"


class Lack(Labelled):
    """What an organisation's year still lacks; the overview counts each."""

    UNPLANNED = "unplanned", "未足额编制"
    UNAPPROVED = "unapproved", "待核定"
    UNPAID = "unpaid", "未拨付"
    UNCONFIRMED = "unconfirmed", "未确认到账"
    SHORT = "short", "到账不足"
