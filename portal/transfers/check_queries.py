"""What ``flask verify`` asks of transfers, in plain SQL of its own."""

from __future__ import annotations

from portal.checks import of_decisions, of_two_persons

ONE_PERSON_TWICE = {
    "fund_transfer": """
        SELECT id FROM fund_transfer
        WHERE paid_by_person_id = confirmed_by_person_id
           OR organisation_id = receiving_organisation_id
        ORDER BY id LIMIT 1
    """,
}

STATE_WITHOUT_DECISION = {
    "fund_transfer": """
        SELECT a.id FROM fund_transfer a
        LEFT JOIN fund_transfer_decision d ON d.id = (
            SELECT max(x.id) FROM fund_transfer_decision x WHERE x.transfer_id = a.id)
        WHERE d.id IS NULL OR d.state_after <> a.state
        ORDER BY a.id LIMIT 1
    """,
}

CHECKS = (of_two_persons(ONE_PERSON_TWICE), of_decisions(STATE_WITHOUT_DECISION))
