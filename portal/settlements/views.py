"""Pages of settlements: the list of a year, one of them, handing in, settling, its paper."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import flask
from flask import Blueprint
from sqlalchemy.orm import Session

from forms.fields import options
from forms.procedures import ChosenForm
from forms.settlements import (
    SendBackForm,
    SettleForm,
    SettlementCopyForm,
    SettlementFilters,
    SettlementReasonForm,
    SubmitForm,
)
from models import Organisation, Pairing, Region, Settlement
from models.types import ExpenseCategory, SettlementOutcome, SettlementState
from portal.access.loading import Unseen
from portal.documents.formats_export import FORMATS, IN_MEMORY, sha256_of
from portal.documents.listing_frame import listing_answer
from portal.ledger.book_queries import may_read_book
from portal.ledger.queries import year_of
from portal.organisations.queries import ORGANISATION
from portal.procedures.offer_rules import offers, reasons_off, step_bar
from portal.procedures.queries import permissions_on
from portal.procedures.timeline_queries import Track, timeline
from portal.programme.queries import current_year, list_years
from portal.settlements import actions, list_queries, queries
from portal.settlements.figure_queries import figures_of, obstacles_of
from portal.settlements.list_queries import SettlementsAsked
from portal.settlements.listing_export import LISTING
from portal.settlements.paper_export import SettlementPaper, document_of, title_of
from portal.settlements.queries import SETTLEMENT
from portal.settlements.rules import LIFE, TONES, SettlementStage, obstacles_in
from portal.standards.money import format_yuan
from portal.web.addresses import number_in_query
from portal.web.downloads import announced, as_file
from portal.web.frame import (
    close_session,
    database,
    db,
    deed,
    is_demo,
    keep,
    now,
    reading,
    requires,
    signed_in,
    today,
)
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in, version_shown

blueprint = Blueprint("settlements", __name__)
ONE = "/settlements/<settlement_id>"
KINDS = ("pdf", "docx", "xlsx")


# ---- the list of a year


@blueprint.get("/settlements")
@requires("fund.read")
def list_settlements() -> Any:
    form, year = _filter_form(), _year()
    filters = _asked(form, year)
    sort = flask.request.args.get("sort", list_queries.DEFAULT_ORDER)
    found = list_queries.list_settlements(
        db(),
        signed_in(),
        filters,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "settlements/list_settlements.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=list_queries.sums_of(db(), signed_in(), filters),
        year=year,
        years=list_years(db()),
        stages=list(SettlementStage),
        tones=TONES,
    )


@blueprint.route("/settlements/exports", methods=["GET", "POST"])
@requires("fund.read", reads_first=True)
def export_settlements() -> Any:
    form, year = _filter_form(), _year()
    return listing_answer(LISTING, form, _asked(form, year), said=(("工作年度", str(year)),))


def _year() -> int:
    years = list_years(reading())
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


def _filter_form() -> SettlementFilters:
    form = SettlementFilters(flask.request.args)
    form.province.choices += options(list_queries.provinces_in_reach(reading(), signed_in()))
    return form


def _asked(form: SettlementFilters, year: int) -> SettlementsAsked:
    asked = form.asked
    return SettlementsAsked(
        year,
        text=asked["q"] or "",
        province_code=asked["province"] or "",
        stage=SettlementStage(asked["stage"]) if asked["stage"] else None,
    )


@blueprint.post("/settlements/settled")
@requires("settlement.settle")
def settle_chosen() -> Any:
    """Settle what was ticked, each as its organisation wishes, all or none."""
    seen = ChosenForm().seen
    some = queries.chosen_settlements(db(), signed_in(), "settlement.settle", sorted(seen))
    if len(some) != len(seen):
        raise Unseen("settlement")
    actions.settle(deed(), some, seen={one.id: seen[one.public_id] for one in some})
    total = format_yuan(sum(one.balance_fen for one in some))
    flask.flash(f"已按机构申请核定 {len(some)} 家的结算，余款共 {total} 元。", "success")
    if len(some) == 1:
        return _to(some[0])
    return flask.redirect(flask.url_for(".list_settlements", year=some[0].year))


# ---- handing in


@blueprint.route("/settlements/organisations/<credit_code>/<year:year>", methods=["GET", "POST"])
@requires("settlement.submit", ORGANISATION)
def submit_settlement(organisation: Organisation, year: int) -> Any:
    if year not in list_years(db()):
        raise Unseen("year")
    settlement = queries.find_settlement(db(), organisation.id, year)
    if settlement is not None and settlement.state != SettlementState.RETURNED:
        return _to(settlement)
    kept = settlement.wish.value if settlement and settlement.wish else None
    form = SubmitForm(
        data={
            "version": settlement.version if settlement else 0,
            "wish": kept or SettlementOutcome.CARRIED_OVER.value,
            "note": settlement.note if settlement else "",
        }
    )
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = actions.submit_settlement(
                deed(),
                organisation,
                year,
                wish=SettlementOutcome(form.wish.data) if form.wish.data else None,
                said=form.note.data or "",
                seen=form.version.data if settlement else None,
            )
            flask.flash("已提交结算，等待省级民政部门核定；在此期间该年度不再登记资金。", "success")
            return _to(made)
    pairing = queries.bearing_pairing(db(), organisation.id, year)
    figures = figures_of(db(), organisation.id, year)
    open_now = obstacles_of(db(), [(organisation.id, year)])[organisation.id, year]
    return flask.render_template(
        "settlements/submit_settlement.html",
        form=form,
        organisation=organisation,
        year=year,
        facts=year_of(db(), pairing.id, year, organisation.id) if pairing else None,
        figures=figures,
        obstacles=obstacles_in(year, open_now),
        settlement=settlement,
        today=today(),
    )


# ---- one settlement


@blueprint.get(ONE)
@requires("fund.read", SETTLEMENT)
def show_settlement(settlement: Settlement) -> Any:
    session, actor = db(), signed_in()
    if not may_read_book(session, actor, settlement.organisation_id, settlement.year):
        # Its figures are of the whole year: of a part nobody reads sums (decision 53).
        return flask.render_template(
            "funding/withheld_purse.html",
            organisation=session.get_one(Organisation, settlement.organisation_id),
            year=settlement.year,
            years=list_years(session),
        )
    (facts,) = queries.facts_of(session, [settlement])
    offered = offers(
        LIFE,
        facts,
        person_id=actor.person_id,
        permissions=permissions_on(session, actor, LIFE, settlement),
        principals_for=actor.principals_for,
    )
    form = _copy_form()
    return flask.render_template(
        "settlements/show_settlement.html",
        settlement=settlement,
        organisation=session.get_one(Organisation, settlement.organisation_id),
        figures=figures_of(session, settlement.organisation_id, settlement.year),
        categories=list(ExpenseCategory),
        offers=offered,
        off=reasons_off(offered),
        bar=step_bar(LIFE, settlement.state),
        events=timeline(session, Track(LIFE, Settlement, Settlement.id == settlement.id)),
        tones=TONES,
        stage=SettlementStage(settlement.state.value),
        form=form,
    )


def _copy_form() -> SettlementCopyForm:
    form = SettlementCopyForm()
    form.kind.choices = options((kind, FORMATS[kind].label) for kind in KINDS)
    return form


@blueprint.post(ONE + "/paper")
@requires("fund.read", SETTLEMENT, reads_first=True)
def take_out_settlement(settlement: Settlement) -> Any:
    form = _copy_form()
    is_seen = may_read_book(reading(), signed_in(), settlement.organisation_id, settlement.year)
    if not (is_seen and form.validate_on_submit()):
        return _to(settlement)
    kind, instant, shows_demo = form.kind.data, now(), is_demo()
    number, public_id, year = settlement.id, settlement.public_id, settlement.year
    close_session()
    with database().reading() as session:
        document = document_of(_paper(session, number, made_at=instant, is_demo=shows_demo))
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever sends it
    FORMATS[kind].write(document, file)
    actions.record_paper(deed(), public_id, kind=kind, sha256=sha256_of(file))
    named = f"{title_of(year)}.{kind}"
    answer = as_file(
        file,
        name=named,
        plain_name=f"qianshou-settlement-{year}-{public_id}.{kind}",
        mimetype=FORMATS[kind].mimetype,
    )
    return keep(announced(answer, file, name=named, rows=1, said=f"{year} 工作年度"))


def _paper(
    session: Session, settlement_id: int, *, made_at: datetime, is_demo: bool
) -> SettlementPaper:
    one = session.get_one(Settlement, settlement_id)
    organisation = session.get_one(Organisation, one.organisation_id)
    return SettlementPaper(
        organisation=organisation.name,
        credit_code=organisation.credit_code,
        province=session.get_one(Region, organisation.province_code).name,
        pairing=session.get_one(Pairing, one.pairing_id).code,
        year=one.year,
        number=one.public_id,
        state=one.state,
        figures=figures_of(session, one.organisation_id, one.year),
        balance_fen=one.balance_fen,
        wish=one.wish,
        outcome=one.outcome,
        note=one.note,
        returned_on=one.returned_on,
        voucher_number=one.voucher_number,
        made_at=made_at,
        is_demo=is_demo,
    )


@blueprint.route(ONE + "/settled", methods=["GET", "POST"])
@requires("settlement.settle", SETTLEMENT)
def settle(settlement: Settlement) -> Any:
    wished = settlement.wish.value if settlement.wish else None
    form = SettleForm(data={"version": settlement.version, "outcome": wished})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.settle(
                deed(),
                [settlement],
                outcome=SettlementOutcome(form.outcome.data) if form.outcome.data else None,
                said=form.note.data or "",
                seen={settlement.id: form.version.data or 0},
            )
            flask.flash(_said_of(settlement), "success")
            return _to(settlement)
    return flask.render_template(
        "settlements/settle.html",
        form=form,
        settlement=settlement,
        organisation=db().get_one(Organisation, settlement.organisation_id),
    )


def _said_of(settlement: Settlement) -> str:
    if settlement.state == SettlementState.SETTLED:
        return "已核定，余款由机构退回拨款方并登记后办结。"
    if settlement.outcome == SettlementOutcome.CARRIED_OVER:
        return f"已核定并办结，余款已结转 {settlement.year + 1} 工作年度。"
    return "已核定并办结。"


Decide = Callable[..., None]
WITH_REASON: dict[str, tuple[str, Decide, str, str]] = {
    # Each verb with its address, its action, what is said when it is done, and what it leads to.
    "returned": (
        "/return",
        actions.return_settlement,
        "已退回机构修改。",
        "该年度恢复登记资金，机构修改后重新提交。",
    ),
    "reopened": (
        "/reopening",
        actions.reopen_settlement,
        "已重新打开，退回机构修改。",
        "结转或退回的余款在台账中冲销，恢复为该年度的可用结余；机构更正后重新提交。",
    ),
}


def _lay(verb: str) -> None:
    """Lay the page on which a step with a reason is taken."""
    path, decide, done, leads_to = WITH_REASON[verb]
    step = LIFE.step(verb)

    @blueprint.route(ONE + path, methods=["GET", "POST"], endpoint=f"decide_{verb}")
    @requires("settlement.settle", SETTLEMENT)
    def page(settlement: Settlement) -> Any:
        form = SettlementReasonForm(data={"version": settlement.version})
        if form.validate_on_submit():
            with refusals_shown_in(form):
                decide(deed(), settlement, form.reason.data or "", seen=form.version.data)
                flask.flash(done, "success")
                return _to(settlement)
        return flask.render_template(
            "settlements/decide_settlement.html",
            form=form,
            settlement=settlement,
            organisation=db().get_one(Organisation, settlement.organisation_id),
            step=step,
            leads_to=leads_to,
        )


for _verb in WITH_REASON:
    _lay(_verb)


@blueprint.post(ONE + "/withdrawal")
@requires("settlement.submit", SETTLEMENT)
def withdraw_settlement(settlement: Settlement) -> Any:
    actions.withdraw_settlement(deed(), settlement, seen=version_shown())
    flask.flash("已撤回结算，该年度恢复登记资金；修改后可重新提交。", "success")
    return _to(settlement)


@blueprint.route(ONE + "/refund", methods=["GET", "POST"])
@requires("settlement.submit", SETTLEMENT)
def record_sending_back(settlement: Settlement) -> Any:
    form = SendBackForm(
        data={
            "version": settlement.version,
            "returned_on": settlement.returned_on or today(),
            "voucher_number": settlement.voucher_number or "",
        }
    )
    if form.validate_on_submit():
        with refusals_shown_in(form):
            assert form.returned_on.data is not None  # required by the form
            actions.send_back(
                deed(),
                settlement,
                form.returned_on.data,
                form.voucher_number.data or "",
                seen=form.version.data,
            )
            flask.flash("已登记退回，等待省级民政部门核对办结。", "success")
            return _to(settlement)
    return flask.render_template(
        "settlements/record_sending_back.html",
        form=form,
        settlement=settlement,
        organisation=db().get_one(Organisation, settlement.organisation_id),
        figures=figures_of(db(), settlement.organisation_id, settlement.year),
    )


@blueprint.post(ONE + "/closing")
@requires("settlement.settle", SETTLEMENT)
def close_settlement(settlement: Settlement) -> Any:
    actions.close_settlement(deed(), settlement, seen=version_shown())
    flask.flash("已办结，台账记入余款退回拨款方。", "success")
    return _to(settlement)


def _to(settlement: Settlement) -> Any:
    return flask.redirect(flask.url_for(".show_settlement", settlement_id=settlement.public_id))
