"""结对: one sending with one receiving organisation, for a county, and its agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa

from models import ImportBatch, Organisation, Pairing
from models.types import ImportKind, Line, PairingState, Side
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting, shown_value
from portal.imports.kind import Kind
from portal.imports.kinds.pairing_queries import Facts, OrganisationFacts, Stored, gather
from portal.imports.kinds.register_undo_actions import take_back_pairings
from portal.imports.queries import some_at_a_time
from portal.imports.report_rules import Verdict
from portal.imports.rules import PairingSpan, refusals_for_overlap
from portal.imports.written_actions import WrittenRow, note_written
from portal.pairings import rules
from portal.pairings.actions import create_pairing, record_agreement
from portal.pairings.life_rules import Need, PairingLife, Use, Wait, refusals_for_use
from portal.refusals import Refusal
from portal.standards.credit_code import check_credit_code

CODE, SENDING, RECEIVING, COUNTY = "结对编号", "援派机构信用代码", "受援机构信用代码", "受援县代码"
LINE, STARTS, ENDS, NUMBER, SIGNED = "任务线", "开始日期", "结束日期", "协议编号", "协议签订日期"

COLUMN_OF_FIELD = {
    "": CODE,
    "code": CODE,
    "sending": SENDING,
    "receiving": RECEIVING,
    "county": COUNTY,
    "line": LINE,
    "starts_on": STARTS,
    "ends_on": ENDS,
    "number": NUMBER,
    "signed_on": SIGNED,
}


class Row(NamedTuple):
    """A row as it stands in the file."""

    code: str
    sending: str
    receiving: str
    county_code: str
    line: Line
    starts_on: date
    ends_on: date | None
    number: str | None
    signed_on: date | None


class Entry(NamedTuple):
    """A pairing to be written: made, if ``id`` is None, and its agreement recorded, if there is one."""

    id: int | None
    row: Row
    sending_id: int
    receiving_id: int
    agreement: tuple[str, date] | None


class Pairings(Kind):
    word = ImportKind.PAIRINGS
    permissions = ("pairing.write",)
    called_by = (CODE,)
    about = "结对"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            CODE,
            cell_rules.pairing_code,
            "全国唯一的编号，如 2022-640303-01。",
            is_required=True,
            width=20,
        ),
        *(
            Column(
                name,
                cell_rules.long_code("invalid_credit_code"),
                "已登记机构的18位统一社会信用代码。",
                is_required=True,
                width=22,
            )
            for name in (SENDING, RECEIVING)
        ),
        Column(COUNTY, cell_rules.code, "6位县级行政区划代码。", is_required=True),
        Column(
            LINE,
            cell_rules.one_of(Line),
            "从下拉框选择；留空为“重点县”。",
            default=Line.KEY_COUNTY,
            choices=tuple(line.label for line in Line),
        ),
        Column(STARTS, cell_rules.day, "结对的首日。", is_required=True, look="date"),
        Column(ENDS, cell_rules.day, "结对的最后一日；留空表示到本期计划结束。", look="date"),
        Column(
            NUMBER, cell_rules.title_up_to(rules.MAX_AGREEMENT_NUMBER), "已签订帮扶协议的编号。"
        ),
        Column(SIGNED, cell_rules.day, "协议的签订日期。", look="date"),
    )
    examples = (
        (
            "2022-640303-01",
            "52350102Y00000016P",
            "52640303Y00000024B",
            "640303",
            "重点县",
            "2022-01-01",
            "",
            "示例协议1号",
            "2022-01-01",
        ),
    )
    notes = (
        "省级导入的跨省结对须由另一省确认后才能登记协议：先不填协议两列导入，确认后再填上导入一次。",
        "帮扶方式（跨省、省内）由两家机构所在省份决定，不必填写。",
        "已建立的结对再次导入时，只登记新的或有变化的协议；其他内容不同会提示错误。",
    )

    def gather(self, deed: Deed, parsed: Parsed) -> Facts:
        return gather(
            deed,
            codes=parsed.distinct(CODE),
            credit_codes=parsed.distinct(SENDING) | parsed.distinct(RECEIVING),
            county_codes=parsed.distinct(COUNTY),
            first_days=parsed.distinct(STARTS),
        )

    def judge(self, parsed: Parsed, facts: Facts, setting: Setting) -> Verdict:
        verdict = self.verdict_on(parsed)
        ahead = _Ahead(facts)
        first_rows: dict[str, int] = {}
        for index, cells_of_row in enumerate(
            parsed.rows(*(column.name for column in self.columns))
        ):
            unread = parsed.unread(index)
            row = Row(*cells_of_row)
            number = parsed.numbers[index]
            first = number if unread else first_rows.setdefault(row.code, number)
            if unread or first != number:
                if first != number:
                    sentence = (
                        f"结对编号“{row.code}”与第{first}行重复，请改用其他编号或只保留一行。"
                    )
                    verdict.refuse(index, CODE, "duplicate", sentence)
                for refusal in _about_the_rest(row, unread, facts, setting):
                    column = COLUMN_OF_FIELD[refusal.field]
                    verdict.refuse(index, column, refusal.code, refusal.sentence)
                continue
            stored = facts.stored.get(row.code)
            if stored is not None and stored.is_within_scope:
                refusals = _about_changes(row, stored, facts)
            else:
                refusals = [*_about_the_code(row, stored), *_about_the_pairing(row, facts, ahead)]
            agreement, more = _agreement(row, stored, facts, setting)
            for refusal in (*refusals, *more):
                column = COLUMN_OF_FIELD[refusal.field]
                verdict.refuse(index, column, refusal.code, refusal.sentence)
            if index in verdict.refused:
                continue
            if stored is not None and agreement is None:
                verdict.unchanged += 1
                continue
            sending_id = facts.organisations[row.sending].id
            receiving_id = facts.organisations[row.receiving].id
            if stored is None:
                ahead.add(row, sending_id, receiving_id, f"（第{first}行）")
            stored_id = stored.id if stored else None
            entry = Entry(stored_id, row, sending_id, receiving_id, agreement)
            ends_on = row.ends_on or facts.last_day_of_programme(row.starts_on)
            filled = {LINE: row.line.label, ENDS: str(ends_on)} if stored is None else {}
            verdict.write(index, entry, _before(agreement, stored), filled)
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        session = deed.session
        plan: list[Entry] = verdict.plan
        new = [entry for entry in plan if entry.id is None]
        organisations = _objects(
            deed, Organisation, {id_ for one in new for id_ in (one.sending_id, one.receiving_id)}
        )
        pairings = _objects(deed, Pairing, {one.id for one in plan if one.id is not None})
        written = []
        for entry in plan:
            row = entry.row
            stood = _agreement_of(pairings[entry.id]) if entry.id is not None else None
            pairing = (
                pairings[entry.id]
                if entry.id is not None
                else create_pairing(
                    deed,
                    code=row.code,
                    sending=organisations[entry.sending_id],
                    receiving=organisations[entry.receiving_id],
                    county_code=row.county_code,
                    line=row.line,
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                )
            )
            if entry.agreement:
                number, signed_on = entry.agreement
                record_agreement(deed, pairing, number=number, signed_on=signed_on)
            session.flush()
            written.append(WrittenRow(pairing.id, pairing.version, stood))
        note_written(deed, batch, "pairing_id", written)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return take_back_pairings(deed, batch)


class _Ahead:
    """What the rows before have taken: places by side, organisation and year, and spans."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._partners: dict[str, dict[int, dict[int, str]]] = {
            side: defaultdict(dict) for side in ("sending", "receiving")
        }
        self._spans: dict[tuple[int, int], list[PairingSpan]] = defaultdict(list)

    def standing(self, side: str, one: OrganisationFacts, day: date) -> rules.Party:
        partners = {
            **self._partners[side].get(one.id, {}),
            **self._facts.partners[side].get(one.id, {}),
        }
        allows_several = self._facts.policies[day][f"allow_multi_{side}"]
        return rules.Party(one.id, one.province_code, partners, allows_several)

    def spans(self, sending_id: int, receiving_id: int) -> list[PairingSpan]:
        key = (sending_id, receiving_id)
        return [*self._facts.spans.get(key, ()), *self._spans.get(key, ())]

    def add(self, row: Row, sending_id: int, receiving_id: int, where: str) -> None:
        ends_on = row.ends_on or self._facts.last_day_of_programme(row.starts_on)
        province_code = self._facts.counties.names[row.county_code][1]
        for year in self._facts.work_years.between(row.starts_on, ends_on, province_code):
            self._partners["sending"][sending_id].setdefault(year.year, row.code)
            self._partners["receiving"][receiving_id].setdefault(year.year, row.code)
        span = PairingSpan(f" {row.code}{where}", row.starts_on, ends_on)
        self._spans[sending_id, receiving_id].append(span)


