"""Forms that arrive at the same moment: a double tap, a retry on a weak signal, two phones."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import FormKey, Workday
from tests.support.page_client import PageClient
from tests.support.workdays import assert_totals_stand
from tests.support.world import World

NEW = "/workdays/new"


class Phone:
    """A browser of its own, with the form open and filled in."""

    def __init__(self, app: flask.Flask, token: str) -> None:
        self.client = FlaskClient(app, app.response_class)
        with self.client.session_transaction() as session:
            session["_user_id"] = token
        self.form: dict[str, Any] = {
            **PageClient(self.client).get(NEW).form("form.q-panel").values,
            "task": "t1",
            "description": "演示：同时提交",
        }

    def send(self, **changes: str) -> TestResponse:
        return self.client.post(NEW, data={**self.form, **changes})


def at_once(*sends: Any) -> list[TestResponse]:
    ready = threading.Barrier(len(sends))

    def run(send: Any) -> TestResponse:
        ready.wait()
        return send()

    with ThreadPoolExecutor(len(sends)) as threads:
        return list(threads.map(run, sends))


def count(world: World, model: Any) -> int:
    world.session.rollback()
    return world.count(model)


def test_two_phones_never_log_more_than_one_day(portal: flask.Flask, world: World):
    token = world.token("sending_staff")
    phones = [Phone(portal, token) for _ in range(8)]
    answers = at_once(*(phone.send for phone in phones))
    assert sorted(answer.status_code for answer in answers) == [*[200] * 7, 302]
    for answer in answers:
        if answer.status_code == 200:
            assert "超过每人每日 1 天的上限" in answer.text
    assert count(world, Workday) == 1
    assert_totals_stand(world.session)


@pytest.mark.parametrize("days", ["0.5", "1"])
def test_a_form_that_is_sent_several_times_at_once_has_one_effect_and_one_answer(
    portal: flask.Flask, world: World, days: str
):
    token = world.token("sending_staff")
    phones = [Phone(portal, token) for _ in range(8)]
    copies = [phone.form | {"form_key": phones[0].form["form_key"]} for phone in phones]
    for phone, copy in zip(phones, copies, strict=True):
        phone.form = copy
    # The rules would let a second half day in, and would refuse a second whole one.
    answers = at_once(*(lambda phone=phone: phone.send(days=days) for phone in phones))
    assert [answer.status_code for answer in answers] == [302] * 8
    assert len({answer.location for answer in answers}) == 1
    assert count(world, Workday) == 1
    assert count(world, FormKey) == 1
