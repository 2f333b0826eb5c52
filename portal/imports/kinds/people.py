"""人员: who works in an organisation, known by the ID number, with one certificate a row."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa

from models import ImportBatch, Organisation, Person
from models.types import CertLevel, ImportKind
from portal.access.scope import within
from portal.changes.actions import edit_person, record_certificate
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting, shown_value
from portal.imports.kind import Kind
from portal.imports.kinds.people_queries import Facts, Stored, frozen_of, holders_of, stored_of
from portal.imports.kinds.register_undo_actions import take_back_people
from portal.imports.queries import read_by_key, some_at_a_time
from portal.imports.report_rules import Verdict
from portal.imports.written_actions import FIRST, WrittenRow, note_written
from portal.people import rules
from portal.people.actions import normalised
from portal.people.rules import CertificateFacts, PersonFacts
from portal.people.set_actions import Newcomer, add_people
from portal.places.queries import known_region_codes
from portal.programme.queries import policies_on
from portal.refusals import Refusal
from portal.staffing.frozen_queries import refusals_for_turning
from portal.standards.credit_code import check_credit_code
from portal.standards.id_number import mask_id_number
from portal.standards.phone import mask_phone

ORGANISATION, NAME, ID_NUMBER, PHONE = "机构信用代码", "姓名", "身份证件号", "手机号"
LEVEL, NUMBER, ISSUED, STARTED = "证书等级", "证书编号", "证书取得日期", "从事社会工作起始日期"

COLUMN_OF_FIELD = {
    "name": NAME,
    "id_number": ID_NUMBER,
    "phone": PHONE,
    "certificate_level": LEVEL,
    "certificate_number": NUMBER,
    "certificate_issued_on": ISSUED,
    "service_started_on": STARTED,
    "organisation": ORGANISATION,
}


class Entry(NamedTuple):
    """A person to be written; ``id`` is None for a new one, ``certificate`` is one that changes."""

    id: int | None
    organisation_id: int
    facts: PersonFacts
    is_changed: bool
    certificate: CertificateFacts | None


class People(Kind):
    word = ImportKind.PEOPLE
    permissions = ("person.write",)
    called_by = (NAME, ID_NUMBER)
    about = "人员"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            ORGANISATION,
            cell_rules.long_code("invalid_credit_code"),
            "所属机构的18位统一社会信用代码，机构须已登记。",
            is_required=True,
            width=22,
        ),
        Column(NAME, cell_rules.name, "与证件一致。", is_required=True),
        Column(
            ID_NUMBER,
            cell_rules.long_code("invalid_id_number"),
            "18位公民身份号码。",
            is_required=True,
            width=22,
            mask=mask_id_number,
        ),
        Column(PHONE, cell_rules.title, "11位手机号码。", mask=mask_phone),
        Column(
            LEVEL,
            cell_rules.one_of(CertLevel),
            "从下拉框选择；没有证书留空。",
            choices=tuple(level.label for level in CertLevel),
        ),
        Column(NUMBER, cell_rules.title, "证书上的管理号。", width=24),
        Column(ISSUED, cell_rules.day, "证书上的批准日期。", look="date"),
        Column(STARTED, cell_rules.day, "直接从事社会工作服务的起始日期。", look="date", width=22),
    )
    examples = (
        (
            "52350102Y00000016P",
            "（示例）王某",
            "659012198503010018",
            "13800138000",
            "社会工作师",
            "示例001",
            "2018-06-01",
            "2015-01-01",
        ),
    )
    notes = (
        "以身份证件号识别人员：本机构已登记的人员，按文件修改有变化的各项；空白的单元格不改动原有内容。",
        "一行只写一个证书；同一人另有其他等级的证书，请在人员页面登记。",
    )

    def gather(self, deed: Deed, parsed: Parsed) -> Facts:
        wanted = sa.select(Organisation.credit_code, Organisation.id).where(
            within(Organisation, deed.actor, "person.write")
        )
        found = read_by_key(
            deed.session, wanted, Organisation.credit_code, parsed.distinct(ORGANISATION)
        )
        stored = stored_of(deed, parsed.distinct(ID_NUMBER))
        frozen = frozen_of(deed, {one.id for one in stored.values()})
        first_days = {one.starts_on for rows in frozen.values() for one in rows}
        return Facts(
            organisations=dict(tuple(row) for row in found),
            stored=stored,
            holders=holders_of(deed, parsed.distinct(NUMBER)),
            region_codes=known_region_codes(deed.session),
            frozen=frozen,
            policies=policies_on(deed.session, first_days),
        )

    def judge(self, parsed: Parsed, facts: Facts, setting: Setting) -> Verdict:
        verdict = self.verdict_on(parsed)
        seen = _Seen({}, {})
        for index, row in enumerate(parsed.rows(*(column.name for column in self.columns))):
            number = parsed.numbers[index]
            unread = parsed.unread(index)
            # A row that is refused stands in nobody's way.
            before = _Seen(*(ChainMap({}, known) for known in seen)) if unread else seen
            for refusal in _refusals(_with_blanks(row), facts, setting, before, number):
                column = COLUMN_OF_FIELD.get(refusal.field, ID_NUMBER)
                if column == NUMBER and refusal.code == "duplicate" and ID_NUMBER in unread:
                    continue  # whose certificate it is, nobody knows
                verdict.refuse(index, column, refusal.code, refusal.sentence)
            if index in verdict.refused:
                continue
            entry = _entry(row, facts)
            for refusal in _about_closed_years(
                entry, facts, facts.stored.get(entry.facts.id_number)
            ):
                column = STARTED if entry.certificate is None else LEVEL
                verdict.refuse(index, column, refusal.code, refusal.sentence)
            if index in verdict.refused:
                continue
            if entry.certificate and (missing := rules.missing_on(entry.certificate)):
                level, lacking = entry.certificate.level.label, "和".join(missing)
                sentence = f"{level}证书没有填写{lacking}，可以导入，补齐前不作为资格证明。"
                verdict.warn(index, "certificate_incomplete", sentence)
            if entry.id is not None and not entry.is_changed and entry.certificate is None:
                verdict.unchanged += 1
            else:
                stored = facts.stored[entry.facts.id_number] if entry.id is not None else None
                verdict.write(index, entry, _before(entry, stored) if stored else None)
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        session = deed.session
        plan: list[Entry] = verdict.plan
        made = add_people(
            deed,
            [
                Newcomer(entry.organisation_id, entry.facts, entry.certificate)
                for entry in plan
                if entry.id is None
            ],
        )
        written = [WrittenRow(person_id, FIRST) for person_id in made]
        changes = {entry.id: entry for entry in plan if entry.id is not None}
        stored = {
            one.id: one
            for one in stored_of(
                deed, {entry.facts.id_number for entry in changes.values()}
            ).values()
        }
        for some in some_at_a_time(changes):
            for person in session.scalars(sa.select(Person).where(Person.id.in_(some))):
                entry = changes[person.id]
                _change(deed, person, entry)
                stood = _what_stands(stored[person.id], entry)
                written.append(WrittenRow(person.id, person.version, stood))
        note_written(deed, batch, "person_id", written)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return take_back_people(deed, batch)


class _Seen(NamedTuple):
    """Row numbers by ID number, and rows and ID numbers by certificate number, of the rows before."""

    people: MutableMapping[str, int]
    certificates: MutableMapping[str, tuple[int, str]]


def _with_blanks(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row with an empty text where a required cell could not be read."""
    return (*(cell or "" for cell in row[:3]), *row[3:])


