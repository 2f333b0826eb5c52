"""三员分立 at the doors: no administrator reads business, and the auditor changes nothing."""

from __future__ import annotations

import pytest

from portal.access.policy import OF_NO_ROLE
from portal.web.frame import declaration_of
from tests.support.world import ORGANISATIONS, PEOPLE

ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")


def doors(portal, method):
    """Every address without arguments that somebody signed in may try: (endpoint, path)."""
    for rule in portal.url_map.iter_rules():
        if method in (rule.methods or set()) and not rule.arguments:
            declaration = declaration_of(portal, rule.endpoint)
            if declaration.permission not in OF_NO_ROLE:
                yield rule.rule, declaration.permission


@pytest.mark.parametrize("persona", ADMINISTRATORS)
def test_opens_exactly_the_doors_of_its_role(pages, portal, world, persona):
    client, actor = pages(persona).client, world.actor(persona)
    for path, permission in doors(portal, "GET"):
        expected = {200, 302} if actor.holds(permission) else {403}
        assert client.get(path).status_code in expected, path


@pytest.mark.parametrize("persona", ADMINISTRATORS)
def test_no_page_of_an_administrator_tells_of_business(pages, portal, world, persona):
    """Accounts name their holders and scopes, the trail what was done; no page a number or phone."""
    client, actor = pages(persona).client, world.actor(persona)
    read = 0
    for path, permission in doors(portal, "GET"):
        if actor.holds(permission):
            html = client.get(path, follow_redirects=True).text
            read += 1
            assert "13800138000" not in html
            assert world.person("sent1").id_number_masked not in html
            if "account" not in path and "audit" not in path:
                assert "演示协议1号" not in html
                assert not any(row[3] in html for row in ORGANISATIONS.values())
                assert not any(row[1] in html for row in PEOPLE.values())
    assert read >= 5


def test_the_auditor_writes_nothing_but_the_trail(pages, portal, world):
    client = pages("audit_administrator")
    own = {"/sign-out", "/password", "/display/lists", "/tour/dismissal", "/views", "/deputies"}
    allowed = {"/audit/check", "/audit/export", "/design", *own}
    for path, _permission in doors(portal, "POST"):
        if path not in allowed:
            client.post(path, expect=403)
