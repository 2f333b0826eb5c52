"""Where the databases of the tests stand: in memory, where that is large enough.

A copy of a PostgreSQL database is some 300 files; on a disk it costs a quarter of a second of the
kernel's time, in memory a fiftieth.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 1024**3
"""Bytes; a worker takes a fifth of it at most."""


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """Yield a new folder with a short path (a socket's has at most 107 bytes); remove it."""
    is_large = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ENOUGH
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if is_large else "/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
