"""What names a row is as wide as the row's key: no table outgrows the tables that point to it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models.base import Base
from tests.support.world import World

NAMING = [
    (column, next(iter(column.foreign_keys)).column)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if column.foreign_keys
]
NUMBERS = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if column.name.endswith("_id") and isinstance(column.type, sa.Integer)
]


@pytest.mark.parametrize(("column", "key"), NAMING, ids=str)
def test_a_foreign_key_is_of_the_type_of_its_key(column: sa.Column, key: sa.Column):
    assert repr(column.type) == repr(key.type)
    assert column.type._variant_mapping.keys() == key.type._variant_mapping.keys()


@pytest.mark.parametrize("column", NUMBERS, ids=str)
def test_a_number_that_names_a_row_is_wide(column: sa.Column):
    """Also one without a foreign key, as in the trail, which outlives what it names."""
    assert isinstance(column.type, sa.BigInteger)


def test_the_database_keeps_them_as_wide_as_the_models_say(world: World):
    inspector = sa.inspect(world.session.connection())
    narrow = []
    for column in [*(one for one, _ in NAMING), *NUMBERS]:
        kept = {one["name"]: one["type"] for one in inspector.get_columns(column.table.name)}
        wanted = column.type.dialect_impl(world.session.get_bind().dialect)
        if isinstance(wanted, sa.Integer) and str(kept[column.name]) != str(
            wanted.compile(dialect=world.session.get_bind().dialect)
        ):
            narrow.append(f"{column}: {kept[column.name]}")
    assert len(NUMBERS) > 50
    assert narrow == []
