"""The doors of the house: every blueprint, in the order of the map in portal/__init__.py."""

from __future__ import annotations

from flask import Blueprint

from portal.access.views import blueprint as access
from portal.home.views import blueprint as home
from portal.organisations.views import blueprint as organisations
from portal.people.views import blueprint as people

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    access,
    organisations,
    people,
)
