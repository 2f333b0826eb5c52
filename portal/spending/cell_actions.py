"""Opening and closing a cell of a province's matrix, from a day on, with a reason. Rows are only added."""

from __future__ import annotations

from datetime import date

from models import EligibilityRule
from models.types import ExpenseCategory, FundSource
from portal.deeds import Deed
from portal.places.queries import region_name
from portal.procedures.rules import refusals_for_reason
from portal.programme.queries import current_year, get_work_year
from portal.refusals import refuse_if
from portal.spending.eligibility_rules import Eligibility, refusals_for_cell_change
from portal.spending.ground_queries import matrix_of
from portal.standards.text import plain


def change_cell(
    deed: Deed,
    province_code: str,
    source: FundSource,
    category: ExpenseCategory,
    *,
    is_allowed: bool,
    valid_from: date,
    reason: str,
) -> EligibilityRule:
    """Say that a source pays a category, or no longer, in a province from a day on (B28)."""
    session = deed.session
    matrix = matrix_of(session, province_code, region_name(session, province_code), valid_from)
    is_open = matrix.verdict(source, category) != Eligibility.CLOSED
    year = get_work_year(session, current_year(session, deed.today))
    refuse_if(
        [
            *refusals_for_reason(reason, "调整"),
            *refusals_for_cell_change(
                is_allowed=is_allowed,
                valid_from=valid_from,
                today=deed.today,
                year_starts_on=year.starts_on,
                is_so_already=is_open == is_allowed,
            ),
        ]
    )
    rule = EligibilityRule(
        province_code=province_code,
        source=source,
        category=category,
        is_allowed=is_allowed,
        valid_from=valid_from,
        reason=plain(reason),
        recorded_at=deed.now,
        recorded_by_account_id=deed.actor.account_id,
    )
    session.add(rule)
    session.flush()
    deed.record(
        "eligibility_rule.changed",
        f"eligibility_rule:{rule.id}",
        region_code=province_code,
        fund_source=source.value,
        expense_category=category.value,
        is_allowed=is_allowed,
        valid_from=valid_from.isoformat(),
        reason=plain(reason),
    )
    return rule
