"""In whose place somebody decides on a subject: by the scope in which it lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.access.actor import Actor, Principal
from portal.access.scope import AREAS
from portal.deeds import Deed
from portal.procedures.queries import BATCH


def in_whose_place(model: type[Any], actor: Actor, permission: str) -> sa.ColumnElement[Any]:
    """Return the person in whose place an actor uses a permission on a row; NULL in an own role.

    What an own role reaches is decided on in it; else the first lent one that reaches it counts.
    """
    own: list[sa.ColumnElement[bool]] = []
    lent: list[tuple[sa.ColumnElement[bool], int]] = []
    for reach, grant in actor.reaches(permission):
        condition = AREAS[model](reach, grant, actor.person_id)
        if grant.deputy_for is None:
            own.append(condition)
        else:
            lent.append((condition, grant.deputy_for.person_id))
    nobody = sa.cast(sa.null(), sa.BigInteger)
    if not lent:
        return nobody
    return sa.case(
        *((condition, nobody) for condition in own),
        *((condition, sa.literal(person_id, sa.BigInteger)) for condition, person_id in lent),
        else_=nobody,
    )


def principals_of(
    deed: Deed, permission: str | None, subjects: Sequence[Any]
) -> dict[int, Principal]:
    """Return, by id, in whose place a deed decides on each of some subjects, where not in an own role.

    One query for each 400 where the actor has roles of several people; none for anybody else.
    """
    known = {one.person_id: one for one in deed.actor.principals_for(permission)}
    only = deed.deputy_for
    if permission is None or not known or (only and set(known) == {only.person_id}):
        return {one.id: only for one in subjects} if only else {}
    found: dict[int, Principal] = {}
    model = type(subjects[0])
    place = in_whose_place(model, deed.actor, permission)
    for start in range(0, len(subjects), BATCH):
        some = [one.id for one in subjects[start : start + BATCH]]
        rows = deed.session.execute(sa.select(model.id, place).where(model.id.in_(some)))
        found |= {number: known[person] for number, person in rows if person is not None}
    return found
