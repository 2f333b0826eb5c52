"""Text that a spreadsheet program would compute, and how it is kept from doing so.

A cell of a text file that begins with one of ``STARTS`` gets an apostrophe before it when we write
it, and loses it when we read it (OWASP, CSV injection).
"""

STARTS = frozenset("=+-@\t\r＝＋－＠")
"""What a spreadsheet program may take for the beginning of a formula, in half and full width."""


def guarded(text: str) -> str:
    """The text as it is written into a file."""
    return f"'{text}" if text[:1] in STARTS else text


def unguarded(text: str) -> str:
    """The text as it was before :func:`guarded`."""
    return text[1:] if text[:1] == "'" and text[1:2] in STARTS else text
