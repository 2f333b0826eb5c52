"""How passwords are stored and compared, and how a first one is made."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

NO_PASSWORD = "!"  # noqa: S105 - what is no hash of any
"""What stands in the place of a hash while an account has no password yet."""

_UNMISTAKABLE = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("01ilo")))
_GROUPS, _GROUP = 4, 4


class Passwords:
    """Argon2id with the cost of this installation."""

    def __init__(self, memory_kib: int) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Compare; an unknown account costs as much time as a known one."""
        stored = None if stored == NO_PASSWORD else stored
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return stored is not None

    def matches_any(self, stored: Iterable[str], password: str) -> bool:
        return any(self.matches(one, password) for one in stored)


def make_password() -> str:
    """Return a first password: four groups of four characters that nobody mistakes (79 bits)."""
    groups = ("".join(secrets.choice(_UNMISTAKABLE) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
