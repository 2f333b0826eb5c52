"""How lines of the summary add up, and what is due for them."""

from datetime import date

import pytest

from models.types import Line, Mode, Side
from portal.compliance.rules import FINDING_BITS
from portal.funding.entitlement_rules import dearer_mode, subsidy_fen
from portal.ledger.rules import Money
from portal.programme.policy import DEFAULT_POLICY, Policy
from portal.summaries.area_rules import (
    Area,
    Organisations,
    Planned,
    all_senders,
    areas_of,
    organisations_by,
    organisations_of,
    planned_by,
    senders_of,
    sums_by_county,
    whole_of,
)
from portal.summaries.rules import (
    NOTHING,
    Filters,
    PairingLine,
    Sums,
    due_of,
    dues_of,
    refusals_for_as_of,
    sums_of,
)


def line(code: str = "A", county: str = "640303", **changes: object) -> PairingLine:
    plain = PairingLine(
        pairing_id=1,
        is_confirmed=True,
        is_covering=True,
        bears_due=True,
        code=code,
        line=Line.KEY_COUNTY,
        mode=Mode.CROSS_PROVINCE,
        county_code=county,
        county_name="县",
        sending_credit_code="S",
        sending_name="援派",
        sending_province_code="350000",
        receiving_credit_code="R",
        receiving_name="受援",
        receiving_province_code=f"{county[:2]}0000",
        sent_staff=2,
        qualified_sent_staff=2,
        received_staff=3,
        unqualified_received_staff=0,
        sent_centidays=4000,
        received_centidays=12000,
        sent_pending_centidays=50,
        received_pending_centidays=0,
        sent_min_centidays=1950,
        received_min_centidays=3000,
        is_compliant=True,
        findings=0,
    )
    return plain._replace(**changes)


LAME = line(
    "B",
    sent_staff=2,
    qualified_sent_staff=1,
    sent_centidays=1500,
    sent_min_centidays=1500,
    is_compliant=False,
    findings=FINDING_BITS["too_few_sent_staff"] | FINDING_BITS["too_few_sent_days"],
)


def areas(lines: list[PairingLine], **changes: object) -> list[Area]:
    wanted = {
        "names": {"640000": "宁夏", "520000": "贵州"},
        "key_counties": {"640303": "640000", "640324": "640000", "520204": "520000"},
        "townships": {"640303": 5, "520204": 7},
        "organisations": organisations_by(Side.RECEIVED, lines),
        "allocated": {"640000": 4},
        "always": ["640000", "520000"],
    }
    return areas_of(sums_by_county(lines), **{**wanted, **changes})


def test_sums_add_up_and_keep_the_least_of_anybody() -> None:
    both = sums_of(line()) | sums_of(LAME)
    assert (both.pairings, both.compliant_pairings) == (2, 1)
    assert (both.sent_staff, both.qualified_sent_staff, both.received_staff) == (4, 3, 6)
    assert (both.sent_centidays, both.sent_pending_centidays) == (5500, 100)
    assert both.sent_min_centidays == 1500
    assert both.met("too_few_sent_staff") == 1
    assert both.met("no_agreement") == 2
    assert both.sent_average_centidays == 1833


def test_nothing_adds_nothing() -> None:
    assert NOTHING | sums_of(line()) == sums_of(line())
    assert sums_of(line()) | NOTHING == sums_of(line())
    assert NOTHING.sent_average_centidays == 0


def test_adding_does_not_depend_on_the_order() -> None:
    assert sums_of(line()) | sums_of(LAME) == sums_of(LAME) | sums_of(line())


def test_a_county_with_two_pairings_is_covered_once() -> None:
    ningxia = areas([line("A"), line("B")])[1]
    assert ningxia.sums.pairings == 2
    assert (ningxia.key_counties, ningxia.key_counties_covered) == (2, 1)


def test_a_pairing_that_is_not_confirmed_counts_in_no_sum_and_covers_nothing() -> None:
    ningxia = areas([line("A", is_confirmed=False, is_covering=False, bears_due=False)])[1]
    assert ningxia == areas([])[1]


def test_a_pairing_that_is_not_in_force_counts_and_covers_nothing() -> None:
    ningxia = areas([line("A", is_covering=False)])[1]
    assert (ningxia.sums.pairings, ningxia.key_counties_covered) == (1, 0)


def test_a_county_outside_the_list_covers_nothing() -> None:
    found = areas([line("A", "640106")])[1]
    assert (found.sums.pairings, found.key_counties_covered) == (1, 0)


def test_a_province_with_key_counties_appears_without_a_pairing() -> None:
    guizhou, ningxia = areas([line()])
    assert (guizhou.name, guizhou.sums, guizhou.key_counties) == ("贵州", NOTHING, 1)
    assert (ningxia.allocated, guizhou.allocated) == (4, 0)


def test_the_whole_is_the_sum_of_its_areas() -> None:
    parts = areas([line("A"), LAME, line("C", "520204")])
    whole = whole_of(parts, Organisations())
    assert whole.sums == parts[0].sums | parts[1].sums
    assert (whole.key_counties, whole.key_counties_covered) == (3, 2)
    assert whole.townships == 5 + 7  # the county with two pairings once
    assert whole.allocated == 4


def test_the_allocation_is_unknown_to_whoever_sees_single_pairings_only() -> None:
    assert whole_of(areas([line()], allocated=None), Organisations()).allocated is None


def test_a_province_of_the_allocation_table_appears_without_a_pairing() -> None:
    codes = [area.code for area in areas([], allocated={"540000": 2}, always=[])]
    assert codes == ["540000"]


