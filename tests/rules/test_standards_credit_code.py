"""Unified social credit codes, GB 32100-2015 and GB 11714-1997."""

import pytest

from portal.standards.credit_code import (
    ALPHABET,
    check_credit_code,
    expected_check_character,
    expected_organisation_check_character,
    make_credit_code,
    normalise_credit_code,
    region_code_of,
)

# The example of the standard; its printed check character Z is wrong and outside the alphabet.
GOOD = "91350100M000100Y43"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "91350100m000100y43",
        "  91350100M000100Y43\n",
        "91350100 M000100Y 43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "９１３５０１００ｍ０００１００ｙ４３\u3000",
        "\ufeff91350100M000100Y43",
        "11100000000019502X",  # registered by the nation, region 100000
    ],
)
def test_accepts_every_typing_variant_of_a_good_code(text: str) -> None:
    assert check_credit_code(text) is None


def test_stores_one_form_for_all_variants() -> None:
    assert normalise_credit_code("９１３５０１００ｍ０００１００ｙ４３　") == GOOD


def test_names_the_expected_last_character() -> None:
    problem = check_credit_code("91350100M000100Y4Z")
    assert problem is not None
    assert problem.sentence == (
        "统一社会信用代码第18位校验码应为“3”，实际为“Z”："
        "18位中至少有一位填错，请对照登记证书逐位核对。"
    )
    assert (problem.code, problem.position) == ("wrong_check", 18)
    assert (problem.expected, problem.actual) == ("3", "Z")


def test_names_the_expected_character_of_the_organisation_code() -> None:
    problem = check_credit_code("91350100M000100Y53")
    assert problem is not None
    assert problem.sentence == (
        "统一社会信用代码第17位（组织机构代码校验码）应为“4”，实际为“5”，"
        "请对照登记证书核对第9至17位。"
    )
    assert (problem.position, problem.expected, problem.actual) == (17, "4", "5")


@pytest.mark.parametrize(
    ("text", "code", "position", "words"),
    [
        ("", "missing", None, "请填写"),
        (" \u3000\t", "missing", None, "请填写"),
        (GOOD[:-1], "wrong_length", None, "应为18位，实际为17位"),
        (GOOD + "0", "wrong_length", None, "实际为19位"),
        ("350100400000001", "wrong_length", None, "实际为15位"),
        ("9135O100M000100Y43", "wrong_character", 5, "是否应为数字“0”"),
        ("9I350100M000100Y43", "wrong_character", 2, "是否应为数字“1”"),
        ("91350100M00010ZY43", "wrong_character", 15, "是否应为数字“2”"),
        ("91350100V000100Y43", "wrong_character", 9, "请对照登记证书核对"),
        ("91350100М000100Y43", "wrong_character", 9, "第9位"),  # Cyrillic М
        ("91350100M٠00100Y43", "wrong_character", 10, "第10位"),  # Arabic-Indic zero
        ("91A50100M000100Y43", "wrong_region", 3, "行政区划码"),
        ("9135010XM000100Y43", "wrong_region", 8, "应为6位数字"),
        ("91350100M000100YI3", "wrong_organisation_check", 17, "应为“4”，实际为“I”"),
        ("91350100M001000Y43", "wrong_organisation_check", 17, "第9至17位"),
        ("92350100M000100Y43", "wrong_check", 18, "第18位校验码应为"),
        ("91350200M000100Y43", "wrong_check", 18, "第18位校验码应为"),
    ],
)
def test_says_what_is_wrong(text: str, code: str, position: int | None, words: str) -> None:
    problem = check_credit_code(text)
    assert problem is not None
    assert (problem.code, problem.position) == (code, position)
    assert words in problem.sentence
    assert problem.sentence.endswith(("。", "？"))


@pytest.mark.parametrize("position", range(18))
def test_finds_every_single_wrong_character(position: int) -> None:
    for character in ALPHABET.replace(GOOD[position], ""):
        assert check_credit_code(GOOD[:position] + character + GOOD[position + 1 :]) is not None


def test_finds_every_swap_of_neighbours() -> None:
    for i in range(17):
        swapped = GOOD[:i] + GOOD[i + 1] + GOOD[i] + GOOD[i + 2 :]
        assert swapped == GOOD or check_credit_code(swapped) is not None


@pytest.mark.parametrize(
    ("body", "expected"),
    [("M000100Y", "4"), ("00001950", "2"), ("D2143569", "X"), ("00000000", "0")],
)
def test_computes_the_organisation_check_character(body: str, expected: str) -> None:
    assert expected_organisation_check_character(body) == expected


def test_computes_the_last_character() -> None:
    assert expected_check_character("91350100M000100Y4") == "3"


@pytest.mark.parametrize("first_17", ["", "91350100M000100Y", "91350100M000100I4"])
def test_refuses_to_compute_from_anything_but_17_characters(first_17: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        expected_check_character(first_17)


def test_makes_the_example_of_the_standard() -> None:
    assert make_credit_code("91", "350100", "M000100Y") == GOOD


@pytest.mark.parametrize("prefix", ["11", "12", "51", "52", "53", "91"])
def test_makes_valid_codes(prefix: str) -> None:
    codes = {make_credit_code(prefix, "640303", serial) for serial in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert check_credit_code(code) is None
        assert code.startswith(prefix + "640303Y")
        assert region_code_of(code) == "640303"


@pytest.mark.parametrize(
    ("prefix", "region", "serial"),
    [("5", "640303", 1), ("52", "64030", 1), ("52", "64030A", 1), ("52", "640303", 12345678)],
)
def test_refuses_to_make_a_malformed_code(prefix: str, region: str, serial: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        make_credit_code(prefix, region, serial)
