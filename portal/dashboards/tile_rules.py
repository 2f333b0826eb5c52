"""The tile grid of the 34 regions of province level: a scheme of who lies beside whom, no map."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where a province's tile stands, from the upper left, and its short name."""

    name: str
    column: int
    row: int


COLUMNS, ROWS = 7, 8

PLACES: dict[str, Place] = {
    "110000": Place("北京", 4, 2),
    "120000": Place("天津", 5, 2),
    "130000": Place("河北", 4, 3),
    "140000": Place("山西", 3, 3),
    "150000": Place("内蒙古", 3, 1),
    "210000": Place("辽宁", 6, 2),
    "220000": Place("吉林", 6, 1),
    "230000": Place("黑龙江", 6, 0),
    "310000": Place("上海", 6, 4),
    "320000": Place("江苏", 5, 4),
    "330000": Place("浙江", 5, 5),
    "340000": Place("安徽", 4, 4),
    "350000": Place("福建", 5, 6),
    "360000": Place("江西", 4, 5),
    "370000": Place("山东", 5, 3),
    "410000": Place("河南", 3, 4),
    "420000": Place("湖北", 3, 5),
    "430000": Place("湖南", 3, 6),
    "440000": Place("广东", 4, 6),
    "450000": Place("广西", 2, 6),
    "460000": Place("海南", 2, 7),
    "500000": Place("重庆", 2, 4),
    "510000": Place("四川", 1, 4),
    "520000": Place("贵州", 2, 5),
    "530000": Place("云南", 1, 5),
    "540000": Place("西藏", 0, 4),
    "610000": Place("陕西", 2, 3),
    "620000": Place("甘肃", 1, 2),
    "630000": Place("青海", 1, 3),
    "640000": Place("宁夏", 2, 2),
    "650000": Place("新疆", 0, 2),
    "710000": Place("台湾", 6, 6),
    "810000": Place("香港", 5, 7),
    "820000": Place("澳门", 4, 7),
}
"""By code of GB/T 2260."""


def short_name(code: str, name: str) -> str:
    """Return the short name of a province, else its full one."""
    return PLACES[code].name if code in PLACES else name
