"""Showing a sealed value in clear: the one way that people, organisations and files share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from portal.clock import SHANGHAI
from portal.deeds import Deed
from portal.disclosures.queries import reveals_since
from portal.personal_data import rules
from portal.personal_data.vault import Place
from portal.refusals import Refused, refuse_if
from portal.standards.text import plain

T = TypeVar("T")


def disclose(deed: Deed, place: Place, sealed: bytes | None, reason: str, *, what: str) -> str:
    """Return a value in clear; the audit keeps who asked and why.

    Raise :class:`Refused` where there is none, without a reason, beyond the limit of an hour, and
    where it does not open. ``what`` is its Chinese name.
    """

    def find() -> str:
        clear = None if sealed is None else deed.vault.find(sealed, place)
        if clear is None:
            raise Refused([rules.unreadable(what)])
        return clear

    return disclose_content(
        deed,
        find,
        reason,
        is_recorded=sealed is not None,
        event=f"{place.table}.{place.column}_revealed",
        subject=f"{place.table}:{place.row}",
    )


def disclose_content(
    deed: Deed,
    find: Callable[[], T],
    reason: str,
    *,
    event: str,
    subject: str,
    is_recorded: bool = True,
) -> T:
    """Return what ``find`` opens, or raise as it does, under the same rules.

    ``event`` ends in ``_revealed``: by that the reveals of an hour are counted.
    """
    since = deed.now - rules.REVEAL_WINDOW
    lately = [one.astimezone(SHANGHAI) for one in reveals_since(deed.session, deed.actor, since)]
    refuse_if(rules.refusals_for_reveal(reason=reason, is_recorded=is_recorded, lately=lately))
    clear = find()
    deed.record(event, subject, reason=plain(reason))
    if len(lately) + 1 == rules.ALARMING_REVEALS:
        deed.record("disclosure.limit_neared", subject, count=rules.ALARMING_REVEALS)
    return clear
