"""What was found out about a file, as it is kept until the second click: small, whatever the file.

The pages show this and look into the file no more; the rows themselves are judged again when they
are written.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from types import UnionType
from typing import Any, NamedTuple, Self

from portal.imports.checking_apart import Checked

SHOWN_ERRORS = 200
SHOWN_WARNINGS = 50


class Line(NamedTuple):
    """One error as the page shows it; ``value`` is the cell as it stands in the file."""

    row: int
    column: str
    value: str
    sentence: str


class Told(NamedTuple):
    """A warning as the page shows it; ``where`` is empty for the whole file."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome of checking a file; ``file_hash`` in hexadecimal names its content.

    ``faults`` say why the file as a whole is of no use; there are none if it can be worked with.
    ``errors`` and ``warnings`` are how many there are; of each the first are told.
    """

    kind: str
    file: str
    file_hash: str
    sheet: str | None
    checked_at: datetime
    rows: int
    accepted: int
    refused: int
    unchanged: int
    decided: int
    faults: tuple[str, ...]
    errors: int
    warnings: int
    lines: tuple[Line, ...]
    told: tuple[Told, ...]

    @classmethod
    def of(cls, checked: Checked, now: datetime) -> Self:
        report = checked.report
        is_useless = checked.verdict is None
        return cls(
            kind=report.kind,
            file=report.file,
            file_hash=checked.file.digest.hex(),
            sheet=report.sheet,
            checked_at=now,
            rows=report.rows,
            accepted=report.accepted,
            refused=report.refused,
            unchanged=report.unchanged,
            decided=report.decided,
            faults=tuple(error.message for error in report.errors) if is_useless else (),
            errors=len(report.errors),
            warnings=len(report.warnings),
            lines=tuple(
                Line(error.row, error.column, checked.shown_cell(error), error.reason)
                for error in report.errors[:SHOWN_ERRORS]
            ),
            told=tuple(
                Told(caution.where, caution.sentence)
                for caution in report.warnings[:SHOWN_WARNINGS]
            ),
        )

    def as_bytes(self) -> bytes:
        """Return the findings as they are kept; :meth:`from_bytes` reads them."""
        kept = {**asdict(self), "checked_at": self.checked_at.isoformat()}
        return json.dumps(kept, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the findings; raise ValueError if the content has not their shape."""
        kept = json.loads(content)
        if not isinstance(kept, dict) or kept.keys() != _SHAPE.keys():
            raise ValueError("no findings")
        if not all(isinstance(kept[name], kind) for name, kind in _SHAPE.items()):
            raise ValueError("findings of another shape")
        try:
            kept["lines"] = tuple(Line(_number(row), *_texts(rest)) for row, *rest in kept["lines"])
            kept["told"] = tuple(Told(*_texts(told)) for told in kept["told"])
            kept["faults"] = tuple(_texts(kept["faults"]))
        except TypeError as fault:
            raise ValueError("findings of another shape") from fault
        kept["checked_at"] = datetime.fromisoformat(kept["checked_at"])
        return cls(**kept)


_SHAPE: dict[str, type | UnionType] = {
    **dict.fromkeys(("kind", "file", "file_hash", "checked_at"), str),
    "sheet": str | None,
    **dict.fromkeys(
        ("rows", "accepted", "refused", "unchanged", "decided", "errors", "warnings"), int
    ),
    **dict.fromkeys(("faults", "lines", "told"), list),
}
"""What stands in JSON under the name of each field."""


def _number(found: Any) -> int:
    if not isinstance(found, int):
        raise TypeError
    return found


def _texts(found: list[Any]) -> list[str]:
    if not all(isinstance(one, str) for one in found):
        raise TypeError
    return found
