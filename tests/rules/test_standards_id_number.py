"""Citizen identity numbers, GB 11643-1999."""

from datetime import date

import pytest

from portal.standards.id_number import (
    Sex,
    birth_date_of,
    check_id_number,
    expected_check_character,
    make_id_number,
    mask_id_number,
    normalise_id_number,
    sex_of,
)

TODAY = date(2022, 6, 1)
# The example of the standard: a woman born on 31 December 1949.
GOOD = "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ\u3000",
        make_id_number("640303", date(2000, 2, 29), 7),
        make_id_number("640303", TODAY, 7),
    ],
)
def test_accepts_every_typing_variant_of_a_good_number(text: str) -> None:
    assert check_id_number(text, today=TODAY) is None


def test_stores_one_form_for_all_variants() -> None:
    assert normalise_id_number("１１０１０５ １９４９１２３１ ００２ｘ") == GOOD


def with_check(first_17: str) -> str:
    return first_17 + expected_check_character(first_17)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "missing", "请填写公民身份号码"),
        ("110105491231002", "first_generation", "15位身份证号码已停止使用"),
        ("１１０１０５４９１２３１００２", "first_generation", "18位公民身份号码"),
        ("11010549123100X", "wrong_length", "应为18位，实际为15位"),
        (GOOD[:-1], "wrong_length", "实际为17位"),
        (GOOD + "1", "wrong_length", "实际为19位"),
        ("1101O519491231002X", "wrong_character", "第5位为“O”"),
        ("1101051949123100XX", "wrong_character", "第17位为“X”"),
        ("11010519491231٠02X", "wrong_character", "第15位"),
        (with_check("11010519490230002"), "wrong_birth_date", "“1949年02月30日”不存在"),
        (with_check("11010519000229002"), "wrong_birth_date", "“1900年02月29日”不存在"),
        (with_check("11010520210229002"), "wrong_birth_date", "“2021年02月29日”不存在"),
        (with_check("11010519491331002"), "wrong_birth_date", "不存在"),
        (with_check("11010500001231002"), "wrong_birth_date", "不存在"),
        (with_check("11010520220602002"), "future_birth_date", "“2022年06月02日”晚于今天"),
        ("110105194912310021", "wrong_check", "第18位校验码应为“X”，实际为“1”"),
        ("11010519491231002×", "wrong_check", "应为“X”，实际为“×”"),
        ("110105194912310030", "wrong_check", "第18位校验码应为“8”，实际为“0”"),
    ],
)
def test_says_what_is_wrong(text: str, code: str, words: str) -> None:
    problem = check_id_number(text, today=TODAY)
    assert problem is not None
    assert problem.code == code
    assert words in problem.sentence
    assert problem.sentence.endswith("。")


def test_names_the_expected_check_character() -> None:
    problem = check_id_number("110105194912310021", today=TODAY)
    assert problem is not None
    assert (problem.position, problem.expected, problem.actual) == (18, "X", "1")


@pytest.mark.parametrize("year", [1904, 1996, 2000, 2020])
def test_accepts_leap_days(year: int) -> None:
    number = make_id_number("640303", date(year, 2, 29), 12)
    assert check_id_number(number, today=TODAY) is None
    assert birth_date_of(number) == date(year, 2, 29)


def test_accepts_only_known_regions_if_told_which() -> None:
    assert check_id_number(GOOD, today=TODAY, region_codes={"110105"}) is None
    problem = check_id_number(GOOD, today=TODAY, region_codes={"110101"})
    assert problem is not None
    assert problem.code == "unknown_region"
    assert "“110105”" in problem.sentence


@pytest.mark.parametrize("position", range(18))
def test_finds_every_single_wrong_digit(position: int) -> None:
    for digit in "0123456789X".replace(GOOD[position], ""):
        wrong = GOOD[:position] + digit + GOOD[position + 1 :]
        assert check_id_number(wrong, today=TODAY) is not None


def test_reads_birth_date_and_sex() -> None:
    assert birth_date_of(GOOD) == date(1949, 12, 31)
    assert sex_of(GOOD) is Sex.FEMALE
    assert sex_of(make_id_number("110105", date(1990, 1, 1), 1)) is Sex.MALE


def test_makes_the_example_of_the_standard() -> None:
    assert make_id_number("110105", date(1949, 12, 31), 2) == GOOD


def test_makes_valid_numbers() -> None:
    numbers = {make_id_number("653228", date(1988, 5, 4), serial) for serial in range(1000)}
    assert len(numbers) == 1000
    assert all(check_id_number(number, today=TODAY) is None for number in numbers)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (GOOD, "110*************2X"),
        ("11010519491231002x", "110*************2X"),
        ("110105491231002", "110**********02"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masks_all_but_three_and_two_characters(text: str, masked: str) -> None:
    assert mask_id_number(text) == masked


@pytest.mark.parametrize("first_17", ["", "1101051949123100", "1101051949123100X"])
def test_refuses_to_compute_from_anything_but_17_digits(first_17: str) -> None:
    with pytest.raises(ValueError, match="17 digits"):
        expected_check_character(first_17)
