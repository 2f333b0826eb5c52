"""Registering and editing organisations."""

from __future__ import annotations

from models import Organisation
from models.types import OrgType
from portal.deeds import Deed
from portal.organisations import rules
from portal.organisations.queries import find_by_credit_code, find_seat
from portal.organisations.rules import OrganisationFacts
from portal.personal_data.vault import Place
from portal.refusals import Conflict, Refusal, refuse_if
from portal.standards.bank_account import mask_bank_account, normalise_bank_account
from portal.standards.credit_code import normalise_credit_code
from portal.standards.phone import mask_phone, normalise_phone


def normalised(facts: OrganisationFacts) -> OrganisationFacts:
    """Return the facts as they are stored: half-width, without spaces, empty texts as None."""
    return facts._replace(
        credit_code=normalise_credit_code(facts.credit_code),
        name=facts.name.strip(),
        type_reason=_text(facts.type_reason),
        region_code=facts.region_code.strip(),
        legal_representative=_text(facts.legal_representative),
        contact_name=_text(facts.contact_name),
        contact_phone=normalise_phone(facts.contact_phone) if facts.contact_phone else None,
        bank_account=normalise_bank_account(facts.bank_account) if facts.bank_account else None,
    )


def register_organisation(deed: Deed, facts: OrganisationFacts) -> Organisation:
    """Register an organisation; raise :class:`Refused` with every reason if it cannot be."""
    facts = normalised(facts)
    taken = find_by_credit_code(deed.session, facts.credit_code) is not None
    seat = find_seat(deed.session, facts.region_code)
    refuse_if(
        rules.refusals_for_organisation(
            facts, is_known_region=seat is not None, is_taken=taken, today=deed.today
        )
    )
    organisation = Organisation(created_at=deed.now, **columns_of(deed, facts))
    organisation.province_code = seat.province_code if seat else ""
    deed.session.add(organisation)
    deed.session.flush()
    deed.record("organisation.registered", f"organisation:{organisation.credit_code}")
    return organisation


def edit_organisation(
    deed: Deed, organisation: Organisation, facts: OrganisationFacts, *, version: int
) -> None:
    """Change an organisation. The credit code stays; an empty phone or account stays as it was.

    ``version`` is the one that the form was opened with; a newer one is a :class:`Conflict`.
    """
    if organisation.version != version:
        raise Conflict([Refusal("", "changed_meanwhile", "别人已修改了该机构，请刷新后再改。")])
    facts = normalised(facts)._replace(credit_code=organisation.credit_code)
    seat = find_seat(deed.session, facts.region_code)
    refuse_if(
        rules.refusals_for_organisation(
            facts, is_known_region=seat is not None, is_taken=False, today=deed.today
        )
    )
    for name, value in columns_of(deed, facts).items():
        setattr(organisation, name, value)
    organisation.province_code = seat.province_code if seat else ""
    deed.session.flush()
    deed.record("organisation.edited", f"organisation:{organisation.credit_code}")


def columns_of(deed: Deed, facts: OrganisationFacts) -> dict[str, object]:
    """Return the columns of an organisation; phone and account sealed, beside their masks."""
    columns: dict[str, object] = {
        "credit_code": facts.credit_code,
        "name": facts.name,
        "type": facts.type,
        "type_reason": facts.type_reason if facts.type == OrgType.OTHER else None,
        "region_code": facts.region_code,
        "legal_representative": facts.legal_representative,
        "contact_name": facts.contact_name,
        "founded_on": facts.founded_on,
    }
    if facts.contact_phone:
        place = Place("organisation", "contact_phone", facts.credit_code)
        columns["contact_phone_sealed"] = deed.vault.seal(facts.contact_phone, place)
        columns["contact_phone_masked"] = mask_phone(facts.contact_phone)
    if facts.bank_account:
        place = Place("organisation", "bank_account", facts.credit_code)
        columns["bank_account_sealed"] = deed.vault.seal(facts.bank_account, place)
        columns["bank_account_masked"] = mask_bank_account(facts.bank_account)
    return columns


def _text(value: str | None) -> str | None:
    return value.strip() or None if value else None
