"""Who is paired with whom in the demonstration: organisations, pairings, people."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from models import Organisation, Pairing, PairingDecision, Region
from models.types import Line, OrgType, RegionLevel
from portal.deeds import Deed
from portal.organisations.actions import register_organisation
from portal.organisations.rules import OrganisationFacts
from portal.pairings.actions import create_pairing
from portal.places.queries import key_county_codes
from portal.standards.credit_code import make_credit_code

SENDING_MAP = Path(__file__).parent.parent / "programme" / "data" / "sending_map.csv"
UNSIGNED_EVERY = 21
TYPES = tuple(one for one in OrgType if one != OrgType.OTHER)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two organisations that are paired in every year, and the number of their pair (0–159)."""

    number: int
    county_code: str
    county_name: str
    sending: Organisation
    receiving: Organisation


def make_pairs(deed: Deed) -> list[Pair]:
    """Register the organisations of all key counties, in the order of the county codes."""
    counties = _counties(deed)
    seats = _seats_of_senders(deed)
    pairs = []
    taken: dict[str, int] = defaultdict(int)
    for number, (county, sending_province) in enumerate(_matched(counties)):
        options = seats[sending_province]
        seat = options[taken[sending_province] % len(options)]
        taken[sending_province] += 1
        pairs.append(
            Pair(
                number,
                county.code,
                county.name,
                _register(deed, seat, number + 1, "援助"),
                _register(deed, county, number + 1001, ""),
            )
        )
    return pairs


def _counties(deed: Deed) -> list[Region]:
    codes = key_county_codes(deed.session, deed.today)
    return list(
        deed.session.scalars(sa.select(Region).where(Region.code.in_(codes)).order_by(Region.code))
    )


def _seats_of_senders(deed: Deed) -> dict[str, list[Region]]:
    keys = key_county_codes(deed.session, deed.today)
    seats: dict[str, list[Region]] = defaultdict(list)
    for region in deed.session.scalars(
        sa.select(Region)
        .where(Region.level == RegionLevel.COUNTY, Region.is_withdrawn.is_(False))
        .order_by(Region.sort_no)
    ):
        if region.code not in keys:
            seats[region.province_code].append(region)
    return seats


def _matched(counties: list[Region]) -> Iterator[tuple[Region, str]]:
    """Yield each county with the province that sends to it: cross-province pairs come first."""
    waiting: dict[str, list[Region]] = defaultdict(list)
    for county in counties:
        waiting[county.province_code].append(county)
    with SENDING_MAP.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            receiving = waiting[row["receiving_province_code"]]
            cross = int(row["cross_pairs"])
            for position, county in enumerate(receiving):
                is_cross = position < cross
                yield county, row["sending_province_code"] if is_cross else county.province_code


def _register(deed: Deed, seat: Region, serial: int, mark: str) -> Organisation:
    # The type shown in the name is the one that is registered.
    kind = TYPES[serial % len(TYPES)] if serial % 4 == 0 else OrgType.SOCIAL_WORK
    return register_organisation(
        deed,
        OrganisationFacts(
            credit_code=make_credit_code("52", seat.code, serial),
            name=f"{seat.name}演示{mark}{kind.label}（{serial}号）",
            type=kind,
            type_reason=None,
            region_code=seat.code,
            legal_representative="演示法人",
            contact_name="演示联系人",
            contact_phone=None,
            bank_account=f"9999{serial:012d}",
            founded_on=date(2012, 1, 1),
            bank_name="演示银行演示支行",
        ),
    )


def make_pairings(
    deed: Deed, pairs: list[Pair], *, prefix: str, starts_on: date, ends_on: date
) -> list[Pairing]:
    """Pair them for a period; every twenty-first has no agreement on record yet."""
    pairings = []
    for pair in pairs:
        pairing = create_pairing(
            deed,
            code=f"{prefix}-{pair.county_code}",
            sending=pair.sending,
            receiving=pair.receiving,
            county_code=pair.county_code,
            line=Line.KEY_COUNTY,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        if pair.number % UNSIGNED_EVERY:
            # The totals of all years are added up once, after the days are written.
            pairing.agreement_number = f"演示协议{prefix}-{pair.number + 1}"
            pairing.agreement_signed_on = starts_on
            pairing.agreement_recorded_at = deed.now
            deed.session.add(
                PairingDecision(
                    pairing_id=pairing.id,
                    kind="agreement_recorded",
                    state_before=pairing.state,
                    state_after=pairing.state,
                    ends_on_after=ends_on,
                    at=deed.now,
                    reason=pairing.agreement_number,
                )
            )
        pairings.append(pairing)
    deed.session.flush()
    return pairings
