"""What a province does with settlements: settle one or several, send back, reopen, close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask

from forms.procedures import ChosenForm
from forms.settlements import (
    SettleForm,
    SettlementReasonForm,
)
from models import Organisation, Settlement
from models.types import SettlementOutcome, SettlementState
from portal.access.loading import Unseen
from portal.settlements import actions, queries
from portal.settlements.queries import SETTLEMENT
from portal.settlements.rules import LIFE
from portal.settlements.submission_views import ONE, blueprint, to_settlement
from portal.standards.money import format_yuan
from portal.web.frame import (
    db,
    deed,
    requires,
    signed_in,
)
from portal.web.refusals import refusals_shown_in, version_shown

__all__ = ["blueprint"]


@blueprint.post("/settlements/settled")
@requires("settlement.settle")
def settle_chosen() -> Any:
    """Settle what was ticked, each as its organisation wishes, all or none."""
    seen = ChosenForm().seen
    some = queries.chosen_settlements(db(), signed_in(), "settlement.settle", sorted(seen))
    if len(some) != len(seen):
        raise Unseen("settlement")
    actions.settle(deed(), some, seen={one.id: seen[one.public_id] for one in some})
    total = format_yuan(sum(one.balance_fen for one in some))
    flask.flash(f"已按机构申请核定 {len(some)} 家的结算，余款共 {total} 元。", "success")
    if len(some) == 1:
        return to_settlement(some[0])
    return flask.redirect(flask.url_for(".list_settlements", year=some[0].year))


@blueprint.route(ONE + "/settled", methods=["GET", "POST"])
@requires("settlement.settle", SETTLEMENT)
def settle(settlement: Settlement) -> Any:
    wished = settlement.wish.value if settlement.wish else None
    form = SettleForm(data={"version": settlement.version, "outcome": wished})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.settle(
                deed(),
                [settlement],
                outcome=SettlementOutcome(form.outcome.data) if form.outcome.data else None,
                said=form.note.data or "",
                seen={settlement.id: form.version.data or 0},
            )
            flask.flash(_said_of(settlement), "success")
            return to_settlement(settlement)
    return flask.render_template(
        "settlements/settle.html",
        form=form,
        settlement=settlement,
        organisation=db().get_one(Organisation, settlement.organisation_id),
    )


def _said_of(settlement: Settlement) -> str:
    if settlement.state == SettlementState.SETTLED:
        return "已核定，余款由机构退回拨款方并登记后办结。"
    if settlement.outcome == SettlementOutcome.CARRIED_OVER:
        return f"已核定并办结，余款已结转 {settlement.year + 1} 工作年度。"
    return "已核定并办结。"


Decide = Callable[..., None]
WITH_REASON: dict[str, tuple[str, Decide, str, str]] = {
    # Each verb with its address, its action, what is said when it is done, and what it leads to.
    "returned": (
        "/return",
        actions.return_settlement,
        "已退回机构修改。",
        "该年度恢复登记资金，机构修改后重新提交。",
    ),
    "reopened": (
        "/reopening",
        actions.reopen_settlement,
        "已重新打开，退回机构修改。",
        "结转或退回的余款在台账中冲销，恢复为该年度的可用结余；机构更正后重新提交。",
    ),
}


def _lay(verb: str) -> None:
    """Lay the page on which a step with a reason is taken."""
    path, decide, done, leads_to = WITH_REASON[verb]
    step = LIFE.step(verb)

    @blueprint.route(ONE + path, methods=["GET", "POST"], endpoint=f"decide_{verb}")
    @requires("settlement.settle", SETTLEMENT)
    def page(settlement: Settlement) -> Any:
        form = SettlementReasonForm(data={"version": settlement.version})
        if form.validate_on_submit():
            with refusals_shown_in(form):
                decide(deed(), settlement, form.reason.data or "", seen=form.version.data)
                flask.flash(done, "success")
                return to_settlement(settlement)
        return flask.render_template(
            "settlements/decide_settlement.html",
            form=form,
            settlement=settlement,
            organisation=db().get_one(Organisation, settlement.organisation_id),
            step=step,
            leads_to=leads_to,
        )


for _verb in WITH_REASON:
    _lay(_verb)


@blueprint.post(ONE + "/closing")
@requires("settlement.settle", SETTLEMENT)
def close_settlement(settlement: Settlement) -> Any:
    actions.close_settlement(deed(), settlement, seen=version_shown())
    flask.flash("已办结，台账记入余款退回拨款方。", "success")
    return to_settlement(settlement)
