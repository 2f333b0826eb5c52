"""The one export writer: a summary as JSON, CSV, XLSX, PDF or Word, of one snapshot, in flat memory.

Text never becomes a formula, numbers stay numbers, identifiers stay text (security decision B16).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, NamedTuple, TypeVar

from portal.compliance.pace_rules import RANKED
from portal.documents.description_rules import Cell
from portal.documents.formats_export import FORMATS, Names
from portal.funding.entitlement_rules import Entitlement
from portal.ledger.rules import Money
from portal.standards.money import plain_yuan
from portal.summaries.area_rules import Area, Organisations
from portal.summaries.column_export import (
    PAIRING_COLUMNS,
    pairing_cells,
)
from portal.summaries.document_export import document_of
from portal.summaries.queries import Summary
from portal.summaries.rules import NOTHING, PairingLine, Sums

PIECE = 500
"""Rows written at a time."""

FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
"""What a spreadsheet program may take for the beginning of a formula."""

WRITTEN = ("typed", "code")
"""Kinds of columns that hold what people wrote."""
MONEY = [place for place, column in enumerate(PAIRING_COLUMNS) if column.kind == "fen"]
TYPED = [place for place, column in enumerate(PAIRING_COLUMNS) if column.kind in WRITTEN]

T = TypeVar("T")


class Export(NamedTuple):
    """A kind of file: what it is called, how it is sent, who writes it."""

    label: str
    mimetype: str
    write: Callable[[Summary, IO[bytes]], None]


def write_json(summary: Summary, file: IO[bytes]) -> None:
    """Write the summary as in the contract, section 4: floats in days, integers in fen."""
    head = json.dumps(_head(summary), ensure_ascii=False, indent=1)
    file.write(f'{head[:-2]},\n "pairings": ['.encode())
    separator = ""
    for piece in pieces(summary.pairings):
        lines = (json.dumps(line_json(line, summary), ensure_ascii=False) for line in piece)
        file.write((separator + "\n  " + ",\n  ".join(lines)).encode())
        separator = ","
    file.write(b"\n ]\n}\n")


def _head(summary: Summary) -> dict[str, Any]:
    return {
        "programme": summary.programme,
        "year": summary.year,
        "as_of": summary.as_of.isoformat(),
        "generated_at": f"{summary.generated_at:%Y-%m-%dT%H:%M:%SZ}",
        "policy": summary.policy.as_json(),
        "totals": _area_json(summary.totals, summary.all_sent.sums, summary),
        "provinces": list(_provinces_json(summary)),
    }


def _provinces_json(summary: Summary) -> Iterator[dict[str, Any]]:
    """Yield every province that takes part on either side.

    Its figures are those of the pairings that it receives; what it sends is ``sent_pairings``, and
    what it has to pay for. So each figure adds up to the whole.
    """
    received = {area.code: area for area in summary.provinces}
    sent = {sender.code: sender for sender in summary.senders}
    for code in sorted(received.keys() | sent.keys()):
        name = (received.get(code) or sent[code]).name
        area = received.get(code, Area(code, name, NOTHING, Organisations(), 0, 0, 0, None))
        sums = sent[code].sums if code in sent else NOTHING
        yield {"code": code, "name": name, **_area_json(area, sums, summary)}


def _area_json(area: Area, sent: Sums, summary: Summary) -> dict[str, Any]:
    sums = area.sums
    due = Entitlement(summary.due_of(sums).subsidy_fen, summary.due_of(sent).province_fen)
    received = Money(*sums.money)
    # What a province guarantees is the sending one's, whatever it stands for.
    money = received._replace(province_received_fen=Money(*sent.money).province_received_fen)
    return {
        "pairings": sums.pairings,
        "sent_pairings": sent.pairings,
        "compliant_pairings": sums.compliant_pairings,
        "pace": {pace.value: count for pace, count in zip(RANKED, sums.paces, strict=True)},
        "key_counties": area.key_counties,
        "key_counties_covered": area.key_counties_covered,
        "sent_staff": sums.sent_staff,
        "qualified_sent_staff": sums.qualified_sent_staff,
        "received_staff": sums.received_staff,
        "sent_days": sums.sent_centidays / 100,
        "received_days": sums.received_centidays / 100,
        "sent_days_pending": sums.sent_pending_centidays / 100,
        "received_days_pending": sums.received_pending_centidays / 100,
        **_money_json(due, money if summary.knows_money else None),
        **_townships_json(area.townships),
    }


def line_json(line: PairingLine, summary: Summary) -> dict[str, Any]:
    """Return a pairing as an object of the contract."""
    policy = summary.policy
    return {
        "code": line.code,
        "confirmed": line.is_confirmed,
        "line": line.line.value,
        "mode": line.mode.value,
        "county_code": line.county_code,
        "sending_credit_code": line.sending_credit_code,
        "sending_name": line.sending_name,
        "sending_province_code": line.sending_province_code,
        "receiving_credit_code": line.receiving_credit_code,
        "receiving_name": line.receiving_name,
        "receiving_province_code": line.receiving_province_code,
        "sent_staff": line.sent_staff,
        "qualified_sent_staff": line.qualified_sent_staff,
        "received_staff": line.received_staff,
        "sent_days": line.sent_centidays / 100,
        "received_days": line.received_centidays / 100,
        "sent_days_pending": line.sent_pending_centidays / 100,
        "received_days_pending": line.received_pending_centidays / 100,
        "compliant": line.is_compliant,
        "pace": {
            "sent": line.sent_pace,
            "received": line.received_pace,
            "latest_start_on": line.latest_start_on and line.latest_start_on.isoformat(),
        },
        "findings": [
            {
                "code": finding.code,
                "have": finding.have,
                "need": finding.need,
                "clause": finding.clause,
                "message": finding.message,
            }
            for finding in (line.explained(policy) if line.findings else ())
        ],
        **_money_json(line.due(policy), line.money),
        **_townships_json(summary.townships.get(line.county_code)),
        "grade": None,
    }


def _money_json(due: Entitlement, money: Money | None) -> dict[str, int | None]:
    """Return what is due and what there is; null where nothing can be booked, or the reader may not know."""
    return {
        "subsidy_due_fen": due.subsidy_fen,
        "subsidy_received_fen": money and money.subsidy_received_fen,
        "province_due_fen": due.province_fen,
        "province_received_fen": money and money.province_received_fen,
        "received_fen": money and money.received_fen,
        "spent_fen": money and money.spent_fen,
        "balance_fen": money and money.balance_fen,
    }


# Stations and grades come with later rooms: unknown is null, never 0.
def _townships_json(townships: int | None) -> dict[str, int | None]:
    return {"townships": townships, "stations_open": None, "stations_standard": None}


def write_csv(summary: Summary, file: IO[bytes]) -> None:
    """Write one row a pairing: UTF-8 with BOM, CRLF, text guarded against formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.label for column in PAIRING_COLUMNS])
    file.write("\ufeff".encode())
    cells = pairing_cells(summary)
    for piece in pieces(summary.pairings):
        writer.writerows([guarded(cells(line)) for line in piece])
        file.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    file.write(text.getvalue().encode())


