"""What a year's total of a pairing says, by what was added up."""

from __future__ import annotations

from portal.compliance.pace_rules import Course
from portal.compliance.rules import Tally, findings_for, is_compliant, mask_of
from portal.programme.policy import Policy

UNDECIDED = ("sent_undecided_centidays", "received_undecided_centidays")
COURSE = (
    "ends_on",
    "working_days_before",
    "working_days_through",
    "sent_people",
    "received_people",
)
"""The columns of a :class:`Course`, in its order."""


def total_values(tally: Tally, policy: Policy) -> dict[str, object]:
    """Return the columns of ``pairing_year_total`` that follow from a tally."""
    findings = findings_for(tally, policy)
    values = tally._asdict()
    del values["has_agreement"]
    return {**values, "is_compliant": is_compliant(findings), "findings": mask_of(findings)}


def course_values(course: Course) -> dict[str, object]:
    """Return the columns of ``pairing_year_total`` in which its course stands."""
    return dict(zip(COURSE, course, strict=True))
