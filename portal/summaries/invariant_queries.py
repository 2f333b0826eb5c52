"""What ``flask verify`` asks in plain SQL of its own: a fault of the application hides not from it."""

OVER_ONE_DAY = """
    SELECT person_id, worked_on, SUM(half_days) AS halves FROM workday
    WHERE state <> 'superseded' AND (corrects_id IS NULL OR state = 'approved')
    GROUP BY person_id, worked_on HAVING SUM(half_days) > 2
    ORDER BY person_id, worked_on LIMIT 1
"""

# A decision of whoever entered the day counts as long as nobody else has decided after it: what an
# upgrade found decided by its importer, the operator let stand. And who imported is who entered.
ONE_PERSON_TWICE = {
    "workday": """
        SELECT id FROM workday
        WHERE confirmed_by_person_id IN (person_id, entered_by_person_id)
           OR approved_by_person_id IN (person_id, entered_by_person_id)
           OR confirmed_by_person_id = approved_by_person_id
        ORDER BY id LIMIT 1
    """,
    "workday_decision": """
        SELECT d.id FROM workday_decision d JOIN workday w ON w.id = d.workday_id
        WHERE d.state_after IN ('confirmed', 'approved')
          AND d.person_id IN (w.person_id, w.entered_by_person_id)
          AND NOT EXISTS (
            SELECT 1 FROM workday_decision x WHERE x.workday_id = w.id AND x.id > d.id
              AND (x.person_id IS NULL OR x.person_id NOT IN (
                w.person_id, COALESCE(w.entered_by_person_id, w.person_id))))
        ORDER BY d.id LIMIT 1
    """,
    "workday of an import": """
        SELECT w.id FROM workday w
        JOIN import_batch b ON b.id = w.import_id
        WHERE (b.account_id IS NULL) <> w.entered_by_operator
        ORDER BY w.id LIMIT 1
    """,
    "assignment": """
        SELECT id FROM assignment
        WHERE approved_by_person_id IN (person_id, nominated_by_person_id)
           OR exception_by_person_id IN (person_id, nominated_by_person_id)
        ORDER BY id LIMIT 1
    """,
    "pairing_exception": """
        SELECT id FROM pairing_exception WHERE decided_by_person_id = requested_by_person_id
        ORDER BY id LIMIT 1
    """,
    "role_grant": """
        SELECT g.id FROM role_grant g
        JOIN account c ON c.id = g.confirmed_by_account_id
        JOIN account p ON p.id = g.proposed_by_account_id
        WHERE c.person_id = p.person_id
        ORDER BY g.id LIMIT 1
    """,
}

STATE_WITHOUT_DECISION = {
    "workday": """
        SELECT w.id FROM workday w
        LEFT JOIN workday_decision d ON d.id = (
            SELECT x.id FROM workday_decision x WHERE x.workday_id = w.id
            ORDER BY x.at DESC, x.id DESC LIMIT 1)
        WHERE d.id IS NULL OR d.state_after <> w.state
        ORDER BY w.id LIMIT 1
    """,
    "assignment": """
        SELECT a.id FROM assignment a
        LEFT JOIN assignment_decision d ON d.id = (
            SELECT x.id FROM assignment_decision x WHERE x.assignment_id = a.id
            ORDER BY x.at DESC, x.id DESC LIMIT 1)
        WHERE d.id IS NULL OR d.state_after <> a.state OR d.is_qualified_after <> a.is_qualified
        ORDER BY a.id LIMIT 1
    """,
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
