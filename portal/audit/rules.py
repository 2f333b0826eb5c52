"""Which refused attempts the trail keeps, and how many of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from portal.standards.numbers_of_people import LEFT_OUT, holds_number

FORBIDDEN = "forbidden"
"""The code of a deed that the roles of an account do not allow (403)."""

UNSEEN = "unseen"
"""The code of a deed on what lies outside somebody's scope, or nowhere (404)."""

TOO_MANY_SIGN_INS = "too_many_sign_ins"

KEPT_CODES = {
    FORBIDDEN: "没有此项权限",
    UNSEEN: "不在管辖范围内或不存在",
    TOO_MANY_SIGN_INS: "同一网络地址登录失败过多",
    "own_entry": "本人经手或本人的事项",
    "same_person_twice": "同一人办理两个环节",
    "separation_of_duties": "三员分立",
    "last_administrator": "最后一名管理员",
    "too_many_reveals": "查看原文超过上限",
}
"""Refusals that somebody who tries what is not theirs meets: four eyes, three administrators, the
limits. What a clerk mistypes is not kept."""

KEPT_PERMISSIONS = frozenset({"account.write", "account.secure"})
"""Rights are administered under these: every refusal is kept, whatever its code."""

REFUSED_WINDOW = timedelta(minutes=1)
MOST_REFUSED = 10
"""Refused attempts of one person (a visitor: one address) that are kept one by one in a minute; of
more than that, the hundredth, the thousandth …, each with how many there were: whoever sends a
thousand a second cannot fill the trail."""


def is_kept(permission: str, codes: Collection[str]) -> bool:
    """Is a refused attempt kept, by what it needed and why it was refused?"""
    return permission in KEPT_PERMISSIONS or not KEPT_CODES.keys().isdisjoint(codes)


def is_noted(number: int) -> bool:
    """Is this one of the refused attempts of a minute that get a row? Counted from 1."""
    if number <= MOST_REFUSED:
        return True
    while number % 10 == 0:
        number //= 10
    return number == 1


LONGEST_PATH = 70
_PART_OF_AN_ADDRESS = re.compile(r"[\w.@-]*", re.ASCII)


def kept_path(path: str) -> str:
    """Return the address of a refused attempt as the trail keeps it: nothing personal stands in it.

    Whoever tries addresses types into them: ID numbers, phones, names. No address of the portal has
    such a part; eleven digits in a row are left out, and what is no plain word or code.
    """
    parts = (
        part if _PART_OF_AN_ADDRESS.fullmatch(part) and not holds_number(part) else LEFT_OUT
        for part in path.split("/")
    )
    return "/".join(parts)[:LONGEST_PATH]