def _refusals(
    row: tuple[Any, ...], facts: Facts, setting: Setting, seen: _Seen, number: int
) -> list[Refusal]:
    wanted, certificate = _facts_of(row), _certificate_of(row)
    organisation_id = facts.organisations.get(row[0])
    stored = facts.stored.get(wanted.id_number)
    is_member = stored is not None and stored.organisation_id == organisation_id
    refusals = [*_about_the_organisation(row[0], organisation_id), *_about_the_level(row)]
    first = seen.people.setdefault(wanted.id_number, number)
    if first != number:
        sentence = f"与第{first}行是同一人，请只保留一行；其他等级的证书请在人员页面登记。"
        refusals.append(Refusal("id_number", "duplicate", sentence))
    if organisation_id is None:
        # Whether somebody or a certificate is registered elsewhere is not said to whoever may not
        # register either.
        stored, is_member = None, False
        facts = facts._replace(holders={})
    if stored is not None and is_member:
        filled = _filled(wanted, stored.facts)
        refusals += rules.refusals_for_details(filled, today=setting.today)
    else:
        refusals += rules.refusals_for_person(
            wanted,
            region_codes=facts.region_codes,
            is_taken=stored is not None,
            today=setting.today,
        )
    if certificate:
        refusals += _about_the_certificate(
            certificate, wanted, stored, facts, setting, seen, number
        )
    return refusals


def _about_the_organisation(credit_code: str, organisation_id: int | None) -> list[Refusal]:
    if organisation_id is not None:
        return []
    problem = check_credit_code(credit_code)
    if problem:
        return [Refusal("organisation", "invalid_credit_code", problem.sentence)]
    return [
        Refusal(
            "organisation",
            "unknown_organisation",
            f"没有找到信用代码为 {credit_code} 的机构，或您不能为该机构登记人员；"
            "请核对代码，或先登记机构。",
        )
    ]


