"""One form instance has one effect and one answer, whatever it asks for and however often it comes."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import flask
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import FormKey, ImportBatch, Workday
from models.types import WorkdayState
from portal.apart import MOST_WAITING
from tests.support.imports import as_table, workbook, workday
from tests.support.page_client import PageClient
from tests.support.workdays import logged
from tests.support.world import World

COPIES = 20
TEMPLATES = Path(__file__).parents[3] / "templates"

KEYLESS = {
    # Signing out and the two choices of how the portal looks do the same however often they come.
    "layout/base.html",
    "layout/_display.html",
    "components/column_choice.html",
    "components/pagination.html",
    "layout/_tour.html",
}


class Sent(NamedTuple):
    """A form that is ready to be sent: where to, with which fields and files."""

    path: str
    fields: dict[str, Any]
    files: dict[str, tuple[bytes, str]] = {}  # noqa: RUF012 - the empty default is never changed


def table(*days: int) -> bytes:
    return workbook(as_table([workday(day=date(2022, 11, day)) for day in days]))


def _opened(client: FlaskClient, page: str, form: str) -> dict[str, Any]:
    return dict(PageClient(client).get(page).form(form).values)


def log_a_day(client: FlaskClient, _world: World) -> Sent:
    """The second copy finds the date taken: the form comes back."""
    fields = _opened(client, "/workdays/new", "form.q-panel")
    return Sent("/workdays/new", {**fields, "task": "t1", "description": "演示：多次提交"})


def recall_a_day(client: FlaskClient, world: World) -> Sent:
    """The second copy finds the day recalled: a conflict."""
    day = logged(world, submit=True)
    world.session.commit()
    path = f"/workdays/{day.id}"
    return Sent(f"{path}/recall", _opened(client, path, "form[action$=recall]"))


def upload_a_file(client: FlaskClient, _world: World) -> Sent:
    path = "/import/workdays"
    return Sent(path, _opened(client, path, "form.q-panel"), {"file": (table(1), "一.xlsx")})


def withdraw_a_file(client: FlaskClient, world: World) -> Sent:
    """The second copy finds no such batch: it is missing."""
    upload = upload_a_file(client, world)
    page = send(client, upload).location
    assert page
    return Sent(f"{page}/withdrawal", _opened(client, page, "form[action$=withdrawal]"))


DEEDS = {
    log_a_day: ("sending_staff", Workday),
    recall_a_day: ("sending_staff", Workday),
    upload_a_file: ("sending_manager", ImportBatch),
    withdraw_a_file: ("sending_manager", ImportBatch),
}


def signed_in(app: flask.Flask, world: World, persona: str) -> FlaskClient:
    client = FlaskClient(app, app.response_class)
    with client.session_transaction() as session:
        session["_user_id"] = world.token(persona)
    return client


def send(client: FlaskClient, sent: Sent) -> TestResponse:
    files = {name: (io.BytesIO(content), file) for name, (content, file) in sent.files.items()}
    return client.post(sent.path, data={**sent.fields, **files})


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_copies_that_arrive_at_once_have_one_effect_and_equal_answers(
    portal: flask.Flask, world: World, deed: Callable[[FlaskClient, World], Sent]
) -> None:
    persona, model = DEEDS[deed]
    first = signed_in(portal, world, persona)
    sent = deed(first, world)
    copies = MOST_WAITING if sent.files else COPIES  # more uploads at once are asked to come again
    cookie = first.get_cookie("qianshou")
    assert cookie
    clients = [FlaskClient(portal, portal.response_class) for _ in range(copies)]
    for client in clients:
        client.set_cookie("qianshou", cookie.value)
    keys = world.count(FormKey)
    world.session.commit()
    ready = threading.Barrier(copies)

    def run(client: FlaskClient) -> TestResponse:
        ready.wait()
        return send(client, sent)

    with ThreadPoolExecutor(copies) as threads:
        answers = list(threads.map(run, clients))
    assert {(answer.status_code, answer.location) for answer in answers} == {
        (302, answers[0].location)
    }
    assert world.count(FormKey) == keys + 1
    assert world.count(model) == (0 if deed is withdraw_a_file else 1)
    if deed is recall_a_day:
        world.session.expire_all()  # the day that this session logged is read anew
        assert {day.state for day in world.session.query(Workday)} == {WorkdayState.RETURNED}


@pytest.mark.parametrize(
    ("content", "name"), [(table(2), "一.xlsx"), (table(1), "二.xlsx"), (b"", "一.xlsx")]
)
def test_the_same_key_with_another_file_is_a_conflict_and_changes_nothing(
    portal: flask.Flask, world: World, content: bytes, name: str
) -> None:
    client = signed_in(portal, world, "sending_manager")
    sent = upload_a_file(client, world)
    first = send(client, sent)
    again = send(client, sent._replace(files={"file": (content, name)}))
    assert again.status_code == 409
    assert "这张表单已提交过一次且内容不同" in again.text
    assert send(client, sent).location == first.location  # the control
    assert world.count(ImportBatch) == 1


def test_every_form_that_is_posted_carries_a_key() -> None:
    """Written as part of a form, of a component with a key, or it is named above."""
    keyless = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        for form in re.findall(r'<form\b[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)
        if "form_key" not in form and "hidden_tag()" not in form
    }
    assert keyless == KEYLESS
