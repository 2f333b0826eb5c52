"""Files that wait for their second click: sealed, named by their content, gone after a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from os import utime
from pathlib import Path

from portal.personal_data.vault import Place, Vault

KEPT = timedelta(days=1)


class StagedFiles:
    """Files under a folder that no web server serves.

    They hold ID numbers, so they are sealed like those in the database. Two uploads of the same
    content are one file.
    """

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def keep(self, digest: bytes, content: bytes, now: datetime) -> None:
        """Keep a file for a day from now."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(digest)
        # Written aside and moved: whoever reads it meanwhile sees the old one or the new one.
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_bytes(self._vault.seal_bytes(content, self._place(digest)))
        utime(draft, (now.timestamp(), now.timestamp()))
        draft.rename(path)

    def find(self, digest: bytes) -> bytes | None:
        """Return a file, or None if it is gone or does not open."""
        try:
            sealed = self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        return self._vault.find_bytes(sealed, self._place(digest))

    def drop(self, digest: bytes) -> None:
        self._path(digest).unlink(missing_ok=True)

    def drop_old(self, now: datetime) -> None:
        """Drop what was kept for more than a day."""
        for path in self._folder.glob("*.*"):
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink(missing_ok=True)

    def _path(self, digest: bytes) -> Path:
        return self._folder / f"{digest.hex()}.sealed"

    def _place(self, digest: bytes) -> Place:
        return Place("upload", "content", digest.hex())
