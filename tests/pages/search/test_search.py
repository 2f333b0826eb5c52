"""/search: within the own scope, by name or code; what was opened last."""

from __future__ import annotations

from urllib.parse import urlencode

import flask
import pytest

from models.types import Side
from portal.access.policy import OF_NO_ROLE
from portal.rooms import HOUSE
from tests.support.many_pairings import make_pairings
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World


def found(pages: Pages, persona: str, text: str) -> Page:
    return pages(persona).get(f"/search?{urlencode({'q': text})}")


def hits(page: Page) -> list[tuple[str, str]]:
    """Kind and name of each line."""
    return [
        (line.find(".q-hit__kind").text, line.find(".q-hit__label").text)
        for line in page.find_all(".q-hits .q-hit")
    ]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("红寺堡", ("县", "红寺堡区")),
        ("640303", ("县", "红寺堡区")),
        ("宁夏 红寺堡", ("县", "红寺堡区")),
        ("宁夏", ("省", "宁夏回族自治区")),
        ("福州 中心", ("机构", "福州市演示甲社会工作服务中心")),
        ("５２３５０１０２", ("机构", "福州市演示甲社会工作服务中心")),
        ("p1", ("结对", "P1")),
        ("Ｐ１", ("结对", "P1")),
        ("厦门", ("结对", "P2")),
        ("演示乙一", ("人员", "演示乙一")),
        ("演示乙一 红寺堡", ("人员", "演示乙一")),
        ("结对", ("页面", "结对")),
        ("jd", ("页面", "结对")),
        ("jianli", ("页面", "建立结对")),
        ("xssz", ("页面", "显示设置")),
        ("调休", ("帮助", "维护工作日历")),
        ("beituihui", ("帮助", "被退回怎么改")),
        ("120", ("规则", "受援累计工作日下限")),
        ("40天", ("规则", "援派累计工作日下限")),
        ("补录", ("规则", "补录时限（超过须说明原因）")),
    ],
)
def test_finds_by_name_or_code_however_typed(pages: Pages, text: str, hit: tuple[str, str]) -> None:
    page = found(pages, "province_officer", f"  {text} ")
    assert hit in hits(page)


def test_every_line_leads_to_its_page(pages: Pages) -> None:
    client = pages("national_officer")
    for text in ("红寺堡", "演示", "P1", "宁夏", "日志", "政策"):
        for link in client.get(f"/search?{urlencode({'q': text})}").find_all(".q-hits .q-hit"):
            client.get(link["href"].partition("#")[0])


def test_a_county_leads_to_its_lines_of_the_summary_or_to_its_pairings(pages: Pages) -> None:
    whole = found(pages, "province_officer", "红寺堡区").click(
        "县 红寺堡区 宁夏回族自治区吴忠市 · 640303"
    )
    assert whole.h1.startswith("宁夏回族自治区")
    assert "P1" in whole.text
    assert "P2" not in whole.text
    narrow = found(pages, "sending_manager", "红寺堡区")
    assert narrow.find(".q-hit")["href"].startswith("/pairings?q=")


@pytest.mark.parametrize(
    "text", ["福州", "红寺堡", "P1", "演示甲", "演示乙一", "640303", "宁夏", "5235"]
)
def test_another_province_finds_nothing_of_this_one(pages: Pages, text: str) -> None:
    page = found(pages, "other_province_officer", text)
    if text == "红寺堡":  # an example in the page of help that tells how to open an account
        assert hits(page) == [("帮助", "开设账号与授权")]
        return
    assert hits(page) == []
    assert f"没有找到“{text}”" in page.text
    assert "只在您的管辖范围（贵州省）内查找" in page.text


def test_whoever_may_not_read_people_finds_none(pages: Pages) -> None:
    assert ("人员", "演示乙一") in hits(found(pages, "county_officer", "演示乙一"))
    page = found(pages, "county_rural_officer", "演示乙一")
    assert hits(page) == []
    assert "人员（姓名）" not in page.text


def test_a_worker_finds_the_own_pairing_and_no_colleague(pages: Pages) -> None:
    assert ("结对", "P1") in hits(found(pages, "sending_staff", "P1"))
    assert hits(found(pages, "sending_staff", "演示甲二")) == []
    for text in ("填报", "tb", "tianbao"):
        assert ("页面", "填报工作日") in hits(found(pages, "sending_staff", text))
    assert ("页面", "建立结对") not in hits(found(pages, "sending_staff", "jljd"))


