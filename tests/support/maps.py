"""An invented map: every region of province level is a square of one degree. It shows no country."""

from __future__ import annotations

import json
from typing import Any

from portal.dashboards.tile_rules import PLACES

NUMBER = "GS（2024）0000号"
"""Of the form of an approval number; no such number was ever given."""


def square(number: int) -> list[list[float]]:
    """Return a closed ring; the squares of two numbers do not touch."""
    x, y = 70 + 2 * (number % 7), 10 + 2 * (number // 7)
    return [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]


def feature(code: str, number: int, **changes: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"adcode": int(code), "population": 1},
        "geometry": {"type": "Polygon", "coordinates": [square(number)]},
        **changes,
    }


def features() -> list[dict[str, Any]]:
    return [feature(code, number) for number, code in enumerate(PLACES)]


def map_file(some: list[dict[str, Any]] | None = None) -> bytes:
    collection = {"type": "FeatureCollection", "features": features() if some is None else some}
    return json.dumps(collection).encode()
