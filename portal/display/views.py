"""Choosing how the portal looks: anybody may, before signing in too."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.display import DisplayForm, ListForm
from portal.access.policy import PUBLIC
from portal.paging import PAGE_SIZES
from portal.web.display import DENSITIES, THEMES, Display, display, keep_display
from portal.web.frame import requires
from portal.web.lists import NAME, keep_lists, lists
from portal.web.path_rules import is_own_path

blueprint = Blueprint("display", __name__)


@blueprint.get("/display")
@requires(PUBLIC)
def show_display() -> Any:
    back = flask.request.args.get("back", "")
    return flask.render_template("display/show_display.html", form=_form(back=back))


@blueprint.post("/display")
@requires(PUBLIC)
def choose_display() -> Any:
    form = _form()
    if not form.validate_on_submit():
        return flask.render_template("display/show_display.html", form=form)
    back = form.back.data if is_own_path(form.back.data) else flask.url_for(".show_display")
    response = flask.make_response(flask.redirect(back))
    keep_display(response, Display(form.theme.data, form.density.data))
    return response


@blueprint.post("/display/lists")
@requires("self.use")
def choose_list() -> Any:
    """Keep how many rows a page holds, or which columns of a list are left out."""
    form, chosen = ListForm(), lists()
    if form.size.data in PAGE_SIZES:
        chosen = chosen._replace(size=form.size.data)
    if form.list.data in flask.current_app.view_functions and NAME.fullmatch(form.list.data):
        shown = form.offered.data if form.whole.data else form.shown.data
        left_out = [name for name in form.offered.data if NAME.fullmatch(name)]
        chosen = chosen.without(form.list.data, [one for one in left_out if one not in shown])
    back = form.back.data if is_own_path(form.back.data) else flask.url_for(".show_display")
    response = flask.make_response(flask.redirect(back))
    keep_lists(response, chosen)
    return response


def _form(**values: Any) -> DisplayForm:
    """Return the form; what it does not say stays as it is (a button of the menu says one thing)."""
    form = DisplayForm(obj=display(), **values)
    form.offer(THEMES, DENSITIES)
    if form.is_submitted():
        form.theme.data = flask.request.form.get("theme", display().theme)
        form.density.data = flask.request.form.get("density", display().density)
    return form
