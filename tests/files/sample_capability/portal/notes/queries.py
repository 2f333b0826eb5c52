"""Reading notes."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Note, Pairing
from models.database import Moment
from portal.access.actor import Actor
from portal.access.scope import within
from portal.doors import Counts, how_many

MOST = 100


class NoteRow(NamedTuple):
    code: str
    text: str


def list_notes(session: Session, actor: Actor) -> list[NoteRow]:
    """Return the latest notes within reach."""
    wanted = (
        sa.select(Pairing.code, Note.text)
        .join(Pairing, Pairing.id == Note.pairing_id)
        .where(within(Note, actor, "note.read"))
        .order_by(Note.id.desc())
        .limit(MOST)
    )
    return [NoteRow(*row) for row in session.execute(wanted)]


def counts_of_notes(actor: Actor, _moment: Moment) -> Counts:
    """Count the notes within reach, for the door."""
    return [how_many(sa.select(Note.id).where(within(Note, actor, "note.read")))]
