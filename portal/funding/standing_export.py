"""How the money of a year stands as documents: by sending organisation, by sending province."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from portal.documents.description_rules import BESIDE, Cell, Column
from portal.documents.listing_export import Listed, Listing
from portal.documents.listing_rules import AsAsked
from portal.funding.ground_queries import StandingsAsked
from portal.funding.overview_queries import (
    OfProvince,
    StandingRow,
    Whole,
    list_provinces,
    list_standings,
    whole_of,
)
from portal.funding.rules import GUARANTEE, MINISTRY
from portal.funding.standing_rules import TITLES, Part

R = TypeVar("R")

FIGURES: tuple[tuple[str, Callable[[Part], int]], ...] = (
    ("应有", lambda part: part.due_fen),
    ("核定", lambda part: part.approved_fen),
    ("已拨付", lambda part: part.disbursed_fen),
    ("到账", lambda part: part.received_fen),
    ("还差", lambda part: part.short_fen),
)
RATE = f"{TITLES[MINISTRY]}到账率"


def _figures(part_of: Callable[[R, str], Part], *keys: str) -> list[Listed[R]]:
    """Return the columns of parts of what is due, each part under its name."""

    def cell(key: str, figure: Callable[[Part], int]) -> Callable[[R], Cell]:
        return lambda row: figure(part_of(row, key))

    return [
        Listed(Column(f"{TITLES[key]}{label}", "fen", 14, TITLES[key], label), cell(key, figure))
        for key in keys
        for label, figure in FIGURES
    ]


def _part(whole: Whole, key: str) -> Part:
    return {MINISTRY: whole.subsidy, GUARANTEE: whole.province}[key]


def _rate(part: Part) -> float | None:
    return part.received_fen / part.due_fen if part.due_fen else None


def _sums_of(whole: Whole) -> dict[str, Cell]:
    parts = {
        f"{title}{label}": figure(_part(whole, key))
        for key, title in TITLES.items()
        for label, figure in FIGURES
    }
    return {**parts, "支出": whole.spent_fen, "结余": whole.balance_fen}


def _sums_of_organisations(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    whole = whole_of(session, actor, asked.filters)
    return {"机构": f"合计 {whole.organisations:,} 家", **_sums_of(whole)}


def _sums_of_provinces(session: Any, actor: Any, asked: AsAsked) -> Mapping[str, Cell]:
    whole = whole_of(session, actor, asked.filters)
    return {
        "援派省份": "合计",
        "机构": whole.organisations,
        "其中跨省": whole.cross,
        RATE: _rate(whole.subsidy),
        **_sums_of(whole),
    }


def _of_organisation(row: StandingRow, key: str) -> Part:
    return {MINISTRY: row.subsidy, GUARANTEE: row.guarantee}[key]


ORGANISATIONS: tuple[Listed[StandingRow], ...] = (
    Listed(Column("机构", "typed", 32), lambda row: row.name),
    Listed(Column("援派省份", "text", 13), lambda row: row.province),
    Listed(Column("结对", "code", 14), lambda row: row.pairing_code),
    *_figures(_of_organisation, MINISTRY, GUARANTEE),
    Listed(Column("支出", "fen", 14), lambda row: row.spent_fen),
    Listed(Column("结余", "fen", 14), lambda row: row.balance_fen),
    Listed(Column("要办的事", "text", 20), lambda row: "、".join(one.label for one in row.wants)),
    Listed(
        Column("统一社会信用代码", "typed", 22, BESIDE, is_beside=True), lambda row: row.credit_code
    ),
)


def _of_province(row: OfProvince, key: str) -> Part:
    return _part(row.sums, key)


BY_PROVINCE: tuple[Listed[OfProvince], ...] = (
    Listed(Column("援派省份", "text", 15), lambda row: row.name),
    Listed(Column("机构", "number", 8, "机构", "合计"), lambda row: row.sums.organisations),
    Listed(Column("其中跨省", "number", 8, "机构", "跨省"), lambda row: row.sums.cross),
    *_figures(_of_province, MINISTRY),
    Listed(
        Column(RATE, "share", 9, TITLES[MINISTRY], "到账率"), lambda row: _rate(row.sums.subsidy)
    ),
    *_figures(_of_province, GUARANTEE),
    Listed(Column("支出", "fen", 14), lambda row: row.sums.spent_fen),
    Listed(Column("结余", "fen", 14), lambda row: row.sums.balance_fen),
    Listed(Column("省份代码", "code", 10, BESIDE, is_beside=True), lambda row: row.code),
)

STANDINGS = Listing(
    word="funds",
    label="机构资金",
    title="援派机构资金一览表",
    permission="fund.read",
    filters=StandingsAsked,
    read=list_standings,
    given=lambda _session, _asked: {},
    listed=ORGANISATIONS,
    sums=_sums_of_organisations,
    unit="元",
    height=2,
    shown_at="funding.show_funds",
)

PROVINCES = Listing(
    word="funds_by_province",
    label="分省资金",
    title="部级补助和省级资金保障分省表",
    permission="fund.read",
    filters=StandingsAsked,
    read=list_provinces,
    given=lambda _session, _asked: {},
    listed=BY_PROVINCE,
    sums=_sums_of_provinces,
    unit="元、家",
    shown_at="funding.show_funds",
)
