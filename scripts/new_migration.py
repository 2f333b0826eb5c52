"""Write a migration from the difference between the models and the migrations so far.

.venv/bin/python scripts/new_migration.py 0002 "add stations"
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from alembic import command
from alembic.config import Config

from models.database import Database


def main() -> None:
    revision, message = sys.argv[1:3]
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        with database.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message=message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    main()
