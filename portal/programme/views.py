"""Pages of the programme: work years, the dated policy, the task-allocation table."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("programme", __name__)
