"""Telephone and bank account numbers."""

import pytest

from portal.standards.bank_account import (
    check_bank_account,
    mask_bank_account,
    normalise_bank_account,
)
from portal.standards.phone import check_phone, mask_phone, normalise_phone


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("13812345678", "13812345678"),
        ("19912345678", "19912345678"),
        (" 138 1234 5678 ", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("+86-138-1234-5678", "13812345678"),
        ("0086 138 1234 5678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("0951-1234567", "0951-1234567"),
        ("09511234567", "0951-1234567"),
        ("（0951）1234567", "0951-1234567"),
        ("0951—1234567", "0951-1234567"),
        ("0755-12345678", "0755-12345678"),
        ("010-58123456", "010-58123456"),
        ("01058123456", "010-58123456"),
        ("+86 10 58123456", "010-58123456"),
        ("0951-1234567-801", "0951-1234567-801"),
        ("0951-1234567转801", "0951-1234567-801"),
    ],
)
def test_accepts_mobile_and_landline_numbers(text: str, stored: str) -> None:
    assert check_phone(text) is None
    assert normalise_phone(text) == stored
    assert normalise_phone(stored) == stored


@pytest.mark.parametrize(
    "text",
    [
        "12812345678",
        "1381234567",
        "138123456789",
        "1234567",
        "010-1234567",
        "0951-123456",
        "0951-0123456",
        "400-123-4567",
        "12345",
        "+1 212 555 0100",
        "无",
        "13812345678/13912345678",
        "٠9511234567",
    ],
)
def test_refuses_other_numbers_with_an_example(text: str) -> None:
    problem = check_phone(text)
    assert problem is not None
    assert problem.code == "wrong_phone"
    assert "0951-1234567" in problem.sentence


def test_asks_for_a_missing_number() -> None:
    problem = check_phone(" ")
    assert problem is not None
    assert problem.code == "missing"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("138 1234 5678", "138****5678"),
        ("0951-1234567", "0951-*****67"),
        ("010-58123456-801", "010-******56"),
        ("not a phone", "*******ne"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masks_a_phone_number(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("12345678", "12345678"),
        ("6222 0212 3456 7890 123", "6222021234567890123"),
        ("６２２２－０２１２", "62220212"),
        ("1" * 32, "1" * 32),
    ],
)
def test_accepts_bank_accounts(text: str, stored: str) -> None:
    assert check_bank_account(text) is None
    assert normalise_bank_account(text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("1234567", "wrong_length"),
        ("1" * 33, "wrong_length"),
        ("12345678A", "wrong_character"),
        ("6.22202E+18", "wrong_character"),
    ],
)
def test_refuses_other_bank_accounts(text: str, code: str) -> None:
    problem = check_bank_account(text)
    assert problem is not None
    assert problem.code == code


def test_masks_a_bank_account() -> None:
    assert mask_bank_account("6222 0212 3456 7890 123") == "***************0123"
    assert mask_bank_account("1234567") == "*******"