def _about_the_code(row: Row, stored: Stored | None) -> list[Refusal]:
    if stored is not None:
        sentence = f"结对编号“{row.code}”已被使用，请换一个编号。"
        return [Refusal("code", "duplicate", sentence)]
    return rules.refusals_for_code(row.code)


def _about_the_pairing(row: Row, facts: Facts, ahead: _Ahead) -> Iterable[Refusal]:
    sending = facts.organisations.get(row.sending)
    receiving = facts.organisations.get(row.receiving)
    yield from _about_the_organisations(row, sending, receiving)
    place = facts.counties.place_on(row.county_code, row.starts_on)
    if place is None:
        yield _unknown_county(row)
    if sending is None or receiving is None:
        return
    yield from rules.refusals_for_province(
        facts.acting, sending.province_code, receiving.province_code
    )
    ends_on = row.ends_on or facts.last_day_of_programme(row.starts_on)
    if place is None:
        return
    years = facts.work_years.between(row.starts_on, ends_on, place.province_code)
    yield from rules.refusals_for_pairing(
        rules.Proposal(row.line, row.starts_on, ends_on),
        place=place,
        sending=ahead.standing("sending", sending, row.starts_on),
        receiving=ahead.standing("receiving", receiving, row.starts_on),
        years=[year.year for year in years],
        closed_years=[year.year for year in years if year.is_closed],
    )
    yield from refusals_for_overlap(row.starts_on, ends_on, ahead.spans(sending.id, receiving.id))


