"""The programme on which the pages are measured: as large as asked for, written in bulk.

``M`` is 2,000 pairings, 10,000 people and 0.5 million working days; ``L`` is 20,000, 100,000 and
5 million. Each pairing has two people sent and three received, each person the same number of
days, all in one work year: the hardest case for sums that are kept by year.

Nothing here is measured, so it takes the short way: ``INSERT … SELECT`` instead of the actions.
The sums are the portal's own (``refresh``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    AssignmentDecision,
    Certificate,
    KeyCounty,
    Organisation,
    Pairing,
    PairingDecision,
    PairingYear,
    PairingYearTotal,
    Person,
    Region,
    Township,
    Workday,
    WorkdayDecision,
)
from models.base import new_public_id
from models.database import Database
from models.types import (
    AssignmentState,
    CertLevel,
    Line,
    Mode,
    OrgType,
    PairingState,
    Role,
    Side,
    Task,
    WorkdayState,
    WorkMode,
)
from portal.accounts.actions import open_account
from portal.calendar.queries import load_calendar
from portal.clock import SHANGHAI
from portal.commands import load_reference_data
from portal.compliance.pace_rules import Course, course_of
from portal.compliance.rules import NO_TALLY
from portal.deeds import operator_deed
from portal.pairings.life_rules import CONFIRMED
from portal.programme.queries import policy_of_year
from portal.programme.regime_queries import regime_of
from portal.schema import upgrade_schema
from portal.standards.credit_code import make_credit_code
from portal.totals.actions import refresh
from portal.totals.rules import course_values, total_values

YEAR = 2022
YEARS = (2022, 2023, 2024, 2025)
BEGIN = datetime.combine(date(YEAR, 1, 4), time(10), SHANGHAI)
NOW = datetime.combine(date(YEAR, 12, 30), time(10), SHANGHAI)
SEATS = ("350102", "440304", "330106", "320106", "310101", "110105", "120101", "370102")
"""Counties of provinces that have no key county: every pairing crosses provinces."""

SHOWN_PROVINCE = "520000"
"""贵州 has 20 of the 160 key counties: the province whose dashboard is measured."""

SIDES = (Side.SENT, Side.SENT, Side.RECEIVED, Side.RECEIVED, Side.RECEIVED)
SPREAD = 200
"""Working days over which the days of the people are spread; a divisor of it each person has."""

NATIONAL, PROVINCIAL = "bench_national", "bench_province"


class Size(NamedTuple):
    """How large the programme is; ``days_each`` divides ``SPREAD``."""

    pairings: int
    days_each: int

    @property
    def workdays(self) -> int:
        return self.pairings * len(SIDES) * self.days_each


M = Size(pairings=2_000, days_each=50)
L = Size(pairings=20_000, days_each=50)


def tenth(size: Size) -> Size:
    """Return the same programme with a tenth of the days: what is flat is flat between the two."""
    return size._replace(days_each=size.days_each // 10)


def worker_login(number: int) -> str:
    return f"bench_worker{number:03}"


def fill(database: Database, size: Size, *, workers: int, password_hash: str) -> None:
    """Write the programme into an empty database, with accounts for two officers and workers."""
    upgrade_schema(database)
    with database.writing() as session:
        load_reference_data(operator_deed(session, BEGIN))
    with database.writing() as session:
        counties = _counties(session)
        organisations = _organisations(session, counties, size.pairings)
        pairings = _pairings(session, organisations)
        people = _people(session, organisations)
        _assignments(session, pairings, people)
        _workdays(session, size.days_each)
        refresh(session, [(pairing_id, YEAR) for pairing_id in pairings])
        _accounts(session, organisations, people, workers, password_hash)
    _gather_statistics(database)


def free_days(session: Session, days_each: int, person_id: int) -> list[date]:
    """Return the days of the year on which a person has no entry yet."""
    taken = {
        day
        for position, day in enumerate(_spread(session))
        if position % (SPREAD // days_each) == person_id % (SPREAD // days_each)
    }
    every = (date.fromordinal(date(YEAR, 1, 1).toordinal() + number) for number in range(363))
    return [day for day in every if day not in taken]


def _counties(session: Session) -> list[tuple[str, str]]:
    """Return the key counties with their provinces, province after province in turns."""
    rows = session.execute(
        sa.select(KeyCounty.county_code, Region.province_code)
        .join(Region, Region.code == KeyCounty.county_code)
        .order_by(sa.func.substr(KeyCounty.county_code, 3), KeyCounty.county_code)
    )
    return [(row[0], row[1]) for row in rows]


def _organisations(
    session: Session, counties: Sequence[tuple[str, str]], pairings: int
) -> list[dict[str, Any]]:
    """Return the organisations, sending and receiving in turns, each with its id."""
    rows: list[dict[str, Any]] = []
    for number in range(pairings):
        for seat in (SEATS[number % len(SEATS)], counties[number % len(counties)][0]):
            serial = len(rows) + 1
            rows.append(
                {
                    "credit_code": make_credit_code("52", seat, serial),
                    "name": f"压测机构{serial:06}",
                    "type": OrgType.SOCIAL_WORK,
                    "region_code": seat,
                    "province_code": f"{seat[:2]}0000",
                    "created_at": BEGIN,
                    "version": 1,
                }
            )
    return _with_ids(session, Organisation, rows)


def _pairings(session: Session, organisations: list[dict[str, Any]]) -> list[int]:
    rows = [
        {
            "code": f"BM-{number + 1:06}",
            "sending_organisation_id": sending["id"],
            "receiving_organisation_id": receiving["id"],
            "sending_province_code": sending["province_code"],
            "receiving_province_code": receiving["province_code"],
            "county_code": receiving["region_code"],
            "mode": Mode.CROSS_PROVINCE,
            "line": Line.KEY_COUNTY,
            "starts_on": date(YEAR, 1, 1),
            "ends_on": date(YEARS[-1], 12, 31),
            "agreement_number": f"压测协议{number + 1}" if number % 10 else None,
            "agreement_signed_on": date(YEAR, 1, 1) if number % 10 else None,
            "created_at": BEGIN,
            "state": PairingState.CONFIRMED,
            "confirmed_at": BEGIN,
            "version": 1,
        }
        for number, (sending, receiving) in enumerate(_in_pairs(organisations))
    ]
    rows = _with_ids(session, Pairing, rows)
    session.execute(
        sa.insert(PairingDecision),
        [
            {
                "pairing_id": row["id"],
                "kind": kind,
                "state_after": PairingState.PROPOSED,
                "ends_on_after": row["ends_on"],
                "at": BEGIN,
            }
            for row in rows
            for kind in ("created", *CONFIRMED.values())
        ],
    )
    _lay_years(session, rows)
    return [row["id"] for row in rows]


def _lay_years(session: Session, rows: list[dict[str, Any]]) -> None:
    """Lay the years of each pairing and their empty sums, as making a pairing does."""
    both = ("sending_organisation_id", "receiving_organisation_id")
    places = ("line", "mode", "county_code", "sending_province_code", "receiving_province_code")
    nothing = {year: total_values(NO_TALLY, policy_of_year(session, year)) for year in YEARS}
    courses = {year: course_values(_course(session, year)) for year in YEARS}
    for year in YEARS:
        session.execute(
            sa.insert(PairingYear),
            [
                {"pairing_id": row["id"], "year": year, **{name: row[name] for name in both}}
                for row in rows
            ],
        )
        session.execute(
            sa.insert(PairingYearTotal),
            [
                {
                    "pairing_id": row["id"],
                    "year": year,
                    **{name: row[name] for name in places},
                    **nothing[year],
                    **courses[year],
                }
                for row in rows
            ],
        )


def _course(session: Session, year: int) -> Course:
    """Return the course of a pairing that stands in the whole year, before anybody is assigned."""
    regime = regime_of(session)
    span = (date(year, 1, 1), date(year, 12, 31))
    return course_of(span, (0, 0), regime.numbering_of(year), regime.policy_of_year(year))


def _people(session: Session, organisations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [
        {
            "public_id": new_public_id(),
            "name": f"压测{organisation['id']:06}{position}",
            "organisation_id": organisation["id"],
            "service_started_on": date(2015, 1, 1),
            "created_at": BEGIN,
            "version": 1,
        }
        for sending, receiving in _in_pairs(organisations)
        for position, organisation in enumerate(
            sending if side == Side.SENT else receiving for side in SIDES
        )
    ]
    rows = _with_ids(session, Person, rows)
    session.execute(
        sa.insert(Certificate),
        [
            {
                "person_id": row["id"],
                "level": CertLevel.INTERMEDIATE,
                "number": f"压测证书{row['id']}",
                "issued_on": date(2018, 6, 1),
                "recorded_at": BEGIN,
            }
            for row in rows[:: len(SIDES)] + rows[1 :: len(SIDES)]
        ],
    )
    return rows


def _assignments(session: Session, pairings: list[int], people: list[dict[str, Any]]) -> None:
    rows = [
        {
            "public_id": new_public_id(),
            "pairing_id": pairings[number // len(SIDES)],
            "person_id": person["id"],
            "organisation_id": person["organisation_id"],
            "side": SIDES[number % len(SIDES)],
            "starts_on": date(YEAR, 1, 1),
            "ends_on": date(YEAR, 12, 31),
            "state": AssignmentState.APPROVED,
            "nominated_by_operator": True,
            "is_qualified": True,
            "created_at": BEGIN,
            "version": 1,
        }
        for number, person in enumerate(people)
    ]
    session.execute(sa.insert(Assignment), rows)
    session.execute(
        sa.insert(AssignmentDecision).from_select(
            ["assignment_id", "kind", "state_after", "is_qualified_after", "at"],
            sa.select(
                Assignment.id,
                sa.literal("approved"),
                Assignment.state,
                Assignment.is_qualified,
                Assignment.created_at,
            ),
        )
    )


def _workdays(session: Session, days_each: int) -> None:
    """Give each person their days: most approved, one in twenty waits for either decision."""
    spread = sa.values(
        sa.column("position", sa.Integer), sa.column("worked_on", sa.Date), name="spread"
    )
    day = spread.data(list(enumerate(_spread(session)))).cte("day")
    township = (
        sa.select(Township.county_code, sa.func.min(Township.code).label("code"))
        .group_by(Township.county_code)
        .subquery()
    )
    mix = Assignment.id + day.c.position
    stride = SPREAD // days_each
    columns: dict[str, Any] = {
        "pairing_id": Assignment.pairing_id,
        "assignment_id": Assignment.id,
        "person_id": Assignment.person_id,
        "side": Assignment.side,
        "year": sa.literal(YEAR),
        "worked_on": day.c.worked_on,
        "half_days": sa.literal(2),
        "takes_first_half": sa.true(),
        "takes_second_half": sa.true(),
        "mode": _mixed(mix, Workday.mode, WorkMode.ONSITE, {9: WorkMode.ONLINE}),
        "task": _mixed(mix, Workday.task, Task.T1, {2: Task.T2, 3: Task.T3, 5: Task.T4}),
        "township_code": township.c.code,
        "description": sa.literal("压测：入户探访困难老人和留守儿童，更新服务台账"),
        "state": _mixed(
            mix,
            Workday.state,
            WorkdayState.APPROVED,
            {20: WorkdayState.SUBMITTED, 21: WorkdayState.CONFIRMED},
        ),
        "is_rest_day": sa.false(),
        "worth_centidays": sa.literal(100),
        "entered_at": sa.literal(BEGIN, Workday.entered_at.type),
        "entered_by_person_id": Assignment.person_id,
        "entered_by_operator": sa.false(),
        "version": sa.literal(1),
    }
    session.execute(
        sa.insert(Workday).from_select(
            list(columns),
            sa.select(*columns.values())
            .select_from(Assignment)
            .join(day, day.c.position % stride == Assignment.person_id % stride)
            .join(Pairing, Pairing.id == Assignment.pairing_id)
            .outerjoin(township, township.c.county_code == Pairing.county_code)
            # As they come in: day after day, not person after person.
            .order_by(day.c.position, Assignment.id),
        )
    )
    session.execute(
        sa.insert(WorkdayDecision).from_select(
            ["workday_id", "kind", "state_after", "at"],
            sa.select(
                Workday.id, sa.literal("imported"), Workday.state, Workday.entered_at
            ).order_by(Workday.id),
        )
    )


def _mixed(number: Any, column: Any, usual: Any, others: dict[int, Any]) -> Any:
    """Return an expression that is each other value where its divisor divides the number."""
    return sa.case(
        *(
            (number % divisor == 0, sa.literal(value, column.type))
            for divisor, value in others.items()
        ),
        else_=sa.literal(usual, column.type),
    )


def _spread(session: Session) -> list[date]:
    calendar = load_calendar(session, date(YEAR, 1, 1), date(YEAR, 12, 29))
    working = calendar.working_days(date(YEAR, 1, 1), date(YEAR, 12, 29))
    return list(itertools.islice(working, SPREAD))


def _accounts(
    session: Session,
    organisations: list[dict[str, Any]],
    people: list[dict[str, Any]],
    workers: int,
    password_hash: str,
) -> None:
    """Open accounts: a national and a provincial officer, and workers of as many pairings."""
    deed = operator_deed(session, BEGIN)
    codes = {row["id"]: row["credit_code"] for row in organisations}
    for login, role, scope in (
        (NATIONAL, Role.NAT_CIVIL, "CN"),
        (PROVINCIAL, Role.PROV_CIVIL, SHOWN_PROVINCE),
    ):
        open_account(
            deed, login=login, password_hash=password_hash, name="压测", role=role, scope_code=scope
        )
    for number in range(workers):
        # Of every pairing the last: a person who is received.
        person = people[len(SIDES) * number + len(SIDES) - 1]
        open_account(
            deed,
            login=worker_login(number),
            password_hash=password_hash,
            name=person["name"],
            role=Role.RECV_STAFF,
            scope_code=codes[person["organisation_id"]],
            person=session.get_one(Person, person["id"]),
        )


def _with_ids(session: Session, model: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = session.scalars(
        sa.insert(model).returning(model.id, sort_by_parameter_order=True), rows
    ).all()
    return [{**row, "id": number} for row, number in zip(rows, ids, strict=True)]


def _in_pairs(
    organisations: list[dict[str, Any]],
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return zip(organisations[::2], organisations[1::2], strict=True)


def _gather_statistics(database: Database) -> None:
    """Do at once what PostgreSQL's autovacuum does some minutes after such a load."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
            one.execute(sa.text("VACUUM ANALYZE"))
