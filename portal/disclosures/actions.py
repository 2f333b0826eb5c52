"""Showing a sealed value in clear: the one way that people and organisations share."""

from __future__ import annotations

from portal.clock import SHANGHAI
from portal.deeds import Deed
from portal.disclosures.queries import reveals_since
from portal.personal_data import rules
from portal.personal_data.vault import Place
from portal.refusals import Refused, refuse_if
from portal.standards.text import plain


def disclose(deed: Deed, place: Place, sealed: bytes | None, reason: str, *, what: str) -> str:
    """Return a value in clear; the audit keeps who asked and why.

    Raise :class:`Refused` where there is none, without a reason, beyond the limit of an hour, and
    where it does not open. ``what`` is its Chinese name.
    """
    since = deed.now - rules.REVEAL_WINDOW
    lately = [one.astimezone(SHANGHAI) for one in reveals_since(deed.session, deed.actor, since)]
    refuse_if(
        rules.refusals_for_reveal(reason=reason, is_recorded=sealed is not None, lately=lately)
    )
    assert sealed is not None  # the rules refused it otherwise
    clear = deed.vault.find(sealed, place)
    if clear is None:
        raise Refused([rules.unreadable(what)])
    event, subject = f"{place.table}.{place.column}_revealed", f"{place.table}:{place.row}"
    deed.record(event, subject, reason=plain(reason))
    if len(lately) + 1 == rules.ALARMING_REVEALS:
        deed.record("disclosure.limit_neared", subject, count=rules.ALARMING_REVEALS)
    return clear
