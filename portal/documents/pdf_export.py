"""A document as PDF, page by page: memory grows with pages, not with rows in layout."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import IO

from portal.documents.description_rules import (
    Document,
    Facts,
    Row,
    Section,
    Table,
)
from portal.documents.paper_export import ACROSS, UPRIGHT, Paper

MOST_KEPT = 10
"""Rows of a table that is not torn between two pages."""


def write_pdf(document: Document, file: IO[bytes]) -> None:
    """Write the document as PDF with its fonts in it."""
    layout = ACROSS if document.is_across else UPRIGHT
    paper = Paper(file, layout, document.title, subject=document.subject)
    digest = hashlib.sha256()
    _draw_head(paper, document)
    for part in document.parts:
        if isinstance(part, Facts):
            paper.facts(part.written)
        elif isinstance(part, Section):
            paper.section(part.heading, part.paragraphs)
        else:
            _draw_table(paper, document, part, digest)
    _draw_ending(paper, document)
    hashed = digest.hexdigest()
    foot = f"{document.foot} · 校验值 {hashed[:16]}" if document.digest_label else document.foot
    paper.close(later=hashed, foot=foot)


def _draw_head(paper: Paper, document: Document) -> None:
    size = paper.layout.facts
    if document.mark:
        paper.line(document.mark, size, align="right")
    if document.number:
        paper.line(document.number, size, align="right", gap=size)
    title = paper.layout.title
    paper.line(document.title, title, is_bold=True, align="centre", gap=title * 0.8)
    if document.addressees:
        paper.line(f"{'、'.join(document.addressees)}：", paper.layout.body)


def _draw_ending(paper: Paper, document: Document) -> None:
    if document.signatures:
        paper.signatures(document.signatures)
    if document.seal:
        paper.seal(document.seal.who, document.seal.written_on)
    if document.footnotes:
        paper.notes(document.footnotes)
    if document.notes:
        paper.notes(document.note_lines, later=f"{document.digest_label}：")


def _draw_table(paper: Paper, document: Document, table: Table, digest: hashlib._Hash) -> None:
    taken: list[Row] = []

    def take(row: Row) -> None:
        if table.is_hashed:
            digest.update(table.hashed(row).encode())
        if table.page_total:
            taken.append(row)

    def sum_of_page(count: int) -> list[str]:
        assert table.page_total is not None  # or nobody asks
        row = table.page_total(taken[:count])
        del taken[:count]
        return table.paper_line(row)

    rows = table.paper_rows(take if table.is_hashed or table.page_total else None)
    total = table.paper_total
    is_signed = table is document.parts[-1] and bool(document.signatures)
    paper.table(
        table.heading,
        table.paper_columns,
        chain(rows, [total]) if total is not None else rows,
        empty=table.empty,
        over=document.line_on_paper(table),
        has_total=total is not None,
        sum_of_page=sum_of_page if table.page_total else None,
        below=paper.height_of(notes=[*document.footnotes, *document.note_lines])
        if is_signed
        else 0,
        is_whole=isinstance(table.rows, list) and len(table.rows) <= MOST_KEPT,
    )
