"""机构: who sends and who receives, known by the credit code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa

from models import ImportBatch, Organisation, Pairing, Region
from models.types import ImportKind, OrgType
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting, shown_value
from portal.imports.kind import Kind
from portal.imports.kinds.register_undo_actions import take_back_organisations
from portal.imports.queries import read_by_key, some_at_a_time
from portal.imports.report_rules import Verdict
from portal.imports.written_actions import FIRST, WrittenRow, note_written
from portal.organisations import rules
from portal.organisations.actions import add_organisations, edit_organisation, normalised, scope_of
from portal.organisations.queries import may_be_a_seat
from portal.organisations.rules import OrganisationFacts, Seat
from portal.personal_data.vault import Place
from portal.places.queries import full_region_names
from portal.refusals import Refusal
from portal.standards.phone import mask_phone

CODE, NAME, TYPE, REGION = "统一社会信用代码", "机构名称", "机构类型", "所在地代码"
LEGAL, CONTACT, PHONE, FOUNDED = "法定代表人", "联系人", "联系电话", "成立日期"

COLUMN_OF_FIELD = {
    "credit_code": CODE,
    "name": NAME,
    "type_reason": TYPE,
    "region_code": REGION,
    "legal_representative": LEGAL,
    "contact_name": CONTACT,
    "contact_phone": PHONE,
    "founded_on": FOUNDED,
}
"""Where a refusal of the rules stands in the file."""


class Stored(NamedTuple):
    """An organisation that is there: what it is, and whether the actor may change it."""

    id: int
    facts: OrganisationFacts
    province_code: str
    is_within_scope: bool
    pairing_codes: tuple[str, ...]


class Facts(NamedTuple):
    seats: dict[str, Seat]
    registrable: frozenset[str]
    stored: dict[str, Stored]
    may_register: bool
    scope: str


class Entry(NamedTuple):
    """An organisation to be written; ``id`` is None for a new one."""

    id: int | None
    facts: OrganisationFacts
    province_code: str


class Organisations(Kind):
    word = ImportKind.ORGANISATIONS
    permissions = ("organisation.register", "organisation.write")
    called_by = (NAME, CODE)
    about = "机构"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            CODE,
            cell_rules.long_code("invalid_credit_code"),
            "登记证书上的18位代码。",
            is_required=True,
            width=22,
        ),
        Column(NAME, cell_rules.name, "与登记证书一致的全称。", is_required=True, width=34),
        Column(
            TYPE,
            cell_rules.one_of(OrgType),
            "从下拉框选择；“其他”须在机构页面补充说明。",
            is_required=True,
            choices=tuple(kind.label for kind in OrgType),
            width=22,
        ),
        Column(REGION, cell_rules.code, "6位县（市、区）行政区划代码。", is_required=True),
        Column(LEGAL, cell_rules.name, "姓名。"),
        Column(CONTACT, cell_rules.name, "姓名。"),
        Column(PHONE, cell_rules.title, "手机号码，或带区号的固定电话。", mask=mask_phone),
        Column(FOUNDED, cell_rules.day, "如 2012-05-01。", look="date"),
    )
    examples = (
        (
            "52350102Y00000016P",
            "（示例）福州市某某社会工作服务中心",
            "社会工作服务机构",
            "350102",
            "张某",
            "李某",
            "0591-12345678",
            "2012-05-01",
        ),
    )
    notes = (
        "以统一社会信用代码识别机构：已登记的机构，按文件修改有变化的各项；空白的单元格不改动原有内容。",
    )

    def gather(self, deed: Deed, parsed: Parsed) -> Facts:
        seats = _seats(deed, parsed.distinct(REGION))
        return Facts(
            seats={code: seat for code, (seat, _) in seats.items()},
            registrable=frozenset(code for code, (_, registrable) in seats.items() if registrable),
            stored=_stored(deed, parsed.distinct(CODE)),
            may_register=deed.actor.holds("organisation.register"),
            scope=scope_of(deed),
        )

    def judge(self, parsed: Parsed, facts: Facts, setting: Setting) -> Verdict:
        verdict = self.verdict_on(parsed)
        first_rows: dict[str, int] = {}
        rows = parsed.rows(*(column.name for column in self.columns))
        for index, row in enumerate(rows):
            is_faulty = index in parsed.faults
            wanted = _facts_of(row, setting)
            stored = facts.stored.get(wanted.credit_code)
            if stored is not None:
                wanted = _filled(wanted, stored.facts)
            refusals = [
                *_about_the_file(wanted, first_rows, parsed.numbers[index], is_faulty=is_faulty),
                *_refusals(wanted, stored, facts, setting),
            ]
            for refusal in refusals:
                column = COLUMN_OF_FIELD.get(refusal.field, CODE)
                verdict.refuse(index, column, refusal.code, refusal.sentence)
            if index in verdict.refused:
                continue
            if stored is not None and stored.facts == wanted:
                verdict.unchanged += 1
                continue
            if wanted.type == OrgType.OTHER:
                verdict.warn(index, "type_reason", "机构类型为“其他”，请在机构页面补充类型说明。")
            entry_id = stored.id if stored is not None else None
            seat = facts.seats[wanted.region_code]
            entry = Entry(entry_id, wanted, seat.province_code)
            verdict.write(index, entry, _before(wanted, stored.facts) if stored else None)
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        session = deed.session
        plan: list[Entry] = verdict.plan
        made = add_organisations(
            deed, [(entry.facts, entry.province_code) for entry in plan if entry.id is None]
        )
        written = [WrittenRow(organisation_id, FIRST) for organisation_id in made]
        changes = {entry.id: entry.facts for entry in plan if entry.id is not None}
        for some in some_at_a_time(changes):
            for organisation in session.scalars(
                sa.select(Organisation).where(Organisation.id.in_(some))
            ):
                stood = _stored_facts(deed, organisation)._asdict()
                edit_organisation(
                    deed, organisation, changes[organisation.id], version=organisation.version
                )
                written.append(WrittenRow(organisation.id, organisation.version, stood))
        note_written(deed, batch, "organisation_id", written)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return take_back_organisations(deed, batch)


def _facts_of(row: tuple[Any, ...], setting: Setting) -> OrganisationFacts:
    code, name, kind, region, legal, contact, phone, founded = row
    # Where a required cell could not be read, nothing is said of it but that.
    code, name, region = code or "", name or "", region or ""
    reason = setting.reason[: rules.MAX_REASON] if kind == OrgType.OTHER else None
    return normalised(
        OrganisationFacts(code, name, kind, reason, region, legal, contact, phone, None, founded)
    )


def _filled(wanted: OrganisationFacts, stored: OrganisationFacts) -> OrganisationFacts:
    """Leave what the file says nothing about as it is."""
    kept = {
        name: getattr(stored, name)
        for name, value in wanted._asdict().items()
        if value is None or (name == "type_reason" and stored.type_reason)
    }
    if wanted.type != OrgType.OTHER:
        kept["type_reason"] = None
    return wanted._replace(**kept)


def _before(wanted: OrganisationFacts, stored: OrganisationFacts) -> dict[str, str]:
    """Return what stands in the columns in which a row differs."""
    return {
        column: shown_value(getattr(stored, field))
        for field, column in COLUMN_OF_FIELD.items()
        if field != "type_reason" and getattr(wanted, field) != getattr(stored, field)
    } | ({} if wanted.type == stored.type else {TYPE: stored.type.label})


def _about_the_file(
    wanted: OrganisationFacts, first_rows: dict[str, int], number: int, *, is_faulty: bool
) -> list[Refusal]:
    # A row that is refused stands in nobody's way.
    code = wanted.credit_code
    first = first_rows.get(code, number) if is_faulty else first_rows.setdefault(code, number)
    if first == number:
        return []
    return [
        Refusal("credit_code", "duplicate", f"与第{first}行是同一机构，请只保留一行。"),
    ]


def _refusals(
    wanted: OrganisationFacts, stored: Stored | None, facts: Facts, setting: Setting
) -> list[Refusal]:
    seat = facts.seats.get(wanted.region_code)
    if stored is not None and stored.is_within_scope:
        return [
            *rules.refusals_for_details(wanted, seat=seat, scope=facts.scope, today=setting.today),
            *rules.refusals_for_move(
                seat, province_code=stored.province_code, pairing_codes=stored.pairing_codes
            ),
        ]
    if not facts.may_register:
        # A manager brings in the own organisation only; whether others exist is not said.
        sentence = "您只能导入本机构的信息；其他机构请由当地民政部门登记。"
        return [Refusal("credit_code", "outside_scope", sentence)]
    if seat is not None:
        seat = seat._replace(is_within_scope=wanted.region_code in facts.registrable)
    return rules.refusals_for_organisation(
        wanted, seat=seat, is_taken=stored is not None, scope=facts.scope, today=setting.today
    )


def _seats(deed: Deed, codes: set[str]) -> dict[str, tuple[Seat, bool]]:
    """Return seats by code, and whether the actor may register somebody there."""
    session, actor = deed.session, deed.actor
    wanted = sa.select(
        Region.code,
        Region.province_code,
        within(Region, actor, "organisation.write").label("writes"),
        within(Region, actor, "organisation.register").label("registers"),
    ).where(may_be_a_seat())
    found = list(read_by_key(session, wanted, Region.code, codes))
    names: dict[str, str] = {}
    for some in some_at_a_time({row.code for row in found}):
        names |= full_region_names(session, some)
    return {
        row.code: (
            Seat(names[row.code], row.province_code, is_within_scope=bool(row.writes)),
            bool(row.registers),
        )
        for row in found
    }


def _stored(deed: Deed, codes: set[str]) -> dict[str, Stored]:
    session = deed.session
    wanted = sa.select(
        Organisation, within(Organisation, deed.actor, "organisation.write").label("writes")
    )
    found = list(read_by_key(session, wanted, Organisation.credit_code, codes))
    pairings = _pairing_codes(deed, {row.Organisation.id for row in found})
    return {
        row.Organisation.credit_code: Stored(
            row.Organisation.id,
            _stored_facts(deed, row.Organisation),
            row.Organisation.province_code,
            bool(row.writes),
            pairings.get(row.Organisation.id, ()),
        )
        for row in found
    }


def _stored_facts(deed: Deed, one: Organisation) -> OrganisationFacts:
    # A phone that does not open is none, so that the file's takes its place.
    phone = (
        deed.vault.find(
            one.contact_phone_sealed, Place("organisation", "contact_phone", one.credit_code)
        )
        if one.contact_phone_sealed
        else None
    )
    return OrganisationFacts(
        credit_code=one.credit_code,
        name=one.name,
        type=one.type,
        type_reason=one.type_reason,
        region_code=one.region_code,
        legal_representative=one.legal_representative,
        contact_name=one.contact_name,
        contact_phone=phone,
        bank_account=None,
        founded_on=one.founded_on,
        bank_name=one.bank_name,
    )


def _pairing_codes(deed: Deed, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    codes: dict[int, list[str]] = defaultdict(list)
    for side in (Pairing.sending_organisation_id, Pairing.receiving_organisation_id):
        for organisation_id, code in read_by_key(
            deed.session, sa.select(side, Pairing.code).order_by(Pairing.code), side, ids
        ):
            codes[organisation_id].append(code)
    return {organisation_id: tuple(sorted(some)) for organisation_id, some in codes.items()}
