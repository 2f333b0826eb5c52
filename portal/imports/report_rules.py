"""What is said about a file: its errors by row and column, its warnings, its counts."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from portal.imports.column_rules import MAX_FAULTS, Parsed, TooManyFaults

NAMED_ROWS = 5
"""Rows that a warning names; how many more there are it says."""


SHOWN_ROWS = 50
"""Rows of which a page shows what will be written."""


class RowError(NamedTuple):
    """Why a row is refused. ``row`` is its number in the file; ``message`` names row and column."""

    row: int
    column: str
    code: str
    message: str

    @property
    def reason(self) -> str:
        """The message without row and column."""
        return self.message.partition("”：")[2] or self.message


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning: something that is accepted and should be known; ``rows`` is empty for the whole file."""

    code: str
    sentence: str
    rows: array[int]

    @property
    def count(self) -> int:
        return len(self.rows) or 1

    @property
    def where(self) -> str:
        """第3、17行等 120 行, or nothing for the whole file."""
        if not self.rows:
            return ""
        named = "、".join(map(str, self.rows[:NAMED_ROWS]))
        more = f"等 {len(self.rows)} 行" if len(self.rows) > NAMED_ROWS else ""
        return f"第{named}行{more}"


class Verdict:
    """What is to become of every row. ``plan`` has an entry for each row that is to be written.

    A kind fills it in the order of the file. What an entry of ``plan`` is, the kind knows.
    ``decided`` counts the rows that come in as decided on by nobody, as only the operator's do.
    ``changed`` of the planned rows change what stands; of the first planned ones ``shown`` says, by
    index, what stands in the columns that change, or None of a new one, and what is filled in where
    the file leaves a cell empty.
    """

    def __init__(self, parsed: Parsed, order: Mapping[str, int]) -> None:
        self._numbers = parsed.numbers
        self._order = order
        self._errors: list[tuple[int, int, RowError]] = []
        self._unread = {
            (index, column) for index, faults in parsed.faults.items() for column, _ in faults
        }
        self._warnings: dict[tuple[str, str], array[int]] = {}
        self.refused: set[int] = set()
        self.unchanged = 0
        self.decided = 0
        self.plan: list[Any] = []
        self.changed = 0
        self.shown: list[tuple[int, Mapping[str, str] | None, Mapping[str, str]]] = []
        for index, faults in parsed.faults.items():
            for column, fault in faults:
                self._refuse(index, column, *fault)

    def refuse(self, index: int, column: str, code: str, sentence: str) -> None:
        """Refuse a row for a cell; several reasons may be given.

        Of a cell that could not be read nothing more is known, and so nothing more is said.
        """
        if (index, column) not in self._unread:
            self._refuse(index, column, code, sentence)

    def _refuse(self, index: int, column: str, code: str, sentence: str) -> None:
        row = self._numbers[index]
        error = RowError(row, column, code, f"第{row}行“{column}”：{sentence}")
        self._errors.append((row, self._order[column], error))
        if len(self._errors) > MAX_FAULTS:
            raise TooManyFaults
        self.refused.add(index)

    def write(
        self,
        index: int,
        entry: Any,
        before: Mapping[str, str] | None = None,
        filled: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Plan a row; ``before`` is what stands in the columns that it changes, None for a new one.

        ``filled`` is what it brings where the file leaves a cell empty.
        """
        self.plan.append(entry)
        self.changed += before is not None
        if len(self.shown) < SHOWN_ROWS:
            self.shown.append((index, before, filled))

    def warn(self, index: int, code: str, sentence: str) -> None:
        """Say something about a row that is accepted all the same."""
        self._warnings.setdefault((code, sentence), array("I")).append(self._numbers[index])

    @property
    def errors(self) -> list[RowError]:
        """All errors by row, then in the order of the columns."""
        return [error for _, _, error in sorted(self._errors, key=lambda one: one[:2])]

    @property
    def warnings(self) -> list[Caution]:
        return [Caution(code, words, rows) for (code, words), rows in self._warnings.items()]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of checking or importing a file. ``rows`` = accepted + refused + unchanged.

    ``sheet`` is the sheet that was read, None for a text file or one that cannot be read.
    ``decided`` of the accepted rows take effect at once, by the word of the server's operator;
    ``changed`` of them change what stands, the others are new.
    """

    kind: str
    file: str
    sheet: str | None
    rows: int
    accepted: int
    refused: int
    unchanged: int
    warnings: tuple[Caution, ...]
    applied: bool
    errors: tuple[RowError, ...]
    decided: int = 0
    changed: int = 0

    @property
    def warning_count(self) -> int:
        return sum(warning.count for warning in self.warnings)

    def as_json(self) -> dict[str, Any]:
        """Return the object of the contract."""
        return {
            "kind": self.kind,
            "file": self.file,
            "sheet": self.sheet,
            "rows": self.rows,
            "accepted": self.accepted,
            "refused": self.refused,
            "unchanged": self.unchanged,
            "warnings": self.warning_count,
            "applied": self.applied,
            "errors": [error._asdict() for error in self.errors],
        }

    def errors_by_row(self) -> Iterator[tuple[int, list[RowError]]]:
        """Yield each refused row with its errors, in the order of the file."""
        some: list[RowError] = []
        for error in self.errors:
            if some and some[0].row != error.row:
                yield some[0].row, some
                some = []
            some.append(error)
        if some:
            yield some[0].row, some