def test_what_is_sent_adds_up_by_the_sending_province() -> None:
    lines = [line("A"), LAME, line("C", "520204", sending_province_code="500000")]
    planned = [Planned("350000", "640000", 4), Planned("510000", "640000", 1)]
    senders = senders_of(
        sums_by_county(lines),
        names={"350000": "福建省"},
        organisations=organisations_by(Side.SENT, lines),
        allocated=planned_by(Side.SENT, planned),
    )
    assert [(one.name, one.sums.pairings, one.allocated) for one in senders] == [
        ("福建省", 2, 4),
        ("500000", 1, 0),
        ("510000", 0, 1),
    ]
    whole = all_senders(senders, Organisations())
    assert whole.sums == whole_of(areas(lines), Organisations()).sums
    assert (whole.sums.pairings, whole.allocated) == (3, 5)


def test_an_organisation_with_two_pairings_is_one_organisation() -> None:
    lines = [
        line("A"),
        line("B", "520204", receiving_credit_code="R2"),
        line("C", sending_credit_code="S2", is_confirmed=False),
    ]
    received, sent = (organisations_by(side, lines) for side in (Side.RECEIVED, Side.SENT))
    assert received == {"640000": Organisations(1, 1), "520000": Organisations(1, 1)}
    assert sent == {"350000": Organisations(1, 2)}
    assert organisations_of(received, sent) == Organisations(1, 2)


@pytest.mark.parametrize(
    ("mode", "fen"), [(Mode.CROSS_PROVINCE, 3_000_000), (Mode.IN_PROVINCE, 2_000_000)]
)
def test_the_subsidy_depends_on_the_mode(mode: Mode, fen: int) -> None:
    assert subsidy_fen(mode, DEFAULT_POLICY) == fen


def test_the_mode_with_the_higher_subsidy_counts_whatever_the_policy_says() -> None:
    assert dearer_mode(DEFAULT_POLICY) == Mode.CROSS_PROVINCE
    turned = Policy({**DEFAULT_POLICY.values, "subsidy_in_province_fen": 4_000_000})
    assert dearer_mode(turned) == Mode.IN_PROVINCE


def test_qinghai_five_cross_and_ten_in_province_pairs_are_due_350000_yuan() -> None:
    """青海省实施方案: 5×3万 + 10×2万 = 35万 (cases.md)."""
    sums = Sums(pairings=15, due_cross=5, due_in_province=10)
    assert due_of(sums, DEFAULT_POLICY) == (35_000_000, 15 * 3_000_000)


def test_a_line_that_bears_nothing_is_due_nothing() -> None:
    assert due_of(sums_of(line(bears_due=False)), DEFAULT_POLICY) == (0, 0)


@pytest.mark.parametrize(
    ("filters", "is_admitted"),
    [
        (Filters(), True),
        (Filters(either_province="350000"), True),
        (Filters(either_province="640000"), True),
        (Filters(either_province="520000"), False),
        (Filters(receiving_province="640000"), True),
        (Filters(receiving_province="350000"), False),
        (Filters(line=Line.KEY_COUNTY), True),
        (Filters(line=Line.CONTINUATION), False),
        (Filters(mode=Mode.IN_PROVINCE), False),
        (Filters(finding="too_few_sent_days"), True),
        (Filters(finding="no_agreement"), False),
        (Filters(compliant=True), False),
        (Filters(compliant=False), True),
    ],
)
def test_filters_admit_what_they_name(filters: Filters, is_admitted: bool) -> None:
    assert filters.admit(LAME) == is_admitted


def test_a_line_explains_its_findings_with_have_and_need() -> None:
    found = LAME.explained(DEFAULT_POLICY)
    assert [(one.code, one.have, one.need) for one in found] == [
        ("too_few_sent_staff", 1, 2),
        ("sent_staff_not_qualified", 1, 2),
        ("too_few_sent_days", 15, 40),
    ]


@pytest.mark.parametrize(
    ("as_of", "codes"),
    [(None, []), (date(2022, 11, 21), []), (date(2022, 11, 22), ["future_date"])],
)
def test_only_what_is_known_can_be_summarised(as_of: date | None, codes: list[str]) -> None:
    assert [one.code for one in refusals_for_as_of(as_of, date(2022, 11, 21))] == codes


@pytest.mark.parametrize(
    ("fen", "short"),
    [(5_000_000, 0), (3_000_000, 0), (2_999_999, 5), (0, 5)],
)
def test_five_pairs_across_provinces_are_short_below_the_guarantee(fen: int, short: int) -> None:
    """Show 4: at 50,000 yuan a year they pass, at 29,999.99 the finding says so (三(二))."""
    paid = Money(subsidy_received_fen=3_000_000, province_received_fen=fen, received_fen=fen)
    lines = [
        line(f"P{number}", county=f"64030{number}").with_money(paid, dues_of(DEFAULT_POLICY))
        for number in range(1, 6)
    ]
    sums = areas(lines)[1].sums
    assert sums.having("province_short") == short
    assert sums.having("subsidy_short") == 0
    assert due_of(sums, DEFAULT_POLICY).subsidy_fen == 15_000_000
    said = [
        one.message for one in lines[0].explained(DEFAULT_POLICY) if one.code == "province_short"
    ]
    if short:
        assert said[0].startswith(
            f"派出省的资金保障本年度到账 {fen / 100:,.2f} 元，应不少于 30,000.00 元"
        )
    else:
        assert said == []
