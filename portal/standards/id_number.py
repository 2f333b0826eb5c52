"""Citizen identity number (公民身份号码), GB 11643-1999.

Eighteen characters: 1–6 region code (GB/T 2260) at first registration, 7–14 date of birth, 15–17
order number (odd for men, even for women), 18 check character by ISO 7064 MOD 11-2.
"""

from collections.abc import Container
from datetime import date
from enum import StrEnum

from portal.standards.problem import Problem
from portal.standards.text import compact_upper, is_digits

LENGTH = 18
_FIRST_GENERATION_LENGTH = 15

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"

_VISIBLE_HEAD, _VISIBLE_TAIL = 3, 2


class Sex(StrEnum):
    """Sex code (性别代码) of GB/T 2261.1-2003, as far as an identity number can tell it."""

    MALE = "1"
    FEMALE = "2"


def check_id_number(
    text: str, *, today: date, region_codes: Container[str] | None = None
) -> Problem | None:
    """The first fault of an identity number, or None; the text may be in any typing variant.

    ``region_codes`` are the codes in force together with the withdrawn ones, since a number keeps
    the code of its first issue for life; without it the region is not judged. Problem codes:
    ``missing``, ``first_generation``, ``wrong_length``, ``wrong_character``, ``unknown_region``,
    ``wrong_birth_date``, ``future_birth_date``, ``wrong_check``. The check character comes last:
    an impossible date says better where the slip is.
    """
    number = normalise_id_number(text)
    if not number:
        return Problem("missing", "请填写公民身份号码。")
    problem = _shape_problem(number)
    if problem:
        return problem
    if region_codes is not None and number[:6] not in region_codes:
        return Problem(
            "unknown_region",
            f"公民身份号码前6位“{number[:6]}”不是现行或曾用的行政区划代码，请对照证件核对。",
        )
    return _birth_date_problem(number, today) or _check_problem(number)


def normalise_id_number(text: str) -> str:
    """The form that is stored: half-width without spaces, with a capital X."""
    return compact_upper(text)


def birth_date_of(number: str) -> date:
    """Date of birth in a normalised number; raises ValueError if the calendar has no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> Sex:
    """Sex by the order number: character 17 is odd for men and even for women."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def mask_id_number(text: str) -> str:
    """The number with all but its first three and last two characters hidden (脱敏).

    The date of birth stays hidden as a whole. Anything too short to hide enough is hidden wholly.
    """
    number = normalise_id_number(text)
    hidden = len(number) - _VISIBLE_HEAD - _VISIBLE_TAIL
    if hidden < _VISIBLE_HEAD + _VISIBLE_TAIL:
        return "*" * len(number)
    return number[:_VISIBLE_HEAD] + "*" * hidden + number[-_VISIBLE_TAIL:]


def expected_check_character(first_17: str) -> str:
    """Character 18 that ISO 7064 MOD 11-2 demands; raises ValueError unless given 17 digits."""
    if len(first_17) != len(_WEIGHTS) or not is_digits(first_17):
        raise ValueError("17 digits are needed")
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def make_id_number(region_code: str, birth: date, serial: int) -> str:
    """A valid number for the demonstration programme and for tests; ``serial`` is 0–999.

    A made number can belong to a living person. It cannot, if ``region_code`` was introduced after
    the person's registration: 653228 和康县 and 653229 和安县 are of 2024, 659012 白杨市 of 2023,
    so no adult has a number that starts with them. The demonstration should use these.
    """
    first_17 = f"{region_code}{birth.isoformat().replace('-', '')}{serial:03d}"
    return first_17 + expected_check_character(first_17)


def _shape_problem(number: str) -> Problem | None:
    if len(number) == _FIRST_GENERATION_LENGTH and is_digits(number):
        return Problem(
            "first_generation",
            "15位身份证号码已停止使用，请填写第二代居民身份证上的18位公民身份号码。",
        )
    if len(number) != LENGTH:
        return Problem(
            "wrong_length",
            f"公民身份号码应为18位，实际为{len(number)}位，请对照证件核对。",
        )
    for position, character in enumerate(number[:-1], start=1):
        if not is_digits(character):
            return Problem(
                "wrong_character",
                f"公民身份号码第{position}位为“{character}”，前17位应全部为数字，请对照证件核对。",
                position=position,
                actual=character,
            )
    return None


def _birth_date_problem(number: str, today: date) -> Problem | None:
    written = f"{number[6:10]}年{number[10:12]}月{number[12:14]}日"
    try:
        birth = birth_date_of(number)
    except ValueError:
        return Problem(
            "wrong_birth_date",
            f"公民身份号码第7至14位的出生日期“{written}”不存在，请对照证件核对。",
        )
    if birth > today:
        return Problem(
            "future_birth_date",
            f"公民身份号码第7至14位的出生日期“{written}”晚于今天，请对照证件核对。",
        )
    return None


def _check_problem(number: str) -> Problem | None:
    expected, actual = expected_check_character(number[:-1]), number[-1]
    if actual == expected:
        return None
    return Problem(
        "wrong_check",
        f"公民身份号码第18位校验码应为“{expected}”，实际为“{actual}”，请对照证件核对。",
        position=LENGTH,
        expected=expected,
        actual=actual,
    )
