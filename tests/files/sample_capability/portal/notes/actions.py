"""Writing notes."""

from __future__ import annotations

from models import Note, Pairing
from portal.deeds import Deed
from portal.notes.rules import refusals_for_note
from portal.refusals import refuse_if


def write_note(deed: Deed, pairing: Pairing, text: str) -> Note:
    """Note something about a pairing."""
    refuse_if(refusals_for_note(text))
    note = Note(pairing_id=pairing.id, text=text, written_at=deed.now)
    deed.session.add(note)
    deed.session.flush()
    deed.record("note.written", f"note:{note.id}", number=pairing.code)
    return note
