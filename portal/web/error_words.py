"""What the pages of faults say: what happened, and what to do next, in plain Chinese."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """The title, what happened (one or two sentences), and the steps that help, in their order."""

    title: str
    happened: str
    steps: tuple[str, ...]


TRY_LATER = (
    "过几分钟再试一次；刚才填写的内容可用浏览器的“后退”回到原页查看。",
    "仍不行时，请把下面的参考编号告诉系统管理员，凭编号可在系统日志中查到原因。",
)

WORDS: dict[int, Words] = {
    400: Words(
        "请求无法识别",
        "浏览器发来的内容不完整，或含有无法保存的字符。没有任何数据被改动。",
        (
            "用浏览器的“后退”回到上一页，刷新后重新填写并提交。",
            "如果是从别处复制来的网址，请核对网址是否完整。",
        ),
    ),
    403: Words(
        "没有此项权限",
        "您的角色不能查看这一页，或不能进行这项操作。没有任何数据被改动。",
        (
            "请联系上面所列角色的人员办理。",
            "如果您应当有此权限，请系统管理员核对授权；授权由系统管理员提出、安全管理员确认。",
        ),
    ),
    404: Words(
        "页面不存在",
        "没有找到这个页面，或者它不在您的管辖范围内（两种情况显示相同，以免泄露他人的信息）。",
        (
            "核对网址是否完整，尤其是从聊天或文件中复制来的网址。",
            "搜索名称或编号，或从列表里找；两者都只列出您管辖范围内的内容。",
        ),
    ),
    405: Words(
        "请求方式不对",
        "这个网址不能这样打开，通常是因为直接打开了某个按钮的网址。没有任何数据被改动。",
        ("从首页进入相应页面，再点页面上的按钮。",),
    ),
    409: Words(
        "未能办理",
        "这件事当前不能办理，原因如下。没有任何数据被改动。",
        ("查看最新情况，再决定是否需要重新办理。",),
    ),
    413: Words(
        "文件过大",
        "上传的内容超过了系统允许的大小，没有保存。",
        (
            "去掉工作簿里的图片和多余的工作表，或拆成几个文件分批上传。",
            "文件不大而仍出现本页时，可能是文字框内的内容过长，请分次填写。",
        ),
    ),
    429: Words(
        "操作过于频繁",
        "短时间内的次数超过了系统允许的上限，这一次没有处理。",
        ("按上面的时间稍后再试。",),
    ),
    500: Words(
        "系统出现故障",
        "系统未能完成这次操作，没有任何数据被改动。这不是您的操作造成的。",
        TRY_LATER,
    ),
    503: Words(
        "数据库暂时不可用",
        "系统暂时无法连接数据库，没有任何数据被改动。这不是您的操作造成的。",
        TRY_LATER,
    ),
}

SCHEMA_BEHIND = Words(
    "数据库还没有升级",
    "程序已是新版本，数据库还是旧版本（或者还是空的），暂时不能使用。没有任何数据被改动。",
    (
        "请服务器操作员先备份，再在程序目录运行 flask init：它升级数据库、补齐参考数据，可重复运行。",
        "运行完毕后刷新本页，不必重启服务。",
    ),
)
"""503 where this release needs a schema that the database does not have yet."""

MISSING_TO_VISITORS = WORDS[404]._replace(
    happened="没有找到这个页面，或者它要登录之后才能看。",
    steps=(WORDS[404].steps[0], "如果是业务页面，请先登录再打开。"),
)
"""The same page for whoever has not signed in."""

NOT_GRANTED_YET = Words(
    "账号还没有生效的授权",
    "登录成功，但您的账号还没有经确认的角色，暂时只能修改密码或退出。没有任何数据被改动。",
    (
        "联系为您开设账号的系统管理员：授权由系统管理员提出，经安全管理员确认后生效。",
        "确认之后点“返回首页”即可使用；首次使用须先修改初始密码。",
    ),
)
"""403 for whoever holds no role: naming the roles that may would name all of them."""

SESSION_OVER = Words(
    "登录已结束，没有提交",
    "这次提交时您的登录已经结束，系统没有接受。没有任何数据被改动。",
    (
        "页面上列有您刚才写的内容时，先把它复制下来。",
        "重新登录后打开那个页面，填好再提交。",
    ),
)
"""A POST from a session that is over."""

STALE_FORM = Words(
    "页面已过期，请重新提交",
    "这个页面打开的时间太长，或者在别的窗口重新登录过，系统为防冒用没有接受这次提交。"
    "没有任何数据被改动。",
    (
        "页面上列有您刚才写的内容时，先把它复制下来。",
        "重新打开那个页面（需要时先登录），填好后再提交。",
    ),
)
"""A POST without a valid CSRF token."""
