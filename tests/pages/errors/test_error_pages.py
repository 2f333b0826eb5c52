"""The pages of faults: each for real, in plain Chinese, with a reference that is also in the log."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa

from app import create_app
from models import Account, RoleGrant
from portal.access import attempt_actions
from portal.access.policy import POLICY
from portal.schema import is_behind, upgrade_schema
from portal.settings import Settings
from portal.web.error_words import WORDS
from tests.support.databases import MASTER_KEY
from tests.support.page_client import Page, PageClient
from tests.support.portal import make_portal

REFERENCE = re.compile(r"参考编号 ([0-9A-F]{8})")


@pytest.fixture(autouse=True)
def _listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="qianshou")


def noted(page: Page, caplog: pytest.LogCaptureFixture) -> str:
    """Return the one line of the log that carries the page's reference."""
    shown = REFERENCE.search(page.text)
    assert shown, page.text
    lines = [record.getMessage() for record in caplog.records if shown[1] in record.getMessage()]
    assert len(lines) == 1
    return lines[0].replace(shown[1], "X")


def test_400_for_text_that_cannot_be_stored(pages, caplog):
    page = pages().get("/sign-in?next=%00", 400)
    assert page.h1 == "请求无法识别"
    assert noted(page, caplog) == "reference X 400 GET /sign-in access.sign_in"


def test_a_stale_form_says_how_to_keep_what_was_typed(pages, caplog):
    page = pages("county_officer").post("/password", {"current": "secret-word"}, 400, csrf=False)
    assert page.h1 == "页面已过期，请重新提交"
    assert "复制下来" in page.text
    assert "secret-word" not in page.text
    assert ("重新打开那个页面", "/password") in page.links()
    assert noted(page, caplog) == "reference X 400 POST /password access.change_password"


def stale_registration(pages, origin: str) -> Page:
    client = pages("county_officer")
    typed = {"name": "青山县春晖中心", "type": "rescue", "form_key": "hidden-key"}
    answer = client.client.post("/organisations/new", data=typed, headers={"Origin": origin})
    return client.checked(answer, "POST /organisations/new", 400)


def test_a_stale_form_gives_back_what_was_typed(pages):
    page = stale_registration(pages, "http://localhost")
    assert "机构名称 青山县春晖中心" in page.text
    assert "机构类型 救助保护机构" in page.text
    assert "hidden-key" not in page.text


def test_a_conflict_gives_back_what_was_typed(pages):
    client = pages("county_officer")
    first = client.get("/organisations/new").form().values
    client.post("/sign-out", {"form_key": first["form_key"][0]})
    client = pages("county_officer")
    typed = {**client.get("/organisations/new").form().values, "name": ["青山县春晖中心"]}
    typed["form_key"] = first["form_key"]
    headers = {"Origin": "http://localhost"}
    answer = client.client.post("/organisations/new", data=typed, headers=headers)
    page = client.checked(answer, "POST /organisations/new", 409)
    assert "机构名称 青山县春晖中心" in page.text


def test_a_form_of_another_site_is_not_shown(pages):
    assert "春晖" not in stale_registration(pages, "http://elsewhere.example").text


def test_403_names_the_permission_and_every_role_that_has_it(pages, caplog):
    page = pages("county_officer").get("/programme/policy/min_sent_days/change", 403)
    assert page.h1 == "没有此项权限"
    permission = POLICY["programme.write"]
    assert permission.label in page.text
    for role in permission.reaches:
        assert role.label in page.text
    expected = "reference X 403 GET /programme/policy/min_sent_days/change"
    assert noted(page, caplog) == f"{expected} changes.programme.change_parameter"


def test_403_says_to_whoever_holds_no_role_yet_who_confirms_it(pages, world):
    held = sa.select(Account.id).where(Account.login == "county_officer").scalar_subquery()
    world.session.execute(
        sa.update(RoleGrant)
        .where(RoleGrant.account_id == held)
        .values(state="proposed", confirmed_by_person_id=None)
    )
    page = pages("county_officer").get("/search", 403)
    assert page.h1 == "账号还没有生效的授权"
    assert "经安全管理员确认后生效" in page.text
    assert "有此权限的角色" not in page.text
    assert ("修改密码", "/password") in page.links()
    home = pages("county_officer").get("/")
    assert home.find_all(".q-page-header__lead") == []  # it was a lone “·”


def test_404_leads_to_the_list_where_the_object_would_stand(pages, caplog):
    page = pages("county_officer").get("/organisations/52110101MJ00000000", 404)
    assert page.h1 == "页面不存在"
    assert ("打开“机构”", "/organisations") in page.links()
    line = noted(page, caplog)
    assert line == (
        "reference X 404 GET /organisations/52110101MJ00000000 organisations.show_organisation"
    )


def test_404_offers_no_list_that_the_reader_may_not_open(pages):
    page = pages("system_administrator").get("/people/nobody/nothing", 404)
    assert page.links() == [("搜索", "/search"), ("返回首页", "/")]
    page = pages("county_officer").get("/people/nobody/nothing", 404)
    assert page.links() == [
        ("打开“人员”", "/people"),
        ("搜索", "/search"),
        ("返回首页", "/"),
    ]


def test_404_asks_a_visitor_to_sign_in(pages):
    assert ("登录后再看", "/sign-in") in pages().get("/nothing", 404).links()


def test_the_log_holds_no_query_and_no_line_of_the_visitors_own(pages, caplog):
    page = pages().get("/no%0Areference FORGED?name=张三", 404)
    line = noted(page, caplog)
    assert "\n" not in line
    assert "张三" not in line
    assert "name" not in line
    assert line.endswith(" -")


