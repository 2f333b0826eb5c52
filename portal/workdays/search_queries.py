"""The working days that somebody opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Pairing, Person, Workday
from portal.access.actor import Actor
from portal.access.loading import LARGEST_ID
from portal.access.scope import within
from portal.finding import Hit


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    numbers = [int(key) for key in keys if key.isdecimal() and int(key) <= LARGEST_ID]
    rows: Any = session.execute(
        sa.select(Workday.id, Workday.worked_on, Person.name, Pairing.code)
        .join(Person, Person.id == Workday.person_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .where(Workday.id.in_(numbers), within(Workday, actor, "workday.read"))
    )
    for number, day, name, code in rows:
        label, values = f"{day.isoformat()} {name}", {"workday_id": number}
        yield str(number), Hit("日志", label, code, "workdays.show_workday", values)
