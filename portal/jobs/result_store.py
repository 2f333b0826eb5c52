"""The files that jobs made: sealed, in a folder that no web server serves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from os import utime
from pathlib import Path

from portal.personal_data.vault import Place, Vault

ENDING = ".sealed"
FOLDER = "results"


class ResultFiles:
    """Files by name; each is written before the row that names it is committed."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def keep(self, name: str, content: bytes, now: datetime) -> None:
        """Keep a file; it is as old as the clock of the portal says."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(name)
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_bytes(self._vault.seal_bytes(content, self._place(name)))
        utime(draft, (now.timestamp(), now.timestamp()))
        draft.rename(path)

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

    def drop_unnamed(self, named: Collection[str], before: float) -> int:
        """Drop what no row names and is older than an instant (epoch); return how many."""
        dropped = 0
        for path in self._folder.glob("*.*"):
            is_unnamed = path.suffix != ENDING or path.stem not in named
            if is_unnamed and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                dropped += 1
        return dropped

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{ENDING}"

    def _place(self, name: str) -> Place:
        return Place("job_result", "content", name)


def results_in(var: Path, vault: Vault) -> ResultFiles:
    """Return where the files of jobs are kept below the folder of an installation."""
    return ResultFiles(var / FOLDER, vault)
