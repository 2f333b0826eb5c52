"""The doors of the house: every blueprint, in the order of the map in portal/__init__.py."""

from __future__ import annotations

from flask import Blueprint

from portal.access.views import blueprint as access
from portal.accounts.views import blueprint as accounts
from portal.audit.views import blueprint as audit
from portal.calendar.views import blueprint as calendar
from portal.changes.views import blueprint as changes
from portal.confirmations.views import blueprint as confirmations
from portal.corrections.views import blueprint as corrections
from portal.dashboards.views import blueprint as dashboards
from portal.design.views import blueprint as design
from portal.display.views import blueprint as display
from portal.feedback.views import blueprint as feedback
from portal.help.views import blueprint as help_pages
from portal.home.views import blueprint as home
from portal.imports.views import blueprint as imports
from portal.maps.views import blueprint as maps
from portal.organisations.views import blueprint as organisations
from portal.pairings.views import blueprint as pairings
from portal.papers.views import blueprint as papers
from portal.people.views import blueprint as people
from portal.programme.views import blueprint as programme
from portal.saved_views.views import blueprint as saved_views
from portal.search.views import blueprint as search
from portal.staffing.views import blueprint as staffing
from portal.summaries.views import blueprint as summaries
from portal.workdays.views import blueprint as workdays

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    access,
    organisations,
    people,
    pairings,
    staffing,
    workdays,
    papers,
    corrections,
    confirmations,
    changes,
    calendar,
    programme,
    accounts,
    audit,
    feedback,
    help_pages,
    summaries,
    maps,
    dashboards,
    imports,
    search,
    saved_views,
    design,
    display,
)
