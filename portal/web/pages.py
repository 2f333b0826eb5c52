"""What every page knows: who is signed in, where one can go, how things are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import flask
from markupsafe import Markup, escape

from portal.access.actor import Actor
from portal.clock import SHANGHAI
from portal.doors import Door, Menu
from portal.enrolment import house
from portal.paging import PAGE_SIZE, PAGE_SIZES, Slice
from portal.standards.dates import months_in_words
from portal.standards.money import format_yuan
from portal.web.addresses import with_this_query
from portal.web.display import display
from portal.web.door_counts import count_behind
from portal.web.form_keys import new_form_key
from portal.web.frame import actor, is_demo, now, today
from portal.web.lists import page_size, shown_columns


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A door as the reader sees it; ``count`` is how much waits behind it."""

    label: str
    url: str
    active: bool
    count: int | None = None


class NavigationGroup(NamedTuple):
    """Doors that stand together; without a label where there are few."""

    label: str | None
    links: list[NavigationLink]


FEW_DOORS = 7
"""Up to so many need no groups to be found in."""


def navigation() -> list[NavigationGroup]:
    """Return the doors that the actor may open, in groups and the order of the work."""
    found = actor()
    if found is None:
        return []
    own = [door for door in house().doors if found.holds(door.permission)]
    groups = [(menu, [door for door in own if door.menu == menu]) for menu in (None, *Menu)]
    return [
        NavigationGroup(
            menu.value if menu and len(own) > FEW_DOORS else None,
            [_link_to(door, found) for door in doors],
        )
        for menu, doors in groups
        if doors
    ]


def _link_to(door: Door, found: Actor) -> NavigationLink:
    # A page of portal/changes stands in a group that bears the name of the room that it changes.
    group = (flask.request.blueprint or "").rpartition(".")[2]
    elsewhere = house().door_elsewhere.get(flask.request.endpoint or "")
    here = elsewhere or house().door_of_blueprint.get(group)
    return NavigationLink(
        door.label,
        flask.url_for(door.endpoint),
        door.endpoint == here,
        count_behind(door, found) if door.counts else None,
    )


def may(permission: str) -> bool:
    """May the actor use this permission at all? Templates ask the same table as the views."""
    found = actor()
    return found is not None and found.holds(permission)


UNDOABLE = "undoable"
"""Under this name the session keeps what can be taken back."""

UNDOABLE_KEPT = 5

BETWEEN_CELLS = "\x1f"


def flash_undoable(text: str, undo_url: str) -> None:
    """Say on the next page what was done, with a button that takes it back by POST.

    The session remembers it, so that the room can offer it again (:func:`still_undoable`).
    """
    said: Any = {"text": text, "undo_url": undo_url}
    flask.flash(said, "undo")
    said = {**said, "at": now().isoformat()}
    flask.session[UNDOABLE] = [*flask.session.get(UNDOABLE, ()), said][-UNDOABLE_KEPT:]


def still_undoable(beginning: str, lasts: timedelta) -> list[dict[str, Any]]:
    """Return what was done in this session that can be taken back below a path, latest first.

    What the page says already as a message of its own is left out. Each has text, undo_url, at.
    """
    flashed = [message for kind, message in flask.session.get("_flashes", ()) if kind == "undo"]
    shown = {message["undo_url"] for message in flashed}
    found = [{**one, "at": datetime.fromisoformat(one["at"])} for one in _remembered()]
    return [
        one
        for one in reversed(found)
        if one["undo_url"].startswith(beginning)
        and one["undo_url"] not in shown
        and now() - one["at"] <= lasts
    ]


def forget_undoable(undo_url: str) -> None:
    """Offer no more what was taken back, or can no longer be."""
    if UNDOABLE in flask.session:
        flask.session[UNDOABLE] = [one for one in _remembered() if one["undo_url"] != undo_url]


def _remembered() -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = flask.session.get(UNDOABLE, [])
    return kept


