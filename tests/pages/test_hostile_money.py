"""Forms of money with what no page offers: others' rows, odd tokens, other places, fields that are no fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from models import (
    AwardRule,
    CertificateAward,
    Disbursement,
    Expenditure,
    FundAccount,
    FundAllocation,
    FundIncome,
    FundYearTotal,
    LedgerEntry,
    Settlement,
)
from models.types import AllocationState, ExpenseCategory
from models.types import ExpenditureState as State
from portal.spending import actions
from portal.web.frame import MOST_VALUES
from tests.pages.funding.test_odd_amounts import DOORS
from tests.support import awards
from tests.support.money import PROVINCIAL, approved, planned, received, with_colleagues
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages
from tests.support.settlements import handed_in, spent
from tests.support.spending import claimed
from tests.support.world import World

ON_SQLITE = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""What the rules answer alike, whatever the database."""
MANAGER, PROVINCE, COLLEAGUE = (
    "sending_manager",
    "sending_province_officer",
    "sending_province_colleague",
)


class Bulk(NamedTuple):
    """A door that takes what was ticked: what is ticked, who may, and who may not."""

    prepare: Callable[[World], Any]
    may: str
    others: tuple[str, ...]
    fields: dict[str, str] = {}  # noqa: RUF012 - read only


def _planned(world: World) -> Any:
    with_colleagues(world)
    return planned(world)


def _approved(world: World) -> Any:
    return approved(world, 3_000_000, PROVINCIAL)


def _claimed(world: World) -> Any:
    received(world)
    return claimed(world)


def _other(world: World) -> Any:
    received(world)
    return claimed(world, category=ExpenseCategory.OTHER, other_reason="演示：翻译")


def _booked(world: World) -> Any:
    one = _claimed(world)
    actions.book_expenditures(world.deed(MANAGER), [one])
    return one


def _handed_in(world: World) -> Any:
    spent(world)
    return handed_in(world)


def _award(step: Callable[[World], Any]) -> Callable[[World], Any]:
    def prepare(world: World) -> Any:
        awards.with_award_rules(world)
        return step(world)

    return prepare


def _due(world: World) -> Any:
    one = awards.publicised(world)
    world.clock.stand_on(date(2022, 12, 20))
    return one


FOREIGN = ("other_province_officer", "province_officer")
PAY = {"paid_on": "2022-03-01", "prefix": "演示"}
PAY_AWARD = {"paid_on": "2022-12-20", "voucher_number": "演示"}
BULK = {
    "/funds/allocations/approval": Bulk(_planned, COLLEAGUE, (*FOREIGN, "national_officer")),
    "/funds/payments/new": Bulk(_approved, PROVINCE, FOREIGN, PAY),
    "/spending/bookings": Bulk(_claimed, MANAGER, ("receiving_manager", "other_manager")),
    "/spending/approvals": Bulk(_other, PROVINCE, FOREIGN),
    "/spending/acceptances": Bulk(_booked, PROVINCE, FOREIGN),
    "/settlements/settled": Bulk(_handed_in, PROVINCE, FOREIGN),
    "/awards/verifications": Bulk(_award(awards.claimed), PROVINCE, FOREIGN),
    "/awards/publications": Bulk(_award(awards.verified), PROVINCE, FOREIGN),
    "/awards/payments": Bulk(_award(_due), PROVINCE, FOREIGN, PAY_AWARD),
}
TABLES = (
    FundAllocation,
    Disbursement,
    FundIncome,
    Expenditure,
    Settlement,
    LedgerEntry,
    FundAccount,
    FundYearTotal,
    CertificateAward,
    AwardRule,
)


def content(world: World) -> list[Any]:
    """Return every row of money, as it stands."""
    world.session.rollback()
    return [
        tuple(row)
        for model in TABLES
        for row in world.session.execute(
            sa.select(*model.__table__.c).order_by(*model.__table__.primary_key)
        )
    ]


def post(client: PageClient, path: str, bulk: Bulk, *chosen: str) -> Page:
    response = client.client.post(
        path,
        data={**bulk.fields, "chosen": list(chosen), "csrf_token": client._csrf_token()},
    )
    return Page(client, response, path, is_fragment=False)


@ON_SQLITE
@pytest.mark.parametrize("path", BULK)
def test_others_rows_are_none_among_what_is_ticked(pages: Pages, world: World, path: str) -> None:
    bulk = BULK[path]
    one = bulk.prepare(world)
    world.session.commit()
    token, before = f"{one.public_id}-{one.version}", content(world)
    for persona in bulk.others:
        foreign = post(pages(persona), path, bulk, token)
        unknown = post(pages(persona), path, bulk, f"{'x' * len(one.public_id)}-1")
        if persona == "national_officer":  # it is in reach of the nation, its source is not
            assert foreign.status == 409
        else:
            assert (foreign.status, unknown.status, foreign.h1) == (404, 404, unknown.h1)
    client = pages(bulk.may)
    key = one.public_id
    for odd in (
        *(
            "",
            "x",
            "-",
            "-1",
            f"{key}-",
            f"{key}--1",
            f"{key}-１",
            f"{key}-{'9' * 30}",
            "1" * 9_000,
        ),
        f"{key}-{one.version + 1}",
        f"{key.swapcase()}-{one.version}",
    ):
        assert post(client, path, bulk, odd).status in (200, 404, 409), odd
    assert post(client, path, bulk, token, f"{'x' * len(key)}-1").status == 404
    assert content(world) == before
    assert post(client, path, bulk, token, token).status == 302
    assert content(world) != before
    moved = content(world)
    assert post(client, path, bulk, token).status in (200, 409)  # the back button
    assert content(world) == moved


