"""What stands in an address: numbers that every database holds, and the query of the page shown."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import Any
from urllib.parse import urlencode

import flask
from werkzeug.routing import IntegerConverter, Map

from portal.access.loading import LARGEST_ID


class NumberConverter(IntegerConverter):
    """``<int:…>`` in every address: a number that no row can have leads nowhere (404)."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 - as werkzeug calls it
        super().__init__(map, **{"max": LARGEST_ID, **options})


class YearConverter(NumberConverter):
    """``<year:…>`` in every address: years are 32-bit columns, so what no date has is 404 too."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 - as werkzeug calls it
        super().__init__(map, **{"min": MINYEAR, "max": MAXYEAR, **options})


def number_in_query(name: str) -> int | None:
    """Return a number of the query; None if there is none, or none that a row can have."""
    number = flask.request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= LARGEST_ID else None


def with_this_query(url: str, *leave_out: str) -> str:
    """Return an address with the query of this page, whatever its parameters are called."""
    pairs = [pair for pair in flask.request.args.items(multi=True) if pair[0] not in leave_out]
    return f"{url}?{urlencode(pairs)}" if pairs else url
