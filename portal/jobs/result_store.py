"""The files that jobs made: sealed, in a folder that no web server serves."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from portal.personal_data.draft_store import ENDING
from portal.personal_data.folder_store import SealedFolder
from portal.personal_data.vault import Vault

FOLDER = "results"


class ResultFiles(SealedFolder):
    """Files by name; each is written before the row that names it is committed."""

    def drop_unnamed(self, named: Collection[str], before: float) -> int:
        """Drop what no row names and is older than an instant (epoch); return how many."""
        dropped = 0
        for path in self.older_than(before):
            if path.suffix != ENDING or path.stem not in named:
                path.unlink(missing_ok=True)
                dropped += 1
        return dropped


def results_in(var: Path, vault: Vault) -> ResultFiles:
    """Return where the files of jobs are kept below the folder of an installation."""
    return ResultFiles(var / FOLDER, vault, "job_result")
