"""Taking back the expenditures that a file brought."""

from __future__ import annotations

from collections.abc import Sequence

from models import Expenditure
from portal.deeds import Deed
from portal.ledger.actions import reverse
from portal.ledger.queries import all_that_stand
from portal.procedures.actions import follow
from portal.spending.rules import LIFE


def take_back_expenditures(deed: Deed, expenditures: Sequence[Expenditure], note: str) -> int:
    """Take back what a file claimed or booked, by the opposite rows; return how many there were."""
    ids = [one.id for one in expenditures]
    reverse(deed, all_that_stand(deed.session, "expenditure_id", ids), note)
    follow(deed, LIFE, expenditures, "import_undone", reason=note)
    return len(expenditures)
