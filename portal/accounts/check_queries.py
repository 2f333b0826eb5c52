"""What every grant keeps to.

Plain SQL of its own: a fault of the application hides not from it.
"""

from __future__ import annotations

from portal.checks import of_decisions, of_two_persons

ONE_PERSON_TWICE = {
    "role_grant": """
        SELECT g.id FROM role_grant g
        JOIN account a ON a.id = g.account_id
        WHERE g.confirmed_by_person_id IN (g.proposed_by_person_id, g.person_id, a.person_id)
        ORDER BY g.id LIMIT 1
    """,
}

STATE_WITHOUT_DECISION = {
    "role_grant": """
        SELECT g.id FROM role_grant g
        LEFT JOIN role_grant_decision d ON d.id = (
            SELECT x.id FROM role_grant_decision x WHERE x.role_grant_id = g.id
            ORDER BY x.at DESC, x.id DESC LIMIT 1)
        WHERE d.id IS NULL OR d.state_after <> g.state
        ORDER BY g.id LIMIT 1
    """,
}

CHECKS = (of_two_persons(ONE_PERSON_TWICE), of_decisions(STATE_WITHOUT_DECISION))
