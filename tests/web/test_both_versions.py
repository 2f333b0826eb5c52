"""Nobody's edit is lost: every form that changes what others may change shows both versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from forms import (
    awards,
    calendar,
    confirmations,
    disputes,
    feedback,
    funding,
    organisations,
    oversight,
    pairings,
    people,
    programme,
    settlements,
    spending,
    staffing,
    transfers,
    workdays,
)
from forms.base import VersionedForm
from models.types import FeedbackKind, Line
from portal.confirmations.actions import return_workday
from portal.corrections.actions import correct_workday
from portal.feedback.actions import Message, send_feedback
from portal.programme.allocation_actions import set_allocation
from portal.programme.rules import AllocationFacts
from tests.support.portal import Pages
from tests.support.spending import claimed
from tests.support.workdays import approved, entry, logged
from tests.support.world import World

SOURCE = "演示：国务院办公厅通知"


def _organisation(world: World) -> str:
    return f"/organisations/{world.organisation('receiving').credit_code}/edit"


def _person(world: World) -> str:
    return f"/people/{world.person('sent1').public_id}/edit"


def _draft(world: World) -> str:
    return f"/workdays/{logged(world, submit=False).id}/edit"


def _returned_correction(world: World) -> str:
    day = approved(world)
    correction = correct_workday(
        world.deed("sending_staff"), day, entry(half_days=1), "演示：填错了"
    )
    return_workday(world.deed("sending_manager"), correction, "演示：请再核对")
    world.session.commit()
    return f"/workdays/{correction.id}/edit"


def _allocation(world: World) -> str:
    facts = AllocationFacts(2022, "350000", "640000", 2, Line.KEY_COUNTY, "")
    row = set_allocation(world.deed("national_officer"), facts)
    return f"/programme/allocations/{row.id}/edit"


def _message(world: World) -> str:
    deed = world.deed("sending_staff")
    sent = send_feedback(deed, Message(FeedbackKind.FAULT, "演示：日期看不清", "", ""))
    return f"/feedback/inbox/{sent.public_id}"


def _claim(world: World) -> str:
    return f"/spending/{claimed(world).public_id}/edit"


@dataclass(frozen=True)
class Scene:
    """A page, what two people type there, and what stands side by side after both have saved."""

    form: type[VersionedForm]
    persona: str
    path: Callable[[World], str]
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    shown: Mapping[str, tuple[str, str]]
    button: str | None = None


SCENES = [
    Scene(
        organisations.EditOrganisationForm,
        "county_officer",
        _organisation,
        {"contact_name": "演示甲"},
        {"contact_name": "演示乙", "contact_phone": "13900139000"},
        {"联系人": ("演示甲", "演示乙"), "联系电话": ("138****8000", "13900139000")},
    ),
    Scene(
        people.EditPersonForm,
        "sending_manager",
        _person,
        {"name": "演示别名", "phone": "13900139000"},
        {"name": "演示又名", "phone": ""},
        {"姓名": ("演示别名", "演示又名")},
    ),
    Scene(
        people.CertificateForm,
        "receiving_manager",
        lambda world: f"/people/{world.person('received1').public_id}/certificates/new",
        {
            "certificate_level": "assistant",
            "certificate_number": "演示A1",
            "certificate_issued_on": "2021-06-01",
        },
        {
            "certificate_level": "assistant",
            "certificate_number": "演示A2",
            "certificate_issued_on": "2021-06-01",
        },
        {"证书编号": ("演示A1", "演示A2")},
    ),
    Scene(
        pairings.AgreementForm,
        "province_officer",
        lambda _world: "/pairings/P2/agreement",
        {"number": "演示1号", "signed_on": "2022-02-01"},
        {"number": "演示2号", "signed_on": "2022-02-03"},
        {"协议编号": ("演示1号", "演示2号"), "签订日期": ("2022-02-01", "2022-02-03")},
    ),
    Scene(
        workdays.EditForm,
        "sending_staff",
        _draft,
        {"description": "演示：第一份\r\n两行", "days": "0.5"},
        {"description": "演示：第二份", "days": "1"},
        {"工作内容": ("演示：第一份 两行", "演示：第二份"), "天数": ("半天", "1 天")},
        button="只保存",
    ),
    Scene(
        workdays.EditCorrectionForm,
        "sending_staff",
        _returned_correction,
        {"description": "演示：第一份"},
        {"description": "演示：第二份"},
        {"工作内容": ("演示：第一份", "演示：第二份")},
        button="只保存",
    ),
    Scene(
        spending.EditClaimForm,
        "sending_staff",
        _claim,
        {"amount": "50.00", "payee": "演示一店"},
        {"amount": "60.00", "payee": "演示二店"},
        {"金额": ("50.00", "60.00"), "收款人": ("演示一店", "演示二店")},
        button="保存",
    ),
    Scene(
        calendar.DayForm,
        "system_administrator",
        lambda _world: "/calendar/days/2022-11-23",
        {"kind": "holiday", "name": "演示节", "source": SOURCE},
        {"kind": "holiday", "name": "演示日", "source": SOURCE},
        {"所属节日": ("演示节", "演示日")},
        button="保存",
    ),
    Scene(
        programme.AllocationForm,
        "national_officer",
        _allocation,
        {"pairs": "5"},
        {"pairs": "7"},
        {"结对数量": ("5", "7")},
    ),
    Scene(
        programme.TypedParameterForm,
        "national_officer",
        lambda _world: "/programme/policy/backfill_days/change",
        {"value": "20", "valid_from": "2022-11-21", "note": "演示甲"},
        {"value": "10", "valid_from": "2022-11-21", "note": "演示乙"},
        {"调整后的值": ("20", "10")},
        button="保存",
    ),
    Scene(
        programme.ChosenParameterForm,
        "national_officer",
        lambda _world: "/programme/policy/day_step/change",
        {"value": "1", "valid_from": "2022-11-21", "note": "演示甲"},
        {"value": "0.5", "valid_from": "2022-11-21", "note": "演示乙"},
        {"调整后的值": ("1 天", "0.5 天")},
        button="保存",
    ),
    Scene(
        feedback.AnswerForm,
        "system_administrator",
        _message,
        {"text": "演示：已收到", "state_after": "answered"},
        {"text": "演示：另一答复", "state_after": "closed"},
        {},
    ),
    Scene(
        pairings.TerminationForm,
        "province_officer",
        lambda _world: "/pairings/P2/termination",
        {"last_day": "2022-11-20", "reason": "演示甲"},
        {"last_day": "2022-11-19", "reason": "演示乙"},
        {},
        button="终止结对",
    ),
]
ELSEWHERE = {
    awards.AwardReasonForm,
    programme.TickedParameterForm,
    staffing.DecisionForm,
    confirmations.ReturnForm,
    disputes.VerdictForm,
    pairings.RefusalForm,
    pairings.ExceptionForm,
    spending.ReasonForm,
    spending.RepaymentForm,
    spending.AnswerForm,
    settlements.SettleForm,
    settlements.SettlementReasonForm,
    settlements.SendBackForm,
    settlements.SubmitForm,
    oversight.ReviewStepForm,
    funding.FundDecisionForm,
    funding.ReceiptForm,
    transfers.ArrivalForm,
    transfers.TransferDecisionForm,
}
"""A form of the same view as another one of the scenes; those that decide, and edit nothing."""


def leaves(form: type[VersionedForm]) -> set[type[VersionedForm]]:
    below = form.__subclasses__()
    return set().union(*map(leaves, below)) if below else {form}


def test_every_form_with_a_version_is_tried() -> None:
    assert {scene.form for scene in SCENES} | ELSEWHERE == leaves(VersionedForm)


@pytest.mark.parametrize("scene", SCENES, ids=[scene.form.__name__ for scene in SCENES])
def test_both_versions_stand_side_by_side_and_ones_own_text_stays(
    pages: Pages, world: World, scene: Scene
) -> None:
    path = scene.path(world)
    slow = pages(scene.persona).get(path)
    quick = pages(scene.persona).get(path)
    if scene.form is pairings.TerminationForm:  # it ends what it changes: somebody else's edit
        agreement = pages(scene.persona).get("/pairings/P2/agreement")
        agreement.submit(number="演示1号", signed_on="2022-02-01")
    else:
        quick.submit(values=scene.first, button=scene.button)
    page = slow.submit(values=scene.second, button=scene.button, expect=409)
    assert "别人已修改并保存了这条记录" in page.text
    rows = page.table_rows("别人保存的内容") if scene.shown else []
    assert {row["栏目"]: tuple(row.values())[1:] for row in rows} == dict(scene.shown)
    form = page.form(0) if scene.form is not feedback.AnswerForm else page.form()
    typed = {name: form.values[name] for name in scene.second}
    assert typed == {name: [value] for name, value in scene.second.items()}
    assert page.submit(0 if len(page.forms) == 1 else None, button=scene.button).location


def test_a_form_that_nobody_overtook_says_nothing(pages: Pages, world: World) -> None:
    page = pages("county_officer").get(_organisation(world))
    assert page.find("[data-both-versions]") is None
