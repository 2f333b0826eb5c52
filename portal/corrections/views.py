"""The page on which the correction of an approved day is asked for."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint
from sqlalchemy.orm import Session

from forms.corrections import CorrectionForm
from models import Workday
from portal.corrections import actions
from portal.programme.queries import policy_on
from portal.web.frame import db, deed, requires
from portal.web.refusals import refusals_shown_in
from portal.workdays.dossier_queries import dossier_of
from portal.workdays.entry_forms import copied, entry_of, fill_choices, offer_steps
from portal.workdays.own_queries import county_of
from portal.workdays.queries import WORKDAY

blueprint = Blueprint("corrections", __name__)


@blueprint.route("/workdays/<int:workday_id>/correction", methods=["GET", "POST"])
@requires("workday.write", WORKDAY)
def correct_workday(workday: Workday) -> Any:
    form = _form_of(db(), workday)
    offer_steps(form, policy_on(db(), workday.worked_on))
    if form.validate_on_submit():
        with refusals_shown_in(form):
            correction = actions.correct_workday(
                deed(),
                workday,
                entry_of(form, workday.worked_on),
                form.reason.data,
            )
            flask.flash("更正已提交，核准前原条目继续有效。", "success")
            return flask.redirect(flask.url_for("workdays.show_workday", workday_id=correction.id))
    return flask.render_template(
        "corrections/correct_workday.html",
        form=form,
        workday=workday,
        dossier=dossier_of(db(), workday),
    )


def _form_of(session: Session, original: Workday) -> CorrectionForm:
    """Return the form of a correction, with what it corrects filled in, or as posted."""
    form = CorrectionForm(data=copied(original))
    fill_choices(form, session, county_of(session, original.pairing_id))
    return form
