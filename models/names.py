"""Columns that follow from a name: what a search and a list by name compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, validates

from portal.standards.names import key_of, order_of, sound_of

# Sorted byte by byte on PostgreSQL too: other orders pass over the blank between two syllables.
BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


NAME_COLUMNS = ("name_key", "name_sound", "name_order")


class Named:
    """Something with a name. The three columns are written with it, however a row comes in.

    An object gets them when its name is set, a row of a plain INSERT by the defaults; who writes
    names by UPDATE of the table writes them too (:func:`keys_of_name`). The empty text of the
    database is there because SQLite adds no column without one.
    """

    IS_PERSON: ClassVar[bool] = False

    name: Mapped[str]

    @declared_attr
    def name_key(cls) -> Mapped[str]:  # noqa: N805 - SQLAlchemy gives the class
        return mapped_column(
            sa.Text, default=_default("name_key", is_person=cls.IS_PERSON), server_default=""
        )

    @declared_attr
    def name_sound(cls) -> Mapped[str]:  # noqa: N805
        return mapped_column(
            sa.Text, default=_default("name_sound", is_person=cls.IS_PERSON), server_default=""
        )

    @declared_attr
    def name_order(cls) -> Mapped[str]:  # noqa: N805
        return mapped_column(
            BYTES,
            default=_default("name_order", is_person=cls.IS_PERSON),
            server_default="",
            index=True,
        )

    @validates("name")
    def _follow(self, _key: str, name: str) -> str:
        for column, value in keys_of_name(name, is_person=self.IS_PERSON).items():
            setattr(self, column, value)
        return name


def keys_of_name(name: str, *, is_person: bool) -> dict[str, str]:
    """Return the columns that follow from a name."""
    return {
        "name_key": key_of(name),
        "name_sound": sound_of(name, of_person=is_person),
        "name_order": order_of(name, of_person=is_person),
    }


def _default(column: str, *, is_person: bool) -> Callable[[Any], str]:
    def found(context: Any) -> str:
        name = context.get_current_parameters()["name"]
        return keys_of_name(name, is_person=is_person)[column]

    return found
