"""Pages of papers: the month sheet, the certificate of service, its verification, the pairing sheet."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.papers import CertificateForm, CopyForm, MonthFilter, VerificationForm
from models import Assignment, IssuedDocument, Pairing
from models.types import DocumentKind
from portal.documents.actions import record_copy
from portal.documents.description_rules import Document
from portal.documents.formats_export import FORMATS
from portal.documents.queries import (
    DOCUMENT,
    facts_of,
    find_by_code,
    find_standing,
    find_successor,
    list_documents,
    number_of,
)
from portal.documents.rules import code_of
from portal.months.queries import OwnMonth, list_places, own_month
from portal.pairings.queries import PAIRING
from portal.papers import actions, queries
from portal.papers.month_rules import month_sheet
from portal.papers.pairing_rules import pairing_sheet
from portal.papers.rules import refusals_for_certificate
from portal.papers.service_rules import certificate_of
from portal.programme.queries import is_demo
from portal.staffing.queries import ASSIGNMENT
from portal.staffing.record_queries import belonging_of
from portal.web.downloads import announced, as_file
from portal.web.frame import db, deed, keep, now, requires, signed_in, today
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("papers", __name__)

SHEETS = ("pdf", "docx", "xlsx")
LETTERS = ("pdf", "docx")
"""Kinds of files: a certificate is no table to reckon with."""


@blueprint.get("/workdays/sheet")
@requires("workday.write")
def show_own_sheet() -> Any:
    assignment = queries.find_own_assignment(db(), signed_in())
    if assignment is None:
        flask.flash("您还没有选派，选派后方有月报表。", "info")
        return flask.redirect(flask.url_for("workdays.list_workdays"))
    return flask.redirect(flask.url_for(".show_month", assignment_id=assignment.public_id))


@blueprint.route("/assignments/<assignment_id>/sheet", methods=["GET", "POST"])
@requires("assignment.read", ASSIGNMENT)
def show_month(assignment: Assignment) -> Any:
    months = queries.months_of(db(), assignment) or [today().replace(day=1)]
    choices = [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in months]
    by_word = dict(zip((word for word, _ in choices), months, strict=True))
    filters = MonthFilter(flask.request.args)
    filters.month.choices = options(choices)
    form = _copy_form(SHEETS)
    month = by_word.get(filters.asked["month"] or "", months[0])
    filters.month.data = f"{month:%Y-%m}"
    document = month_sheet(
        queries.month_facts(db(), assignment, month),
        queries.list_days_of_month(db(), assignment, month),
        made_at=now(),
    )
    if form.validate_on_submit():
        kind = form.kind.data
        actions.record_sheet(
            deed(), f"assignment:{assignment.public_id}", kind=kind, month=f"{month:%Y-%m}"
        )
        name = f"{queries.month_facts(db(), assignment, month).person}{document.title}"
        return keep(_sent(document, kind, name, f"workdays-{month:%Y-%m}"))
    return flask.render_template(
        "papers/show_month.html",
        assignment=assignment,
        belonging=belonging_of(db(), assignment),
        document=document,
        filters=filters,
        form=form,
        own=_own_month(assignment, month),
    )


def _own_month(assignment: Assignment, month: date) -> OwnMonth | None:
    """Return how the month stands, to the person whose sheet it is."""
    if assignment.person_id != signed_in().person_id or not signed_in().holds("workday.write"):
        return None
    places = list_places(db(), assignment.person_id)
    here = (one for one in places if one.pairing_id == assignment.pairing_id)
    place = next((one for one in here if one.side == assignment.side), None)
    return own_month(db(), place, assignment.person_id, month, today()) if place else None


@blueprint.route("/assignments/<assignment_id>/service-certificate", methods=["GET", "POST"])
@requires("document.issue", ASSIGNMENT)
def issue_certificate(assignment: Assignment) -> Any:
    form = CertificateForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            issued = actions.issue_service_certificate(
                deed(),
                assignment,
                seen_version=form.seen_version.data,
                reason=form.reason.data or "",
            )
            flask.flash(f"已开具 {number_of(issued)}。", "success")
            return flask.redirect(flask.url_for(".show_document", document_id=issued.public_id))
    standing = find_standing(db(), DocumentKind.SERVICE, assignment.id)
    if not form.is_submitted():
        form.seen_version.data = standing.version if standing else 0
    refusals = refusals_for_certificate(queries.service_of(db(), signed_in(), assignment))
    return flask.render_template(
        "papers/issue_certificate.html",
        assignment=assignment,
        belonging=belonging_of(db(), assignment),
        form=form,
        refusals=refusals,
        standing=standing,
        issued=list_documents(db(), signed_in(), [assignment.id]),
        draft=None if refusals else _draft(assignment),
    )


def _draft(assignment: Assignment) -> Document:
    """Return the certificate as it would be issued now."""
    facts = queries.certificate_facts(db(), signed_in(), assignment, today())
    facts |= {"number": "文号开具时生成", "issued_on": today().isoformat()}
    return certificate_of(facts, made_at=now(), code="开具时生成", superseded_by=None)


@blueprint.get("/documents/<document_id>")
@requires("document.read", DOCUMENT)
def show_document(document: IssuedDocument) -> Any:
    later = find_successor(db(), document)
    return flask.render_template(
        "papers/show_document.html",
        issued=document,
        number=number_of(document),
        successor=later,
        successor_number=number_of(later) if later else None,
        document=_described(document),
        form=_copy_form(LETTERS),
    )


@blueprint.post("/documents/<document_id>/copies")
@requires("document.read", DOCUMENT)
def copy_document(document: IssuedDocument) -> Any:
    form = _copy_form(LETTERS)
    if not form.validate_on_submit():
        return flask.redirect(flask.url_for(".show_document", document_id=document.public_id))
    kind = form.kind.data
    record_copy(deed(), document, kind)
    name = f"{facts_of(document)['person']}服务证明（{number_of(document)}）"
    plain_name = f"service-certificate-{document.number_year}-{document.number}"
    return keep(_sent(_described(document), kind, name, plain_name))


def _described(document: IssuedDocument) -> Document:
    later = find_successor(db(), document)
    return certificate_of(
        facts_of(document),
        made_at=document.issued_at,
        code=code_of(document.facts_hash),
        superseded_by=str(number_of(later)) if later else None,
    )


@blueprint.get("/documents/verification")
@requires("document.read")
def verify_document() -> Any:
    form = VerificationForm(flask.request.args)
    asked = form.asked
    number, code = asked["number"] or "", asked["code"] or ""
    found = find_by_code(db(), signed_in(), number, code) if number and code else None
    later = find_successor(db(), found) if found else None
    is_sent = form.number.name in flask.request.args
    return flask.render_template(
        "papers/verify_document.html",
        form=form,
        missing=[form[name].label.text for name in asked if not asked[name]] if is_sent else [],
        is_asked=bool(number and code),
        found=found,
        number=number_of(found) if found else None,
        facts=facts_of(found) if found else None,
        successor_number=number_of(later) if later else None,
    )


@blueprint.route("/pairings/<code>/sheet", methods=["GET", "POST"])
@requires("pairing.read", PAIRING)
def show_pairing(pairing: Pairing) -> Any:
    form = _copy_form(SHEETS)
    document = pairing_sheet(
        pairing.code,
        queries.pairing_facts(db(), pairing, today()),
        queries.list_pairing_years(db(), pairing, today()),
        is_demo=is_demo(db()),
        made_at=now(),
    )
    if form.validate_on_submit():
        kind = form.kind.data
        actions.record_sheet(deed(), f"pairing:{pairing.code}", kind=kind)
        name = f"{document.title}（{pairing.code}，截至{today()}）"
        return keep(_sent(document, kind, name, f"pairing-{today()}"))
    return flask.render_template(
        "papers/show_pairing.html", pairing=pairing, document=document, form=form
    )


def _copy_form(kinds: tuple[str, ...]) -> CopyForm:
    form = CopyForm()
    form.kind.choices = options((kind, FORMATS[kind].label) for kind in kinds)
    return form


def _sent(document: Document, kind: str, name: str, plain_name: str) -> Any:
    """Return the document as a file, small enough to be written in memory."""
    file = io.BytesIO()
    FORMATS[kind].write(document, file)
    named = f"{name}.{kind}"
    answer = as_file(
        file,
        name=named,
        plain_name=f"qianshou-{plain_name}.{kind}",
        mimetype=FORMATS[kind].mimetype,
    )
    rows = sum(len(list(table.rows)) for table in document.tables)
    return announced(answer, file, name=named, rows=rows)
