"""What supervision brings to the house."""

from __future__ import annotations

from portal.documents.listing_jobs import kind_of
from portal.doors import Door
from portal.enrolment import Room
from portal.oversight.listing_export import LISTING
from portal.oversight.views import blueprint

ROOM = Room(
    "oversight",
    blueprint=blueprint,
    behind="funding.show_funds",
    further=(Door("资金执行率", "oversight.list_fund_execution", "fund.read"),),
    kinds=(kind_of(LISTING),),
)
