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
from portal.imports.undo_queries import effect_on_register, hold_register
from portal.imports.undo_rules import UndoEffect


class Kind(ABC):
    """One kind of file. ``gather`` only reads, ``judge`` only thinks, ``write`` only writes.

    ``permissions``: an actor who holds any of them may bring such files; how far each row is
    within the actor's reach, ``gather`` finds out. ``prepared`` are the columns that the template
    with the own people comes filled with; there is none where nothing is. ``prepared_for`` says
    what it is for, and ``by_month`` that it is another one each month. A row is called by what it
    holds in the first of the columns ``called_by`` that is filled; ``about`` says what that is.
    """

    word: ClassVar[ImportKind]
    columns: ClassVar[tuple[Column, ...]]
    permissions: ClassVar[tuple[str, ...]]
    examples: ClassVar[tuple[tuple[str, ...], ...]]
    notes: ClassVar[tuple[str, ...]]
    prepared: ClassVar[tuple[str, ...]] = ()
    prepared_for: ClassVar[str] = ""
    by_month: ClassVar[bool] = False
    called_by: ClassVar[tuple[str, ...]]
    about: ClassVar[str]

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

    def name_in_register(self, facts: Any, key: Any) -> str:  # noqa: ARG002 - of the kinds whose files name everybody
        """Return who is meant by the value of the last of ``called_by``; "" if the facts do not say."""
        return ""

    def undo_effect(self, deed: Deed, batch: ImportBatch, *, holds: bool = False) -> UndoEffect:
        """Return what taking back a file would do; ``holds`` keeps others from it until the end."""
        if holds:
            hold_register(deed.session, batch)
        return effect_on_register(deed, batch, self.permissions)

    @abstractmethod
    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        """Take back what a file wrote, against which nothing stands; return how many rows."""

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
