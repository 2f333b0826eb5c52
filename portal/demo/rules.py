"""When the demonstration may be loaded. Pure."""

from __future__ import annotations

from portal.refusals import Refusal


def refusals_for_demo(*, is_production: bool) -> list[Refusal]:
    """Say why the demonstration, whose passwords are published, is not loaded."""
    if not is_production:
        return []
    return [
        Refusal(
            "",
            "production",
            "正式环境（QIANSHOU_ENV=production）不能装入演示数据：演示账号的密码是公开的。"
            "正式使用请用 flask user add 开设账号；演示或培训请另设一个数据目录（QIANSHOU_VAR）"
            "和数据库，并取消 QIANSHOU_ENV。",
        )
    ]
