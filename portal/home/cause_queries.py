"""The states that ask somebody to do something: what waits, since when, whose, and why.

Each selects what waits for one actor. Permissions, not roles, decide what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from models import (
    Account,
    Assignment,
    Feedback,
    ImportBatch,
    Pairing,
    Person,
    RoleGrant,
    Workday,
    WorkdayDecision,
)
from models.types import FeedbackKind, FeedbackState, Role, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.audit.queries import alarms_since
from portal.audit.words import subject_words
from portal.imports.claim_queries import claims_of_others
from portal.imports.kinds.workday_fact_rules import HIGHEST
from portal.imports.staging_store import KEPT
from portal.pairings.life_rules import Standing
from portal.pairings.standing_queries import is_to_confirm, is_to_except
from portal.personal_data.rules import ALARMING_REVEALS, MOST_REVEALS
from portal.staffing.list_queries import to_approve

Rows: TypeAlias = sa.Select[*tuple[Any, ...]]


class Latest(NamedTuple):
    """The newest thing that waits: whose or which, its date, its reason."""

    who: str
    day: date | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Cause:
    """A state that asks somebody to do something, and the one button for it.

    ``rows`` selects since (an instant), who, day and why of each thing that waits for an actor,
    or gives None where the actor has no such part. ``door`` says that a door counts them already.
    ``single`` is where the button leads when one entry waits, which ``rows`` then names.
    """

    label: str
    action_label: str
    endpoint: str
    rows: Callable[[Actor, datetime], Rows | None]
    words: Callable[[Latest], str]
    values: dict[str, str] = field(default_factory=dict)
    hint: str = ""
    door: bool = True
    single: str | None = None


ALARMS_SHOWN_FOR = timedelta(days=7)
"""Nobody decides on an alarm, so it leaves by itself; the trail keeps it."""

NO_DAY = sa.cast(sa.null(), sa.Date)
NO_NUMBER = sa.cast(sa.null(), sa.BigInteger)
NO_WORDS = sa.cast(sa.null(), sa.Text)


def _workdays(permission: str, state: WorkdayState) -> Callable[[Actor, datetime], Rows | None]:
    """Select entries in a state; what only somebody else may decide on does not wait for one."""

    def rows(actor: Actor, _now: datetime) -> Rows | None:
        if not actor.reaches(permission):
            return None
        wanted = (
            sa.select(
                _since().label("since"),
                Person.name.label("who"),
                Workday.worked_on.label("day"),
                _reason().label("why"),
                Workday.id.label("workday_id"),
            )
            .join(Person, Person.id == Workday.person_id)
            .where(within(Workday, actor, permission), Workday.state == state)
        )
        if permission != "workday.write":
            own = (Workday.person_id, Workday.entered_by_person_id)
            wanted = wanted.where(*(one.is_distinct_from(actor.person_id) for one in own))
        return wanted

    return rows


def _since() -> sa.ColumnElement[datetime]:
    """Return since when an entry is in its state: the last decision, else its entry."""
    last = (
        sa.select(sa.func.max(WorkdayDecision.at))
        .where(WorkdayDecision.workday_id == Workday.id)
        .correlate(Workday)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, Workday.entered_at)


def _reason() -> sa.ScalarSelect[str | None]:
    return (
        sa.select(WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == Workday.id)
        .order_by(WorkdayDecision.at.desc(), WorkdayDecision.id.desc())
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )


def _nominations(actor: Actor, _now: datetime) -> Rows | None:
    waiting = to_approve(actor)
    if waiting is None:
        return None
    return (
        sa.select(
            Assignment.created_at.label("since"),
            Person.name.label("who"),
            Assignment.starts_on.label("day"),
            Pairing.code.label("why"),
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .where(waiting)
    )


def _pairings(
    is_waiting: Callable[[Actor], sa.ColumnElement[bool] | None],
) -> Callable[[Actor, datetime], Rows | None]:
    """Select pairings that wait for the actor's own province, for one thing or another."""

    def rows(actor: Actor, _now: datetime) -> Rows | None:
        condition = is_waiting(actor)
        if condition is None:
            return None
        return sa.select(
            Pairing.created_at.label("since"),
            Pairing.code.label("who"),
            Pairing.starts_on.label("day"),
            NO_WORDS.label("why"),
        ).where(condition)

    return rows


