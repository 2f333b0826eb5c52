"""Makes former_release.json.gz: a database as the release before the life of pairings left it.

Run once, with the code of that release (commit 2ee4544): what stands in the file was written by the
actions of then, with their faults, and cannot be made by the code of today. 300 pairings beside
those of tests/support/world.py, in every condition that there was: confirmed by both provinces, by
one, brought in by the operator, within a province, terminated, with a second partner; people and
organisations with names as they were typed; days in every state. All of it is invented (演示).
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from models import Base, Organisation, Region  # noqa: E402
from models.database import Database  # noqa: E402
from models.types import CertLevel, Line, OrgType, RegionLevel, Side, Task, WorkMode  # noqa: E402
from portal.confirmations.actions import approve_workdays, confirm_workdays  # noqa: E402
from portal.organisations.actions import register_organisation  # noqa: E402
from portal.organisations.rules import OrganisationFacts  # noqa: E402
from portal.pairings.actions import (  # noqa: E402
    confirm_pairing,
    create_pairing,
    record_agreement,
    terminate_pairing,
)
from portal.people.actions import record_certificate, register_person  # noqa: E402
from portal.people.rules import CertificateFacts, PersonFacts  # noqa: E402
from portal.staffing.actions import nominate  # noqa: E402
from portal.standards.credit_code import make_credit_code  # noqa: E402
from portal.standards.id_number import make_id_number  # noqa: E402
from portal.workdays.actions import log_workday  # noqa: E402
from portal.workdays.rules import Entry  # noqa: E402
from tests.conftest import SMALL, _prepared  # noqa: E402
from tests.support.clock import Clock  # noqa: E402
from tests.support.databases import SqlitePress  # noqa: E402
from tests.support.world import World  # noqa: E402

OUT = Path(__file__).with_name("former_release.json.gz")
FIRST, LAST = date(2022, 1, 1), date(2025, 12, 31)
CASES = ("both", "sending_only", "receiving_only", "operator", "in_province", "terminated")
"""What became of the pairing with a number, in turn."""

ODD_NAMES = (
    "演示张　伟",
    "演示阿依古丽•买买提",
    "演示阿依古丽・买买提{n}",
    "演示ＬＩＬＹ　Ｗａｎｇ{n}",
    "演示 李 雷{n}",
    "演示\u200b隐形{n}",
    "演示普通{n}",
)
PEOPLE_EVERY, DAYS_EACH = 10, 6


def main() -> None:
    with TemporaryDirectory() as folder:
        press = _prepared(SqlitePress(Path(folder)))
        with press.opened(SMALL) as database:
            with database.open() as session:
                fill(World(session, Clock(date(2022, 1, 4))))
                session.commit()
            write(database)


def fill(world: World) -> None:
    counties = _counties(world, "520000"), _counties(world, "640000"), _counties(world, "350000")
    for n in range(300):
        case = CASES[n % len(CASES)]
        guizhou, ningxia, fujian = (found[n % len(found)] for found in counties)
        in_province = case == "in_province"
        sending = _organisation(world, n, guizhou if in_province else fujian, 20_000)
        receiving = _organisation(world, n, guizhou if in_province else ningxia, 30_000)
        pairing = create_pairing(
            world.deed(_proposer(case)),
            code=f"F{n:03}-{case}",
            sending=sending,
            receiving=receiving,
            county_code=receiving.region_code,
            line=Line.CONTINUATION,
            starts_on=FIRST,
            ends_on=LAST,
        )
        if case in ("both", "terminated"):
            confirm_pairing(world.deed("province_officer"), pairing)
        if n % 4 == 0:
            record_agreement(world.deed(), pairing, number=f"演示协议{n}", signed_on=FIRST)
        if case == "terminated":
            last_day = FIRST if n % 12 == 5 else date(2023, 6, 30)
            terminate_pairing(world.deed(), pairing, last_day=last_day, reason="演示：终止")
        elif n % PEOPLE_EVERY == 0:
            _people_and_days(world, n, pairing, sending, receiving)
        if n % 60 == 0:
            create_pairing(
                world.deed("sending_province_officer"),
                code=f"F{n:03}-second",
                sending=sending,
                receiving=_organisation(world, n, ningxia, 40_000),
                county_code=ningxia,
                line=Line.CONTINUATION,
                starts_on=FIRST,
                ends_on=LAST,
                exception_reason="演示：例外",
            )


def _proposer(case: str) -> str | None:
    return {
        "operator": None,
        "in_province": "other_province_officer",
        "receiving_only": "province_officer",
    }.get(case, "sending_province_officer")


def _counties(world: World, province: str) -> list[str]:
    wanted = sa.select(Region.code).where(
        Region.province_code == province,
        Region.level == RegionLevel.COUNTY,
        Region.is_withdrawn.is_(False),
    )
    return list(world.session.scalars(wanted.order_by(Region.code)))


def _organisation(world: World, n: int, seat: str, serial: int) -> Organisation:
    names = ("演示（{n}）社工中心{s}", "演示 {n} 社工中心{s}", "演示ＡＢＣ社工中心{n}·{s}")
    return register_organisation(
        world.deed(),
        OrganisationFacts(
            credit_code=make_credit_code("52", seat, serial + n),
            name=names[n % 3].format(n=n, s=serial),
            type=OrgType.SOCIAL_WORK,
            type_reason=None,
            region_code=seat,
            legal_representative="演示法人",
            contact_name="演示　联系人",
            contact_phone="13800138000",
            bank_account=None,
            founded_on=date(2012, 1, 1),
        ),
    )


def _people_and_days(
    world: World, n: int, pairing: object, sending: Organisation, receiving: Organisation
) -> None:
    for side, organisation in ((Side.SENT, sending), (Side.RECEIVED, receiving)):
        name = ODD_NAMES[(n // PEOPLE_EVERY + len(side)) % len(ODD_NAMES)].format(n=n)
        birth = date(1980 + n % 15, 1 + n % 12, 1 + n % 28)
        serial = 1 + n + (500 if side == Side.RECEIVED else 0)
        person = register_person(
            world.deed(),
            organisation,
            PersonFacts(name, make_id_number("653228", birth, serial), None, date(2015, 1, 1)),
        )
        if side == Side.SENT:
            bare = n % 40 == 0
            facts = CertificateFacts(
                CertLevel.INTERMEDIATE,
                None if bare else f"演示证书F{n}",
                None if bare else date(2018, 6, 1),
            )
            record_certificate(world.deed(), person, facts)
        nominate(
            world.deed(),
            pairing=pairing,
            person=person,
            side=side,
            starts_on=FIRST,
            ends_on=None,
        )
        for number in range(DAYS_EACH):
            _day(world, pairing, person, number)


def _day(world: World, pairing: object, person: object, number: int) -> None:
    clock = world.clock.instant
    world.clock.stand_on(date(2022, 3, 31))
    entry = Entry(
        date(2022, 3, 7) + timedelta(days=number),
        2 if number % 2 else 1,
        WorkMode.ONSITE,
        Task.T1,
        None,
        f"演示：第{number}日\r\n走访",
        None,
    )
    day = log_workday(world.deed(), pairing=pairing, person=person, entry=entry, submit=number != 0)
    if number > 1:
        confirm_workdays(world.deed(), [day])
    if number > 2:
        approve_workdays(world.deed(), [day])
    world.clock.instant = clock


def write(database: Database) -> None:
    """Write every row of every table; bytes as base64 behind ``b64:``."""
    tables: dict[str, object] = {}
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            found = connection.execute(sa.text(f'SELECT * FROM "{table.name}" ORDER BY 1'))
            columns = list(found.keys())
            tables[table.name] = {"columns": columns, "rows": [list(row) for row in found]}
    text = json.dumps(tables, ensure_ascii=False, default=_as_text, separators=(",", ":"))
    with OUT.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())
    sys.stdout.write(f"{OUT.name}: {OUT.stat().st_size} bytes\n")


def _as_text(value: object) -> str:
    assert isinstance(value, bytes)
    return "b64:" + base64.b64encode(value).decode()


if __name__ == "__main__":
    main()
