"""What happens to files by night: what no subject names is dropped, its content the night after."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from models.database import Database
from portal.deeds import Deed
from portal.files.actions import forget_unnamed, sweep_contents
from portal.files.rules import GRACE

log = logging.getLogger("qianshou.jobs")


def forget_unnamed_files(deed: Deed, _var: Path) -> None:
    """Drop the rows of contents that no subject names, and that are no evidence."""
    forget_unnamed(deed.session, deed.now)


def sweep_files(database: Database, at: datetime) -> None:
    """Drop the contents without a row. What loses its row in this night goes in the next one."""
    with database.reading() as session:
        dropped = sweep_contents(session, at - GRACE)
    if dropped:
        log.info("files without a row: %d dropped", dropped)
