"""What every pairing keeps to.

Plain SQL of its own: a fault of the application hides not from it.
"""

from __future__ import annotations

from portal.checks import of_decisions, of_two_persons

ONE_PERSON_TWICE = {
    "pairing_exception": """
        SELECT id FROM pairing_exception WHERE decided_by_person_id = requested_by_person_id
        ORDER BY id LIMIT 1
    """,
}

STATE_WITHOUT_DECISION = {
    "pairing": """
        SELECT p.id FROM pairing p
        LEFT JOIN pairing_decision d ON d.id = (
            SELECT x.id FROM pairing_decision x WHERE x.pairing_id = p.id
            ORDER BY x.at DESC, x.id DESC LIMIT 1)
        WHERE d.id IS NULL OR d.ends_on_after <> p.ends_on
           OR p.confirmed_at IS NOT NULL AND (
              p.mode = 'cross_province' AND 1 = (
                SELECT COUNT(DISTINCT c.kind) FROM pairing_decision c
                WHERE c.pairing_id = p.id
                  AND c.kind IN ('confirmed_by_sending_side', 'confirmed_by_receiving_side'))
              OR EXISTS (
                SELECT 1 FROM pairing_exception e
                WHERE e.pairing_id = p.id AND (e.is_granted IS NULL OR NOT e.is_granted)))
        ORDER BY p.id LIMIT 1
    """,
}

CHECKS = (of_two_persons(ONE_PERSON_TWICE), of_decisions(STATE_WITHOUT_DECISION))
