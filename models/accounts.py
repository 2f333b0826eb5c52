"""Accounts, what they are granted, and the sessions they are signed in with."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, bigint, enum_column, intpk, public_id
from models.procedures import DecisionRow, batch_index
from models.types import GrantState, Role, ScopeKind

LIVE_OWN = "state IN ('proposed', 'confirmed') AND deputy_of_grant_id IS NULL"
"""The rows of ``uq_role_grant_live``."""

LIVE_DEPUTY = "state = 'confirmed' AND deputy_of_grant_id IS NOT NULL"
"""The rows of ``uq_role_grant_one_deputy``."""


class Account(Base):
    """A sign-in of a person; one person may hold several.

    ``epoch`` rises with every change of rights or password: sessions of an older epoch are void.
    ``toured_at`` says when the short tour of the first sign-in was finished or dismissed.
    """

    __tablename__ = "account"

    id: Mapped[intpk]
    public_id: Mapped[public_id]
    login: Mapped[str] = mapped_column(sa.String(60), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    password_hash: Mapped[str]
    epoch: Mapped[int] = mapped_column(default=1)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    is_disabled: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]
    toured_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role over a scope: ``CN``, a region code or a credit code. SYS_ADMIN proposes it, SEC_ADMIN confirms it; only then it holds.

    ``person_id`` is whoever holds the account. ``proposed_by_person_id`` is None of what the operator
    of the server granted, which nobody confirmed.

    代理: with ``deputy_of_grant_id`` it is the role of another account, lent by its holder, who then
    stands as the one who proposed it, from ``starts_on`` to ``ends_on``; of a grant one at a time.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.CheckConstraint(
            "(scope_kind = 'organisation') = (organisation_id IS NOT NULL)",
            name="organisation_scope_names_one",
        ),
        sa.CheckConstraint(
            "confirmed_by_person_id <> proposed_by_person_id",
            name="not_confirmed_by_who_proposed",
        ),
        sa.CheckConstraint(
            "confirmed_by_person_id <> person_id", name="not_confirmed_by_the_holder"
        ),
        sa.CheckConstraint(
            "(deputy_of_grant_id IS NULL) = (starts_on IS NULL)"
            " AND (deputy_of_grant_id IS NULL) = (ends_on IS NULL)",
            name="a_deputy_has_dates",
        ),
        sa.CheckConstraint("starts_on <= ends_on", name="deputy_ends_after_it_starts"),
        sa.CheckConstraint(
            "deputy_of_grant_id IS NULL OR person_id <> proposed_by_person_id",
            name="a_deputy_is_somebody_else",
        ),
        sa.Index(
            "uq_role_grant_live",
            "account_id",
            "role",
            "scope_code",
            unique=True,
            sqlite_where=sa.text(LIVE_OWN),
            postgresql_where=sa.text(LIVE_OWN),
        ),
        sa.Index(
            "uq_role_grant_one_deputy",
            "deputy_of_grant_id",
            unique=True,
            sqlite_where=sa.text(LIVE_DEPUTY),
            postgresql_where=sa.text(LIVE_DEPUTY),
        ),
    )

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    person_id: Mapped[bigint] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    scope_kind: Mapped[ScopeKind] = mapped_column(enum_column(ScopeKind, "scope_kind"))
    scope_code: Mapped[str] = mapped_column(sa.String(18))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[GrantState] = mapped_column(
        enum_column(GrantState, "state"), default=GrantState.PROPOSED
    )
    proposed_at: Mapped[datetime]
    proposed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    deputy_of_grant_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("role_grant.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class RoleGrantDecision(DecisionRow, Base):
    """That a role was proposed, confirmed, declined, withdrawn, revoked."""

    __tablename__ = "role_grant_decision"
    __table_args__ = (batch_index("role_grant_decision"),)
    decides = RoleGrant
    subject_key = "role_grant_id"

    role_grant_id: Mapped[bigint] = mapped_column(sa.ForeignKey("role_grant.id"), index=True)
    state_before: Mapped[GrantState | None] = mapped_column(enum_column(GrantState, "state_before"))
    state_after: Mapped[GrantState] = mapped_column(enum_column(GrantState, "state_after"))


class WebSession(Base):
    """A sign-in in a browser; the cookie holds a random token, the row only its hash.

    ``device`` is the hash of a second token, which the browser keeps beyond the sign-in: whoever
    signs in with it again is no stranger (portal/access/attempt_actions.py).
    """

    __tablename__ = "web_session"

    id: Mapped[intpk]
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    epoch: Mapped[int]
    signed_in_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(sa.String(60), default="")
    device: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))


class PasswordHistory(Base):
    """The last passwords of an account, as hashes: none of them may come back."""

    __tablename__ = "password_history"

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    password_hash: Mapped[str]
    set_at: Mapped[datetime]


class PasswordRequest(Base):
    """That somebody who cannot sign in asks for a new password; one at a time waits of an account."""

    __tablename__ = "password_request"
    __table_args__ = (
        sa.Index(
            "uq_password_request_waiting",
            "account_id",
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )

    id: Mapped[intpk]
    account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class SignInAddress(Base):
    """What is counted in a window: failed sign-ins of an address or a place, messages of a visitor,
    refused attempts. Bounded, old windows are dropped."""

    __tablename__ = "sign_in_address"

    address: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int]


class FormKey(Base):
    """The effect of one form instance: the same key again answers the same, it does not repeat."""

    __tablename__ = "form_key"

    account_id: Mapped[bigint] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    location: Mapped[str] = mapped_column(sa.Text)
    used_at: Mapped[datetime] = mapped_column(index=True)
