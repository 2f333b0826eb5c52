"""Measure the summary on paper and in files: rows 9 to 12 of the performance budget.

    python scripts/bench_summary.py [--postgres] [--rounds N] [--json FILE]

Everything is divided by its yardstick, the plainest program that writes the same cells (one raw
SELECT of the ready rows, then csv.writer, xlsxwriter, Jinja or a reportlab canvas), in turns in
the same run. Rows 7 and 8, the page, are measured by bench_pages.py behind a real server.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

import jinja2
import sqlalchemy as sa
import xlsxwriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import create_app
from models.database import Database
from portal.clock import system_now
from portal.commands import load_reference_data
from portal.deeds import operator_deed, session_info
from portal.documents.font_export import SERIF, register_fonts
from portal.documents.paper_export import ACROSS
from portal.schema import upgrade_schema
from portal.settings import settings_from_environment
from portal.summaries.column_export import PAIRING_COLUMNS
from portal.summaries.document_export import PAIRING_ON_PAPER
from portal.summaries.export import EXPORTS
from portal.summaries.queries import Summary, summary_of
from portal.summaries.views import write_page
from scripts.bench_table import Figure, figure, table, write_json
from tests.support.databases import MASTER_KEY
from tests.support.many_pairings import RECORDED, YEAR, make_pairings
from tests.support.postgres import postgres_server

FEW, MANY = 2_000, 20_000
ROWS_A_PAGE = 18
MEGABYTE = 1024  # of the kilobytes that Linux counts

# The same cells as the export, worded by the database.
RAW_CELLS = """
    SELECT p.code, t.line, t.mode, t.sending_province_code, s.name,
           t.receiving_province_code, c.name, r.name, t.sent_staff, t.qualified_sent_staff,
           t.sent_centidays / 100.0, t.sent_centidays / 100.0 / 2, t.sent_min_centidays / 100.0,
           t.sent_pending_centidays / 100.0, '按进度', t.received_staff, t.received_centidays / 100.0,
           t.received_centidays / 100.0 / 3, t.received_min_centidays / 100.0,
           t.received_pending_centidays / 100.0, '按进度', '否', '援派工作日不足', '是', '是', '是', '是', 17,
           '是', '是', t.year, t.county_code, s.credit_code, r.credit_code, 3000000,
           coalesce(f.subsidy_received_fen, 0), 3000000, coalesce(f.province_received_fen, 0),
           coalesce(f.received_fen - f.subsidy_received_fen - f.province_received_fen, 0),
           coalesce(f.received_fen, 0), coalesce(f.spent_fen, 0), '', coalesce(f.balance_fen, 0)
    FROM pairing_year_total t
    JOIN pairing p ON p.id = t.pairing_id
    JOIN organisation s ON s.id = p.sending_organisation_id
    JOIN organisation r ON r.id = p.receiving_organisation_id
    JOIN region c ON c.code = t.county_code
    LEFT JOIN fund_year_total f ON f.organisation_id = s.id AND f.year = t.year
    WHERE t.year = 2022 ORDER BY t.county_code, p.code
