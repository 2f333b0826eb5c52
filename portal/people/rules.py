"""What a person's record must be. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date
from typing import NamedTuple

from models.types import CertLevel
from portal.refusals import Refusal
from portal.standards.id_number import birth_date_of, check_id_number
from portal.standards.phone import check_phone

MAX_NAME = 60
MAX_NUMBER = 60
"""Characters of a certificate number."""

YOUNGEST = 16
"""劳动法第十五条: nobody under sixteen is employed."""


class PersonFacts(NamedTuple):
    """A person as somebody wants to register them; texts normalised, empty ones None."""

    name: str
    id_number: str
    phone: str | None
    service_started_on: date | None


class CertificateFacts(NamedTuple):
    level: CertLevel
    number: str | None
    issued_on: date | None


def missing_on(certificate: CertificateFacts) -> list[str]:
    """Return what a certificate is not recorded with: without number and date it proves nothing.

    The condition of portal/people/qualifying_queries.py: is_complete, for one.
    """
    facts = {"证书编号": certificate.number, "取得日期": certificate.issued_on}
    return [label for label, value in facts.items() if not value]


def refusals_for_person(
    facts: PersonFacts,
    *,
    region_codes: Container[str] | None,
    is_taken: bool,
    is_member: bool = False,
    today: date,
) -> list[Refusal]:
    """Say every reason why this person cannot be registered as it stands.

    ``region_codes`` are the codes in force and the withdrawn ones; ``is_taken`` says that somebody
    is registered with the ID number, ``is_member`` that it is in this very organisation.
    """
    return [
        *_about_the_id_number(facts, region_codes, today, is_taken=is_taken, is_member=is_member),
        *refusals_for_details(facts, today=today),
    ]


def refusals_for_details(facts: PersonFacts, *, today: date) -> list[Refusal]:
    """Say what is wrong with everything but the ID number, which an edit leaves as it is."""
    return [*_about_the_name(facts), *_about_phone_and_service(facts, today)]


def _about_the_id_number(
    facts: PersonFacts,
    region_codes: Container[str] | None,
    today: date,
    *,
    is_taken: bool,
    is_member: bool,
) -> Iterable[Refusal]:
    problem = check_id_number(facts.id_number, today=today, region_codes=region_codes)
    if problem:
        yield Refusal("id_number", "invalid_id_number", problem.sentence)
        return
    birth = birth_date_of(facts.id_number)
    if (today.year - birth.year) - ((today.month, today.day) < (birth.month, birth.day)) < YOUNGEST:
        yield Refusal(
            "id_number",
            "invalid_id_number",
            f"按证件号码该人员不满 {YOUNGEST} 周岁，请对照证件核对。",
        )
    if is_member:
        yield Refusal(
            "id_number",
            "duplicate",
            "该证件号码已登记在本机构名下，同一人员不必重复登记，可直接修改原记录。",
        )
    elif is_taken:
        yield Refusal(
            "id_number",
            "duplicate",
            "该证件号码已登记在另一家机构名下，一人只登记在一家机构；请先与原机构核对。",
        )


def _about_the_name(facts: PersonFacts) -> Iterable[Refusal]:
    if not facts.name:
        yield Refusal("name", "missing_value", "请填写姓名（与证件一致）。")
    elif len(facts.name) > MAX_NAME:
        yield Refusal(
            "name", "text_too_long", f"姓名 {len(facts.name)} 字，超过上限 {MAX_NAME} 字。"
        )


def _about_phone_and_service(facts: PersonFacts, today: date) -> Iterable[Refusal]:
    if facts.phone and (problem := check_phone(facts.phone)):
        yield Refusal("phone", "invalid_value", problem.sentence)
    if facts.service_started_on and facts.service_started_on > today:
        yield Refusal(
            "service_started_on",
            "future_date",
            f"从事社会工作起始日期 {facts.service_started_on} 晚于今天，请核对。",
        )


def refusals_for_certificate(
    facts: CertificateFacts, *, number_is_taken: bool, today: date
) -> list[Refusal]:
    """Say why this certificate cannot be recorded."""
    refusals = []
    if facts.number and len(facts.number) > MAX_NUMBER:
        refusals.append(
            Refusal(
                "certificate_number",
                "text_too_long",
                f"证书编号 {len(facts.number)} 位，超过上限 {MAX_NUMBER} 位。",
            )
        )
    if facts.issued_on and facts.issued_on > today:
        refusals.append(
            Refusal(
                "certificate_issued_on",
                "future_date",
                f"证书取得日期 {facts.issued_on} 晚于今天，请核对。",
            )
        )
    if facts.number and number_is_taken:
        refusals.append(
            Refusal(
                "certificate_number",
                "duplicate",
                f"证书编号 {facts.number} 已登记在他人名下，请对照证书核对。",
            )
        )
    return refusals
