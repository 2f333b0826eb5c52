"""Keys, sealing and the blind index."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections import deque
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID = b"\x01"
NONCE_BYTES = 12

MOST_UNREADABLE = 1000
"""Places that are remembered for an alarm, between two of them; a wrong key makes all unreadable."""


class Unsealable(Exception):
    """A sealed value does not open: wrong key, wrong row, or changed bytes."""


def derive(master: bytes, purpose: str) -> bytes:
    """Return the 32-byte key of one purpose (HKDF-SHA-256); purposes never share a key."""
    return HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=f"qianshou/{purpose}".encode()
    ).derive(master)


VAULT = "vault"
"""Under this name a session carries the vault (``session.info``)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands; it opens only there."""

    table: str
    column: str
    row: str

    def associated_data(self) -> bytes:
        return f"{self.table}\x1f{self.column}\x1f{self.row}".encode()


class Vault:
    """Seals and opens personal data with keys derived from the master key."""

    def __init__(self, master: bytes) -> None:
        self._cipher = AESGCM(derive(master, "seal/1"))
        self._index_key = derive(master, "blind-index/1")
        self._unreadable: deque[Place] = deque(maxlen=MOST_UNREADABLE)

    def seal(self, text: str, place: Place) -> bytes:
        """Return the sealed bytes of a text that stands at a place."""
        return self.seal_bytes(text.encode(), place)

    def open(self, sealed: bytes, place: Place) -> str:
        """Return the clear text; raise :class:`Unsealable` if it is not of this key and place."""
        return self.open_bytes(sealed, place).decode()

    def find(self, sealed: bytes, place: Place) -> str | None:
        """Return the clear text, or None if it does not open, which raises an alarm afterwards.

        For pages and imports: they go on and say so (portal/web/alarms.py).
        """
        content = self.find_bytes(sealed, place)
        return None if content is None else content.decode()

    def find_bytes(self, sealed: bytes, place: Place) -> bytes | None:
        """The same for a file."""
        try:
            return self.open_bytes(sealed, place)
        except Unsealable:
            self._unreadable.append(place)
            return None

    def take_unreadable(self) -> list[Place]:
        """Return what did not open since this was asked last."""
        taken = []
        while self._unreadable:
            taken.append(self._unreadable.popleft())
        return taken

    def seal_bytes(self, content: bytes, place: Place) -> bytes:
        """Return the sealed bytes of a file that stands at a place."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, content, place.associated_data())
        return KEY_ID + nonce + sealed

    def open_bytes(self, sealed: bytes, place: Place) -> bytes:
        """Return the file; raise :class:`Unsealable` if it is not of this key and place."""
        if sealed[:1] != KEY_ID:
            raise Unsealable(place)
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, place.associated_data())
        except (InvalidTag, ValueError) as fault:  # ValueError: too short to hold a nonce
            raise Unsealable(place) from fault

    def index(self, normalised: str) -> bytes:
        """Return the blind index of a normalised value: equal for equal values, else unreadable."""
        return hmac.digest(self._index_key, normalised.encode(), hashlib.sha256)
