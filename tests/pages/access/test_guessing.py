"""Guessing weighs account and place together: nobody shuts others out, nobody guesses for long."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from models import SignInAddress, WebSession
from portal.access.rules import LOCK_AFTER, MOST_FROM_ADDRESS
from tests.support.page_client import PageClient

from .conftest import WRONG
from .test_sign_in import CountingPasswords, statements_of

OFFICE = "127.0.0.1"
ELSEWHERE = "203.0.113.77"
OFFICERS = ("county_officer", "county_rural_officer", "sending_manager")


def at(client: PageClient, address: str) -> PageClient:
    client.client.environ_base["REMOTE_ADDR"] = address
    return client


def guess(client: PageClient, login: str) -> int:
    """Send a wrong password and return the status of the answer, whatever it is."""
    values = client.get("/sign-in").form().values
    data = {**values, "login": login, "password": "wrong-password"}
    return client.client.post("/sign-in", data=data).status_code


@pytest.fixture
def office(door, world):
    """Three people have signed in from the office before, each with an own browser."""
    browsers = {}
    for login in OFFICERS:
        browsers[login] = door.pages()
        assert door.try_in(login=login, client=browsers[login]).location == "/"
        browsers[login].post("/sign-out")
    return browsers


def spend(world, clock, address: str = OFFICE) -> None:
    """Use up what an address may fail, by logins that nobody has."""
    world.session.execute(sa.delete(SignInAddress).where(SignInAddress.address == address))
    world.session.add(SignInAddress(address=address, began_at=clock(), failures=MOST_FROM_ADDRESS))
    world.session.commit()


@pytest.mark.parametrize("has_cookie", [True, False])
def test_who_signed_in_from_there_gets_in_at_a_spent_address(
    door, office, world, clock, has_cookie
):
    spend(world, clock)
    for login, browser in office.items():
        client = browser if has_cookie else door.pages()
        assert door.try_in(login=login, client=client).location == "/"
    # The control: a wrong password is told that the address is spent, as everybody else there is.
    assert door.try_in("wrong-password", expect=429)
    assert door.try_in(login="national_officer", expect=429)


def test_one_client_cannot_shut_out_an_office_whose_logins_it_knows(door, office):
    stranger = door.pages()
    logins = [*OFFICERS * (LOCK_AFTER + 1), *(f"made.up{number}" for number in range(40))]
    assert {guess(stranger, login) for login in logins} == {200, 429}
    for login, browser in office.items():
        assert door.try_in(login=login, client=browser).location == "/"
    # The control: without its browser an account that was guessed at is closed, here as elsewhere.
    assert door.try_in(client=door.pages(), expect=429)


def test_an_account_under_attack_from_many_addresses_stays_open_for_its_owner(door, office, portal):
    hasher = portal.extensions["qianshou_passwords"] = CountingPasswords()
    stored = door.account().password_hash
    for number in range(30):
        client = at(door.pages(), f"203.0.113.{number}")
        assert door.try_in("wrong-password", client=client, expect=200).errors == [WRONG]
    assert hasher.compared.count(stored) == LOCK_AFTER
    assert door.try_in(client=at(door.pages(), ELSEWHERE), expect=200).errors == [WRONG]
    assert door.try_in(client=door.pages()).location == "/"  # from the known address
    moved = at(office["county_officer"], ELSEWHERE)
    assert door.try_in(client=moved).location == "/"  # in the known browser
    # Its owner's success opens it for nobody else.
    assert door.try_in(client=at(door.pages(), "203.0.113.99"), expect=200).errors == [WRONG]


@pytest.mark.parametrize("has_cookie", [True, False])
def test_a_known_place_has_five_attempts_too_and_is_seen_as_locked(door, office, clock, has_cookie):
    client = office["county_officer"] if has_cookie else door.pages()
    for _ in range(LOCK_AFTER):
        door.try_in("wrong-password", client=client, expect=200)
    assert door.try_in(client=client, expect=200).errors == [WRONG]
    assert door.account().locked_until is not None
    clock.pass_time(minutes=15, seconds=1)
    assert door.try_in(client=client).location == "/"


def test_the_right_password_at_the_fifth_attempt_locks_nothing(door, office):
    for _ in range(LOCK_AFTER - 1):
        door.try_in("wrong-password", client=office["county_officer"], expect=200)
    assert door.try_in(client=office["county_officer"]).location == "/"
    assert door.account().locked_until is None


def test_a_browser_without_a_mark_is_not_the_one_of_a_former_release(door, office, world):
    """Sessions from before the marks have none: that is no mark that a stranger has, too."""
    world.session.execute(sa.update(WebSession).values(device=None, address="192.0.2.1"))
    for _ in range(LOCK_AFTER):
        door.try_in("wrong-password", client=at(door.pages(), ELSEWHERE), expect=200)
    assert door.account().failed_attempts == LOCK_AFTER


def test_unlocking_gives_every_place_its_attempts_back(door, office, world):
    client = office["county_officer"]
    for _ in range(LOCK_AFTER + 1):
        door.try_in("wrong-password", client=client, expect=200)
    path = f"/accounts/{door.account().public_id}/unlocking"
    door.pages("security_administrator").post(path)
    assert door.try_in(client=client).location == "/"


def test_twenty_parallel_attempts_from_a_known_place_are_five(door, office, portal):
    hasher = portal.extensions["qianshou_passwords"] = CountingPasswords()
    stored = door.account().password_hash
    door.world.session.commit()
    clients = [PageClient(portal.test_client()) for _ in range(20)]
    forms = [client.get("/sign-in").form().values for client in clients]

    def attempt(client, values):
        data = {**values, "login": "county_officer", "password": "wrong-password"}
        return client.client.post("/sign-in", data=data).status_code

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(attempt, clients, forms)) == [200] * 20
    assert hasher.compared.count(stored) == LOCK_AFTER


@pytest.mark.parametrize("is_spent", [False, True])
def test_a_stranger_cannot_tell_who_has_an_account_or_signs_in_from_here(
    door, office, world, clock, portal, is_spent
):
    """Known here, known elsewhere, unknown: the same page after the same statements."""
    if is_spent:
        spend(world, clock)
    logins = ("county_officer", "national_officer", "nobody-here")
    status = 429 if is_spent else 200
    pages = [door.try_in("wrong-password", login, expect=status) for login in logins]
    texts = [re.sub("参考编号 [0-9A-F]{8}", "", page.text) for page in pages]
    assert texts[0] == texts[1] == texts[2]
    steps = [
        statements_of(door, portal, expect=status, login=one, password="wrong-password")
        for one in logins
    ]
    assert steps[0] == steps[1] == steps[2]


def test_a_browser_that_says_it_is_known_is_not_believed(door, office, world):
    for mark in ("", "x" * 43, "x" * 3000):
        client = at(door.pages(), ELSEWHERE)
        client.client.set_cookie("qianshou-device", mark)
        assert door.try_in(client=client).location == "/"
    marks = world.session.scalars(sa.select(WebSession.device)).all()
    assert len(set(marks)) == len(marks) == len(OFFICERS) + 3


def test_made_up_logins_fill_no_table(door, world):
    client = door.pages()
    for number in range(MOST_FROM_ADDRESS + 20):
        guess(client, f"made.up{number}")
    assert world.count(SignInAddress) <= MOST_FROM_ADDRESS + 4
