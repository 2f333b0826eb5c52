"""What allocations and payments keep to, in plain SQL of its own."""

from __future__ import annotations

from portal.checks import of_decisions, of_two_persons

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

CHECKS = (of_two_persons(ONE_PERSON_TWICE), of_decisions(STATE_WITHOUT_DECISION))
