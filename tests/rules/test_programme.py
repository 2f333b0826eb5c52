"""Which rows may stand in the task-allocation table."""

import pytest

from models.types import Line, Mode
from portal.programme.rules import (
    AllocationFacts,
    County,
    mode_of,
    refusals_for_allocation,
    refusals_for_removal,
)

FACTS = AllocationFacts(2022, "350000", "640000", 5, Line.KEY_COUNTY)
YEARS = {2021: True, 2022: False}
PROVINCES = {"350000", "500000", "540000", "640000"}
KEY = County("红寺堡区", "640000", is_key=True)
PLAIN = County("兴庆区", "640000", is_key=False)
ABROAD = County("水城区", "520000", is_key=True)


def ask(facts: AllocationFacts, county: County | None = None) -> list[tuple[str, str]]:
    found = refusals_for_allocation(
        facts, closed_by_year=YEARS, province_codes=PROVINCES, county=county
    )
    assert all(one.sentence.endswith("。") for one in found)
    return [(one.field, one.code) for one in found]


@pytest.mark.parametrize(
    ("facts", "county"),
    [
        (FACTS, None),
        (FACTS._replace(receiving_province_code="350000"), None),
        (FACTS._replace(county_code="640303"), KEY),
        (FACTS._replace(county_code="640104", line=Line.CONTINUATION), PLAIN),
        (FACTS._replace(receiving_province_code="540000", line=Line.TIBET_XINJIANG), None),
        (FACTS._replace(pairs=1), None),
        (FACTS._replace(pairs=999), None),
    ],
)
def test_accepts(facts, county):
    assert ask(facts, county) == []


@pytest.mark.parametrize(
    ("facts", "county", "expected"),
    [
        (FACTS._replace(year=2019), None, ("year", "outside_work_year")),
        (FACTS._replace(year=2021), None, ("year", "closed_year")),
        (
            FACTS._replace(sending_province_code="350100"),
            None,
            ("sending_province_code", "unknown_region"),
        ),
        (
            FACTS._replace(receiving_province_code="CN"),
            None,
            ("receiving_province_code", "unknown_region"),
        ),
        (
            FACTS._replace(line=Line.TIBET_XINJIANG),
            None,
            ("receiving_province_code", "invalid_value"),
        ),
        (FACTS._replace(pairs=0), None, ("pairs", "invalid_value")),
        (FACTS._replace(pairs=-1), None, ("pairs", "invalid_value")),
        (FACTS._replace(pairs=1000), None, ("pairs", "invalid_value")),
        (FACTS._replace(county_code="999999"), None, ("county_code", "unknown_region")),
        (FACTS._replace(county_code="520221"), ABROAD, ("county_code", "mode_mismatch")),
        (FACTS._replace(county_code="640104"), PLAIN, ("county_code", "not_key_county")),
    ],
)
def test_refuses(facts, county, expected):
    assert ask(facts, county) == [expected]


def test_says_every_reason_at_once():
    facts = AllocationFacts(2019, "x", "y", 0, Line.KEY_COUNTY, "z")
    assert len(ask(facts)) == 5


@pytest.mark.parametrize(
    ("sending", "receiving", "mode"),
    [("350000", "640000", Mode.CROSS_PROVINCE), ("640000", "640000", Mode.IN_PROVINCE)],
)
def test_the_mode_follows_from_the_provinces(sending, receiving, mode):
    assert mode_of(sending, receiving) == mode


@pytest.mark.parametrize(
    ("year", "codes"), [(2022, []), (2021, ["closed_year"]), (2031, ["outside_work_year"])]
)
def test_a_row_leaves_the_table_only_while_its_year_is_open(year, codes):
    assert [one.code for one in refusals_for_removal(year, YEARS)] == codes
