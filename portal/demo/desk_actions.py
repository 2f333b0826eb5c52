"""The stage of the rooms in the demonstration, and the pairing that waits for a second province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from models import Pairing
from models.types import Line
from portal.access.queries import find_actor
from portal.deeds import Deed
from portal.demo.pair_actions import Pair
from portal.demo.people_actions import Team
from portal.pairings.actions import create_pairing
from portal.stage import Stage

PROPOSED_AGO = timedelta(days=4)


def stage_of(deed: Deed, pairing: Pairing, pair: Pair, team: Team, township_code: str) -> Stage:
    """Return the stage: the pairing whose people and officers the accounts are."""
    return Stage(
        deed=deed,
        pairing=pairing,
        sending=pair.sending,
        receiving=pair.receiving,
        sent=tuple(member.person_id for member in team.sent),
        received=tuple(member.person_id for member in team.received),
        township_code=township_code,
        deed_of=lambda login, at: deed_of(deed, login, at),
    )


def deed_of(deed: Deed, login: str, at: datetime) -> Deed:
    """Return a deed of a demonstration account at an instant, never after now."""
    actor = find_actor(deed.session, login)
    assert actor is not None  # flask demo opened it just before
    return replace(deed, actor=actor, now=min(at, deed.now))


def propose_to_the_other_province(deed: Deed, pair: Pair, ends_on: date) -> Pairing:
    """Have the sending province propose a pairing that the receiving one has still to confirm."""
    proposer = deed_of(deed, "yanshi-prov-send", deed.now - PROPOSED_AGO)
    return create_pairing(
        proposer,
        code=f"YS26-{pair.county_code}",
        sending=pair.sending,
        receiving=pair.receiving,
        county_code=pair.county_code,
        line=Line.KEY_COUNTY,
        starts_on=date(deed.today.year, deed.today.month, 1),
        ends_on=ends_on,
    )


def on_the_other_side(pairs: Sequence[Pair], shown: Pair) -> Pair:
    """Return another pair of the same two provinces as the shown one, the last of them."""
    provinces = (shown.sending.province_code, shown.receiving.province_code)
    return [
        pair
        for pair in pairs
        if pair is not shown
        and (pair.sending.province_code, pair.receiving.province_code) == provinces
    ][-1]
