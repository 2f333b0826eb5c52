"""What every working day keeps to.

Plain SQL of its own: a fault of the application hides not from it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.checks import Check, Fault, of_decisions, of_two_persons

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
}


def _over_one_day(session: Session) -> Fault | None:
    row = session.execute(sa.text(OVER_ONE_DAY)).first()
    if row is None:
        return None
    person_id, worked_on, halves = row
    return Fault(
        f"workday:person {person_id}/{worked_on}",
        f"人员 {person_id} 在 {worked_on} 共计 {halves / 2:g} 天，超过每人每日 1 天。",
    )


CHECKS = (
    Check("one_day", "每人每日不超过 1 天", _over_one_day),
    of_two_persons(ONE_PERSON_TWICE),
    of_decisions(STATE_WITHOUT_DECISION),
)
