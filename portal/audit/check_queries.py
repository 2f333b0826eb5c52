"""Is the chain of the trail whole?"""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.audit.trail import first_fault
from portal.checks import Check, Fault


def _first_fault(session: Session) -> Fault | None:
    sentence = first_fault(session)
    return Fault("audit_event", sentence) if sentence else None


CHAIN = Check("audit_chain", "审计链完整", _first_fault)
