"""A test is spared PostgreSQL only after another has had it answer the same statements."""

from __future__ import annotations

import sqlalchemy as sa

from tests.support.news import News, shape_of


def sent(news: News, test: str, *statements: str) -> None:
    engine = sa.create_engine("sqlite://")
    with news.noted(test), engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_what_no_test_has_asked_is_news_once() -> None:
    news = News()
    sent(news, "first", "SELECT 1")
    sent(news, "again", "SELECT 1")
    sent(news, "more", "SELECT 1", "SELECT 2")
    assert [news.has(test) for test in ("first", "again", "more", "again")] == [
        True,
        False,
        True,
        False,
    ]


def test_a_test_that_sqlite_was_not_asked_is_news() -> None:
    assert News().has("alone")


def test_how_many_values_are_given_together_is_no_news() -> None:
    assert shape_of("a IN (?, ?, ?) AND b = ?") == shape_of("a IN (?, ?) AND b = ?")
    assert shape_of("a IN (?) AND b = ?") != shape_of("a IN (?)")
