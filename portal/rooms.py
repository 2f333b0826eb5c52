"""The house: every room that brings something, in the order of the navigation."""

from __future__ import annotations

from portal.access.room import ROOM as ACCESS
from portal.accounts.room import ROOM as ACCOUNTS
from portal.activities.room import ROOM as ACTIVITIES
from portal.attachments.room import ROOM as ATTACHMENTS
from portal.audit.room import ROOM as AUDIT
from portal.awards.room import ROOM as AWARDS
from portal.banklists.room import ROOM as BANKLISTS
from portal.calendar.room import ROOM as CALENDAR
from portal.changes.room import ROOM as CHANGES
from portal.confirmations.room import ROOM as CONFIRMATIONS
from portal.corrections.room import ROOM as CORRECTIONS
from portal.dashboards.room import ROOM as DASHBOARDS
from portal.demo.room import ROOM as DEMO
from portal.design.room import ROOM as DESIGN
from portal.disclosures.room import ROOM as DISCLOSURES
from portal.display.room import ROOM as DISPLAY
from portal.disputes.room import ROOM as DISPUTES
from portal.documents.room import ROOM as DOCUMENTS
from portal.enrolment import House
from portal.feedback.room import ROOM as FEEDBACK
from portal.files.room import ROOM as FILES
from portal.funding.room import ROOM as FUNDING
from portal.help.room import ROOM as HELP
from portal.home.room import ROOM as HOME
from portal.imports.room import ROOM as IMPORTS
from portal.jobs.kind import Kind
from portal.jobs.room import ROOM as JOBS
from portal.ledger.room import ROOM as LEDGER
from portal.maps.room import ROOM as MAPS
from portal.months.room import ROOM as MONTHS
from portal.organisations.room import ROOM as ORGANISATIONS
from portal.outbox.room import ROOM as OUTBOX
from portal.oversight.room import ROOM as OVERSIGHT
from portal.pairings.room import ROOM as PAIRINGS
from portal.papers.room import ROOM as PAPERS
from portal.people.room import ROOM as PEOPLE
from portal.places.room import ROOM as PLACES
from portal.programme.room import ROOM as PROGRAMME
from portal.saved_views.room import ROOM as SAVED_VIEWS
from portal.scheduling.jobs import night_of
from portal.search.room import ROOM as SEARCH
from portal.settlements.room import ROOM as SETTLEMENTS
from portal.spending.room import ROOM as SPENDING
from portal.staffing.room import ROOM as STAFFING
from portal.summaries.room import ROOM as SUMMARIES
from portal.totals.room import ROOM as TOTALS
from portal.transfers.room import ROOM as TRANSFERS
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
        ACTIVITIES,
        MONTHS,
        DISPUTES,
        FUNDING,
        BANKLISTS,
        LEDGER,
        SPENDING,
        SETTLEMENTS,
        OVERSIGHT,
        TRANSFERS,
        AWARDS,
        ATTACHMENTS,
        PAPERS,
        SUMMARIES,
        DASHBOARDS,
        IMPORTS,
        CALENDAR,
        PROGRAMME,
        ACCOUNTS,
        MAPS,
        AUDIT,
        JOBS,
        OUTBOX,
        FEEDBACK,
        ACCESS,
        WEB,
        DISCLOSURES,
        FILES,
        PLACES,
        CHANGES,
        TOTALS,
        DOCUMENTS,
        SEARCH,
        SAVED_VIEWS,
        HELP,
        DESIGN,
        DISPLAY,
        DEMO,
    )
)

JOB_KINDS: dict[str, Kind] = {kind.word: kind for kind in (*HOUSE.kinds, night_of(HOUSE.nightly))}
"""Every kind of background job, by the word that its rows bear."""
