"""The files that wait for somebody: one's own second click, and what others claim."""

from __future__ import annotations

import sqlalchemy as sa

from models import ImportBatch, Workday
from models.database import Moment
from portal.access.actor import Actor
from portal.access.scope import within
from portal.causes import NO_DAY, NO_WORDS, Rows
from portal.imports.claim_queries import claims_of_others
from portal.imports.staging_store import KEPT


def staged_imports(actor: Actor, moment: Moment) -> Rows:
    return sa.select(
        ImportBatch.staged_at.label("since"),
        ImportBatch.file_name.label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(
        within(ImportBatch, actor, "import.use"),
        ImportBatch.applied_at.is_(None),
        ImportBatch.accepted > 0,  # else there is no second click that it could wait for
        ImportBatch.staged_at > moment.ago(KEPT),
    )


def claims(actor: Actor, _moment: Moment) -> Rows:
    """Select the files of others whose days take effect once this actor agrees."""
    return sa.select(
        ImportBatch.applied_at.label("since"),
        ImportBatch.file_name.label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(ImportBatch.id.in_(sa.select(Workday.import_id).where(claims_of_others(actor))))
