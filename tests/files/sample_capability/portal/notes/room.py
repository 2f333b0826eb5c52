"""What notes brings to the house."""

from __future__ import annotations

from portal.doors import Door
from portal.enrolment import Room
from portal.notes.queries import counts_of_notes
from portal.notes.views import blueprint

ROOM = Room(
    "notes",
    blueprint=blueprint,
    door=Door("备忘", "notes.list_notes", "note.read", counts_of_notes),
    events={"note.written": "写备忘"},
    subjects={"note": "备忘"},
)
