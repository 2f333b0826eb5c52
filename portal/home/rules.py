"""How old something is, and what comes next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from models.types import Role


def age_in_words(since: date, today: date) -> str:
    """今天, 昨天, 6 天前."""
    days = (today - since).days
    if days <= 0:
        return "今天"
    return "昨天" if days == 1 else f"{days} 天前"


def note_of(told: Sequence[str], oldest: date, today: date, *, count: int, untold: int = 0) -> str:
    """Say what came last, and since when the oldest of ``count`` things waits.

    ``told`` is the newest, or several, a line each; ``untold`` more are in none of those lines.
    """
    age = age_in_words(oldest, today)
    if count == 1:
        return f"{told[0]}，{age}"
    since = "都是今天的" if oldest >= today else f"最早{' ' if age[0].isdigit() else ''}{age}"
    if len(told) == 1:
        return f"最近：{told[0]}；{since}"
    return "\n".join([*told, f"另有 {untold} 条；{since}" if untold else since])


_NEXT: tuple[tuple[frozenset[Role], str], ...] = (
    (
        frozenset({Role.SEND_STAFF, Role.RECV_STAFF}),
        "日志经机构确认、县级核准后计入；被退回时会出现在这里。",
    ),
    (frozenset({Role.SEND_MGR, Role.RECV_MGR}), "本机构人员提交日志后，会在这里等您确认。"),
    (
        frozenset({Role.COUNTY_CIVIL}),
        "机构确认的日志、受援机构提出的选派，会在这里等您核准和审批。",
    ),
    (
        frozenset({Role.PROV_CIVIL}),
        "援派机构提出的选派、另一省提出的结对，会在这里等您审批和确认。",
    ),
    (
        frozenset({Role.NAT_CIVIL}),
        "待您确认的导入、尚缺的计划和工作年度、尚缺的节假日安排会出现在这里。",
    ),
    (
        frozenset({Role.SYS_ADMIN}),
        "待答复的投诉建议、尚缺的节假日安排、无法解封的加密信息会出现在这里。",
    ),
    (frozenset({Role.SEC_ADMIN}), "系统管理员提出的授权、被锁定的账号会出现在这里。"),
    (
        frozenset({Role.AUDIT_ADMIN}),
        "查看原文接近上限、加密信息无法解封会出现在这里；可随时查看审计记录，并校验审计链是否完整。",
    ),
)
READER = "您的账号只供查看，没有需要办理的事项。"
NOT_GRANTED_YET = (
    "您的账号还没有生效的授权：授权由系统管理员提出，经安全管理员确认后生效。"
    "在此之前可以修改密码或退出（点右上角的姓名）。"
)


def what_comes_next(roles: Collection[Role]) -> str:
    """Say what will wait for somebody of these roles, while nothing does."""
    if not roles:
        return NOT_GRANTED_YET
    found = [words for among, words in _NEXT if among.intersection(roles)]
    return "".join(found) or READER
