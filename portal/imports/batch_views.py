"""Pages of one import: what was found in its file, mending, carrying it out, taking it back."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import Any, NamedTuple

import flask
from flask import Blueprint

from forms.imports import ApplicationForm, MendingForm, UndoingForm
from models import ImportBatch
from models.types import ImportKind
from portal.access.actions import give_first_passwords
from portal.access.loading import Forbidden, Unseen
from portal.access.password_store import make_password
from portal.deeds import Deed
from portal.imports import actions, batch_queries, claim_queries
from portal.imports.apart import Answer, Question, check_apart
from portal.imports.batch_queries import BATCH, Slip
from portal.imports.checking_apart import Checked, check, read_file
from portal.imports.finding_store import Findings, Line
from portal.imports.kind import Kind
from portal.imports.kinds import KINDS
from portal.imports.mending_rules import (
    FAULTS_A_PAGE,
    MOST_ROWS,
    Mended,
    mendable_in,
    with_page,
)
from portal.imports.staging_store import StagedFiles, uploads_in
from portal.imports.undo_rules import UndoEffect
from portal.jobs.queries import find_in_slot, get_row
from portal.refusals import Conflict, Refusal, Refused, refuse_if
from portal.web.addresses import number_in_query
from portal.web.downloads import as_file
from portal.web.form_keys import key_of, new_form_key
from portal.web.frame import database, db, deed, keep, now, requires, settings, signed_in
from portal.web.pages import url_with
from portal.web.signing import passwords

blueprint = Blueprint("imports", __name__)
"""Of the whole room; views.py adds the pages before there is an import."""

MOST_SLIPS = 100
"""Passwords that are made while their reader waits; the others follow by another click."""

NO_SLIPS = Refusal(
    "", "wrong_state", "这次导入的账号都已有密码；密码条遗失的，请由安全管理员在账号页面重置密码。"
)

WRITTEN_AT_ONCE = 2000
"""Rows of a file that is written while its reader waits; a larger one is a background job."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/import/batches/<batch_id>")
@requires("import.use", BATCH)
def show_import(batch: ImportBatch) -> Any:
    kind = kind_of(batch.kind)
    files = staged_files()
    is_there = files.has(batch.file_hash)
    findings = files.find_findings(batch.public_id) if is_there else None
    may_mend = findings is not None and batch.applied_at is None and batch.rows <= MOST_ROWS
    saved = files.find_mends(batch.public_id) if may_mend else ()
    faults = _faults_of(findings)
    return flask.render_template(
        "imports/show_import.html",
        batch=batch,
        undone_by=batch_queries.name_of_undoer(db(), batch),
        kind=kind,
        findings=findings,
        form=ApplicationForm(),
        faults=faults,
        saved=saved,
        most_rows=MOST_ROWS,
        mendable=mendable_in(faults.rows, kind.columns, saved) if may_mend else {},
        without_password=batch_queries.count_without_password(db(), batch.id)
        if kind.word == ImportKind.ACCOUNTS
        else 0,
        claimed=claim_queries.count_own_claims(db(), batch.id),
        job=get_row(db(), batch.job_id) if batch.job_id else None,
    )


@blueprint.get("/import/batches/<batch_id>/errors.xlsx")
@requires("import.use", BATCH)
def send_errors(batch: ImportBatch) -> Any:
    kind = kind_of(batch.kind)
    book = staged_files().find_error_workbook(batch.public_id) or _made_error_workbook(kind, batch)
    if book is None:
        raise Unseen("file")
    out = io.BytesIO(book)
    return as_workbook(out, f"{kind.label}错误行.xlsx", f"qianshou-{kind.word.value}-errors.xlsx")


@blueprint.post("/import/batches/<batch_id>/application")
@requires("import.use", BATCH)
def apply_import(batch: ImportBatch) -> Any:
    form = ApplicationForm()
    kind, back = kind_of(batch.kind), page_of(batch)
    batch_id, public_id, digest, name = batch.id, batch.public_id, batch.file_hash, batch.file_name
    content = staged_files().find(digest)
    if not form.validate() or content is None:
        flask.flash("文件已清除或表单已过期，请重新上传。", "warning")
        return back
    if batch.accepted > WRITTEN_AT_ONCE:
        key = key_of(flask.request) or new_form_key()
        actions.write_later(deed(), batch, key, accept_valid=form.accept_valid.data)
        return back
    found = _check_again(kind, name, content)
    found = actions.apply(deed(), batch_id, found, accept_valid=form.accept_valid.data)
    _keep_again(public_id, found)
    _tell(found)
    if found.report.applied and not found.report.refused:
        _drop_once_committed(public_id, digest)
    return back


