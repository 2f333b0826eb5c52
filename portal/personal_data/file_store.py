"""The folder of the files: each sealed, under the SHA-256 of its content; no web server serves it.

A file is sealed piece by piece, so that it is read piece by piece: each piece opens only at its
place in this file, and the last one only as the last. A piece carries the number of its key.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from portal.personal_data.vault import OVERHEAD_BYTES, Place, Vault

PIECE_BYTES = 256 * 1024
_SEALED_BYTES = PIECE_BYTES + OVERHEAD_BYTES


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
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.stem}.{secrets.token_hex(8)}.draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for number, start in enumerate(range(0, len(content), PIECE_BYTES)):
                piece = content[start : start + PIECE_BYTES]
                place = _place(digest, number, is_last=start + PIECE_BYTES >= len(content))
                file.write(self._vault.seal_bytes(piece, place))
            file.flush()
            os.utime(file.fileno(), (now.timestamp(), now.timestamp()))
            os.fsync(file.fileno())
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
        except FileNotFoundError:
            return False
        return found.digest() == digest

    def kept_before(self, instant: datetime) -> list[bytes]:
        """Return the hashes of what was kept before an instant; drop the drafts of then."""
        found = []
        for path in self._folder.glob("*/*"):
            if not _is_before(path, instant):
                continue
            if path.suffix == ".draft":
                path.unlink(missing_ok=True)
            else:
                found.append(bytes.fromhex(path.stem))
        return found

    def drop(self, digest: bytes, instant: datetime) -> bool:
        """Drop a content unless it was kept again since an instant; return whether it was."""
        path = self._path(digest)
        # Whoever keeps it this moment either makes it young before we look, or writes after us.
        with self._locked():
            if not _is_before(path, instant):
                return False
            path.unlink(missing_ok=True)
            return True

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
        return self._folder / name[:2] / f"{name}.sealed"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder; a process that dies lets go of it."""
        with (self._folder / ".lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _place(digest: bytes, number: int, *, is_last: bool) -> Place:
    # Half of the hash tells files apart, and an alarm's subject holds no more.
    return Place("stored_file", "content", f"{digest.hex()[:32]}/{number}{'.' if is_last else ''}")


def _is_before(path: Path, instant: datetime) -> bool:
    try:
        return path.stat().st_mtime < instant.timestamp()
    except FileNotFoundError:
        return False


def _write_through(folder: Path) -> None:
    """Have a new name on the disk, as the file is already."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
