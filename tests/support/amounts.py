"""Odd amounts, as people type them and as programs send them: what each is in fen, or why it is none."""

from __future__ import annotations

from typing import NamedTuple

MISSING, NONE, TOO_SMALL, TOO_MUCH, TOO_LONG = (
    "请填写", "最多两位小数", "应大于 0 元", "超过单笔上限", "字符",
)  # fmt: skip


class Odd(NamedTuple):
    """What is typed, and its fen; or words of the sentence that refuses it."""

    typed: str
    fen: int | None
    words: str = ""


RIGHT = [
    Odd("1", 100),
    Odd("0.01", 1),
    Odd("12.5", 1250),
    Odd("１２．５０", 1250),
    Odd("1,000", 100_000),
    Odd("１，０００．０５", 100_005),
    Odd("+5", 500),
    Odd("007", 700),
    Odd("  8\u3000", 800),
    Odd("\u200b9\ufeff", 900),
    Odd("5\u202e", 500),
    Odd("6\x07", 600),
    Odd("10000000.00", 1_000_000_000),
]
WRONG = [
    *(Odd(text, None, MISSING) for text in ("", " ", "\u3000", "\u200b", "\t\n")),
    *(
        Odd(text, None, TOO_SMALL)
        for text in ("0", "-0", "0.00", "-1", "-0.01", "－１", "-9999999999999.99")
    ),
    *(
        Odd(text, None, TOO_MUCH)
        for text in ("10000000.01", "100000000", "9999999999999.99", "999,999,999.99")
    ),
    *(
        Odd(text, None, NONE)
        for text in (
            "0.001", "1.005", "1e5", "1E+5", "NaN", "nan", "Infinity", "-inf", "0x10", "1_000", "1,00",
            "10,00,000", "1 000", "5元", "¥5", "￥5", "5.", ".5", "--5", "+-5", "1.2.3", "1,000.5.0", "5-",
            "壹万元", "一万", "五", "②", "²", "5²", "⑩", "½", "٣", "५", "𝟓", "=1+1", "=SUM(A1:A9)", "@5",
            "'5", "5;DROP TABLE ledger_entry", "<b>5</b>",  "%s", "null", "True", "[]",
            "1" + "0" * 18, "9" * 40, "-" + "9" * 40, "1e999999999",
        )
    ),
]  # fmt: skip
LONG = [Odd("9" * 61, None, TOO_LONG), Odd("1" * 100_000, None, TOO_LONG)]
"""Longer than any field of an amount lets pass; a rule that is asked refuses them as none."""

KINDS = frozenset(
    ("", "0", "-1", "0.001", "1e5", "NaN", "壹万元", "②", "=1+1", "1" + "0" * 18, "100000000", "9" * 61,
     "12.5", "１，０００．０５", "1,000", "10000000.00")
)  # fmt: skip
"""One of each kind."""