@blueprint.post("/import/batches/<batch_id>/mending")
@requires("import.use", BATCH)
def mend_import(batch: ImportBatch) -> Any:
    """Keep what was typed into the refused cells of a page; put it into the file and check it again."""
    files, kind, back = staged_files(), kind_of(batch.kind), page_of(batch)
    public_id, form = batch.public_id, MendingForm()
    found = files.find_findings(public_id) if files.has(batch.file_hash) else None
    runs = find_in_slot(db(), f"import:{batch.id}") is not None
    if not form.validate() or found is None or runs or batch.rows > MOST_ROWS:
        flask.flash("文件已清除、正在检查或表单已过期，请核对后再改。", "warning")
        return back
    if batch.applied_at is not None:
        raise Conflict([actions.GONE])
    faults, saved = _faults_of(found), files.find_mends(public_id)
    offered = mendable_in(faults.rows, kind.columns, saved)
    mends = with_page(saved, flask.request.form, list(offered.values()))
    if form.then.data == "next":
        files.keep_mends(public_id, mends, now())
        address = flask.url_for("imports.show_import", batch_id=public_id, page=faults.page + 1)
        return flask.redirect(f"{address}#faults")
    if not mends:
        flask.flash("没有改动。请在标出的单元格中填写正确的内容。", "info")
        return back
    if batch.job_id is not None:
        # As large a file is checked in the background.
        files.keep_mends(public_id, mends, now())
        actions.check_later(deed(), batch, key_of(flask.request) or new_form_key())
        return back
    left = _mended_at_once(kind, batch, mends)
    flask.flash(
        f"已改正 {len(mends)} 处并重新检查，"
        + (f"还有 {left} 行有错误。" if left else "全部通过检查。"),
        "warning" if left else "success",
    )
    return back


def _mended_at_once(kind: Kind, batch: ImportBatch, mends: tuple[Mended, ...]) -> int:
    """Put mends into a file and check it while its reader waits; return how many rows are refused."""
    files = staged_files()
    batch_id, public_id, digest, name = batch.id, batch.public_id, batch.file_hash, batch.file_name
    content = files.find(digest)
    if content is None:
        raise Unseen("file")
    answer = checked_apart(kind, name, content, mends=mends)
    refuse_if(answer.faults)
    if answer.mended is None:
        raise Unseen("file")
    actions.mend(deed(), batch_id, answer.findings, seen=digest)
    mended = bytes.fromhex(answer.findings.file_hash)
    files.keep(mended, answer.mended, now())
    files.keep_findings(public_id, answer.findings, answer.error_workbook, now())
    _drop_once_committed(None, digest)
    return answer.findings.refused


class FaultsOnPage(NamedTuple):
    """The faults of a file that stand on a page, and the links to those beside it (pagination)."""

    rows: tuple[Line, ...]
    page: int
    previous_url: str | None
    next_url: str | None
    place_text: str
    sizes: tuple[int, ...] = ()


