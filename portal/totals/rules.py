"""What a year's total of a pairing says, by what was added up."""

from __future__ import annotations

from portal.compliance.rules import Tally, findings_for, is_compliant, mask_of
from portal.programme.policy import Policy


def total_values(tally: Tally, policy: Policy) -> dict[str, object]:
    """Return the columns of ``pairing_year_total`` that follow from a tally."""
    findings = findings_for(tally, policy)
    values = tally._asdict()
    del values["has_agreement"]
    return {**values, "is_compliant": is_compliant(findings), "findings": mask_of(findings)}
