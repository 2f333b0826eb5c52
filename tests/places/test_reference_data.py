"""The reviewed CSV files of regions, key counties, townships, authorities and the sending map."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ROOT / "portal" / "places" / "data"
SENDING_MAP = ROOT / "portal" / "programme" / "data" / "sending_map.csv"

# Key counties and their statutory townships by province.
KEY_COUNTIES = {
    "150000": (10, 105),
    "450000": (20, 262),
    "500000": (4, 135),
    "510000": (25, 421),
    "520000": (20, 407),
    "530000": (27, 377),
    "610000": (11, 169),
    "620000": (23, 488),
    "630000": (15, 123),
    "640000": (5, 67),
}

HEADERS = {
    "regions.csv": "code,name,level,parent_code,sort_no",
    "withdrawn_regions.csv": "code,name,note",
    "key_counties.csv": "code,name,valid_from,valid_to,list_status,source",
    "townships.csv": "code,name,kind,county_code",
    "authorities.csv": ("code,name,line,level,region_code,valid_from,valid_to,successor_code,note"),
}

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def province_of(code: str) -> str:
    return f"{code[:2]}0000"


@pytest.fixture(scope="module")
def regions() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read(PLACES / "regions.csv")}


@pytest.fixture(scope="module")
def key_counties() -> Rows:
    return read(PLACES / "key_counties.csv")


@pytest.fixture(scope="module")
def townships() -> Rows:
    return read(PLACES / "townships.csv")


@pytest.fixture(scope="module")
def authorities() -> Rows:
    return read(PLACES / "authorities.csv")


@pytest.fixture(scope="module")
def sending_map() -> Rows:
    return read(SENDING_MAP)


# ---- every file


@pytest.mark.parametrize(("file", "header"), HEADERS.items())
def test_file_is_plain_utf8_with_its_header(file: str, header: str) -> None:
    content = (PLACES / file).read_bytes()
    assert content.startswith(header.encode() + b"\n")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    content.decode("utf-8")


@pytest.mark.parametrize("file", HEADERS)
def test_codes_are_unique_and_sorted(file: str) -> None:
    codes = [row["code"] for row in read(PLACES / file)]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("file", HEADERS)
def test_values_have_no_padding_and_names_are_there(file: str) -> None:
    for row in read(PLACES / file):
        assert all(value == value.strip() for value in row.values()), row
        assert row["name"], row
        assert not re.search(r"\s", row["name"]), row


# ---- regions


def test_has_every_province_prefecture_and_county(regions: dict[str, dict[str, str]]) -> None:
    levels = Counter(row["level"] for row in regions.values())
    assert levels == {"province": 34, "prefecture": 333, "county": 2847}


def test_region_codes_show_their_level(regions: dict[str, dict[str, str]]) -> None:
    for code, row in regions.items():
        assert re.fullmatch(r"[1-8][0-9]{5}", code), code
        by_code = "province" if code.endswith("0000") else "county"
        if by_code == "county" and code.endswith("00"):
            by_code = "prefecture"
        assert row["level"] == by_code, row


def test_every_region_hangs_on_the_nearest_region_above_it(
    regions: dict[str, dict[str, str]],
) -> None:
    for code, row in regions.items():
        if row["level"] == "province":
            assert row["parent_code"] == ""
            continue
        prefecture = f"{code[:4]}00"
        is_under_prefecture = row["level"] == "county" and prefecture in regions
        assert row["parent_code"] == (prefecture if is_under_prefecture else province_of(code))
        assert row["parent_code"] in regions


@pytest.mark.parametrize(
    ("code", "name", "parent"),
    [
        ("110105", "朝阳区", "110000"),
        ("500105", "江北区", "500000"),
        ("500157", "两江新区", "500000"),
        ("500243", "彭水苗族土家族自治县", "500000"),
        ("419001", "济源市", "410000"),
        ("429021", "神农架林区", "420000"),
        ("469030", "琼中黎族苗族自治县", "460000"),
        ("659001", "石河子市", "650000"),
        ("659012", "白杨市", "650000"),
        ("640303", "红寺堡区", "640300"),
        ("653229", "和安县", "653200"),
        ("460302", "西沙区", "460300"),
    ],
)
def test_places_a_county(
    regions: dict[str, dict[str, str]], code: str, name: str, parent: str
) -> None:
    assert (regions[code]["name"], regions[code]["parent_code"]) == (name, parent)


@pytest.mark.parametrize(
    "code",
    ["110100", "500200", "419000", "659000", "130171", "232761", "460321", "620201", "632857"],
)
def test_leaves_out_what_only_the_statistics_know(
    regions: dict[str, dict[str, str]], code: str
) -> None:
    assert code not in regions


def test_leaves_out_development_zones(regions: dict[str, dict[str, str]]) -> None:
    withdrawn = {row["code"] for row in read(PLACES / "withdrawn_regions.csv")}
    assert not [code for code in regions.keys() | withdrawn if 71 <= int(code[4:]) <= 79]


@pytest.mark.parametrize("code", ["710000", "810000", "820000"])
def test_has_provinces_without_counties(regions: dict[str, dict[str, str]], code: str) -> None:
    assert [other for other in regions if other[:2] == code[:2]] == [code]


def test_sort_numbers_are_unique(regions: dict[str, dict[str, str]]) -> None:
    numbers = [int(row["sort_no"]) for row in regions.values()]
    assert numbers == sorted(set(numbers))


# ---- withdrawn regions


def test_withdrawn_codes_are_no_longer_in_force(regions: dict[str, dict[str, str]]) -> None:
    withdrawn = read(PLACES / "withdrawn_regions.csv")
    assert len(withdrawn) == 3991
    for row in withdrawn:
        assert re.fullmatch(r"[1-8][0-9]{5}", row["code"]), row
        assert row["code"] not in regions
        assert row["note"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("110103", "崇文区"),
        ("110100", "市辖区"),
        ("330103", "下城区"),
        ("110221", "昌平县"),
        ("512301", "涪陵市"),
        ("522401", "毕节市"),
        ("632321", "同仁县"),
        ("520221", "水城县"),
    ],
)
def test_knows_withdrawn_codes(code: str, name: str) -> None:
    names = {row["code"]: row["name"] for row in read(PLACES / "withdrawn_regions.csv")}
    assert names[code] == name


# ---- key counties


def test_has_the_160_key_counties(key_counties: Rows, regions: dict[str, dict[str, str]]) -> None:
    assert len(key_counties) == 160
    for row in key_counties:
        assert regions[row["code"]]["level"] == "county"
        assert regions[row["code"]]["name"] == row["name"]
        assert (row["valid_from"], row["valid_to"]) == ("2021-08-27", "")


def test_counts_key_counties_by_province(key_counties: Rows) -> None:
    counted = Counter(province_of(row["code"]) for row in key_counties)
    assert counted == {code: counties for code, (counties, _) in KEY_COUNTIES.items()}


def test_says_which_key_counties_are_not_verified(key_counties: Rows) -> None:
    assert Counter(row["list_status"] for row in key_counties) == {
        "verified": 100,
        "memory-high": 43,
        "memory-medium": 17,
    }
    for row in key_counties:
        assert ("待与官方附件核对" in row["source"]) == (row["list_status"] != "verified")


# ---- townships


def test_has_the_townships_of_every_key_county(townships: Rows, key_counties: Rows) -> None:
    assert len(townships) == 2554
    assert {row["county_code"] for row in townships} == {row["code"] for row in key_counties}


def test_counts_townships_by_province(townships: Rows) -> None:
    counted = Counter(province_of(row["code"]) for row in townships)
    assert counted == {code: units for code, (_, units) in KEY_COUNTIES.items()}


def test_township_codes_show_their_county_and_kind(townships: Rows) -> None:
    for row in townships:
        assert re.fullmatch(r"[0-9]{9}", row["code"]), row
        assert row["code"][:6] == row["county_code"]
        number = int(row["code"][6:])
        assert row["kind"] in {"street", "town", "township"}
        if number < 400:
            by_code = "street" if number < 100 else "town" if number < 200 else "township"
            assert row["kind"] == by_code, row


# ---- authorities


def test_every_province_has_both_lines(
    authorities: Rows, regions: dict[str, dict[str, str]]
) -> None:
    provincial = [row for row in authorities if row["level"] == "province"]
    assert len(provincial) == 62
    mainland = {code for code in regions if code.endswith("0000") and code < "700000"}
    for line in ("civil", "rural"):
        assert {row["region_code"] for row in provincial if row["line"] == line} == mainland


def test_authorities_are_well_formed(authorities: Rows) -> None:
    codes = {row["code"] for row in authorities}
    for row in authorities:
        assert row["line"] in {"civil", "rural"}
        assert row["level"] in {"nation", "province"}
        assert (row["region_code"] == "CN") == (row["level"] == "nation")
        assert row["successor_code"] in codes | {""}
        assert (row["successor_code"] != "") == (row["valid_to"] != "")
        for column in ("valid_from", "valid_to"):
            if row[column]:
                assert date.fromisoformat(row[column]).isoformat() == row[column]


def test_every_authority_that_rests_on_general_knowledge_says_so(authorities: Rows) -> None:
    assert all("待核实" in row["note"] or "待与官方文件核实" in row["note"] for row in authorities)


@pytest.mark.parametrize(
    ("day", "civil", "rural"),
    [
        ("2021-12-27", "民政部", "国家乡村振兴局"),
        ("2023-03-07", "民政部", "国家乡村振兴局"),
        ("2023-03-08", "民政部", "农业农村部"),
        ("2023-03-16", "中央社会工作部", "农业农村部"),
        ("2026-11-21", "中央社会工作部", "农业农村部"),
    ],
)
def test_exactly_one_national_authority_of_each_line_is_valid_on_a_day(
    authorities: Rows, day: str, civil: str, rural: str
) -> None:
    departments = {"CN-MCA-CSW", "CN-NRRA-SA"}
    valid = {
        (row["line"], row["name"])
        for row in authorities
        if row["level"] == "nation" and row["code"] not in departments
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    }
    assert valid == {("civil", civil), ("rural", rural)}


# ---- sending map


def test_sending_map_gives_every_key_county_one_pairing(sending_map: Rows) -> None:
    pairs: Counter[str] = Counter()
    for row in sending_map:
        pairs[row["receiving_province_code"]] += int(row["cross_pairs"])
        pairs[row["receiving_province_code"]] += int(row["in_province_pairs"])
    assert pairs == {code: counties for code, (counties, _) in KEY_COUNTIES.items()}
    assert pairs.total() == 160


def test_sending_map_names_real_provinces(
    sending_map: Rows, regions: dict[str, dict[str, str]]
) -> None:
    for row in sending_map:
        for side in ("sending", "receiving"):
            region = regions[row[f"{side}_province_code"]]
            assert (region["level"], region["name"]) == ("province", row[f"{side}_name"])
        assert row["sending_province_code"] != row["receiving_province_code"]


def test_sending_map_is_sorted_by_receiving_and_sending_province(sending_map: Rows) -> None:
    keys = [(row["receiving_province_code"], row["sending_province_code"]) for row in sending_map]
    assert keys == sorted(set(keys))


def test_sending_map_separates_the_verified_from_the_demonstration(sending_map: Rows) -> None:
    verified = {
        (row["sending_name"], row["receiving_name"]): (
            row["cross_pairs"],
            row["in_province_pairs"],
        )
        for row in sending_map
        if row["status"] == "verified"
    }
    assert verified == {
        ("福建省", "宁夏回族自治区"): ("5", "0"),
        ("浙江省", "青海省"): ("5", "10"),
        ("重庆市", "贵州省"): ("5", "15"),
    }
    others = [row for row in sending_map if row["status"] != "verified"]
    assert all(row["status"] == "demo" and row["note"].startswith("演示") for row in others)
