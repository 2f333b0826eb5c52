"""Text that a spreadsheet program would compute, and how it is kept from doing so.

A cell of a text file that begins with one of ``STARTS`` gets an apostrophe before it when we write
it, and loses it when we read it (OWASP, CSV injection). Other programs write ``="0951"``, so that
digits stay as they are.
"""

import re

STARTS = frozenset("=+-@\t\r＝＋－＠")
"""What a spreadsheet program may take for the beginning of a formula, in half and full width."""

_KEPT_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')


def guarded(text: str) -> str:
    """The text as it is written into a file."""
    return f"'{text}" if text[:1] in STARTS else text


def unguarded(text: str) -> str:
    """The text as it was before :func:`guarded`, or before another program kept it as text."""
    if text[:1] == "'" and text[1:2] in STARTS:
        return text[1:]
    kept = _KEPT_AS_TEXT.fullmatch(text.strip()) if text.lstrip()[:2] == '="' else None
    return kept.group(1).replace('""', '"') if kept else text
