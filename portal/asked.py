"""What is typed into the search: words, and conditions that a list understands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from models.types import Labelled


class Asked(NamedTuple):
    """What is searched for; ``code`` is all of it as a code would be stored."""

    words: tuple[str, ...]
    code: str

    @property
    def text(self) -> str:
        return " ".join(self.words)


YES_NO = {"是": "yes", "达标": "yes", "否": "no", "未达标": "no"}
PROVINCES = "provinces"
TEXT = "text"

Choices: TypeAlias = type[Labelled] | Mapping[str, str] | str
"""Labels and values of a filter; ``PROVINCES`` by name; ``TEXT`` is taken as it is typed."""


class Target(NamedTuple):
    """A list that understands conditions: by the word before the colon its filter and choices."""

    label: str
    endpoint: str
    permission: str
    filters: Mapping[str, tuple[str, Choices]]
    search: str
