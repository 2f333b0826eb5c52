"""Recording that a summary left the portal."""

from __future__ import annotations

from datetime import date

from portal.deeds import Deed
from portal.refusals import Refusal, Refused
from portal.standards.text import is_blank, plain
from portal.summaries.rules import Filters


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
    if is_blank(purpose):
        raise Refused([Refusal("purpose", "missing_value", "导出须填写用途。")])
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
