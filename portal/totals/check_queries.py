"""Are the ready totals what the days add up to? Compared with a recomputation, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Base,
    Pairing,
    PairingMonthTotal,
    PairingYear,
    PairingYearTotal,
    PersonYearTotal,
    WorkYear,
)
from models.types import NATION
from portal.checks import PIECE, Check, Fault
from portal.programme.queries import policy_of_year
from portal.programme.regime_queries import regime_of
from portal.totals.course_queries import courses_of
from portal.totals.queries import MONTH_COLUMNS, PERSON_COLUMNS, month_sums, person_sums, tallies
from portal.totals.rules import UNDECIDED, course_values, total_values


def _person_totals(session: Session) -> Fault | None:
    """Compare every ready row of a person with the sums of the days, both ways."""
    for year in _years(session):
        anew = person_sums(year, policy_of_year(session, year))
        ready = _ready(PersonYearTotal, PERSON_COLUMNS, year)
        found = _difference(session, anew, ready, ("pairing_id", "side", "person_id"))
        if found is not None:
            row, what = found
            return Fault(
                f"person_year_total:{row.pairing_id}/{year}/{row.side.value}/{row.person_id}",
                f"{year} 年度结对 {row.pairing_id} 人员 {row.person_id}"
                f"（{row.side.label}）的合计{what}。",
            )
    return None


def _month_totals(session: Session) -> Fault | None:
    """Compare every ready row of a month with the sums of the days, both ways."""
    for year in _years(session):
        anew = month_sums(year, policy_of_year(session, year))
        ready = _ready(PairingMonthTotal, MONTH_COLUMNS, year)
        found = _difference(session, anew, ready, ("pairing_id", "month"))
        if found is not None:
            row, what = found
            return Fault(
                f"pairing_month_total:{row.pairing_id}/{year}/{row.month}",
                f"{year} 年度结对 {row.pairing_id} 在 {row.month // 100} 年"
                f" {row.month % 100} 月的合计{what}。",
            )
    return None


def _ready(model: type[Base], columns: Sequence[str], year: int) -> sa.Select[Any]:
    kept = model.__table__.c
    return sa.select(*(kept[name] for name in columns)).where(kept.year == year)


def _difference(
    session: Session, anew: sa.Select[Any], ready: sa.Select[Any], order: Sequence[str]
) -> tuple[sa.Row[Any], str] | None:
    """Return the first row that only one of them has, and what is wrong with it."""
    for some, others in ((anew, ready), (ready, anew)):
        lost = sa.except_(some, others).subquery()
        row = session.execute(
            sa.select(lost).order_by(*(lost.c[name] for name in order)).limit(1)
        ).first()
        if row is not None:
            return row, "与重算不符" if some is anew else "多出或与重算不符"
    return None


def _pairing_totals(session: Session) -> Fault | None:
    """Compare every line of the summary with one added up from the days.

    In a closed year the calendar may have changed since: no pace is told of it any more.
    """
    regime = regime_of(session)
    for year in _years(session):
        policy = policy_of_year(session, year)
        courses = courses_of(session, year, regime)
        found = tallies(session, year, person_sums(year, policy))
        wanted = (
            sa.select(PairingYearTotal)
            .where(PairingYearTotal.year == year)
            .order_by(PairingYearTotal.pairing_id)
            .execution_options(yield_per=PIECE)
        )
        with session.scalars(wanted) as rows:
            for row in rows:
                added = found[row.pairing_id]
                expected = {
                    **total_values(added.tally, policy),
                    **dict(zip(UNDECIDED, added[1:], strict=True)),
                }
                if not regime.is_closed(year, row.receiving_province_code):
                    expected |= course_values(courses[row.pairing_id])
                wrong = _wrong_values(row, expected)
                if wrong:
                    return Fault(
                        f"pairing_year_total:{row.pairing_id}/{year}",
                        f"{year} 年度结对 {row.pairing_id} 的合计与重算不符：{wrong}。",
                    )
    return None


def _wrong_values(row: PairingYearTotal, expected: Mapping[str, object]) -> str:
    return "、".join(
        f"{name} 存 {getattr(row, name)} 应 {value}"
        for name, value in expected.items()
        if getattr(row, name) != value
    )


def _codes_of_totals(session: Session) -> Fault | None:
    copies = ("line", "mode", "county_code", "sending_province_code", "receiving_province_code")
    row = session.execute(
        sa.select(PairingYearTotal.pairing_id, PairingYearTotal.year)
        .join(Pairing, Pairing.id == PairingYearTotal.pairing_id)
        .where(sa.or_(*(getattr(PairingYearTotal, c) != getattr(Pairing, c) for c in copies)))
        .order_by(PairingYearTotal.pairing_id, PairingYearTotal.year)
        .limit(1)
    ).first()
    if row is None:
        return None
    return Fault(
        f"pairing_year_total:{row[0]}/{row[1]}",
        f"{row[1]} 年度结对 {row[0]} 汇总行的任务线、方式或地区代码与结对不符。",
    )


def _years_without_totals(session: Session) -> Fault | None:
    for one, other, sentence in (
        (PairingYear, PairingYearTotal, "{1} 年度结对 {0} 没有汇总行。"),
        (PairingYearTotal, PairingYear, "{1} 年度有结对 {0} 的汇总行，但该结对不在此年度。"),
    ):
        row = session.execute(
            sa.select(one.pairing_id, one.year)
            .where(~sa.exists().where(other.pairing_id == one.pairing_id, other.year == one.year))
            .order_by(one.pairing_id, one.year)
            .limit(1)
        ).first()
        if row is not None:
            return Fault(f"{one.__tablename__}:{row[0]}/{row[1]}", sentence.format(*row))
    return None


def _years(session: Session) -> list[int]:
    return list(
        session.scalars(
            sa.select(WorkYear.year).where(WorkYear.region_code == NATION).order_by(WorkYear.year)
        )
    )


CHECKS = (
    Check("person_totals", "人员合计与日志一致", _person_totals),
    Check("pairing_totals", "结对合计与日志一致", _pairing_totals),
    Check("month_totals", "结对各月合计与日志一致", _month_totals),
    Check("total_codes", "汇总行代码与结对一致", _codes_of_totals),
    Check("pairing_years", "结对年度与汇总行一一对应", _years_without_totals),
)
