"""What cannot be seen: one normalisation, for every category of character that shows nothing."""

from __future__ import annotations

import sys
from unicodedata import category

import pytest

from portal.standards.bank_account import normalise_bank_account
from portal.standards.credit_code import normalise_credit_code
from portal.standards.dates import parse_date
from portal.standards.id_number import check_id_number, make_id_number
from portal.standards.money import parse_yuan
from portal.standards.phone import check_phone, normalise_phone
from portal.standards.text import compact, is_blank, legible, plain, trimmed

CONTROLS = ("Cf", "Cc", "Cs")
FILLERS = "\u034f\u115f\u1160\u17b4\u3164\uffa0\u180b\ufe0f\U000e0101"
LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

EVERYTHING = [chr(code) for code in range(sys.maxunicode + 1)]


def test_no_control_or_format_character_is_left():
    controls = [one for one in EVERYTHING if category(one) in CONTROLS]
    kept = [one for one in controls if plain(f"a{one}b") != "ab"]
    assert set(kept) == {"\t", *LINE_BREAKS} - {"\u2028", "\u2029"}


def test_every_blank_is_one_blank():
    for one in (sign for sign in EVERYTHING if category(sign) == "Zs" or sign == "\u2800"):
        assert plain(f"a{one}b") == "a b"


def test_every_line_break_is_one_line_break():
    for one in (*LINE_BREAKS, "\r\n"):
        assert plain(f"一{one}二") == "一\n二"


def test_ten_lines_count_as_one_break_each():
    assert len(plain("\r\n".join(["字" * 199] * 10))) == 1999


def test_fillers_and_selectors_show_nothing():
    for one in FILLERS:
        assert plain(f"a{one}b") == "ab"


def test_what_can_be_seen_stays():
    seen = "（㐀𠀀①²·，。…—Ａé！ئۇيغۇر བོད 한 ☎"
    assert plain(seen) == seen


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u3164", "\u00a0", "\u2800", "\u3000\n\t"])
def test_a_text_that_shows_nothing_is_blank(text):
    assert is_blank(text)


def test_names_what_an_old_text_holds_unseen():
    assert legible("张\u200b三\u3000\n\u2800") == "张〔U+200B〕三\u3000\n〔U+2800〕"


@pytest.mark.parametrize(
    ("normalise", "code"),
    [
        (compact, "110105198503010018"),
        (trimmed, "示例 001"),
        (normalise_phone, "13812345678"),
        (normalise_bank_account, "6222020200112233445"),
        (normalise_credit_code, "52350102Y00000016P"),
    ],
)
@pytest.mark.parametrize("around", ["\u202d{}\u202c", "\u200e{}", "{}\ufeff", "\u2068{}\u2069\xa0"])
def test_a_pasted_code_is_what_it_shows(normalise, code, around):
    assert normalise(around.format(code)) == code


def test_a_pasted_number_date_and_amount_pass_their_checks():
    day = parse_date("2022-03-01")
    number = make_id_number("653228", day.replace(year=1985), 11)
    assert check_id_number(f"\u202d{number}\u202c", today=day) is None
    assert check_phone("\u202d138\u00a01234\u200b5678\u202c") is None
    assert parse_date("\u202d2022-03-01\u202c") == day
    assert parse_yuan("\u202d1,000.50\u202c") == parse_yuan("1000.50")
