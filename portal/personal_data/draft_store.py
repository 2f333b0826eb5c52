"""Writing a file aside, so that nobody ever reads half of one, and looking at files that may go meanwhile."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

ENDING = ".sealed"
DRAFT = ".draft"


def write_draft(path: Path, pieces: Iterable[bytes], now: datetime) -> Path:
    """Write what is to be a file into a draft beside it, and return the draft for its renaming.

    It is on the disk when this returns, is of this writer alone, and as old as the clock of the
    portal says. Whoever fails, on a full disk for one, leaves nothing.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.stem}.{secrets.token_hex(8)}{DRAFT}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.utime(file.fileno(), (now.timestamp(), now.timestamp()))
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def is_file_before(path: Path, epoch: float) -> bool:
    """Is this a file, not a folder or a link, and older than an instant? One that is gone is not."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_mtime < epoch
