"""Whom a row means: by the ID number, or by name, told apart by a code where two bear it. Pure."""

from __future__ import annotations

from typing import NamedTuple

NAME, PERSON_CODE = "姓名", "人员编号"


class NamedPerson(NamedTuple):
    """Whom a row means: by the ID number, or without one by name, and code where two have it."""

    id_number: str | None
    name: str | None = None
    code: str | None = None

    @classmethod
    def of(cls, id_number: str | None, name: str | None, code: str | None) -> NamedPerson:
        """Return who is meant; beside an ID number the rest says nothing."""
        return cls(id_number) if id_number is not None else cls(None, name or None, code or None)

    @property
    def field(self) -> str:
        """The field beside which a refusal about the person stands."""
        return "name" if self.id_number is None and self.name else "person"

    @property
    def shown(self) -> str:
        """How a refusal calls them."""
        return "，编号 ".join(part for part in (self.name, self.code) if part)