def test_numbers_of_people_are_not_searched(pages: Pages, world: World) -> None:
    masked = world.person("sent1").id_number_masked or ""
    for text in (masked, masked[:6], masked[-4:], "13800138000", "138"):
        kinds = {kind for kind, _ in hits(found(pages, "national_officer", text))}
        assert "人员" not in kinds
        assert "机构" not in kinds


def test_what_a_pattern_would_mean_means_only_itself(pages: Pages) -> None:
    for text in ("%", "_", "演示%中心", "\\", "'", "/"):
        assert hits(found(pages, "national_officer", text)) == []


def test_brackets_of_either_width_are_the_same(pages: Pages, world: World) -> None:
    make_pairings(world.session, 1)
    for text in ("（1", "(1"):
        page = found(pages, "national_officer", f"{text} 号")
        assert not hits(page) or all("（" in name for kind, name in hits(page) if kind == "机构")
    number = world.pairing("M000004").id
    assert len(hits(found(pages, "national_officer", f"({number}号)"))) == 3


def test_an_exact_code_stands_before_everything_else(pages: Pages, world: World) -> None:
    code = world.organisation("receiving").credit_code
    page = found(pages, "province_officer", code.lower())
    assert [group.text for group in page.find_all("h2")] == ["编号一致 1 条"]
    world.pairing("P2").code = "XP1"
    page = found(pages, "province_officer", "p1")
    assert hits(page)[:2] == [("结对", "P1"), ("结对", "XP1")]


def test_shows_eight_of_a_kind_and_leads_to_all(pages: Pages, world: World) -> None:
    make_pairings(world.session, 30)
    page = found(pages, "national_officer", "演示 服务中心")
    assert "机构 8 条以上" in page.text
    listed = page.click("更多机构")
    assert len(listed.table_rows("机构")) > 8
    assert "共 66 条" in listed.text


def test_costs_the_same_however_much_is_found(
    pages: Pages, world: World, portal: flask.Flask
) -> None:
    def cost() -> int:
        with statements(portal) as sent:
            found(pages, "national_officer", "演示")
        return len(sent)

    cost()  # whether this is a demonstration is asked once a process
    before = cost()
    make_pairings(world.session, 60)
    assert cost() == before


def test_says_how_long_a_search_may_be(pages: Pages) -> None:
    page = found(pages, "county_officer", "字" * 101)
    assert "搜索词最多 100 个字，现有 101 个字，请缩短后再搜。" in page.text
    assert hits(page) == []


def test_a_visitor_is_asked_to_sign_in(pages: Pages) -> None:
    assert "/sign-in" in pages().get("/search?q=x", expect=302).location


def test_every_page_offered_is_a_page_that_its_holders_may_open(portal: flask.Flask) -> None:
    with portal.test_request_context():
        for door in HOUSE.pages:
            view = portal.view_functions[door.endpoint]
            assert flask.url_for(door.endpoint)
            # The first page stands open to visitors too, the password to whoever holds no role yet.
            if view.declaration.permission not in OF_NO_ROLE:
                assert view.declaration.permission == door.permission


def test_while_typing_only_the_list_comes(pages: Pages) -> None:
    client = pages("province_officer")
    part = client.get(f"/search?{urlencode({'q': '红寺堡'})}", fragment=True)
    assert "<html" not in part.html
    options = part.find_all("[role=option]")
    assert options[0]["href"].startswith("/summary/provinces/640000")
    assert len({option["id"] for option in options}) == len(options) > 1
    nothing = client.get(f"/search?{urlencode({'q': '没有这个词'})}", fragment=True)
    assert "没有找到" in nothing.html
    assert len(nothing.text) < 80  # it was a list of five sentences
    assert "listbox" not in nothing.html


def test_the_box_stands_in_the_head_of_every_page_but_its_own(pages: Pages) -> None:
    client = pages("county_officer")
    assert client.get("/pairings").find("form.q-search input")["name"] == "q"
    assert client.get("/search").find("form.q-search") is None
    assert "q-search" not in pages().get("/sign-in").html


# ---- what was opened last ----------------------------------------------------------------------