def _about_the_organisations(
    row: Row, sending: OrganisationFacts | None, receiving: OrganisationFacts | None
) -> Iterable[Refusal]:
    for field, code, found in (
        ("sending", row.sending, sending),
        ("receiving", row.receiving, receiving),
    ):
        if found is not None:
            continue
        problem = check_credit_code(code)
        if problem:
            yield Refusal(field, "invalid_credit_code", problem.sentence)
        else:
            sentence = f"没有找到信用代码为 {code} 的机构，请核对代码，或先登记机构。"
            yield Refusal(field, "unknown_organisation", sentence)


def _about_the_rest(
    row: Row, unread: frozenset[str], facts: Facts, setting: Setting
) -> Iterable[Refusal]:
    """Say what is wrong with cells by themselves, where the row as a whole cannot be judged."""
    stored = facts.stored.get(row.code)
    if stored is not None and stored.is_within_scope:
        yield from _about_changes(row, stored, facts)
    else:
        if CODE not in unread:
            yield from _about_the_code(row, stored)
        sending, receiving = (
            facts.organisations.get(code) for code in (row.sending, row.receiving)
        )
        # The cells that could not be read are taken for good ones here, and no more is said of them.
        named = row._replace(sending=row.sending or "", receiving=row.receiving or "")
        yield from _about_the_organisations(named, sending, receiving)
        if row.county_code not in facts.counties.names:
            yield _unknown_county(row)
        if STARTS not in unread and row.ends_on and row.ends_on < row.starts_on:
            sentence = f"结束日期 {row.ends_on} 早于开始日期 {row.starts_on}，请核对。"
            yield Refusal("ends_on", "invalid_value", sentence)
    if not unread & {STARTS, ENDS, NUMBER, SIGNED}:
        yield from _agreement(row, stored, facts, setting)[1]


