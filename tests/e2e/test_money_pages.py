"""The pages of money as the demonstration shows them: one primary button at most, no number without its label."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, DemoPortal

STAFF, MANAGER = "yanshi-send-staff", "yanshi-send-mgr"
SENDING, RECEIVING, NATIONAL = "yanshi-prov-send", "yanshi-prov", "yanshi-national"

LISTS = (
    (STAFF, "/spending"),
    (MANAGER, "/spending"),
    (MANAGER, "/funds"),
    ("yanshi-recv-mgr", "/funds"),
    (SENDING, "/funds"),
    (SENDING, "/funds/allocations"),
    (SENDING, "/funds/payments/new"),
    (SENDING, "/funds/bank-list"),
    (NATIONAL, "/funds/plan/2025"),
    (SENDING, "/spending/sample?seed=211124"),
    (SENDING, "/spending/rules"),
    (SENDING, "/settlements"),
    (SENDING, "/funds/questions"),
    (RECEIVING, "/awards"),
    (RECEIVING, "/awards/payments"),
    (RECEIVING, "/awards/notice"),
    ("yanshi-recv-mgr", "/awards/new"),
)
EACH_STATE = (
    # Who decides on what, and its table: one of each state.
    (STAFF, "/spending/", "expenditure"),
    (MANAGER, "/spending/", "expenditure"),
    (SENDING, "/spending/", "expenditure"),
    (SENDING, "/settlements/", "settlement"),
    (SENDING, "/funds/allocations/", "fund_allocation"),
    (RECEIVING, "/awards/", "certificate_award"),
)
PRIMARY = re.compile(r'class="btn btn-primary')


def test_no_page_has_two_primary_buttons(demo: DemoPortal) -> None:
    pages = list(LISTS)
    with demo.app.extensions["qianshou_database"].reading() as session:
        for login, path, table in EACH_STATE:
            ids = session.scalars(sa.text(f"SELECT min(public_id) FROM {table} GROUP BY state"))
            pages += [(login, f"{path}{one}") for one in ids]
    several, opened = [], 0
    for login, path in pages:
        answer = demo.ask(login, path)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            continue  # of an organisation out of reach
        assert answer.status_code == HTTPStatus.OK, path
        opened += 1
        main = answer.text.partition("<main")[2]
        if len(PRIMARY.findall(main)) > 1:
            several.append((login, path))
    assert several == []
    assert opened > len(LISTS) + len(EACH_STATE)


@pytest.mark.parametrize(
    ("login", "path"), [(RECEIVING, "/awards"), (SENDING, "/settlements"), (MANAGER, "/spending")]
)
def test_no_state_of_a_row_is_cut_off_on_a_phone(demo: DemoPortal, login: str, path: str) -> None:
    with demo.visited(login, PHONE) as page:
        page.goto(path)
        tags = page.locator(".q-rows tbody .q-tag")
        expect(tags.first).to_be_visible()
        cut = tags.evaluate_all(
            """tags => tags.filter(tag => tag.offsetParent).map(tag => {
                const [own, cell] = [tag, tag.closest("td, th")].map(one => one.getBoundingClientRect());
                return Math.max(own.bottom - cell.bottom, own.right - cell.right);
            }).filter(beyond => beyond > 1)"""
        )
        assert cut == []


def test_what_a_source_pays_is_labelled_on_a_phone(demo: DemoPortal) -> None:
    with demo.visited(SENDING, PHONE) as page:
        page.goto("/spending/rules")
        labels = page.locator(".q-table tbody td").evaluate_all(
            "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
        )
        assert '"餐补"' in labels
        assert not {"none", "normal", '""'} & set(labels)
