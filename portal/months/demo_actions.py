"""One month of the shown pairing that its worker has declared complete."""

from __future__ import annotations

from datetime import timedelta

from portal.clock import end_of
from portal.months.actions import declare_month
from portal.months.queries import list_places, own_month
from portal.months.rules import refusals_for_declaration
from portal.stage import Stage
from portal.standards.dates import last_of_month, month_of

EVENING = timedelta(hours=5)


def declare_last_month(stage: Stage) -> None:
    """Have the receiving worker declare the latest month that nothing is left of."""
    session, person_id = stage.deed.session, stage.received[0]
    place = next(
        one for one in list_places(session, person_id) if one.pairing_id == stage.pairing.id
    )
    month = month_of(stage.deed.today)
    while month.year == stage.deed.today.year and month.month > 1:
        month = month_of(month - timedelta(days=1))
        own = own_month(session, place, person_id, month, stage.deed.today)
        refused = refusals_for_declaration(
            month, terms=own.terms, left=own.left, today=stage.deed.today
        )
        if own.half_days and not refused:
            said_at = end_of(last_of_month(month)) - EVENING
            declare_month(stage.deed_of("yanshi-recv-staff", said_at), own)
            return
