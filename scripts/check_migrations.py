"""Check the migrations: an empty database can be upgraded, and then has the schema of the models.

On SQLite, and on PostgreSQL where one can be started; with REQUIRE_PG=1 it must be.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from tests.support.postgres import PostgresUnavailable, postgres_server


def main() -> int:
    heads = ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()
    if len(heads) != 1:
        print(f"there must be one newest migration, there are {len(heads)}: {', '.join(heads)}")
        return 1
    with tempfile.TemporaryDirectory(prefix="qianshou-migrations-") as directory:
        clean = is_clean("SQLite", f"sqlite:///{directory}/empty.db")
    try:
        with postgres_server() as server, server.database() as url:
            clean = is_clean("PostgreSQL", url) and clean
    except PostgresUnavailable as error:
        print(f"PostgreSQL: {error}")
        clean = clean and os.environ.get("REQUIRE_PG") != "1"
    return 0 if clean else 1


def is_clean(name: str, url: str) -> bool:
    config = alembic_config(url)
    os.environ["DATABASE_URL"] = url
    try:
        command.upgrade(config, "head")
        command.check(config)
    except CommandError as error:
        print(f"{name}: {error}")
        return False
    print(f"{name}: the migrations give the schema of the models")
    return True


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


if __name__ == "__main__":
    sys.exit(main())
