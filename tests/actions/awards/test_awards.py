"""The life of a certificate award: claimed once, verified, publicised, paid; every refusal with its remedy."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import (
    AuditEvent,
    AwardRule,
    CertificateAward,
    CertificateAwardDecision,
    LedgerEntry,
)
from models.types import AwardState, CertLevel
from portal.access.loading import Unseen
from portal.awards import actions
from portal.awards.actions import AwardClaim
from portal.awards.local_actions import load_award_rules, record_rule
from portal.awards.local_rules import Giving
from portal.deeds import Deed
from portal.people.actions import record_certificate
from portal.people.rules import CertificateFacts
from portal.refusals import Conflict, Refused
from tests.support.awards import (
    DOCUMENT,
    FUJIAN,
    INTERMEDIATE_FEN,
    NINGXIA,
    PROVINCE,
    SENIOR_FEN,
    certificate,
    claimed,
    publicised,
    scanned,
    verified,
    with_award_rules,
)
from tests.support.world import World


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


@pytest.fixture(autouse=True)
def _rules(world: World) -> None:
    with_award_rules(world)


def test_ningxia_has_its_rule_and_no_other_province_any(deed: Deed):
    rows = deed.session.execute(
        sa.select(AwardRule.province_code, AwardRule.level, AwardRule.amount_fen)
        .where(AwardRule.document.startswith("宁夏"))
        .order_by(AwardRule.id)
    ).all()
    assert rows == [
        (NINGXIA, CertLevel.SENIOR, 600_000),
        (NINGXIA, CertLevel.INTERMEDIATE, 300_000),
        (NINGXIA, CertLevel.ASSISTANT, None),
    ]
    assert load_award_rules(deed) == {"award_rules": 0}


def test_an_award_goes_its_whole_way_without_a_row_of_the_ledger(world: World):
    award = claimed(world)
    assert (award.level, award.amount_fen, award.province_code) == (
        CertLevel.SENIOR,
        SENIOR_FEN,
        FUJIAN,
    )
    officer = world.deed(PROVINCE)
    actions.verify_awards(officer, [award], seen={award.id: award.version})
    actions.publicise_awards(officer, [award])
    assert (award.publicised_on, award.notice_until) == (date(2022, 11, 21), date(2022, 11, 28))
    world.clock.stand_on(date(2022, 11, 29))
    actions.pay_awards(world.deed(PROVINCE), [award], date(2022, 11, 29), "演示财付1")
    world.session.commit()
    assert (award.state, award.voucher_number) == (AwardState.PAID, "演示财付1")
    kinds = world.session.scalars(
        sa.select(CertificateAwardDecision.kind).order_by(CertificateAwardDecision.id)
    ).all()
    assert kinds == ["claimed", "verified", "publicised", "paid"]
    assert world.count(LedgerEntry) == 0
    events = world.session.scalars(
        sa.select(AuditEvent.event)
        .where(AuditEvent.event.startswith("certificate_award."))
        .order_by(AuditEvent.id)
    ).all()
    assert events == [f"certificate_award.{kind}" for kind in kinds]


@pytest.mark.parametrize("persona", ["sending_staff", "sending_manager"])
def test_the_person_and_the_manager_claim_alike(world: World, persona: str):
    assert claimed(world, "sent1", persona).amount_fen == INTERMEDIATE_FEN


@pytest.mark.parametrize("persona", ["sending_staff", "other_manager", "receiving_manager"])
def test_nobody_claims_for_others(world: World, persona: str):
    with pytest.raises(Unseen):
        claimed(world, "sent2", persona)


def test_a_level_is_awarded_once_until_it_was_refused(world: World):
    award = claimed(world)
    with pytest.raises(Refused) as refused:
        claimed(world)
    assert codes(refused) == ["duplicate"]
    assert "一人一个等级只奖补一次" in str(refused.value)
    actions.reject_award(world.deed(PROVINCE), award, "演示：材料不符")
    assert claimed(world).state == AwardState.CLAIMED


def test_a_number_is_awarded_once_over_all_people(world: World):
    award = claimed(world, "sent2")
    number = award.certificate_number
    # The number was the first one's by mistake, and is the other's now.
    certificate(world, "sent2").number = "演示更正"
    world.session.flush()
    certificate(world, "sent1").number = number
    world.session.flush()
    with pytest.raises(Refused) as refused:
        claimed(world, "sent1")
    assert codes(refused) == ["duplicate"]
    with pytest.raises(Refused) as refused:
        actions.verify_awards(world.deed(PROVINCE), [award])
    assert codes(refused) == ["certificate_differs", "duplicate"]
    assert "演示更正" in str(refused.value)
    assert "演示甲一" in str(refused.value)


def test_of_another_province_s_people_an_officer_is_told_that_there_is_one(world: World):
    award = claimed(world, "sent2")
    certificate(world, "sent2").number = "演示更正"
    world.session.flush()
    certificate(world, "foreign").number = award.certificate_number
    world.session.flush()
    with pytest.raises(Refused) as refused:
        actions.verify_awards(world.deed(PROVINCE), [award])
    assert codes(refused) == ["certificate_differs", "duplicate"]
    assert "这个编号已用于外省一位人员的证书" in str(refused.value)
    assert "演示丙一" not in str(refused.value)


@pytest.mark.parametrize("column", ["person_id", "certificate_number"])
def test_the_database_keeps_it_once(world: World, column: str):
    first, second = claimed(world, "sent2"), claimed(world, "unqualified", fen=1)
    values = {column: getattr(first, column), "level": first.level}
    with pytest.raises(sa.exc.IntegrityError):
        world.session.execute(
            sa.update(CertificateAward).where(CertificateAward.id == second.id).values(**values)
        )


@pytest.mark.parametrize(
    "values",
    [
        {"verified_by_person_id": CertificateAward.claimed_by_person_id},
        {"verified_by_person_id": CertificateAward.person_id},
        {"publicised_by_person_id": CertificateAward.person_id},
        {"paid_by_person_id": CertificateAward.claimed_by_person_id},
        {"state": AwardState.PAID},
        {"state": AwardState.PUBLICISED},
        {"amount_fen": 0},
        {"publicised_on": date(2022, 11, 21)},
    ],
)
def test_the_database_refuses_what_no_life_leads_to(world: World, values):
    award = claimed(world)
    with pytest.raises(sa.exc.IntegrityError):
        world.session.execute(
            sa.update(CertificateAward).where(CertificateAward.id == award.id).values(**values)
        )


def test_without_a_rule_of_the_province_nothing_is_claimed(world: World):
    with pytest.raises(Refused) as refused:
        actions.claim_awards(
            world.deed("foreign_manager"), [AwardClaim(certificate(world, "foreign").id)]
        )
    assert codes(refused) == ["no_rule"]
    assert "重庆市" in str(refused.value)


def test_a_rule_counts_from_its_day_and_may_end(world: World):
    record_rule(
        world.deed(PROVINCE),
        FUJIAN,
        CertLevel.SENIOR,
        Giving.FIXED,
        800_000,
        notice_days=7,
        valid_from=date(2022, 12, 1),
        document=DOCUMENT,
        reason="演示：提高标准",
    )
    assert claimed(world).amount_fen == SENIOR_FEN
    world.clock.stand_on(date(2022, 12, 1))
    actions.reject_award(
        world.deed(PROVINCE), world.session.scalars(sa.select(CertificateAward)).one(), "演示"
    )
    assert claimed(world).amount_fen == 800_000
    record_rule(
        world.deed(PROVINCE),
        FUJIAN,
        CertLevel.INTERMEDIATE,
        Giving.NOTHING,
        None,
        notice_days=5,
        valid_from=date(2022, 12, 1),
        document=DOCUMENT,
        reason="演示：停止",
    )
    with pytest.raises(Refused) as refused:
        claimed(world, "sent1")
    assert "不再奖补" in str(refused.value)


def test_what_is_free_says_its_amount(world: World):
    with pytest.raises(Refused) as refused:
        claimed(world, "unqualified")
    assert codes(refused) == ["missing_value"]
    assert claimed(world, "unqualified", fen=50_000).amount_fen == 50_000


def test_a_certificate_without_number_or_date_is_not_claimed_for(world: World):
    certificate(world, "sent1").issued_on = None
    world.session.flush()
    with pytest.raises(Refused) as refused:
        claimed(world, "sent1")
    assert codes(refused) == ["missing_value"]
    assert "取得日期" in str(refused.value)
    assert "补登" in str(refused.value)


def test_it_is_verified_by_its_scan_and_as_it_is_registered(world: World):
    facts = CertificateFacts(CertLevel.SENIOR, "演示证书99", date(2019, 6, 1))
    record_certificate(world.deed(), world.person("sent1"), facts)
    (award,) = actions.claim_awards(
        world.deed("sending_manager"),
        [AwardClaim(certificate(world, "sent1", CertLevel.SENIOR).id)],
    )
    with pytest.raises(Refused) as refused:
        actions.verify_awards(world.deed(PROVINCE), [award])
    assert codes(refused) == ["no_file"]
    assert "人员页面上传" in str(refused.value)
    scanned(world, "sent1", CertLevel.SENIOR)
    row = certificate(world, "sent1", CertLevel.SENIOR)
    row.issued_on = date(2019, 6, 2)
    world.session.flush()
    with pytest.raises(Refused) as refused:
        actions.verify_awards(world.deed(PROVINCE), [award])
    assert codes(refused) == ["certificate_differs"]
    row.issued_on = date(2019, 6, 1)
    world.session.flush()
    actions.verify_awards(world.deed(PROVINCE), [award])
    assert award.state == AwardState.VERIFIED


def test_nothing_is_verified_where_one_of_several_is_wrong(world: World):
    good, bad = claimed(world, "sent2"), claimed(world, "sent1")
    certificate(world, "sent1").number = "演示另一个"
    world.session.flush()
    with pytest.raises(Refused) as refused:
        actions.verify_awards(world.deed(PROVINCE), [good, bad])
    assert "演示甲一（社会工作师）" in str(refused.value)
    assert good.state == AwardState.CLAIMED


def test_who_claimed_does_not_decide(world: World):
    award = claimed(world)
    with pytest.raises(Refused) as refused:
        actions.verify_awards(world.deed("sending_manager"), [award])
    assert codes(refused) == ["own_entry"]


def test_what_was_changed_meanwhile_is_not_decided(world: World):
    award = claimed(world)
    with pytest.raises((Conflict, Refused)) as refused:
        actions.verify_awards(world.deed(PROVINCE), [award], seen={award.id: award.version - 1})
    assert "已由他人办理或修改" in str(refused.value)


def test_a_notice_lasts_working_days_and_is_paid_after_it(world: World):
    world.clock.stand_on(date(2022, 9, 29))
    award = publicised(world)
    # 30 September, then 8 to 11 October: the days between are 国庆节, 8 and 9 are worked.
    assert award.notice_until == date(2022, 10, 11)
    world.clock.stand_on(date(2022, 10, 11))
    with pytest.raises(Refused) as refused:
        actions.pay_awards(world.deed(PROVINCE), [award], date(2022, 10, 11), "演示1")
    assert codes(refused) == ["notice_not_over"]
    assert "2022-10-11" in str(refused.value)
    world.clock.stand_on(date(2022, 10, 12))
    with pytest.raises(Refused) as refused:
        actions.pay_awards(world.deed(PROVINCE), [award], date(2022, 10, 11), "")
    assert [one.field for one in refused.value.refusals] == ["voucher_number", "paid_on"]
    with pytest.raises(Refused) as refused:
        actions.pay_awards(world.deed(PROVINCE), [award], date(2022, 10, 13), "演示1")
    assert codes(refused) == ["future_date"]
    actions.pay_awards(world.deed(PROVINCE), [award], date(2022, 10, 12), "演示1")


def test_objections_are_noted_dismissed_or_send_it_back(world: World):
    award = publicised(world)
    deed = world.deed(PROVINCE)
    with pytest.raises(Refused):
        actions.dismiss_objection(deed, award, " ")
    actions.dismiss_objection(deed, award, "演示：核实无误")
    assert award.state == AwardState.PUBLICISED
    actions.send_back(deed, award, "演示：证书存疑")
    assert (award.state, award.publicised_on, award.verified_by_person_id) == (
        AwardState.CLAIMED,
        None,
        None,
    )
    actions.verify_awards(deed, [award])
    actions.publicise_awards(deed, [award])
    actions.reject_award(deed, award, "演示：异议成立")
    assert award.state == AwardState.REJECTED


def test_a_payment_is_taken_back_and_recorded_anew(world: World):
    award = publicised(world)
    world.clock.stand_on(date(2022, 12, 1))
    deed = world.deed(PROVINCE)
    actions.pay_awards(deed, [award], deed.today, "演示记错")
    with pytest.raises(Refused) as refused:
        actions.reject_award(deed, award, "演示")
    assert "请先冲销发放" in str(refused.value)
    actions.take_payment_back(deed, award, "演示：凭证号有误")
    assert (award.state, award.paid_on) == (AwardState.PUBLICISED, None)
    actions.pay_awards(deed, [award], deed.today, "演示更正")
    assert award.voucher_number == "演示更正"


def test_it_is_withdrawn_with_a_reason_until_it_is_public(world: World):
    award = verified(world)
    with pytest.raises(Refused):
        actions.withdraw_award(world.deed("sending_manager"), award, "")
    actions.withdraw_award(world.deed("sending_manager"), award, "演示：重复")
    award = publicised(world)
    with pytest.raises(Refused) as refused:
        actions.withdraw_award(world.deed("sending_manager"), award, "演示")
    assert "联系省级民政部门" in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notice_days": 0}, "notice_days"),
        ({"notice_days": 61}, "notice_days"),
        ({"document": " "}, "document"),
        ({"document": "文" * 301}, "document"),
        ({"reason": ""}, "reason"),
        ({"valid_from": date(2021, 12, 31)}, "valid_from"),
        ({"amount_fen": SENIOR_FEN}, "amount"),
    ],
)
def test_a_rule_says_what_is_wrong_with_it(world: World, changes, field: str):
    asked = {
        "amount_fen": 700_000,
        "notice_days": 5,
        "valid_from": date(2022, 12, 1),
        "document": DOCUMENT,
        "reason": "演示：调整",
        **changes,
    }
    fen = asked.pop("amount_fen")
    with pytest.raises(Refused) as refused:
        record_rule(world.deed(PROVINCE), FUJIAN, CertLevel.SENIOR, Giving.FIXED, fen, **asked)
    assert [one.field for one in refused.value.refusals] == [field]
