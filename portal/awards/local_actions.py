"""Recording what a province gives for a certificate: loaded once, then added by its officers."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from models import AwardRule
from models.types import CertLevel
from portal.awards.local_rules import Giving, refusals_for_rule, rule_on
from portal.awards.queries import rules_of
from portal.deeds import Deed
from portal.refusals import refuse_if
from portal.standards.text import plain

DATA = Path(__file__).resolve().parent / "data" / "award_rules.csv"


def load_award_rules(deed: Deed) -> dict[str, int]:
    """Insert the shipped rules of provinces that have none; the caller records the loading."""
    known = set(deed.session.scalars(sa.select(AwardRule.province_code)))
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["province_code"] not in known]
    deed.session.add_all(
        AwardRule(
            province_code=row["province_code"],
            level=CertLevel(row["level"]),
            is_given=True,
            amount_fen=int(row["amount_fen"]) if row["amount_fen"] else None,
            notice_days=int(row["notice_days"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            document=row["document"],
            recorded_at=deed.now,
        )
        for row in rows
    )
    deed.session.flush()
    return {"award_rules": len(rows)}


def record_rule(
    deed: Deed,
    province_code: str,
    level: CertLevel,
    giving: Giving,
    amount_fen: int | None,
    *,
    notice_days: int,
    valid_from: date,
    document: str,
    reason: str = "",
) -> AwardRule:
    """Say what a province gives for a level from a day on; what was said before stands until then."""
    session = deed.session
    in_force = rule_on(
        rules_of(session, [province_code])[province_code], level, max(valid_from, deed.today)
    )
    refuse_if(
        refusals_for_rule(
            giving,
            amount_fen,
            notice_days,
            valid_from,
            document,
            reason,
            in_force=in_force,
        )
    )
    rule = AwardRule(
        province_code=province_code,
        level=level,
        is_given=giving != Giving.NOTHING,
        amount_fen=amount_fen if giving == Giving.FIXED else None,
        notice_days=notice_days,
        valid_from=valid_from,
        document=plain(document),
        reason=plain(reason) or None,
        recorded_at=deed.now,
        recorded_by_account_id=deed.actor.account_id,
    )
    session.add(rule)
    session.flush()
    deed.record(
        "award_rule.recorded",
        f"region:{province_code}",
        level=level.value,
        giving=giving.value,
        amount_fen=rule.amount_fen,
        valid_from=valid_from.isoformat(),
    )
    return rule
