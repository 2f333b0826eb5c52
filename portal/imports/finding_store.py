"""What was found out about a file, as it is kept until the second click: small, whatever the file.

The pages show this and look into the file no more; the rows themselves are judged again when they
are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from types import UnionType
from typing import Any, NamedTuple, Self

from portal.imports.cell_rules import as_text
from portal.imports.checking_apart import Checked, shown_text
from portal.imports.mending_rules import MOST_FAULTS
from portal.imports.report_rules import RowError

SHOWN_WARNINGS = 50
SHOWN_CHARACTERS = 100
"""Of a cell that will be written."""


class Line(NamedTuple):
    """One error as the page shows it; ``value`` is the cell as it stands in the file, ``whose`` its row."""

    row: int
    column: str
    value: str
    sentence: str
    whose: str = ""


class Written(NamedTuple):
    """A cell that will be written: what stands there ("" for nothing), and what takes its place."""

    column: str
    before: str
    after: str


class Preview(NamedTuple):
    """A row that will be written, new or changed, by the cells that it brings.

    ``whose`` it is, is "" where one of them says it.
    """

    row: int
    is_new: bool
    cells: tuple[Written, ...]
    whose: str = ""

    def cell(self, column: str) -> Written | None:
        return next((one for one in self.cells if one.column == column), None)


class Told(NamedTuple):
    """A warning as the page shows it; ``where`` is empty for the whole file."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome of checking a file; ``file_hash`` in hexadecimal names its content.

    ``faults`` say why the file as a whole is of no use; there are none if it can be worked with.
    ``errors`` and ``warnings`` are how many there are; of each the first are told. ``changed`` of
    the accepted rows change what stands; ``previews`` are the first of those that will be written.
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
    changed: int
    previews: tuple[Preview, ...]

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
            lines=tuple(_line(checked, error) for error in report.errors[:MOST_FAULTS]),
            told=tuple(
                Told(caution.where, caution.sentence)
                for caution in report.warnings[:SHOWN_WARNINGS]
            ),
            changed=report.changed,
            previews=tuple(_previews(checked)),
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
            kept["previews"] = tuple(
                Preview(
                    _number(row),
                    bool(is_new),
                    tuple(Written(*_texts(cell)) for cell in cells),
                    *_texts(rest),
                )
                for row, is_new, cells, *rest in kept["previews"]
            )
            kept["faults"] = tuple(_texts(kept["faults"]))
        except (TypeError, ValueError) as fault:
            raise ValueError("findings of another shape") from fault
        kept["checked_at"] = datetime.fromisoformat(kept["checked_at"])
        return cls(**kept)


_SHAPE: dict[str, type | UnionType] = {
    **dict.fromkeys(("kind", "file", "file_hash", "checked_at"), str),
    "sheet": str | None,
    **dict.fromkeys(
        ("rows", "accepted", "refused", "unchanged", "decided", "errors", "warnings", "changed"),
        int,
    ),
    **dict.fromkeys(("faults", "lines", "told", "previews"), list),
}
"""What stands in JSON under the name of each field."""


def _line(checked: Checked, error: RowError) -> Line:
    index = checked.file.sheet.index_of(error.row) if checked.file.sheet else None
    whose = "" if index is None else checked.whose(index, error.column)[:SHOWN_CHARACTERS]
    return Line(error.row, error.column, checked.shown_cell(error), error.reason, whose)


def _previews(checked: Checked) -> Iterator[Preview]:
    """Yield what will be written, of a new row all it brings, of a changed one what changes."""
    sheet, verdict = checked.file.sheet, checked.verdict
    if sheet is None or verdict is None:
        return
    sources = [(column, sheet.find(column.name)) for column in checked.file.kind.columns]
    for index, before, filled in verdict.shown:
        cells = []
        for column, source in sources:
            after = as_text(source.cells[source.codes[index]]).strip() if source else ""
            after = after or filled.get(column.name, "")
            if after and (before is None or column.name in before):
                stood = before[column.name] if before else ""
                cells.append(
                    Written(
                        column.name,
                        shown_text(column, stood)[:SHOWN_CHARACTERS],
                        shown_text(column, after)[:SHOWN_CHARACTERS],
                    )
                )
        whose = checked.whose(index)[:SHOWN_CHARACTERS]
        is_said = any(cell.after == whose for cell in cells)
        yield Preview(sheet.numbers[index], before is None, tuple(cells), "" if is_said else whose)


def _number(found: Any) -> int:
    if not isinstance(found, int):
        raise TypeError
    return found


def _texts(found: list[Any]) -> list[str]:
    if not all(isinstance(one, str) for one in found):
        raise TypeError
    return found
