"""A document as PDF, page by page: memory grows with pages, not with rows in layout."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import IO

from portal.documents.description_rules import (
    Document,
    Facts,
    Section,
    Table,
    text_of,
)
from portal.documents.paper_export import ACROSS, UPRIGHT, Paper


def write_pdf(document: Document, file: IO[bytes]) -> None:
    """Write the document as PDF with its fonts in it."""
    layout = ACROSS if document.is_across else UPRIGHT
    paper = Paper(file, layout, document.title, subject=document.subject)
    digest = hashlib.sha256()
    _draw_head(paper, document)
    for part in document.parts:
        if isinstance(part, Facts):
            paper.facts(part.written, later=document.digest_label)
        elif isinstance(part, Section):
            paper.section(part.heading, part.paragraphs)
        else:
            if document.has_cover:
                paper.new_page()
            has_foot = part is document.parts[-1] and bool(document.signatures)
            _draw_table(paper, part, digest, has_foot=has_foot)
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


def _draw_table(paper: Paper, table: Table, digest: hashlib._Hash, *, has_foot: bool) -> None:
    def take(row: object) -> None:
        digest.update(text_of(row).encode())  # type: ignore[arg-type] # a row of the table

    rows = table.paper_rows(take if table.is_hashed else None)
    total = table.paper_total
    paper.table(
        table.heading,
        table.paper_columns,
        chain(rows, [total]) if total is not None else rows,
        empty=table.empty,
        has_foot=has_foot,
    )