def _faults_of(findings: Findings | None) -> FaultsOnPage:
    lines = findings.lines if findings else ()
    last = max(1, -(-len(lines) // FAULTS_A_PAGE))
    page = number_in_query("page") or 1
    page = page if 1 <= page <= last else 1
    start = (page - 1) * FAULTS_A_PAGE
    rows = lines[start : start + FAULTS_A_PAGE]
    return FaultsOnPage(
        rows,
        page,
        url_with(page=page - 1) if page > 1 else None,
        url_with(page=page + 1) if page < last else None,
        f"第 {start + 1:,}–{start + len(rows):,} 处，共 {len(lines):,} 处",
    )


@blueprint.post("/import/batches/<batch_id>/withdrawal")
@requires("import.use", BATCH)
def withdraw_import(batch: ImportBatch) -> Any:
    digest, public_id = batch.file_hash, batch.public_id
    actions.withdraw(deed(), batch)
    _drop_once_committed(public_id, digest)
    flask.flash("已撤下该文件，没有写入任何数据。", "success")
    return flask.redirect(flask.url_for("imports.list_imports"))


@blueprint.route("/import/batches/<batch_id>/undoing", methods=["GET", "POST"])
@requires("import.use", BATCH)
def undo_import(batch: ImportBatch) -> Any:
    """Show what taking back a file would do and what stands against it; do it."""
    kind = kind_of(batch.kind)
    form = UndoingForm()
    if form.validate_on_submit():
        back = page_of(batch)
        done = actions.undo(deed(), batch, kind)
        flask.flash(f"已撤销这次导入：{done.words}；可以改好文件后重新导入。", "success")
        return back
    stands = batch.applied_at is not None and batch.undone_at is None
    effect = kind.undo_effect(deed(), batch) if stands else UndoEffect(refusals=(actions.UNDONE,))
    return flask.render_template(
        "imports/undo_import.html", batch=batch, kind=kind, effect=effect, form=form
    )


@blueprint.post("/import/batches/<batch_id>/slips")
@requires("import.use", BATCH)
def make_slips(batch: ImportBatch) -> Any:
    """Give the accounts of a file their first passwords, on a page that is shown once, to print."""
    kind_of(batch.kind)  # whoever may no longer open accounts makes no slips either
    subject, file_name, batch_id = f"import:{batch.public_id}", batch.file_name, batch.id
    accounts = batch_queries.list_without_password(db(), batch_id, MOST_SLIPS)
    if not accounts:
        raise Refused([NO_SLIPS])
    db().rollback()  # a hash is slow by design, and others write meanwhile
    slips = [Slip(one, make_password()) for one in accounts]
    hashes = {one.account.id: passwords().hash(one.password) for one in slips}
    give_first_passwords(deed(), hashes, subject)
    left = batch_queries.count_without_password(db(), batch_id)
    return keep(
        flask.render_template(
            "imports/slips.html", slips=slips, left=left, file_name=file_name, batch_id=subject[7:]
        )
    )


def kind_of(word: str) -> Kind:
    kind = next((kind for known, kind in KINDS.items() if known == word), None)
    if kind is None:
        raise Unseen("kind")
    if not kind.is_open_to(signed_in()):
        raise Forbidden(kind.permissions[0])
    return kind


def page_of(batch: ImportBatch) -> Any:
    return flask.redirect(flask.url_for("imports.show_import", batch_id=batch.public_id))


def as_workbook(out: io.BytesIO, name: str, plain_name: str) -> Any:
    return as_file(out, name=name, plain_name=plain_name, mimetype=XLSX)


def staged_files() -> StagedFiles:
    return uploads_in(settings().var, deed().vault)


def _made_error_workbook(kind: Kind, batch: ImportBatch) -> bytes | None:
    """Make the workbook of the refused rows when it is first asked for, and keep it."""
    files, batch_id, name = staged_files(), batch.public_id, batch.file_name
    content = files.find(batch.file_hash)
    if content is None:
        return None
    answer = checked_apart(kind, name, content, wants_error_workbook=True)
    files.keep_findings(batch_id, answer.findings, answer.error_workbook, now())
    return answer.error_workbook


def checked_apart(
    kind: Kind,
    name: str,
    content: bytes,
    *,
    wants_error_workbook: bool = False,
    mends: tuple[Mended, ...] = (),
) -> Answer:
    """Check a file in a process of its own, without keeping others from writing meanwhile."""
    db().rollback()
    key = settings().master_key
    url = database().url
    question = Question(kind.word, name, signed_in(), now(), url, key, wants_error_workbook, mends)
    return check_apart(question, content)


def _check_again(kind: Kind, name: str, content: bytes) -> Checked:
    """Read and check a file without keeping others from writing: that begins anew afterwards."""
    db().rollback()
    file = read_file(kind, name, content)
    with database().reading() as session:
        return check(Deed(session, signed_in(), now()), file)


def _keep_again(batch_id: str, checked: Checked) -> None:
    """Keep what was found when the rows were written, if the database had changed since the check."""
    files = staged_files()
    findings, kept = Findings.of(checked, now()), files.find_findings(batch_id)
    if kept is None or findings.lines != kept.lines or findings.told != kept.told:
        files.keep_findings(batch_id, findings, None, now())


def _tell(checked: Checked) -> None:
    report = checked.report
    if report.applied:
        rest = f"另有 {report.refused} 行有错误，没有写入。" if report.refused else ""
        flask.flash(
            f"已写入 {report.accepted} 行，{report.unchanged} 行此前已有。{rest}", "success"
        )
    elif report.refused:
        flask.flash("没有写入：有错误的行。请修改后重新上传，或选择只导入正确的行。", "warning")
    else:
        flask.flash("文件内容与系统中一致，没有需要写入的行。", "info")


def _drop_once_committed(batch_id: str | None, digest: bytes) -> None:
    """Drop what was found for an import, if any is named, and a file unless an import waits with it."""
    files, is_waited_for = staged_files(), batch_queries.is_waited_for(db(), digest)

    @flask.after_this_request
    def drop(response: Any) -> Any:
        if response.status_code == HTTPStatus.FOUND:
            if batch_id is not None:
                files.drop_findings(batch_id)
            if not is_waited_for:
                files.drop(digest)
        return response
