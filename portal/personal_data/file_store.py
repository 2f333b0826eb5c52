"""The folder of the files: each sealed, under the SHA-256 of its content; no web server serves it.

A file is sealed piece by piece, so that it is read piece by piece: each piece opens only at its
place in this file, and the last one only as the last. A piece carries the number of its key.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from portal.personal_data.draft_store import DRAFT, ENDING, is_file_before, write_draft
from portal.personal_data.vault import OVERHEAD_BYTES, Place, Vault

PIECE_BYTES = 256 * 1024
_SEALED_BYTES = PIECE_BYTES + OVERHEAD_BYTES
_DIGEST = re.compile("[0-9a-f]{64}")


def hash_of(content: bytes) -> bytes:
    """Return the name of a content: its SHA-256."""
    return hashlib.sha256(content).digest()


class FileStore:
    """Keeps contents, each once; what a database names of them is its own business."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def keep(self, content: bytes, now: datetime) -> bytes:
        """Keep a content and return its hash; it is on the disk when this returns.

        One that is there already is written anew: it may be damaged, and is young again.
        """
        digest = hash_of(content)
        path = self._path(digest)
        draft = write_draft(path, self._sealed(digest, content), now)
        with self._locked():
            draft.rename(path)
            _write_through(path.parent)
        return digest

    def find(self, digest: bytes) -> Iterator[bytes] | None:
        """Return a content in pieces, or None if it is gone or damaged: no half of one is sent.

        What does not open raises an alarm, like every sealed value.
        """
        return self._pieces(digest) if self.is_whole(digest) else None

    def is_whole(self, digest: bytes) -> bool:
        """Is the content there, and what its hash says?"""
        found = hashlib.sha256()
        try:
            for piece in self._pieces(digest):
                found.update(piece)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False
        return found.digest() == digest

    def kept_before(self, instant: datetime) -> list[bytes]:
        """Return the hashes of what was kept before an instant; drop the drafts of then.

        What somebody else laid into the folder is left alone.
        """
        found = []
        for path in self._folder.glob("*/*"):
            if not is_file_before(path, instant.timestamp()):
                continue
            if path.suffix == DRAFT:
                path.unlink(missing_ok=True)
            elif self._is_content(path):
                found.append(bytes.fromhex(path.stem))
        return found

    def list_strays(self) -> list[Path]:
        """Return the files in the folder that are neither a content nor a draft, but not hidden ones."""
        found = (path for pattern in ("*", "*/*") for path in self._folder.glob(pattern))
        return sorted(
            path
            for path in found
            if path.is_file()
            and not path.name.startswith(".")
            and path.suffix != DRAFT
            and not self._is_content(path)
        )

    def drop(self, digest: bytes, instant: datetime) -> bool:
        """Drop a content unless it was kept again since an instant; return whether it was."""
        path = self._path(digest)
        # Whoever keeps it this moment either makes it young before we look, or writes after us.
        with self._locked():
            if not is_file_before(path, instant.timestamp()):
                return False
            path.unlink(missing_ok=True)
            return True

    def _sealed(self, digest: bytes, content: bytes) -> Iterator[bytes]:
        for number, start in enumerate(range(0, len(content), PIECE_BYTES)):
            piece = content[start : start + PIECE_BYTES]
            place = _place(digest, number, is_last=start + PIECE_BYTES >= len(content))
            yield self._vault.seal_bytes(piece, place)

    def _pieces(self, digest: bytes) -> Iterator[bytes]:
        """Yield the content; what does not open ends it."""
        path = self._path(digest)
        left = path.stat().st_size
        with path.open("rb") as file:
            for number in range(-(-left // _SEALED_BYTES)):
                place = _place(digest, number, is_last=left <= _SEALED_BYTES)
                piece = self._vault.find_bytes(file.read(_SEALED_BYTES), place)
                if piece is None:
                    return
                left -= _SEALED_BYTES
                yield piece

    def _path(self, digest: bytes) -> Path:
        name = digest.hex()
        return self._folder / name[:2] / f"{name}{ENDING}"

    def _is_content(self, path: Path) -> bool:
        """Is a path one that this store gives?"""
        return bool(_DIGEST.fullmatch(path.stem)) and path == self._path(bytes.fromhex(path.stem))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder; a process that dies lets go of it."""
        with (self._folder / ".lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _place(digest: bytes, number: int, *, is_last: bool) -> Place:
    # Half of the hash tells files apart, and an alarm's subject holds no more.
    return Place("stored_file", "content", f"{digest.hex()[:32]}/{number}{'.' if is_last else ''}")


def _write_through(folder: Path) -> None:
    """Have a new name on the disk, as the file is already."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
