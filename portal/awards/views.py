"""Pages of awards: the list, one of them, the public notice."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import Any

import flask

from forms.awards import AwardFilters, NoticeCopyForm, NoticeFilter
from forms.fields import options
from models import AwardRule, CertificateAward, Organisation, Person
from models.types import AwardState, CertLevel
from portal.access.policy import Reach
from portal.access.scope import reaches
from portal.awards import list_queries, queries
from portal.awards.actions import record_notice
from portal.awards.decision_views import blueprint
from portal.awards.list_queries import AwardRow, AwardsAsked
from portal.awards.listing_export import LISTING
from portal.awards.notice_rules import TITLE, NoticeFacts, NoticeLine, notice_of
from portal.awards.queries import AWARD
from portal.awards.rules import LIFE, AwardFilter
from portal.documents.description_rules import Document
from portal.documents.formats_export import FORMATS, IN_MEMORY
from portal.documents.listing_frame import listing_answer
from portal.procedures.offer_rules import offers, reasons_off, step_bar
from portal.procedures.queries import permissions_on
from portal.procedures.timeline_queries import Track, timeline
from portal.web.downloads import announced, as_file
from portal.web.frame import db, deed, is_demo, keep, now, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager

__all__ = ["blueprint"]

KINDS = ("pdf", "docx")


@blueprint.get("/awards")
@requires("award.read")
def list_awards() -> Any:
    form = AwardFilters(flask.request.args)
    filters = _filters_of(form)
    sort = flask.request.args.get("sort", list_queries.DEFAULT_ORDER)
    found = list_queries.list_awards(
        db(),
        signed_in(),
        filters,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    seen = {reach for reach, _ in signed_in().reaches("award.read")}
    return flask.render_template(
        "awards/list_awards.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=list_queries.sums_of(db(), signed_in(), filters),
        sees_others=seen != {Reach.SELF},
        sees_many=bool(seen - {Reach.SELF, Reach.ORGANISATION}),
    )


@blueprint.route("/awards/exports", methods=["GET", "POST"])
@requires("award.read", reads_first=True)
def export_awards() -> Any:
    form = AwardFilters(flask.request.args)
    return listing_answer(LISTING, form, _filters_of(form))


def _filters_of(form: AwardFilters) -> AwardsAsked:
    asked = form.asked
    state = asked["state"]
    return AwardsAsked(
        today(),
        state=(AwardFilter(state) if state in {*AwardFilter} else AwardState(state))
        if state
        else None,
        level=CertLevel(asked["level"]) if asked["level"] else None,
        q=asked["q"],
    )


@blueprint.get("/awards/<award_id>")
@requires("award.read", AWARD)
def show_award(award: CertificateAward) -> Any:
    (facts,) = queries.facts_of(db(), [award], today())
    offered = offers(
        LIFE,
        facts,
        person_id=signed_in().person_id,
        permissions=permissions_on(db(), signed_in(), LIFE, award),
        principals_for=signed_in().principals_for,
    )
    person = db().get_one(Person, award.person_id)
    track = Track(LIFE, CertificateAward, CertificateAward.id == award.id)
    return flask.render_template(
        "awards/show_award.html",
        award=award,
        person=person,
        organisation=db().get_one(Organisation, award.organisation_id),
        rule=db().get_one(AwardRule, award.rule_id),
        facts=facts,
        sees_person=reaches(db(), signed_in(), "person.read", person),
        offers=offered,
        off=reasons_off(offered),
        bar=step_bar(LIFE, award.state),
        events=timeline(db(), track),
    )


@blueprint.route("/awards/notice", methods=["GET", "POST"])
@requires("award.decide")
def show_notice() -> Any:
    days = list_queries.list_notices(db(), signed_in())
    filters = NoticeFilter(flask.request.args)
    filters.on.choices = options((one.isoformat(), one.isoformat()) for one in days)
    asked = filters.asked["on"]
    day = date.fromisoformat(asked) if asked else days[0] if days else None
    if day is None:
        return flask.render_template("awards/show_notice.html", document=None)
    filters.on.data = day.isoformat()
    rows = list_queries.rows_of_notice(db(), signed_in(), day)
    form = NoticeCopyForm()
    form.kind.choices = options((kind, FORMATS[kind].label) for kind in KINDS)
    document = _notice(day, rows)
    if form.validate_on_submit():
        return _copied(document, day, form.kind.data, rows)
    return flask.render_template(
        "awards/show_notice.html", document=document, filters=filters, form=form, day=day
    )


def _notice(day: date, rows: list[AwardRow]) -> Document:
    facts = NoticeFacts(
        "、".join(dict.fromkeys(one.province for one in rows)),
        day,
        max(one.notice_until for one in rows if one.notice_until),
        tuple(list_queries.documents_of(db(), [one.id for one in rows])),
        is_demo(),
    )
    lines = [
        NoticeLine(
            one.person_name,
            one.organisation_name,
            one.level,
            one.certificate_number,
            one.amount_fen,
        )
        for one in rows
    ]
    return notice_of(facts, lines, made_at=now())


def _copied(document: Document, day: date, kind: str, rows: list[AwardRow]) -> Any:
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever sends it
    FORMATS[kind].write(document, file)
    record_notice(deed(), rows[0].province_code, kind=kind, publicised_on=day)
    file.seek(0)
    named = f"{TITLE}（{day}）.{kind}"
    answer = as_file(
        file,
        name=named,
        plain_name=f"qianshou-award-notice-{day}.{kind}",
        mimetype=FORMATS[kind].mimetype,
    )
    return keep(announced(answer, file, name=named, rows=len(rows)))
