"""Amounts as somebody wrote them: the right value, or a sentence; never rounded, never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.ledger.amount_rules import MAX_SHOWN, MOST_FEN, read_amount
from tests.support.amounts import LONG, RIGHT, WRONG, Odd


@pytest.mark.parametrize("odd", RIGHT, ids=lambda odd: repr(odd.typed))
def test_reads_what_is_an_amount(odd: Odd):
    assert read_amount(odd.typed) == (odd.fen, ())


@pytest.mark.parametrize("odd", [*WRONG, *LONG], ids=lambda odd: repr(odd.typed[:20]))
def test_says_what_is_wrong_with_what_is_none(odd: Odd):
    amount = read_amount(odd.typed, noun="拨付金额")
    assert amount.fen is None
    (refusal,) = amount.refusals
    assert refusal.sentence.startswith(("拨付金额", "请填写拨付金额"))
    if odd not in LONG:
        assert odd.words in refusal.sentence
    assert len(refusal.sentence) < MAX_SHOWN + 80
    assert refusal.code == ("missing_value" if odd.words == "请填写" else "invalid_amount")


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (1, 100), (0.29, 29), (0.1 + 0.2, 30), (1e5, 10_000_000), (Decimal("12.50"), 1250),
        (None, None), (True, None), (False, None), (0, None), (-1, None), (0.001, None), (12.345, None),
        (float("nan"), None), (float("inf"), None), (float("-inf"), None), (1e18, None), (10**18, None),
        (10**400, None), (Decimal("NaN"), None), (Decimal("1E+999999"), None), (1e-300, None),
        (date(2022, 3, 1), None), (b"5", None), ([5], None), (MOST_FEN / 100 + 0.01, None),
    ],
)  # fmt: skip
def test_reads_the_cell_of_a_workbook(cell: object, fen: int | None):
    amount = read_amount(cell)
    assert amount.fen == fen
    assert bool(amount.refusals) == (fen is None)
