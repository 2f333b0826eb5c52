"""What every issued document keeps to."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.checks import Check, Fault
from portal.documents.queries import first_fault


def _documents(session: Session) -> Fault | None:
    found = first_fault(session)
    return Fault(f"issued_document:{found[0]}", found[1]) if found else None


CHECKS = (Check("documents", "公文与开具时一致、文号连续", _documents),)
