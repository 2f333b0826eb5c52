"""How much is still to be planned for whom, and when more than is due asks for a reason. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.types import FundSource, Mode
from portal.funding.entitlement_rules import SUBSIDY_CLAUSE, Entitlement, entitlement
from portal.funding.rules import FROM_NATION, GUARANTEE, MINISTRY, PARTS
from portal.programme.policy import Policy
from portal.refusals import Refusal
from portal.standards.money import format_yuan
from portal.standards.text import is_blank


def part_of(source: FundSource) -> str | None:
    """Return the part of what is due that a source pays; None of what an organisation raised."""
    return next((part for part, some in PARTS.items() if source in some), None)


def due_of(due: Entitlement, source: FundSource) -> int:
    """Return what is due out of the part of a source, in fen."""
    parts = {MINISTRY: due.subsidy_fen, GUARANTEE: due.province_fen}
    part = part_of(source)
    return 0 if part is None else parts[part]


@dataclass(frozen=True, slots=True)
class Paired:
    """A pairing that is effective in a year, as far as planning asks."""

    organisation_id: int
    name: str
    province: str
    pairing_id: int
    pairing_code: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class ToPlan:
    """What is to be planned for an organisation, in fen; the pairing is the one that bears it."""

    pairing: Paired
    due_fen: int
    there_fen: int

    @property
    def amount_fen(self) -> int:
        return max(self.due_fen - self.there_fen, 0)


def plan_of_year(
    paired: Iterable[Paired],
    there: Mapping[int, int],
    source: FundSource,
    policy: Policy,
    each_fen: int | None = None,
) -> list[ToPlan]:
    """Return a row an organisation, in the order of the pairings: what is due, what is there.

    ``there`` is what is planned and approved already, by organisation. Of several pairings the one
    with the dearer mode bears it (B44). A province may give each more than it guarantees: ``each_fen``.
    """
    own: dict[int, list[Paired]] = {}
    for one in paired:
        own.setdefault(one.organisation_id, []).append(one)
    found = []
    for number, pairings in own.items():
        due = due_of(entitlement((one.mode for one in pairings), policy), source)
        bearing = max(pairings, key=lambda one: entitlement((one.mode,), policy).subsidy_fen)
        found.append(ToPlan(bearing, each_fen or due, there.get(number, 0)))
    return found


def refusals_for_standard(
    source: FundSource, each_fen: int | None, policy: Policy
) -> list[Refusal]:
    """Say why a year's plan cannot give each organisation so much."""
    if each_fen is None:
        return []
    if source in FROM_NATION:
        sentence = f"部级补助按标准计算（{SUBSIDY_CLAUSE}），不能另填每家金额；请清空后再预览。"
        return [Refusal("amount", "not_eligible", sentence)]
    least = int(policy["province_min_fen"])
    if each_fen < least:
        sentence = (
            f"每家 {format_yuan(each_fen)} 元，低于每年不少于 {format_yuan(least)} 元的要求"
            "（三(二)）；请提高金额，或逐家编制并说明。"
        )
        return [Refusal("amount", "not_eligible", sentence)]
    return []


def refusals_for_excess(
    source: FundSource, *, due_fen: int, there_fen: int, asked_fen: int, note: str
) -> list[Refusal]:
    """More of the ministry's subsidy than is due needs a reason (B44); a guarantee has no ceiling."""
    beyond = there_fen + asked_fen - due_fen
    if source not in FROM_NATION or beyond <= 0 or not is_blank(note):
        return []
    sentence = (
        f"该机构本年度部级补助应补 {format_yuan(due_fen)} 元（{SUBSIDY_CLAUSE}），已编制和核定"
        f" {format_yuan(there_fen)} 元，再编制 {format_yuan(asked_fen)} 元将超出"
        f" {format_yuan(beyond)} 元；确需安排的，请在“说明”中写明依据。"
    )
    return [Refusal("note", "missing_value", sentence)]


STAMP_BYTES = 6
"""Of a hash: a hidden number of a form."""


def stamp_of(rows: Sequence[ToPlan]) -> int:
    """Return a number that changes with for whom how much is to be planned."""
    shown = [(one.pairing.pairing_id, one.amount_fen) for one in rows]
    return int.from_bytes(hashlib.sha256(repr(shown).encode()).digest()[:STAMP_BYTES])
