"""Who hands a paper in (填报单位) and how far it reaches (范围), as the role of who takes it out says."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models.types import NATION, AuthorityLevel, AuthorityLine, Role, ScopeKind
from portal.access.actor import Actor, Grant
from portal.access.policy import Reach
from portal.places.queries import authority_on

CIVIL, RURAL = AuthorityLine.CIVIL, AuthorityLine.RURAL
LINES = {
    Role.NAT_CIVIL: CIVIL,
    Role.PROV_CIVIL: CIVIL,
    Role.PREF_CIVIL: CIVIL,
    Role.COUNTY_CIVIL: CIVIL,
    Role.NAT_RURAL: RURAL,
    Role.PROV_RURAL: RURAL,
    Role.PREF_RURAL: RURAL,
    Role.COUNTY_RURAL: RURAL,
}
"""The roles of departments, each with its line."""
DEPARTMENTS = {CIVIL: "民政（社会工作）部门", RURAL: "乡村振兴部门"}
BLANK = "　" * 8
"""Room for what is filled in by hand."""


def reporting_unit(session: Session, actor: Actor, permission: str, day: date) -> str:
    """Return the organisation or department in whose role somebody reads; else room to write.

    Whoever reads in the roles of several says by hand for which.
    """
    grants = [grant for _, grant in actor.reaches(permission)]
    # Several roles in one place are one unit.
    asked = {(LINES.get(one.role), one.scope_kind, one.scope_code): one for one in grants}
    found = {_unit_of(session, grant, day) for grant in asked.values()}
    return found.pop() if len(found) == 1 else BLANK


def _unit_of(session: Session, grant: Grant, day: date) -> str:
    if grant.scope_kind == ScopeKind.ORGANISATION:
        return grant.scope_name or BLANK
    line = LINES.get(grant.role)
    if line is None:
        return BLANK
    level = AuthorityLevel(grant.scope_kind.value)
    named = authority_on(session, line, level, grant.scope_code, day)
    place = "" if grant.scope_code == NATION else grant.scope_name
    return named or f"{place}{DEPARTMENTS[line]}"


def area_in_words(actor: Actor, permission: str) -> str:
    """Return the names of the places and organisations that a permission reaches."""
    reached = actor.reaches(permission)
    names = ["本人" if reach is Reach.SELF else grant.scope_name for reach, grant in reached]
    if actor.is_operator or any(
        grant.scope_code == NATION for reach, grant in reached if reach is not Reach.SELF
    ):
        return "全国"
    return "、".join(dict.fromkeys(name for name in names if name)) or "本单位"
