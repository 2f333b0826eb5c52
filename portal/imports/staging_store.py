"""Files that wait for their second click, and what was found in them: sealed, gone after a day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from portal.imports.finding_store import Findings
from portal.imports.mending_rules import Mended
from portal.personal_data.folder_store import SealedFolder
from portal.personal_data.vault import Vault

KEPT = timedelta(days=1)


class StagedFiles:
    """Files under a folder that no web server serves.

    They hold ID numbers, so they are sealed like those in the database. Two uploads of the same
    content are one file; what was found in it is kept by import, since it depends on who asks.
    """

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._files = SealedFolder(folder, vault, "upload")

    def keep(self, digest: bytes, content: bytes, now: datetime) -> None:
        """Keep a file for a day from now."""
        self._files.keep(digest.hex(), content, now)

    def find(self, digest: bytes) -> bytes | None:
        """Return a file, or None if it is gone or does not open."""
        return self._files.find(digest.hex())

    def has(self, digest: bytes) -> bool:
        return self._files.has(digest.hex())

    def drop(self, digest: bytes) -> None:
        self._files.drop(digest.hex())

    def keep_findings(
        self, batch_id: str, findings: Findings, error_workbook: bytes | None, now: datetime
    ) -> None:
        """Keep what was found for an import, for a day from now, instead of what was kept before."""
        self._files.keep(f"{batch_id}.findings", findings.as_bytes(), now)
        self._files.drop(f"{batch_id}.mends")
        if error_workbook is None:
            self._files.drop(f"{batch_id}.errors")
        else:
            self._files.keep(f"{batch_id}.errors", error_workbook, now)

    def find_findings(self, batch_id: str) -> Findings | None:
        """Return what was found, or None if it is gone, or was kept by a release before this one."""
        content = self._files.find(f"{batch_id}.findings")
        try:
            return Findings.from_bytes(content) if content is not None else None
        except ValueError:
            return None

    def find_error_workbook(self, batch_id: str) -> bytes | None:
        """Return the workbook of the refused rows, or None if there are none or it is gone."""
        return self._files.find(f"{batch_id}.errors")

    def keep_mends(self, batch_id: str, mends: Sequence[Mended], now: datetime) -> None:
        """Keep what was typed into refused cells until the file is checked again."""
        self._files.keep(f"{batch_id}.mends", json.dumps(mends, ensure_ascii=False).encode(), now)

    def find_mends(self, batch_id: str) -> tuple[Mended, ...]:
        content = self._files.find(f"{batch_id}.mends")
        return tuple(Mended(*one) for one in json.loads(content)) if content is not None else ()

    def drop_findings(self, batch_id: str) -> None:
        for name in ("findings", "errors", "mends"):
            self._files.drop(f"{batch_id}.{name}")

    def drop_old(self, now: datetime) -> None:
        """Drop what was kept for more than a day."""
        for path in self._files.older_than((now - KEPT).timestamp()):
            path.unlink(missing_ok=True)


def uploads_in(var: Path, vault: Vault) -> StagedFiles:
    """Return where the uploads wait below the folder of an installation."""
    return StagedFiles(var / "uploads", vault)
