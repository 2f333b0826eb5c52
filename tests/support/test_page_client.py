"""The page client finds each fault it promises to find, and uses forms as a browser would."""

import io

import flask
import pytest
from flask_wtf import CSRFProtect

from tests.support.page_client import PageClient
from tests.support.page_faults import PageFault, faults_of, parse

FRAME = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body><header><form method="post" action="/sign-out">'
    '<input type="hidden" name="csrf_token" value="t"><button>退出</button></form></header>'
    "<main>{main}</main></body></html>"
)


def a_page(main: str, *, title: str = "结对 · 牵手", lang: str = "zh-CN") -> str:
    return FRAME.format(main=main, title=title, lang=lang)


def everything_wrong_with(html: str) -> list[str]:
    document, complaints = parse(html)
    return [*complaints, *faults_of(document)]


GOOD = """
<h1>结对</h1><h2>筛选</h2>
<form><label for="q">机构</label><input id="q" name="q" aria-describedby="q-hint">
<p id="q-hint">全称</p><label><input type="checkbox" name="all"> 全部</label>
<button>查询</button></form>
<form method="post"><input type="hidden" name="csrf_token" value="t">
<input name="n" aria-label="编号"><input type="submit" value="提交"></form>
<table><caption>结对</caption><thead><tr><th scope="col">机构</th></tr></thead>
<tbody><tr><th scope="row"><a href="#q">甲</a></th></tr></tbody></table>
<img src="/static/x.svg" alt=""><a href="/x"><img src="/static/y.svg" alt="下一页"></a>
<svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10"/></svg>
"""

FAULTS = [
    ("unclosed element", "<h1>a</h1><div><b>c</div>", "line 1: invalid HTML"),
    ("stray end tag", "<h1>a</h1></section>", "line 1: invalid HTML"),
    ("nested form", "<h1>a</h1><form><form></form></form>", "invalid HTML"),
    ("no h1", "<h2>a</h2>", "0 h1"),
    ("two h1", "<h1>a</h1><h1>b</h1>", "2 h1"),
    ("level skipped", "<h1>a</h1><h3>b</h3>", "make it h2"),
    ("empty heading", "<h1>a</h1><h2> </h2>", "<h2> is empty"),
    ("id twice", '<h1 id="a">a</h1><p id="a">b</p>', 'id="a" stands 2 times'),
    ("no label", '<h1>a</h1><input name="x">', "has no label"),
    ("empty label", '<h1>a</h1><label for="x"></label><input id="x">', "has no label"),
    ("select without label", "<h1>a</h1><select><option>1</option></select>", "has no label"),
    ("label for nothing", '<h1>a</h1><label for="x">b</label>', "names no element"),
    ("described by nothing", '<h1 aria-describedby="x">a</h1>', 'id "x", which is not'),
    ("anchor to nothing", '<h1>a</h1><a href="#x">b</a>', "leads to nothing"),
    ("form of nothing", '<h1>a</h1><button form="x">b</button>', "its form is not on the page"),
    ("no token", '<h1>a</h1><form method="post"></form>', "has no csrf_token"),
    (
        "upload without multipart",
        '<h1>a</h1><form><label>b<input type="file" name="f"></label></form>',
        "multipart/form-data",
    ),
    ("style element", "<h1>a</h1><svg><style>p{}</style></svg>", "<style> is refused"),
    ("style attribute", '<h1 style="color:red">a</h1>', "style attribute is refused"),
    ("inline script", "<h1>a</h1><script>1</script>", "<script> without src"),
    ("handler", '<h1 onclick="f()">a</h1>', "onclick is refused"),
    ("htmx handler", '<h1 hx-on:click="f()">a</h1>', "hx-on:click is refused"),
    ("external link", '<h1><a href="https://example.org">a</a></h1>', "leaves the portal"),
    ("external image", '<h1>a</h1><img alt="" src="//example.org/a.png">', "leaves the portal"),
    ("script link", '<h1><a href="javascript:f()">a</a></h1>', "is a script"),
    ("empty address", '<h1><a href="">a</a></h1>', "href is empty"),
    ("table without headers", "<h1>a</h1><table><tr><td>1</table>", "has no headers"),
    (
        "header without scope",
        "<h1>a</h1><table><tbody><tr><th>b</th></tr></tbody></table>",
        "has no scope",
    ),
    ("image without alt", '<h1>a</h1><img src="/a.png">', "has no alt"),
    ("empty link", '<h1>a</h1><a href="/x"><span aria-hidden="true">→</span></a>', "is empty"),
    ("empty button", "<h1>a</h1><button> </button>", "is empty"),
    ("None in text", "<h1>a</h1><p>负责人：None</p>", "shows None"),
    ("a code of a finding", "<h1>a</h1><p>原因：too_few_sent_days</p>", "shows a code"),
    ("a number of a decision", "<h1>a</h1><p>（口径 B13）</p>", "shows a code"),
    ("a sign nobody reads", "<h1>a</h1><p>以 U+001F 相连</p>", "shows a code"),
    ("None in an address", '<h1><a href="/pairings/None">a</a></h1>', "shows None"),
    ("Undefined", "<h1>Undefined</h1>", "shows Undefined"),
    ("template syntax", "<h1>{{ title }}</h1>", "shows template syntax"),
    ("an object", "<h1>&lt;Row object at 0x7f&gt;</h1>", "shows a Python object"),
]


