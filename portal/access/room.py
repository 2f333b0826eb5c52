"""What access brings to the house."""

from __future__ import annotations

from portal.access.jobs import end_stale_sessions, forget_sign_in_addresses
from portal.access.policy import POLICY
from portal.access.views import blueprint
from portal.doors import Door
from portal.enrolment import Nightly, Room

ROOM = Room(
    "access",
    blueprint=blueprint,
    further=(Door("修改密码", "access.change_password", "self.use"),),
    events={
        "session.started": "登录",
        "session.refused": "登录失败",
        "session.ended": "退出登录",
        "session.cut_off": "强制下线",
        "account.disabled": "停用账号",
        "account.enabled": "启用账号",
        "account.unlocked": "解锁账号",
        "account.password_set": "设置密码",
        "account.password_asked": "请求重置密码",
        "account.password_request_dismissed": "不予重置密码",
    },
    subjects={
        "account": "账号",
        "address": "网络地址",
        "session": "登录会话",
    },
    facts={
        "address": "网络地址",
        "by_owner": "本人设置",
    },
    code_words={name: permission.label for name, permission in POLICY.items()},
    nightly=(
        Nightly("end_stale_sessions", end_stale_sessions),
        Nightly("forget_sign_in_addresses", forget_sign_in_addresses),
    ),
)
