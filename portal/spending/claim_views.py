"""Pages of a claim: write it, change it, take it back, answer what is asked of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask import Blueprint

from forms.spending import AnswerForm, ClaimForm
from models import Expenditure
from portal.files.actions import attach, judge_apart
from portal.files.content_rules import Judged
from portal.files.queries import pegs_of
from portal.files.rules import MAX_BYTES, VOUCHER
from portal.spending import actions, claim_forms
from portal.spending.place_queries import ClaimPlace, place_of, places_of
from portal.spending.queries import EXPENDITURE
from portal.standards.dates import parse_date
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.refusals import edits_kept_in, refusals_shown_in, version_shown

blueprint = Blueprint("spending", __name__)
"""Of the whole room; decision_views.py and views.py add their pages."""

ONE = "/spending/<expenditure_id>"


@blueprint.route("/spending/new", methods=["GET", "POST"])
@requires("spending.claim", reads_first=True)
def claim_expenditure() -> Any:
    places = places_of(reading(), signed_in(), today())
    asked = flask.request.args.get("place")
    place = next((one for one in places if one.key == asked), places[0] if places else None)
    if place is None:
        return flask.render_template("spending/claim_expenditure.html", places=[], desk=None)
    form = claim_forms.new_form(reading(), place, today(), _day_asked())
    desk = claim_forms.desk_of(reading(), signed_in(), place, form, today())
    if not form.list_days.data and form.validate_on_submit():
        with refusals_shown_in(form):
            made = _claim(form, desk)
            flask.flash("已登记，待本机构另一位负责人入账。", "success")
            return flask.redirect(_page_of(made, claimed=1))
    claim_forms.say_without_days(desk)
    return flask.render_template("spending/claim_expenditure.html", places=places, desk=desk)


def _day_asked() -> date | None:
    """Return the logged day from which somebody came, if the address names one."""
    day = parse_date(flask.request.args.get("on"))
    return day if day and day <= today() else None


def _claim(form: ClaimForm, desk: claim_forms.ClaimDesk) -> str:
    """Write a claim, and hang its voucher up; return its address."""
    claim = claim_forms.claim_of(reading(), form, desk)
    # Judged while nobody waits for this transaction.
    judged = _judged(form)
    (made,) = actions.claim_expenditures(deed(), [claim])
    if judged:
        (peg,) = pegs_of(db(), made)
        attach(deed(), made, peg, judged[0], judged[1])
    return made.public_id


def _judged(form: ClaimForm) -> tuple[str, Judged] | None:
    file = form.chosen
    if file is None:
        return None
    return file.filename or "", judge_apart(file.stream.read(MAX_BYTES + 1), VOUCHER)


@blueprint.route(ONE + "/edit", methods=["GET", "POST"])
@requires("spending.claim", EXPENDITURE)
def edit_claim(expenditure: Expenditure) -> Any:
    form = claim_forms.edit_form(db(), expenditure)
    desk = _desk_of(expenditure, form)
    if not form.list_days.data and form.validate_on_submit():

        def anew() -> Any:
            return claim_forms.edit_form(db(), expenditure, as_sent=False)

        with edits_kept_in(form, anew):
            claim = claim_forms.claim_of(db(), form, desk)
            actions.edit_claim(deed(), expenditure, claim, seen=form.version.data)
            flask.flash("已保存，待本机构另一位负责人入账。", "success")
            return _to(expenditure)
    claim_forms.say_without_days(desk)
    return flask.render_template("spending/edit_claim.html", desk=desk, expenditure=expenditure)


def _desk_of(expenditure: Expenditure, form: ClaimForm) -> claim_forms.ClaimDesk:
    place: ClaimPlace = place_of(db(), expenditure.organisation_id, expenditure.pairing_id)
    return claim_forms.desk_of(db(), signed_in(), place, form, today(), edited=expenditure.id)


@blueprint.post(ONE + "/withdrawal")
@requires("spending.claim", EXPENDITURE)
def withdraw_claim(expenditure: Expenditure) -> Any:
    actions.withdraw_claim(deed(), expenditure, seen=version_shown())
    flask.flash("已撤回；需要时可修改并重新提交。", "success")
    return _to(expenditure)


@blueprint.route(ONE + "/answer", methods=["GET", "POST"])
@requires("spending.claim", EXPENDITURE)
def answer_question(expenditure: Expenditure) -> Any:
    form = AnswerForm(data={"answer": expenditure.answer, "version": expenditure.version})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.answer_question(
                deed(), expenditure, form.answer.data or "", seen=form.version.data
            )
            flask.flash("已说明，入账的负责人和省级抽查人员会看到。", "success")
            return _to(expenditure)
    return flask.render_template(
        "spending/answer_question.html", form=form, expenditure=expenditure
    )


def _to(expenditure: Expenditure) -> Any:
    return flask.redirect(_page_of(expenditure.public_id))


def _page_of(public_id: str, **shown: Any) -> str:
    return flask.url_for(".show_expenditure", expenditure_id=public_id, **shown)
