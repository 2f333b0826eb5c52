"""Registering and editing organisations, and showing their contact in clear."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from models import Organisation
from models.types import NATION_NAME, OrgType, ScopeKind
from portal.deeds import Deed
from portal.disclosures.actions import disclose
from portal.organisations import rules
from portal.organisations.queries import (
    find_by_credit_code,
    find_seat,
    is_seat_within,
    pairing_codes_of,
)
from portal.organisations.rules import OrganisationFacts, Seat
from portal.personal_data.vault import Place
from portal.places.queries import full_region_names
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.refusals import Conflict, refuse_if
from portal.standards.bank_account import mask_bank_account, normalise_bank_account
from portal.standards.credit_code import normalise_credit_code
from portal.standards.names import stored_name
from portal.standards.phone import mask_phone, normalise_phone
from portal.standards.text import compact, plain

REVEALABLE = {"contact_phone": "联系电话", "bank_account": "银行账号"}


def normalised(facts: OrganisationFacts) -> OrganisationFacts:
    """Return the facts as they are stored: half-width, without spaces, empty texts as None."""
    return facts._replace(
        credit_code=normalise_credit_code(facts.credit_code),
        name=stored_name(facts.name),
        type_reason=_text(facts.type_reason),
        region_code=compact(facts.region_code),
        legal_representative=_name(facts.legal_representative),
        contact_name=_name(facts.contact_name),
        contact_phone=normalise_phone(facts.contact_phone) if facts.contact_phone else None,
        bank_name=_text(facts.bank_name),
        bank_account=normalise_bank_account(facts.bank_account) if facts.bank_account else None,
    )


def register_organisation(deed: Deed, facts: OrganisationFacts) -> Organisation:
    """Register an organisation; raise :class:`Refused` with every reason if it cannot be.

    Its seat must lie inside what the actor may register for.
    """
    facts = normalised(facts)
    taken = find_by_credit_code(deed.session, facts.credit_code) is not None
    seat = _seat(deed, facts.region_code, "organisation.register")
    refuse_if(
        rules.refusals_for_organisation(
            facts, seat=seat, is_taken=taken, scope=scope_of(deed), today=deed.today
        )
    )
    assert seat is not None  # the rules refused it otherwise
    organisation = Organisation(
        created_at=deed.now, province_code=seat.province_code, **columns_of(deed, facts)
    )
    deed.session.add(organisation)
    deed.session.flush()
    deed.record("organisation.registered", f"organisation:{organisation.credit_code}")
    return organisation


def add_organisations(
    deed: Deed, organisations: Iterable[tuple[OrganisationFacts, str]]
) -> list[int]:
    """Register many, each with the province of its seat; whoever asks has asked the rules.

    Return their keys in the same order.
    """
    made = [
        Organisation(created_at=deed.now, province_code=province_code, **columns_of(deed, facts))
        for facts, province_code in organisations
    ]
    deed.session.add_all(made)
    deed.session.flush()
    return [one.id for one in made]


def remove_organisations(deed: Deed, which: sa.Select[int | None]) -> int:
    """Take organisations (a query of ids) away that a file brought and nothing refers to; return how many."""
    removed = deed.session.execute(
        sa.delete(Organisation)
        .where(Organisation.id.in_(which))
        .execution_options(synchronize_session=False)
    )
    return removed.rowcount  # type: ignore[attr-defined,no-any-return] # of a DELETE it is a CursorResult


def restore_organisation(deed: Deed, organisation: Organisation, facts: OrganisationFacts) -> None:
    """Put back what stood before a file changed it, also where that was no phone."""
    edit_organisation(deed, organisation, facts, version=organisation.version)
    if facts.contact_phone is None:
        organisation.contact_phone_sealed = organisation.contact_phone_masked = None
        deed.session.flush()


def edit_organisation(
    deed: Deed, organisation: Organisation, facts: OrganisationFacts, *, version: int
) -> None:
    """Change an organisation. The credit code stays; an empty phone or account stays as it was.

    ``version`` is the one that the form was opened with; a newer one is a :class:`Conflict`.
    """
    if organisation.version != version:
        raise Conflict([CHANGED_MEANWHILE])
    facts = normalised(facts)._replace(credit_code=organisation.credit_code)
    seat = _seat(deed, facts.region_code, "organisation.write")
    refuse_if(
        [
            *rules.refusals_for_details(facts, seat=seat, scope=scope_of(deed), today=deed.today),
            *rules.refusals_for_move(
                seat,
                province_code=organisation.province_code,
                pairing_codes=pairing_codes_of(deed.session, organisation.id),
            ),
        ]
    )
    assert seat is not None  # the rules refused it otherwise
    columns = {**columns_of(deed, facts), "province_code": seat.province_code}
    changed = [name for name, value in columns.items() if getattr(organisation, name) != value]
    for name in changed:
        setattr(organisation, name, columns[name])
    deed.session.flush()
    deed.record("organisation.edited", f"organisation:{organisation.credit_code}", changed=changed)


def reveal(deed: Deed, organisation: Organisation, column: str, reason: str) -> str:
    """Return a phone or an account in clear; the audit keeps who asked and why."""
    sealed = getattr(organisation, f"{column}_sealed") if column in REVEALABLE else None
    place = Place("organisation", column, organisation.credit_code)
    return disclose(deed, place, sealed, reason, what=REVEALABLE.get(column, ""))


def _seat(deed: Deed, region_code: str, permission: str) -> Seat | None:
    region = find_seat(deed.session, region_code)
    if region is None:
        return None
    return Seat(
        name=full_region_names(deed.session, [region.code])[region.code],
        province_code=region.province_code,
        is_within_scope=is_seat_within(deed.session, deed.actor, permission, region.code),
    )


def scope_of(deed: Deed) -> str:
    """Return the names of the areas for which the actor answers, for a refusal."""
    names = (
        "本机构所在省" if grant.scope_kind == ScopeKind.ORGANISATION else grant.scope_name
        for grant in deed.actor.grants
    )
    return "、".join(dict.fromkeys(names)) or NATION_NAME


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
        "bank_name": facts.bank_name,
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
    return plain(value) or None if value else None


def _name(value: str | None) -> str | None:
    return stored_name(value) or None if value else None