def test_finds_nothing_in_a_good_page():
    assert everything_wrong_with(a_page(GOOD)) == []


@pytest.mark.parametrize(
    ("main", "sentence"), [case[1:] for case in FAULTS], ids=[c[0] for c in FAULTS]
)
def test_finds_the_fault(main, sentence):
    assert [fault for fault in everything_wrong_with(a_page(main)) if sentence in fault]


@pytest.mark.parametrize("title", ["", " · 牵手", "结对", "牵手"])
def test_finds_a_title_that_is_not_filled(title):
    assert "the title is" in everything_wrong_with(a_page("<h1>a</h1>", title=title))[0]


def test_finds_a_page_without_its_language():
    assert "lang" in everything_wrong_with(a_page("<h1>a</h1>", lang="en"))[0]


def test_names_the_line_of_invalid_html():
    assert everything_wrong_with(a_page("<h1>a</h1>\n\n</b>"))[0].startswith("line 3: invalid HTML")


def test_none_inside_a_word_is_no_leak():
    assert everything_wrong_with(a_page("<h1>NoneSuch 与 is-None-x</h1>")) == []


WORKDAY_FORM = """
<h1>登记</h1>
{errors}
<form method="post" enctype="multipart/form-data" id="workday">
  <input type="hidden" name="csrf_token" value="{token}"><input type="hidden" name="version" value="7">
  <label>日期<input name="worked_on" value="2022-05-11"></label>
  <label>天数<select name="days"><option value="0.5">半天</option><option value="1" selected>一天</option></select></label>
  <label>内容<textarea name="content">
旧内容</textarea></label>
  <label><input type="checkbox" name="tasks" value="a" checked>甲</label>
  <label><input type="checkbox" name="tasks" value="b">乙</label>
  <label>停用<input name="off" value="1" disabled></label>
  <label>附件<input type="file" name="file"></label>
  <button name="deed" value="send">提交</button>
  <button name="deed" value="draft" formaction="/drafts">存为草稿</button>
</form>
<form action="/search"><label>机构<input name="q"></label><button>查询</button></form>
<label>外面的<input name="outside" value="o" form="workday"></label>
<a href="/search">回到列表</a>
<table><caption>最近</caption>
<thead><tr><th scope="col">日期</th><th scope="col">天数，点此排序</th></tr></thead>
<tbody><tr><th scope="row">2022-05-10</th><td>0.5</td></tr></tbody></table>
"""


@pytest.fixture
def client():
    app = flask.Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    CSRFProtect(app)
    sent = {}

    @app.route("/workday", methods=["GET", "POST"])
    def workday():
        if flask.request.method == "POST" and flask.request.form["content"]:
            sent.update(flask.request.form.to_dict(flat=False))
            sent.update({name: file.read() for name, file in flask.request.files.items()})
            flask.flash("已提交", "success")
            return flask.redirect("/search?q=done")
        errors = (
            '<div class="q-error-summary"><ul><li>请填写内容。</li></ul></div>'
            if flask.request.method == "POST"
            else ""
        )
        token = flask.render_template_string("{{ csrf_token() }}")
        return a_page(WORKDAY_FORM.format(token=token, errors=errors))

    @app.post("/drafts")
    def drafts():
        sent.update(flask.request.form.to_dict(flat=False))
        return flask.redirect("/search")

    @app.get("/search")
    def search():
        return a_page(f"<h1>找：{flask.request.args.get('q', '')}</h1>")

    @app.get("/broken")
    def broken():
        return a_page('<h1>a</h1><img src="/a.png">')

    @app.get("/fragment")
    def fragment():
        return "<p>一段</p>" if "HX-Request" in flask.request.headers else a_page("<h1>a</h1>")

    @app.get("/away")
    def away():
        return flask.redirect("/search?q=away")

    @app.get("/file")
    def file():
        return flask.Response(b"PK", mimetype="application/zip")

    @app.errorhandler(400)
    def refused(_fault):
        return a_page("<h1>请求无法识别</h1>"), 400

    page_client = PageClient(app.test_client())
    page_client.sent = sent
    return page_client


