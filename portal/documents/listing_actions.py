"""Asking for the workbook of a long list, and recording that a list left the portal."""

from __future__ import annotations

from models import Job
from portal.access.actor import Actor
from portal.deeds import Deed
from portal.documents.listing_rules import AsAsked
from portal.jobs.actions import ask


def slot_of(actor: Actor) -> str:
    """Return what the one export that is being made of a person holds, whichever account asked."""
    return f"export:{actor.person_id}"


def kind_word(word: str) -> str:
    """Return the kind of job that writes a list."""
    return f"{word}_export"


def ask_for_listing(deed: Deed, *, key: str, word: str, title: str, asked: AsAsked) -> Job:
    """Ask for a workbook that takes long to write; of one person, one is being written at a time."""
    kind = kind_word(word)
    job = ask(
        deed,
        kind,
        key=f"{kind}:{deed.actor.account_id}:{key}",
        slot=slot_of(deed.actor),
        title=title,
        asked=asked.stored,
    )
    deed.record("job.asked", f"job:{job.public_id}", kind=kind)
    return job


def record_listing(deed: Deed, *, word: str, asked: AsAsked, rows: int, sha256: str) -> None:
    """Record who took which list out. What was typed may be a name: the trail says only by what."""
    deed.record(
        "list.exported",
        f"list:{word}",
        format="xlsx",
        filters="、".join(label for label, _ in asked.said),
        rows=rows,
        sha256=sha256,
    )
