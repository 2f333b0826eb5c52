"""The tile grid of the 34 regions of province level: a scheme of who lies beside whom, no map."""

from __future__ import annotations

from typing import NamedTuple


class Tile(NamedTuple):
    """Where a province's tile stands, from the upper left, and its short name."""

    name: str
    column: int
    row: int


COLUMNS, ROWS = 7, 8

TILES: dict[str, Tile] = {
    "110000": Tile("北京", 4, 2),
    "120000": Tile("天津", 5, 2),
    "130000": Tile("河北", 4, 3),
    "140000": Tile("山西", 3, 3),
    "150000": Tile("内蒙古", 3, 1),
    "210000": Tile("辽宁", 6, 2),
    "220000": Tile("吉林", 6, 1),
    "230000": Tile("黑龙江", 6, 0),
    "310000": Tile("上海", 6, 4),
    "320000": Tile("江苏", 5, 4),
    "330000": Tile("浙江", 5, 5),
    "340000": Tile("安徽", 4, 4),
    "350000": Tile("福建", 5, 6),
    "360000": Tile("江西", 4, 5),
    "370000": Tile("山东", 5, 3),
    "410000": Tile("河南", 3, 4),
    "420000": Tile("湖北", 3, 5),
    "430000": Tile("湖南", 3, 6),
    "440000": Tile("广东", 4, 6),
    "450000": Tile("广西", 2, 6),
    "460000": Tile("海南", 2, 7),
    "500000": Tile("重庆", 2, 4),
    "510000": Tile("四川", 1, 4),
    "520000": Tile("贵州", 2, 5),
    "530000": Tile("云南", 1, 5),
    "540000": Tile("西藏", 0, 4),
    "610000": Tile("陕西", 2, 3),
    "620000": Tile("甘肃", 1, 2),
    "630000": Tile("青海", 1, 3),
    "640000": Tile("宁夏", 2, 2),
    "650000": Tile("新疆", 0, 2),
    "710000": Tile("台湾", 6, 6),
    "810000": Tile("香港", 5, 7),
    "820000": Tile("澳门", 4, 7),
}
"""By code of GB/T 2260."""


def short_name(code: str, name: str) -> str:
    """Return the short name of a province, else its full one."""
    return TILES[code].name if code in TILES else name