def test_fails_with_everything_that_is_wrong(client):
    with pytest.raises(PageFault, match=r"(?s)GET /broken: 1 faults.*has no alt"):
        client.get("/broken")


def test_fails_on_another_status_and_says_what_came(client):
    with pytest.raises(PageFault, match=r"expected 200, got 302. It redirects to /search"):
        client.get("/away")
    with pytest.raises(PageFault, match=r"expected 404, got 200. The page is “登记”"):
        client.get("/workday", expect=404)


def test_follows_redirects_when_asked(client):
    assert client.get("/away", follow=True).h1 == "找：away"
    assert client.get("/away", expect=302).follow().path == "/search?q=away"


def test_leaves_files_alone_and_checks_fragments_as_fragments(client):
    assert client.get("/file").body == b"PK"
    assert client.get("/fragment", fragment=True).text == "一段"


def test_reads_a_page(client):
    page = client.get("/workday")
    assert (page.title, page.h1) == ("结对", "登记")
    assert page.table_rows("最近") == [{"日期": "2022-05-10", "天数": "0.5"}]
    assert page.table_rows(0) == page.table_rows("最近")
    assert page.links() == [("回到列表", "/search")]
    assert page.find("table > tbody td").text == "0.5"
    assert page.find("form#workday input[type=hidden][name^=vers]")["value"] == "7"
    assert [node.text for node in page.find_all("caption, th[scope=row]")] == ["最近", "2022-05-10"]
    assert page.find("label:contains(日期) input")["name"] == "worked_on"
    assert page.find("nav") is None
    assert "退出" not in page.text
    assert page.click("回到列表").h1 == "找："


def test_sends_what_the_form_holds_and_what_is_filled_in(client):
    page = client.get("/workday").submit(button="提交", content="家访", days="0.5", follow=True)
    assert page.h1 == "找：done"
    token = client.sent.pop("csrf_token")
    assert token
    assert client.sent == {
        "version": ["7"],
        "worked_on": ["2022-05-11"],
        "days": ["0.5"],
        "content": ["家访"],
        "tasks": ["a"],
        "outside": ["o"],
        "deed": ["send"],
    }


def test_chooses_several_unticks_and_uploads(client):
    page = client.get("/workday")
    page.submit(button="提交", tasks=["a", "b"], file=(io.BytesIO(b"x"), "x.xlsx"))
    assert client.sent["tasks"] == ["a", "b"]
    assert client.sent["file"] == b"x"
    assert client.sent["content"] == ["旧内容"]
    client.sent.clear()
    page.submit(button="提交", tasks=False)
    assert "tasks" not in client.sent


def test_a_button_may_send_elsewhere(client):
    client.get("/workday").submit(button="存为草稿")
    assert client.sent["deed"] == ["draft"]


def test_a_get_form_asks_in_the_url(client):
    assert client.get("/workday").submit(1, q="甲").path == "/search?q=%E7%94%B2"
    assert client.get("/workday").submit("form[action=/search]", q="乙").h1 == "找：乙"


def test_a_form_that_comes_back_shows_its_errors(client):
    page = client.get("/workday").submit(button="提交", content="", expect=200)
    assert page.errors == ["请填写内容。"]
    with pytest.raises(PageFault, match=r"got 200. The page is “登记”; 请填写内容。"):
        page.submit(button="提交", content="")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"colour": "red", "button": "提交"}, "no field “colour”"),
        ({"days": "2", "button": "提交"}, "does not offer '2'"),
        ({"content": "x"}, "say which button"),
        ({"content": True, "button": "提交"}, "is no checkbox"),
        ({"form": 9}, "say which form"),
    ],
)
def test_refuses_what_a_browser_could_not_do(client, fields, sentence):
    with pytest.raises(PageFault, match=sentence):
        client.get("/workday").submit(**fields)


def test_posts_with_a_token_unless_told_otherwise(client):
    assert client.post("/drafts", {"a": "1"}).location == "/search"
    assert client.post("/drafts", {"a": "1"}, follow=True).h1 == "找："
    assert client.post("/drafts", {}, expect=400, csrf=False).status == 400
