"""What the import of pairings must know: organisations, places taken, counties, work years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import Organisation, Pairing, PairingYear, Programme
from models.types import Line, PairingState
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports.fact_rules import WorkYears
from portal.imports.queries import (
    Counties,
    load_counties,
    load_work_years,
    pairings_by_code,
    read_by_key,
)
from portal.imports.rules import PairingSpan
from portal.pairings.life_rules import PairingLife, acting_provinces
from portal.pairings.queries import lives_without_effect
from portal.programme.policy import Policy
from portal.programme.queries import policies_on


class OrganisationFacts(NamedTuple):
    id: int
    province_code: str


class Stored(NamedTuple):
    """A pairing that is there, and whether the actor may change it."""

    id: int
    sending_organisation_id: int
    receiving_organisation_id: int
    county_code: str
    line: Line
    starts_on: date
    ends_on: date
    agreement_number: str | None
    agreement_signed_on: date | None
    is_within_scope: bool
    life: PairingLife


class Facts(NamedTuple):
    acting: frozenset[str] | None
    organisations: dict[str, OrganisationFacts]
    stored: dict[str, Stored]
    partners: dict[str, dict[int, dict[int, str]]]
    spans: dict[tuple[int, int], list[PairingSpan]]
    counties: Counties
    work_years: WorkYears
    policies: dict[date, Policy]
    programmes: tuple[tuple[date, date], ...]

    def last_day_of_programme(self, day: date) -> date:
        """Return the end of the programme of a date, or the date itself outside of all."""
        fitting = [last for first, last in self.programmes if first <= day <= last]
        return fitting[-1] if fitting else day


def gather(
    deed: Deed,
    *,
    codes: Collection[str],
    credit_codes: Collection[str],
    county_codes: Collection[str],
    first_days: Collection[date],
) -> Facts:
    """Return the facts about everything that a file names."""
    session = deed.session
    organisations = _organisations(deed, credit_codes)
    ids = {organisation.id for organisation in organisations.values()}
    programmes = session.execute(
        sa.select(Programme.starts_on, Programme.ends_on).order_by(Programme.starts_on)
    )
    return Facts(
        acting=acting_provinces(deed.actor),
        organisations=organisations,
        stored=_stored(deed, codes),
        partners=_partners(deed, ids),
        spans=_spans(deed, ids),
        counties=load_counties(session, county_codes),
        work_years=load_work_years(session),
        policies=policies_on(session, first_days),
        programmes=tuple((first, last) for first, last in programmes),
    )


def _organisations(deed: Deed, codes: Collection[str]) -> dict[str, OrganisationFacts]:
    wanted = sa.select(Organisation.credit_code, Organisation.id, Organisation.province_code)
    return {
        code: OrganisationFacts(*facts)
        for code, *facts in read_by_key(deed.session, wanted, Organisation.credit_code, codes)
    }


def _stored(deed: Deed, codes: Collection[str]) -> dict[str, Stored]:
    names = [name for name in Stored._fields if name not in ("is_within_scope", "life")]
    wanted = sa.select(
        Pairing.code,
        *(getattr(Pairing, name) for name in names),
        Pairing.state,
        within(Pairing, deed.actor, "pairing.write").label("writes"),
    )
    found = pairings_by_code(deed.session, wanted, codes)
    lives = lives_without_effect(deed.session, {row[1] for row in found.values()})
    return {
        code: Stored._make(
            [
                *columns,
                bool(writes),
                lives.get(columns[0]) or PairingLife(code, state, is_confirmed=True),
            ]
        )
        for code, (_, *columns, state, writes) in found.items()
    }


def _partners(deed: Deed, ids: Collection[int]) -> dict[str, dict[int, dict[int, str]]]:
    """Return by side and organisation what ``partners`` of portal/pairings answers, for all years."""
    found: dict[str, dict[int, dict[int, str]]] = {}
    for side in ("sending", "receiving"):
        key = getattr(PairingYear, f"{side}_organisation_id")
        occupies = getattr(PairingYear, f"occupies_{side}")
        wanted = (
            sa.select(key, PairingYear.year, Pairing.code)
            .join(Pairing, Pairing.id == PairingYear.pairing_id)
            .where(sa.or_(occupies, Pairing.state == PairingState.CONFIRMED))
            .order_by(PairingYear.year, occupies, Pairing.code.desc())
        )
        by_organisation: dict[int, dict[int, str]] = defaultdict(dict)
        for organisation_id, year, code in read_by_key(deed.session, wanted, key, ids):
            by_organisation[organisation_id][year] = code
        found[side] = dict(by_organisation)
    return found


def _spans(deed: Deed, ids: Collection[int]) -> dict[tuple[int, int], list[PairingSpan]]:
    wanted = sa.select(
        Pairing.sending_organisation_id,
        Pairing.receiving_organisation_id,
        Pairing.code,
        Pairing.starts_on,
        Pairing.ends_on,
    )
    wanted = wanted.where(Pairing.state != PairingState.DECLINED).order_by(Pairing.code)
    spans: dict[tuple[int, int], list[PairingSpan]] = defaultdict(list)
    for sending, receiving, code, first, last in read_by_key(
        deed.session, wanted, Pairing.sending_organisation_id, ids
    ):
        spans[sending, receiving].append(PairingSpan(f" {code} ", first, last))
    return dict(spans)
