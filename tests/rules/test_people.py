"""What a person's record and certificates must be."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import CertLevel
from portal.people.rules import (
    CertificateFacts,
    PersonFacts,
    refusals_for_certificate,
    refusals_for_details,
    refusals_for_person,
)
from portal.standards.id_number import make_id_number

TODAY = date(2022, 11, 21)
FACTS = PersonFacts(
    "演示", make_id_number("110105", date(1990, 3, 1), 1), "13800138000", date(2015, 1, 1)
)
CERTIFICATE = CertificateFacts(CertLevel.INTERMEDIATE, "演示1", date(2018, 6, 1))


def refusals(*, is_taken: bool = False, is_member: bool = False, **changes):
    return refusals_for_person(
        FACTS._replace(**changes),
        region_codes={"110105"},
        is_taken=is_taken,
        is_member=is_member,
        today=TODAY,
    )


def test_takes_a_person_that_is_in_order():
    assert refusals() == []


def test_takes_a_person_without_phone_and_start_of_service():
    assert refusals(phone=None, service_started_on=None) == []


@pytest.mark.parametrize(
    ("changes", "field", "code", "words"),
    [
        ({"name": ""}, "name", "missing_value", "请填写姓名"),
        ({"name": "长" * 61}, "name", "text_too_long", "61 字，超过上限 60 字"),
        ({"id_number": ""}, "id_number", "invalid_id_number", "请填写"),
        ({"id_number": "110105900301001"}, "id_number", "invalid_id_number", "15位"),
        (
            {"id_number": make_id_number("350102", date(1990, 3, 1), 1)},
            "id_number",
            "invalid_id_number",
            "350102",
        ),
        (
            {"id_number": make_id_number("110105", date(2006, 11, 22), 1)},
            "id_number",
            "invalid_id_number",
            "不满 16 周岁",
        ),
        ({"phone": "12345"}, "phone", "invalid_value", "11位手机号码"),
        ({"service_started_on": date(2022, 11, 22)}, "service_started_on", "future_date", "晚于"),
    ],
)
def test_refuses_each_fault_beside_its_field(changes, field, code, words):
    (refusal,) = refusals(**changes)
    assert (refusal.field, refusal.code) == (field, code)
    assert words in refusal.sentence


def test_takes_somebody_on_the_sixteenth_birthday():
    assert refusals(id_number=make_id_number("110105", date(2006, 11, 21), 1)) == []


@pytest.mark.parametrize(("is_member", "words"), [(True, "本机构名下"), (False, "另一家机构")])
def test_refuses_an_id_number_that_is_registered_and_says_where(is_member, words):
    (refusal,) = refusals(is_taken=True, is_member=is_member)
    assert (refusal.field, refusal.code) == ("id_number", "duplicate")
    assert words in refusal.sentence


def test_an_edit_is_not_asked_for_the_id_number():
    assert refusals_for_details(FACTS._replace(id_number=""), today=TODAY) == []


def test_takes_a_certificate_issued_today():
    facts = CERTIFICATE._replace(issued_on=TODAY)
    assert refusals_for_certificate(facts, number_is_taken=False, today=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "is_taken", "field", "code"),
    [
        ({"issued_on": date(2022, 11, 22)}, False, "certificate_issued_on", "future_date"),
        ({"number": "9" * 61}, False, "certificate_number", "text_too_long"),
        ({}, True, "certificate_number", "duplicate"),
    ],
)
def test_refuses_a_certificate_beside_its_field(changes, is_taken, field, code):
    (refusal,) = refusals_for_certificate(
        CERTIFICATE._replace(**changes), number_is_taken=is_taken, today=TODAY
    )
    assert (refusal.field, refusal.code) == (field, code)
