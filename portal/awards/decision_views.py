"""Deciding on awards: verify, publicise, note an objection, refuse, pay, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flask

from forms.awards import AwardReasonForm, PayAwardsForm
from forms.procedures import ChosenForm
from models import CertificateAward, Organisation, Person
from portal.access.loading import Unseen
from portal.awards import actions, list_queries
from portal.awards.claim_views import blueprint
from portal.awards.queries import AWARD
from portal.awards.rules import LIFE
from portal.standards.money import format_yuan
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

__all__ = ["blueprint"]

ONE = "/awards/<award_id>"
Decide = Callable[..., None]

WITH_REASON: dict[str, tuple[str, Decide, str, str]] = {
    # Each verb with its address, its action, what is said when it is done, and what it leads to.
    "withdrawn": (
        "/withdrawal",
        actions.withdraw_award,
        "已撤回；需要时可重新申请。",
        "不再奖补；同一证书可重新申请。",
    ),
    "rejected": (
        "/rejection",
        actions.reject_award,
        "已不予奖补，申请人会看到原因。",
        "不再奖补；原因消除后可重新申请。",
    ),
    "sent_back": (
        "/objection",
        actions.send_back,
        "已记录异议并退回核验。",
        "公示作废，退回重新核验，通过后重新公示。",
    ),
    "objection_dismissed": (
        "/objection/dismissal",
        actions.dismiss_objection,
        "已记录，公示继续。",
        "记录异议和核实结果，公示期不变。",
    ),
    "payment_reversed": (
        "/payment/reversal",
        actions.take_payment_back,
        "已冲销，可重新登记发放。",
        "恢复为公示期满；更正后重新登记发放。",
    ),
}


def _lay(verb: str) -> None:
    """Lay the page on which a step with a reason is taken."""
    path, decide, done, leads_to = WITH_REASON[verb]
    step = LIFE.step(verb)
    assert step.permission is not None  # somebody takes each of them

    @blueprint.route(ONE + path, methods=["GET", "POST"], endpoint=f"decide_{verb}")
    @requires(step.permission, AWARD)
    def page(award: CertificateAward) -> Any:
        form = AwardReasonForm(data={"version": award.version})
        if form.validate_on_submit():
            with refusals_shown_in(form):
                decide(deed(), award, form.reason.data or "", seen=form.version.data)
                flask.flash(done, "success")
                return _to(award)
        return flask.render_template(
            "awards/decide_award.html",
            form=form,
            award=award,
            person=db().get_one(Person, award.person_id),
            organisation=db().get_one(Organisation, award.organisation_id),
            step=step,
            leads_to=leads_to,
        )


for _verb in WITH_REASON:
    _lay(_verb)


@blueprint.post("/awards/verifications")
@requires("award.decide")
def verify_awards() -> Any:
    return _decide_on_chosen(actions.verify_awards, "已核验通过")


@blueprint.post("/awards/publications")
@requires("award.decide")
def publicise_awards() -> Any:
    return _decide_on_chosen(actions.publicise_awards, "已开始公示")


def _decide_on_chosen(decide: Decide, done: str) -> Any:
    """Decide on what was ticked, all or none, and go back to where it stood."""
    some, seen = _chosen(ChosenForm().seen)
    decide(deed(), some, seen=seen)
    total = format_yuan(sum(one.amount_fen for one in some))
    flask.flash(f"{done} {len(some)} 项，共 {total} 元。", "success")
    return _to(some[0]) if len(some) == 1 else flask.redirect(flask.url_for(".list_awards"))


def _chosen(seen: Mapping[str, int]) -> tuple[list[CertificateAward], dict[int, int]]:
    some = list_queries.chosen_awards(db(), signed_in(), list(seen))
    if len(some) != len(seen):
        raise Unseen("award")
    return some, {one.id: seen[one.public_id] for one in some}


@blueprint.route("/awards/payments", methods=["GET", "POST"])
@requires("award.decide")
def pay_awards() -> Any:
    form = PayAwardsForm(data={"paid_on": today()})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            some, seen = _chosen(form.seen)
            assert form.paid_on.data is not None  # required by the form
            actions.pay_awards(
                deed(), some, form.paid_on.data, form.voucher_number.data or "", seen=seen
            )
            total = format_yuan(sum(one.amount_fen for one in some))
            flask.flash(f"已登记发放 {len(some)} 项，共 {total} 元。", "success")
            return flask.redirect(flask.url_for(".list_awards", state="paid"))
    found = list_queries.list_due(
        db(), signed_in(), today(), cursor=flask.request.args.get("cursor"), size=page_size()
    )
    return flask.render_template(
        "awards/pay_awards.html",
        form=form,
        found=found,
        pager=pager(found),
        chosen=form.tokens if form.is_submitted() else [one.choice for one in found.rows],
    )


def _to(award: CertificateAward) -> Any:
    return flask.redirect(flask.url_for(".show_award", award_id=award.public_id))
