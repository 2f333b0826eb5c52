"""What may be searched for."""

from __future__ import annotations

import pytest

from portal.search.rules import MAX_CHARACTERS, MAX_WORDS, asked_by, refusals_for_search


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("   ", ()),
        ("　红寺堡　 中心 ", ("红寺堡", "中心")),
        ("２０２２－０１", ("2022-01",)),
        ("ｐ１", ("p1",)),
        ("中心（３号）", ("中心（3号）",)),
        ("同心\u200b县", ("同心县",)),
    ],
)
def test_reads_words_however_they_are_typed(typed: str, words: tuple[str, ...]) -> None:
    assert asked_by(typed).words == words


def test_a_code_is_compared_in_capitals_without_blanks() -> None:
    assert asked_by("5235 0102 y000 0001x").code == "52350102Y0000001X"


def test_nothing_asked_is_no_fault() -> None:
    assert refusals_for_search(asked_by("  ")) == []


def test_says_how_long_a_search_may_be_and_how_long_it_is() -> None:
    assert refusals_for_search(asked_by("字" * MAX_CHARACTERS)) == []
    (refusal,) = refusals_for_search(asked_by("字" * (MAX_CHARACTERS + 1)))
    assert refusal.code == "too_long"
    assert "最多 100 个字，现有 101 个字" in refusal.sentence


def test_says_how_many_words_there_may_be() -> None:
    assert refusals_for_search(asked_by("一 " * MAX_WORDS)) == []
    (refusal,) = refusals_for_search(asked_by("一 " * (MAX_WORDS + 1)))
    assert refusal.code == "too_many_words"
    assert "9 个" in refusal.sentence
