"""Which files are maps and which numbers look like those of approved ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.dashboards.tile_rules import PLACES
from portal.maps.rules import MAX_BYTES, normal_number, read_map, refusals_for_number
from tests.support.maps import feature, features, map_file, square

REGIONS = {code: f"{place.name}（全称）" for code, place in PLACES.items()}


def sentences(content: bytes) -> list[str]:
    geojson, refusals = read_map(content, REGIONS)
    assert bool(geojson) != bool(refusals)
    assert all(refusal.field == "file" for refusal in refusals)
    return [refusal.sentence for refusal in refusals]


def with_first(**changes: Any) -> bytes:
    return map_file([feature("110000", 0, **changes), *features()[1:]])


def polygon(coordinates: Any, kind: str = "Polygon") -> bytes:
    return with_first(geometry={"type": kind, "coordinates": coordinates})


@pytest.mark.parametrize(
    "text",
    [
        "GS（2024）0650号",
        "GS(2024)0650号",
        " GS （2019） 1822 号 ",
        "GS京（2022）0123号",
        "京S（2023）012号",
        "GS（2016）2923-1号",
    ],
)
def test_takes_numbers_as_they_are_printed(text: str) -> None:
    assert refusals_for_number(text) == []


@pytest.mark.parametrize("text", ["", "0650", "GS2024-0650", "GS（24）0650号", "ABC（2024）1号"])
def test_asks_for_a_number_that_looks_like_one(text: str) -> None:
    (refusal,) = refusals_for_number(text)
    assert (refusal.field, refusal.code) == ("approval_number", "invalid_value")


def test_writes_numbers_in_one_way() -> None:
    assert normal_number(" GS (2024) 0650 号") == "GS（2024）0650号"


def test_keeps_outlines_and_codes_only() -> None:
    geojson, refusals = read_map(map_file(), REGIONS)
    assert refusals == []
    read = json.loads(geojson)
    assert read["type"] == "FeatureCollection"
    assert [one["properties"] for one in read["features"]] == [{"code": code} for code in PLACES]
    assert read["features"][0]["geometry"] == {"type": "Polygon", "coordinates": [square(0)]}
    assert set(read["features"][0]) == {"type", "properties", "geometry"}


def test_finds_a_region_by_its_full_name() -> None:
    assert sentences(with_first(properties={"name": "北京（全称）"})) == []


def test_takes_several_polygons_heights_and_the_lines_of_the_sea() -> None:
    ring = [[*position, 12.5] for position in square(0)]
    content = map_file(
        [
            feature(
                "110000", 0, geometry={"type": "MultiPolygon", "coordinates": [[ring], [ring]]}
            ),
            *features()[1:],
            feature("110000", 40, properties={"adcode": "100000_JD", "name": ""}),
        ]
    )
    geojson, refusals = read_map(content, REGIONS)
    assert refusals == []
    read = json.loads(geojson)
    assert read["features"][0]["geometry"]["coordinates"][0] == [square(0)]
    assert read["features"][-1]["properties"] == {"code": "sea"}


RING = square(0)

FAULTS = {
    "too large": (b" " * (MAX_BYTES + 1), "超过 2 MB"),
    "no JSON": (b"{", "不是 UTF-8 编码的 JSON"),
    "no text": (b"\xff\xfe\x00", "不是 UTF-8 编码的 JSON"),
    "nested too deep": (b"[" * 100_000, "不是 UTF-8 编码的 JSON"),
    "not a number": (map_file().replace(b"70", b"NaN", 1), "不是 UTF-8 编码的 JSON"),
    "a list": (b"[]", "不是 GeoJSON 要素集合"),
    "another type": (b'{"type": "Topology", "features": [1]}', "不是 GeoJSON 要素集合"),
    "no features": (map_file([]), "其中没有要素"),
    "a feature that is none": (map_file([1, *features()]), "第 1 个要素没有属性"),  # type: ignore[list-item]
    "an unknown region": (with_first(properties={"adcode": 1, "name": "某地"}), "“某地”对不上"),
    "a line": (polygon([], "LineString"), "应是面"),
    "no geometry": (with_first(geometry=None), "应是面"),
    "no coordinates": (polygon([]), "没有坐标"),
    "no rings": (polygon([[]], "MultiPolygon"), "没有坐标"),
    "a short ring": (polygon([RING[:3]]), "少于 4 个点"),
    "an open ring": (polygon([RING[:4]]), "没有闭合"),
    "metres": (polygon([[[1e7, 4e6], *RING[1:4], [1e7, 4e6]]]), "不是经纬度"),
    "turned round": (polygon([[[y, x] for x, y in RING]]), "不是经纬度"),
    "text for numbers": (polygon([[["1", "2"], *RING[1:]]]), "不是经纬度"),
    "truth for numbers": (polygon([[[True, True], *RING[1:]]]), "不是经纬度"),
    "twice": (map_file([*features(), feature("110000", 41)]), "北京（全称）出现 2 次"),
    "incomplete": (map_file(features()[:-2]), "缺少香港（全称）、澳门（全称）"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_says_what_is_wrong_with_a_file(name: str) -> None:
    content, wanted = FAULTS[name]
    assert wanted in "".join(sentences(content))


def test_tells_five_faults_and_counts_the_rest() -> None:
    broken = [feature(code, 0, geometry=None) for code in list(PLACES)[:9]]
    told = sentences(map_file(broken))
    assert len(told) == 6
    assert told[-1] == "另有 4 处同样不符合要求。"
