"""What ``flask verify`` asks of the records of review."""

from __future__ import annotations

from portal.checks import of_decisions, of_two_persons

CHECKS = (
    of_two_persons(
        {
            "fund_review": """
        SELECT id FROM fund_review WHERE answered_by_person_id = decided_by_person_id
        ORDER BY id LIMIT 1
        """
        }
    ),
    of_decisions(
        {
            "fund_review": """
        SELECT r.id FROM fund_review r
        LEFT JOIN fund_review_decision d ON d.id =
            (SELECT max(x.id) FROM fund_review_decision x WHERE x.review_id = r.id)
        WHERE d.id IS NULL OR d.state_after <> r.state
        ORDER BY r.id LIMIT 1
        """
        }
    ),
)
