"""The page of pictures, the file of each, and the small picture of one pairing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import flask
from flask import Blueprint

from forms.dashboards import DashboardFilters
from forms.fields import options
from models import Pairing
from models.types import Line, Mode, Side
from portal.access.loading import Unseen
from portal.compliance.rules import TITLES
from portal.dashboards.part_export import Link, Picture, asked_of
from portal.dashboards.picture_export import PICTURES
from portal.dashboards.queries import READ, Dashboard, curves_of_pairing, dashboard_of
from portal.dashboards.rules import SHADES
from portal.dashboards.tile_rules import COLUMNS, ROWS
from portal.maps.queries import find_standing
from portal.pairings.choice_queries import provinces_paired
from portal.pairings.queries import PAIRING
from portal.pairings.record_queries import years_of
from portal.places.queries import region_name
from portal.programme.queries import current_year, list_years
from portal.standards.formulas import guarded
from portal.summaries.rules import Filters
from portal.web.addresses import number_in_query
from portal.web.downloads import as_file
from portal.web.frame import db, requires, signed_in, today

blueprint = Blueprint("dashboards", __name__)


@blueprint.get("/dashboard")
@requires(READ)
def show_dashboard() -> Any:
    form, found = _asked()
    standing, county = find_standing(db()), found.filters.county
    return flask.render_template(
        "dashboards/show_dashboard.html",
        form=form,
        found=found,
        years=list_years(db()),
        pictures={key: draw(found) for key, draw in PICTURES.items()},
        drawn=_drawn,
        grid=(COLUMNS, ROWS),
        shades=SHADES,
        place=_place(),
        shown=_shown(found),
        is_filtered=asked_of(found).keys() > {"year"},
        county=region_name(db(), county) if county else None,
        map=standing,
        shows_map=standing is not None and flask.request.args.get("view") == "map",
    )


def _place() -> str:
    """Return how far the reader sees, in words."""
    grants = [grant for _, grant in signed_in().reaches(READ)]
    return "、".join(dict.fromkeys(grant.scope_name or "本单位" for grant in grants))


def _shown(found: Dashboard) -> str:
    """Return in words whose pairings the pictures show: the whole scope, or of one province."""
    asked = found.filters
    sides = ((asked.sending_province, "援派"), (asked.receiving_province, "受援"))
    parts = [f"{found.names[code]}{side}" for code, side in sides if code]
    return "、".join(parts) + "的结对" if parts else _place()


@blueprint.get("/dashboard/<picture>.csv")
@requires(READ)
def download_picture(picture: str) -> Any:
    if picture not in PICTURES:
        raise Unseen("picture")
    _, found = _asked()
    drawn = PICTURES[picture](found)
    name = f"牵手计划{found.year}年度{drawn.title.replace(' ', '')}（{found.today}）.csv"
    return as_file(
        io.BytesIO(_csv_of(drawn)),
        name=name,
        plain_name=f"qianshou-{found.year}-{picture}-{found.today}.csv",
        mimetype="text/csv",
    )


@blueprint.get("/dashboard/pairings/<code>.svg")
@requires("pairing.read", PAIRING)
def draw_pairing(pairing: Pairing) -> Any:
    years = years_of(db(), pairing.id)
    wanted = number_in_query("year") or current_year(db(), today())
    year = min(years, key=lambda one: abs(one - wanted), default=wanted)
    curves = curves_of_pairing(db(), pairing, year, today()) if years else None
    if curves is None:
        raise Unseen("year")
    side = Side.RECEIVED if flask.request.args.get("side") == Side.RECEIVED else Side.SENT
    svg = flask.render_template("dashboards/pairing.svg", curve=curves[side])
    return flask.Response(svg, mimetype="image/svg+xml")


def _asked() -> tuple[DashboardFilters, Dashboard]:
    """Return the filters as a form, and what the pictures show under them."""
    years = list_years(db())
    year = number_in_query("year") or current_year(db(), today())
    if year not in years:
        raise Unseen("year")
    form = DashboardFilters(flask.request.args)
    asked = {Side.SENT: form.sending.data, Side.RECEIVED: form.province.data}
    provinces = provinces_paired(db(), signed_in(), READ, asked)
    form.province.choices += options(provinces[Side.RECEIVED])
    form.sending.choices += options(provinces[Side.SENT])
    form.finding.choices += options(TITLES.items())
    return form, dashboard_of(
        db(), year, actor=signed_in(), today=today(), filters=_filters_of(form)
    )


def _filters_of(form: DashboardFilters) -> Filters:
    asked = form.asked
    return Filters(
        receiving_province=asked["province"],
        sending_province=asked["sending"],
        county=flask.request.args.get("county") or None,
        line=Line(asked["line"]) if asked["line"] else None,
        mode=Mode(asked["mode"]) if asked["mode"] else None,
        finding=asked["finding"],
    )


def _drawn(value: Any) -> Any:
    """Return a drawing as JSON has it, with the addresses of its links."""
    if isinstance(value, Link):
        return flask.url_for(value.endpoint, **value.asked)
    if isinstance(value, Mapping):
        return {name: _drawn(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_drawn(part) for part in value]
    return value


def _csv_of(picture: Picture) -> bytes:
    """Return a picture's table as a file for spreadsheets (UTF-8 with BOM, no text a formula)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.label for column in picture.columns])
    for row in picture.rows:
        writer.writerow(
            [guarded(cell.value) if isinstance(cell.value, str) else cell.value for cell in row]
        )
    return text.getvalue().encode("utf-8-sig")
