"""What happens to the keys of forms by night."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from models import FormKey
from portal.deeds import Deed

KEEP_FORM_KEYS = timedelta(days=2)
"""Longer than any page stays open: a session lasts 12 hours at most."""


def drop_old_form_keys(deed: Deed, _var: Path) -> None:
    """Forget the form instances whose pages nobody can still have open."""
    deed.session.execute(sa.delete(FormKey).where(FormKey.used_at < deed.now - KEEP_FORM_KEYS))