def _staged_imports(actor: Actor, now: datetime) -> Rows | None:
    if not actor.reaches("import.use"):
        return None
    return sa.select(
        ImportBatch.staged_at.label("since"),
        ImportBatch.file_name.label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(
        within(ImportBatch, actor, "import.use"),
        ImportBatch.applied_at.is_(None),
        ImportBatch.accepted > 0,  # else there is no second click that it could wait for
        ImportBatch.staged_at > now - KEPT,
    )


def _claims(actor: Actor, _now: datetime) -> Rows | None:
    """Select the files of others whose days take effect once this actor agrees."""
    if not any(actor.reaches(permission) for permission in HIGHEST):
        return None
    return sa.select(
        ImportBatch.applied_at.label("since"),
        ImportBatch.file_name.label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(ImportBatch.id.in_(sa.select(Workday.import_id).where(claims_of_others(actor))))


def _grants(actor: Actor, _now: datetime) -> Rows | None:
    if not actor.holds("account.secure"):
        return None
    return (
        sa.select(
            RoleGrant.proposed_at.label("since"),
            Account.login.label("who"),
            NO_DAY.label("day"),
            sa.cast(RoleGrant.role, sa.Text).label("why"),
        )
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.confirmed_at.is_(None), RoleGrant.revoked_at.is_(None))
    )


def _locked_accounts(actor: Actor, now: datetime) -> Rows | None:
    if not actor.holds("account.secure"):
        return None
    return sa.select(
        Account.locked_until.label("since"),
        Account.login.label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(Account.locked_until > now)


def _feedback(actor: Actor, _now: datetime) -> Rows | None:
    if not actor.holds("feedback.answer"):
        return None
    return sa.select(
        Feedback.sent_at.label("since"),
        sa.cast(Feedback.kind, sa.Text).label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(Feedback.state == FeedbackState.OPEN)


def _alarms(event: str, permission: str) -> Callable[[Actor, datetime], Rows | None]:
    """Select the alarms of one kind of the last days; ``who`` is the login, ``why`` the object."""

    def rows(actor: Actor, now: datetime) -> Rows | None:
        return alarms_since(event, now - ALARMS_SHOWN_FOR) if actor.holds(permission) else None

    return rows


def _day_of(latest: Latest) -> str:
    assert latest.day is not None  # every entry has one
    return f"{latest.day.month}月{latest.day.day}日"


CAUSES = (
    Cause(
        "查看原文接近上限",
        "去查看",
        "audit.list_events",
        _alarms("disclosure.limit_neared", "audit.read"),
        lambda latest: f"{latest.who} 一小时内查看 {ALARMING_REVEALS} 项以上",
        {"event": "disclosure.limit_neared"},
        f"每人一小时内最多 {MOST_REVEALS} 项；保留 {ALARMS_SHOWN_FOR.days} 天。",
        door=False,
    ),
    Cause(
        "加密信息无法解封",
        "去查看",
        "audit.list_events",
        _alarms("sealed_value.unreadable", "audit.read"),
        lambda latest: subject_words(latest.why or ""),
        {"event": "sealed_value.unreadable"},
        f"保留 {ALARMS_SHOWN_FOR.days} 天。",
        door=False,
    ),
    Cause(
        "加密信息无法解封",
        "看怎么办",
        "help.show_topic",
        _alarms("sealed_value.unreadable", "account.write"),
        lambda latest: subject_words(latest.why or ""),
        {"slug": "accounts"},
        "请服务器操作员核对主密钥，并用命令 flask verify 清点。",
        door=False,
    ),
    Cause(
        "被退回的日志",
        "去修改",
        "workdays.list_workdays",
        _workdays("workday.write", WorkdayState.RETURNED),
        lambda latest: f"{_day_of(latest)}“{latest.why}”" if latest.why else _day_of(latest),
        {"state": WorkdayState.RETURNED.value},
        "修改后重新提交，否则不计入。",
        single="workdays.edit_workday",
    ),
    Cause(
        "尚未提交的草稿",
        "去提交",
        "workdays.list_workdays",
        _workdays("workday.write", WorkdayState.DRAFT),
        _day_of,
        {"state": WorkdayState.DRAFT.value},
        single="workdays.show_workday",
    ),
    Cause(
        "待确认的工作日志",
        "去确认",
        "confirmations.confirm_workdays",
        _workdays("workday.confirm", WorkdayState.SUBMITTED),
        lambda latest: f"{latest.who} {_day_of(latest)}",
    ),
    Cause(
        "待核准的工作日志",
        "去核准",
        "confirmations.approve_workdays",
        _workdays("workday.approve", WorkdayState.CONFIRMED),
        lambda latest: f"{latest.who} {_day_of(latest)}",
    ),
    Cause(
        "待审批的选派",
        "去审批",
        "staffing.list_nominations",
        _nominations,
        lambda latest: f"{latest.who}（{latest.why}）",
    ),
    Cause(
        "待本省确认的结对",
        "去确认",
        "pairings.list_pairings",
        _pairings(is_to_confirm),
        lambda latest: latest.who,
        {"state": Standing.WAITING.value},
        "由另一省提出，两省都确认后生效；此前不能填报、不计入。",
    ),
    Cause(
        "待本省批准的一对一例外",
        "去办理",
        "pairings.list_pairings",
        _pairings(is_to_except),
        lambda latest: latest.who,
        {"state": Standing.WAITING.value},
        "本省机构已有其他结对，由申请人以外的人员批准；此前不生效。",
    ),
    Cause(
        "待您确认的导入文件",
        "去确认",
        "imports.list_imports",
        _staged_imports,
        lambda latest: f"“{latest.who}”",
        hint="上传 24 小时内有效。",
        door=False,
    ),
    Cause(
        "待您确认的他人导入",
        "去确认",
        "imports.confirm_claims",
        _claims,
        lambda latest: f"“{latest.who}”",
        hint="由他人导入，您确认后生效。",
        door=False,
    ),
    Cause(
        "待确认的授权",
        "去确认",
        "accounts.list_accounts",
        _grants,
        lambda latest: f"{latest.who}：{Role(latest.why or '').label}",
        {"state": "waiting"},
        "由系统管理员提出，另一人确认后生效。",
    ),
    Cause(
        "待答复的投诉建议",
        "去答复",
        "feedback.list_inbox",
        _feedback,
        lambda latest: FeedbackKind(latest.who).label,
        {"state": FeedbackState.OPEN.value},
    ),
    Cause(
        "被锁定的账号",
        "去查看",
        "accounts.list_accounts",
        _locked_accounts,
        lambda latest: latest.who,
        {"state": "locked"},
        door=False,
    ),
)
"""In the order in which they stand: what others wait for comes before what one may put off."""
