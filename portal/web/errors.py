"""Error pages: what happened, what to do next, and a reference number that is also in the log."""

from __future__ import annotations

import logging
import secrets
from typing import NamedTuple

import flask
import sqlalchemy as sa
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portal.access.loading import Forbidden, Unseen
from portal.access.policy import POLICY
from portal.refusals import Conflict, Refused
from portal.web.frame import close_session, leave_the_database_alone

log = logging.getLogger("qianshou")

SERVER_FAULT = 500


class Words(NamedTuple):
    title: str
    happened: str
    next_step: str


WORDS = {
    400: Words(
        "请求无法识别",
        "浏览器提交的内容不完整或已过期。",
        "请返回上一页刷新后重新提交；如长时间未操作，请先重新登录。",
    ),
    403: Words(
        "没有此项权限",
        "您可以看到这个对象，但您的角色不能进行此操作。",
        "如确需办理，请联系本单位有权限的同事，或请系统管理员核对授权。",
    ),
    404: Words(
        "页面不存在",
        "没有找到该页面，或者它不在您的管辖范围内。",
        "请核对网址，或从首页重新进入。",
    ),
    405: Words("请求方式不对", "该地址不支持这种访问方式。", "请从首页重新进入。"),
    409: Words(
        "未能办理",
        "该事项当前不能办理，原因如下。",
        "请返回上一页查看最新情况后再办理。",
    ),
    413: Words("文件过大", "上传的文件超过了大小上限（32 MB）。", "请拆分后分批上传。"),
    429: Words("操作过于频繁", "短时间内请求次数过多。", "请稍候几分钟再试。"),
    500: Words(
        "系统出现故障",
        "系统未能完成这次操作，数据没有改变。",
        "请稍后重试；如仍不行，请把下面的编号告诉系统管理员。",
    ),
    503: Words(
        "数据库暂时不可用",
        "系统暂时无法连接数据库，数据没有改变。",
        "请稍后重试；如仍不行，请把下面的编号告诉系统管理员。",
    ),
}


def register_errors(app: flask.Flask) -> None:
    """Answer every fault with a page of its own."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _fault: _page(400))
    app.register_error_handler(Unseen, lambda _fault: _page(404))
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Conflict, _refused)
    app.register_error_handler(StaleDataError, lambda _fault: _changed_meanwhile())
    app.register_error_handler(sa.exc.IntegrityError, _integrity)
    app.register_error_handler(sa.exc.OperationalError, _database_gone)
    app.register_error_handler(Exception, _unexpected)


def _http(fault: HTTPException) -> tuple[str, int] | HTTPException:
    code = fault.code or SERVER_FAULT
    cause = getattr(fault, "original_exception", None)
    if isinstance(cause, sa.exc.OperationalError):  # while another page of a fault was made
        return _database_gone(cause)
    return _page(code if code in WORDS else _nearest(code), status=code)


def _nearest(code: int) -> int:
    return 400 if code < SERVER_FAULT else SERVER_FAULT


def _forbidden(fault: Forbidden) -> tuple[str, int]:
    return _page(403, reasons=[f"所需权限：{POLICY[fault.permission].label}。"])


def _refused(fault: Refused) -> tuple[str, int]:
    return _page(409, reasons=[refusal.sentence for refusal in fault.refusals])


def _changed_meanwhile() -> tuple[str, int]:
    return _page(409, reasons=["在您打开页面之后，别人已修改了这条记录。"])


def _integrity(fault: sa.exc.IntegrityError) -> tuple[str, int]:
    # A constraint said no after the rules said yes: somebody else was faster.
    log.warning("refused by a constraint: %s", fault.orig)
    return _page(409, reasons=["同一时间有另一项操作占用了该名额或日期，请刷新后核对。"])


def _database_gone(fault: sa.exc.OperationalError) -> tuple[str, int]:
    return _page(503, cause=fault)


def _unexpected(fault: Exception) -> tuple[str, int]:
    return _page(500, cause=fault)


def _page(
    code: int,
    *,
    status: int | None = None,
    reasons: list[str] | None = None,
    cause: BaseException | None = None,
) -> tuple[str, int]:
    reference = secrets.token_hex(4).upper()
    if cause is not None:
        log.error("reference %s", reference, exc_info=cause)
    close_session()
    if code >= SERVER_FAULT:
        leave_the_database_alone()
    page = flask.render_template(
        "errors/error.html",
        code=status or code,
        words=WORDS[code],
        reasons=reasons or [],
        reference=reference,
    )
    return page, status or code
