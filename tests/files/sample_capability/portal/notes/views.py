"""Pages of notes: the list, and writing one."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.notes import NoteForm
from models import Pairing
from portal.notes import actions, queries
from portal.pairings.queries import PAIRING
from portal.web.frame import db, deed, requires, signed_in
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("notes", __name__)


@blueprint.get("/notes")
@requires("note.read")
def list_notes() -> Any:
    rows = queries.list_notes(db(), signed_in())
    return flask.render_template("notes/list_notes.html", rows=rows)


@blueprint.route("/pairings/<code>/notes/new", methods=["GET", "POST"])
@requires("note.write", PAIRING)
def write_note(pairing: Pairing) -> Any:
    form = NoteForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.write_note(deed(), pairing, form.text.data or "")
            flask.flash("备忘已保存。", "success")
            return flask.redirect(flask.url_for(".list_notes"))
    return flask.render_template("notes/write_note.html", form=form, code=pairing.code)
