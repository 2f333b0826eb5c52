"""The declaration on a view: its permission, and how its object is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.access.actor import Actor
from portal.access.policy import OF_NO_ROLE, POLICY
from portal.access.scope import within

LARGEST_ID = 2**53 - 1
"""What counts rows comes no further; browsers hold it exactly, and so does every column of ids."""


@dataclass(frozen=True, slots=True)
class Loader:
    """Finds one object by its URL arguments, inside what the actor may read.

    ``name`` is the parameter under which the view receives it; ``columns`` maps each URL argument
    that it consumes to the column that must equal it.
    """

    name: str
    model: type[Any]
    reads: str
    columns: Mapping[str, InstrumentedAttribute[Any]]

    def find(
        self, session: Session, actor: Actor, permission: str, values: Mapping[str, Any]
    ) -> Any:
        """Return the object, or raise :class:`Unseen` (404) or :class:`Forbidden` (403)."""
        wanted = sa.select(self.model).where(
            *(column == values[argument] for argument, column in self.columns.items())
        )
        found = session.scalars(wanted.where(within(self.model, actor, self.reads))).one_or_none()
        if found is None:
            raise Unseen(self.name)
        if permission != self.reads:
            allowed = session.scalars(
                wanted.where(within(self.model, actor, permission))
            ).one_or_none()
            if allowed is None:
                raise Forbidden(permission)
        return found


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a view declares: the permission it needs and the loader of its object, if any.

    ``reads_first`` says that it reads before its writing transaction begins.
    """

    permission: str
    loader: Loader | None = None
    reads_first: bool = False

    def __post_init__(self) -> None:
        if self.permission not in OF_NO_ROLE and self.permission not in POLICY:
            message = f"permission {self.permission!r} is not in portal/access/policy.py"
            raise Undeclared(message)


class Unseen(Exception):
    """No such object within the actor's reach: 404."""


class Forbidden(Exception):
    """The object is within reach, the verb is not: 403."""

    @property
    def permission(self) -> str:
        return str(self.args[0])


class Undeclared(Exception):
    """An endpoint and method without a declaration, or one that names an unknown permission."""
