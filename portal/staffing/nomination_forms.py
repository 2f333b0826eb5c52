"""Between the forms of this room and its rules: what a list is asked for, whom a pairing may be given."""

from __future__ import annotations

from sqlalchemy.orm import Session

from forms.fields import options
from forms.staffing import NominationFilters, NominationForm, ReplacementForm
from models import Pairing, Person
from models.types import AssignmentState, Side
from portal.access.actor import Actor
from portal.access.loading import Unseen
from portal.refusals import Refusal, Refused
from portal.staffing import queries
from portal.staffing.list_queries import ON_DUTY, Filters


def filters_of(form: NominationFilters) -> Filters:
    asked = form.asked
    state = asked.get("state") or ""
    return Filters(
        text=asked["q"] or "",
        side=Side(asked["side"]) if asked["side"] else None,
        state=state if state == ON_DUTY or not state else AssignmentState(state),
        qualified=asked["qualified"] or "",
    )


def offer_people(
    session: Session, actor: Actor, form: NominationForm | ReplacementForm, pairing: Pairing
) -> None:
    candidates = queries.list_candidates(session, actor, organisations_of(pairing))
    form.person.choices = options(
        [
            (one.public_id, f"{one.name}（{one.id_number_masked or '未登记证件'}）")
            for one in candidates
        ],
        "请选择",
    )


def organisations_of(pairing: Pairing) -> list[int]:
    return [pairing.sending_organisation_id, pairing.receiving_organisation_id]


def named_person(session: Session, actor: Actor, public_id: str, pairing: Pairing) -> Person:
    """Return the person whom an address names; raise :class:`Unseen` for anybody else."""
    person = queries.find_candidate(session, actor, organisations_of(pairing), public_id)
    if person is None:
        raise Unseen("person")
    return person


def chosen_person(session: Session, actor: Actor, public_id: str, pairing: Pairing) -> Person:
    person = queries.find_candidate(session, actor, organisations_of(pairing), public_id)
    if person is None:
        raise Refused([Refusal("person", "unknown_person", "请从列表中选择本机构的人员。")])
    return person


def side_of(person: Person, pairing: Pairing) -> Side:
    is_sent = person.organisation_id == pairing.sending_organisation_id
    return Side.SENT if is_sent else Side.RECEIVED
