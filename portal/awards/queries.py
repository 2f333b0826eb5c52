"""Finding awards, the rules of provinces, and what the steps of an award ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    AwardRule,
    Certificate,
    CertificateAward,
    CertificateFile,
    Organisation,
    Person,
    Region,
)
from models.types import AwardState, CertLevel
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.awards.local_rules import AwardGround, LocalRule, StandingAward, rule_on
from portal.awards.rules import AwardFacts
from portal.clock import date_of
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.people.rules import CertificateFacts
from portal.procedures.queries import BATCH

AWARD = Loader("award", CertificateAward, "award.read", {"award_id": CertificateAward.public_id})

One = CertificateAward
GONE = (AwardState.REJECTED, AwardState.WITHDRAWN)
"""What keeps nobody from claiming again."""


def rules_of(session: Session, provinces: Collection[str]) -> dict[str, list[LocalRule]]:
    """Return the rules of provinces, the first recorded first (one query)."""
    found: dict[str, list[LocalRule]] = {code: [] for code in provinces}
    rows: Any = session.execute(
        sa.select(
            AwardRule.province_code,
            AwardRule.id,
            AwardRule.level,
            AwardRule.is_given,
            AwardRule.amount_fen,
            AwardRule.notice_days,
            AwardRule.valid_from,
            AwardRule.document,
            AwardRule.reason,
            AwardRule.recorded_at,
        )
        .where(AwardRule.province_code.in_(sorted(found)))
        .order_by(AwardRule.id)
    )
    for code, *rule in rows:
        found[code].append(LocalRule(*rule))
    return found


# ---- what can be claimed


class Claimable(NamedTuple):
    """A certificate without an award, its person, and what is known beside it."""

    certificate_id: int
    person_id: int
    person_public_id: str
    person_name: str
    organisation_id: int
    organisation_name: str
    province_code: str
    ground: AwardGround
    has_file: bool

    @property
    def level(self) -> CertLevel:
        return self.ground.certificate.level

    @property
    def label(self) -> str:
        return self.ground.label


Province = aliased(Region)
HAS_FILE = sa.exists().where(CertificateFile.certificate_id == Certificate.id)
HAS_AWARD = sa.exists().where(
    One.person_id == Certificate.person_id,
    One.level == Certificate.level,
    One.state.not_in(GONE),
)


def _certificates() -> sa.Select[*tuple[Any, ...]]:
    taken = sa.exists().where(One.certificate_number == Certificate.number, One.state.not_in(GONE))
    return (
        sa.select(
            Certificate.id,
            Person.id,
            Person.public_id,
            Person.name,
            Organisation.id,
            Organisation.name,
            Organisation.province_code,
            Province.name,
            Certificate.level,
            Certificate.number,
            Certificate.issued_on,
            HAS_FILE,
            taken,
        )
        .select_from(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Province, Province.code == Organisation.province_code)
    )


def _made(
    session: Session,
    rows: Sequence[Any],
    today: date,
    standing: dict[tuple[int, CertLevel], StandingAward],
) -> list[Claimable]:
    rules = rules_of(session, {row[6] for row in rows})
    found = []
    for row in rows:
        number, person_id, key, name, organisation_id, organisation, province = row[:7]
        province_name, level, certificate_number, issued_on, has_file, is_taken = row[7:]
        ground = AwardGround(
            f"{name}（{level.label}）",
            province_name,
            CertificateFacts(level, certificate_number, issued_on),
            rule_on(rules[province], level, today),
            standing.get((person_id, level)),
            number_is_taken=is_taken,
        )
        found.append(
            Claimable(
                number,
                person_id,
                key,
                name,
                organisation_id,
                organisation,
                province,
                ground,
                has_file,
            )
        )
    return found


def list_claimable(
    session: Session, actor: Actor, today: date, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[Claimable]:
    """Return a page of the certificates for which an actor may claim and nobody has yet."""
    found: Slice[Any] = read_slice(
        session,
        _certificates().where(within(Person, actor, "award.claim"), ~HAS_AWARD),
        [Order(Person.name_order), Order(Certificate.id)],
        cursor=cursor,
        make=tuple,
        size=size,
    )
    return replace(found, rows=_made(session, found.rows, today, {}))


def find_claimed(
    session: Session, actor: Actor, ids: Collection[int], today: date
) -> list[Claimable]:
    """Return the certificates with these ids for which an actor may claim, in order of their ids."""
    found: list[Any] = []
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        some = Certificate.id.in_(ordered[start : start + BATCH])
        reached = within(Person, actor, "award.claim")
        found += session.execute(_certificates().where(some, reached).order_by(Certificate.id))
    standing = {
        (person_id, level): StandingAward(state, date_of(at))
        for person_id, level, state, at in session.execute(
            sa.select(One.person_id, One.level, One.state, One.created_at).where(
                One.person_id.in_({row[1] for row in found}), One.state.not_in(GONE)
            )
        )
    }
    return _made(session, found, today, standing)


# ---- what the steps ask


def facts_of(session: Session, awards: Sequence[CertificateAward], today: date) -> list[AwardFacts]:
    """Return what the steps of awards ask, in their order (one query for each 400)."""
    known = {row[0]: row for row in _beside(session, [one.id for one in awards])}
    found = []
    for one in awards:
        _, name, number, issued_on, has_file, other, province, notice_days = known[one.id]
        # Of another province's people an officer is told that there is one, and nothing of them.
        taken_by = other if province == one.province_code else "外省一位人员"
        found.append(
            AwardFacts(
                f"{name}（{one.level.label}）",
                one.state,
                one.person_id,
                one.claimed_by_person_id,
                one.verified_by_person_id,
                one.publicised_by_person_id,
                one.paid_by_person_id,
                differs=_difference(one, number, issued_on),
                taken_by=f"{taken_by}的证书" if other else "",
                has_file=bool(has_file),
                notice_until=one.notice_until,
                notice_days=notice_days,
                today=today,
            )
        )
    return found


def _beside(session: Session, ids: Sequence[int]) -> list[Any]:
    other, other_person, other_seat = aliased(Certificate), aliased(Person), aliased(Organisation)
    found: list[Any] = []
    for start in range(0, len(ids), BATCH):
        found += session.execute(
            sa.select(
                One.id,
                Person.name,
                Certificate.number,
                Certificate.issued_on,
                HAS_FILE.correlate(Certificate),
                other_person.name,
                other_seat.province_code,
                AwardRule.notice_days,
            )
            .select_from(One)
            .join(Person, Person.id == One.person_id)
            .join(AwardRule, AwardRule.id == One.rule_id)
            .outerjoin(
                Certificate,
                sa.and_(Certificate.person_id == One.person_id, Certificate.level == One.level),
            )
            .outerjoin(
                other,
                sa.and_(other.number == One.certificate_number, other.person_id != One.person_id),
            )
            .outerjoin(other_person, other_person.id == other.person_id)
            .outerjoin(other_seat, other_seat.id == other_person.organisation_id)
            .where(One.id.in_(ids[start : start + BATCH]))
        )
    return found


def _difference(one: CertificateAward, number: str | None, issued_on: date | None) -> str:
    if number is None and issued_on is None:
        return f"目前没有登记本人的{one.level.label}证书"
    if number != one.certificate_number:
        return f"登记的证书编号为“{number or '无'}”，申请时为“{one.certificate_number}”"
    if issued_on != one.certificate_issued_on:
        return f"登记的取得日期为 {issued_on or '无'}，申请时为 {one.certificate_issued_on}"
    return ""
