"""Pages of assignments: lists, nominating, deciding, ending, replacing, excepting."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.procedures import ChosenForm
from forms.staffing import (
    AssignmentFilters,
    DecisionForm,
    EndForm,
    NominationFilters,
    NominationForm,
    ReplacementForm,
)
from models import Assignment, Pairing
from models.types import AssignmentState, Side
from portal.access.loading import Unseen
from portal.access.scope import reaches
from portal.documents.listing_frame import listing_answer
from portal.documents.queries import list_documents
from portal.files.queries import board_of
from portal.pairings.life_rules import Use, refusals_for_use
from portal.pairings.queries import PAIRING, life_of
from portal.procedures.offer_rules import offers, reasons_off, step_bar
from portal.procedures.queries import permissions_on
from portal.procedures.timeline_queries import Track, timeline
from portal.refusals import Refusal, Refused
from portal.staffing import actions, frozen_queries, list_queries, queries, record_queries
from portal.staffing.listing_export import LISTING
from portal.staffing.nomination_forms import (
    chosen_person,
    filters_of,
    named_person,
    offer_people,
    organisations_of,
    side_of,
)
from portal.staffing.queries import ASSIGNMENT
from portal.staffing.reversal_actions import undo_decision
from portal.staffing.rules import LIFE
from portal.web.door_counts import waiting_behind
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import flash_undoable, forget_undoable, pager
from portal.web.refusals import refusals_shown_in, version_shown
from portal.web.rehearsal import is_rehearsal, undone

blueprint = Blueprint("staffing", __name__)


@blueprint.get("/assignments")
@requires("assignment.read")
def list_assignments() -> Any:
    form = AssignmentFilters(flask.request.args)
    sort = flask.request.args.get("sort", "-starts_on")
    found = list_queries.list_assignments(
        db(),
        signed_in(),
        filters_of(form),
        today=today(),
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    holds = signed_in().holds
    return flask.render_template(
        "staffing/list_assignments.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        waiting=sum(waiting_behind("staffing.list_assignments"))
        if holds("assignment.approve")
        else None,
        open_pairings=list_queries.list_open_pairings(db(), signed_in(), today())
        if holds("assignment.write")
        else [],
    )


@blueprint.route("/assignments/exports", methods=["GET", "POST"])
@requires("assignment.read", reads_first=True)
def export_assignments() -> Any:
    form = AssignmentFilters(flask.request.args)
    return listing_answer(LISTING, form, filters_of(form))


@blueprint.get("/nominations")
@requires("assignment.approve")
def list_nominations() -> Any:
    form = NominationFilters(flask.request.args)
    sort = flask.request.args.get("sort", "nominated_at")
    found = list_queries.list_nominations(
        db(),
        signed_in(),
        filters_of(form),
        today=today(),
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "staffing/list_nominations.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        doors=_doors_in_queue,
    )


def _doors_in_queue(row: list_queries.AssignmentRow) -> dict[str, dict[str, Any]]:
    doors = _doors(row, row.name)
    doors["approved"]["hidden"]["back"] = "nominations"
    return doors


@blueprint.get("/assignments/<assignment_id>")
@requires("assignment.read", ASSIGNMENT)
def assignment(assignment: Assignment) -> Any:
    session = db()
    belonging = record_queries.belonging_of(session, assignment)
    permissions = permissions_on(session, signed_in(), LIFE, assignment)
    offered = offers(
        LIFE,
        frozen_queries.facts_for_offers(session, assignment, today()),
        person_id=signed_in().person_id,
        permissions=permissions,
        principals_for=signed_in().principals_for,
    )
    return flask.render_template(
        "staffing/assignment.html",
        assignment=assignment,
        belonging=belonging,
        offers=offered,
        off=reasons_off(offered),
        doors=_doors(assignment, belonging.person.name),
        bar=step_bar(LIFE, assignment.state),
        waits_for=_approver_of(assignment.side)
        if assignment.state == AssignmentState.NOMINATED
        else None,
        checks=queries.checks_of(
            session, assignment.person_id, assignment.side, assignment.starts_on
        ),
        files=board_of(session, signed_in(), belonging.person),
        may_mend="assignment.write" in permissions,
        days=record_queries.list_days(session, assignment),
        issued=list_documents(session, signed_in(), [assignment.id]),
        may_issue=assignment.state == AssignmentState.APPROVED
        and reaches(session, signed_in(), "document.issue", assignment),
        events=timeline(session, Track(LIFE, Assignment, Assignment.id == assignment.id)),
    )


def _doors(
    assignment: Assignment | list_queries.AssignmentRow, name: str
) -> dict[str, dict[str, Any]]:
    """Return where each step is taken, for ``components/offers.html``."""

    def url(endpoint: str) -> str:
        return flask.url_for(endpoint, assignment_id=assignment.public_id)

    return {
        "approved": {
            "url": url(".approve_assignment"),
            "hidden": {"version": assignment.version},
        },
        "rejected": {"url": url(".reject_assignment")},
        "exception_granted": {"url": url(".grant_exception")},
        "withdrawn": {
            "url": url(".withdraw_nomination"),
            "confirm": f"撤回对{name}的提名？",
        },
        "replaced": {"url": url(".replace_assignment")},
        "ended": {"url": url(".end_assignment")},
    }


@blueprint.route("/pairings/<code>/nomination", methods=["GET", "POST"])
@requires("assignment.write", PAIRING)
def nominate(pairing: Pairing) -> Any:
    form = NominationForm()
    offer_people(db(), signed_in(), form, pairing)
    checks = None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            person = chosen_person(db(), signed_in(), form.person.data, pairing)
            side = side_of(person, pairing)
            assert form.starts_on.data is not None  # required by the form
            checks = queries.checks_of(db(), person.id, side, form.starts_on.data)
            made = actions.nominate(
                deed(),
                pairing=pairing,
                person=person,
                side=side,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
            )
            if not undone():
                flask.flash(f"已提名{person.name}，待{_approver_of(side)}审批。", "success")
                return _to(made)
    elif not form.is_submitted():
        form.starts_on.data = max(today(), pairing.starts_on)
        if named := flask.request.args.get("person"):
            person = named_person(db(), signed_in(), named, pairing)
            form.person.data = person.public_id
            checks = queries.checks_of(
                db(), person.id, side_of(person, pairing), form.starts_on.data
            )
    return flask.render_template(
        "staffing/nominate.html",
        form=form,
        pairing=pairing,
        checks=checks,
        registers=queries.list_registering(db(), signed_in(), organisations_of(pairing)),
        refused=refusals_for_use(Use.APPROVE, life_of(db(), pairing)),
    )


def _approver_of(side: Side) -> str:
    return "援派省民政部门" if side == Side.SENT else "受援县民政部门"


@blueprint.post("/nominations/approval")
@requires("assignment.approve")
def approve_assignments() -> Any:
    seen = ChosenForm().seen
    found = list_queries.chosen_nominations(db(), signed_in(), sorted(seen))
    if len(found) != len(seen):
        raise Unseen("assignment")
    if not found:
        raise Refused([Refusal("chosen", "missing_value", "请先勾选要批准的人员。")])
    versions = {one.id: seen[one.public_id] for one in found}
    batch = actions.approve_assignments(deed(), found, seen=versions)
    _flash_undoable(f"已批准 {len(found)} 人的选派。", batch)
    return flask.redirect(flask.url_for(".list_nominations"))


def _flash_undoable(sentence: str, batch: str) -> None:
    flash_undoable(sentence, flask.url_for(".undo_approval", batch=batch))


@blueprint.post("/nominations/<batch>/reversal")
@requires("assignment.approve")
def undo_approval(batch: str) -> Any:
    forget_undoable(flask.request.path)
    label, count = undo_decision(deed(), batch)
    flask.flash(f"已撤销{label}，{count} 人恢复为待审批。", "success")
    return flask.redirect(flask.url_for(".list_nominations"))


@blueprint.post("/assignments/<assignment_id>/approval")
@requires("assignment.approve", ASSIGNMENT)
def approve_assignment(assignment: Assignment) -> Any:
    batch = actions.approve_assignment(deed(), assignment, seen=version_shown())
    _flash_undoable(f"已批准{_whose(assignment)}。", batch)
    if flask.request.form.get("back") == "nominations":
        return flask.redirect(flask.url_for(".list_nominations"))
    return _to(assignment)


@blueprint.route("/assignments/<assignment_id>/rejection", methods=["GET", "POST"])
@requires("assignment.approve", ASSIGNMENT)
def reject_assignment(assignment: Assignment) -> Any:
    form = DecisionForm(version=assignment.version)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            batch = actions.reject_assignment(
                deed(), assignment, form.reason.data or "", seen=form.version.data
            )
            _flash_undoable(f"未批准{_whose(assignment)}，提名的机构可以看到原因。", batch)
            return flask.redirect(flask.url_for(".list_nominations"))
    return _decision_page("reject_assignment.html", form, assignment)


@blueprint.route("/assignments/<assignment_id>/exception", methods=["GET", "POST"])
@requires("assignment.except", ASSIGNMENT)
def grant_exception(assignment: Assignment) -> Any:
    form = DecisionForm(version=assignment.version)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.grant_exception(
                deed(), assignment, form.reason.data or "", seen=form.version.data
            )
            flask.flash("已批准资格例外，其工作日随之计入。", "success")
            return _to(assignment)
    return _decision_page("grant_exception.html", form, assignment)


def _whose(assignment: Assignment) -> str:
    person = record_queries.belonging_of(db(), assignment).person
    return f"{person.name}的{assignment.side.label}选派"


def _decision_page(template: str, form: DecisionForm, assignment: Assignment) -> Any:
    return flask.render_template(
        f"staffing/{template}",
        form=form,
        assignment=assignment,
        belonging=record_queries.belonging_of(db(), assignment),
        checks=queries.checks_of(db(), assignment.person_id, assignment.side, assignment.starts_on),
        workdays=queries.later_workdays(db(), assignment.id, None),
    )


@blueprint.post("/assignments/<assignment_id>/withdrawal")
@requires("assignment.write", ASSIGNMENT)
def withdraw_nomination(assignment: Assignment) -> Any:
    actions.withdraw_nomination(deed(), assignment)
    flask.flash("已撤回提名。", "success")
    return _to(assignment)


@blueprint.route("/assignments/<assignment_id>/end", methods=["GET", "POST"])
@requires("assignment.write", ASSIGNMENT)
def end_assignment(assignment: Assignment) -> Any:
    form = EndForm(last_day=min(today(), assignment.ends_on))
    if form.validate_on_submit() and not is_rehearsal():
        with refusals_shown_in(form):
            assert form.last_day.data is not None  # required by the form
            actions.end_assignment(deed(), assignment, form.last_day.data, form.reason.data or "")
            flask.flash("选派已提前结束。", "success")
            return _to(assignment)
    if is_rehearsal():
        form.reason.errors = []
    last_day = form.last_day.data
    return flask.render_template(
        "staffing/end_assignment.html",
        form=form,
        assignment=assignment,
        belonging=record_queries.belonging_of(db(), assignment),
        days=record_queries.list_days(db(), assignment),
        effect=queries.end_effect(db(), assignment, last_day) if last_day else None,
    )


@blueprint.route("/assignments/<assignment_id>/replacement", methods=["GET", "POST"])
@requires("assignment.write", ASSIGNMENT)
def replace_assignment(assignment: Assignment) -> Any:
    form = ReplacementForm()
    belonging = record_queries.belonging_of(db(), assignment)
    offer_people(db(), signed_in(), form, belonging.pairing)
    checks = None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            person = chosen_person(db(), signed_in(), form.person.data, belonging.pairing)
            assert form.starts_on.data is not None  # required by the form
            checks = queries.checks_of(db(), person.id, assignment.side, form.starts_on.data)
            made = actions.replace_assignment(
                deed(),
                assignment,
                person=person,
                starts_on=form.starts_on.data,
                reason=form.reason.data or "",
            )
            if not undone():
                flask.flash(
                    f"已提名{person.name}接替，待{_approver_of(made.side)}审批。", "success"
                )
                return _to(made)
    return flask.render_template(
        "staffing/replace_assignment.html",
        form=form,
        assignment=assignment,
        belonging=belonging,
        checks=checks,
    )


def _to(assignment: Assignment) -> Any:
    return flask.redirect(flask.url_for(".assignment", assignment_id=assignment.public_id))
