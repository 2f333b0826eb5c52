"""What ``flask verify`` asks of awards, in plain SQL of its own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.checks import Check, Fault, of_decisions, of_two_persons

TWICE = """
    SELECT a.id FROM certificate_award a
    JOIN certificate_award b ON b.id < a.id
        AND ((b.person_id = a.person_id AND b.level = a.level)
             OR b.certificate_number = a.certificate_number)
    WHERE a.state NOT IN ('rejected', 'withdrawn') AND b.state NOT IN ('rejected', 'withdrawn')
    ORDER BY a.id LIMIT 1
"""


def _once(session: Session) -> Fault | None:
    number = session.scalar(sa.text(TWICE))
    if number is None:
        return None
    return Fault(
        f"certificate_award:{number}",
        f"certificate_award 第 {number} 行与另一项有效奖补是同一人同一等级，或证书编号相同。",
    )


CHECKS: tuple[Check, ...] = (
    of_two_persons(
        {
            "certificate_award": """
        SELECT id FROM certificate_award
        WHERE claimed_by_person_id IN
            (verified_by_person_id, publicised_by_person_id, paid_by_person_id)
        OR person_id IN (verified_by_person_id, publicised_by_person_id, paid_by_person_id)
        ORDER BY id LIMIT 1
        """
        }
    ),
    of_decisions(
        {
            "certificate_award": """
        SELECT a.id FROM certificate_award a
        LEFT JOIN certificate_award_decision d ON d.id =
            (SELECT max(x.id) FROM certificate_award_decision x WHERE x.award_id = a.id)
        WHERE d.id IS NULL OR d.state_after <> a.state
        ORDER BY a.id LIMIT 1
        """
        }
    ),
    Check("awards_once", "证书奖补一人一个等级、一个编号只有一次", _once),
)
