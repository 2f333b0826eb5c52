"""Between the forms of this room and its rules: what a list is asked for, what may be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from forms.fields import options
from forms.funding import AllocationFilters, IncomeForm, PlanForm, StandardFilters, StandingFilters
from models.types import FundSource, Side
from portal.access.actor import Actor
from portal.funding import list_queries
from portal.funding.ground_queries import StandingsAsked
from portal.funding.queries import sources_of
from portal.funding.rules import RAISED
from portal.funding.stage_rules import AllocationFilter, Given, Lack
from portal.ledger.amount_rules import read_amount
from portal.pairings.choice_queries import provinces_paired
from portal.refusals import refuse_if


def offer_provinces(
    session: Session, actor: Actor, form: AllocationFilters | StandingFilters
) -> None:
    asked = {Side.SENT: form.province.data, Side.RECEIVED: None}
    form.province.choices += options(
        provinces_paired(session, actor, "fund.read", asked)[Side.SENT]
    )


def allocations_asked(form: AllocationFilters, year: int) -> list_queries.AllocationsAsked:
    asked = form.asked
    return list_queries.AllocationsAsked(
        year=year,
        text=asked["q"] or "",
        source=FundSource(asked["source"]) if asked["source"] else None,
        province_code=asked["province"] or "",
        state=AllocationFilter(asked["state"]) if asked["state"] else None,
    )


def standings_asked(form: StandingFilters, year: int) -> StandingsAsked:
    asked = form.asked
    return StandingsAsked(
        year=year,
        text=asked["q"] or "",
        province_code=asked["province"] or "",
        want=Lack(asked["want"]) if asked["want"] else None,
        given=Given(asked["given"]) if asked["given"] else None,
    )


def offer_sources(actor: Actor, form: PlanForm | StandardFilters) -> None:
    """Offer the sources whose money is the actor's to plan."""
    form.source.choices = options(_pairs(_own(actor)))


def own_source(actor: Actor, asked: str | None) -> FundSource:
    """Return the source that is asked for, if it is the actor's to plan, else the first of them."""
    own = _own(actor)
    return next((one for one in own if one.value == asked), own[0])


def _own(actor: Actor) -> Sequence[FundSource]:
    own = sources_of(actor, "fund.plan")
    return [one for one in FundSource if one in own]


def offer_raised(form: IncomeForm) -> None:
    form.source.choices = options(_pairs(one for one in FundSource if one in RAISED))


def offer_years(form: PlanForm | IncomeForm, years: Iterable[int]) -> None:
    form.year.choices = options((str(year), f"{year} 年度") for year in years)


def amount_of(text: str | None, noun: str, field: str = "amount") -> int:
    """Return a typed amount in fen; raise :class:`Refused` with what is wrong with it."""
    amount = read_amount(text, field, noun)
    refuse_if(amount.refusals)
    assert amount.fen is not None  # refused otherwise
    return amount.fen


def _pairs(sources: Iterable[FundSource]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in sources]
