"""The real case: five pairs of Fujian and Ningxia with about 100 days together (cases.md).

By 2023-10-21 the five pairs had worked a little more than 100 days: about 20 each, where the plan
asks for 40. The warning must fire for all five. Names and dates here are invented.
"""

from datetime import date, timedelta

from models import Organisation, Pairing, Person
from models.types import CertLevel, Line, Side
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.organisations.actions import register_organisation
from portal.pairings.actions import create_pairing
from portal.people.actions import record_certificate, register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.staffing.actions import nominate
from portal.standards.id_number import make_id_number
from portal.summaries.queries import summary_of
from portal.summaries.rules import Filters
from portal.workdays.actions import log_workday
from tests.support.workdays import entry
from tests.support.world import World, organisation_facts

# Each key county of Ningxia with the half days that its pair worked.
PAIRS = {"640303": 42, "640324": 39, "640402": 40, "640422": 38, "640522": 41}
SEATS = ("350102", "350203", "350302", "350502", "350602")
FIRST_DAY = date(2022, 10, 24)
FIRST_SERIAL = 700


def working_days(count: int) -> list[date]:
    days = (FIRST_DAY + timedelta(days=number) for number in range(60))
    return [day for day in days if day.weekday() < 5][:count]


def organisation(world: World, seat: str, serial: int) -> Organisation:
    facts = organisation_facts("52", seat, serial, f"{seat}演示机构（{serial}号）")
    return register_organisation(world.deed(), facts)


def social_worker(world: World, employer: Organisation, serial: int) -> Person:
    number = make_id_number("110105", date(1985, 1, 1), serial)
    facts = PersonFacts(f"演示社工{serial}", number, None, date(2010, 1, 1))
    person = register_person(world.deed(), employer, facts)
    certificate = CertificateFacts(CertLevel.INTERMEDIATE, f"演示{serial}", date(2015, 1, 1))
    record_certificate(world.deed(), person, certificate)
    return person


def pair(world: World, county: str, seat: str, serial: int) -> Pairing:
    return create_pairing(
        world.deed(),
        code=f"闽宁-{county}",
        sending=organisation(world, seat, serial),
        receiving=organisation(world, county, serial + 1),
        county_code=county,
        line=Line.KEY_COUNTY,
        starts_on=date(2022, 7, 1),
        ends_on=None,
    )


def work(world: World, pairing: Pairing, half_days: int, serial: int) -> None:
    """Let two people share the half days, and have them approved."""
    sending = world.session.get_one(Organisation, pairing.sending_organisation_id)
    logged = []
    for number, halves in enumerate((half_days // 2, half_days - half_days // 2)):
        person = social_worker(world, sending, serial + number)
        nominate(
            world.deed(),
            pairing=pairing,
            person=person,
            side=Side.SENT,
            starts_on=date(2022, 7, 1),
            ends_on=None,
        )
        for place, day in enumerate(working_days(halves // 2 + halves % 2)):
            size = 1 if place == halves // 2 else 2
            logged.append(
                log_workday(
                    world.deed(),
                    pairing=pairing,
                    person=person,
                    entry=entry(day, size),
                    submit=True,
                )
            )
    confirm_workdays(world.deed(), logged)
    approve_workdays(world.deed(), logged)


def test_all_five_pairs_lack_days_with_have_and_need(world: World) -> None:
    for number, (county, seat) in enumerate(zip(PAIRS, SEATS, strict=True)):
        serial = FIRST_SERIAL + 10 * number
        work(world, pair(world, county, seat, serial), PAIRS[county], serial)
    ningxia = Filters(either_province="640000")
    found = summary_of(world.session, 2022, now=world.clock(), filters=ningxia)
    lines = {line.code: line for line in found.pairings if line.code.startswith("闽宁")}
    assert len(lines) == 5
    for county, halves in PAIRS.items():
        line = lines[f"闽宁-{county}"]
        lacking = {one.code: (one.have, one.need) for one in line.explained(found.policy)}
        assert lacking["too_few_sent_days"] == (halves / 2, 40)
        assert "too_few_sent_staff" not in lacking
        assert not line.is_compliant
    assert sum(line.sent_centidays for line in lines.values()) == 10_000
