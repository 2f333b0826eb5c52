"""Why a certificate of service is not issued. Pure."""

from __future__ import annotations

from typing import NamedTuple

from models.types import AssignmentState
from portal.refusals import Refusal


class Service(NamedTuple):
    """What is asked before a person's service is certified."""

    state: AssignmentState
    is_confirmed: bool
    counted_centidays: int
    person_id: int
    issuer_person_id: int | None


def refusals_for_certificate(service: Service) -> list[Refusal]:
    """Say why this person's service cannot be certified by this issuer; empty if it can."""
    refusals = []
    if service.state != AssignmentState.APPROVED:
        sentence = f"选派目前为“{service.state.label}”，批准后方可开具服务证明。"
        refusals.append(Refusal("", "not_assigned", sentence))
    if not service.is_confirmed:
        sentence = "结对尚未经各方确认生效，生效后方可开具服务证明。"
        refusals.append(Refusal("", "not_in_effect", sentence))
    if not service.counted_centidays:
        sentence = "该人员在此结对还没有计入的工作日，经机构确认、县级核准后方可证明。"
        refusals.append(Refusal("", "no_days", sentence))
    if service.issuer_person_id == service.person_id:
        sentence = "不能为本人开具服务证明，请由本机构其他负责人或援派省民政部门开具。"
        refusals.append(Refusal("", "own_entry", sentence))
    return refusals
