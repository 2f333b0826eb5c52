"""``flask user``: accounts by the operator of the server, whose grants hold at once."""

from __future__ import annotations

import sys
from typing import NamedTuple, cast

import click
import flask
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from models import Account, Person
from models.types import Role
from portal.access import actions as access_actions
from portal.access.password_store import Passwords
from portal.access.policy import MANAGERS, STAFF
from portal.access.rules import refusals_for_password
from portal.accounts import actions
from portal.accounts.holder_queries import Candidate, list_candidates, resolve_scope
from portal.deeds import operator_deed
from portal.refusals import Refusal, Refused, refuse_if
from portal.terminal import app_database, app_settings, refuse, say


@click.group("user", help="账号。")
def user() -> None:
    pass


@user.command("add", help="开设账号。ROLE 为角色代码（小写）；三类管理员的范围为“全国”。")
@click.argument("login")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--scope", required=True, help="全国，或区划、机构的名称（可只写一部分）或代码。")
@click.option("--name", required=True, help="姓名。")
@click.option("--person", "person_id", help="已登记人员的编号；社工账号按姓名唯一时自动关联。")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取初始密码（必须）。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def user_add(
    login: str,
    role: str,
    scope: str,
    name: str,
    person_id: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    password = _password_from(is_asked=password_stdin)
    try:
        refuse_if(refusals_for_password(password, login=login))
        hashed = _passwords().hash(password)
        with app_database().writing() as session:
            scope_code = resolve_scope(session, scope, Role(role))
            holder = _holder(session, Role(role), scope_code, name, person_id)
            account = actions.open_account(
                operator_deed(session, app_settings().now()),
                login=login,
                password_hash=hashed,
                name=name,
                role=Role(role),
                scope_code=scope_code,
                person=holder.person,
            )
            person = session.get_one(Person, account.person_id).public_id
    except Refused as refused:
        refuse(refused, as_json=as_json)
    facts = {"login": login, "role": role, "scope": scope_code, "name": name, "person": person}
    say(
        f"账号 {login}（{Role(role).label}，{scope_code}）已开设。{holder.words}",
        {**facts, "linked": holder.person is not None},
        as_json=as_json,
    )


@user.command("password", help="重置密码（从标准输入读取），本人下次登录须修改。")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取新密码（必须）。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def user_password(login: str, password_stdin: bool, as_json: bool) -> None:
    password = _password_from(is_asked=password_stdin)
    try:
        with app_database().writing() as session:
            deed = operator_deed(session, app_settings().now())
            account = _account(session, login)
            access_actions.set_password(deed, account, password, _passwords(), by_owner=False)
    except Refused as refused:
        refuse(refused, as_json=as_json)
    say(f"账号 {login} 的密码已重置，下次登录须修改。", {"login": login}, as_json=as_json)


@user.command("link", help="把只按姓名开设的账号关联到机构登记的人员。")
@click.argument("login")
@click.option("--person", "person_id", required=True, help="已登记人员的编号。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def user_link(login: str, person_id: str, as_json: bool) -> None:
    try:
        with app_database().writing() as session:
            deed = operator_deed(session, app_settings().now())
            person = _person(session, person_id)
            actions.link_person(deed, _account(session, login), person)
            name = person.name
    except Refused as refused:
        refuse(refused, as_json=as_json)
    facts = {"login": login, "person": person_id}
    say(f"账号 {login} 已关联到登记人员 {name}。", facts, as_json=as_json)


class _Holder(NamedTuple):
    """Whom an account is for; ``words`` say how that was found out."""

    person: Person | None
    words: str


def _holder(
    session: Session, role: Role, scope_code: str, name: str, person_id: str | None
) -> _Holder:
    """Find the holder: who is named, else the one registered person of that name."""
    if person_id:
        return _Holder(_person(session, person_id), "")
    candidates = list_candidates(session, role, scope_code, name)
    is_registered = role in STAFF or role in MANAGERS
    if not is_registered:
        words = f"另有同名人员 {_listed(candidates)}；如为同一人，请用 --person 指定后重新开设。"
        return _Holder(None, words if candidates else "")
    if not candidates:
        return _Holder(None, f"该机构没有登记名为“{name}”的人员；登记后请用 flask user link 关联。")
    if len(candidates) > 1:
        raise Refused(
            [
                Refusal(
                    "person",
                    "ambiguous",
                    f"该机构有 {len(candidates)} 位“{name}”：{_listed(candidates)}。"
                    "请用 --person 指定。",
                )
            ]
        )
    return _Holder(candidates[0].person, f"已关联到登记人员{candidates[0].words}。")


def _listed(candidates: list[Candidate]) -> str:
    return "、".join(f"{one.words} {one.person.public_id}" for one in candidates)


def _person(session: Session, person_id: str) -> Person:
    found = session.scalars(sa.select(Person).where(Person.public_id == person_id)).one_or_none()
    if found is None:
        raise Refused([Refusal("person", "unknown_person", f"没有编号为“{person_id}”的人员。")])
    return found


def _account(session: Session, login: str) -> Account:
    found = session.scalars(sa.select(Account).where(Account.login == login)).one_or_none()
    if found is None:
        raise Refused([Refusal("login", "unknown_login", f"没有登录名为“{login}”的账号。")])
    return found


def _password_from(*, is_asked: bool) -> str:
    if not is_asked:
        message = "请加 --password-stdin，并从标准输入给出密码（不在命令行中出现）。"
        raise click.UsageError(message)
    return sys.stdin.readline().rstrip("\r\n")


def _passwords() -> Passwords:
    return cast("Passwords", flask.current_app.extensions["qianshou_passwords"])
