"""Reading notes."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Note, Pairing
from portal.access.actor import Actor
from portal.access.scope import within

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


def count_notes(session: Session, actor: Actor) -> int:
    """Count the notes within reach, for the door."""
    wanted = sa.select(sa.func.count()).select_from(Note)
    return session.scalar(wanted.where(within(Note, actor, "note.read"))) or 0
