"""Pages of supervision: how far money is used, what is asked of it, one record."""

from __future__ import annotations

from typing import Any

import flask
import sqlalchemy as sa
from flask import Blueprint

from forms.fields import options
from forms.oversight import ExecutionFilters, QuestionFilters, ReviewForm, ReviewStepForm
from models import Disbursement, FundAllocation, FundReview, Organisation, Settlement
from models.types import FundQuestion
from portal.access.loading import Unseen
from portal.documents.listing_frame import listing_answer
from portal.funding.allocation_rules import LIFE as ALLOCATION_LIFE
from portal.funding.payment_rules import PAYMENT_LIFE
from portal.oversight import actions, execution_queries, queries
from portal.oversight.execution_queries import ExecutionAsked
from portal.oversight.execution_rules import ExecutionBy
from portal.oversight.listing_export import LISTING
from portal.oversight.queries import ASKED_OF, REVIEW, QuestionsAsked
from portal.oversight.question_queries import find_question
from portal.oversight.rules import ASKS, LIFE, TONES, Handling, ReviewStage
from portal.procedures.offer_rules import offers, reasons_off
from portal.procedures.queries import permissions_on
from portal.procedures.timeline_queries import SHOWN_OF_SEVERAL, Track, timeline
from portal.programme.queries import current_year, list_years
from portal.settlements.rules import LIFE as SETTLEMENT_LIFE
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("oversight", __name__)


@blueprint.get("/funds/execution")
@requires("fund.read")
def list_fund_execution() -> Any:
    year = _year()
    form = _execution_form(year)
    asked = _execution_asked(form, year)
    sort = flask.request.args.get("sort", execution_queries.DEFAULT_ORDER)
    found = execution_queries.list_execution(
        db(),
        signed_in(),
        asked,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "oversight/list_fund_execution.html",
        form=form,
        asked=asked,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=execution_queries.sums_of(db(), signed_in(), asked),
        year=year,
        years=list_years(db()),
        ways=list(ExecutionBy),
    )


@blueprint.route("/funds/execution/exports", methods=["GET", "POST"])
@requires("fund.read", reads_first=True)
def export_fund_execution() -> Any:
    year = _year()
    form = _execution_form(year)
    return listing_answer(
        LISTING, form, _execution_asked(form, year), said=(("工作年度", str(year)),)
    )


def _year() -> int:
    years = list_years(reading())
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


def _execution_form(year: int) -> ExecutionFilters:
    form = ExecutionFilters(flask.request.args)
    form.province.choices += options(
        execution_queries.provinces_in_reach(reading(), signed_in(), year)
    )
    return form


def _execution_asked(form: ExecutionFilters, year: int) -> ExecutionAsked:
    asked = form.asked
    return ExecutionAsked(
        year,
        by=ExecutionBy(asked["by"]) if asked["by"] else ExecutionBy.ORGANISATION,
        text=asked["q"] or "",
        province_code=asked["province"] or "",
    )


# ---- questions and their records


@blueprint.get("/funds/questions")
@requires("fund.question")
def list_fund_questions() -> Any:
    year = _year()
    form = QuestionFilters(flask.request.args)
    form.province.choices += options(queries.provinces_in_reach(db(), signed_in()))
    asked = form.asked
    found = queries.list_questions(
        db(),
        signed_in(),
        QuestionsAsked(
            year,
            text=asked["q"] or "",
            province_code=asked["province"] or "",
            question=FundQuestion(asked["question"]) if asked["question"] else None,
            stage=ReviewStage(asked["stage"]) if asked["stage"] else None,
        ),
        today(),
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "oversight/list_fund_questions.html",
        form=form,
        found=found.page,
        by_stage=found.by_stage,
        pager=pager(found.page),
        sees_open=queries.sees_open(signed_in()),
        stages=list(ReviewStage),
        tones=TONES,
        asks=ASKS,
        year=year,
        years=list_years(db()),
    )


@blueprint.route("/funds/organisations/<credit_code>/<year:year>/reviews", methods=["GET", "POST"])
@requires("fund.review", ASKED_OF)
def open_fund_review(organisation: Organisation, year: int) -> Any:
    """Handle a question (``?facts=``), or write a note on the year."""
    if year not in list_years(db()):
        raise Unseen("year")
    form = ReviewForm(data={"facts": flask.request.args.get("facts", ""), "said": ""})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = actions.open_review(
                deed(),
                organisation,
                year,
                Handling(form.verdict.data),
                form.said.data or "",
                facts=form.facts.data or "",
                mend_by=form.mend_by.data,
            )
            flask.flash(DONE[LIFE_WORDS[form.verdict.data]], "success")
            return _to(made)
    facts = form.facts.data or ""
    if not facts:
        form.verdict.choices = options((one.value, one.label) for one in Handling if one.is_free)
    return flask.render_template(
        "oversight/open_fund_review.html",
        form=form,
        organisation=organisation,
        year=year,
        question=find_question(db(), signed_in(), organisation.id, year, facts, today())
        if facts
        else None,
    )


