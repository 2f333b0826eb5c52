"""Amounts of money: yuan (元) as written, integer fen (分) as stored."""

import re
from decimal import Context, Decimal, Inexact, InvalidOperation

from portal.standards.text import trimmed

_AMOUNT = re.compile(r"([+-]?)([0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2}))?")

# Raises instead of rounding.
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])

# Fits a 64-bit column with room for sums, and lies far above any amount of the programme.
MAX_FEN = 10**15 - 1


def parse_yuan(value: object) -> int | None:
    """The amount in fen, exact, or None if the value is not an amount in yuan.

    Texts have at most two decimals and may have well-placed thousands separators. Numbers from
    spreadsheets are accepted too: a float is read with the 15 significant digits that a
    spreadsheet itself keeps, so 0.1 + 0.2 is 30 fen and 12.345 is refused. Negative amounts are
    parsed; whether one is allowed is for the rules to say. Nothing is ever rounded.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return _fen_of_text(value)
    if isinstance(value, float):
        return _fen_of_decimal(Decimal(f"{value:.15g}"))
    if isinstance(value, int | Decimal):
        return _fen_of_decimal(Decimal(value))
    return None


def format_yuan(fen: int) -> str:
    """The amount for people: ``30,000.00``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """The amount for files that programs read, without separators: ``30000.00``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


def _fen_of_text(text: str) -> int | None:
    match = _AMOUNT.fullmatch(trimmed(text))
    if not match:
        return None
    sign, yuan, decimals = match.groups()
    fen = int(yuan.replace(",", "")) * 100 + int((decimals or "").ljust(2, "0"))
    return -fen if sign == "-" else fen


def _fen_of_decimal(amount: Decimal) -> int | None:
    if not amount.is_finite():
        return None
    try:
        fen = int(amount.scaleb(2, _EXACT).quantize(Decimal(1), context=_EXACT))
    except (Inexact, InvalidOperation):
        return None
    return fen if abs(fen) <= MAX_FEN else None
