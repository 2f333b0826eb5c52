"""Issuing a certificate of service: numbered, frozen, superseded, never edited; found out if it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import AuditEvent, DocumentCounter, IssuedDocument, Pairing
from models.database import Database
from models.types import AssignmentState, DocumentKind, PairingState
from portal.documents.queries import first_fault, number_of
from portal.documents.rules import code_of, hash_of, is_code_of, parse_number
from portal.papers.actions import issue_service_certificate
from portal.refusals import Refused
from tests.support.clock import Clock
from tests.support.parallel import at_once
from tests.support.workdays import approved
from tests.support.world import World

TUESDAY = date(2022, 11, 15)


@pytest.fixture
def served(world: World) -> World:
    for worker in ("sent1", "sent2", "received1"):
        approved(world, worker)
    world.session.commit()
    return world


def issued(
    world: World,
    worker: str = "sent1",
    seen: int = 0,
    by: str = "sending_manager",
    reason: str = "",
) -> IssuedDocument:
    return issue_service_certificate(
        world.deed(by), world.assignment(worker), seen_version=seen, reason=reason
    )


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def test_numbers_go_up_by_one_in_each_year(served: World, clock: Clock) -> None:
    assert str(number_of(issued(served))) == "牵手服务〔2022〕1号"
    assert str(number_of(issued(served, "sent2"))) == "牵手服务〔2022〕2号"
    clock.stand_on(date(2023, 1, 4))
    approved(served, "sent1", date(2023, 1, 3))
    again = issued(served, seen=1, reason="天数补核")
    assert str(number_of(again)) == "牵手服务〔2023〕1号"


def test_freezes_what_was_true_under_its_hash_and_records_it_once(served: World) -> None:
    document = issued(served)
    facts = json.loads(document.facts)
    assert hash_of(document.facts) == document.facts_hash
    assert (facts["person"], facts["side"], facts["pairing"]) == ("演示甲一", "sent", "P1")
    assert facts["years"] == [
        {"year": 2022, "first": "2022-11-14", "last": "2022-11-14", "centidays": 100}
    ]
    assert facts["terms"] == [["2022-01-01", "2025-12-31"]]
    assert facts["issuer"] == served.organisation("sending").name
    served.person("sent1").name = "改名"
    served.session.flush()
    assert json.loads(document.facts)["person"] == "演示甲一"
    events = served.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event == "document.issued")
    ).all()
    assert [json.loads(one.facts)["sha256"] for one in events] == [document.facts_hash.hex()]


def test_the_sending_province_certifies_in_its_own_name(served: World) -> None:
    facts = json.loads(issued(served, by="sending_province_officer").facts)
    assert facts["issuer"].startswith("福建省")


def test_a_later_one_supersedes_with_a_reason_and_leaves_the_first_as_it_was(served: World) -> None:
    first = issued(served)
    frozen = first.facts
    approved(served, "sent1", TUESDAY)
    second = issued(served, seen=1, reason="  天数补核 ")
    assert (second.version, second.supersedes_id, second.reason) == (2, first.id, "天数补核")
    assert json.loads(second.facts)["supersedes"] == "牵手服务〔2022〕1号"
    assert (first.facts, first.version) == (frozen, 1)
    assert first_fault(served.session) is None


def test_refuses_to_issue_again_what_has_not_changed(served: World) -> None:
    issued(served)
    with pytest.raises(Refused) as refused:
        issued(served, seen=1, reason="再来一份")
    assert codes(refused) == ["nothing_new"]


def test_refuses_to_supersede_without_a_reason(served: World) -> None:
    issued(served)
    approved(served, "sent1", TUESDAY)
    for reason, code in (("", "missing_value"), ("长" * 201, "text_too_long")):
        with pytest.raises(Refused) as refused:
            issued(served, seen=1, reason=reason)
        assert codes(refused) == [code]


def test_refuses_what_somebody_else_has_issued_meanwhile(served: World) -> None:
    issued(served)
    with pytest.raises(Refused) as refused:
        issued(served, seen=0)
    assert codes(refused) == ["changed_meanwhile"]
    assert "牵手服务〔2022〕1号" in refused.value.refusals[0].sentence


def test_refuses_a_service_without_a_day_that_counts(world: World) -> None:
    with pytest.raises(Refused) as refused:
        issued(world)
    assert codes(refused) == ["no_days"]


def test_refuses_a_nomination_and_a_pairing_that_is_not_in_effect(served: World) -> None:
    served.assignment("sent1").state = AssignmentState.NOMINATED
    pairing = served.session.get_one(Pairing, served.pairing("P1").id)
    pairing.state, pairing.confirmed_at = PairingState.PROPOSED, None
    served.session.flush()
    with pytest.raises(Refused) as refused:
        issued(served)
    assert codes(refused)[:2] == ["not_assigned", "not_in_effect"]


def test_nobody_certifies_the_own_service_whatever_is_asked(served: World) -> None:
    with pytest.raises(Refused) as refused:
        issued(served, by="sending_staff")
    assert codes(refused) == ["own_entry"]
    document = issued(served)
    with pytest.raises(IntegrityError, match="issued_by_another"):
        served.session.execute(
            sa.update(IssuedDocument).values(issued_by_person_id=document.person_id)
        )


def test_parallel_issues_leave_no_gap_and_no_double(
    served: World, world_database: Database, clock: Clock
) -> None:
    def attempt(worker: str, by: str) -> Callable[[World], object]:
        return lambda world: issued(world, worker, by=by)

    def failing(world: World) -> object:
        issued(world, "received1", by="receiving_manager")
        raise Refused([])

    attempts = [
        *[attempt("sent1", "sending_manager")] * 3,
        *[attempt("sent2", "sending_province_officer")] * 3,
    ]
    answers = at_once(world_database, clock, attempts)
    assert answers == ["changed_meanwhile"] * 4 + ["done"] * 2
    with world_database.open() as session, pytest.raises(Refused):
        failing(World(session, clock))  # and is rolled back
    with world_database.writing() as session:
        issued(World(session, clock), "received1", by="receiving_manager")
    with world_database.reading() as session:
        numbers = session.scalars(sa.select(IssuedDocument.number).order_by(IssuedDocument.number))
        assert list(numbers) == [1, 2, 3]
        assert session.scalar(sa.select(DocumentCounter.last_number)) == 3
        assert first_fault(session) is None


CHANGES = {
    "UPDATE issued_document SET facts = REPLACE(facts, '100', '900')": "与其校验值不符",
    "UPDATE issued_document SET number = 7 WHERE number = 2": "文号与其内容不符",
    "DELETE FROM issued_document WHERE number = 2": "找不到该公文",
}


@pytest.mark.parametrize("change", CHANGES)
def test_verify_finds_what_was_changed_afterwards(served: World, change: str) -> None:
    issued(served)
    issued(served, "sent2")
    served.session.flush()
    assert first_fault(served.session) is None
    served.session.execute(sa.text(change))
    served.session.expire_all()
    found = first_fault(served.session)
    assert found is not None
    assert CHANGES[change] in found[1]


def test_verify_finds_facts_that_were_changed_with_their_hash(served: World) -> None:
    document = issued(served)
    served.session.flush()
    facts = document.facts.replace('"centidays":100', '"centidays":99900')
    served.session.execute(sa.update(IssuedDocument).values(facts=facts, facts_hash=hash_of(facts)))
    served.session.expire_all()
    found = first_fault(served.session)
    assert found is not None
    assert "与审计记录不符" in found[1]


@pytest.mark.parametrize(
    "text",
    [
        "牵手服务〔2026〕12号",
        " 牵手服务 [2026] 12 号",
        "牵手服务（２０２６）第12号",
        "牵手服务【2026】12号",
    ],
)
def test_a_number_is_read_whatever_brackets_it_was_typed_with(text: str) -> None:
    assert parse_number(text) == (DocumentKind.SERVICE, 2026, 12)


@pytest.mark.parametrize(
    "text", ["", "12", "牵手服务2026 12号", "别的〔2026〕12号", "牵手服务〔26〕1号"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


def test_a_code_is_read_whatever_its_case_and_dashes() -> None:
    code = code_of(hash_of("x"))
    assert is_code_of(f" {code.lower().replace('-', ' ')}", hash_of("x"))
    assert not is_code_of(code[:-1] + ("0" if code[-1] != "0" else "1"), hash_of("x"))
