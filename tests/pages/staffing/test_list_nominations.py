"""/nominations: the queue of whoever approves."""

from __future__ import annotations

from datetime import date

import pytest

from models import Assignment
from models.types import AssignmentState, Side
from portal.staffing.actions import end_assignment, nominate
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World

URL = "/nominations"


def token(assignment: Assignment) -> str:
    """Return what a ticked row sends: whom, in the version that was shown."""
    return f"{assignment.public_id}-{assignment.version}"


def names(page) -> list[str]:
    return [row["姓名"] for row in page.table_rows()] if page.find("table") else []


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("sending_province_officer", ["演示甲三"]),
        ("county_officer", ["演示乙三"]),
        ("province_officer", []),
        ("other_province_officer", []),
        ("other_county_officer", []),
    ],
)
def test_the_sending_province_decides_on_sent_the_county_on_received_people(
    pages: Pages, sent, received, persona, expected
):
    page = pages(persona).get(URL)
    assert names(page) == expected
    door = page.find('.q-nav__link[href="/assignments"]').text
    assert door == (f"选派 {len(expected)} 件待办" if expected else "选派")


def test_a_row_says_who_nominated_and_whether_the_rule_is_met(pages: Pages, sent):
    row = pages("sending_province_officer").get(URL).table_rows()[0]
    assert row["资格核对"].startswith("不符合")
    assert (
        "现有证书为助理社会工作师；援派人员须持有社会工作师或高级社会工作师证书" in row["资格核对"]
    )
    assert row["提名"] == "演示援派机构负责人 2022-11-21 10:00"


def test_one_button_approves_one(pages: Pages, world: World, sent):
    page = pages("sending_province_officer").get(URL)
    page = page.submit("tbody form", button="批准", follow=True)
    assert page.messages == [f"已批准{world.person('unqualified').name}的援派选派。"]
    assert page.find(".q-empty__title").text == "没有待审批的选派"
    assert sent.state == AssignmentState.APPROVED


def test_many_are_approved_at_once(pages: Pages, world: World, sent):
    end_assignment(world.deed(), world.assignment("sent2"), date(2022, 2, 28), "调岗")
    second = nominate(
        world.deed("sending_manager"),
        pairing=world.pairing("P1"),
        person=world.person("sent2"),
        side=Side.SENT,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )
    page = pages("sending_province_officer").get(URL)
    chosen = [token(sent), token(second)]
    page = page.submit("#nominations", button="批准所选", chosen=chosen, follow=True)
    assert page.messages == ["已批准 2 人的选派。"]
    assert {sent.state, second.state} == {AssignmentState.APPROVED}


def test_refuses_to_approve_what_was_changed_since_it_was_shown(pages: Pages, world: World, sent):
    client = pages("sending_province_officer")
    shown = client.get(URL)
    sent.ends_on = date(2024, 12, 31)
    world.session.commit()
    refused = shown.submit(
        "#nominations", button="批准所选", chosen=[shown_token(shown)], expect=409
    )
    assert "在您打开页面之后，这一项已由他人办理或修改" in refused.text
    assert sent.state == AssignmentState.NOMINATED
    page = client.get(URL)
    page.submit("#nominations", button="批准所选", chosen=[shown_token(page)])
    assert sent.state == AssignmentState.APPROVED


def shown_token(page) -> str:
    return page.find("tbody input[type=checkbox]")["value"]


def test_the_button_of_one_row_approves_what_it_shows(pages: Pages, world: World, sent):
    shown = pages("sending_province_officer").get(URL)
    sent.ends_on = date(2024, 12, 31)
    world.session.commit()
    shown.submit("tbody form", button="批准", expect=409)
    assert sent.state == AssignmentState.NOMINATED


def test_a_slip_of_the_hand_is_taken_back(pages: Pages, world: World, sent):
    page = pages("sending_province_officer").get(URL)
    page = page.submit("tbody form", button="批准", follow=True)
    other = pages("county_officer").post(page.find(".q-undo form")["action"], expect=409)
    assert "只能由办理人本人撤销" in other.text
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销批准，1 人恢复为待审批。"]
    assert names(page) == ["演示甲三"]
    assert sent.state == AssignmentState.NOMINATED
    page = page.click("不批准").submit("form.q-panel", reason="演示：证书不符", follow=True)
    assert sent.state == AssignmentState.REJECTED
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销不批准，1 人恢复为待审批。"]
    assert names(page) == ["演示甲三"]


def test_nothing_chosen_is_said(pages: Pages, sent):
    page = pages("sending_province_officer").get(URL)
    page = page.submit("#nominations", button="批准所选", expect=409)
    assert "请先勾选" in page.text


def test_one_that_is_not_within_reach_stops_all(pages: Pages, sent, received):
    client = pages("sending_province_officer")
    client.post("/nominations/approval", {"chosen": [token(sent), token(received)]}, expect=404)
    assert sent.state == AssignmentState.NOMINATED


def test_what_one_nominated_oneself_offers_no_deed(pages: Pages, world: World, sent):
    sent.nominated_by_person_id = world.actor("sending_province_officer").person_id
    client = pages("sending_province_officer")
    page = client.get(URL)
    assert page.find("tbody input[type=checkbox]") is None
    assert page.find('.q-nav__link[href="/assignments"]').text == "选派"
    assert "待审批的选派" not in client.get("/").text
    assert "须由另一位同事办理" in page.text
    refused = client.post(f"/assignments/{sent.public_id}/approval", expect=409)
    assert "本人提出的或本人的选派不能由本人审批" in refused.text
    refused = client.post("/nominations/approval", {"chosen": [token(sent)]}, expect=409)
    assert "本人提出的或本人的选派不能由本人审批" in refused.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=甲三", ["演示甲三"]),
        ("q=没有", []),
        ("side=received", []),
        ("qualified=no", ["演示甲三"]),
        ("qualified=yes", []),
        ("sort=-name", ["演示甲三"]),
    ],
)
def test_filters_stand_in_the_url(pages: Pages, sent, query, expected):
    assert names(pages("sending_province_officer").get(f"{URL}?{query}")) == expected


@pytest.mark.parametrize("persona", ["national_officer", "sending_manager", "sending_staff"])
def test_nobody_else_has_a_queue(pages: Pages, persona):
    pages(persona).get(URL, 403)
    pages(persona).post("/nominations/approval", expect=403)


def test_costs_the_same_number_of_queries_for_one_and_for_several_days(
    pages: Pages, world: World, sent
):
    client = pages("sending_province_officer")
    client.get(URL)
    with statements(pages.app) as for_one:
        client.get(URL)
    for key, day in (("sent1", date(2022, 4, 1)), ("sent2", date(2022, 5, 1))):
        end_assignment(world.deed(), world.assignment(key), date(2022, 2, 28), "调岗")
        nominate(
            world.deed("sending_manager"),
            pairing=world.pairing("P1"),
            person=world.person(key),
            side=Side.SENT,
            starts_on=day,
            ends_on=None,
        )
    world.session.commit()
    with statements(pages.app) as for_three:
        assert len(names(client.get(URL))) == 3
    assert len(for_one) == len(for_three)
