"""How parameters are grouped, written and typed, and the words of the plan behind them."""

from __future__ import annotations

import pytest

from portal.programme.clause_words import CLAUSES, sentence_of
from portal.programme.effect_queries import Effect, Line, Picture, effect_of
from portal.programme.parameter_words import (
    GROUPS,
    WORDS,
    choices_of,
    text_of,
    typed_text,
    write_allowed,
    write_with_unit,
)
from portal.programme.policy import BY_KEY, OWN, PARAMETERS


def test_every_parameter_stands_in_one_group() -> None:
    grouped = [key for keys in GROUPS.values() for key in keys]
    assert sorted(grouped) == sorted(BY_KEY)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.key)
def test_every_parameter_has_words_for_its_values_and_its_basis(parameter) -> None:
    for one in parameter.allowed or ():
        assert not isinstance(one, str) or one in WORDS
    sentence = sentence_of(parameter.key, parameter.clause)
    if parameter.clause == OWN:
        assert sentence is None
    else:
        assert sentence
        assert sentence in CLAUSES[parameter.clause]
    assert write_allowed(parameter)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.key)
def test_what_a_page_offers_is_read_back_as_the_same_value(parameter) -> None:
    if parameter.unit != "分":
        assert parameter.parse(text_of(parameter.default)) == parameter.default
    for text, _ in choices_of(parameter):
        parameter.parse(text)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("min_sent_days", 40, "40 天"),
        ("min_sent_days", 40.5, "40.5 天"),
        ("province_min_fen", 3_000_000, "30,000.00 元"),
        ("offday", "with_approval", "经县级核准后计入"),
        ("allow_preparatory", True, "是"),
        ("cert_levels", ["intermediate", "senior"], "社会工作师、高级社会工作师"),
        ("weight_sent_travel", 0, "0"),
    ],
)
def test_writes_a_value_for_people(key, value, words) -> None:
    assert write_with_unit(BY_KEY[key], value) == words


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("30000", "3000000"),
        ("30,000.50", "3000050"),
        ("3万", None),
        ("1.005", None),
        ("-1", "-100"),
    ],
)
def test_reads_an_amount_in_yuan(typed, text) -> None:
    assert typed_text(BY_KEY["province_min_fen"], typed) == text


def line(pairing: int, **changes) -> Line:
    values = {**dict.fromkeys(Line._fields, 0), "pairing_id": pairing, "year": 2022}
    return Line(**{**values, "is_compliant": False, **changes})


def test_an_effect_counts_pairings_once_and_findings_each() -> None:
    before = {(1, 2022): line(1, findings=0b011), (1, 2023): line(1), (2, 2022): line(2)}
    after = {
        (1, 2022): line(1, findings=0b110),
        (1, 2023): line(1, is_compliant=True),
        (2, 2022): line(2),
    }
    effect = effect_of(
        Picture(before, frozenset({7, 8})), Picture(after, frozenset({8, 9})), workdays=3
    )
    assert effect == Effect(3, 2, 1, 1, 1, 1, 0)
    assert "3 条工作日志" in effect.words
    assert "2 人次选派的资格" in effect.words
    assert "1 项年度结果由未达标变为达标" in effect.words


def test_an_effect_of_nothing_says_so() -> None:
    picture = Picture({(1, 2022): line(1)}, frozenset())
    assert "没有" in effect_of(picture, picture, workdays=0).words
