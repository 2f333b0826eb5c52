"""Which booked expenditures a province looks at: the big ones, and some by chance that can be drawn anew. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

SAMPLE = 20
"""So many are drawn at once: what somebody looks at in a morning."""

LARGEST_SEED = 999_999


class Booked(NamedTuple):
    """An expenditure from which is drawn: its key, and its amount in fen."""

    id: int
    amount_fen: int


def draw(booked: Sequence[Booked], seed: int, most: int = SAMPLE) -> list[int]:
    """Return the ids of a sample, the big ones first: half of it the largest, half by chance.

    The same seed over the same rows draws the same.
    """
    by_size = sorted(booked, key=lambda one: (-one.amount_fen, one.id))
    large = by_size[: most // 2]
    rest = sorted(by_size[most // 2 :], key=lambda one: _lot(seed, one.id))
    return [one.id for one in (*large, *rest[: most - len(large)])]


def _lot(seed: int, number: int) -> bytes:
    """Return the lot of a row: by chance for whoever does not know the seed, the same for whoever does."""
    return hashlib.sha256(f"{seed} {number}".encode()).digest()
