"""``flask import KIND FILE`` and ``flask import template KIND OUT.xlsx``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

import click
import flask
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.types import ImportKind
from portal.access.actions import give_first_passwords
from portal.access.actor import OPERATOR, Actor
from portal.access.password_store import Passwords, make_password
from portal.access.queries import find_actor
from portal.deeds import Deed
from portal.imports.actions import carry_out
from portal.imports.batch_queries import Slip, find_applied, list_without_password
from portal.imports.checking_apart import Checked, File, check, read_file
from portal.imports.kind import Kind
from portal.imports.kinds import KINDS
from portal.imports.report_rules import Report
from portal.imports.workbook_export import write_error_workbook, write_slips, write_template
from portal.refusals import Refusal, Refused
from portal.terminal import app_database, app_settings, private_file, refuse, say

SHOWN_ERRORS = 20
TRIES = 2

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group(
    "import", help="批量导入（XLSX 或 CSV）。先检查全部行，再一次写入；有错误的行则都不写入。"
)
def import_files() -> None:
    pass


def import_command(kind: Kind) -> click.Command:
    """Return ``flask import KIND``."""

    @click.argument("file", type=EXISTING)
    @click.option("--dry-run", is_flag=True, help="只检查，不写入。")
    @click.option("--accept-valid", is_flag=True, help="有错误的行也写入其余正确的行。")
    @click.option("--errors", "errors_to", type=NEW, help="把有错误的行和原因写入这个 .xlsx。")
    @click.option("--actor", "login", help="以该登录名的权限导入；默认为服务器操作员。")
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
    @click.option(
        "--slips",
        "slips_to",
        type=NEW,
        hidden=kind.word != ImportKind.ACCOUNTS,
        help="把新开账号的初始密码写入这个 .xlsx，只写这一次。",
    )
    @with_appcontext
    def run(
        file: Path,
        dry_run: bool,
        accept_valid: bool,
        errors_to: Path | None,
        login: str | None,
        as_json: bool,
        slips_to: Path | None,
    ) -> None:
        if slips_to and kind.word != ImportKind.ACCOUNTS:
            raise click.UsageError("--slips 只用于导入账号。")
        if slips_to and slips_to.exists():
            raise click.UsageError(f"{slips_to} 已存在；密码条只写入新文件，请换一个名称。")
        try:
            read = read_file(kind, file.name, _content(file))
            checked = _import(read, login, accept_valid=accept_valid, dry_run=dry_run)
        except Refused as refused:
            refuse(refused, as_json=as_json)
        report = replace(checked.report, file=str(file))
        if errors_to and report.refused:
            write_error_workbook(checked, errors_to)
        if slips_to and report.applied:
            # Before any password is given: it is given once.
            with private_file(slips_to) as out:
                write_slips(_slips_of(checked, login), out)
        say(_in_words(report, kind, dry_run=dry_run), report.as_json(), as_json=as_json)
        sys.exit(_exit_status(report, accept_valid=accept_valid))

    return click.command(kind.word.value, help=f"导入{kind.label}。")(run)


@import_files.command("template", help="写出导入模板，含下拉框、示例和填表说明。")
@click.argument("kind", type=click.Choice([word.value for word in KINDS]))
@click.argument("out", type=NEW)
def template(kind: str, out: Path) -> None:
    chosen = next(one for word, one in KINDS.items() if word.value == kind)
    write_template(chosen, out)
    click.echo(f"《{chosen.label}》导入模板已写入 {out}。")


for _kind in KINDS.values():
    import_files.add_command(import_command(_kind))


def _content(file: Path) -> bytes:
    largest = app_settings().max_upload_bytes
    if file.stat().st_size > largest:
        sentence = f"文件超过上限 {largest // 1024 // 1024} MB，请拆分成几个文件。"
        raise Refused([Refusal("", "too_large", sentence)])
    return file.read_bytes()


def _import(read: File, login: str | None, *, accept_valid: bool, dry_run: bool) -> Checked:
    """Check outside of any write, then write in one transaction; once more if somebody was faster."""
    for attempt in range(1, TRIES + 1):
        with app_database().reading() as session:
            actor = _actor(session, login)
            checked = check(Deed(session, actor, app_settings().now()), read)
        if dry_run or not checked.is_writable(accept_valid=accept_valid):
            return checked
        try:
            with app_database().writing() as session:
                deed = Deed(session, actor, app_settings().now())
                return carry_out(deed, checked, accept_valid=accept_valid)
        except IntegrityError:
            if attempt == TRIES:
                raise
    raise AssertionError


def _slips_of(checked: Checked, login: str | None) -> list[Slip]:
    """Give the accounts that a file has just opened their first passwords, and return them."""
    hasher = cast("Passwords", flask.current_app.extensions["qianshou_passwords"])
    with app_database().reading() as session:
        actor = _actor(session, login)
        batch = find_applied(session, checked.file.kind.word, checked.file.digest)
        accounts = list_without_password(session, batch.id)
        subject = f"import:{batch.public_id}"
    slips = [Slip(one, make_password()) for one in accounts]
    hashes = {slip.account.id: hasher.hash(slip.password) for slip in slips}
    with app_database().writing() as session:
        give_first_passwords(Deed(session, actor, app_settings().now()), hashes, subject)
    return slips


def _actor(session: Session, login: str | None) -> Actor:
    if login is None:
        return OPERATOR
    actor = find_actor(session, login)
    if actor is None or not actor.holds("import.use"):
        sentence = f"账号“{login}”不存在、已停用，或没有批量导入的权限。"
        raise Refused([Refusal("actor", "not_permitted", sentence)])
    return actor


def _exit_status(report: Report, *, accept_valid: bool) -> int:
    """0 if the file is good as asked for, else 1."""
    is_good = not report.errors or (accept_valid and report.accepted + report.unchanged > 0)
    return 0 if is_good else 1


def _in_words(report: Report, kind: Kind, *, dry_run: bool) -> str:
    counts = (
        f"{kind.label}：共 {report.rows} 行，可写入 {report.accepted} 行，"
        f"未变化 {report.unchanged} 行，有错误 {report.refused} 行。"
    )
    read_from = [f"读取的工作表：“{report.sheet.strip()}”。"] if report.sheet else []
    lines = [*read_from, counts, *(error.message for error in report.errors[:SHOWN_ERRORS])]
    if len(report.errors) > SHOWN_ERRORS:
        lines.append(f"……另有 {len(report.errors) - SHOWN_ERRORS} 处错误，请用 --errors 写出全部。")
    for caution in report.warnings:
        where = f"{caution.where}，" if caution.where else ""
        lines.append(f"提示：{where}{caution.sentence}")
    if report.applied:
        lines.append(f"已写入 {report.accepted} 行。")
        if kind.word == ImportKind.ACCOUNTS:
            lines.append("新开的账号在生成密码条之后才能登录：加 --slips，或在导入页面生成。")
        if report.decided:
            lines.append(
                f"其中 {report.decided} 行以服务器操作员的名义直接生效，没有第二人确认，已记入审计。"
            )
    elif dry_run:
        lines.append("仅检查，没有写入。")
    elif report.errors:
        lines.append("没有写入。请修改后重新导入，或加 --accept-valid 只写入正确的行。")
    else:
        lines.append("内容与系统中一致，没有需要写入的行。")
    return "\n".join(lines)
