"""The upgrade that brings background jobs: what was imported before was checked before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from models import ImportBatch
from models.database import Database
from models.types import ImportKind
from portal.schema import _tables_may_be_made_anew, upgrade_schema
from portal.settings import ROOT
from tests.support.imports import import_rows, workday
from tests.support.world import World


def test_a_file_of_the_former_release_counts_as_checked(
    world: World, world_database: Database
) -> None:
    import_rows(world, ImportKind.WORKDAYS, [workday()])
    world.session.commit()
    world.session.close()
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    before = ScriptDirectory.from_config(config).get_revision("0013").down_revision
    with (
        world_database.engine.connect() as connection,
        _tables_may_be_made_anew(connection),
        connection.begin(),
    ):
        config.attributes["connection"] = connection
        command.downgrade(config, str(before))
        assert "checked_at" not in {
            one["name"] for one in sa.inspect(connection).get_columns("import_batch")
        }
    upgrade_schema(world_database)
    with world_database.reading() as session:
        batch = session.scalars(sa.select(ImportBatch)).one()
    assert batch.checked_at == batch.staged_at
    assert batch.job_id is None