def test_405_for_an_address_that_is_a_button(pages, caplog):
    page = pages("county_officer").get("/sign-out", 405)
    assert page.h1 == "请求方式不对"
    assert noted(page, caplog).startswith("reference X 405 GET /sign-out")


def test_409_gives_the_reason_and_leads_to_the_newest_state_of_the_object(pages, caplog):
    page = pages("province_officer").post("/pairings/P1/confirmation", {}, 409)
    assert page.h1 == "未能办理"
    assert page.find(".q-notice")
    assert ("查看最新情况", "/pairings/P1") in page.links()
    line = "reference X 409 POST /pairings/P1/confirmation pairings.confirm_pairing"
    assert noted(page, caplog) == line


def test_409_for_a_form_that_was_sent_twice(pages, caplog):
    pages("province_officer").post("/sign-out", {"form_key": "once"})
    page = pages("province_officer").post("/sign-out", {"form_key": "once", "more": "x"}, 409)
    assert "这张表单已提交过一次且内容不同" in page.text
    assert page.links() == [("返回首页", "/")]
    assert noted(page, caplog) == "reference X 409 POST /sign-out access.sign_out"


def test_413_says_the_limit_of_this_installation(world_database, clock, tmp_path, caplog):
    app = create_app(
        Settings(world_database.url, tmp_path, MASTER_KEY, now=clock, max_upload_bytes=1024)
    )
    client = PageClient(app.test_client())
    client.get("/sign-in")
    answer = client.client.post(
        "/sign-in",
        data={"csrf_token": client._csrf_token(), "file": (io.BytesIO(b"x" * 2000), "big.xlsx")},
    )
    page = client.checked(answer, "POST /sign-in", 413)
    app.extensions["qianshou_database"].engine.dispose()
    assert page.h1 == "文件过大"
    assert "0.000977 MB" in page.text
    assert noted(page, caplog) == "reference X 413 POST /sign-in access.sign_in"


def test_429_says_when_to_try_again(pages, monkeypatch, caplog):
    monkeypatch.setattr(attempt_actions, "MOST_FROM_ADDRESS", 0)
    page = pages().post("/sign-in", {"login": "nobody", "password": "x" * 12}, 429)
    assert page.h1 == "操作过于频繁"
    assert page.headers["Retry-After"] == "900"
    assert re.search(r"请在北京时间 \d{4}-\d{2}-\d{2} \d{2}:\d{2} 之后再试", page.text)
    assert noted(page, caplog) == "reference X 429 POST /sign-in access.sign_in"


def test_500_keeps_the_cause_in_the_log_and_out_of_the_page(portal, pages, caplog, monkeypatch):
    def break_down() -> str:
        message = "密钥 7391 在第 3 行"
        raise RuntimeError(message)

    monkeypatch.setitem(portal.view_functions, "access.sign_in", break_down)
    page = pages().get("/sign-in", 500)
    assert page.h1 == "系统出现故障"
    assert "7391" not in page.html
    assert noted(page, caplog) == "reference X 500 GET /sign-in access.sign_in"
    assert "7391" in caplog.text


@pytest.fixture
def portal_without_database(tmp_path: Path) -> flask.Flask:
    return create_app(
        Settings(
            "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2",
            tmp_path,
            MASTER_KEY,
            argon2_memory_kib=8,
        )
    )


def test_503_when_the_database_is_gone_for_a_page_and_for_a_form(portal_without_database, caplog):
    client = portal_without_database.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "0" * 43
    page = PageClient(client).get("/workdays", 503)
    assert page.h1 == "数据库暂时不可用"
    assert noted(page, caplog) == "reference X 503 GET /workdays workdays.list_workdays"
    page = PageClient(client).post("/password", {"current": "x"}, 503)
    assert noted(page, caplog) == "reference X 503 POST /password access.change_password"


def test_503_when_the_table_is_gone_in_the_middle(pages, world, caplog):
    client = pages("county_officer")
    world.session.execute(sa.text("ALTER TABLE workday RENAME TO workday_gone"))
    world.session.commit()
    status = 503 if world.session.get_bind().dialect.name == "sqlite" else 500
    page = client.get("/workdays", status)
    assert noted(page, caplog).startswith(f"reference X {status} GET /workdays")


@pytest.mark.parametrize("path", ["/", "/workdays"])
def test_a_database_of_a_former_release_is_named_with_the_command_that_upgrades_it(
    pages, world, caplog, path
):
    client = pages("county_officer")
    newest = world.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    world.session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    world.session.execute(sa.text("ALTER TABLE workday RENAME TO workday_gone"))
    world.session.commit()
    page = client.get(path, 503)
    assert page.h1 == "数据库还没有升级"
    assert "flask init" in page.text
    assert noted(page, caplog).startswith(f"reference X 503 GET {path}")
    assert "the database is of a former release; run: flask init" in caplog.messages
    # From then on every page says so, until the command has run.
    assert pages().get("/sign-in", 503).h1 == "数据库还没有升级"
    world.session.execute(sa.text("ALTER TABLE workday_gone RENAME TO workday"))
    upgraded = sa.text("UPDATE alembic_version SET version_num = :newest")
    world.session.execute(upgraded, {"newest": newest})
    assert pages().get("/sign-in").h1 == "登录"


def test_an_empty_database_says_that_it_waits_for_its_schema(tmp_path, clock):
    app = make_portal(f"sqlite:///{tmp_path}/empty.db", clock)
    page = PageClient(app.test_client()).get("/", 503)
    assert page.h1 == "数据库还没有升级"
    assert upgrade_schema(app.extensions["qianshou_database"]) is False
    assert not is_behind(app.extensions["qianshou_database"])
    assert PageClient(app.test_client()).get("/").h1 == "登录"


def test_every_page_of_a_fault_says_what_to_do():
    for words in WORDS.values():
        assert words.steps
        assert words.happened.endswith("。")
