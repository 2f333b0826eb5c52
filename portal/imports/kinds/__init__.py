"""The kinds of files, one module a kind. A further kind is its module and a line here."""

from __future__ import annotations

from models.types import ImportKind
from portal.access.actor import Actor
from portal.imports.kind import Kind
from portal.imports.kinds.accounts import Accounts
from portal.imports.kinds.allocations import Allocations
from portal.imports.kinds.assignments import Assignments
from portal.imports.kinds.funds import Funds
from portal.imports.kinds.organisations import Organisations
from portal.imports.kinds.pairings import Pairings
from portal.imports.kinds.people import People
from portal.imports.kinds.workdays import Workdays

KINDS: dict[ImportKind, Kind] = {
    kind.word: kind
    for kind in (
        Organisations(),
        People(),
        Allocations(),
        Pairings(),
        Assignments(),
        Workdays(),
        Accounts(),
        Funds(),
    )
}
"""In the order in which a programme is brought in."""


def kinds_for(actor: Actor) -> list[Kind]:
    """Return the kinds that an actor may bring in."""
    return [kind for kind in KINDS.values() if kind.is_open_to(actor)]