def _about_the_level(row: tuple[Any, ...]) -> list[Refusal]:
    level, number, issued = row[4:7]
    if level is None and (number or issued):
        return [
            Refusal(
                "certificate_level", "missing_value", "填写了证书编号或取得日期，请选择证书等级。"
            )
        ]
    return []


def _about_the_certificate(
    certificate: CertificateFacts,
    wanted: PersonFacts,
    stored: Stored | None,
    facts: Facts,
    setting: Setting,
    seen: _Seen,
    number: int,
) -> list[Refusal]:
    holder = facts.holders.get(certificate.number or "")
    is_taken = holder is not None and (stored is None or holder != stored.id)
    refusals = rules.refusals_for_certificate(
        certificate, number_is_taken=is_taken, today=setting.today
    )
    if certificate.number:
        row, owner = seen.certificates.setdefault(certificate.number, (number, wanted.id_number))
        if owner != wanted.id_number:
            sentence = f"证书编号 {certificate.number} 与第{row}行重复，请对照证书核对。"
            refusals.append(Refusal("certificate_number", "duplicate", sentence))
    return refusals


def _facts_of(row: tuple[Any, ...]) -> PersonFacts:
    _, name, id_number, phone, *_, started = row
    return normalised(PersonFacts(name, id_number, phone, started))


def _certificate_of(row: tuple[Any, ...]) -> CertificateFacts | None:
    level, number, issued = row[4:7]
    return CertificateFacts(level, number, issued) if level else None


def _filled(wanted: PersonFacts, stored: PersonFacts) -> PersonFacts:
    """Leave what the file says nothing about as it is."""
    return wanted._replace(
        phone=wanted.phone or stored.phone,
        service_started_on=wanted.service_started_on or stored.service_started_on,
    )


def _entry(row: tuple[Any, ...], facts: Facts) -> Entry:
    wanted, certificate = _facts_of(row), _certificate_of(row)
    organisation_id = facts.organisations[row[0]]
    stored = facts.stored.get(wanted.id_number)
    if stored is None:
        return Entry(None, organisation_id, wanted, is_changed=True, certificate=certificate)
    wanted = _filled(wanted, stored.facts)
    if certificate:
        before = stored.certificates.get(certificate.level)
        if before:
            certificate = certificate._replace(
                number=certificate.number or before.number,
                issued_on=certificate.issued_on or before.issued_on,
            )
        certificate = None if certificate == before else certificate
    return Entry(stored.id, organisation_id, wanted, wanted != stored.facts, certificate)


def _before(entry: Entry, stored: Stored) -> dict[str, str]:
    """Return what stands in the columns in which a row differs."""
    pairs: list[tuple[str, Any, Any]] = [
        (NAME, entry.facts.name, stored.facts.name),
        (PHONE, entry.facts.phone, stored.facts.phone),
        (STARTED, entry.facts.service_started_on, stored.facts.service_started_on),
    ]
    if certificate := entry.certificate:
        before = stored.certificates.get(certificate.level)
        pairs += [
            (LEVEL, certificate.level.label, before.level.label if before else None),
            (NUMBER, certificate.number, before.number if before else None),
            (ISSUED, certificate.issued_on, before.issued_on if before else None),
        ]
    return {column: shown_value(stood) for column, wanted, stood in pairs if wanted != stood}


def _about_closed_years(entry: Entry, facts: Facts, stored: Stored | None) -> list[Refusal]:
    if stored is None or stored.id not in facts.frozen:
        return []
    certificates = dict(stored.certificates)
    if entry.certificate:
        certificates[entry.certificate.level] = entry.certificate
    return refusals_for_turning(
        facts.frozen[stored.id],
        certificates=list(certificates.values()),
        service_started_on=entry.facts.service_started_on,
        policies=facts.policies,
    )


def _what_stands(stored: Stored, entry: Entry) -> dict[str, Any]:
    """Return what stands of a person before an entry changes it, with the certificate of its level."""
    level = entry.certificate.level if entry.certificate else None
    certificate = stored.certificates.get(level) if level else None
    return {
        **stored.facts._asdict(),
        "level": level,
        "certificate": certificate and (certificate.number, certificate.issued_on),
    }


def _change(deed: Deed, person: Person, entry: Entry) -> None:
    if entry.is_changed:
        edit_person(deed, person, entry.facts, version=person.version)
    if entry.certificate:
        record_certificate(deed, person, entry.certificate)
