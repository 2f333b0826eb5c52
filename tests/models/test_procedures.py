"""What a row of a review proves by itself, past all rules."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.models.test_pairings import refuses
from tests.support.sample_life import Plan, PlanOpinion, create_tables
from tests.support.world import World


def opinion(world: World, **values: Any) -> sa.Insert:
    account = world.actor("national_officer")
    author = world.actor("province_officer").person_id
    return sa.insert(PlanOpinion).values(
        {
            "plan_id": 1,
            "round": 1,
            "party": "sending:civil",
            "passed": True,
            "at": world.clock(),
            "account_id": account.account_id,
            "person_id": account.person_id,
            "author_person_id": author,
            **values,
        }
    )


@pytest.fixture
def planned(world: World) -> World:
    """One plan of the province officer, with the opinion of one party."""
    create_tables(world.session)
    author = world.actor("province_officer").person_id
    world.session.execute(sa.insert(Plan).values(id=1, author_person_id=author))
    world.session.execute(opinion(world))
    world.session.commit()
    return world


@pytest.mark.parametrize(
    ("persona", "values", "constraint"),
    [
        ("county_officer", {}, "uq_sample_plan_opinion_one_a_party"),
        (
            "national_officer",
            {"party": "receiving:civil"},
            "uq_sample_plan_opinion_one_a_person",
        ),
        (
            "province_officer",
            {"party": "receiving:civil"},
            "ck_sample_plan_opinion_not_by_the_author",
        ),
        (
            "county_officer",
            {"party": "receiving:civil", "passed": False, "text": ""},
            "ck_sample_plan_opinion_returned_with_a_reason",
        ),
    ],
)
def test_no_one_twice_and_never_the_author(planned: World, persona, values, constraint):
    person = planned.actor(persona).person_id
    refuses(planned, opinion(planned, person_id=person, **values), constraint)


def test_the_author_in_an_opinion_is_the_author(planned: World):
    """Or else somebody could review the own plan under another author's name."""
    author, other = (
        planned.actor(persona).person_id for persona in ("province_officer", "county_officer")
    )
    statement = opinion(planned, person_id=author, author_person_id=other, party="receiving:civil")
    with pytest.raises(sa.exc.IntegrityError):
        planned.session.execute(statement)


def test_the_next_round_is_signed_anew(planned: World):
    planned.session.execute(opinion(planned, round=2))
    assert planned.count(PlanOpinion) == 2
