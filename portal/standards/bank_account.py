"""Bank account numbers (银行账号): shape only.

No national standard fixes their length, and corporate accounts carry no common check digit (the
Luhn digit of ISO/IEC 7812 is for cards), so nothing more can be refused than what no bank uses.
"""

from portal.standards.problem import Problem
from portal.standards.text import compact, is_digits

MIN_DIGITS = 8
MAX_DIGITS = 32

_VISIBLE_TAIL = 4


def check_bank_account(text: str) -> Problem | None:
    """The fault of an account number, or None.

    Problem codes: ``missing``, ``wrong_character``, ``wrong_length``.
    """
    number = normalise_bank_account(text)
    if not number:
        return Problem("missing", "请填写银行账号。")
    if not is_digits(number):
        return Problem("wrong_character", "银行账号只能包含数字，请对照开户许可证或银行卡核对。")
    if not MIN_DIGITS <= len(number) <= MAX_DIGITS:
        return Problem(
            "wrong_length",
            f"银行账号应为{MIN_DIGITS}至{MAX_DIGITS}位数字，实际为{len(number)}位。",
        )
    return None


def normalise_bank_account(text: str) -> str:
    """The form that is stored: half-width without spaces and hyphens."""
    return compact(text).replace("-", "")


def mask_bank_account(text: str) -> str:
    """All but the last four digits hidden (脱敏); a text shorter than any account wholly."""
    number = normalise_bank_account(text)
    if len(number) < MIN_DIGITS:
        return "*" * len(number)
    return "*" * (len(number) - _VISIBLE_TAIL) + number[-_VISIBLE_TAIL:]
