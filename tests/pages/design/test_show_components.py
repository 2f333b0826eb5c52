"""The page of components inside the portal."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import AuditEvent
from tests.support.world import PERSONAS


@pytest.mark.parametrize("persona", PERSONAS)
def test_everybody_may_look_at_the_components(pages, persona):
    page = pages(persona).get("/design")
    assert page.h1 == "页面组件（示例）"


def test_its_samples_change_nothing(pages, world):
    client = pages("county_officer")
    last = sa.select(sa.func.max(AuditEvent.id))
    before = world.session.scalar(last)
    page = client.get("/design").submit(
        "form.q-bulk", button="批量通过", pairing=["a1"], follow=True
    )
    assert page.messages == ["已收到（示例，没有保存）。"]
    assert world.session.scalar(last) == before


def test_a_visitor_signs_in_first(pages):
    assert pages().get("/design", 302).location == "/sign-in?next=/design"
