"""What every command needs of the terminal: the database, the settings, how it speaks and refuses."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

import click
import flask

from models.database import Database
from portal.refusals import Refused
from portal.settings import Settings


def app_database() -> Database:
    return cast("Database", flask.current_app.extensions["qianshou_database"])


def app_settings() -> Settings:
    return cast("Settings", flask.current_app.extensions["qianshou_settings"])


def private_file(path: str | Path) -> BinaryIO:
    """Open a file that nobody else reads, and that is not there yet."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as fault:
        message = f"无法新建 {path}：{fault.strerror}"
        raise click.ClickException(message) from None


def say(text: str, facts: dict[str, Any] | list[Any], *, as_json: bool) -> None:
    """Print the text for people or the facts for machines."""
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else text)


def refuse(refused: Refused, *, as_json: bool) -> NoReturn:
    """Print why something is refused and exit with 1."""
    facts = [
        {"field": one.field, "code": one.code, "message": one.sentence} for one in refused.refusals
    ]
    text = "\n".join(f"未办理：{one.sentence}" for one in refused.refusals)
    if as_json:
        click.echo(json.dumps({"errors": facts}, ensure_ascii=False, indent=2))
    else:
        click.echo(text, err=True)
    sys.exit(1)
