"""The frame and the components without the portal behind them: to look at, and to test.

.venv/bin/python -m tests.support.preview      serves http://127.0.0.1:8010/design
…  /sign-in  /signed-out  /errors/404 …        the other pages
"""

from types import SimpleNamespace
from typing import Any

import flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from forms.access import SignInForm
from forms.design import SampleFilters, sample_form
from models.types import Role, ScopeKind
from portal.access.actor import Grant
from portal.web.display import display
from portal.web.error_words import WORDS
from portal.web.headers import add_headers
from portal.web.pages import NavigationGroup, NavigationLink, register_filters
from tests.support.browser import ROOT

ACTOR = SimpleNamespace(
    name="阿依古丽·麦麦提（示例）",
    idle_seconds=1800,
    grants=(
        Grant(Role.COUNTY_CIVIL, ScopeKind.COUNTY, "640303", None, "宁夏回族自治区吴忠市红寺堡区"),
        Grant(Role.SEND_MGR, ScopeKind.ORGANISATION, "", 1, "厦门市湖里区霞辉老年社会服务中心"),
    ),
)
DOORS = (
    "首页",
    "实施方案",
    "结对关系",
    "机构",
    "人员",
    "工作日志",
    "社工站",
    "资金",
    "评估",
    "报告",
)
DEMO_ACCOUNTS = (
    ("省级民政部门", "nx.civil", "演示-2022-省", "宁夏回族自治区的全部结对、审核和汇总"),
    ("县级民政部门", "hsb.civil", "演示-2022-县", "红寺堡区的日志审核、社工站"),
    ("援派社会工作者", "xm.worker", "演示-2022-员", "只看本人的日志"),
)


def create_preview() -> flask.Flask:
    """Build the app: every page of the frame, in front of no database."""
    app = flask.Flask(
        "preview",
        root_path=str(ROOT),
        static_folder="static",
        template_folder="templates",
    )
    app.config["SECRET_KEY"] = "preview"
    app.config["WTF_I18N_ENABLED"] = False
    app.jinja_options = {"undefined": StrictUndefined}
    CSRFProtect(app)
    register_filters(app)
    app.jinja_env.globals["asset"] = lambda path: flask.url_for("static", filename=path)
    app.jinja_env.globals |= {"this_year": lambda: 2022, "shown_columns": list}
    app.context_processor(_page_context)
    # The frame leads to rooms that are not here.
    app.url_build_error_handlers.append(lambda _fault, _endpoint, _values: "/design")
    app.after_request(add_headers)

    @app.route("/")
    def home() -> Any:
        return flask.redirect("/design")

    @app.route("/design", methods=["GET", "POST"])
    def design() -> Any:
        if flask.request.method == "POST":
            flask.flash("已收到（示例，没有保存）。", "success")
            return flask.redirect("/design")
        filters = SampleFilters(flask.request.args)
        return flask.render_template("design/design.html", form=sample_form(), filters=filters)

    @app.route("/sign-in", methods=["GET", "POST"], endpoint="access.sign_in")
    def sign_in() -> Any:
        form = SignInForm()
        form.validate_on_submit()
        names = ("role_label", "login", "password", "note")
        accounts = [dict(zip(names, account, strict=True)) for account in DEMO_ACCOUNTS]
        return flask.render_template(
            "access/sign_in.html",
            form=form,
            demo_accounts=accounts,
            ended="您已 30 分钟没有操作，系统已自动退出。",
            returns=True,
        )

    @app.post("/sign-out", endpoint="access.sign_out")
    def sign_out() -> Any:
        return flask.redirect("/sign-in")

    @app.get("/password", endpoint="access.change_password")
    def change_password() -> Any:
        return flask.redirect("/sign-in")

    @app.get("/signed-out")
    def signed_out() -> Any:
        """The frame as somebody sees it who is not signed in."""
        return flask.render_template("design/design.html", **_samples(), actor=None)

    @app.get("/errors/<int:code>")
    def error(code: int) -> Any:
        reasons = (
            ["省级配套资金余额不足：余额 1,200.00 元，本次 3,000.00 元。"] if code == 409 else []
        )
        page = flask.render_template(
            "errors/error.html",
            typed=(),
            code=code,
            words=WORDS[code],
            reasons=reasons,
            ways=[{"label": "查看最新情况", "url": "/design"}] if code == 409 else [],
            reference="7F3A09C2",
        )
        return page, code

    return app


def _page_context() -> dict[str, Any]:
    return {
        "navigation": _navigation,
        "actor": ACTOR,
        "demo_mode": True,
        "may": lambda _permission: True,
        "display": display(),
    }


def _samples() -> dict[str, Any]:
    return {"form": sample_form(), "filters": SampleFilters(flask.request.args)}


def _navigation() -> list[NavigationGroup]:
    links = [
        NavigationLink(
            label, "/design", active=label == "结对关系", count=46 if label == "工作日志" else None
        )
        for label in DOORS
    ]
    return [NavigationGroup(None, links[:1]), NavigationGroup("办理", links[1:])]


if __name__ == "__main__":
    create_preview().run("127.0.0.1", 8010)
