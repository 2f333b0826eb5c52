"""``flask verify``: are the books in order? Each check names the first bad row it finds.

The invariants (one day a date, two persons, keys) are plain SQL of their own, so that a fault of
the application does not hide from itself. Totals are compared with a recomputation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Base,
    Organisation,
    Pairing,
    PairingMonthTotal,
    PairingYear,
    PairingYearTotal,
    Person,
    PersonYearTotal,
    Region,
    WorkYear,
)
from models.names import NAME_COLUMNS, keys_of_name
from models.types import NATION
from portal.audit.trail import first_fault
from portal.deeds import VAULT
from portal.documents.queries import first_fault as first_fault_of_documents
from portal.personal_data.vault import Place, Unsealable, Vault
from portal.programme.queries import policy_of_year
from portal.summaries.invariant_queries import (
    ONE_PERSON_TWICE,
    OVER_ONE_DAY,
    STATE_WITHOUT_DECISION,
)
from portal.totals.actions import total_values
from portal.totals.queries import MONTH_COLUMNS, PERSON_COLUMNS, month_sums, person_sums, tallies

PIECE = 1000


class Fault(NamedTuple):
    """The first bad row of a check: which one, and what is wrong with it."""

    row: str
    sentence: str


class Check(NamedTuple):
    """One question about the books."""

    code: str
    label: str
    find: Callable[[Session], Fault | None]


class Outcome(NamedTuple):
    check: Check
    fault: Fault | None


def verify(session: Session) -> Iterator[Outcome]:
    """Ask every check in turn, all in one snapshot."""
    for check in CHECKS:
        yield Outcome(check, check.find(session))


def _audit(session: Session) -> Fault | None:
    sentence = first_fault(session)
    return Fault("audit_event", sentence) if sentence else None


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
    """Compare every line of the summary with one added up from the days."""
    for year in _years(session):
        policy = policy_of_year(session, year)
        found = tallies(session, year, person_sums(year, policy))
        wanted = (
            sa.select(PairingYearTotal)
            .where(PairingYearTotal.year == year)
            .order_by(PairingYearTotal.pairing_id)
            .execution_options(yield_per=PIECE)
        )
        with session.scalars(wanted) as rows:
            for row in rows:
                wrong = _wrong_values(row, total_values(found[row.pairing_id], policy))
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


def _orphans(session: Session) -> Fault | None:
    """Look for rows that refer to nothing, whatever the database promised."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            parent = key.referred_table.alias("parent")
            pairs = [(part.parent, parent.c[part.column.name]) for part in key.elements]
            row = session.execute(
                sa.select(*table.primary_key.columns)
                .where(
                    *(mine.is_not(None) for mine, _ in pairs),
                    ~sa.exists().where(*(mine == its for mine, its in pairs)),
                )
                .order_by(*table.primary_key.columns)
                .limit(1)
            ).first()
            if row is not None:
                named = "/".join(map(str, row))
                columns = "、".join(mine.name for mine, _ in pairs)
                return Fault(
                    f"{table.name}:{named}",
                    f"{table.name} 第 {named} 行的 {columns} 指向不存在的"
                    f" {key.referred_table.name}。",
                )
    return None


def _over_one_day(session: Session) -> Fault | None:
    row = session.execute(sa.text(OVER_ONE_DAY)).first()
    if row is None:
        return None
    person_id, worked_on, halves = row
    return Fault(
        f"workday:person {person_id}/{worked_on}",
        f"人员 {person_id} 在 {worked_on} 共计 {halves / 2:g} 天，超过每人每日 1 天。",
    )


def _one_person_twice(session: Session) -> Fault | None:
    return _first_of(
        session, ONE_PERSON_TWICE, "的办理人与填报人、提出人或上一环节办理人是同一人。"
    )


def _state_without_decision(session: Session) -> Fault | None:
    return _first_of(session, STATE_WITHOUT_DECISION, "的现状与最后一次办理记录不一致。")


