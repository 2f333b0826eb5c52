"""Writing a large file of a summary in the background."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from models.types import Line, Mode
from portal.clock import date_of
from portal.compliance.pace_rules import Pace
from portal.deeds import Deed
from portal.documents.formats_export import IN_MEMORY, sha256_of
from portal.documents.reporter_queries import reporting_unit
from portal.jobs.kind import ItemAtWork, Kind
from portal.outbox.actions import tell_of_job
from portal.summaries.actions import EXPORT, record_export
from portal.summaries.export import EXPORTS, names_of
from portal.summaries.queries import Lines, Summary, summary_of
from portal.summaries.rules import Filters, PairingLine

TELL_EVERY = 200
"""Lines between two words of how far it is."""


class WrittenSummary(NamedTuple):
    """What was written, for the record."""

    as_of: date
    rows: int
    sha256: str


class TellingLines:
    """The lines of a summary, which say how far they were read."""

    def __init__(self, lines: Lines, task: ItemAtWork, count: int) -> None:
        self._lines = lines
        self._task = task
        self._count = count

    def __iter__(self) -> Iterator[PairingLine]:
        for done, line in enumerate(self._lines):
            if done % TELL_EVERY == 0:
                self._task.tell(done, self._count)
            yield line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lines, name)


def write_file(task: ItemAtWork) -> WrittenSummary:
    """Write the file of one snapshot, in the asker's scope as it is now."""
    asked, filters = task.asked, filters_of(task.asked["filters"])
    with task.database.reading() as session, tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        found: Summary = summary_of(
            session,
            asked["year"],
            now=task.now,
            as_of=date.fromisoformat(asked["as_of"]) if asked["as_of"] else None,
            actor=task.actor,
            permission="summary.export",
            filters=filters,
        )
        lines: Any = TellingLines(found.pairings, task, found.listed)
        unit = reporting_unit(session, task.actor, "summary.export", date_of(task.now))
        EXPORTS[asked["kind"]].write(replace(found, pairings=lines, reporter=unit), file)
        names = names_of(found, asked["kind"], filters.either_province)
        written = WrittenSummary(found.as_of, found.listed, sha256_of(file))
        task.keep_result(
            file,
            file_name=names.name,
            plain_name=names.plain_name,
            media_type=EXPORTS[asked["kind"]].mimetype,
            rows=found.listed,
        )
    return written


def record_file(deed: Deed, task: ItemAtWork, written: WrittenSummary) -> None:
    """Record who took which lines out, as an export at once does."""
    record_export(
        deed,
        year=task.asked["year"],
        kind=task.asked["kind"],
        purpose=task.asked["purpose"],
        as_of=written.as_of,
        filters=filters_of(task.asked["filters"]),
        rows=written.rows,
        sha256=written.sha256,
    )


def filters_of(asked: dict[str, Any]) -> Filters:
    """Return the filters as they were asked for; JSON knows no enums."""
    kinds = {"line": Line, "mode": Mode, "pace": Pace}
    return Filters(
        **{
            **asked,
            **{name: kind(asked[name]) for name, kind in kinds.items() if asked.get(name)},
        }
    )


SUMMARY_EXPORT = Kind(
    EXPORT,
    "导出汇总",
    record_file,
    prepare=write_file,
    permission="summary.export",
    closed=tell_of_job,
)
