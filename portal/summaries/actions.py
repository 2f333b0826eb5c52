"""Asking for a large file of a summary, and recording that one left the portal."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from models import Job
from portal.deeds import Deed
from portal.documents.listing_actions import slot_of
from portal.jobs.actions import ask
from portal.refusals import Refusal, Refused
from portal.standards.text import is_blank, plain
from portal.summaries.rules import Filters

EXPORT = "summary_export"
"""The kind of job; portal/summaries/jobs.py does it."""


def ask_for_export(
    deed: Deed,
    *,
    key: str,
    year: int,
    kind: str,
    purpose: str,
    as_of: date | None,
    filters: Filters,
) -> Job:
    """Ask for a file that takes long to write; of one person, one is being written at a time."""
    _refuse_without(purpose)
    job = ask(
        deed,
        EXPORT,
        key=f"{EXPORT}:{deed.actor.account_id}:{key}",
        slot=slot_of(deed.actor),
        title=f"{year} 年度汇总表（{kind}）",
        asked={
            "year": year,
            "kind": kind,
            "purpose": purpose,
            "as_of": as_of.isoformat() if as_of else None,
            "filters": asdict(filters),
        },
    )
    deed.record("job.asked", f"job:{job.public_id}", kind=EXPORT, purpose=plain(purpose))
    return job


def _refuse_without(purpose: str) -> None:
    if is_blank(purpose):
        raise Refused([Refusal("purpose", "missing_value", "导出须填写用途。")])


def record_export(
    deed: Deed,
    *,
    year: int,
    kind: str,
    purpose: str,
    as_of: date,
    filters: Filters,
    rows: int,
    sha256: str,
) -> None:
    """Record one export: who took which lines out, in what form and for what (decision B16)."""
    _refuse_without(purpose)
    asked = {
        name: value
        for name in (
            "either_province",
            "sending_province",
            "receiving_province",
            "county",
            "line",
            "mode",
            "finding",
        )
        if (value := getattr(filters, name))
    }
    if filters.compliant is not None:
        asked["compliant"] = filters.compliant
    deed.record(
        "summary.exported",
        f"summary:{year}",
        format=kind,
        purpose=plain(purpose),
        as_of=as_of,
        filters=asked,
        rows=rows,
        sha256=sha256,
    )
