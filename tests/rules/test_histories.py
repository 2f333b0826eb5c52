"""Whatever anybody tries, on every life that a room declares: no illegal state, no self-approval, no
double seat. And each guard is missed where it is taken away."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from models import Base
from portal.help.life_words import declared_lives
from portal.procedures import review_rules, rules
from scripts.lives import DOCUMENT, document
from tests.support.histories import run, table_of, unequal_columns
from tests.support.sample_life import PLAN_LIFE, SIGNING, SampleBase

LIVES = {life.name: life for life in (*declared_lives(), PLAN_LIFE)}
CLEAN: Counter[str] = Counter()


def metadata_of(life):
    return SampleBase.metadata if life is PLAN_LIFE else Base.metadata


def play(life, declared=None, **asked):
    table = table_of(life, metadata_of(declared or life))
    return run(life, table, declared=declared, **asked)


def test_the_lives_of_the_rooms_are_found():
    assert "assignment" in LIVES


@pytest.mark.parametrize("name", LIVES)
def test_no_history_leads_astray(name, measured):
    faults, taken = play(LIVES[name])
    measured(f"histories of {name}: decisions", str(taken.total()))
    assert faults == CLEAN
    reviewed = {kind for review in LIVES[name].reviews for kind, _ in review.kinds.values()}
    assert set(taken) == {step.verb for step in LIVES[name].steps} | reviewed


def signed_steps():
    """Every step that a table proves to be somebody else's: signed, barred, and held by a CHECK."""
    for life in LIVES.values():
        held = {
            name for pair in unequal_columns(table_of(life, metadata_of(life))) for name in pair
        }
        for step in life.steps:
            if step.bars and held & set(step.signs):
                yield pytest.param(life, step, id=f"{life.name}-{step.verb}")


@pytest.mark.parametrize(("life", "step"), list(signed_steps()))
def test_a_step_without_its_bar_is_found_out(life, step):
    steps = tuple(replace(one, bars=()) if one == step else one for one in life.steps)
    faults, _ = play(replace(life, steps=steps), declared=life)
    assert set(faults) == {"self-approval"}


@pytest.mark.parametrize("name", LIVES)
def test_a_step_that_asks_for_no_state_is_found_out(name):
    life = LIVES[name]
    steps = tuple(replace(one, source=tuple(life.states)) for one in life.steps)
    faults, _ = play(replace(life, steps=steps), declared=life)
    assert faults["illegal state"]


def test_a_review_without_its_bar_is_found_out():
    life = replace(PLAN_LIFE, reviews=(replace(SIGNING, bars=()),))
    assert set(play(life, declared=PLAN_LIFE)[0]) == {"self-approval"}


def test_a_review_that_forgets_who_has_spoken_is_found_out(monkeypatch):
    whole = review_rules.refusals_for_opinion
    monkeypatch.setattr(
        review_rules,
        "refusals_for_opinion",
        lambda life, review, facts, _opinions, **asked: whole(life, review, facts, (), **asked),
    )
    assert set(play(PLAN_LIFE)[0]) == {"double seat"}


@pytest.mark.parametrize("life", declared_lives(), ids=lambda life: life.name)
def test_a_life_names_columns_and_states_that_are_there(life):
    columns = set(table_of(life).columns.keys())
    acts = (*life.steps, *life.reviews)
    named = {name for act in acts for bar in act.bars for name in bar.columns}
    named |= {name for step in life.steps for name in (*step.signs, *step.clears)}
    assert named <= columns
    assert {"id", "state", "version"} <= columns
    verbs = [step.verb for step in life.steps]
    assert len(verbs) == len(set(verbs))
    reached = {move.after for move in rules.moves(life)}
    assert reached == set(life.states)


def test_the_document_shows_the_lives_as_they_are_declared():
    assert Path(DOCUMENT).read_text() == document()
