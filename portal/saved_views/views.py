"""Saving and deleting views; what a list shows of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import flask
from flask import Blueprint

from forms.fields import options
from forms.saved_views import SaveViewForm
from models import SavedView
from models.types import Role
from portal.saved_views import actions
from portal.saved_views.queries import VIEW, ViewRow, list_views
from portal.saved_views.rules import PAGES, Draft, query_of
from portal.web.frame import db, deed, requires, signed_in
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("saved_views", __name__)


class Chip(NamedTuple):
    """A view as a link above the list."""

    view: ViewRow
    url: str
    delete_url: str
    is_current: bool


class Panel(NamedTuple):
    """What the filter bar of a list shows of its views."""

    chips: list[Chip]
    form: SaveViewForm
    save_url: str
    can_save: bool


@blueprint.app_context_processor
def _for_templates() -> dict[str, Callable[[], Panel | None]]:
    return {"saved_views": panel}


def panel() -> Panel | None:
    """Return the views of the list that is shown, None on a page that has none."""
    page = flask.request.endpoint or ""
    if page not in PAGES:
        return None
    asked = flask.request.query_string.decode(errors="replace")
    query = query_of(page, "&".join([urlencode(flask.request.view_args or {}), asked]))
    form = SaveViewForm(formdata=None, data={"page": page, "query": query})
    _offer_roles(form)
    chips = [
        Chip(
            view,
            _url_of(page, view.query),
            flask.url_for("saved_views.delete_view", view_id=view.id),
            view.query == query,
        )
        for view in list_views(db(), signed_in(), page)
    ]
    return Panel(chips, form, flask.url_for("saved_views.save_view"), can_save=bool(query))


def _offer_roles(form: SaveViewForm) -> None:
    """Offer the own roles, each with the scope in which colleagues will see the view."""
    form.shared_with.choices += options(
        {
            grant.role.value: f"{grant.scope_name}的其他{grant.role.label}"
            for grant in reversed(signed_in().grants)
        }.items()
    )


def _url_of(page: str, query: str) -> str:
    asked = dict(parse_qsl(query))
    place = PAGES[page].place
    given: dict[str, Any] = {place: asked.pop(place)} if place else {}
    url = flask.url_for(page, **given)
    return f"{url}?{urlencode(asked)}" if asked else url


def _bare_url_of(page: str, query: str) -> str:
    """Return the address of a page that asks for nothing but its place, if it has one."""
    asked = dict(parse_qsl(query))
    return _url_of(page, urlencode({key: asked[key] for key in [PAGES[page].place] if key}))


@blueprint.post("/views")
@requires("self.use")
def save_view() -> Any:
    form = SaveViewForm()
    _offer_roles(form)
    page = PAGES.get(form.page.data or "")
    query = query_of(form.page.data or "", form.query.data or "")
    if form.validate():
        with refusals_shown_in(form):
            role = Role(form.shared_with.data) if form.shared_with.data else None
            view = actions.save_view(
                deed(),
                Draft(form.page.data or "", form.name.data or "", query, role),
                replace=form.replace.data,
            )
            flask.flash(f"已保存视图“{view.name}”。", "success")
            return flask.redirect(_url_of(view.page, view.query))
    return flask.render_template(
        "saved_views/save_view.html",
        form=form,
        label=page.label if page else "首页",
        back=_url_of(form.page.data or "", query)
        if page and (query or not page.place)
        else flask.url_for("home.home"),
    )


@blueprint.post("/views/<int:view_id>/deletion")
@requires("self.use", VIEW)
def delete_view(view: SavedView) -> Any:
    name, back = view.name, _bare_url_of(view.page, view.query)
    actions.delete_view(deed(), view)
    flask.flash(f"已删除视图“{name}”。", "success")
    return flask.redirect(back)
