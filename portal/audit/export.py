"""The trail as a file: CSV for spreadsheets, guarded against formulas, nothing in it unseen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from portal.audit.queries import EventRow
from portal.audit.words import AuditWords
from portal.clock import SHANGHAI
from portal.standards.formulas import guarded
from portal.standards.text import legible

HEADERS = ("序号", "时间", "账号", "事项", "事项代码", "对象", "内容")


def write_csv(events: Iterable[EventRow], words: AuditWords) -> tuple[bytes, int]:
    """Return the file (UTF-8 with BOM) and the number of its rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    count = 0
    for event in events:
        at = event.at.astimezone(SHANGHAI).isoformat(sep=" ", timespec="seconds")
        worded = words.of_event(event.event)
        texts = (event.actor, worded, event.event, event.subject, event.facts)
        writer.writerow([event.id, at, *(guarded(legible(text)) for text in texts)])
        count += 1
    return text.getvalue().encode("utf-8-sig"), count
