"""Files that wait for their second click, and what was found in them: sealed, gone after a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from os import utime
from pathlib import Path

from portal.imports.finding_store import Findings
from portal.personal_data.vault import Place, Vault

KEPT = timedelta(days=1)


class StagedFiles:
    """Files under a folder that no web server serves.

    They hold ID numbers, so they are sealed like those in the database. Two uploads of the same
    content are one file; what was found in it is kept by import, since it depends on who asks.
    """

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def keep(self, digest: bytes, content: bytes, now: datetime) -> None:
        """Keep a file for a day from now."""
        self._write(digest.hex(), content, now)

    def find(self, digest: bytes) -> bytes | None:
        """Return a file, or None if it is gone or does not open."""
        return self._read(digest.hex())

    def has(self, digest: bytes) -> bool:
        return self._path(digest.hex()).exists()

    def drop(self, digest: bytes) -> None:
        self._path(digest.hex()).unlink(missing_ok=True)

    def keep_findings(
        self, batch_id: str, findings: Findings, error_workbook: bytes | None, now: datetime
    ) -> None:
        """Keep what was found for an import, for a day from now, instead of what was kept before."""
        self._write(f"{batch_id}.findings", findings.as_bytes(), now)
        if error_workbook is None:
            self._path(f"{batch_id}.errors").unlink(missing_ok=True)
        else:
            self._write(f"{batch_id}.errors", error_workbook, now)

    def find_findings(self, batch_id: str) -> Findings | None:
        content = self._read(f"{batch_id}.findings")
        return Findings.from_bytes(content) if content is not None else None

    def find_error_workbook(self, batch_id: str) -> bytes | None:
        """Return the workbook of the refused rows, or None if there are none or it is gone."""
        return self._read(f"{batch_id}.errors")

    def drop_findings(self, batch_id: str) -> None:
        for name in ("findings", "errors"):
            self._path(f"{batch_id}.{name}").unlink(missing_ok=True)

    def drop_old(self, now: datetime) -> None:
        """Drop what was kept for more than a day."""
        for path in self._folder.glob("*.*"):
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink(missing_ok=True)

    def _write(self, name: str, content: bytes, now: datetime) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(name)
        # Written aside and moved: whoever reads it meanwhile sees the old one or the new one.
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_bytes(self._vault.seal_bytes(content, self._place(name)))
        utime(draft, (now.timestamp(), now.timestamp()))
        draft.rename(path)

    def _read(self, name: str) -> bytes | None:
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        return self._vault.find_bytes(sealed, self._place(name))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sealed"

    def _place(self, name: str) -> Place:
        return Place("upload", "content", name)