"""
PLACES = {column.label: place for place, column in enumerate(PAIRING_COLUMNS)}
PAPER_PLACES = tuple(PLACES[one.of[0]] if one.of else 0 for one in PAIRING_ON_PAPER)
"""Which of these cells stand on paper."""
RAW_PAGE = """<!doctype html><table>
{%- for row in rows %}
<tr><th scope="row" class="q-nowrap">{{ row[0] }}</th>
{%- for place in places %}<td data-label="列名" class="q-end">{{ row[place] }}</td>{% endfor %}</tr>
{%- endfor %}
</table>"""

Work = Callable[[Any, IO[bytes]], None]


def main() -> int:
    options = _options()
    if options.one:
        return _write_one(*options.one)
    with _databases(postgres=options.postgres) as urls:
        few, many = (Database(url, session_info(MASTER_KEY)) for url in urls)
        figures = [
            *_times(few, many, options.rounds),
            _memory(urls),
        ]
        for database in (few, many):
            database.engine.dispose()
    print(table(figures))
    if options.json:
        write_json(figures, options.json)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not on SQLite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="keep the figures in a file")
    parser.add_argument("--one", nargs=2, metavar=("KIND", "URL"), help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _databases(*, postgres: bool) -> Iterator[list[str]]:
    """Yield the addresses of two databases, with few and with many pairings."""
    with ExitStack() as stack:
        if postgres:
            server = stack.enter_context(postgres_server())
            urls = [stack.enter_context(server.database(name)) for name in ("few", "many")]
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="qianshou-bench-"))
            urls = [f"sqlite:///{folder}/{name}.db" for name in ("few", "many")]
        for url, count in zip(urls, (FEW, MANY), strict=True):
            print(f"# {count:,} pairings", flush=True)
            _fill(url, count)
        yield urls


def _fill(url: str, count: int) -> None:
    database = Database(url, session_info(MASTER_KEY))
    upgrade_schema(database)
    with database.writing() as session:
        load_reference_data(operator_deed(session, RECORDED))
        make_pairings(session, count)
        session.execute(sa.text("ANALYZE"))
    database.engine.dispose()


def _times(few: Database, many: Database, rounds: int) -> list[Figure]:
    """Rows 9 to 11. The first round of each is thrown away: fonts and plans are new."""
    page = _page_writer()
    works: dict[str, tuple[Database, Work]] = {
        "page": (many, page),
        "raw page": (many, _raw_page),
        "csv": (many, _ours("csv")),
        "raw csv": (many, _raw_csv),
        "xlsx": (many, _ours("xlsx")),
        "raw xlsx": (many, _raw_xlsx),
        "pdf": (many, _ours("pdf")),
        "raw pdf": (many, _raw_pdf),
        "few pdf": (few, _ours("pdf")),
    }
    took: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, (database, work) in works.items():
            seconds = _seconds(database, work)
            if number > 0:
                took[name].append(seconds)
    rows = f"{MANY:,} rows"
    return [
        figure("9", f"whole summary as HTML, {rows} ÷ (SELECT + Jinja)",
               took["page"], took["raw page"], most=(2, 1.3)),
        figure("10", f"CSV, {rows} ÷ (SELECT + csv.writer)",
               took["csv"], took["raw csv"], most=(2.5, 1.2)),
        figure("10", f"XLSX, {rows} ÷ (SELECT + xlsxwriter)",
               took["xlsx"], took["raw xlsx"], most=(1.5, 1.2)),
        figure("11", f"PDF, {rows} ÷ reportlab canvas of the cells",
               took["pdf"], took["raw pdf"], most=(2, 1.3)),
        figure("11", f"PDF at {MANY:,} ÷ at {FEW:,} rows",
               took["pdf"], took["few pdf"], most=(12, 11)),
    ]  # fmt: skip


def _seconds(database: Database, work: Work) -> float:
    with tempfile.TemporaryFile() as file, database.reading() as session:
        begun = time.perf_counter()
        work(session, file)
        return time.perf_counter() - begun


def _ours(kind: str) -> Work:
    def write(session: Any, file: IO[bytes]) -> None:
        EXPORTS[kind].write(_summary(session), file)

    return write


def _summary(session: Any) -> Summary:
    return summary_of(session, YEAR, now=system_now())


def _page_writer() -> Work:
    with tempfile.TemporaryDirectory() as var:
        app = create_app(
            settings_from_environment(
                {"DATABASE_URL": f"sqlite:///{var}/x.db", "QIANSHOU_VAR": var}
            )
        )
        upgrade_schema(app.extensions["qianshou_database"])
        app.extensions["qianshou_is_demo"] = False

    def write(session: Any, file: IO[bytes]) -> None:
        with app.test_request_context():
            write_page(_summary(session), file)

    return write


def _raw_rows(session: Any) -> Sequence[Any]:
    found: Sequence[Any] = session.connection().exec_driver_sql(RAW_CELLS).fetchall()
    return found


def _raw_page(session: Any, file: IO[bytes]) -> None:
    template = jinja2.Environment(autoescape=True).from_string(RAW_PAGE)
    stream = template.stream(rows=_raw_rows(session), places=PAPER_PLACES[2:])
    stream.enable_buffering(1000)
    for part in stream:
        file.write(part.encode())


def _raw_csv(session: Any, file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=False)
    csv.writer(text).writerows(_raw_rows(session))
    text.flush()
    text.detach()


def _raw_xlsx(session: Any, file: IO[bytes]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("汇总")
        for number, row in enumerate(_raw_rows(session)):
            for position, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, position, cell)
                else:
                    sheet.write_number(number, position, cell)


def _raw_pdf(session: Any, file: IO[bytes]) -> None:
    register_fonts()
    size = landscape(A4)
    canvas = Canvas(file, pagesize=size, pageCompression=1, initialFontName=SERIF)
    rows = iter(_raw_rows(session))
    while page := list(islice(rows, ROWS_A_PAGE)):
        canvas.setFont(SERIF, 7.5)
        for number, row in enumerate([[column.label for column in PAIRING_COLUMNS], *page]):
            x, y = ACROSS.left, size[1] - ACROSS.left - 24 * number
            for place, column in zip(PAPER_PLACES, PAIRING_ON_PAPER, strict=True):
                canvas.drawString(x, y, str(row[place]))
                x += column.width
        canvas.showPage()
    canvas.save()


def _memory(urls: Sequence[str]) -> Figure:
    """Row 12: the peak of a process that writes one file, for the kind that grows most."""
    grown = {
        kind: (_peak_kb(kind, urls[1]) - _peak_kb(kind, urls[0])) / MEGABYTE for kind in EXPORTS
    }
    worst = max(grown, key=lambda kind: grown[kind])
    listed = ", ".join(f"{kind} {megabytes:.1f}" for kind, megabytes in grown.items())
    return figure(
        "12",
        f"MB more at the peak of an export, {MANY:,} against {FEW:,} rows",
        [grown[worst]],
        [1.0],
        most=(40, 10),
        note=listed,
    )


def _peak_kb(kind: str, url: str) -> int:
    command = [sys.executable, __file__, "--one", kind, url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def _write_one(kind: str, url: str) -> int:
    database = Database(url, session_info(MASTER_KEY))
    with tempfile.TemporaryFile() as file, database.reading() as session:
        _ours(kind)(session, file)
    # Not getrusage: a child's ru_maxrss begins at the size of the parent that started it.
    status = Path("/proc/self/status").read_text("utf-8")
    print(re.search(r"VmHWM:\s+(\d+) kB", status)[1])  # type: ignore[index]
    return 0


if __name__ == "__main__":
    sys.exit(main())
