"""The pictures of who helps whom: the flow between provinces, and the grid of provinces."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from models.types import Side
from portal.dashboards.part_export import (
    PAIRINGS,
    Cell,
    Column,
    Link,
    Picture,
    days_cell,
    list_asks_of,
    page_with,
)
from portal.dashboards.queries import Dashboard, Flow
from portal.dashboards.rules import Shade, shade_of
from portal.dashboards.sentence_export import county_words, flow_words, region_words
from portal.dashboards.tile_rules import TILES, Tile, short_name

SEVERAL = 2
"""So many parts a picture of parts needs, to say anything."""


def flow(found: Dashboard) -> Picture:
    """Return how many pairings go from which province to which."""
    names = found.names
    rows = [
        [
            Cell(names[one.sending_code], page_with(found, sending=one.sending_code)),
            Cell(names[one.receiving_code], page_with(found, province=one.receiving_code)),
            Cell(one.pairings, _pairings(found, one)),
            Cell(one.compliant, _pairings(found, one, compliant="yes")),
            days_cell(one.sent_centidays),
        ]
        for one in found.flows
    ]
    return Picture(
        "flow",
        "援派省份 → 受援省份",
        flow_words(found),
        "线的粗细为结对数；省内帮扶的结对画成同一省份从“援派”到“受援”。",
        [
            Column("sending", "援派省份", "start"),
            Column("receiving", "受援省份", "start"),
            Column("pairings", "结对"),
            Column("compliant", "达标"),
            Column("days", "援派工作日"),
        ],
        rows,
        {
            "nodes": [
                {
                    "name": f"{short_name(code, names[code])}（{side.label}）",
                    "depth": depth,
                    "link": link,
                }
                for depth, (side, codes) in enumerate(
                    (
                        (Side.SENT, dict.fromkeys(one.sending_code for one in found.flows)),
                        (Side.RECEIVED, dict.fromkeys(one.receiving_code for one in found.flows)),
                    )
                )
                for code in codes
                for link in (
                    page_with(found, **{"sending" if side == Side.SENT else "province": code}),
                )
            ],
            "links": [
                {
                    "source": f"{short_name(one.sending_code, names[one.sending_code])}（援派）",
                    "target": f"{short_name(one.receiving_code, names[one.receiving_code])}（受援）",
                    "value": one.pairings,
                    "compliant": one.compliant,
                    "link": page_with(found, sending=one.sending_code, province=one.receiving_code),
                }
                for one in found.flows
            ],
        },
        # One line says no more than the filters above it.
        is_empty=len(found.flows) < SEVERAL,
    )


def _pairings(found: Dashboard, one: Flow, **more: str) -> Link:
    asked = {**list_asks_of(found), "sending": one.sending_code, "receiving": one.receiving_code}
    return Link(PAIRINGS, {**asked, **more}, "pairing.read")


def regions(found: Dashboard) -> Picture:
    """Return each province: what it receives, how much of it is compliant, what it sends.

    Where one province is shown, its counties stand there.
    """
    if found.counties:
        return _counties(found)
    areas = {area.code: area for area in found.areas}
    sent: Counter[str] = Counter()
    for one in found.flows:
        sent[one.sending_code] += one.pairings
    rows, tiles = [], []
    for code, name in found.names.items():
        area = areas.get(code)
        received = area.sums.pairings if area else 0
        compliant = area.sums.compliant_pairings if area else 0
        keys = area.key_counties if area and found.shows_coverage else 0
        covered = area.key_counties_covered if area else 0
        asked = {**list_asks_of(found), "receiving": code}
        link = None
        if received or keys:
            link = page_with(found, province=code)
        elif sent[code]:
            link = page_with(found, sending=code)
        tile = ShadedTile(code, received, compliant, covered, keys, sent[code], link)
        tiles.append(tile)
        if link is None:
            continue
        rows.append(
            [
                Cell(name, link),
                Cell(received, Link(PAIRINGS, asked, "pairing.read")),
                Cell(compliant, Link(PAIRINGS, {**asked, "compliant": "yes"}, "pairing.read")),
                Cell(f"{covered} / {keys}" if keys else None),
                Cell(
                    sent[code],
                    Link(PAIRINGS, {**list_asks_of(found), "sending": code}, "pairing.read"),
                ),
            ]
        )
    return Picture(
        "regions",
        "各省受援结对与达标",
        region_words(found),
        "颜色越深，达标的结对占比越高；重点县覆盖一县多对只计一次。",
        [
            Column("name", "省份", "start"),
            Column("received", "受援结对"),
            Column("compliant", "达标"),
            Column("covered", "重点县覆盖"),
            Column("sent", "援派结对"),
        ],
        rows,
        {
            "tiles": tiles,
            "regions": [
                {
                    "code": tile.code,
                    "name": found.names[tile.code],
                    "level": tile.shade.level,
                    "words": tile.words,
                    "link": tile.link,
                }
                for tile in tiles
            ],
        },
        is_empty=not rows,
    )


def _counties(found: Dashboard) -> Picture:
    tiles = [
        CountyTile(
            one.name,
            one.pairings,
            one.compliant_pairings,
            one.is_key,
            page_with(found, county=one.code) if one.pairings else None,
        )
        for one in found.counties
    ]
    rows = [
        [
            Cell(one.name, tile.link),
            Cell("是" if one.is_key else "否"),
            Cell(one.pairings),
            Cell(one.compliant_pairings),
            Cell(("是" if one.is_covered else "否") if found.shows_coverage else None),
        ]
        for one, tile in zip(found.counties, tiles, strict=True)
    ]
    return Picture(
        "regions",
        "各县受援结对与达标",
        county_words(found),
        "颜色越深，达标的结对占比越高；虚线框是尚无受援结对的重点帮扶县。",
        [
            Column("name", "县", "start"),
            Column("is_key", "重点帮扶县"),
            Column("received", "受援结对"),
            Column("compliant", "达标"),
            Column("covered", "已覆盖"),
        ],
        rows,
        {"counties": tiles},
        is_empty=len(rows) < SEVERAL,
    )


class CountyTile(NamedTuple):
    """What the tile of a county shows."""

    name: str
    received: int
    compliant: int
    is_key: bool
    link: Link | None

    @property
    def words(self) -> str:
        if not self.received:
            return "尚无结对"
        return f"{self.received} 对，达标 {self.compliant}"

    @property
    def shade(self) -> Shade:
        return shade_of(self.compliant, self.received)


class ShadedTile(NamedTuple):
    """What the tile of a province shows."""

    code: str
    received: int
    compliant: int
    covered: int
    key_counties: int
    sent: int
    link: Link | None

    @property
    def place(self) -> Tile:
        return TILES[self.code]

    @property
    def words(self) -> str:
        """What the tile shows, as words."""
        words = [f"受援 {self.received} 对，达标 {self.compliant} 对"] if self.received else []
        if self.key_counties:
            words.append(f"重点县覆盖 {self.covered} / {self.key_counties}")
        if self.sent:
            words.append(f"援派 {self.sent} 对")
        return "，".join(words) or "没有结对"

    @property
    def shade(self) -> Shade:
        return shade_of(self.compliant, self.received)
