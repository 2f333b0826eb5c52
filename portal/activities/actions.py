"""Writing one activity for several people, and what the people, or the writer, make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, RegimeVersion, Workday
from portal.access.scope import within
from portal.activities.queries import TeamMember
from portal.activities.rules import refusals_for_people
from portal.deeds import Deed
from portal.pairings.life_rules import PairingLife
from portal.procedures.actions import take, take_all
from portal.programme.regime_queries import regime_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.totals.actions import refresh
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE
from portal.workdays.placing_rules import Grounds, Placement, place
from portal.workdays.proposing_actions import propose_days
from portal.workdays.rules import Entry, PairingFacts, Term, halves_for

NOTHING_LEFT = Refusal(
    "",
    "nothing_to_undo",
    "这次代填已没有待本人确认的条目，无须撤回；本人已确认的，请另一位负责人退回。",
)
NOTHING_TAKEN = {"claimed_state": None, **halves_for(0, (False, False))}


def log_activity(
    deed: Deed, pairing: Pairing, people: Sequence[TeamMember], entry: Entry
) -> list[int]:
    """Write one activity for these people, all or nobody; return the numbers of their entries.

    Each is placed by the rules that place the own entry; raise :class:`Refused` with the refusals
    of all of them.
    """
    refused: dict[str, Sequence[Refusal]] = {}
    placements: list[Placement] = []
    for member, grounds in zip(people, _grounds(deed.session, pairing, people, entry), strict=True):
        try:
            placements.append(place(grounds, entry, today=deed.today))
        except Refused as fault:
            refused[member.name] = fault.refusals
    refuse_if(refusals_for_people(refused, [one.name for one in people]))
    numbers = propose_days(deed, placements)
    deed.record(
        "workday.proposed",
        f"pairing:{pairing.code}",
        worked_on=entry.worked_on,
        count=len(numbers),
        ids=numbers,
    )
    return numbers


def _grounds(
    session: Session, pairing: Pairing, people: Sequence[TeamMember], entry: Entry
) -> list[Grounds]:
    """Return on what each is placed, held until the end of the transaction (four statements)."""
    ids = [one.person_id for one in people]
    token = session.scalars(
        sa.select(RegimeVersion.token).where(RegimeVersion.id == 1).with_for_update(read=True)
    ).one()
    session.refresh(pairing, with_for_update={"read": True})
    terms: dict[int, list[tuple[bool, Term]]] = {}
    for row in session.execute(
        sa.select(
            Assignment.person_id,
            Assignment.is_qualified,
            Assignment.id,
            Assignment.side,
            Assignment.starts_on,
            Assignment.ends_on,
            Assignment.state,
        )
        .where(Assignment.pairing_id == pairing.id, Assignment.person_id.in_(ids))
        .order_by(Assignment.starts_on)
        .with_for_update(read=True)
    ):
        terms.setdefault(row[0], []).append((row[1], Term(*row[2:])))
    taken = _taken(session, ids, entry)
    life = PairingLife(pairing.code, pairing.state, is_confirmed=pairing.confirmed_at is not None)
    facts = PairingFacts(life, pairing.starts_on, pairing.ends_on, pairing.county_code)
    regime = regime_of(session, token)
    return [
        Grounds(
            pairing_id=pairing.id,
            person_id=person_id,
            pairing=facts,
            province_code=pairing.receiving_province_code,
            terms=[term for _, term in terms.get(person_id, ())],
            qualified=frozenset(term.id for is_met, term in terms.get(person_id, ()) if is_met),
            halves=(("first", person_id) in taken, ("second", person_id) in taken),
            regime=regime,
        )
        for person_id in ids
    ]


def _taken(session: Session, ids: Sequence[int], entry: Entry) -> set[tuple[str, int]]:
    """Return which halves of the date are taken by whom; each half by its own unique index."""
    parts = [
        sa.select(sa.literal(name), Workday.person_id).where(
            half, Workday.person_id.in_(ids), Workday.worked_on == entry.worked_on
        )
        for name, half in (
            ("first", Workday.takes_first_half),
            ("second", Workday.takes_second_half),
        )
    ]
    return {(name, person_id) for name, person_id in session.execute(sa.union_all(*parts))}


def accept_day(deed: Deed, workday: Workday, *, seen: int | None) -> None:
    """Say that a day written by another was so: it is handed in, as if one had written it."""
    _answer(deed, workday, "submitted", seen, {"claimed_state": None})
    deed.record("workday.accepted", f"workday:{workday.id}")


def decline_day(deed: Deed, workday: Workday, *, seen: int | None) -> None:
    """Say that it was not so: the date is free, the writer sees it."""
    _answer(deed, workday, "declined", seen, NOTHING_TAKEN)
    deed.record("workday.declined", f"workday:{workday.id}")


def _answer(
    deed: Deed, workday: Workday, verb: str, seen: int | None, columns: Mapping[str, object]
) -> None:
    (facts,) = facts_of_days(deed.session, [workday])
    take(deed, LIFE, workday, verb, facts=facts, seen=seen, columns=columns)
    refresh(deed.session, [(workday.pairing_id, workday.year)])


def withdraw_days(deed: Deed, seen: Mapping[int, int]) -> int:
    """Take back what an actor wrote for others and nobody has confirmed; return how many.

    ``seen`` gives, by id, the version in which each was shown.
    """
    session = deed.session
    workdays = session.scalars(
        sa.select(Workday)
        .where(
            Workday.id.in_(list(seen)),
            within(Workday, deed.actor, "workday.propose"),
            Workday.entered_by_person_id == deed.actor.person_id,
        )
        .order_by(Workday.id)
    ).all()
    if not workdays:
        raise Refused([NOTHING_LEFT])
    facts = facts_of_days(session, workdays)
    take_all(
        deed, LIFE, workdays, "withdrawn", facts=facts, seen=seen, columns=NOTHING_TAKEN,
        names_one=True,
    )  # fmt: skip
    refresh(session, {(one.pairing_id, one.year) for one in workdays})
    ids = [one.id for one in workdays]
    deed.record("workday.proposal_withdrawn", f"workday:{ids[0]}", count=len(ids), ids=ids)
    return len(ids)
