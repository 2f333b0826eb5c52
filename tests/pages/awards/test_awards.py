"""/awards: claimed by one tap, verified, publicised and paid many at once, the notice on paper."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import AwardRule, CertificateAward
from models.types import AwardState as State
from portal.awards import actions
from portal.awards.notice_rules import mask_name, mask_number
from tests.support.awards import (
    FUJIAN,
    PROVINCE,
    claimed,
    publicised,
    verified,
    with_award_rules,
)
from tests.support.portal import Pages
from tests.support.statements import statements_of
from tests.support.world import World

NEW = "/awards/new"


@pytest.fixture(autouse=True)
def _rules(world: World) -> None:
    with_award_rules(world)


def only(world: World) -> CertificateAward:
    world.session.expire_all()
    return world.session.scalars(sa.select(CertificateAward)).one()


def tokens(page) -> list[str]:
    return [box["value"] for box in page.find_all("tbody input[type=checkbox]")]


def test_ones_own_certificate_is_one_tap(pages: Pages, world: World):
    page = pages("sending_staff").get(NEW)
    assert "演示证书11" in page.text
    assert "3,000.00" in page.text
    page = page.submit(button="申请奖补", follow=True)
    assert page.messages == ["已申请 1 项奖补，共 3,000.00 元，待省级民政部门核验。"]
    assert page.h1 == "演示甲一 社会工作师奖补"
    assert only(world).claimed_by_person_id == world.person("sent1").id
    assert "没有可以申请的证书" in pages("sending_staff").get(NEW).text


def test_the_manager_claims_for_several_and_says_what_is_free(pages: Pages, world: World):
    page = pages("sending_manager").get(NEW)
    assert len(tokens(page)) == 3
    refused = page.submit("#claims", chosen=tokens(page), expect=200)
    assert "请填写发放方确定的金额" in " ".join(refused.errors)
    assert world.count(CertificateAward) == 0
    field = page.find('input[name^="amount-"]')["name"]
    page.submit("#claims", chosen=tokens(page), values={field: "５００"}, expect=302)
    amounts = world.session.scalars(sa.select(CertificateAward.amount_fen)).all()
    assert sorted(amounts) == [50_000, 300_000, 600_000]


ODD = {
    "0": "应大于 0 元",
    "-1": "应大于 0 元",
    "1e5": "最多两位小数",
    "0.001": "最多两位小数",
    "NaN": "最多两位小数",
    "壹万元": "最多两位小数",
    "100000000": "超过单笔上限",
    "1000000000000000000": "最多两位小数",
}


def test_odd_amounts_get_their_sentence(pages: Pages, world: World):
    page = pages("sending_manager").get(NEW)
    field = page.find('input[name^="amount-"]')["name"]
    for typed, said in ODD.items():
        refused = page.submit("#claims", chosen=tokens(page), values={field: typed}, expect=200)
        assert said in " ".join(refused.errors), typed
    assert world.count(CertificateAward) == 0


def test_without_a_certificate_or_a_rule_the_page_says_what_to_do(pages: Pages, world: World):
    page = pages("receiving_staff").get(NEW)
    assert "证书由机构负责人登记" in page.text
    assert page.find(f'a[href="/people/{world.person("received1").public_id}"]') is not None
    page = pages("receiving_manager").get(NEW)
    assert page.find('.q-empty a[href="/people"]') is not None
    page = pages("foreign_manager").get(NEW)
    assert "本省没有登记规定" in page.text


def test_the_province_verifies_publicises_and_pays_many(pages: Pages, world: World):
    claimed(world, "sent1")
    claimed(world, "sent2")
    world.session.commit()
    client = pages(PROVINCE)
    page = client.get("/awards?state=claimed")
    page = page.submit("#awards", chosen=tokens(page), button="所选核验通过", follow=True)
    assert page.messages == ["已核验通过 2 项，共 9,000.00 元。"]
    page = client.get("/awards?state=verified")
    page = page.submit("#awards", chosen=tokens(page), button="所选开始公示", follow=True)
    assert page.messages == ["已开始公示 2 项，共 9,000.00 元。"]
    assert "没有待发放的奖补" in client.get("/awards/payments").text
    world.clock.stand_on(date(2022, 11, 29))
    page = pages(PROVINCE).get("/awards/payments")
    assert len(tokens(page)) == 2
    page = page.submit(
        "#payments",
        chosen=tokens(page),
        paid_on="2022-11-29",
        voucher_number="演示批次1",
        follow=True,
    )
    assert page.messages == ["已登记发放 2 项，共 9,000.00 元。"]
    states = world.session.scalars(sa.select(CertificateAward.state)).all()
    assert states == [State.PAID, State.PAID]


@pytest.mark.parametrize(
    ("address", "persona", "before", "after"),
    [
        ("withdrawal", "sending_manager", claimed, State.WITHDRAWN),
        ("rejection", PROVINCE, claimed, State.REJECTED),
        ("objection", PROVINCE, publicised, State.CLAIMED),
        ("objection/dismissal", PROVINCE, publicised, State.PUBLICISED),
    ],
)
def test_a_step_with_a_reason_has_its_page(
    pages: Pages, world: World, address: str, persona: str, before, after: State
):
    award = before(world)
    world.session.commit()
    url = f"/awards/{award.public_id}/{address}"
    page = pages(persona).get(url)
    assert "须填写原因" in " ".join(page.submit("main form", expect=200).errors)
    page = page.submit("main form", reason="演示：原因", follow=True)
    assert only(world).state == after
    assert "演示：原因" in page.text


def test_the_notice_masks_names_and_numbers(pages: Pages, world: World):
    client = pages(PROVINCE)
    assert "还没有公示" in client.get("/awards/notice").text
    publicised(world)
    world.session.commit()
    page = client.get("/awards/notice")
    assert "演**二" in page.text
    assert "演示甲二" not in page.text
    assert "**证书12" in page.text
    for kind in ("pdf", "docx"):
        answer = page.form("form[data-download]").submit({"kind": kind}, expect=200)
        assert len(answer.body) > 1_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张", "*"), ("张三", "张*"), ("张小三", "张*三"), ("阿依古丽·买买提", "阿**提")],
)
def test_a_name_is_masked_by_its_length(name: str, shown: str):
    assert mask_name(name) == shown


def test_a_number_keeps_its_end():
    assert (mask_number("1234567"), mask_number("123")) == ("****4567", "****")


def test_each_sees_what_is_theirs(pages: Pages, world: World):
    claimed(world, "sent1")
    award = claimed(world, "sent2")
    world.session.commit()
    seen = {
        "sending_staff": 1,
        "sending_manager": 2,
        PROVINCE: 2,
        "national_officer": 2,
        "province_officer": 0,
        "other_manager": 0,
        "receiving_staff": 0,
    }
    for persona, count in seen.items():
        page = pages(persona).get("/awards")
        links = [one for one in page.find_all("tbody a") if one["href"].startswith("/awards/")]
        assert (persona, len(links)) == (persona, count)
    for persona in ("sending_staff", "province_officer", "other_manager"):
        pages(persona).get(f"/awards/{award.public_id}", expect=404)
    pages("county_officer").get("/awards", expect=403)


def test_the_province_writes_its_own_rule(pages: Pages, world: World):
    page = pages("other_province_officer").get("/awards/rules")
    assert "还没有登记奖补规定" in page.text
    asked = {
        "level": "senior",
        "giving": "fixed",
        "notice_days": "7",
        "valid_from": "2022-12-01",
        "document": "演示黔民〔2022〕1号",
    }
    refused = page.submit("main form.q-panel", amount="", expect=200, **asked)
    assert "请填写金额" in " ".join(refused.errors)
    page = page.submit("main form.q-panel", amount="5,000", follow=True, **asked)
    assert page.messages == ["已登记，从所填日期起的申请按新规定。"]
    rule = world.session.scalars(
        sa.select(AwardRule).where(AwardRule.province_code == "520000")
    ).one()
    assert (rule.amount_fen, rule.notice_days) == (500_000, 7)
    assert FUJIAN not in page.text


def test_it_waits_on_the_first_page_and_is_found(pages: Pages, world: World):
    claimed(world, "sent1")
    verified(world, "sent2")
    award = claimed(world, "unqualified", fen=100)
    actions.verify_awards(world.deed(PROVINCE), [award])
    actions.publicise_awards(world.deed(PROVINCE), [award])
    world.session.commit()
    world.clock.stand_on(date(2022, 11, 28))
    assert "公示期满、待发放的证书奖补" not in pages(PROVINCE).get("/").text
    world.clock.stand_on(date(2022, 11, 29))
    text = pages(PROVINCE).get("/").text
    for label in ("待核验的证书奖补", "待公示的证书奖补", "公示期满、待发放的证书奖补"):
        assert label in text
    assert "演示甲一 社会工作师 3,000.00 元" in pages(PROVINCE).get("/search?q=演示证书11").text


def test_the_pages_take_as_many_queries_whatever_they_hold(pages: Pages, world: World):
    def costs() -> list[int]:
        found = []
        for persona, path in ((PROVINCE, "/awards"), ("sending_manager", NEW)):
            client = pages(persona)
            client.get(path)
            with statements_of(world.session) as sent:
                client.get(path)
            found.append(len(sent))
        return found

    claimed(world, "sent1")
    world.session.commit()
    few = costs()
    actions.reject_award(world.deed(PROVINCE), only(world), "演示")
    claimed(world, "sent2")
    claimed(world, "unqualified", fen=100)
    world.session.commit()
    assert costs() == few
