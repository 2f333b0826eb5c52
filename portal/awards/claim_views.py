"""Pages of a claim: what can be claimed for, by one tap; the province's rules."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.awards import AwardRuleForm, ClaimAwardsForm, amounts_in
from models import Person
from models.types import CertLevel
from portal.access.actor import Actor
from portal.access.loading import Forbidden
from portal.access.policy import Reach
from portal.access.scope import province_reached
from portal.awards import actions, local_actions, queries
from portal.awards.actions import AwardClaim
from portal.awards.local_rules import NOTICE_DAYS, Giving, in_force_now
from portal.ledger.amount_rules import read_amount
from portal.places.queries import region_name
from portal.refusals import refuse_if
from portal.standards.money import format_yuan
from portal.standards.text import is_blank
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("awards", __name__)
"""Of the whole room; decision_views.py and views.py add their pages."""


@blueprint.route("/awards/new", methods=["GET", "POST"])
@requires("award.claim")
def claim_awards() -> Any:
    form = ClaimAwardsForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = actions.claim_awards(deed(), _claims_in(form))
            total = format_yuan(sum(one.amount_fen for one in made))
            flask.flash(
                f"已申请 {len(made)} 项奖补，共 {total} 元，待省级民政部门核验。", "success"
            )
            if len(made) == 1:
                return flask.redirect(flask.url_for(".show_award", award_id=made[0].public_id))
            return flask.redirect(flask.url_for(".list_awards"))
    found = queries.list_claimable(
        db(), signed_in(), today(), cursor=flask.request.args.get("cursor"), size=page_size()
    )
    me = own_person(signed_in())
    return flask.render_template(
        "awards/claim_awards.html",
        form=form,
        found=found,
        pager=pager(found),
        typed=amounts_in(flask.request.form),
        chosen=form.tokens,
        me=me,
        sees_many=me is None or any(one.person_id != me.id for one in found.rows),
    )


def own_person(actor: Actor) -> Person | None:
    """Return the person whose own certificates somebody claims for; None of a manager."""
    own = [reach for reach, _ in actor.reaches("award.claim") if reach == Reach.SELF]
    return db().get(Person, actor.person_id) if own and actor.person_id else None


def _claims_in(form: ClaimAwardsForm) -> list[AwardClaim]:
    typed = amounts_in(flask.request.form)
    claims = []
    for number in form.certificates:
        text = typed.get(number, "")
        if is_blank(text):
            claims.append(AwardClaim(number))
            continue
        amount = read_amount(text, "", "奖补金额")
        refuse_if(amount.refusals)
        claims.append(AwardClaim(number, amount.fen))
    return claims


@blueprint.route("/awards/rules", methods=["GET", "POST"])
@requires("award.rule")
def record_rule() -> Any:
    code = _province()
    form = AwardRuleForm(data={"valid_from": today(), "notice_days": NOTICE_DAYS})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            giving = Giving(form.giving.data)
            amount = read_amount(form.amount.data) if giving == Giving.FIXED else None
            refuse_if(amount.refusals if amount else ())
            assert form.valid_from.data is not None  # required by the form
            local_actions.record_rule(
                deed(),
                code,
                CertLevel(form.level.data),
                giving,
                amount.fen if amount else None,
                notice_days=form.notice_days.data or 0,
                valid_from=form.valid_from.data,
                document=form.document.data or "",
                reason=form.reason.data or "",
            )
            flask.flash("已登记，从所填日期起的申请按新规定。", "success")
            return flask.redirect(flask.url_for(".record_rule"))
    rules = queries.rules_of(db(), [code])[code]
    return flask.render_template(
        "awards/record_rule.html",
        form=form,
        province=region_name(db(), code),
        in_force=in_force_now(rules, today()),
        rules=sorted(rules, key=lambda one: (one.recorded_at, one.id), reverse=True),
    )


def _province() -> str:
    """Return the province whose rules somebody records; raise :class:`Forbidden` without one."""
    code = province_reached(db(), signed_in(), "award.rule")
    if code is None:
        raise Forbidden("award.rule")
    return code
