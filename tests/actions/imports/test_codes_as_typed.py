"""Codes as people type them: another dash, small letters, the county for the township."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import Organisation, Workday
from models.types import ImportKind, Line
from portal.pairings.actions import create_pairing
from portal.pairings.queries import code_is_taken
from portal.pairings.rules import normalise_code
from portal.refusals import Refused
from portal.standards.text import DASHES
from tests.support.imports import check_rows, codes_of, id_number, import_rows, workday

WORKDAYS, ASSIGNMENTS, PAIRINGS = (
    ImportKind.WORKDAYS,
    ImportKind.ASSIGNMENTS,
    ImportKind.PAIRINGS,
)
COUNTY, TOWNSHIP = "640303", "640303100"


def typings(code: str) -> list[str]:
    return [code.lower().replace("-", dash) for dash in ("-", *DASHES)] + [f" {code} ", f"'{code}"]


@pytest.fixture
def coded(world):
    """The pairing has a code with letters and dashes."""
    world.pairing().code = "YS22-640303-A"
    world.session.flush()
    return world


@pytest.mark.parametrize("typed", typings("YS22-640303-A"))
def test_every_kind_finds_a_pairing_however_its_code_is_typed(coded, typed):
    assert normalise_code(typed.removeprefix("'")) == "YS22-640303-A"
    assert check_rows(coded, WORKDAYS, [workday(结对编号=typed)]).report.accepted == 1
    row = {"结对编号": typed, "身份证件号": id_number("unqualified"), "角色": "援派"}
    assert check_rows(coded, ASSIGNMENTS, [{**row, "开始日期": "2022-03-01"}]).report.accepted == 1
    assert code_is_taken(coded.session, normalise_code(typed.removeprefix("'")))


def test_a_code_that_was_stored_otherwise_long_ago_is_found(world):
    world.pairing().code = "ys22–640303—a"
    world.session.flush()
    for typed in ("YS22-640303-A", "ys22–640303—a"):
        assert check_rows(world, WORKDAYS, [workday(结对编号=typed)]).report.accepted == 1
    assert code_is_taken(world.session, "YS22-640303-A")


def test_of_two_codes_that_differ_in_case_alone_a_file_means_neither(world):
    world.pairing("P3").code = "p1"
    world.session.flush()
    for typed in ("P1", "p1"):
        assert codes_of(check_rows(world, WORKDAYS, [workday(结对编号=typed)])) == [
            (2, "结对编号", "unknown_pairing")
        ]
        row = {"结对编号": typed, "身份证件号": id_number("unqualified"), "角色": "援派"}
        checked = check_rows(world, ASSIGNMENTS, [{**row, "开始日期": "2022-03-01"}])
        assert codes_of(checked) == [(2, "结对编号", "unknown_pairing")]


def test_two_codes_that_nobody_can_tell_apart_are_one(coded):
    pairing = coded.pairing("YS22-640303-A")
    sending, receiving = (
        coded.session.get_one(Organisation, key)
        for key in (pairing.sending_organisation_id, pairing.receiving_organisation_id)
    )
    facts = {
        "sending": sending,
        "receiving": receiving,
        "county_code": COUNTY,
        "line": Line.CONTINUATION,
        "starts_on": date(2022, 6, 1),
        "ends_on": date(2023, 12, 31),
    }
    with pytest.raises(Refused) as refused:
        create_pairing(coded.deed(), code="ys22－640303－a", **facts)
    assert ("code", "duplicate") in [(one.field, one.code) for one in refused.value.refusals]


def test_the_filter_of_a_list_takes_a_code_however_it_is_typed(coded, pages):
    import_rows(coded, WORKDAYS, [workday(结对编号="YS22-640303-A", 状态="已提交")])
    coded.session.commit()
    for page in ("/workdays?pairing=ys22–640303–a", "/workdays/confirmation?pairing=ys22–640303–a"):
        persona = "county_officer" if page.startswith("/workdays?") else "sending_manager"
        assert "演示" in pages(persona).get(page).find("main").text, page


@pytest.mark.parametrize("typed", [COUNTY, COUNTY + "000", COUNTY + "000000", 640303.0])
def test_the_county_itself_is_a_place_known_no_closer(world, typed):
    checked = import_rows(world, WORKDAYS, [workday(地点代码=typed)])
    assert checked.report.accepted == 1
    assert [(one.code, list(one.rows)) for one in checked.report.warnings] == [("county_only", [2])]
    assert world.session.scalars(sa.select(Workday.township_code)).one() is None


@pytest.mark.parametrize("typed", [TOWNSHIP + "000", "６４０３０３１００", "640303 100"])
def test_a_township_is_known_by_its_longer_code(world, typed):
    import_rows(world, WORKDAYS, [workday(地点代码=typed)])
    assert world.session.scalars(sa.select(Workday.township_code)).one() == TOWNSHIP


@pytest.mark.parametrize("typed", ["640324", "640300", "640303999", "640303100001", "64030"])
def test_any_other_code_is_refused_by_name(world, typed):
    checked = check_rows(world, WORKDAYS, [workday(地点代码=typed)])
    assert codes_of(checked) == [(2, "地点代码", "invalid_value")]
    assert typed in checked.report.errors[0].message


def test_a_code_that_a_spreadsheet_made_a_date_is_refused(world):
    checked = check_rows(world, WORKDAYS, [workday(结对编号=date(2022, 3, 1))])
    assert (2, "结对编号", "invalid_value") in codes_of(checked)
    assert "文本" in checked.report.errors[0].message
