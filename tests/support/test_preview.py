"""The frame, the components and the small script: checked as pages, and in a real browser."""

import threading

import pytest
from werkzeug.serving import make_server

from tests.support.browser import accessibility_violations
from tests.support.page_client import PageClient
from tests.support.preview import create_preview

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def client():
    return PageClient(create_preview().test_client())


def test_every_component_is_sound_html(client):
    page = client.get("/design")
    assert page.h1 == "页面组件（示例）"
    assert len(page.errors) == 4
    assert page.table_rows("结对关系")[2]["到账（元）"] == "—"


def test_nothing_of_the_account_is_shown_to_the_public(client):
    page = client.get("/signed-out")
    assert page.find(".q-account") is None
    assert page.find(".q-header a[href=/sign-in]").text == "登录"


def test_sign_in_names_what_is_missing(client):
    page = client.get("/sign-in")
    assert [row["账号"] for row in page.table_rows("演示账号")] == [
        "nx.civil",
        "hsb.civil",
        "xm.worker",
    ]
    assert page.submit(expect=200).errors == ["登录名：请输入登录名。", "密码：请输入密码。"]


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_every_fault_has_a_page_with_a_way_on(client, code):
    page = client.get(f"/errors/{code}", expect=code)
    assert "7F3A09C2" in page.text
    assert page.links()[-1] == ("返回首页", "/")
    assert bool(page.find(".q-nav")) == (code < 500)


def test_a_message_appears_once_after_the_deed(client):
    page = client.get("/design").submit(
        "form.q-bulk", button="批量通过", pairing=["a1"], follow=True
    )
    assert page.messages == ["已收到（示例，没有保存）。"]


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, create_preview(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(browser, address):
    contexts = []

    def opened(path, viewport, **options):
        context = browser.new_context(viewport=viewport, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.posted = []
        page.on(
            "request",
            lambda request: (
                page.posted.append(request.post_data) if request.method == "POST" else None
            ),
        )
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", ["/design", "/sign-in"])
def test_is_accessible_fits_the_screen_and_obeys_the_csp(open_page, path, viewport):
    page = open_page(path, viewport)
    assert accessibility_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.complaints == []


def test_touch_targets_are_large_enough_on_phones(open_page):
    page = open_page("/design", PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main .btn, main select, main .form-control, header a.q-header__link, summary')]
            .filter(each => each.offsetParent && each.getBoundingClientRect().height < 44)
            .map(each => each.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_menu_of_a_phone_needs_no_script(open_page):
    page = open_page("/design", PHONE, java_script_enabled=False)
    assert not page.is_visible("#main-navigation")
    page.click("text=菜单")
    assert page.is_visible("text=实施方案")
    page.click("text=收起菜单")
    assert not page.is_visible("#main-navigation")


def test_a_deed_asks_first_and_no_means_no(open_page):
    page = open_page("/design", DESK)
    page.click("main >> text=终止结对")
    page.click("dialog >> text=取消")
    page.wait_for_selector("dialog", state="detached")
    page.click("main >> text=终止结对")
    page.keyboard.press("Enter")  # the focus is on 取消
    page.wait_for_selector("dialog", state="detached")
    assert page.posted == []
    page.click("main >> text=终止结对")
    page.click("dialog >> text=终止结对")
    page.wait_for_selector("main .q-notice--success >> text=已收到")
    assert len(page.posted) == 1


def test_a_deed_works_without_script(open_page):
    page = open_page("/design", DESK, java_script_enabled=False)
    page.click("main >> text=终止结对")
    assert page.is_visible("text=已收到")


def test_a_form_sent_twice_at_once_goes_once(open_page):
    page = open_page("/design", DESK)
    page.evaluate(
        """() => {
            const form = document.querySelector('form[enctype]');
            form.requestSubmit();
            form.requestSubmit();
        }"""
    )
    page.wait_for_selector("text=已收到")
    assert len(page.posted) == 1


def test_select_all_takes_the_rows_that_may_be_taken(open_page):
    page = open_page("/design", DESK)
    assert page.is_disabled("text=批量通过")
    page.check("[data-bulk-item] >> nth=0")
    assert page.inner_text("[data-bulk-count]") == "1"
    page.check("[data-bulk-all]")
    assert page.inner_text("[data-bulk-count]") == "2"
    page.click("text=批量退回")
    page.wait_for_selector("text=已收到")
    assert page.posted[0].endswith("pairing=a1&pairing=a2")


def test_a_returned_form_starts_at_its_errors(open_page):
    page = open_page("/design", DESK)
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")


def test_a_request_of_htmx_carries_the_token(open_page, address):
    page = open_page("/design", DESK)
    page.add_script_tag(url=f"{address}/static/vendor/htmx.min.js")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.evaluate("() => { htmx.ajax('POST', '/design', {target: 'main', swap: 'none'}) }")
    token = page.get_attribute('meta[name="csrf-token"]', "content")
    assert sent.value.headers["x-csrftoken"] == token
    assert page.complaints == []