def _first_of(session: Session, questions: dict[str, str], complaint: str) -> Fault | None:
    for table, question in questions.items():
        row_id = session.scalar(sa.text(question))
        if row_id is not None:
            return Fault(f"{table}:{row_id}", f"{table} 第 {row_id} 行{complaint}")
    return None


SEALED: tuple[tuple[Any, str, str, str], ...] = (
    (Person, "public_id", "id_number_sealed", "id_number"),
    (Person, "public_id", "phone_sealed", "phone"),
    (Organisation, "credit_code", "contact_phone_sealed", "contact_phone"),
    (Organisation, "credit_code", "bank_account_sealed", "bank_account"),
)


def _sealed_values(session: Session) -> Fault | None:
    """Open every sealed value, and compare the blind index of ID numbers; name one, count all."""
    faults = []
    for model, key, column, place in SEALED:
        sealed = getattr(model, column)
        index = Person.id_number_index if column == "id_number_sealed" else sa.null()
        wanted = (
            sa.select(model.id, getattr(model, key), sealed, index)
            .where(sealed.is_not(None))
            .order_by(model.id)
            .execution_options(yield_per=PIECE)
        )
        with session.execute(wanted) as rows:
            for row_id, name, value, indexed in rows:
                where = Place(model.__tablename__, place, name)
                complaint = _complaint(session.info[VAULT], value, where, indexed)
                if complaint:
                    named = f"{model.__tablename__} 第 {row_id} 行"
                    faults.append(
                        Fault(f"{model.__tablename__}:{row_id}", f"{named}的 {column}{complaint}")
                    )
    if len(faults) > 1:
        return Fault(faults[0].row, f"{faults[0].sentence}共 {len(faults)} 项加密信息有误。")
    return faults[0] if faults else None


def _complaint(vault: Vault, sealed: bytes, place: Place, indexed: bytes | None) -> str:
    try:
        clear = vault.open(sealed, place)
    except Unsealable:
        return " 无法解封。"
    if indexed is not None and vault.index(clear) != indexed:
        return " 与其索引不符。"
    return ""


def _names(session: Session) -> Fault | None:
    """Compare what is searched and sorted by with what the name gives today."""
    for model, key in ((Person, Person.id), (Organisation, Organisation.id), (Region, Region.code)):
        wanted: Any = sa.select(key, model.name, *(getattr(model, one) for one in NAME_COLUMNS))
        with session.execute(wanted.order_by(key).execution_options(yield_per=PIECE)) as rows:
            for row_key, name, *columns in rows:
                if columns != list(keys_of_name(name, is_person=model.IS_PERSON).values()):
                    named = f"{model.__tablename__} 第 {row_key} 行"
                    return Fault(f"{model.__tablename__}:{row_key}", f"{named}的检索列与名称不符。")
    return None


def _documents(session: Session) -> Fault | None:
    found = first_fault_of_documents(session)
    return Fault(f"issued_document:{found[0]}", found[1]) if found else None


def _years(session: Session) -> list[int]:
    return list(
        session.scalars(
            sa.select(WorkYear.year).where(WorkYear.region_code == NATION).order_by(WorkYear.year)
        )
    )


CHECKS = (
    Check("audit_chain", "审计链完整", _audit),
    Check("person_totals", "人员合计与日志一致", _person_totals),
    Check("pairing_totals", "结对合计与日志一致", _pairing_totals),
    Check("month_totals", "结对各月合计与日志一致", _month_totals),
    Check("total_codes", "汇总行代码与结对一致", _codes_of_totals),
    Check("pairing_years", "结对年度与汇总行一一对应", _years_without_totals),
    Check("orphans", "没有悬空的引用", _orphans),
    Check("one_day", "每人每日不超过 1 天", _over_one_day),
    Check("two_persons", "办理人不是本人或上一环节办理人", _one_person_twice),
    Check("decisions", "现状与办理记录一致", _state_without_decision),
    Check("sealed_values", "加密的个人信息可以解封", _sealed_values),
    Check("documents", "公文与开具时一致、文号连续", _documents),
    Check("names", "名称的检索列与名称一致", _names),
)
"""In the order in which ``flask verify`` asks them; codes are stable for machines."""