def guarded(cells: Sequence[Cell]) -> list[Cell]:
    """Prefix what people wrote with an apostrophe where a spreadsheet program would compute it.

    Money is written in yuan.
    """
    row = list(cells)
    for place in MONEY:
        fen = row[place]
        row[place] = plain_yuan(fen) if isinstance(fen, int) else fen
    for place in TYPED:
        text = row[place]
        if isinstance(text, str) and text[:1] in FORMULA_STARTS:
            row[place] = f"'{text}"
    return row


def pieces(things: Iterable[T], size: int = PIECE) -> Iterator[list[T]]:
    """Yield things in lists of at most ``size``."""
    rest = iter(things)
    while piece := list(islice(rest, size)):
        yield piece


def names_of(summary: Summary, kind: str, province: str | None) -> Names:
    """Return the names of a file of a summary: of which year and area, known until when."""
    area = summary.province_names.get(province or "", "")
    where = f"-{province}" if area else ""
    return Names(
        f"牵手计划{summary.year}年度汇总表{area}（截至{summary.as_of}）.{kind}",
        f"qianshou-summary-{summary.year}{where}-as-of-{summary.as_of}.{kind}",
    )


def _as_document(kind: str) -> Export:
    """Return an export that the documents room writes."""
    found = FORMATS[kind]
    return Export(
        found.label,
        found.mimetype,
        lambda summary, file: found.write(document_of(summary), file),
    )


EXPORTS: dict[str, Export] = {
    "xlsx": _as_document("xlsx"),
    "csv": Export("CSV 表格", "text/csv", write_csv),
    "pdf": _as_document("pdf"),
    "docx": _as_document("docx"),
    "json": Export("JSON 数据", "application/json", write_json),
}
"""Kinds of files by the ending of their names."""