def test_lists_what_was_opened_last_latest_first(pages: Pages, world: World) -> None:
    client = pages("county_officer")
    assert "会列在这里" in client.get("/search").text
    person = world.person("received1")
    client.get("/pairings/P1")
    client.get(f"/people/{person.public_id}")
    client.get(f"/assignments/{world.assignment('sent1').public_id}")
    client.get(f"/organisations/{world.organisation('receiving').credit_code}")
    client.get("/pairings/P1")
    assert hits(client.get("/search")) == [
        ("结对", "P1"),
        ("机构", "红寺堡区演示甲社会工作服务中心"),
        ("选派", "演示甲一"),
        ("人员", "演示乙一"),
    ]
    assert "最近打开" in client.get("/search", fragment=True).html


def test_what_is_not_there_is_not_remembered(pages: Pages) -> None:
    client = pages("county_officer")
    client.get("/pairings/P3", expect=404)
    client.get("/pairings")
    assert client.client.get_cookie("qianshou-recent") is None


def test_the_cookie_is_no_script_s_and_names_nobody(pages: Pages, world: World) -> None:
    client = pages("county_officer")
    header = client.get(f"/people/{world.person('received1').public_id}").headers["Set-Cookie"]
    assert header.startswith("qianshou-recent=")
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires" not in header
    assert "Max-Age" not in header


def test_another_account_on_the_same_browser_sees_none_of_it(pages: Pages) -> None:
    first, second = pages("county_officer"), pages("province_officer")
    first.get("/pairings/P1")
    cookie = first.client.get_cookie("qianshou-recent")
    assert cookie is not None
    second.client.set_cookie("qianshou-recent", cookie.value)
    assert hits(second.get("/search")) == []
    second.get("/pairings/P2")
    assert hits(second.get("/search")) == [("结对", "P2")]


def test_signing_out_forgets_it(pages: Pages) -> None:
    client = pages("county_officer")
    client.get("/pairings/P1")
    client.post("/sign-out")
    assert client.client.get_cookie("qianshou-recent") is None


def test_what_left_the_scope_is_not_shown(pages: Pages, world: World) -> None:
    client = pages("county_officer")
    client.get("/pairings/P1")
    world.pairing("P1").county_code = "640324"
    assert hits(client.get("/search")) == []


@pytest.mark.parametrize("value", ["", "x", "W10.x", "x.y.z"])
def test_a_forged_cookie_is_no_cookie(pages: Pages, value: str) -> None:
    client = pages("county_officer")
    client.client.set_cookie("qianshou-recent", value)
    assert hits(client.get("/search")) == []


def test_remembers_eight(pages: Pages, world: World) -> None:
    client = pages("province_officer")
    keys = [
        *(
            f"/organisations/{world.organisation(key).credit_code}"
            for key in ("sending", "receiving", "sending2", "receiving2")
        ),
        *(
            f"/people/{world.person(key).public_id}"
            for key in ("sent1", "sent2", "received1", "received2")
        ),
        "/pairings/P1",
    ]
    for path in keys:
        client.get(path)
    shown = hits(client.get("/search"))
    assert len(shown) == 8
    assert shown[0] == ("结对", "P1")
    assert Side.SENT.label not in [name for _, name in shown]


# ---- conditions --------------------------------------------------------------------------------


def test_conditions_open_the_filtered_list(pages: Pages) -> None:
    page = found(pages, "national_officer", "援派省:福建 受援省:宁夏")
    (link,) = page.find_all(".q-hits .q-hit")
    listed = page.client.get(link["href"])
    assert [row["结对编号"] for row in listed.table_rows("结对")] == ["P1", "P2"]


def test_conditions_that_no_list_has_together_are_explained(pages: Pages) -> None:
    page = found(pages, "national_officer", "省:贵州 状态:退回")
    assert hits(page) == []
    assert "一次的条件须属于同一个列表" in page.text


def test_whoever_may_not_open_a_list_is_not_offered_it(pages: Pages) -> None:
    assert ("列表", "选派") in hits(found(pages, "county_officer", "角色:援派"))
    assert ("列表", "选派") not in hits(found(pages, "county_rural_officer", "角色:援派"))


@pytest.mark.parametrize(
    ("persona", "promise"),
    [("county_officer", "搜索县、机构、结对、人员"), ("audit_administrator", "搜索页面")],
)
def test_the_box_promises_only_what_its_reader_can_find(
    pages: Pages, persona: str, promise: str
) -> None:
    (box,) = pages(persona).get("/").find_all("#site-search")
    assert box["placeholder"] == promise
