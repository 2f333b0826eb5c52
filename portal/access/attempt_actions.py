"""Counting attempts to sign in, by account and by where they come from.

An attempt is taken before the password is compared: of twenty parallel attempts five are compared,
whatever the timing. A success gives its attempt back. The same statements run whatever the login,
known or not, and the answer to a failure says only how the address stands, so that neither tells
who has an account or signs in from where (docs/decisions/0007 and 0024).
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Account, SignInAddress, WebSession
from portal.access.rules import (
    LOCK_AFTER,
    LOCKED_FOR,
    MOST_FROM_ADDRESS,
    CountedAttempts,
    Where,
    may_compare,
)

ADDRESS_WINDOW = timedelta(minutes=15)

LONGEST_WINDOW = timedelta(hours=1)
"""Of all that is counted by :func:`claim`."""

IPV6_NETWORK = 64

KNOWN_FOR = timedelta(days=90)
"""So long after a sign-in its device and its address are known for the account."""


class Origin(NamedTuple):
    """Where an attempt comes from: the address, and the mark of the browser's device ("" if none)."""

    address: str
    device: str = ""


class Attempt(NamedTuple):
    """An attempt that was taken: the account to compare with, and how the address stands.

    ``account`` is None where nothing may be compared: an unknown login, or too many failures.
    ``is_last`` says that a known place has no further one.
    """

    account: Account | None
    where: Where
    is_address_spent: bool
    is_last: bool


def take_attempt(session: Session, login: str, origin: Origin, now: datetime) -> Attempt:
    """Take one attempt of a login from somewhere, and say what it may be compared with.

    The address first, then the place, then the account: in another order two would wait for each
    other. Each is counted whether or not it decides.
    """
    where = _where(session, login, origin, now)
    network = network_of(origin.address)
    is_spent = claim(session, network, now, ADDRESS_WINDOW) > MOST_FROM_ADDRESS
    is_known = where is not Where.NEW
    # A made-up login leaves a row of its own only while its address may try: rows stay bounded.
    place = _place(login, where, origin) if is_known or not is_spent else f"{network} spent"
    at_place = claim(session, place, now, LOCKED_FOR)
    is_open = _claim_of_account(session, login, now, counts=not is_known and not is_spent)
    standing = CountedAttempts(
        where, at_place=at_place, is_address_spent=is_spent, is_account_open=is_open is not None
    )
    account = session.scalar(
        sa.select(Account).where(Account.login == login, sa.literal(may_compare(standing)))
    )
    return Attempt(account, where, is_spent, is_known and at_place == LOCK_AFTER)


def _where(session: Session, login: str, origin: Origin, now: datetime) -> Where:
    """Say whether the account has signed in with this device or from this address before."""
    device = device_hash(origin.device) or b""  # never NULL: former sessions have no device
    known = session.execute(
        sa.select(
            sa.func.max(sa.case((WebSession.device == device, 1), else_=0)),
            sa.func.max(sa.case((WebSession.address == origin.address[:60], 1), else_=0)),
        )
        .join(Account, Account.id == WebSession.account_id)
        .where(Account.login == login, WebSession.signed_in_at > now - KNOWN_FOR)
    ).one()
    if known[0]:
        return Where.DEVICE
    return Where.ADDRESS if known[1] else Where.NEW


def _claim_of_account(session: Session, login: str, now: datetime, *, counts: bool) -> int | None:
    """Take one of the attempts that an account has from new places; None if there is none left.

    ``counts`` says that this one comes from such a place.
    """
    is_over = Account.locked_until.is_not(None)
    count = sa.case((is_over, 1), else_=Account.failed_attempts + 1)
    until = sa.literal(now + LOCKED_FOR, Account.locked_until.type)
    return session.execute(
        sa.update(Account)
        .where(
            Account.login == login,
            sa.literal(counts),
            sa.or_(Account.locked_until.is_(None), Account.locked_until <= now),
        )
        .values(
            failed_attempts=count,
            locked_until=sa.case((count >= LOCK_AFTER, until), else_=sa.null()),
        )
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()


def note_failure(session: Session, login: str, attempt: Attempt, now: datetime) -> None:
    """After a failure: a known place that is used up locks the account for new places, too.

    So it is seen as locked by whoever can unlock it.
    """
    session.execute(
        sa.update(Account)
        .where(Account.login == login, sa.literal(attempt.is_last))
        .values(locked_until=now + LOCKED_FOR)
        .execution_options(synchronize_session=False)
    )


def forget_failures(session: Session, account: Account, origin: Origin, where: Where) -> None:
    """After a success: the place has all its attempts again, the address gets its own back.

    From a new place the account's lock goes too; a known one says nothing about attempts from
    elsewhere, which go on to be limited.
    """
    # In the order in which attempts are taken.
    session.execute(
        sa.update(SignInAddress)
        .where(SignInAddress.address == network_of(origin.address), SignInAddress.failures > 0)
        .values(failures=SignInAddress.failures - 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.delete(SignInAddress).where(
            SignInAddress.address == _place(account.login, where, origin)
        )
    )
    if where is Where.NEW:
        session.execute(
            sa.update(Account)
            .where(Account.id == account.id)
            .values(failed_attempts=0, locked_until=None)
            .execution_options(synchronize_session=False)
        )


def forget_places(session: Session, login: str) -> None:
    """Give an account its attempts back at every place: an administrator unlocks it."""
    session.execute(
        sa.delete(SignInAddress).where(
            SignInAddress.address.startswith(_places(login), autoescape=True)
        )
    )


def device_hash(device: str) -> bytes | None:
    """Return what the database keeps of a device's mark; None for a browser that has none."""
    return hashlib.sha256(device.encode()).digest() if device else None


def _place(login: str, where: Where, origin: Origin) -> str:
    """Return the key under which the attempts of a login at a place are counted (≤ 60 characters)."""
    if where is Where.DEVICE:
        return f"{_places(login)}{hashlib.sha256(origin.device.encode()).hexdigest()[:20]}"
    return f"{_places(login)}{network_of(origin.address)}"


def _places(login: str) -> str:
    return f"at {hashlib.sha256(login.encode()).hexdigest()[:20]} "


def claim(session: Session, key: str, now: datetime, window: timedelta) -> int:
    """Count one more under a key (≤ 60 characters) and return how many it is in this window."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql if is_postgresql else sqlite).insert(SignInAddress)
    is_over = SignInAddress.began_at <= now - window
    began = sa.literal(now, SignInAddress.began_at.type)
    taken: int = session.execute(
        insert.values(address=key, began_at=now, failures=1)
        .on_conflict_do_update(
            index_elements=[SignInAddress.address],
            set_={
                "failures": sa.case((is_over, 1), else_=SignInAddress.failures + 1),
                "began_at": sa.case((is_over, began), else_=SignInAddress.began_at),
            },
        )
        .returning(SignInAddress.failures)
    ).scalar_one()
    return taken


def forget_addresses(session: Session, now: datetime) -> None:
    """Drop what is counted in a window that is over (a job: the table holds a day's at most)."""
    session.execute(
        sa.delete(SignInAddress)
        .where(SignInAddress.began_at <= now - LONGEST_WINDOW)
        .execution_options(synchronize_session=False)
    )


def network_of(address: str) -> str:
    """Return the address, or the /64 network of an IPv6 address: a customer has all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))
    return str(parsed)
