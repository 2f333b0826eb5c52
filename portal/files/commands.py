"""``flask files take-out``: a content by its hash, for whoever has to answer for a decision."""

from __future__ import annotations

import re

import click
from flask.cli import with_appcontext

from portal.deeds import operator_deed
from portal.files.actions import take_out
from portal.refusals import Refused
from portal.terminal import app_database, app_settings, private_file, refuse

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII | re.IGNORECASE)


def _digest_of(text: str) -> bytes:
    """Return the hash that a text writes in hexadecimal; of any other text that of no content."""
    return bytes.fromhex(text) if _DIGEST.fullmatch(text) else b""


@click.group("files", help="附件：按校验值取出，包括已移除、仍在保留期内的。")
def files() -> None:
    pass


@files.command("take-out", help="按 SHA-256 校验值（见审计记录）取出一份附件，写入新文件。")
@click.argument("sha256")
@click.argument("target", type=click.Path(dir_okay=False))
@click.option("--reason", required=True, help="事由，记入审计。")
@with_appcontext
def take_out_file(sha256: str, target: str, reason: str) -> None:
    try:
        with app_database().writing() as session:
            deed = operator_deed(session, app_settings().now())
            pieces = take_out(deed, _digest_of(sha256), reason)
            with private_file(target) as out:
                for piece in pieces:
                    out.write(piece)
    except Refused as refused:
        refuse(refused, as_json=False)
    click.echo(f"已取出到 {target}。")
