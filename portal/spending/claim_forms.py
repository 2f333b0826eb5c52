"""Between the form of a claim and its rules: what stands there first, what it offers, what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from forms.fields import options
from forms.spending import ClaimForm, EditClaimForm
from models import Expenditure, Person
from models.types import ExpenseCategory, FundSource, Side, Task
from portal.access.actor import Actor
from portal.ledger.amount_rules import read_amount
from portal.refusals import refuse_if
from portal.spending.claim_rules import SpendingClaim
from portal.spending.day_queries import LoggedDay, already_paid, days_of, logged_days
from portal.spending.eligibility_rules import Spending
from portal.spending.place_queries import (
    ClaimPlace,
    ClaimPurse,
    Payable,
    ids_of,
    manages,
    people_of,
    purse_of,
    year_on,
)
from portal.standards.money import plain_yuan


class ClaimDesk(NamedTuple):
    """A claim as a page shows it. ``paid`` are the days on offer that other wages pay already."""

    form: ClaimForm
    place: ClaimPlace
    purse: ClaimPurse
    people: Sequence[Payable]
    days: Sequence[LoggedDay]
    paid: frozenset[int]


def new_form(
    session: Session, place: ClaimPlace, today: date, logged_on: date | None = None
) -> ClaimForm:
    """Return an empty claim, out of the source that has most: of today, or of a day that was logged."""
    return ClaimForm(
        data={
            "spent_on": logged_on or today,
            "travelled_from": logged_on,
            "travelled_until": logged_on,
            "source": _richest(session, place, today),
            "days": [],
        }
    )


def _richest(session: Session, place: ClaimPlace, today: date) -> str:
    left = purse_of(session, place, year_on(session, place, today), today).left
    usual = FundSource.MCA_SUBSIDY if place.side == Side.SENT else FundSource.SELF
    # Of equals the usual one.
    return max(left, key=lambda source: (left[source], source == usual)).value


def edit_form(session: Session, one: Expenditure, *, as_sent: bool = True) -> EditClaimForm:
    """Return the form of a claim as it stands or as it was sent."""
    person = session.get(Person, one.paid_person_id) if one.paid_person_id else None
    form = EditClaimForm(
        **({} if as_sent else {"formdata": None}),
        data={
            "amount": plain_yuan(one.amount_fen),
            "category": one.category.value,
            "source": one.source.value,
            "spent_on": one.spent_on,
            "payee": one.payee,
            "purpose": one.purpose,
            "other_reason": one.other_reason,
            "route": one.route,
            "travelled_from": one.travelled_from,
            "travelled_until": one.travelled_until,
            "person": person.public_id if person else "",
            "days": [day.id for day in days_of(session, one.id)],
            "no_voucher_reason": one.no_voucher_reason,
            "task": one.task.value if one.task else "",
            "invoice_number": one.invoice_number,
            "version": one.version,
        },
    )
    del form.photo, form.file
    return form


def desk_of(
    session: Session,
    actor: Actor,
    place: ClaimPlace,
    form: ClaimForm,
    today: date,
    *,
    edited: int | None = None,
) -> ClaimDesk:
    """Fill what a claim offers: the people, the days of the trip or of the person, what is left."""
    day = form.spent_on.data or today
    year = year_on(session, place, day)
    people = people_of(session, place, actor)
    form.person.choices = options([(one.public_id, one.name) for one in people], "请选择")
    if edited is None and len(people) == 1 and not form.person.data:
        form.person.data = people[0].public_id
    days = _days_on_offer(session, place, form, people, day)
    paid = already_paid(session, [one.id for one in days], edited) if days else set()
    form.days.choices = [
        (one.id, one.label + ("（已列支）" if one.id in paid else "")) for one in days
    ]
    is_new_of_a_day = bool(days) and not form.is_submitted() and edited is None
    if form.list_days.data or is_new_of_a_day:
        own = {one.id for one in days if one.id not in paid and _is_meant(form, actor, place, one)}
        form.days.data = sorted(own)
    purse = purse_of(session, place, year, day)
    return ClaimDesk(form, place, purse, people, days, frozenset(paid))


def _days_on_offer(
    session: Session,
    place: ClaimPlace,
    form: ClaimForm,
    people: Sequence[Payable],
    day: date,
) -> list[LoggedDay]:
    if form.category.data == ExpenseCategory.WAGES:
        person_id = ids_of(people).get(form.person.data or "")
        if person_id is None:
            return []
        since = day.replace(month=1, day=1)
        return logged_days(session, place.pairing_id, [person_id], since, day, only_approved=True)
    first, last = _trip_of(form)
    # Who comes from a logged day has chosen no category yet.
    if form.category.data not in (ExpenseCategory.TRANSPORT, None) or first is None or last is None:
        return []
    some = [one.person_id for one in people]
    return logged_days(session, place.pairing_id, some, first, last, only_approved=False)


def _trip_of(form: ClaimForm) -> tuple[date | None, date | None]:
    """Return the dates of a trip; one of which none is said took place on the day of the expenditure."""
    first, last = form.travelled_from.data, form.travelled_until.data
    if first is None and last is None and form.category.data == ExpenseCategory.TRANSPORT:
        return form.spent_on.data, form.spent_on.data
    return first, last


def _is_meant(form: ClaimForm, actor: Actor, place: ClaimPlace, day: LoggedDay) -> bool:
    """Is a day ticked as soon as it is listed? Wages pay what is not paid; of a trip one's own days."""
    if form.category.data == ExpenseCategory.WAGES:
        return True
    return day.person_id == actor.person_id or not manages(actor, place.organisation_id)


def say_without_days(desk: ClaimDesk) -> None:
    """Say of the form what was refused of its days, where it has none to show it beside."""
    days = desk.form.days
    if days.errors and not desk.days:
        desk.form.form_errors += days.errors
        days.errors = ()


def claim_of(session: Session, form: ClaimForm, desk: ClaimDesk) -> SpendingClaim:
    """Return what was meant by a valid form; raise :class:`Refused` if the amount is none."""
    amount = read_amount(form.amount.data)
    refuse_if(amount.refusals)
    assert amount.fen is not None  # it was read
    assert form.spent_on.data is not None  # required by the form
    person_id = ids_of(desk.people).get(form.person.data or "")
    first, last = _trip_of(form)
    return SpendingClaim(
        desk.place.organisation_id,
        desk.place.pairing_id,
        year_on(session, desk.place, form.spent_on.data),
        Spending(
            FundSource(form.source.data),
            ExpenseCategory(form.category.data),
            amount.fen,
            form.spent_on.data,
            form.payee.data or "",
            form.purpose.data or "",
            form.invoice_number.data,
            form.other_reason.data,
            form.route.data,
            first,
            last,
            has_person=person_id is not None,
        ),
        task=Task(form.task.data) if form.task.data else None,
        no_voucher_reason=form.no_voucher_reason.data or None,
        person_id=person_id,
        workday_ids=tuple(form.days.data or ()),
    )
