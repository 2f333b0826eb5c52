"""Writing very many days, and deciding on very many: whoever asks has asked the rules of each.

None of these adds up what the days come to: the totals follow once, when all is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from models import Workday, WorkdayDecision
from models.bulk import insert_rows
from portal.deeds import Deed
from portal.procedures.deputy_queries import in_whose_place

DECISION_COLUMNS = (
    "workday_id",
    "kind",
    "state_before",
    "state_after",
    "version_after",
    "at",
    "account_id",
    "person_id",
    "deputy_for_person_id",
    "reason",
)


def add_days(deed: Deed, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write days given as plain tuples in the order of the columns named."""
    insert_rows(deed.session, cast("sa.Table", Workday.__table__), names, rows)


def add_decisions(deed: Deed, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write decisions given as plain tuples in the order of the columns named."""
    insert_rows(deed.session, cast("sa.Table", WorkdayDecision.__table__), names, rows)


def bring_in(
    deed: Deed,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    import_id: int,
    reason: str,
) -> None:
    """Write the days of a file, each with the decision that it came in."""
    last_id = deed.session.scalar(sa.select(sa.func.max(Workday.id))) or 0
    add_days(deed, names, rows)
    # Every id that this import got is above those that were there.
    _note(
        deed,
        sa.and_(Workday.id > last_id, Workday.import_id == import_id),
        kind=sa.literal("imported"),
        before=sa.null(),
        state=Workday.state,
        version=Workday.version,
        reason=reason,
    )


def decide_where(
    deed: Deed,
    condition: sa.ColumnElement[bool],
    *,
    kind: sa.ColumnElement[str],
    state: sa.SQLColumnExpression[Any],
    reason: str | None,
    columns: Mapping[str, Any],
    permissions: Iterable[str] = (),
) -> int:
    """Decide alike on all days of a condition, by one of these permissions; return how many there were."""
    _note(
        deed,
        condition,
        kind=kind,
        before=Workday.state,
        state=state,
        version=Workday.version + 1,
        reason=reason,
        lent_by=_lent_by(deed, permissions),
    )
    changed = deed.session.execute(
        sa.update(Workday)
        .where(condition)
        .values(state=state, version=Workday.version + 1, **columns)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount  # type: ignore[attr-defined,no-any-return] # of an UPDATE it is a CursorResult


def _note(
    deed: Deed,
    condition: sa.ColumnElement[bool],
    *,
    kind: sa.ColumnElement[str],
    before: sa.SQLColumnExpression[Any],
    state: sa.SQLColumnExpression[Any],
    version: sa.SQLColumnExpression[int],
    reason: str | None,
    lent_by: sa.ColumnElement[Any] | None = None,
) -> None:
    deed.session.execute(
        sa.insert(WorkdayDecision).from_select(
            DECISION_COLUMNS,
            sa.select(
                Workday.id,
                kind,
                before,
                state,
                version,
                sa.literal(deed.now, WorkdayDecision.at.type),
                sa.literal(deed.actor.account_id, sa.BigInteger),
                sa.literal(deed.actor.person_id, sa.BigInteger),
                _lent_by(deed, ()) if lent_by is None else lent_by,
                sa.literal(reason, sa.Text),
            ).where(condition),
        )
    )


def _lent_by(deed: Deed, permissions: Iterable[str]) -> sa.ColumnElement[Any]:
    """Return in whose place each day is decided on."""
    only = sa.literal(deed.deputy_for.person_id if deed.deputy_for else None, sa.BigInteger)
    places = [in_whose_place(Workday, deed.actor, one) for one in permissions]
    return sa.func.coalesce(*places, only) if places else only
