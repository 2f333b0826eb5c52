"""What an organisation must be. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.types import OrgType
from portal.refusals import Refusal
from portal.standards.bank_account import check_bank_account
from portal.standards.credit_code import check_credit_code
from portal.standards.phone import check_phone

MAX_NAME = 100


class OrganisationFacts(NamedTuple):
    """An organisation as somebody wants to register it; texts normalised, empty ones None."""

    credit_code: str
    name: str
    type: OrgType
    type_reason: str | None
    region_code: str
    legal_representative: str | None
    contact_name: str | None
    contact_phone: str | None
    bank_account: str | None
    founded_on: date | None


def refusals_for_organisation(
    facts: OrganisationFacts, *, is_known_region: bool, is_taken: bool, today: date
) -> list[Refusal]:
    """Say every reason why this organisation cannot be registered as it stands.

    ``is_taken`` says that another organisation bears the credit code.
    """
    return [
        *_about_the_code(facts, is_taken=is_taken),
        *_about_the_name(facts),
        *_about_the_place(facts, is_known_region=is_known_region),
        *_about_the_contact(facts),
        *_about_the_date(facts, today),
    ]


def _about_the_code(facts: OrganisationFacts, *, is_taken: bool) -> Iterable[Refusal]:
    problem = check_credit_code(facts.credit_code)
    if problem:
        yield Refusal("credit_code", "invalid_credit_code", problem.sentence)
    elif is_taken:
        yield Refusal(
            "credit_code",
            "duplicate",
            f"统一社会信用代码 {facts.credit_code} 已登记，同一机构不必重复登记，可直接修改原记录。",
        )


def _about_the_name(facts: OrganisationFacts) -> Iterable[Refusal]:
    if not facts.name:
        yield Refusal("name", "missing_value", "请填写机构名称（与登记证书一致）。")
    elif len(facts.name) > MAX_NAME:
        yield Refusal(
            "name", "text_too_long", f"机构名称 {len(facts.name)} 字，超过上限 {MAX_NAME} 字。"
        )
    if facts.type == OrgType.OTHER and not facts.type_reason:
        yield Refusal(
            "type_reason",
            "missing_value",
            "机构类型为“其他”时，须填写说明（二(二)列明的九类之外的法人单位须说明理由）。",
        )


def _about_the_place(facts: OrganisationFacts, *, is_known_region: bool) -> Iterable[Refusal]:
    if not is_known_region:
        yield Refusal(
            "region_code",
            "unknown_region",
            f"所在地代码“{facts.region_code}”不是现行县级行政区划代码，请填写6位县（市、区）代码。",
        )


def _about_the_contact(facts: OrganisationFacts) -> Iterable[Refusal]:
    if facts.contact_phone and (problem := check_phone(facts.contact_phone)):
        yield Refusal("contact_phone", "invalid_value", problem.sentence)
    if facts.bank_account and (problem := check_bank_account(facts.bank_account)):
        yield Refusal("bank_account", "invalid_value", problem.sentence)


def _about_the_date(facts: OrganisationFacts, today: date) -> Iterable[Refusal]:
    if facts.founded_on and facts.founded_on > today:
        yield Refusal(
            "founded_on", "future_date", f"成立日期 {facts.founded_on} 晚于今天，请核对。"
        )
