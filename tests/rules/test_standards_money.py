"""Amounts in yuan and fen."""

from decimal import Decimal

import pytest

from portal.standards.money import MAX_FEN, format_yuan, parse_yuan, plain_yuan


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("30000.00", 3_000_000),
        ("30000", 3_000_000),
        ("30000.5", 3_000_050),
        ("30,000.00", 3_000_000),
        ("1,234,567.89", 123_456_789),
        ("３０，０００．００", 3_000_000),
        (" 0.01 ", 1),
        ("0.29", 29),
        ("0", 0),
        ("-12.34", -1234),
        ("+12.34", 1234),
        ("9999999999999.99", MAX_FEN),
        (30000, 3_000_000),
        (30000.0, 3_000_000),
        (0.29, 29),
        (0.1 + 0.2, 30),
        (1234.56, 123_456),
        (-0.0, 0),
        (Decimal("30000.00"), 3_000_000),
        (Decimal("30000.000000"), 3_000_000),
        (Decimal("3E+4"), 3_000_000),
    ],
)
def test_reads_amounts_exactly(value: object, fen: int) -> None:
    assert parse_yuan(value) == fen


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        True,
        "0.001",
        "12.345",
        "12.",
        ".5",
        "1e3",
        "3万",
        "30000元",
        "30,00.00",
        "3,0000.00",
        "30 000",
        "--1",
        "NaN",
        "٣٠",
        "10000000000000",
        "1" * 400,
        12.345,
        float("nan"),
        float("inf"),
        1e300,
        Decimal("0.001"),
        Decimal("0.01000000000000000000000000000000000000000000000001"),
        Decimal("NaN"),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
        10**13,
        10**4000,
    ],
)
def test_refuses_everything_else(value: object) -> None:
    assert parse_yuan(value) is None


@pytest.mark.parametrize(
    ("fen", "formatted", "plain"),
    [
        (3_000_000, "30,000.00", "30000.00"),
        (123_456_789, "1,234,567.89", "1234567.89"),
        (5, "0.05", "0.05"),
        (0, "0.00", "0.00"),
        (-5, "-0.05", "-0.05"),
        (-123_456, "-1,234.56", "-1234.56"),
    ],
)
def test_writes_amounts(fen: int, formatted: str, plain: str) -> None:
    assert format_yuan(fen) == formatted
    assert plain_yuan(fen) == plain
    assert parse_yuan(formatted) == parse_yuan(plain) == fen
