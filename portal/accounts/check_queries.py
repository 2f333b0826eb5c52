"""What every grant keeps to.

Plain SQL of its own: a fault of the application hides not from it.
"""

from __future__ import annotations

from portal.checks import of_two_persons

ONE_PERSON_TWICE = {
    "role_grant": """
        SELECT g.id FROM role_grant g
        JOIN account c ON c.id = g.confirmed_by_account_id
        JOIN account p ON p.id = g.proposed_by_account_id
        WHERE c.person_id = p.person_id
        ORDER BY g.id LIMIT 1
    """,
}

CHECKS = (of_two_persons(ONE_PERSON_TWICE),)
