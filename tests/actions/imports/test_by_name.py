"""Working days and nominations of people who are named: no ID number needed, and no account."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from models import Assignment, Person, Workday
from models.types import ImportKind
from portal.imports.kinds import KINDS
from tests.support.imports import Row, check_rows, codes_of, id_number, import_rows, workday
from tests.support.workdays import logged
from tests.support.world import World


def named(name: str = "演示甲一", day: str = "2022-11-01", **cells: Any) -> Row:
    row = workday(day=day, 工作内容="演示：按姓名", **{"姓名": name, **cells})
    return {header: cell for header, cell in row.items() if header != "身份证件号"}


def days_of(world: World, person: Person) -> int:
    return world.session.query(Workday).filter_by(person_id=person.id).count()


def test_a_name_of_the_pairing_is_enough(world: World):
    rows = [named(), named("演示 甲二", "2022-11-02")]
    checked = import_rows(world, ImportKind.WORKDAYS, rows, persona="sending_manager")
    assert codes_of(checked) == []
    assert (days_of(world, world.person("sent1")), days_of(world, world.person("sent2"))) == (1, 1)


def test_the_same_day_by_number_and_by_name_is_one_day(world: World):
    import_rows(world, ImportKind.WORKDAYS, [named()])
    again = [{**named(), "身份证件号": id_number("sent1")}]
    checked = import_rows(world, ImportKind.WORKDAYS, again)
    assert (checked.report.unchanged, days_of(world, world.person("sent1"))) == (1, 1)


def test_beside_a_number_the_name_says_nothing(world: World):
    rows = [{**named("演示甲二"), "身份证件号": id_number("sent1")}]
    assert codes_of(check_rows(world, ImportKind.WORKDAYS, rows)) == []


def test_two_of_one_name_are_told_apart_by_their_code(world: World):
    first, second = world.person("sent1"), world.person("sent2")
    second.name = first.name
    world.session.flush()
    checked = check_rows(world, ImportKind.WORKDAYS, [named()])
    assert codes_of(checked) == [(2, "人员编号", "ambiguous")]
    assert f"2 位“演示甲一”：{first.public_id}（证件号码" in checked.report.errors[0].message
    import_rows(world, ImportKind.WORKDAYS, [named(人员编号=second.public_id)])
    assert (days_of(world, first), days_of(world, second)) == (0, 1)


def test_people_of_another_organisation_or_pairing_are_nobody(world: World):
    rows = [named("演示乙一"), named("演示丁一", "2022-11-02"), named("无此人", "2022-11-03")]
    checked = check_rows(world, ImportKind.WORKDAYS, rows, persona="sending_manager")
    assert codes_of(checked) == [(row, "姓名", "unknown_person") for row in (2, 3, 4)]


def test_a_refusal_about_the_person_stands_beside_the_name(world: World):
    rows = [named(结对编号="P9"), named(day="2021-11-02")]
    checked = check_rows(world, ImportKind.WORKDAYS, rows)
    assert (2, "结对编号", "unknown_pairing") in codes_of(checked)
    assert {column for _, column, _ in codes_of(checked)} <= {"结对编号", "姓名", "日期"}


def test_a_row_needs_the_one_or_the_other(world: World):
    neither = check_rows(world, ImportKind.WORKDAYS, [named(), named("", "2022-11-02")])
    assert codes_of(neither) == [(3, "姓名", "missing_value")]
    both = [workday(), {**named("", "2022-11-02"), "身份证件号": ""}]
    assert codes_of(check_rows(world, ImportKind.WORKDAYS, both)) == [
        (3, "身份证件号", "missing_value")
    ]


def test_a_county_prepares_everybody_of_its_pairings_on_working_days(world: World):
    logged(world, "sent1", date(2022, 11, 2), half_days=1)
    logged(world, "sent1", date(2022, 11, 3))
    rows = KINDS[ImportKind.WORKDAYS].prepare(world.deed("county_officer"), date(2022, 11, 1))
    first = [day.day for _, name, _, day in rows if name == "演示甲一"][:3]
    assert first == [1, 2, 4]  # half a day has room for another, a whole one has none
    people = {"演示甲一", "演示甲二", "演示乙一", "演示乙二", "演示乙三"}
    assert {(code, name) for code, name, _, _ in rows} == {("P1", name) for name in people}
    days = {day for *_, day in rows}
    assert (min(days), max(days)) == (date(2022, 11, 1), date(2022, 11, 21))
    assert date(2022, 11, 5) not in days  # a Saturday


# ---- nominations ---------------------------------------------------------------------------


def nominated(name: str = "演示甲三", **cells: Any) -> Row:
    row = {"结对编号": "P1", "姓名": name, "角色": "援派", "开始日期": "2022-11-01"}
    return {**row, **cells}


def nominees(world: World) -> list[tuple[str, date]]:
    wanted = sa.select(Person.name, Assignment.starts_on).join(
        Person, Person.id == Assignment.person_id
    )
    first = date(2022, 11, 1)
    return [tuple(row) for row in world.session.execute(wanted) if row.starts_on == first]


def test_somebody_of_the_own_organisation_is_nominated_by_name(world: World):
    name = world.person("unqualified").name
    rows = [nominated(name)]
    checked = import_rows(world, ImportKind.ASSIGNMENTS, rows, persona="sending_manager")
    assert (codes_of(checked), nominees(world)) == ([], [(name, date(2022, 11, 1))])
    # By the number it is the same nomination, and what people script stays as it was.
    number = {"身份证件号": id_number("unqualified"), **nominated("无此人")}
    again = import_rows(world, ImportKind.ASSIGNMENTS, [number], persona="sending_manager")
    assert again.report.unchanged == 1


def test_nominees_of_one_name_are_told_apart_by_their_code(world: World):
    first, second = world.person("unqualified"), world.person("sent1")
    second.name = first.name
    world.session.flush()
    row = nominated(first.name)
    checked = check_rows(world, ImportKind.ASSIGNMENTS, [row], persona="sending_manager")
    assert codes_of(checked) == [(2, "人员编号", "ambiguous")]
    assert f"{first.public_id}（证件号码" in checked.report.errors[0].message
    rows = [{**row, "人员编号": first.public_id}]
    assert import_rows(
        world, ImportKind.ASSIGNMENTS, rows, persona="sending_manager"
    ).report.applied
    assert nominees(world) == [(first.name, date(2022, 11, 1))]


def test_whoever_is_not_of_the_own_organisation_is_nobody_whatever_is_wrong_besides(world: World):
    rows = [
        nominated("演示乙一"),
        nominated("无此人", 结对编号="P9"),
        nominated("无此人", 角色="负责人"),
        nominated(""),
    ]
    checked = check_rows(world, ImportKind.ASSIGNMENTS, rows, persona="sending_manager")
    assert codes_of(checked) == [
        (2, "姓名", "unknown_person"),
        (3, "结对编号", "unknown_pairing"),
        (4, "角色", "invalid_value"),
        (5, "姓名", "missing_value"),
    ]
