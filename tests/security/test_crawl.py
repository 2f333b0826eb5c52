"""Everybody fetches everything: no word of another scope, no row changed, no closed door offered."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from models import Base
from tests.architecture.facts import personas
from tests.security.canaries import EMPTY_BY_RULE, KEPT, NEVER_SHOWN, OPEN_TO_ALL, Planter, is_text
from tests.security.crawl import Crawl
from tests.security.snapshot import differences, snapshot
from tests.support.arena import Arena

LAST_USE = frozenset({"web_session.last_seen_at"})


@dataclass
class Crawled:
    crawl: Crawl
    planter: Planter
    changes: list[str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crawled(request: pytest.FixtureRequest) -> Iterator[Crawled]:
    """Plant the words, note all rows, fetch everything as everybody, note all rows again."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    press = request.getfixturevalue(f"{kind}_press")
    tokens = request.getfixturevalue(f"{kind}_tokens")
    with Arena(press, tokens) as arena:
        planter = Planter(arena)
        crawl = Crawl(arena, planter.plant(), further=3 if kind == "sqlite" else 1)
        arena.clock.pass_time(minutes=2)  # so that the last use of each session is noted
        before = snapshot(arena.database, besides=LAST_USE)
        crawl.run(personas())
        changes = differences(before, snapshot(arena.database, besides=LAST_USE))
        yield Crawled(crawl, planter, changes)


def test_nobody_reads_a_word_of_another_scope(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    crawl = crawled.crawl
    with capsys.disabled():
        sys.stdout.write(
            f"\n{crawl.pages} pages fetched, {len(crawl.canaries.marks)} unique words planted,"
            f" {sum(map(len, crawl.shown.values()))} read by those meant to,"
            f" {len(crawl.leaks)} by others\n"
        )
    sys.stdout.write(f"{crawl.by_endpoint.most_common()}\n")
    leaks = sorted(map(str, crawl.leaks))
    assert not leaks, "\n".join([f"{len(leaks)} words", *leaks[:80]])


def test_those_meant_to_read_a_word_do(crawled: Crawled) -> None:
    """The control: most words are seen by somebody, and everybody with business sees some."""
    shown = {mark for marks in crawled.crawl.shown.values() for mark in marks}
    assert {mark.column for mark in shown} >= {
        "organisation.name",
        "organisation.contact_name",
        "person.name",
        "person.id_number_masked",
        "certificate.number",
        "pairing.code",
        "assignment.public_id",
        "workday.description",
    }
    for persona in personas():
        assert crawled.crawl.shown[persona.login], persona


def test_fetching_changes_no_row_but_the_last_use(crawled: Crawled) -> None:
    assert not crawled.changes, "\n".join(crawled.changes[:40])


def test_no_page_offers_a_closed_door(crawled: Crawled) -> None:
    closed = sorted(crawled.crawl.closed)
    assert not closed, "\n".join([f"{len(closed)} closed doors", *closed[:60]])


def test_no_page_is_broken(crawled: Crawled) -> None:
    broken = sorted(crawled.crawl.broken)
    assert not broken, "\n".join([f"{len(broken)} broken", *broken[:60]])


def test_every_text_column_carries_words(crawled: Crawled) -> None:
    """A new text column is planted, or named with the reason why not."""
    texts = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name not in OPEN_TO_ALL | NEVER_SHOWN
        for column in table.columns
        if is_text(column)
    }
    assert texts == crawled.planter.filled | KEPT.keys() | EMPTY_BY_RULE
