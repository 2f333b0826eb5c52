"""Pages of imports: choose a kind, upload, and decide on what others brought."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any

import flask

from forms.imports import ClaimsForm, MonthForm, RefusalForm, UploadForm
from models import ImportBatch
from portal.access.loading import Unseen
from portal.imports import actions, batch_queries, claim_actions, claim_queries
from portal.imports.apart import Answer
from portal.imports.batch_views import (
    as_workbook,
    blueprint,
    checked_apart,
    kind_of,
    page_of,
    staged_files,
)
from portal.imports.kind import Kind
from portal.imports.kinds import kinds_for
from portal.imports.workbook_export import write_template
from portal.jobs.queries import find_in_slot
from portal.refusals import refuse_if
from portal.web.form_keys import key_of, new_form_key
from portal.web.frame import db, deed, now, requires, signed_in, today
from portal.web.refusals import refusals_shown_in

__all__ = ["blueprint"]

CHECKED_AT_ONCE = 1024 * 1024
"""Bytes of a file that is checked while its reader waits; a larger one is a background job."""


@blueprint.get("/import")
@requires("import.use")
def list_imports() -> Any:
    return flask.render_template(
        "imports/list_imports.html",
        kinds=kinds_for(signed_in()),
        batches=batch_queries.list_own_batches(db(), signed_in()),
        waiting=claim_queries.list_waiting(db(), signed_in()),
    )


@blueprint.route("/import/<word>", methods=["GET", "POST"])
@requires("import.use")
def upload_file(word: str) -> Any:
    kind = kind_of(word)
    form = UploadForm()
    if form.validate_on_submit():
        content = form.file.data.read()
        with refusals_shown_in(form):
            if len(content) > CHECKED_AT_ONCE:
                return page_of(_received(kind, form.file.data.filename or "", content))
            answer = checked_apart(kind, form.file.data.filename or "", content)
            refuse_if(answer.faults)
            return page_of(_staged(kind, content, answer))
    this = today().replace(day=1)
    months = [(this - timedelta(days=1)).replace(day=1), this]
    return flask.render_template(
        "imports/upload_file.html",
        form=form,
        kind=kind,
        months=months,
        done=batch_queries.list_done(db(), signed_in(), kind.word),
    )


@blueprint.get("/import/<word>/template.xlsx")
@requires("import.use")
def send_template(word: str) -> Any:
    kind = kind_of(word)
    out = io.BytesIO()
    write_template(kind, out)
    return as_workbook(
        out, f"{kind.label}导入模板.xlsx", f"qianshou-{kind.word.value}-template.xlsx"
    )


@blueprint.get("/import/<word>/people.xlsx")
@requires("import.use")
def send_own_template(word: str) -> Any:
    """Send the template that comes filled with the own people and the working days of a month."""
    kind = kind_of(word)
    if not kind.prepared:
        raise Unseen("template")
    form = MonthForm(flask.request.args)
    month = form.asked["month"] or today().replace(day=1)
    out = io.BytesIO()
    write_template(kind, out, kind.prepare(deed(), month.replace(day=1)))
    of_month = f"{month:%Y-%m}，" if kind.by_month else ""
    name = f"{kind.label}导入模板（{of_month}本方人员）.xlsx"
    return as_workbook(out, name, f"qianshou-{kind.word.value}-{month:%Y-%m}.xlsx")


@blueprint.route("/import/confirmation", methods=["GET", "POST"])
@requires("import.use")
def confirm_claims() -> Any:
    """Show the files of others that wait, or one of them; let it take effect."""
    form = ClaimsForm()
    if form.validate_on_submit():
        count = claim_actions.confirm_claims(deed(), form.batch.data, seen=form.seen.data)
        flask.flash(f"已确认 {count} 条，即时生效。", "success")
        return flask.redirect(flask.url_for("imports.confirm_claims"))
    batch_id = flask.request.args.get("batch")
    return _claims_page(RefusalForm(formdata=None), batch_id if form.batch.data is None else None)


@blueprint.post("/import/refusal")
@requires("import.use")
def refuse_claims() -> Any:
    form = RefusalForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            count = claim_actions.refuse_claims(
                deed(), form.batch.data, seen=form.seen.data, reason=form.reason.data
            )
            flask.flash(f"未予确认 {count} 条，这些日志已失效，日期可重新填报。", "success")
            return flask.redirect(flask.url_for("imports.confirm_claims"))
    return _claims_page(form, form.batch.data)


def _claims_page(form: RefusalForm, batch_id: str | None) -> Any:
    if not batch_id:
        waiting = claim_queries.list_waiting(db(), signed_in())
        return flask.render_template("imports/list_claims.html", waiting=waiting)
    found = claim_queries.find_claims(db(), signed_in(), batch_id)
    if found is None:
        raise Unseen("batch")
    form.batch.data, form.seen.data = batch_id, found.entries
    return flask.render_template("imports/confirm_claims.html", form=form, claims=found)


def _staged(kind: Kind, content: bytes, answer: Answer) -> ImportBatch:
    """Keep a file and what was found in it; the same file that waits already is the same import."""
    files, findings = staged_files(), answer.findings
    digest = bytes.fromhex(findings.file_hash)
    files.drop_old(now())
    batch = batch_queries.find_waiting(db(), signed_in(), kind.word, digest)
    batch = batch or actions.stage(deed(), findings)
    # Not before: what is refused takes no room on the disk.
    files.keep(digest, content, now())
    files.keep_findings(batch.public_id, findings, answer.error_workbook, now())
    return batch


def _received(kind: Kind, name: str, content: bytes) -> ImportBatch:
    """Keep a large file and have it checked; the same file that waits already is the same import."""
    files, digest = staged_files(), hashlib.sha256(content).digest()
    files.drop_old(now())
    batch = batch_queries.find_waiting(db(), signed_in(), kind.word, digest)
    batch = batch or actions.receive(deed(), kind.word, name, digest)
    if find_in_slot(db(), f"import:{batch.id}") is None:
        actions.check_later(deed(), batch, key_of(flask.request) or new_form_key())
    # Not before: what is refused takes no room on the disk.
    files.keep(digest, content, now())
    return batch
