"""Are the books in order? What ``flask verify`` asks; each room declares what is its own.

What several rooms keep to (two persons, a decision for every state, names with their keys) is one
check with a part of each room: the first bad row of them is named, what they count is added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Base
from models.names import NAME_COLUMNS, keys_of_name

PIECE = 1000


class Fault(NamedTuple):
    """The first bad row of a check: which one, and what is wrong with it.

    ``counted`` is how many there are, where the check looks at all of them; else 0.
    """

    row: str
    sentence: str
    counted: int = 0


class Check(NamedTuple):
    """One question about the books; its code is stable for machines."""

    code: str
    label: str
    find: Callable[[Session], Fault | None]


class Outcome(NamedTuple):
    check: Check
    fault: Fault | None


def verify(session: Session, checks: Iterable[Check]) -> Iterator[Outcome]:
    """Ask every check in turn, all in one snapshot."""
    for check in checks:
        yield Outcome(check, check.find(session))


def merged(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return one check a code, which asks all parts of it."""
    parts: dict[str, list[Check]] = {}
    for check in checks:
        parts.setdefault(check.code, []).append(check)
    return tuple(Check(code, some[0].label, _first_of(some)) for code, some in parts.items())


def _first_of(parts: list[Check]) -> Callable[[Session], Fault | None]:
    def find(session: Session) -> Fault | None:
        faults = [fault for part in parts if (fault := part.find(session))]
        if not faults:
            return None
        first, counted = faults[0], sum(fault.counted for fault in faults)
        if counted > 1:
            return first._replace(sentence=f"{first.sentence}共 {counted} 项有误。")
        return first

    return find


def of_two_persons(questions: Mapping[str, str]) -> Check:
    """Return the part of a room: by what is looked at, plain SQL for the id of the first bad row.

    Plain SQL of its own, so that a fault of the application does not hide from itself.
    """
    complaint = "的办理人与填报人、提出人或上一环节办理人是同一人。"
    return Check("two_persons", "办理人不是本人或上一环节办理人", _first_row(questions, complaint))


def of_decisions(questions: Mapping[str, str]) -> Check:
    """Return the part of a room, asked like :func:`of_two_persons`."""
    return Check(
        "decisions", "现状与办理记录一致", _first_row(questions, "的现状与最后一次办理记录不一致。")
    )


def _first_row(questions: Mapping[str, str], complaint: str) -> Callable[[Session], Fault | None]:
    def find(session: Session) -> Fault | None:
        for table, question in questions.items():
            row_id = session.scalar(sa.text(question))
            if row_id is not None:
                return Fault(f"{table}:{row_id}", f"{table} 第 {row_id} 行{complaint}")
        return None

    return find


def of_names(model: Any, key: Any) -> Check:
    """Compare what is searched and sorted by with what the name gives today."""

    def find(session: Session) -> Fault | None:
        wanted: Any = sa.select(key, model.name, *(getattr(model, one) for one in NAME_COLUMNS))
        with session.execute(wanted.order_by(key).execution_options(yield_per=PIECE)) as rows:
            for row_key, name, *columns in rows:
                if columns != list(keys_of_name(name, is_person=model.IS_PERSON).values()):
                    row = f"{model.__tablename__}:{row_key}"
                    return Fault(row, f"{model.__tablename__} 第 {row_key} 行的检索列与名称不符。")
        return None

    return Check("names", "名称的检索列与名称一致", find)


def _first_orphan(session: Session) -> Fault | None:
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


OF_EVERY_TABLE = Check("orphans", "没有悬空的引用", _first_orphan)
