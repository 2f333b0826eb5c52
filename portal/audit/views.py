"""Pages of the trail: list, check, export. The audit administrator changes nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import flask
from flask import Blueprint

from forms.audit import AuditExportForm, AuditFilters
from forms.fields import options
from portal.audit import export, queries, trail
from portal.audit.name_queries import names_in
from portal.audit.queries import Filters
from portal.audit.words import actor_words
from portal.enrolment import house
from portal.web.addresses import with_this_query
from portal.web.downloads import announced, as_file
from portal.web.frame import close_session, database, db, deed, keep, requires, today
from portal.web.lists import page_size
from portal.web.pages import pager

blueprint = Blueprint("audit", __name__)

MOST_EXPORTED = 100_000
TOO_MANY = f"符合条件的记录超过 {MOST_EXPORTED:,} 条，请按日期或事项缩小范围后分次导出。"


@blueprint.get("/audit")
@requires("audit.read")
def list_events() -> Any:
    form = _filter_form()
    cursor = flask.request.args.get("cursor")
    found = queries.list_events(db(), _filters_of(form), cursor=cursor, size=page_size())
    return flask.render_template(
        "audit/list_events.html",
        form=form,
        export_form=AuditExportForm(),
        found=found,
        pager=pager(found),
        words=house().audit_words,
        names=names_in(db(), found.rows),
        actor_words=actor_words,
    )


@blueprint.post("/audit/check")
@requires("audit.read")
def check_chain() -> Any:
    close_session()  # reading the whole chain takes its time: nobody waits for it to write
    with database().reading() as session:
        fault = trail.first_fault(session)
    deed().record("audit.checked", "audit", fault=fault)
    if fault:
        flask.flash(fault + "请保留现场并联系安全管理员。", "danger")
    else:
        flask.flash("审计链完整：逐条重算封印，全部相符。", "success")
    return flask.redirect(flask.url_for(".list_events"))


@blueprint.post("/audit/export")
@requires("audit.read")
def export_events() -> Any:
    form = AuditExportForm()
    filters = _filters_of(_filter_form())
    if not form.validate_on_submit():
        return _back_with(form.purpose.errors)
    close_session()
    with database().reading() as session:
        if queries.count_up_to(session, filters, MOST_EXPORTED) > MOST_EXPORTED:
            return _back_with([TOO_MANY])
        content, count = export.write_csv(
            queries.every_event(session, filters), house().audit_words
        )
    deed().record("audit.exported", "audit", rows=count, purpose=form.purpose.data)
    name, plain_name = f"牵手计划审计记录（{today()}）.csv", f"qianshou-audit-{today()}.csv"
    file = io.BytesIO(content)
    answer = as_file(file, name=name, plain_name=plain_name, mimetype="text/csv")
    return keep(announced(answer, file, name=name, rows=count))


def _back_with(sentences: Sequence[str]) -> Any:
    for sentence in sentences:
        flask.flash(sentence, "danger")
    return flask.redirect(with_this_query(flask.url_for(".list_events")))


def _filter_form() -> AuditFilters:
    form = AuditFilters(flask.request.args)
    form.event.choices = options(house().audit_words.events.items(), "全部")
    return form


def _filters_of(form: AuditFilters) -> Filters:
    asked = {name: value for name, value in form.asked.items() if value}
    if "subject" in asked:
        asked["subject"] = house().audit_words.subject_of(asked["subject"])
    return Filters(**asked)