def test_more_ticks_than_any_page_has_are_no_request(pages: Pages, world: World) -> None:
    path = "/funds/payments/new"
    ticks = [f"{number:x}-1" for number in range(MOST_VALUES)]
    client = pages(PROVINCE)
    assert post(client, path, BULK[path], *ticks).status == 400
    assert post(client, path, BULK[path], *ticks[: MOST_VALUES // 2]).status == 404


@ON_SQLITE
def test_nobody_claims_an_award_for_others(pages: Pages, world: World) -> None:
    awards.with_award_rules(world)
    numbers = {key: str(awards.certificate(world, key).id) for key in ("sent1", "sent2", "foreign")}
    world.session.commit()
    refused = {
        "sending_staff": ("sent2", "foreign"),
        "sending_manager": ("foreign",),
        "other_manager": ("sent1", "sent2"),
    }
    for persona, keys in refused.items():
        for key in keys:
            pages(persona).post("/awards/new", {"chosen": numbers[key]}, expect=404)
    pages("sending_manager").post("/awards/new", {"chosen": "9" * 40}, expect=200)
    assert world.count(CertificateAward) == 0


@ON_SQLITE
@pytest.mark.parametrize("query", ["P3.sent", "P2.sent", "P1.received", "P1.sent\u200b"])
def test_a_claim_stays_at_home_whatever_place_is_asked_for(
    pages: Pages, world: World, query: str
) -> None:
    client = pages("sending_staff")
    page = client.get("/spending/new").form(None)
    sent = {
        **{name: values[-1] for name, values in page.values.items()},
        "amount": "1",
        "category": "activity",
        "payee": "演示",
        "purpose": "演示",
        "organisation_id": str(world.organisation("receiving").id),
        "claimed_by_person_id": str(world.person("sent2").id),
        "state": "booked",
    }
    answer = client.client.post("/spending/new", data=sent, query_string={"place": query})
    assert answer.status_code == 302
    one = world.session.scalars(sa.select(Expenditure)).one()
    assert one.organisation_id == world.organisation("sending").id
    assert one.pairing_id == world.pairing("P1").id
    assert (one.claimed_by_person_id, one.state) == (world.person("sent1").id, State.CLAIMED)


@ON_SQLITE
def test_wages_of_somebody_else_are_not_offered_and_not_taken(pages: Pages, world: World) -> None:
    client = pages("sending_staff")
    sent = {
        **{
            name: values[-1]
            for name, values in client.get("/spending/new").form(None).values.items()
        },
        "amount": "1",
        "category": "wages",
        "payee": "演示",
        "purpose": "演示",
    }
    for key in ("sent2", "received1", "foreign"):
        answer = client.client.post(
            "/spending/new", data={**sent, "person": world.person(key).public_id}
        )
        assert answer.status_code == 200
    assert world.count(Expenditure) == 0


FORGED = {int: "777777777", str: "演示越权", date: "1999-09-09"}
STATES = {"state": "approved", "source": None, "category": None}


def forged(known: set[str]) -> Iterator[tuple[str, str]]:
    """Yield every column of every table of money that a form has no field for."""
    for model in TABLES:
        for column in model.__table__.c:
            if column.name not in known:
                try:
                    kind = column.type.python_type
                except NotImplementedError:
                    kind = str
                yield column.name, STATES.get(column.name) or FORGED.get(kind, "演示越权")


@ON_SQLITE
@pytest.mark.parametrize(
    "door", [one for one in DOORS if one[0] != "StandardFilters"], ids=lambda one: one[0]
)
def test_no_column_is_written_that_is_no_field(
    pages: Pages, world: World, door: tuple[str, str]
) -> None:
    page, fields, kept, form, _ = DOORS[door](world, pages)
    shown = page.form(form)
    data: dict[str, Any] = {
        **{name: values[-1] for name, values in shown.values.items()},
        **fields,
        door[1]: "1",
    }
    extra = dict(forged(set(shown.names) | {door[1]}))
    assert len(extra) > 40
    action = shown.element.get("action") or page.path
    answer = page.client.client.post(action, data={**extra, **data})
    assert answer.status_code == 302
    assert kept is not None
    assert world.session.scalar(kept) == 100
    written = {str(cell) for row in content(world) for cell in row}
    assert not written & {*FORGED.values()}
    states = set(
        world.session.scalars(
            sa.select(FundAllocation.state).where(FundAllocation.amount_fen == 100)
        )
    )
    assert states <= {AllocationState.PLANNED}
