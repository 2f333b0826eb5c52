"""What ``flask verify`` asks of expenditures."""

from __future__ import annotations

from portal.checks import Check, of_decisions, of_two_persons

CHECKS: tuple[Check, ...] = (
    of_two_persons(
        {
            "expenditure": """
        SELECT id FROM expenditure
        WHERE claimed_by_person_id IN
            (booked_by_person_id, approved_by_person_id, reviewed_by_person_id)
        OR booked_by_person_id = reviewed_by_person_id
        ORDER BY id LIMIT 1
        """
        }
    ),
    of_decisions(
        {
            "expenditure": """
        SELECT e.id FROM expenditure e
        LEFT JOIN expenditure_decision d ON d.id =
            (SELECT max(x.id) FROM expenditure_decision x WHERE x.expenditure_id = e.id)
        WHERE d.id IS NULL OR d.state_after <> e.state
        ORDER BY e.id LIMIT 1
        """
        }
    ),
)
