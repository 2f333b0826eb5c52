"""What allocations and payments keep to, in plain SQL of its own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.checks import Check, Fault, of_decisions, of_two_persons

ONE_PERSON_TWICE = {
    "fund_allocation": """
        SELECT id FROM fund_allocation WHERE planned_by_person_id = approved_by_person_id
        ORDER BY id LIMIT 1
    """,
    "disbursement": """
        SELECT id FROM disbursement WHERE paid_by_person_id = received_by_person_id
        ORDER BY id LIMIT 1
    """,
}

STATE_WITHOUT_DECISION = {
    "fund_allocation": """
        SELECT a.id FROM fund_allocation a
        LEFT JOIN fund_allocation_decision d ON d.id = (
            SELECT x.id FROM fund_allocation_decision x WHERE x.allocation_id = a.id
            ORDER BY x.at DESC, x.id DESC LIMIT 1)
        WHERE d.id IS NULL OR d.state_after <> a.state
        ORDER BY a.id LIMIT 1
    """,
    "disbursement": """
        SELECT a.id FROM disbursement a
        LEFT JOIN disbursement_decision d ON d.id = (
            SELECT x.id FROM disbursement_decision x WHERE x.disbursement_id = a.id
            ORDER BY x.at DESC, x.id DESC LIMIT 1)
        WHERE d.id IS NULL OR d.state_after <> a.state
        ORDER BY a.id LIMIT 1
    """,
}

BEYOND_APPROVAL = """
    SELECT a.id FROM fund_allocation a
    WHERE a.disbursed_fen <> (
        SELECT COALESCE(SUM(d.amount_fen), 0) FROM disbursement d
        WHERE d.allocation_id = a.id AND d.state <> 'reversed')
       OR a.disbursed_fen + a.reduced_fen > a.amount_fen
       OR (a.state <> 'approved' AND a.disbursed_fen + a.reduced_fen > 0)
    ORDER BY a.id LIMIT 1
"""


def _beyond_approval(session: Session) -> Fault | None:
    number = session.scalar(sa.text(BEYOND_APPROVAL))
    if number is None:
        return None
    return Fault(
        f"fund_allocation:{number}",
        f"fund_allocation 第 {number} 行的已拨金额与其拨付记录不符，或超过核定。",
    )


CHECKS = (
    of_two_persons(ONE_PERSON_TWICE),
    of_decisions(STATE_WITHOUT_DECISION),
    Check("payments_within_approval", "拨付不超过核定，与拨付记录一致", _beyond_approval),
)
