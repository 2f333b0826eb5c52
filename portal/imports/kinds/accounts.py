"""账号: who may sign in, as what, over what; the first passwords come as slips afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import ClassVar, NamedTuple

import sqlalchemy as sa

from models import ImportBatch, ImportedAccount, Person
from models.types import ImportKind, Role
from portal.access import rules
from portal.access.password_store import NO_PASSWORD
from portal.access.policy import MANAGERS, STAFF
from portal.accounts.actions import open_account
from portal.changes.actions import edit_person
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting
from portal.imports.kind import Kind
from portal.imports.kinds.account_queries import AccountFacts, Holder, ScopeRow, gather
from portal.imports.kinds.account_undo_actions import effect_on_accounts, take_back_opened
from portal.imports.queries import some_at_a_time
from portal.imports.report_rules import Verdict
from portal.imports.undo_rules import UndoEffect
from portal.people.rules import PersonFacts
from portal.refusals import Refusal
from portal.standards.id_number import mask_id_number
from portal.standards.names import key_of, order_of
from portal.standards.phone import check_phone, mask_phone, normalise_phone

LOGIN, NAME, ROLE, SCOPE = "登录名", "姓名", "角色", "范围"
ORGANISATION, ID_NUMBER, PHONE = "机构信用代码", "身份证件号", "联系电话"

COLUMN_OF_FIELD = {
    "login": LOGIN,
    "name": NAME,
    "role": ROLE,
    "scope_code": SCOPE,
    "organisation": ORGANISATION,
    "holder": ID_NUMBER,
    "phone": PHONE,
}

LONGEST_MADE = 40
"""Characters of a login that is made of a name, before its number."""

NUMBERED = 50
"""People of one name whose logins are told apart by a number."""


class AccountLine(NamedTuple):
    """A row as it stands in the file; None or empty where a cell could not be read."""

    login: str
    name: str
    role: Role | None
    scope: str
    organisation: str
    id_number: str
    phone: str


class AccountEntry(NamedTuple):
    """An account to be opened; ``person_id`` is None for a new holder."""

    login: str
    name: str
    role: Role
    scope_code: str
    person_id: int | None
    phone: str | None


class Accounts(Kind):
    word = ImportKind.ACCOUNTS
    permissions = ("account.write",)
    called_by = (NAME, LOGIN)
    about = "人员"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            LOGIN,
            lambda cell: cell_rules.title(cell).lower(),
            "3–60 位小写字母、数字或 . _ @ -；留空则由姓名拼音生成。",
            default="",
        ),
        Column(NAME, cell_rules.name, "使用人姓名；社工须与机构登记的一致。", is_required=True),
        Column(
            ROLE,
            cell_rules.one_of(Role),
            "从下拉框选择。",
            is_required=True,
            choices=tuple(role.label for role in Role),
            width=26,
        ),
        Column(
            SCOPE,
            cell_rules.text,
            "全国填“全国”；地区填区划全称或代码，机构填全称或统一社会信用代码。",
            is_required=True,
            width=34,
        ),
        Column(
            ORGANISATION,
            cell_rules.long_code("invalid_credit_code"),
            "机构有同名时填写其统一社会信用代码。",
            default="",
            width=22,
        ),
        Column(
            ID_NUMBER,
            cell_rules.long_code("invalid_id_number"),
            "同一机构有同名人员时填写，已登记人员的18位公民身份号码。",
            default="",
            width=22,
            mask=mask_id_number,
        ),
        Column(
            PHONE,
            cell_rules.title,
            "尚未登记的使用人的电话，加密保存。",
            default="",
            mask=mask_phone,
        ),
    )
    examples = (("", "（示例）王某", Role.COUNTY_CIVIL.label, "红寺堡区", "", "", ""),)
    notes = (
        "每行开设一个账号，授权经安全管理员确认后生效。同一人的第二个角色，请在账号页面提出授权。",
        "导入后在导入页面生成密码条：初始密码只显示一次，打印后分发，本人首次登录须修改。",
        "已有相同使用人、角色和范围的账号，不会重复开设。",
    )

    def gather(self, deed: Deed, parsed: Parsed) -> AccountFacts:
        names = parsed.distinct(NAME)
        made = {login for name in names for login in _made_of(name)}
        return gather(
            deed,
            scopes=parsed.distinct(SCOPE) | parsed.distinct(ORGANISATION) - {""},
            names=names,
            id_numbers=parsed.distinct(ID_NUMBER) - {""},
            logins=(parsed.distinct(LOGIN) - {""}) | made,
        )

    def judge(self, parsed: Parsed, facts: AccountFacts, setting: Setting) -> Verdict:  # noqa: ARG002 - one signature for all kinds
        verdict = self.verdict_on(parsed)
        judgement = _Judgement(facts)
        for index, cells in enumerate(parsed.rows(*(column.name for column in self.columns))):
            login, name, role, scope, *rest = cells
            row = AccountLine(login, name or "", role, scope or "", *rest)
            entry, refusals = judgement.look_at(row, parsed.numbers[index])
            for refusal in refusals:
                column = COLUMN_OF_FIELD[refusal.field]
                verdict.refuse(index, column, refusal.code, refusal.sentence)
            if index in verdict.refused:
                continue
            if entry is None:
                verdict.unchanged += 1
            else:
                judgement.take(entry, parsed.numbers[index])
                verdict.write(index, entry, filled={LOGIN: entry.login})
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        plan: list[AccountEntry] = verdict.plan
        people: dict[int, Person] = {}
        for some in some_at_a_time({one.person_id for one in plan if one.person_id is not None}):
            found = deed.session.scalars(sa.select(Person).where(Person.id.in_(some)))
            people |= {person.id: person for person in found}
        for entry in plan:
            account = open_account(
                deed,
                login=entry.login,
                password_hash=NO_PASSWORD,
                name=entry.name,
                role=entry.role,
                scope_code=entry.scope_code,
                person=people[entry.person_id] if entry.person_id is not None else None,
                must_change_password=True,
            )
            if entry.phone:
                holder = deed.session.get_one(Person, account.person_id)
                facts = PersonFacts(entry.name, "", entry.phone, None)
                edit_person(deed, holder, facts, version=holder.version)
            deed.session.add(ImportedAccount(account_id=account.id, import_id=batch.id))
        deed.session.flush()

    def undo_effect(self, deed: Deed, batch: ImportBatch, *, holds: bool = False) -> UndoEffect:
        return effect_on_accounts(deed, batch, holds=holds)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return take_back_opened(deed, batch)


class _Judgement:
    """Judges row after row; remembers whom and which logins the rows before take."""

    def __init__(self, facts: AccountFacts) -> None:
        self._facts = facts
        self._logins = set(facts.logins)
        self._rows: dict[int | str, int] = {}
        self._roles: dict[int, set[Role]] = {}
        for held in facts.held:
            if held.role is not None:
                self._roles.setdefault(held.holder.id, set()).add(held.role)

    def look_at(self, row: AccountLine, number: int) -> tuple[AccountEntry | None, list[Refusal]]:
        """Return what a row opens, None if it is there already, and why it cannot be."""
        scope, refusals = self._scope_of(row)
        holder, unclear = self._holder_of(row, scope)
        refusals += unclear
        if row.role is not None and scope is not None and self._is_there(row, holder, scope):
            return None, refusals
        if row.login:
            refusals += rules.refusals_for_login(row.login, is_taken=row.login in self._logins)
        if holder is None and not unclear:
            refusals += rules.refusals_for_name(row.name)
            refusals += self._refusals_for_namesakes(row)
        if row.phone and (problem := check_phone(normalise_phone(row.phone))):
            refusals.append(Refusal("phone", "invalid_value", problem.sentence))
        first = self._rows.get(holder.id if holder else key_of(row.name), number)
        if first != number:
            sentence = f"与第{first}行是同一人；第二个角色请在账号页面提出授权。"
            refusals.append(Refusal("name", "duplicate", sentence))
        if row.role is not None and scope is not None and not unclear:
            refusals += rules.refusals_for_holder(
                row.role,
                organisation_id=holder.organisation_id if holder else None,
                scope_organisation_id=scope.organisation_id,
                may_be_unregistered=self._facts.is_operator,
            )
            held = self._roles.get(holder.id, set()) if holder else set()
            refusals += rules.refusals_for_grant(row.role, held)
        if refusals or row.role is None or scope is None:
            return None, refusals
        phone = normalise_phone(row.phone) if row.phone and holder is None else None
        login = row.login or self._free_login(row.name)
        return AccountEntry(
            login, row.name, row.role, scope.code, holder.id if holder else None, phone
        ), []

    def take(self, entry: AccountEntry, number: int) -> None:
        """Remember what a row opens."""
        self._logins.add(entry.login)
        key = entry.person_id if entry.person_id is not None else key_of(entry.name)
        self._rows.setdefault(key, number)

    def _scope_of(self, row: AccountLine) -> tuple[ScopeRow | None, list[Refusal]]:
        found = list(dict.fromkeys(self._facts.scopes.get(row.scope, ())))
        if row.role is None or not row.scope:
            return None, []
        found = [one for one in found if one.kind in rules.SCOPES_OF_ROLE[row.role]] or found
        if row.organisation:
            own = [one for one in found if one.code == row.organisation]
            if found and not own:
                sentence = f"信用代码 {row.organisation} 不是“{row.scope}”的代码，请核对两项。"
                return None, [Refusal("organisation", "invalid_value", sentence)]
            found = own
        if len(found) > 1:
            listed = "、".join(one.words for one in found)
            sentence = f"“{row.scope}”有 {len(found)} 处同名：{listed}。请改填代码。"
            return None, [Refusal("scope_code", "ambiguous", sentence)]
        kind = found[0].kind if found else None
        return (
            found[0] if found else None,
            rules.refusals_for_scope(row.role, row.scope, kind),
        )

    def _holder_of(
        self, row: AccountLine, scope: ScopeRow | None
    ) -> tuple[Holder | None, list[Refusal]]:
        if row.id_number:
            holder = self._facts.by_number.get(row.id_number)
            if holder is None:
                sentence = "没有登记该证件号码的人员；请核对号码，或先由机构登记。"
                return None, [Refusal("holder", "unknown_person", sentence)]
            if row.name and key_of(holder.name) != key_of(row.name):
                sentence = "该证件号码登记的不是这个姓名，请对照证件核对两项。"
                return holder, [Refusal("name", "invalid_value", sentence)]
            return holder, []
        if not _is_of_organisation(row.role) or scope is None or scope.organisation_id is None:
            return None, []
        found = self._facts.registered.get((scope.organisation_id, key_of(row.name)), [])
        if len(found) > 1:
            sentence = f"该机构登记了 {len(found)} 位“{row.name}”，请填写身份证件号。"
            return None, [Refusal("holder", "ambiguous", sentence)]
        return (found[0] if found else None), []

    def _is_there(self, row: AccountLine, holder: Holder | None, scope: ScopeRow) -> bool:
        return any(
            (held.role, held.scope_code) == (row.role, scope.code)
            and (held.login == row.login if row.login else True)
            and (
                held.holder.id == holder.id
                if holder
                else held.holder.organisation_id is None
                and key_of(held.holder.name) == key_of(row.name)
            )
            for held in self._facts.held
        )

    def _refusals_for_namesakes(self, row: AccountLine) -> Iterable[Refusal]:
        """Whether a new account belongs to somebody of that name who has one, a person decides."""
        logins = sorted(
            {
                held.login
                for held in self._facts.held
                if held.holder.organisation_id is None
                and key_of(held.holder.name) == key_of(row.name)
            }
        )
        if logins and not _is_of_organisation(row.role):
            sentence = f"已有同名使用人的账号 {'、'.join(logins)}；请在“开设账号”页面单独开设，并选择使用人。"
            yield Refusal("name", "ambiguous", sentence)

    def _free_login(self, name: str) -> str:
        made = _made_of(name)
        return next((login for login in made if login not in self._logins), made[-1])


def _is_of_organisation(role: Role | None) -> bool:
    return role in STAFF or role in MANAGERS


def _made_of(name: str) -> list[str]:
    """Return the logins that a name gives, in order: zhangwei, zhangwei2, zhangwei3."""
    syllables = order_of(name, of_person=True).split()[:-1]
    letters = "".join(one for one in syllables if one.isascii() and one.isalnum()).lower()
    base = (letters or "user")[:LONGEST_MADE].ljust(3, "0")
    return [base, *(f"{base}{number}" for number, _ in zip(count(2), range(NUMBERED)))]
