"""What an organisation does with its settlement: hand it in, take it back, record what it sent back."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.settlements import (
    SendBackForm,
    SubmitForm,
)
from models import Organisation, Settlement
from models.types import SettlementOutcome, SettlementState
from portal.access.loading import Unseen
from portal.ledger.queries import year_of
from portal.organisations.queries import ORGANISATION
from portal.programme.queries import list_years
from portal.settlements import actions, queries
from portal.settlements.figure_queries import figures_of, obstacles_of
from portal.settlements.queries import SETTLEMENT
from portal.settlements.rules import obstacles_in
from portal.web.frame import (
    db,
    deed,
    requires,
    today,
)
from portal.web.refusals import refusals_shown_in, version_shown

blueprint = Blueprint("settlements", __name__)
ONE = "/settlements/<settlement_id>"


def to_settlement(settlement: Settlement) -> Any:
    return flask.redirect(flask.url_for(".show_settlement", settlement_id=settlement.public_id))


@blueprint.route("/settlements/organisations/<credit_code>/<year:year>", methods=["GET", "POST"])
@requires("settlement.submit", ORGANISATION)
def submit_settlement(organisation: Organisation, year: int) -> Any:
    if year not in list_years(db()):
        raise Unseen("year")
    settlement = queries.find_settlement(db(), organisation.id, year)
    if settlement is not None and settlement.state != SettlementState.RETURNED:
        return to_settlement(settlement)
    kept = settlement.wish.value if settlement and settlement.wish else None
    form = SubmitForm(
        data={
            "version": settlement.version if settlement else 0,
            "wish": kept or SettlementOutcome.CARRIED_OVER.value,
            "note": settlement.note if settlement else "",
        }
    )
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = actions.submit_settlement(
                deed(),
                organisation,
                year,
                wish=SettlementOutcome(form.wish.data) if form.wish.data else None,
                said=form.note.data or "",
                seen=form.version.data if settlement else None,
            )
            flask.flash("已提交结算，等待省级民政部门核定；在此期间该年度不再登记资金。", "success")
            return to_settlement(made)
    pairing = queries.bearing_pairing(db(), organisation.id, year)
    figures = figures_of(db(), organisation.id, year)
    open_now = obstacles_of(db(), [(organisation.id, year)])[organisation.id, year]
    return flask.render_template(
        "settlements/submit_settlement.html",
        form=form,
        organisation=organisation,
        year=year,
        facts=year_of(db(), pairing.id, year, organisation.id) if pairing else None,
        figures=figures,
        obstacles=obstacles_in(year, open_now),
        settlement=settlement,
        today=today(),
    )


@blueprint.post(ONE + "/withdrawal")
@requires("settlement.submit", SETTLEMENT)
def withdraw_settlement(settlement: Settlement) -> Any:
    actions.withdraw_settlement(deed(), settlement, seen=version_shown())
    flask.flash("已撤回结算，该年度恢复登记资金；修改后可重新提交。", "success")
    return to_settlement(settlement)


@blueprint.route(ONE + "/refund", methods=["GET", "POST"])
@requires("settlement.submit", SETTLEMENT)
def record_sending_back(settlement: Settlement) -> Any:
    form = SendBackForm(
        data={
            "version": settlement.version,
            "returned_on": settlement.returned_on or today(),
            "voucher_number": settlement.voucher_number or "",
        }
    )
    if form.validate_on_submit():
        with refusals_shown_in(form):
            assert form.returned_on.data is not None  # required by the form
            actions.send_back(
                deed(),
                settlement,
                form.returned_on.data,
                form.voucher_number.data or "",
                seen=form.version.data,
            )
            flask.flash("已登记退回，等待省级民政部门核对办结。", "success")
            return to_settlement(settlement)
    return flask.render_template(
        "settlements/record_sending_back.html",
        form=form,
        settlement=settlement,
        organisation=db().get_one(Organisation, settlement.organisation_id),
        figures=figures_of(db(), settlement.organisation_id, settlement.year),
    )
