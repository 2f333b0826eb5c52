"""The base of all tables: naming of constraints, column types, common columns."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware UTC in Python on both databases; SQLite alone would lose the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a time zone"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - signature of SQLAlchemy
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def exactly_one_of(*columns: str) -> str:
    """Return the condition of a CHECK that one of these columns has a value, and one only."""
    parts = [f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in columns]
    return f"{' + '.join(parts)} = 1"


def enum_column(kind: type[StrEnum], name: str) -> sa.Enum:
    """Store the code word as text with a named CHECK, alike on both databases."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=24,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def new_public_id() -> str:
    """Return 16 random URL-safe characters (96 bits): an id that cannot be guessed or counted."""
    return secrets.token_urlsafe(12)


intpk = Annotated[
    int,
    mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
]
bigint = Annotated[int, mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"))]
region_code = Annotated[str, mapped_column(sa.String(6))]
public_id = Annotated[str, mapped_column(sa.String(16), unique=True, default=new_public_id)]


class Base(DeclarativeBase):
    """All tables of the portal."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        date: sa.Date(),
        str: sa.String(200),
    }
