"""Small files that wait in a folder which no web server serves, each sealed like what the database holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from portal.personal_data.draft_store import ENDING, is_file_before, write_draft
from portal.personal_data.vault import Place, Vault


class SealedFolder:
    """Files by name; ``owner`` is the kind of thing they belong to, and they open for no other."""

    def __init__(self, folder: Path, vault: Vault, owner: str) -> None:
        self._folder = folder
        self._vault = vault
        self._owner = owner

    def keep(self, name: str, content: bytes, now: datetime) -> None:
        """Keep a file; it is as old as the clock of the portal says."""
        path = self._path(name)
        sealed = self._vault.seal_bytes(content, self._place(name))
        write_draft(path, [sealed], now).rename(path)

    def find(self, name: str) -> bytes | None:
        """Return a file, or None if it is gone or does not open."""
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        return self._vault.find_bytes(sealed, self._place(name))

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def drop(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def older_than(self, epoch: float) -> Iterator[Path]:
        """Iterate what was kept before an instant, with drafts that nobody finished."""
        return (path for path in self._folder.glob("*.*") if is_file_before(path, epoch))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{ENDING}"

    def _place(self, name: str) -> Place:
        return Place(self._owner, "content", name)
