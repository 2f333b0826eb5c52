"""Counting attempts to sign in: by account, and by address.

An attempt is taken before the password is compared, by one statement each: of twenty parallel
attempts five are compared, whatever the timing. A success gives its attempt back. The same
statements run for a known and an unknown login, so that neither the answer nor its time tells
them apart.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Account, SignInAddress

LOCK_AFTER = 5
"""Failed attempts in a row after which an account is locked (等保 2.0)."""

LOCKED_FOR = timedelta(minutes=15)

ADDRESS_WINDOW = timedelta(minutes=15)
MOST_FROM_ADDRESS = 50
"""Failures from one address in a window; a county office shares one address."""

IPV6_NETWORK = 64


def claim_attempt(session: Session, login: str, now: datetime) -> Account | None:
    """Take one of the five attempts of an account; None if it is locked, or if there is none.

    The fifth locks at once, until :func:`forget_failures` takes the lock away.
    """
    is_over = Account.locked_until.is_not(None)
    count = sa.case((is_over, 1), else_=Account.failed_attempts + 1)
    locked = sa.literal(now + LOCKED_FOR, Account.locked_until.type)
    claimed = session.execute(
        sa.update(Account)
        .where(
            Account.login == login,
            sa.or_(Account.locked_until.is_(None), Account.locked_until <= now),
        )
        .values(
            failed_attempts=count,
            locked_until=sa.case((count >= LOCK_AFTER, locked), else_=sa.null()),
        )
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return session.scalar(sa.select(Account).where(Account.id == (claimed or 0)))


def forget_failures(session: Session, account_id: int, address: str) -> None:
    """After a success: the account has all its attempts again, the address gets its own back."""
    # The address first, as when attempts are taken: in another order two would wait for each other.
    session.execute(
        sa.update(SignInAddress)
        .where(SignInAddress.address == network_of(address), SignInAddress.failures > 0)
        .values(failures=SignInAddress.failures - 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.update(Account)
        .where(Account.id == account_id)
        .values(failed_attempts=0, locked_until=None)
        .execution_options(synchronize_session=False)
    )


def claim_address(session: Session, address: str, now: datetime) -> bool:
    """Take one of the attempts of an address; False if it has used them up in this window."""
    return claim(session, network_of(address), now, ADDRESS_WINDOW) <= MOST_FROM_ADDRESS


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
    """Drop the addresses whose window is over (a job: the table holds a day's failures at most)."""
    session.execute(
        sa.delete(SignInAddress)
        .where(SignInAddress.began_at <= now - ADDRESS_WINDOW)
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
