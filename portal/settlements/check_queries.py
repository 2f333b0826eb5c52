"""What ``flask verify`` asks of settlements."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.checks import Check, Fault, of_decisions, of_two_persons

NOT_AS_BOOKED = """
    SELECT s.id FROM settlement s
    LEFT JOIN fund_year_total t ON t.organisation_id = s.organisation_id AND t.year = s.year
    WHERE s.state <> 'returned' AND (
        s.received_fen <> COALESCE(t.received_fen, 0)
        OR s.spent_fen <> COALESCE(t.spent_fen, 0)
        OR COALESCE(t.to_repay_fen, 0) <> 0
        OR COALESCE(t.balance_fen, 0) <> (CASE WHEN s.state = 'closed' THEN 0 ELSE s.balance_fen END))
    ORDER BY s.id LIMIT 1
"""
"""What was handed in is what the ledger still says; of what is closed nothing is left."""


def _not_as_booked(session: Session) -> Fault | None:
    number = session.scalar(sa.text(NOT_AS_BOOKED))
    if number is None:
        return None
    return Fault(f"settlement:{number}", f"settlement 第 {number} 行的金额与台账不符。")


CHECKS = (
    of_two_persons(
        {
            "settlement": """
        SELECT id FROM settlement WHERE submitted_by_person_id = settled_by_person_id
        ORDER BY id LIMIT 1
        """
        }
    ),
    of_decisions(
        {
            "settlement": """
        SELECT s.id FROM settlement s
        LEFT JOIN settlement_decision d ON d.id =
            (SELECT max(x.id) FROM settlement_decision x WHERE x.settlement_id = s.id)
        WHERE d.id IS NULL OR d.state_after <> s.state
        ORDER BY s.id LIMIT 1
        """
        }
    ),
    Check("settlements_as_booked", "结算的金额与台账一致", _not_as_booked),
)
