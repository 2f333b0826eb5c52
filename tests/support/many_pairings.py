"""Many pairings at once, by bulk inserts: what a summary of thousands of rows is made of.

Figures vary from pairing to pairing and are no real ones. Totals stand without days behind them,
so ``flask verify`` would complain; what is measured and counted here reads the totals only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    KeyCounty,
    Organisation,
    Pairing,
    PairingDecision,
    PairingMonthTotal,
    PairingYear,
    PairingYearTotal,
    Region,
)
from models.types import Line, Mode, OrgType, PairingState, RegionLevel
from portal.compliance.pace_rules import Course
from portal.compliance.rules import Tally
from portal.programme.policy import DEFAULT_POLICY
from portal.standards.credit_code import make_credit_code
from portal.totals.rules import course_values, total_values

YEAR = 2022
RECORDED = datetime(2022, 1, 4, 2, tzinfo=UTC)
FIRST_SERIAL = 100_000
"""Credit codes from here on, beyond those of the small world."""
PIECE = 2000
WORKING_DAYS = 249
"""Of 2022, by the notice of the State Council."""


def make_pairings(session: Session, count: int) -> None:
    """Write so many pairings of 2022 over the key counties, with totals and without people."""
    counties = list(session.scalars(sa.select(KeyCounty.county_code).order_by(KeyCounty.id)))
    seats = list(
        session.scalars(
            sa.select(Region.code)
            .where(Region.level == RegionLevel.COUNTY, Region.is_withdrawn.is_(False))
            .order_by(Region.code)
        )
    )
    first = (session.scalar(sa.select(sa.func.max(Organisation.id))) or 0) + 1
    first_pairing = (session.scalar(sa.select(sa.func.max(Pairing.id))) or 0) + 1
    facts = [
        (
            first_pairing + number,
            first + 2 * number,
            seats[number * 7 % len(seats)],
            counties[number % len(counties)],
        )
        for number in range(count)
    ]
    _insert(session, Organisation, (row for fact in facts for row in _organisations(*fact)))
    _insert(session, Pairing, (_pairing(*fact) for fact in facts))
    _insert(session, PairingDecision, (_decision(fact[0]) for fact in facts))
    _insert(session, PairingYear, (_year(*fact) for fact in facts))
    _insert(session, PairingYearTotal, (_total(*fact) for fact in facts))
    _insert(session, PairingMonthTotal, (row for fact in facts for row in _months(*fact)))


def _insert(session: Session, model: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    while piece := list(islice(rows, PIECE)):
        session.execute(sa.insert(model), piece)


def _organisations(
    pairing: int, organisation: int, seat: str, county: str
) -> Sequence[dict[str, Any]]:
    return [
        {
            "id": organisation + place,
            "credit_code": make_credit_code("52", region, FIRST_SERIAL + organisation + place),
            "name": f"{region}演示{word}社会工作服务中心（{pairing}号）",
            "type": OrgType.SOCIAL_WORK,
            "region_code": region,
            "province_code": f"{region[:2]}0000",
            "created_at": RECORDED,
            "version": 1,
        }
        for place, region, word in ((0, seat, "援派"), (1, county, "受援"))
    ]


def _codes(seat: str, county: str) -> dict[str, Any]:
    return {
        "line": Line.KEY_COUNTY,
        "mode": Mode.IN_PROVINCE if seat[:2] == county[:2] else Mode.CROSS_PROVINCE,
        "county_code": county,
        "sending_province_code": f"{seat[:2]}0000",
        "receiving_province_code": f"{county[:2]}0000",
    }


def _pairing(pairing: int, organisation: int, seat: str, county: str) -> dict[str, Any]:
    return {
        "id": pairing,
        "code": f"M{pairing:06}",
        "sending_organisation_id": organisation,
        "receiving_organisation_id": organisation + 1,
        "starts_on": date(2022, 1, 1),
        "ends_on": date(2025, 12, 31),
        "state": PairingState.CONFIRMED,
        "confirmed_at": RECORDED,
        "created_at": RECORDED,
        "version": 1,
        **_codes(seat, county),
    }


def _decision(pairing: int) -> dict[str, Any]:
    return {
        "pairing_id": pairing,
        "kind": "created",
        "state_after": PairingState.PROPOSED,
        "ends_on_after": date(2025, 12, 31),
        "at": RECORDED,
    }


def _year(pairing: int, organisation: int, _seat: str, _county: str) -> dict[str, Any]:
    return {
        "pairing_id": pairing,
        "year": YEAR,
        "sending_organisation_id": organisation,
        "receiving_organisation_id": organisation + 1,
        "occupies_sending": True,
        "occupies_receiving": True,
    }


def _months(pairing: int, organisation: int, seat: str, county: str) -> list[dict[str, Any]]:
    """Share the days of the year out over two months."""
    total = _total(pairing, organisation, seat, county)
    figures = (
        "sent_centidays",
        "received_centidays",
        "sent_pending_centidays",
        "received_pending_centidays",
    )
    march = {name: total[name] // 2 for name in figures}
    june = {name: total[name] - march[name] for name in figures}
    return [
        {"pairing_id": pairing, "year": YEAR, "month": month, **days}
        for month, days in ((202203, march), (202206, june))
    ]


def _total(pairing: int, _organisation: int, seat: str, county: str) -> dict[str, Any]:
    tally = Tally(
        sent_staff=2 + pairing % 2,
        qualified_sent_staff=2,
        received_staff=3 - pairing % 3 // 2,
        unqualified_received_staff=0,
        sent_centidays=3600 + 50 * (pairing % 17),
        received_centidays=11500 + 50 * (pairing % 23),
        sent_pending_centidays=100 * (pairing % 5),
        received_pending_centidays=50 * (pairing % 7),
        sent_min_centidays=1500,
        received_min_centidays=3000,
        has_agreement=pairing % 11 > 0,
    )
    return {
        "pairing_id": pairing,
        "year": YEAR,
        **_codes(seat, county),
        **total_values(tally, DEFAULT_POLICY),
        **course_values(Course(date(2022, 12, 31), 0, WORKING_DAYS, 2, 3)),
        "sent_undecided_centidays": tally.sent_pending_centidays,
        "received_undecided_centidays": tally.received_pending_centidays,
    }
