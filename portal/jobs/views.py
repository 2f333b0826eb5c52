"""Pages of background jobs: one's own, all of them for the administrator, one and its file."""

from __future__ import annotations

import io
from typing import Any, cast

import flask
from flask import Blueprint

from models import Job, JobResult
from portal.access.loading import Forbidden, Unseen
from portal.jobs import actions, queries
from portal.jobs.kind import Kind
from portal.jobs.queries import JOB
from portal.jobs.result_store import results_in
from portal.jobs.rules import KEEP_RESULTS, SHOWN_JOBS
from portal.refusals import Refusal, refuse_if
from portal.web.downloads import as_file
from portal.web.frame import db, deed, requires, settings, signed_in

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/jobs")
@requires("job.read")
def list_jobs() -> Any:
    return flask.render_template(
        "jobs/list_jobs.html",
        jobs=queries.list_own(db(), signed_in()),
        labels=_labels(),
        shown=SHOWN_JOBS,
        keep_days=KEEP_RESULTS.days,
    )


@blueprint.get("/jobs/all")
@requires("job.retry")
def list_all() -> Any:
    only_dead = flask.request.args.get("state") == "dead"
    return flask.render_template(
        "jobs/list_all.html",
        jobs=queries.list_all(db(), only_dead=only_dead, quiet=_quiet()),
        dead=queries.count_dead(db()),
        only_dead=only_dead,
        is_working=queries.is_anyone_working(db()),
        labels=_labels(),
        shown=SHOWN_JOBS,
    )


@blueprint.get("/jobs/<job_id>")
@requires("job.read", JOB)
def show_job(job: Job) -> Any:
    row, is_own = queries.get_row(db(), job.id), queries.is_own(db(), signed_in(), job)
    kind = _kinds().get(job.kind)
    page_url = flask.url_for(kind.page, **dict[str, Any](row.page)) if kind and kind.page else None
    return flask.render_template(
        "jobs/show_job.html",
        job=row,
        is_own=is_own,
        refusals=_refusals_for(job, row.result) if is_own and row.result else [],
        page_url=page_url if is_own else None,
        is_working=queries.is_anyone_working(db()),
        labels=_labels(),
        keep_days=KEEP_RESULTS.days,
    )


@blueprint.get("/jobs/<job_id>/result")
@requires("self.use", JOB)
def send_result(job: Job) -> Any:
    """Send the file of a job to its asker, as long as the asker may still make it as it is."""
    _refuse_others(job)
    result = queries.find_result(db(), job.id)
    if result is None:
        raise Unseen("file")
    permission = _permission_of(job)
    if permission and not signed_in().holds(permission):
        raise Forbidden(permission)
    refuse_if(_refusals_for(job, result))
    content = results_in(settings().var, deed().vault).find(result.stored)
    if content is None:
        raise Unseen("file")
    return as_file(
        io.BytesIO(content),
        name=result.file_name,
        plain_name=result.plain_name,
        mimetype=result.media_type,
    )


@blueprint.post("/jobs/<job_id>/cancellation")
@requires("self.use", JOB)
def cancel_job(job: Job) -> Any:
    _refuse_others(job)
    actions.cancel(deed(), job)
    flask.flash("已取消。已办完的部分保留，正在办的不再写入。", "success")
    return _page_of(job)


@blueprint.post("/jobs/<job_id>/retry")
@requires("job.retry", JOB)
def retry_job(job: Job) -> Any:
    count = actions.retry(deed(), job)
    flask.flash(f"已重新排队，共 {count} 项，以原申请人的身份办理。", "success")
    return _page_of(job)


def _refuse_others(job: Job) -> None:
    """Let nobody take the result of another's job or cancel it, who sees all of them neither."""
    if not queries.is_own(db(), signed_in(), job):
        raise Forbidden("self.use")


def _refusals_for(job: Job, result: JobResult) -> list[Refusal]:
    return queries.refusals_for_result(db(), signed_in(), job, result.made_at, _permission_of(job))


def _permission_of(job: Job) -> str | None:
    kind = _kinds().get(job.kind)
    return kind.permission if kind else None


def _page_of(job: Job) -> Any:
    return flask.redirect(flask.url_for(".show_job", job_id=job.public_id))


def _kinds() -> dict[str, Kind]:
    return cast("dict[str, Kind]", flask.current_app.extensions["qianshou_job_kinds"])


def _quiet() -> list[str]:
    return [word for word, kind in _kinds().items() if kind.is_quiet]


def _labels() -> dict[str, str]:
    return {word: kind.label for word, kind in _kinds().items()}