class Pager(NamedTuple):
    """What the pagination macro shows of a slice."""

    previous_url: str | None
    next_url: str | None
    place_text: str
    size: int = PAGE_SIZE
    sizes: tuple[int, ...] = ()


def pager(found: Slice[Any], *, has_sizes: bool = True) -> Pager:
    """Return the links to the pages beside this one, filters and sort kept.

    ``has_sizes`` says that the list was read with :func:`page_size`, so that one may choose it.
    """
    return Pager(
        url_with(cursor=found.before) if found.before else None,
        url_with(cursor=found.after) if found.after else None,
        found.place_text,
        page_size(),
        PAGE_SIZES if has_sizes and found.count > PAGE_SIZES[0] else (),
    )


def url_with(**changes: Any) -> str:
    """Return this page's URL with other query parameters; None removes one.

    A cursor belongs to its filters and sort: any other change starts from the first page.
    """
    query = flask.request.args.to_dict(flat=False)
    query.pop("cursor", None)
    query |= {key: [value] for key, value in changes.items()}
    pairs = [(key, one) for key, values in query.items() for one in values if one not in (None, "")]
    return f"{flask.request.path}?{urlencode(pairs)}" if pairs else flask.request.path


def page_context() -> dict[str, Any]:
    """Return what every template may use."""
    found: Actor | None = actor()
    return {
        "actor": found,
        "demo_mode": is_demo(),
        "display": display(),
        "may": may,
        "navigation": navigation,
        "today": today(),
    }


def register_filters(app: flask.Flask) -> None:
    """Add the ways in which dates, days and amounts are written, and what macros may call."""
    app.jinja_env.globals |= {
        "new_form_key": new_form_key,
        "this_year": lambda: today().year,
        "shown_columns": shown_columns,
        "url_with": url_with,
        "with_this_query": with_this_query,
    }
    app.jinja_env.filters |= {
        "day": write_date,
        "instant": write_instant,
        "days": write_days,
        "average": write_average,
        "number": write_number,
        "yuan": format_yuan,
        "months": months_in_words,
        "within_tags": within_tags,
    }


WHOLE = (
    ("（", re.compile(r"（[^（）\x1f]{1,8}）")),
    ("自治区", re.compile("(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区")),
)
"""What no line of a table breaks, and by which sign it is known: short brackets, names of regions."""
KEPT = r'<span class="q-nowrap">\g<0></span>'


def within_tags(
    texts: Sequence[str], tags: Sequence[tuple[Markup, Markup]], *, keeps_whole: bool = True
) -> Markup:
    """Return the cells of a row, each escaped between its tags, as one piece of a page.

    They are escaped in one go: one by one, a table of half a million cells took half as long again.
    ``keeps_whole``: no line breaks what stands in ``WHOLE``, which takes as long once more.
    """
    row = str(escape(BETWEEN_CELLS.join(texts)))
    for sign, pattern in WHOLE if keeps_whole else ():
        if sign in row:
            row = pattern.sub(KEPT, row)
    escaped = row.split(BETWEEN_CELLS)
    if len(escaped) != len(texts):  # a text that holds the separator itself
        escaped = [escape(text) for text in texts]
    pieces: list[str] = []
    for (before, after), text in zip(tags, escaped, strict=True):
        pieces += (before, text, after)
    return Markup("".join(pieces))  # noqa: S704 - escaped above, or written by the template


def write_date(value: date | None) -> str:
    """2022-03-01, or a dash where there is none."""
    return value.isoformat() if value else "—"


def write_instant(value: datetime | None) -> str:
    """The minute in Shanghai, or a dash."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else "—"


def write_days(centidays: int) -> str:
    """Hundredths of a day as days: 3950 → 39.5, 2000050 → 20,000.5."""
    return f"{centidays / 100:,.10g}"


def write_average(centidays: int) -> str:
    """An average of days with one decimal at most, as on paper: 125 → 1.3, 200 → 2."""
    return f"{(centidays + 5) // 10 / 10:,.10g}"


def write_number(value: float) -> str:
    """12,345 with separators."""
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
