"""Recording a certificate; who qualifies is decided anew."""

from __future__ import annotations

from datetime import date

import pytest

from models import Certificate
from models.types import Side
from portal.staffing.actions import nominate

FILLED = {
    "certificate_level": "intermediate",
    "certificate_number": "演示-2021-77",
    "certificate_issued_on": "2021年6月1日",
}


def path(world, key="unqualified") -> str:
    return f"/people/{world.person(key).public_id}/certificates/new"


def test_records_and_leads_back_to_the_person(pages, world):
    page = pages("sending_manager").get(path(world)).submit(**FILLED, follow=True)
    assert page.messages == ["已登记社会工作师证书，援派资格已随之复核。"]
    assert {row["证书等级"] for row in page.table_rows("证书")} == {
        "助理社会工作师",
        "社会工作师",
    }
    assert [node["data-code"] for node in page.find_all(".q-finding")] == ["service_too_short"]


def test_an_assignment_that_waited_for_it_qualifies_at_once(pages, world):
    person = world.person("unqualified")
    person.service_started_on = date(2019, 1, 1)
    assignment = nominate(
        world.deed(),
        pairing=world.pairing(),
        person=person,
        side=Side.SENT,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )
    assert not assignment.is_qualified
    page = pages("sending_manager").get(path(world)).submit(**FILLED, follow=True)
    assert page.table_rows("选派")[0]["资格"] == "符合"
    assert world.assignment("unqualified").is_qualified


def test_recording_the_same_level_mends_it(pages, world):
    client = pages("sending_manager")
    client.get(path(world)).submit(**FILLED)
    count = world.count(Certificate)
    form = client.get(path(world))
    assert "已登记：" in form.text
    form.submit(**{**FILLED, "certificate_issued_on": "2021-06-02"})
    assert world.count(Certificate) == count


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"certificate_issued_on": "2031-01-01"}, "晚于今天"),
        ({"certificate_issued_on": ""}, "请填写证书取得日期"),
        ({"certificate_issued_on": "去年"}, "不是日期"),
        ({"certificate_number": "演示证书11"}, "已登记在他人名下"),
        ({"certificate_number": ""}, "请填写证书编号"),
        ({"certificate_level": ""}, "请选择证书等级"),
    ],
)
def test_refuses_beside_the_field(pages, world, changes, words):
    count = world.count(Certificate)
    page = pages("sending_manager").get(path(world)).submit(**{**FILLED, **changes}, expect=200)
    (error,) = page.errors
    assert words in error
    (field,) = changes
    assert page.find(f"[name={field}]").get("aria-invalid") == "true"
    assert world.count(Certificate) == count


@pytest.mark.parametrize(
    ("persona", "expect"),
    [("sending_staff", 404), ("sending_province_officer", 403), ("receiving_manager", 404)],
)
def test_nobody_else_may(pages, world, persona, expect):
    pages(persona).post(path(world), FILLED, expect=expect)
