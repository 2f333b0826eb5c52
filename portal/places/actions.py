"""Loading the places that every installation needs (portal/places/data)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from models import Authority, KeyCounty, Region, Township
from models.types import AuthorityLevel, AuthorityLine, RegionLevel, TownshipKind
from portal.deeds import Deed
from portal.places.queries import forget_known_region_codes

DATA = Path(__file__).resolve().parent / "data"

Row: TypeAlias = dict[str, Any]


def load_places(deed: Deed) -> dict[str, int]:
    """Insert the places of the files that are not there yet; return how many of each kind.

    What is there stays as it is, an administrator may have corrected it. Rows are recognised by
    their code, key counties by the county. The caller records the loading.
    """
    counts = {
        "regions": _insert_missing(deed, Region.code, [*_regions(), *_withdrawn_regions()]),
        "townships": _insert_missing(deed, Township.code, _townships()),
        "key_counties": _insert_missing(deed, KeyCounty.county_code, _key_counties()),
        "authorities": _insert_missing(deed, Authority.code, _authorities()),
    }
    forget_known_region_codes(deed.session)
    return counts


def _insert_missing(deed: Deed, key: InstrumentedAttribute[str], rows: Iterable[Row]) -> int:
    """Insert the rows whose key no row has, in order of the key: a parent before its children."""
    present = set(deed.session.scalars(sa.select(key)))
    missing = sorted(
        (row for row in rows if row[key.key] not in present), key=lambda row: row[key.key]
    )
    if missing:
        deed.session.execute(sa.insert(key.class_.__table__), missing)
    return len(missing)


def _regions() -> Iterable[Row]:
    for row in _read("regions.csv"):
        yield {
            "code": row["code"],
            "name": row["name"],
            "level": RegionLevel(row["level"]),
            "parent_code": row["parent_code"] or None,
            "province_code": _province_of(row["code"]),
            "sort_no": int(row["sort_no"]),
            "is_withdrawn": False,
        }


def _withdrawn_regions() -> Iterable[Row]:
    """The codes of old papers: without a parent, and sorted after all that are in force."""
    for row in _read("withdrawn_regions.csv"):
        yield {
            "code": row["code"],
            "name": row["name"],
            "level": _level_of(row["code"]),
            "parent_code": None,
            "province_code": _province_of(row["code"]),
            "sort_no": int(row["code"]),
            "is_withdrawn": True,
        }


def _townships() -> Iterable[Row]:
    for row in _read("townships.csv"):
        yield {**row, "kind": TownshipKind(row["kind"])}


def _key_counties() -> Iterable[Row]:
    for row in _read("key_counties.csv"):
        yield {
            "county_code": row["code"],
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": _date_or_none(row["valid_to"]),
            "list_status": row["list_status"],
            "source": row["source"],
        }


def _authorities() -> Iterable[Row]:
    for row in _read("authorities.csv"):
        yield {
            **row,
            "line": AuthorityLine(row["line"]),
            "level": AuthorityLevel(row["level"]),
            "valid_from": _date_or_none(row["valid_from"]),
            "valid_to": _date_or_none(row["valid_to"]),
            "successor_code": row["successor_code"] or None,
        }


def _province_of(code: str) -> str:
    return f"{code[:2]}0000"


def _level_of(code: str) -> RegionLevel:
    """Read the level from the code: pairs of zeros at its end (GB/T 2260)."""
    if code.endswith("0000"):
        return RegionLevel.PROVINCE
    return RegionLevel.PREFECTURE if code.endswith("00") else RegionLevel.COUNTY


def _date_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