ONE = "/funds/reviews/<review_id>"


@blueprint.get(ONE)
@requires("fund.question", REVIEW)
def show_fund_review(review: FundReview) -> Any:
    session, actor = db(), signed_in()
    offered = offers(
        LIFE,
        queries.facts_of(session, review),
        person_id=actor.person_id,
        permissions=permissions_on(session, actor, LIFE, review),
        principals_for=actor.principals_for,
    )
    return flask.render_template(
        "oversight/show_fund_review.html",
        review=review,
        organisation=session.get_one(Organisation, review.organisation_id),
        offers=offered,
        off=reasons_off(offered),
        title=queries.title_of(review.question, review.state),
        tones=TONES,
        events=timeline(session, Track(LIFE, FundReview, FundReview.id == review.id)),
        money=_money_of(review),
    )


def _money_of(review: FundReview) -> Any:
    """Return what happened to the money of that organisation and year, the records among it."""
    number, year = review.organisation_id, review.year
    given = FundAllocation.organisation_id == number, FundAllocation.year == year
    return timeline(
        db(),
        Track(
            LIFE,
            FundReview,
            (FundReview.organisation_id == number) & (FundReview.year == year),
            about=FundReview.question,
            named=lambda code: FundQuestion(code).label,
        ),
        Track(
            ALLOCATION_LIFE,
            FundAllocation,
            given[0] & given[1],
            about=FundAllocation.payer,
        ),
        Track(
            PAYMENT_LIFE,
            Disbursement,
            Disbursement.allocation_id.in_(sa.select(FundAllocation.id).where(*given)),
            about=Disbursement.voucher_number,
            named=lambda voucher: f"凭证 {voucher}",
        ),
        Track(
            SETTLEMENT_LIFE,
            Settlement,
            (Settlement.organisation_id == number) & (Settlement.year == year),
        ),
        most=SHOWN_OF_SEVERAL,
    )


DONE = {
    "asked": "已请机构说明，机构负责人会在首页看到。",
    "answered": "已提交说明，等待省级民政部门审核。",
    "explained": "已认可说明；数据不变时不再询问。",
    "asked_again": "已再次询问，机构负责人会在首页看到。",
    "to_mend": "已要求整改，机构负责人会在首页看到。",
    "referred": "已记录；请在支出中逐笔办理“不予认可”。",
    "noted": "已记录备注。",
}
LIFE_WORDS = {one.value: one.value.removesuffix("_at_once") for one in Handling}

PATHS = {
    # Each step with its address and its permission's page.
    "answered": "/answer",
    "explained": "/acceptance",
    "asked_again": "/question",
    "to_mend": "/mending",
    "referred": "/referral",
}


def _lay(verb: str) -> None:
    """Lay the page on which a step of a record is taken."""
    step = LIFE.step(verb)
    assert step.permission is not None  # somebody takes it

    @blueprint.route(ONE + PATHS[verb], methods=["GET", "POST"], endpoint=f"decide_{verb}")
    @requires(step.permission, REVIEW)
    def page(review: FundReview) -> Any:
        form = ReviewStepForm(data={"version": review.version})
        if form.validate_on_submit():
            with refusals_shown_in(form):
                said, seen = form.said.data or "", form.version.data
                if verb == "answered":
                    actions.answer(deed(), review, said, seen=seen)
                else:
                    actions.decide(deed(), review, verb, said, mend_by=form.mend_by.data, seen=seen)
                flask.flash(DONE[verb], "success")
                return _to(review)
        return flask.render_template(
            "oversight/decide_fund_review.html",
            form=form,
            review=review,
            organisation=db().get_one(Organisation, review.organisation_id),
            step=step,
            title=queries.title_of(review.question, review.state),
            asks=timeline(db(), Track(LIFE, FundReview, FundReview.id == review.id), most=1),
        )


for _verb in PATHS:
    _lay(_verb)


def _to(review: FundReview) -> Any:
    return flask.redirect(flask.url_for(".show_fund_review", review_id=review.public_id))
