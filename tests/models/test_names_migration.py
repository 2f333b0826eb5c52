"""An installation of the release before: odd names become what they show, and are found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from models import Organisation, Person, Region
from models.database import Database
from models.names import NAME_COLUMNS, keys_of_name
from portal.schema import upgrade_schema
from portal.settings import ROOT
from tests.support.databases import Press

BEFORE = "0002"

NAMES = {
    "张　伟": "张伟",
    "阿依古丽•买买提": "阿依古丽·买买提",
    "\u202d演示\u200bＡＢＣ\u202c": "演示ABC",
    "Anna  Demo": "Anna Demo",
    "\u200b": "\u200b",  # of which nothing would be left
    **{f"演示{number:04}": f"演示{number:04}" for number in range(2100)},  # more than one piece
}


@pytest.fixture
def before(press: Press) -> Iterator[Database]:
    """A database with the schema of the release before, of which a copy is upgraded."""
    name = "before_names"
    press.prepare(name, _fill)
    with press.opened(name) as opened:
        yield opened


def _fill(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.execute(
            sa.text(
                "INSERT INTO region (code, name, level, province_code, sort_no, is_withdrawn)"
                " VALUES ('640303', '红寺堡区', 'county', '640000', 1, FALSE)"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO organisation (credit_code, name, type, region_code, province_code,"
                " legal_representative, contact_name, created_at, version)"
                " VALUES ('52640303000000001X', '演示中心 (一)', 'social_work', '640303', '640000',"
                " '演示　甲', NULL, '2022-01-01 00:00:00+00:00', 1)"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO person (public_id, name, created_at, version)"
                " VALUES (:key, :name, '2022-01-01 00:00:00+00:00', 1)"
            ),
            [{"key": f"key{number}", "name": name} for number, name in enumerate(NAMES)],
        )


def test_an_upgrade_gives_every_name_its_form_and_keys(before: Database) -> None:
    upgrade_schema(before)
    with before.reading() as session:
        people = session.scalars(sa.select(Person).order_by(Person.id)).all()
        assert [person.name for person in people] == list(NAMES.values())
        organisation = session.scalars(sa.select(Organisation)).one()
        assert organisation.name == "演示中心（一）"
        assert (organisation.legal_representative, organisation.contact_name) == ("演示甲", None)
        for row in (*people, organisation, session.scalars(sa.select(Region)).one()):
            expected = keys_of_name(row.name, is_person=row.IS_PERSON)
            assert {name: getattr(row, name) for name in NAME_COLUMNS} == expected
