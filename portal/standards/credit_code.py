"""Unified social credit code (统一社会信用代码), GB 32100-2015.

Eighteen characters: 1 registering authority, 2 kind of organisation, 3–8 region code (GB/T 2260)
of the authority, 9–17 organisation code with its own check character (GB 11714-1997), 18 check
character.
"""

from portal.standards.problem import Problem
from portal.standards.text import compact_upper, is_digits

LENGTH = 18

# GB 32100-2015: digits and capital letters without I, O, S, V, Z; the index is the value.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, exponent, 31) for exponent in range(17))

# GB 11714-1997 counts all 26 letters, so the same letter has another value than above.
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_REGION = slice(2, 8)
_ORGANISATION_BODY = slice(8, 16)
_ORGANISATION_CHECK_POSITION = 17
_CHECK_POSITION = 18

_LOOKALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5"}


def check_credit_code(text: str) -> Problem | None:
    """The first fault of a credit code, or None; the text may be in any typing variant.

    Problem codes: ``missing``, ``wrong_length``, ``wrong_character``, ``wrong_region``,
    ``wrong_organisation_check``, ``wrong_check``. The organisation code is judged before the last
    character: one slip inside it spoils both, and only the first of them is near the slip.
    Whether the region exists is not asked: registries also use codes of development zones and
    100000 for the nation.
    """
    code = normalise_credit_code(text)
    if not code:
        return Problem("missing", "请填写统一社会信用代码。")
    if len(code) != LENGTH:
        return Problem(
            "wrong_length",
            f"统一社会信用代码应为18位，实际为{len(code)}位，请对照登记证书核对。",
        )
    problem = _character_problem(code) or _region_problem(code)
    return problem or _organisation_check_problem(code) or _check_problem(code)


def normalise_credit_code(text: str) -> str:
    """The form that is stored: half-width capitals without spaces."""
    return compact_upper(text)


def region_code_of(code: str) -> str:
    """The six-digit region code of the registering authority, from a checked code."""
    return code[_REGION]


def expected_check_character(first_17: str) -> str:
    """Character 18 that GB 32100-2015 demands after the given 17 characters.

    (31 − Σ value × 3^(i−1) mod 31) mod 31. Raises ValueError for characters outside the alphabet
    and for any other length.
    """
    if len(first_17) != len(_WEIGHTS):
        raise ValueError(f"17 characters are needed, not {len(first_17)}")
    total = sum(
        ALPHABET.index(character) * weight
        for character, weight in zip(first_17, _WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def expected_organisation_check_character(body: str) -> str:
    """Check character that GB 11714-1997 demands after the eight characters of ``body``.

    11 − (Σ value × weight mod 11), where 10 is written X and 11 is written 0. Raises ValueError
    for characters other than 0–9 and A–Z and for any other length.
    """
    if len(body) != len(_ORGANISATION_WEIGHTS):
        raise ValueError(f"8 characters are needed, not {len(body)}")
    total = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def make_credit_code(prefix: str, region_code: str, serial: int | str) -> str:
    """A valid code for the demonstration programme and for tests.

    ``prefix`` is characters 1 and 2: 51 社会团体, 52 社会服务机构, 53 基金会, 12 事业单位, 11 机关.
    A text ``serial`` is the eight characters of the organisation code. A number becomes ``Y`` and
    seven digits; no block of issued codes that starts with Y is known to us, so such a code should
    belong to nobody. Raises ValueError for parts of the wrong shape.
    """
    body = serial if isinstance(serial, str) else f"Y{serial:07d}"
    first_17 = prefix + region_code + body + expected_organisation_check_character(body)
    code = first_17 + expected_check_character(first_17)
    if problem := check_credit_code(code):
        raise ValueError(problem.sentence)
    return code


def _character_problem(code: str) -> Problem | None:
    # Characters 17 and 18 are compared with the one that is expected, which says more.
    for position, character in enumerate(code[: _ORGANISATION_CHECK_POSITION - 1], start=1):
        if character in ALPHABET:
            continue
        likely = _LOOKALIKES.get(character)
        hint = f"是否应为数字“{likely}”？" if likely else "请对照登记证书核对。"
        return Problem(
            "wrong_character",
            f"统一社会信用代码第{position}位为“{character}”，代码只用数字和除I、O、S、V、Z"
            f"以外的大写字母，{hint}",
            position=position,
            actual=character,
        )
    return None


def _region_problem(code: str) -> Problem | None:
    for position, character in enumerate(code[_REGION], start=3):
        if not is_digits(character):
            return Problem(
                "wrong_region",
                f"统一社会信用代码第{position}位为“{character}”，第3至8位是登记机关行政区划码，"
                "应为6位数字，请对照登记证书核对。",
                position=position,
                actual=character,
            )
    return None


def _organisation_check_problem(code: str) -> Problem | None:
    expected = expected_organisation_check_character(code[_ORGANISATION_BODY])
    actual = code[_ORGANISATION_CHECK_POSITION - 1]
    if actual == expected:
        return None
    return Problem(
        "wrong_organisation_check",
        f"统一社会信用代码第17位（组织机构代码校验码）应为“{expected}”，实际为“{actual}”，"
        "请对照登记证书核对第9至17位。",
        position=_ORGANISATION_CHECK_POSITION,
        expected=expected,
        actual=actual,
    )


def _check_problem(code: str) -> Problem | None:
    expected = expected_check_character(code[: _CHECK_POSITION - 1])
    actual = code[_CHECK_POSITION - 1]
    if actual == expected:
        return None
    return Problem(
        "wrong_check",
        f"统一社会信用代码第18位校验码应为“{expected}”，实际为“{actual}”："
        "18位中至少有一位填错，请对照登记证书逐位核对。",
        position=_CHECK_POSITION,
        expected=expected,
        actual=actual,
    )
