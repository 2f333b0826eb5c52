"""What happens to the keys of forms by night."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from models import FormKey
from models.database import Database
from portal.clock import Now

KEEP_FORM_KEYS = timedelta(days=2)
"""Longer than any page stays open: a session lasts 12 hours at most."""


def drop_old_form_keys(database: Database, now: Now) -> None:
    """Forget the form instances whose pages nobody can still have open."""
    with database.writing() as session:
        session.execute(sa.delete(FormKey).where(FormKey.used_at < now() - KEEP_FORM_KEYS))
