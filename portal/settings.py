"""Settings of an installation, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from portal.clock import SHANGHAI, Now, system_now

MASTER_KEY_BYTES = 32
ROOT = Path(__file__).resolve().parent.parent
PORTAL = "牵手 · 社会工作服务机构“牵手计划”管理平台"
"""What the portal calls itself in files that leave it."""


class BadSetting(Exception):
    """A setting is missing or unusable; the message says which one and its cure, in Chinese."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What may differ between installations.

    ``master_key`` is the secret from which all keys are derived: sessions, blind indexes,
    sealing of personal data, audit seals. ``proxies`` is how many reverse proxies stand before the
    portal: so many entries of X-Forwarded-For are believed, none by default.
    """

    database_url: str
    var: Path
    master_key: bytes
    is_production: bool = False
    behind_tls: bool = False
    now: Now = field(default=system_now)
    proxies: int = 0
    argon2_memory_kib: int = 47104
    max_upload_bytes: int = 32 * 1024 * 1024


def settings_from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read ``DATABASE_URL`` and ``QIANSHOU_*``; raise :class:`BadSetting` with the cure."""
    var = Path(environ.get("QIANSHOU_VAR", ROOT / "var"))
    production = environ.get("QIANSHOU_ENV", "") == "production"
    fixed_now = environ.get("QIANSHOU_NOW")
    if fixed_now and production:
        message = "正式环境不能设置 QIANSHOU_NOW（固定时钟仅供演练）。请取消该变量。"
        raise BadSetting(message)
    return Settings(
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{var / 'qianshou.db'}",
        var=var,
        master_key=_master_key(environ, var, production=production),
        is_production=production,
        behind_tls=environ.get("QIANSHOU_TLS", "1" if production else "") == "1",
        now=_fixed_clock(fixed_now) if fixed_now else system_now,
        proxies=_count(environ, "QIANSHOU_PROXIES"),
    )


def _master_key(environ: Mapping[str, str], var: Path, *, production: bool) -> bytes:
    text = environ.get("QIANSHOU_MASTER_KEY", "")
    if text:
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
        if len(key) < MASTER_KEY_BYTES:
            message = "QIANSHOU_MASTER_KEY 应为至少64位十六进制字符（32字节随机数）。"
            raise BadSetting(message)
        return key
    if production:
        message = "正式环境须设置 QIANSHOU_MASTER_KEY（64位十六进制随机数），并另行妥善备份。"
        raise BadSetting(message)
    path = var / "master.key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        # O_EXCL: two processes that start together agree on the key of the first.
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


def _count(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "0")
    if not text.isdigit() or len(text) > 1:
        message = f"{name} 应为 0–9 的整数，实际为“{text}”。"
        raise BadSetting(message)
    return int(text)


def _fixed_clock(text: str) -> Now:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f"QIANSHOU_NOW 应为 ISO 时间，如 2022-12-31T10:00:00+08:00，实际为“{text}”。"
        raise BadSetting(message) from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=SHANGHAI)
    return lambda: instant
