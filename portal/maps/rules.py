"""Is a file a usable map, and a number one of an approved map? Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from portal.refusals import Refusal
from portal.standards.text import plain

MAX_BYTES = 2 * 1024 * 1024
"""A map that pages send to browsers: larger ones are simplified before they are uploaded."""

LONGITUDES, LATITUDES = (60, 150), (0, 60)
"""Degrees in which the country lies, with room; other numbers are projected or turned round."""

SHORTEST_RING = 4
"""Positions of a closed ring, the first again at the end (RFC 7946, 3.1.6)."""

SEA = "sea"
"""The code under which the lines and islands of the South China Sea are kept; it has no figures."""

SEA_CODE = "100000_JD"
SEA_WORDS = ("南海诸岛", "九段线", "十段线", "断续线")
CODE_KEYS, NAME_KEYS = ("adcode", "code"), ("name", "fullname")

NUMBER = re.compile(
    "(?:GS[\u4e00-\u9fff]{0,2}|[\u4e00-\u9fff]{1,2}S)（[0-9]{4}）[0-9]{1,6}(?:-[0-9]{1,3})?号"
)
SHOWN = 5
"""Faults of one kind that are told; the rest is counted."""


class Outline(NamedTuple):
    """The outline of a region, checked."""

    code: str
    kind: str
    coordinates: list[Any]


def normal_number(text: str) -> str:
    """Return an approval number as it is printed: no spaces, wide brackets."""
    return "".join(text.split()).replace("(", "（").replace(")", "）")


def refusals_for_number(text: str) -> list[Refusal]:
    """Does the text look like an approval number? Whether it was given, only the authority knows."""
    if NUMBER.fullmatch(normal_number(text)):
        return []
    sentence = (
        f"“{text[:40]}”不像审图号。请照地图上印的填写，例如 GS（2024）0650号、GS京（2022）0123号。"
    )
    return [Refusal("approval_number", "invalid_value", sentence)]


def read_map(content: bytes, regions: Mapping[str, str]) -> tuple[str, list[Refusal]]:
    """Return the map with nothing but outlines and codes, or why the file is none.

    ``regions`` are the names of all regions of province level by code: a map shows them all.
    """
    faults: list[str] = []
    outlines = list(_outlines(content, regions, faults))
    if not faults:
        faults += _about_completeness(outlines, regions)
    if faults:
        told = [Refusal("file", "invalid_map", sentence) for sentence in faults[:SHOWN]]
        if len(faults) > SHOWN:
            more = f"另有 {len(faults) - SHOWN} 处同样不符合要求。"
            told.append(Refusal("file", "invalid_map", more))
        return "", told
    return _serialised(outlines), []


def _outlines(content: bytes, regions: Mapping[str, str], faults: list[str]) -> Iterator[Outline]:
    """Yield the outlines of a file; note in ``faults`` what is wrong with it."""
    if len(content) > MAX_BYTES:
        size = len(content) / 1024 / 1024
        faults.append(f"文件 {size:.1f} MB，超过 2 MB。请先简化边界（例如保留 5% 的点）再上传。")
        return
    try:
        read = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
        # JSON may write half a character, which nothing can store or show: this fails there.
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        faults.append("文件不是 UTF-8 编码的 JSON，或其中有残缺的字符，请上传 GeoJSON 文件。")
        return
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or read.get("type") != "FeatureCollection" or not features:
        faults.append("文件不是 GeoJSON 要素集合（FeatureCollection），或其中没有要素。")
        return
    for number, feature in enumerate(features, 1):
        found = _outline(feature, number, regions)
        if isinstance(found, str):
            faults.append(found)
        else:
            yield found


def _outline(feature: Any, number: int, regions: Mapping[str, str]) -> Outline | str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return f"第 {number} 个要素没有属性（properties），不知道是哪个省。"
    code = _code_of(properties, regions)
    if code is None:
        named = plain(str(properties.get("name") or properties.get("adcode") or ""))[:20]
        return (
            f"第 {number} 个要素“{named}”对不上 34 个省级行政区；"
            "请在属性 adcode 中写六位代码，或在 name 中写全称，如 520000、贵州省。"
        )
    label = regions.get(code, "南海诸岛")
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return f"{label}的边界应是面（Polygon 或 MultiPolygon），实际为“{plain(str(kind))[:20]}”。"
    parts = geometry.get("coordinates")
    polygons = [parts] if kind == "Polygon" else parts
    fault = _fault_of(polygons)
    return f"{label}的边界{fault}" if fault else Outline(code, str(kind), parts)


def _code_of(properties: Mapping[str, Any], regions: Mapping[str, str]) -> str | None:
    codes = [plain(str(properties[key])) for key in CODE_KEYS if properties.get(key) is not None]
    names = [plain(str(properties[key])) for key in NAME_KEYS if properties.get(key) is not None]
    by_name = {name: code for code, name in regions.items()}
    known = [one for one in codes if one in regions] + [
        by_name[one] for one in names if one in by_name
    ]
    if known:
        return known[0]
    is_sea = SEA_CODE in codes or any(word in name for name in names for word in SEA_WORDS)
    return SEA if is_sea else None


def _fault_of(polygons: Any) -> str | None:
    """Say what is wrong with the rings of some polygons, or None."""
    if not isinstance(polygons, list) or not polygons:
        return "没有坐标。"
    for rings in polygons:
        if not isinstance(rings, list) or not rings:
            return "没有坐标。"
        for ring in rings:
            if not isinstance(ring, list) or len(ring) < SHORTEST_RING:
                return f"有一个环少于 {SHORTEST_RING} 个点。"
            if not all(map(_is_position, ring)):
                return (
                    "有坐标不是经纬度：应为 [经度, 纬度]，"
                    f"经度 {LONGITUDES[0]}～{LONGITUDES[1]}、纬度 {LATITUDES[0]}～{LATITUDES[1]}。"
                )
            if ring[0][:2] != ring[-1][:2]:
                return "有一个环没有闭合（首尾两点应相同）。"
    return None


def _is_position(found: Any) -> bool:
    return (
        isinstance(found, list)
        and len(found) in (2, 3)
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in found)
        and LONGITUDES[0] <= found[0] <= LONGITUDES[1]
        and LATITUDES[0] <= found[1] <= LATITUDES[1]
    )


def _about_completeness(outlines: Iterable[Outline], regions: Mapping[str, str]) -> Iterator[str]:
    counts = Counter(outline.code for outline in outlines)
    for code, count in counts.items():
        if count > 1 and code != SEA:
            yield f"{regions[code]}出现 {count} 次，每个省级行政区只能有一个要素。"
    missing = [name for code, name in regions.items() if code not in counts]
    if missing:
        yield f"缺少{'、'.join(missing)}。地图须完整，包括全部 34 个省级行政区。"


def _serialised(outlines: Iterable[Outline]) -> str:
    """Write outlines and codes only, coordinates to some metres; heights are left out."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": one.code},
            "geometry": {"type": one.kind, "coordinates": _rounded(one.coordinates)},
        }
        for one in outlines
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def _rounded(coordinates: list[Any]) -> list[Any]:
    if not isinstance(coordinates[0], list):
        return [round(one, 4) for one in coordinates[:2]]
    return [_rounded(part) for part in coordinates]


def _refuse_constant(_name: str) -> None:
    """NaN and the infinities are no JSON; Python would take them."""
    raise ValueError
