"""选派人员: people assigned to pairings, sent or received."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple

from models import ImportBatch
from models.types import AssignmentState, ImportKind, Side
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting
from portal.imports.kind import Kind
from portal.imports.kinds.assignment_fact_rules import (
    Facts,
    PairingFacts,
    PersonFacts,
    PersonInFile,
)
from portal.imports.kinds.assignment_queries import gather, list_own_people
from portal.imports.kinds.assignment_undo_queries import effect_on_nominations
from portal.imports.naming_rules import NAME, PERSON_CODE, NamedPerson
from portal.imports.report_rules import Verdict
from portal.imports.rules import unknown_pairing
from portal.imports.undo_rules import UndoEffect
from portal.refusals import Refusal
from portal.staffing.qualification_rules import checks_of_person, shortfalls
from portal.staffing.rules import Span, refusals_for_assignment
from portal.staffing.set_actions import Nominee, assign_all, withdraw_brought
from portal.standards.id_number import mask_id_number
from portal.workdays.rules import Term

PAIRING, ID_NUMBER, SIDE, STARTS, ENDS = "结对编号", "身份证件号", "角色", "开始日期", "结束日期"

COLUMN_OF_FIELD = {
    "pairing": PAIRING,
    "person": ID_NUMBER,
    "name": NAME,
    "person_code": PERSON_CODE,
    "side": SIDE,
    "starts_on": STARTS,
    "ends_on": ENDS,
}


class Entry(NamedTuple):
    """An assignment to be written."""

    pairing: PairingFacts
    person_id: int
    side: Side
    span: Span
    is_qualified: bool


class Assignments(Kind):
    word = ImportKind.ASSIGNMENTS
    permissions = ("assignment.write",)
    called_by = (NAME, ID_NUMBER)
    about = "人员"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(PAIRING, cell_rules.pairing_code, "已建立的结对编号。", is_required=True, width=20),
        Column(
            ID_NUMBER,
            cell_rules.code,
            "已登记人员的18位公民身份号码。",
            is_required=True,
            width=22,
            mask=mask_id_number,
            instead=NAME,
            apart=PERSON_CODE,
        ),
        Column(
            SIDE,
            cell_rules.one_of(Side),
            "援派或受援，从下拉框选择。",
            is_required=True,
            choices=tuple(side.label for side in Side),
        ),
        Column(STARTS, cell_rules.day, "选派的首日。", is_required=True, look="date"),
        Column(ENDS, cell_rules.day, "选派的最后一日；留空表示到结对结束。", look="date"),
        Column(NAME, cell_rules.name, "不填身份证件号的，填写本方机构人员的姓名。", width=12),
        Column(PERSON_CODE, cell_rules.title, "同一机构有同名人员时填写，模板中已填好。", width=20),
    )
    examples = (("2022-640303-01", "659012198503010018", "援派", "2022-01-01", "", "", ""),)
    notes = (
        "机构负责人导入的选派须另行审批；不符合资格的人员可以导入，其工作日暂不计入。",
        f"“{ID_NUMBER}”和“{NAME}”填一项即可；都填时以“{ID_NUMBER}”为准。",
    )

    prepared = (NAME, PERSON_CODE)
    prepared_for = "按姓名填写，不需要身份证件号：下载已填好本机构人员的模板，选派的人填写结对编号、角色和日期，其他行留空。"

    def prepare(self, deed: Deed, month: date) -> list[tuple[Any, ...]]:  # noqa: ARG002 - of everybody, whatever the month
        return list_own_people(deed)

    def gather(self, deed: Deed, parsed: Parsed) -> Facts:
        return gather(
            deed,
            codes=parsed.distinct(PAIRING),
            id_numbers=parsed.distinct(ID_NUMBER),
            names=parsed.distinct(NAME),
            person_codes=parsed.distinct(PERSON_CODE),
            first_days=parsed.distinct(STARTS),
        )

    def name_in_register(self, facts: Facts, key: str | None) -> str:
        person = facts.people.get(key or "")
        return person.name if person else ""

    def judge(self, parsed: Parsed, facts: Facts, setting: Setting) -> Verdict:
        verdict = self.verdict_on(parsed)
        ahead: dict[tuple[int, int], list[Span]] = {}
        for index, row in enumerate(parsed.rows(*(column.name for column in self.columns))):
            wanted = _Wanted.of(row, facts, knows_side=SIDE not in parsed.unread(index))
            refusals = list(_about_the_two(wanted))
            if unread := parsed.unread(index):
                refusals += wanted.refusals_for_the_rest(unread, facts)
            elif wanted.pairing and wanted.person:
                if wanted.is_there(facts):
                    verdict.unchanged += 1
                    continue
                refusals += wanted.refusals(facts, ahead)
            for refusal in refusals:
                column = COLUMN_OF_FIELD[refusal.field]
                verdict.refuse(index, column, refusal.code, refusal.sentence)
            if index in verdict.refused:
                continue
            assert wanted.pairing
            assert wanted.person
            ahead.setdefault((wanted.pairing.id, wanted.person.id), []).append(wanted.span)
            lacking = wanted.shortfalls(facts)
            for one in lacking:
                sentence = f"{wanted.side.label}人员暂不符合资格，可以导入：{one.sentence}"
                verdict.warn(index, one.code, sentence)
            verdict.write(
                index,
                Entry(wanted.pairing, wanted.person.id, wanted.side, wanted.span, not lacking),
                filled={ENDS: str(wanted.span.ends_on)},
            )
            verdict.decided += setting.actor.is_operator
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        assign_all(
            deed,
            [
                Nominee(
                    entry.pairing.id,
                    entry.person_id,
                    entry.pairing.organisation_of(entry.side),
                    entry.side,
                    entry.span.starts_on,
                    entry.span.ends_on,
                    entry.is_qualified,
                )
                for entry in verdict.plan
            ],
            f"批量导入：{batch.file_name}",
            import_id=batch.id,
        )

    def undo_effect(self, deed: Deed, batch: ImportBatch, *, holds: bool = False) -> UndoEffect:
        return effect_on_nominations(deed, batch, holds=holds)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return withdraw_brought(deed, batch.id)


class _Wanted(NamedTuple):
    """A row of the file beside what it names.

    ``namesakes`` are whom the name of a row may mean; None where nobody is looked for, since without
    a pairing and a side nobody knows in which organisation.
    """

    pairing_code: str
    pairing: PairingFacts | None
    named: NamedPerson
    person: PersonFacts | None
    namesakes: tuple[PersonInFile, ...] | None
    side: Side
    span: Span
    has_end: bool

    @classmethod
    def of(cls, row: tuple[Any, ...], facts: Facts, *, knows_side: bool) -> _Wanted:
        pairing_code, id_number, side, starts_on, ends_on, *called = row
        pairing = facts.pairings.get(pairing_code)
        last = ends_on or (pairing.ends_on if pairing else starts_on)
        named = NamedPerson.of(id_number, *called)
        person, namesakes = facts.people.get(id_number), None
        if named.field == "name" and pairing is not None and knows_side:
            namesakes = tuple(facts.members_called(named, pairing.organisation_of(side)))
            person = namesakes[0].person if len(namesakes) == 1 else None
        return cls(
            pairing_code,
            pairing,
            named,
            person,
            namesakes,
            side,
            Span(starts_on, last),
            has_end=ends_on is not None,
        )

    def terms(self, facts: Facts) -> list[Term]:
        assert self.pairing
        assert self.person
        return facts.terms.get((self.pairing.id, self.person.id), [])

    def is_there(self, facts: Facts) -> bool:
        """Is this very assignment stored? Without an end in the file, whatever end it has."""
        return any(
            term.side == self.side
            and term.starts_on == self.span.starts_on
            and (not self.has_end or term.ends_on == self.span.ends_on)
            and term.state != AssignmentState.REJECTED
            for term in self.terms(facts)
        )

    def refusals(self, facts: Facts, ahead: dict[tuple[int, int], list[Span]]) -> Iterable[Refusal]:
        """Ask the rule; ``ahead`` are the spans of the rows before."""
        assert self.pairing
        assert self.person
        year = facts.work_years.on(self.span.starts_on, self.pairing.receiving_province_code)
        stored = [
            Span(term.starts_on, term.ends_on)
            for term in self.terms(facts)
            if term.state != AssignmentState.REJECTED
        ]
        yield from refusals_for_assignment(
            self.span,
            pairing=Span(self.pairing.starts_on, self.pairing.ends_on),
            life=self.pairing.life,
            is_member=self.person.organisation_id == self.pairing.organisation_of(self.side),
            others=[*stored, *ahead.get((self.pairing.id, self.person.id), [])],
            closed_year=year.year if year and year.is_closed else None,
            is_approved=facts.is_operator,
        )
        if any(
            term.state == AssignmentState.REJECTED
            and (term.side, term.starts_on) == (self.side, self.span.starts_on)
            for term in self.terms(facts)
        ):
            yield Refusal(
                "starts_on",
                "duplicate",
                "该人员同一首日的选派此前未获批准或已撤回，请核对后改用其他开始日期。",
            )

    def refusals_for_the_rest(self, unread: frozenset[str], facts: Facts) -> Iterable[Refusal]:
        """Say what is wrong with the cells that could be read, where others could not."""
        if not (self.pairing and self.person):
            return
        needed = {
            "not_a_member": {SIDE},
            "outside_pairing": {STARTS},
            "invalid_value": {STARTS, ENDS},
            "closed_year": {STARTS},
        }
        whole = self
        if STARTS in unread:
            whole = self._replace(span=Span(self.pairing.starts_on, self.pairing.ends_on))
        for refusal in whole.refusals(facts, {}):
            if refusal.code in needed and not needed[refusal.code] & unread:
                yield refusal

    def shortfalls(self, facts: Facts) -> list[Refusal]:
        assert self.person
        return shortfalls(
            checks_of_person(
                side=self.side,
                certificates=facts.certificates.get(self.person.id, []),
                service_started_on=self.person.service_started_on,
                first_day=self.span.starts_on,
                policy=facts.policies[self.span.starts_on],
            )
        )


def _about_the_two(wanted: _Wanted) -> Iterable[Refusal]:
    if wanted.pairing is None:
        yield unknown_pairing(wanted.pairing_code)
    if wanted.named.field == "name":
        if wanted.namesakes is not None and wanted.person is None:
            yield _unknown_name(wanted, wanted.namesakes)
    elif wanted.person is None and wanted.named.id_number is not None:
        yield Refusal(
            "person",
            "unknown_person",
            "没有找到该证件号码的人员，或不在您的管辖范围内；请核对号码，或先登记人员。",
        )


def _unknown_name(wanted: _Wanted, namesakes: Sequence[PersonInFile]) -> Refusal:
    named = wanted.named
    if len(namesakes) > 1:
        listed = "、".join(one.words for one in namesakes)
        sentence = (
            f"该机构有 {len(namesakes)} 位“{named.name}”：{listed}；"
            f"请在“{PERSON_CODE}”列填写其中一个编号。"
        )
        return Refusal("person_code", "ambiguous", sentence)
    sentence = (
        f"您可以提名的人员中，结对 {wanted.pairing_code} 的{wanted.side.label}机构没有“{named.shown}”；"
        f"请核对“{NAME}”“{PERSON_CODE}”和“{SIDE}”，或先登记人员。"
    )
    return Refusal("name", "unknown_person", sentence)
