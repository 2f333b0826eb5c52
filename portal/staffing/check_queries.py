"""What every assignment keeps to.

Plain SQL of its own: a fault of the application hides not from it.
"""

from __future__ import annotations

from portal.checks import of_decisions, of_two_persons

ONE_PERSON_TWICE = {
    "assignment": """
        SELECT id FROM assignment
        WHERE approved_by_person_id IN (person_id, nominated_by_person_id)
           OR exception_by_person_id IN (person_id, nominated_by_person_id)
        ORDER BY id LIMIT 1
    """,
}

STATE_WITHOUT_DECISION = {
    "assignment": """
        SELECT a.id FROM assignment a
        LEFT JOIN assignment_decision d ON d.id = (
            SELECT x.id FROM assignment_decision x WHERE x.assignment_id = a.id
            ORDER BY x.at DESC, x.id DESC LIMIT 1)
        WHERE d.id IS NULL OR d.state_after <> a.state OR d.is_qualified_after <> a.is_qualified
        ORDER BY a.id LIMIT 1
    """,
}

CHECKS = (of_two_persons(ONE_PERSON_TWICE), of_decisions(STATE_WITHOUT_DECISION))
