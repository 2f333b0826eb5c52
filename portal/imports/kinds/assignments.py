"""选派人员: people assigned to pairings, sent or received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa

from models import ImportBatch, Pairing, Person
from models.types import AssignmentState, ImportKind, Side
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting, WorkYears
from portal.imports.kind import Kind
from portal.imports.queries import (
    load_certificates,
    load_terms,
    load_work_years,
    pairings_by_code,
    read_by_key,
)
from portal.imports.report_rules import Verdict
from portal.imports.rules import unknown_pairing
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import lives_without_effect
from portal.people.rules import CertificateFacts
from portal.programme.policy import Policy
from portal.programme.queries import policies_on
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
    "side": SIDE,
    "starts_on": STARTS,
    "ends_on": ENDS,
}


class PairingFacts(NamedTuple):
    id: int
    code: str
    sending_organisation_id: int
    receiving_organisation_id: int
    receiving_province_code: str
    starts_on: date
    ends_on: date
    life: PairingLife

    def organisation_of(self, side: Side) -> int:
        return self.sending_organisation_id if side == Side.SENT else self.receiving_organisation_id


class PersonFacts(NamedTuple):
    id: int
    organisation_id: int | None
    service_started_on: date | None


class Facts(NamedTuple):
    pairings: dict[str, PairingFacts]
    people: dict[str, PersonFacts]
    certificates: dict[int, list[CertificateFacts]]
    terms: dict[tuple[int, int], list[Term]]
    work_years: WorkYears
    policies: dict[date, Policy]
    is_operator: bool


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
    can_be_taken_back = True
    columns: ClassVar[tuple[Column, ...]] = (
        Column(PAIRING, cell_rules.pairing_code, "已建立的结对编号。", is_required=True, width=20),
        Column(
            ID_NUMBER,
            cell_rules.code,
            "已登记人员的18位公民身份号码。",
            is_required=True,
            width=22,
            mask=mask_id_number,
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
    )
    examples = (("2022-640303-01", "659012198503010018", "援派", "2022-01-01", ""),)
    notes = ("机构负责人导入的选派须另行审批；不符合资格的人员可以导入，其工作日暂不计入。",)

    def gather(self, deed: Deed, parsed: Parsed) -> Facts:
        session = deed.session
        pairings = _pairings(deed, parsed.distinct(PAIRING))
        people = _people(deed, parsed.distinct(ID_NUMBER))
        return Facts(
            pairings=pairings,
            people=people,
            certificates=load_certificates(session, {person.id for person in people.values()}),
            terms=load_terms(session, {pairing.id for pairing in pairings.values()}).of,
            work_years=load_work_years(session),
            policies=policies_on(session, parsed.distinct(STARTS)),
            is_operator=deed.actor.is_operator,
        )

    def judge(self, parsed: Parsed, facts: Facts, setting: Setting) -> Verdict:
        verdict = self.verdict_on(parsed)
        ahead: dict[tuple[int, int], list[Span]] = {}
        for index, row in enumerate(parsed.rows(*(column.name for column in self.columns))):
            wanted = _Wanted.of(row, facts)
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

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return withdraw_brought(deed, batch.id)


class _Wanted(NamedTuple):
    """A row of the file beside what it names."""

    pairing_code: str
    pairing: PairingFacts | None
    person: PersonFacts | None
    side: Side
    span: Span
    has_end: bool

    @classmethod
    def of(cls, row: tuple[Any, ...], facts: Facts) -> _Wanted:
        pairing_code, id_number, side, starts_on, ends_on = row
        pairing = facts.pairings.get(pairing_code)
        last = ends_on or (pairing.ends_on if pairing else starts_on)
        person = facts.people.get(id_number)
        return cls(
            pairing_code, pairing, person, side, Span(starts_on, last), has_end=ends_on is not None
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
    if wanted.person is None:
        yield Refusal(
            "person",
            "unknown_person",
            "没有找到该证件号码的人员，或不在您的管辖范围内；请核对号码，或先登记人员。",
        )


def _pairings(deed: Deed, codes: set[str]) -> dict[str, PairingFacts]:
    names = [name for name in PairingFacts._fields if name != "life"]
    wanted = sa.select(*(getattr(Pairing, name) for name in names), Pairing.state).where(
        within(Pairing, deed.actor, "assignment.write")
    )
    found = pairings_by_code(deed.session, wanted, codes)
    lives = lives_without_effect(deed.session, {row.id for row in found.values()})
    return {
        code: PairingFacts._make(
            [*facts, lives.get(facts[0]) or PairingLife(facts[1], state, is_confirmed=True)]
        )
        for code, (*facts, state) in found.items()
    }


def _people(deed: Deed, id_numbers: set[str]) -> dict[str, PersonFacts]:
    by_index = {deed.vault.index(number): number for number in id_numbers}
    wanted = sa.select(
        Person.id_number_index, *(getattr(Person, name) for name in PersonFacts._fields)
    ).where(within(Person, deed.actor, "assignment.write"))
    return {
        by_index[index]: PersonFacts(*facts)
        for index, *facts in read_by_key(deed.session, wanted, Person.id_number_index, by_index)
    }
