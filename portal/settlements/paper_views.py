"""A settlement as a file to sign: PDF, Word, workbook."""

from __future__ import annotations

import tempfile
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.fields import options
from forms.settlements import (
    SettlementCopyForm,
)
from models import Organisation, Pairing, Region, Settlement
from portal.access.actor import Actor
from portal.access.loading import Unseen
from portal.documents.formats_export import FORMATS, IN_MEMORY, sha256_of
from portal.ledger.book_queries import may_read_book
from portal.settlements import actions
from portal.settlements.figure_queries import figures_of
from portal.settlements.paper_export import SettlementPaper, document_of, title_of
from portal.settlements.queries import SETTLEMENT
from portal.settlements.submission_views import ONE, blueprint, to_settlement
from portal.web.downloads import announced, as_file
from portal.web.frame import (
    close_session,
    database,
    deed,
    is_demo,
    keep,
    now,
    reading,
    requires,
    signed_in,
)

__all__ = ["blueprint"]

KINDS = ("pdf", "docx", "xlsx")


def refuse_partly_seen(session: Session, actor: Actor, settlement: Settlement) -> None:
    """A settlement sums up a year: whoever may not see all of that sees none of it, as in the list."""
    if not may_read_book(session, actor, settlement.organisation_id, settlement.year):
        raise Unseen("settlement")


def copy_form() -> SettlementCopyForm:
    form = SettlementCopyForm()
    form.kind.choices = options((kind, FORMATS[kind].label) for kind in KINDS)
    return form


@blueprint.post(ONE + "/paper")
@requires("fund.read", SETTLEMENT, reads_first=True)
def take_out_settlement(settlement: Settlement) -> Any:
    form = copy_form()
    refuse_partly_seen(reading(), signed_in(), settlement)
    if not form.validate_on_submit():
        return to_settlement(settlement)
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
