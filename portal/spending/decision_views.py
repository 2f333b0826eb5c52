"""Deciding on expenditures: book, return, approve, accept, disallow, record a repayment, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flask
import sqlalchemy as sa

from forms.fields import is_number
from forms.procedures import ChosenForm
from forms.spending import ReasonForm, RepaymentForm
from models import Expenditure
from portal.access.loading import Unseen
from portal.access.scope import within
from portal.deeds import Deed
from portal.spending import actions
from portal.spending.claim_views import ONE, blueprint
from portal.spending.queries import EXPENDITURE
from portal.spending.rules import LIFE
from portal.spending.sampling_rules import LARGEST_SEED
from portal.standards.money import format_yuan
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.refusals import refusals_shown_in

__all__ = ["blueprint"]

Decide = Callable[..., None]

BACK: Decide = actions.take_back
WITH_REASON: dict[str, tuple[str, Decide, str, str]] = {
    # Each verb with its address, its action, what is said when it is done, and what it leads to.
    "returned": (
        "/return",
        actions.return_claim,
        "已退回登记人修改。",
        "登记人修改后可重新提交；在此之前不入账。",
    ),
    "declined": (
        "/refusal",
        actions.return_claim,
        "已不予核准，退回登记人修改。",
        "登记人可改为五类支出或补充理由后重新提交。",
    ),
    "disallowed": (
        "/disallowance",
        actions.disallow,
        "已不予认可，机构须将款项退回本计划资金账户。",
        "这笔支出不再计入已支出，列为待退回；机构退回并登记后恢复为可用结余。",
    ),
    "disallowance_reversed": (
        "/disallowance/reversal",
        BACK,
        "已改为认可，冲销了不予认可。",
        "冲销不予认可，这笔支出重新计入已支出，机构不必退回。",
    ),
    "repayment_reversed": (
        "/repayment/reversal",
        BACK,
        "已冲销退回登记，恢复为不予认可。",
        "冲销退回登记，恢复为待退回；更正后请重新登记。",
    ),
    "reversed": (
        "/reversal",
        BACK,
        "已冲销，款项恢复为可用结余。",
        "在台账中记一笔相反的分录，款项恢复为可用结余；这笔支出不能再入账，需要时另行登记。",
    ),
}
SAYS_VERB = frozenset({actions.return_claim, actions.take_back})
"""Actions that several verbs share."""


def _lay(verb: str) -> None:
    """Lay the page on which a step with a reason is taken."""
    path, decide, done, leads_to = WITH_REASON[verb]
    step = LIFE.step(verb)
    assert step.permission is not None  # somebody takes each of them

    @blueprint.route(ONE + path, methods=["GET", "POST"], endpoint=f"decide_{verb}")
    @requires(step.permission, EXPENDITURE)
    def page(expenditure: Expenditure) -> Any:
        form = ReasonForm(data={"version": expenditure.version})
        if form.validate_on_submit():
            with refusals_shown_in(form):
                which = {"verb": verb} if decide in SAYS_VERB else {}
                reason, seen = form.reason.data or "", form.version.data
                decide(deed(), expenditure, reason, seen=seen, **which)
                flask.flash(done, "success")
                return _to(expenditure)
        return flask.render_template(
            "spending/decide_expenditure.html",
            form=form,
            expenditure=expenditure,
            step=step,
            leads_to=leads_to,
        )


for _verb in WITH_REASON:
    _lay(_verb)


@blueprint.route(ONE + "/repayment", methods=["GET", "POST"])
@requires("spending.book", EXPENDITURE)
def record_repayment(expenditure: Expenditure) -> Any:
    form = RepaymentForm(data={"version": expenditure.version, "repaid_on": today()})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            assert form.repaid_on.data is not None  # required by the form
            actions.repay(
                deed(),
                expenditure,
                form.repaid_on.data,
                form.voucher_number.data or "",
                seen=form.version.data,
            )
            flask.flash("已登记退回，款项恢复为可用结余。", "success")
            return _to(expenditure)
    return flask.render_template(
        "spending/record_repayment.html", form=form, expenditure=expenditure
    )


@blueprint.post("/spending/bookings")
@requires("spending.book")
def book_expenditures() -> Any:
    return _decide_on_chosen("spending.book", actions.book_expenditures, "已入账")


@blueprint.post("/spending/approvals")
@requires("spending.review")
def approve_expenditures() -> Any:
    return _decide_on_chosen("spending.review", actions.approve_expenditures, "已核准")


@blueprint.post("/spending/acceptances")
@requires("spending.review")
def accept_samples() -> Any:
    seed = flask.request.form.get("seed", "")
    is_seed = is_number(seed) and int(seed) <= LARGEST_SEED
    noted = f"随机抽查，种子 {seed}" if is_seed else None

    def accept(of: Deed, some: list[Expenditure], *, seen: Mapping[int, int]) -> None:
        actions.accept_samples(of, some, seen=seen, noted=noted)

    return _decide_on_chosen("spending.review", accept, "抽查认可")


def _decide_on_chosen(permission: str, decide: Decide, done: str) -> Any:
    """Decide on what was ticked, all or none, and go back to where it stood."""
    seen = ChosenForm().seen
    some = list(
        db().scalars(
            sa.select(Expenditure)
            .where(
                Expenditure.public_id.in_(list(seen)),
                within(Expenditure, signed_in(), permission),
            )
            .order_by(Expenditure.id)
        )
    )
    if len(some) != len(seen):
        raise Unseen("expenditure")
    decide(deed(), some, seen={one.id: seen[one.public_id] for one in some})
    total = format_yuan(sum(one.amount_fen for one in some))
    flask.flash(f"{done} {len(some)} 笔，共 {total} 元。", "success")
    if len(some) == 1:
        return _to(some[0])
    return flask.redirect(flask.url_for(".list_expenditures", year=some[0].year))


def _to(expenditure: Expenditure) -> Any:
    return flask.redirect(flask.url_for(".show_expenditure", expenditure_id=expenditure.public_id))