def _unknown_county(row: Row) -> Refusal:
    sentence = f"受援县代码“{row.county_code}”不是现行的县级行政区划代码，请核对。"
    return Refusal("county", "unknown_region", sentence)


def _about_changes(row: Row, stored: Stored, facts: Facts) -> list[Refusal]:
    """Say in what a pairing that is there differs from the file; only its agreement may."""
    ids = {code: one.id for code, one in facts.organisations.items()}
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("sending", ids.get(row.sending), stored.sending_organisation_id),
        ("receiving", ids.get(row.receiving), stored.receiving_organisation_id),
        ("county", row.county_code, stored.county_code),
        ("line", row.line, stored.line),
        ("starts_on", row.starts_on, stored.starts_on),
        ("ends_on", row.ends_on or stored.ends_on, stored.ends_on),
    )
    return [
        Refusal(
            field,
            "duplicate",
            f"结对 {row.code} 已登记，此项与登记的不同{_recorded(field, recorded)}；"
            "导入只登记协议，其他变更请在结对页面办理，新的结对请换一个编号。",
        )
        for field, wanted, recorded in pairs
        if wanted != recorded
    ]


def _recorded(field: str, recorded: Any) -> str:
    if field in ("sending", "receiving"):
        return ""
    return f"（已登记：{recorded.label if isinstance(recorded, Line) else recorded}）"


def _agreement(
    row: Row, stored: Stored | None, facts: Facts, setting: Setting
) -> tuple[tuple[str, date] | None, list[Refusal]]:
    """Return the agreement to be recorded, if it is new or changed, and why it cannot be."""
    if not row.number and row.signed_on is None:
        return None, []
    number = row.number or (stored.agreement_number if stored else None) or ""
    signed_on = row.signed_on or (stored.agreement_signed_on if stored else None)
    if stored and (number, signed_on) == (stored.agreement_number, stored.agreement_signed_on):
        return None, []
    if signed_on is None:
        sentence = "填写了协议编号，请同时填写签订日期。"
        return None, [Refusal("signed_on", "missing_value", sentence)]
    life = stored.life if stored else _life_of_new(row, facts)
    last = stored.ends_on if stored else row.ends_on or facts.last_day_of_programme(row.starts_on)
    return (number, signed_on), [
        *refusals_for_use(Use.AGREE, life, "number"),
        *rules.refusals_for_agreement(
            number=number,
            signed_on=signed_on,
            starts_on=row.starts_on,
            ends_on=last,
            today=setting.today,
        ),
    ]


def _before(agreement: tuple[str, date] | None, stored: Stored | None) -> dict[str, str] | None:
    """Return what stands of the agreement where a row changes it; None of a new pairing."""
    if stored is None or agreement is None:
        return None
    stood = (stored.agreement_number, stored.agreement_signed_on)
    pairs = zip((NUMBER, SIGNED), agreement, stood, strict=True)
    return {column: shown_value(before) for column, after, before in pairs if after != before}


def _agreement_of(pairing: Pairing) -> dict[str, Any]:
    return {
        "number": pairing.agreement_number,
        "signed_on": pairing.agreement_signed_on,
        "recorded_at": pairing.agreement_recorded_at,
    }


def _life_of_new(row: Row, facts: Facts) -> PairingLife:
    """Return how a pairing of the file would stand once it is made: proposed or in effect."""
    sides = {Side.SENT: row.sending, Side.RECEIVED: row.receiving}
    found = {side: facts.organisations.get(code) for side, code in sides.items()}
    provinces = {side: one.province_code for side, one in found.items() if one is not None}
    if facts.acting is None or len(set(provinces.values())) != len(sides):
        return PairingLife(row.code, PairingState.CONFIRMED, is_confirmed=True)
    other = next((side for side, code in provinces.items() if code not in facts.acting), None)
    waits = (Wait(other or Side.RECEIVED, Need.CONFIRMATION),)
    return PairingLife(row.code, PairingState.PROPOSED, is_confirmed=False, waits=waits)


def _objects(deed: Deed, model: type[Any], ids: Collection[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in some_at_a_time(ids):
        for one in deed.session.scalars(sa.select(model).where(model.id.in_(some))):
            found[one.id] = one
    return found
