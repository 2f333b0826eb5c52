"""What a kind of import is: its columns, who may bring it in, how its rows are judged and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from typing import Any, ClassVar

from models import ImportBatch
from models.types import ImportKind
from portal.access.actor import Actor
from portal.deeds import Deed
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting
from portal.imports.report_rules import Verdict
from portal.refusals import Refusal, Refused

NOT_AS_A_WHOLE = Refusal(
    "",
    "wrong_state",
    "这类导入不能整批撤销：写入的内容可能已被其他记录引用，请在各自的页面逐条修改。",
)


class Kind(ABC):
    """One kind of file. ``gather`` only reads, ``judge`` only thinks, ``write`` only writes.

    ``permissions``: an actor who holds any of them may bring such files; how far each row is
    within the actor's reach, ``gather`` finds out. ``prepared`` are the columns that the template
    with the own people comes filled with; there is none where nothing is. ``prepared_for`` says
    what it is for, and ``by_month`` that it is another one each month.
    """

    word: ClassVar[ImportKind]
    columns: ClassVar[tuple[Column, ...]]
    permissions: ClassVar[tuple[str, ...]]
    examples: ClassVar[tuple[tuple[str, ...], ...]]
    notes: ClassVar[tuple[str, ...]]
    prepared: ClassVar[tuple[str, ...]] = ()
    prepared_for: ClassVar[str] = ""
    by_month: ClassVar[bool] = False
    can_be_taken_back: ClassVar[bool] = False

    @abstractmethod
    def gather(self, deed: Deed, parsed: Parsed) -> Any:
        """Return the facts of all rows, by a fixed number of queries; comparable with ``==``."""

    @abstractmethod
    def judge(self, parsed: Parsed, facts: Any, setting: Setting) -> Verdict:
        """Judge every row by the rules that the pages ask. Pure."""

    @abstractmethod
    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        """Write the plan of a verdict."""

    def prepare(self, deed: Deed, month: date) -> list[tuple[Any, ...]]:  # noqa: ARG002 - of the kinds that prepare nothing
        """Return the rows of the template with the own people, by ``prepared``; for a month's first day."""
        return []

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:  # noqa: ARG002 - of the kinds that cannot
        """Take back what a file wrote, all or nothing; return how many rows. Raise :class:`Refused`."""
        raise Refused([NOT_AS_A_WHOLE])

    @property
    def label(self) -> str:
        return self.word.label

    @property
    def sheet_names(self) -> tuple[str, str]:
        """Names under which a workbook may hold its rows."""
        return (self.word.value, self.word.label)

    def is_open_to(self, actor: Actor) -> bool:
        return any(actor.holds(permission) for permission in self.permissions)

    def verdict_on(self, parsed: Parsed) -> Verdict:
        """Return a verdict that knows the faulty cells and nothing else yet."""
        return Verdict(parsed, {column.name: order for order, column in enumerate(self.columns)})
