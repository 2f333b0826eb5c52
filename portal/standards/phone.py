"""Mainland telephone numbers (联系电话) by the public numbering plan: mobile and landline."""

import re

from portal.standards.problem import Problem
from portal.standards.text import compact, plain_dashes

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY_PREFIX = re.compile(r"(?:\+86|0086|86)-?")

# Three-digit area codes (010, 02x) have eight-digit numbers, the others seven or eight digits.
_LANDLINE = re.compile(
    r"(?:(010|02[0-9])-?([1-9][0-9]{7})|(0[3-9][0-9]{2})-?([1-9][0-9]{6,7}))(?:-([0-9]{1,6}))?"
)

_VISIBLE_TAIL = 2
_MIN_MASKED = 6


def check_phone(text: str) -> Problem | None:
    """The fault of a mobile or landline number, or None.

    Problem codes: ``missing``, ``wrong_phone``. A landline needs its area code; an extension may
    follow after ``-`` or ``转``. Hotlines (400, 800) and short numbers are not accepted.
    """
    number = normalise_phone(text)
    if not number:
        return Problem("missing", "请填写联系电话。")
    if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return None
    return Problem(
        "wrong_phone",
        "联系电话应为11位手机号码，或带区号的固定电话，例如13812345678、0951-1234567。",
    )


def normalise_phone(text: str) -> str:
    """The form that is stored: ``13812345678``, ``0951-1234567`` or ``0951-1234567-801``.

    Text that is no telephone number comes back only half-width and without spaces.
    """
    cleaned = plain_dashes(compact(text)).replace("转", "-")
    bare = cleaned.replace("(", "").replace(")", "-").replace("--", "-")
    bare = _without_country_prefix(bare)
    if _MOBILE.fullmatch(bare.replace("-", "")):
        return bare.replace("-", "")
    landline = _LANDLINE.fullmatch(bare)
    if not landline:
        return cleaned
    return "-".join(part for part in landline.groups() if part)


def mask_phone(text: str) -> str:
    """``138****5678``; of a landline the area code and the last two digits stay visible."""
    number = normalise_phone(text)
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    if _LANDLINE.fullmatch(number):
        area, local = number.split("-")[:2]
        return f"{area}-{_mask_all_but_tail(local)}"
    return _mask_all_but_tail(number)


def _without_country_prefix(number: str) -> str:
    """Drops +86, 0086 or 86 and gives a landline its 0 back; other numbers stay as they are."""
    match = _COUNTRY_PREFIX.match(number)
    if not match:
        return number
    rest = number[match.end() :]
    if _MOBILE.fullmatch(rest.replace("-", "")):
        return rest
    with_trunk_prefix = rest if rest.startswith("0") else f"0{rest}"
    return with_trunk_prefix if _LANDLINE.fullmatch(with_trunk_prefix) else number


def _mask_all_but_tail(number: str) -> str:
    visible = _VISIBLE_TAIL if len(number) >= _MIN_MASKED else 0
    return "*" * (len(number) - visible) + number[len(number) - visible :]
