"""The house: every room that brings something, in the order of the navigation."""

from __future__ import annotations

from portal.access.room import ROOM as ACCESS
from portal.accounts.room import ROOM as ACCOUNTS
from portal.audit.room import ROOM as AUDIT
from portal.calendar.room import ROOM as CALENDAR
from portal.changes.room import ROOM as CHANGES
from portal.confirmations.room import ROOM as CONFIRMATIONS
from portal.corrections.room import ROOM as CORRECTIONS
from portal.dashboards.room import ROOM as DASHBOARDS
from portal.demo.room import ROOM as DEMO
from portal.design.room import ROOM as DESIGN
from portal.disclosures.room import ROOM as DISCLOSURES
from portal.display.room import ROOM as DISPLAY
from portal.enrolment import House
from portal.feedback.room import ROOM as FEEDBACK
from portal.help.room import ROOM as HELP
from portal.home.room import ROOM as HOME
from portal.imports.room import ROOM as IMPORTS
from portal.maps.room import ROOM as MAPS
from portal.organisations.room import ROOM as ORGANISATIONS
from portal.pairings.room import ROOM as PAIRINGS
from portal.people.room import ROOM as PEOPLE
from portal.places.room import ROOM as PLACES
from portal.programme.room import ROOM as PROGRAMME
from portal.saved_views.room import ROOM as SAVED_VIEWS
from portal.search.room import ROOM as SEARCH
from portal.staffing.room import ROOM as STAFFING
from portal.summaries.room import ROOM as SUMMARIES
from portal.totals.room import ROOM as TOTALS
from portal.web.room import ROOM as WEB
from portal.workdays.room import ROOM as WORKDAYS

HOUSE = House(
    (
        HOME,
        ORGANISATIONS,
        PEOPLE,
        PAIRINGS,
        STAFFING,
        WORKDAYS,
        CORRECTIONS,
        CONFIRMATIONS,
        SUMMARIES,
        DASHBOARDS,
        IMPORTS,
        CALENDAR,
        PROGRAMME,
        ACCOUNTS,
        MAPS,
        AUDIT,
        FEEDBACK,
        ACCESS,
        WEB,
        DISCLOSURES,
        PLACES,
        CHANGES,
        TOTALS,
        SEARCH,
        SAVED_VIEWS,
        HELP,
        DESIGN,
        DISPLAY,
        DEMO,
    )
)
