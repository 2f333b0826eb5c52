"""What nobody means to send: texts, numbers, dates, cursors and names of parameters.

Each stands for a kind that once broke something, here or elsewhere: what databases, drivers,
Unicode, JSON, ``int`` and ``date`` refuse, and what a URL can carry.
"""

from __future__ import annotations

import base64
import json

BLANKS = (" ", "\t", "\n", "\u3000", "\u200b", "\u202e\u202c", "\ufeff", "\u00a0")
TEXTS = (
    "",
    *BLANKS,
    "\0",
    "a\0b",
    "%",
    "\\",
    "_%'\"",
    "' OR 1=1 --",
    "<script>",
    "{{7*7}}",
    "[]",
    '{"a": 1}',
    "null",
    "演示" * 2500,
    "a" * 20_000,
    "\U0001f600",
    "e\u0301" * 40,
    "../../etc/passwd",
    "//example.org",
    "状态",
)
NUMBERS = (
    "0",
    "-1",
    "1.5",
    "1e999",
    "NaN",
    "１２３",
    "²",
    "0x10",
    "1_000",
    "9007199254740993",
    str(2**31),
    str(2**63),
    "9" * 30,
    "-" + "9" * 30,
    "9" * 5000,
)
DATES = (
    "0001-01-01",
    "1900-01-01",
    "2199-12-31",
    "9999-12-31",
    "0000-00-00",
    "2022-02-30",
    "20220101",
    "2022-11-21T00:00:00Z",
)
NOT_UTF8 = ("%FF%FE", "%ED%A0%80", "%C0%AF")
"""Bytes as they stand in a URL: no UTF-8, a lone surrogate, an overlong slash."""

ANY = (*TEXTS, *NUMBERS, *DATES, *NOT_UTF8)
WORST = (" ", "9" * 30, "9999-12-31")
"""What breaks most: nothing to see, too large, no day after."""


def cursor_of(stored: str, direction: str = "a") -> str:
    """Return the cursor of a JSON text, as a list would write it."""
    return direction + base64.urlsafe_b64encode(stored.encode()).decode().rstrip("=")


KEYS = (
    "true",
    "null",
    "100000000000000000000",
    "-100000000000000000000",
    "1e400",
    "NaN",
    '"\\u0000"',
    '"\\ud800"',
    '"a"',
    '""',
    '"9999-12-31"',
    '"0001-01-01"',
    '"2022-11-21"',
    '"2022-11-21T08:00:00+00:00"',
    '"9999-12-31T23:59:59.999999-23:59"',
    "1",
    "1.5",
    "[1]",
    "{}",
    json.dumps("演示" * 5000),
)
"""JSON of what may stand in the place of one key of a cursor."""

CURSORS = (
    "a",
    "x",
    "aW10",
    "a!!!",
    "b" * 1000,
    "演示",
    "a" + base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    cursor_of("true"),
    cursor_of("null"),
    cursor_of('"abc"'),
    cursor_of("{}"),
    cursor_of('{"a": 1, "b": 2}'),
    cursor_of("[" * 50_000),
    cursor_of("9" * 5000),
    cursor_of('["a","b",100000000000000000000]'),
    *(
        cursor_of(f"[{','.join([key] * count)}]", "ab"[count % 2])
        for key in KEYS
        for count in (1, 2, 3)
    ),
    *(cursor_of(f'["a",{key}]') for key in KEYS),
    *(cursor_of(f'["2022-11-21",{key}]') for key in KEYS),
    *(cursor_of(f"[1,{key}]") for key in KEYS),
)

WORST_CURSORS = (
    cursor_of("true"),
    cursor_of('["a","b",100000000000000000000]'),
    cursor_of('["\\ud800",1]'),
    cursor_of('["9999-12-31T23:59:59-23:59",1]'),
    cursor_of("[true,1]"),
    cursor_of("[NaN,1]"),
)

NAMES = (
    "_external",
    "_scheme",
    "_anchor",
    "_method",
    "endpoint",
    "values",
    "self",
    "code",
    "a[]",
    "q[]",
    "",
    " ",
    "演示",
    "__class__",
    "a" * 5000,
)
"""Names of parameters that no form has, and that a function might mistake for its own."""
