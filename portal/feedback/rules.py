"""What a message must be, and how many are too many. Pure."""

from __future__ import annotations

import re

from models.types import FeedbackState
from portal.refusals import Refusal
from portal.standards.id_number import expected_check_character
from portal.standards.text import is_blank, plain
from portal.web.path_rules import is_own_path

SHORTEST, LONGEST = 5, 2000
LONGEST_REPLY = 2000
LONGEST_PATH = 300

MOST_A_DAY = 20
"""Messages of one account in 24 hours."""

MOST_FROM_ADDRESS = 10
"""Messages without an account from one address in its window; an office shares one address."""

ANSWERS = (FeedbackState.ANSWERED, FeedbackState.CLOSED)
"""In which state an answer may leave a message."""

ID_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9Xx])")


def local_path(text: str) -> str:
    """Return the path of a page of this portal without its query; empty for anything else."""
    path = re.split(r"[?#]", plain(text), maxsplit=1)[0]
    return path if len(path) <= LONGEST_PATH and is_own_path(path) else ""


def refusals_for_message(text: str, *, sent_today: int) -> list[Refusal]:
    """Say why a message is not taken. ``sent_today`` are those of the account in 24 hours."""
    found = []
    length = len(plain(text))
    if length < SHORTEST:
        sentence = f"请至少写 {SHORTEST} 个字，说明发生了什么，现有 {length} 个字。"
        found.append(Refusal("text", "too_short", sentence))
    if length > LONGEST:
        sentence = f"最多 {LONGEST} 个字，现有 {length} 个字；请分几次提交。"
        found.append(Refusal("text", "too_long", sentence))
    if has_id_number(text):
        sentence = "内容里有身份证号码，请删去后再提交；需要指明某人时写姓名和所在机构即可。"
        found.append(Refusal("text", "personal_data", sentence))
    if sent_today >= MOST_A_DAY:
        sentence = f"24 小时内已提交 {sent_today} 条，上限 {MOST_A_DAY} 条；请明天再写，急事请电话联系系统管理员。"
        found.append(Refusal("", "too_many", sentence))
    return found


def has_id_number(text: str) -> bool:
    """Does a valid ID number stand in a text? A long number that is none is let through."""
    return any(
        expected_check_character(number[:-1]) == number[-1].upper()
        for number in ID_NUMBER.findall(text)
    )


def refusals_for_answer(text: str, state_after: FeedbackState) -> list[Refusal]:
    """Say why an answer is not taken."""
    found = []
    if is_blank(text):
        found.append(Refusal("text", "missing_value", "请写明答复内容，提交人会看到。"))
    if len(plain(text)) > LONGEST_REPLY:
        found.append(Refusal("text", "too_long", f"答复最多 {LONGEST_REPLY} 个字。"))
    if state_after not in ANSWERS:
        found.append(Refusal("state_after", "invalid_value", "请选择“处理中”或“已办结”。"))
    return found
