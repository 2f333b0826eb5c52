"""The file of a picture: its table, for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from models import Region
from portal.dashboards.picture_export import PICTURES
from tests.support.money import received
from tests.support.portal import Pages
from tests.support.world import World


def rows_of(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("picture", PICTURES)
def test_each_picture_is_a_file_with_the_rows_of_its_table(
    world: World, pages: Pages, picture: str
) -> None:
    received(world)
    world.session.commit()
    client = pages("national_officer")
    page = client.get("/dashboard?year=2022")
    link = next(url for _, url in page.links() if f"/dashboard/{picture}.csv" in url)
    answer = client.get(link)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    head, *rows = rows_of(answer.body)
    title = page.find(f"#{picture}-title").text
    shown = page.table_rows(f"{title}（数据表）")
    assert head == list(shown[0])
    assert [row[0] for row in rows] == [row[head[0]] for row in shown]


@pytest.mark.usefixtures("busy")
def test_the_file_is_filtered_as_the_page(pages: Pages) -> None:
    answer = pages("national_officer").get("/dashboard/flow.csv?year=2022&sending=500000")
    assert rows_of(answer.body)[1:] == [["重庆市", "贵州省", "1", "0", "0.0"]]


def test_the_file_holds_only_the_readers_scope(pages: Pages) -> None:
    answer = pages("county_officer").get("/dashboard/heat.csv?year=2022")
    assert [row[0] for row in rows_of(answer.body)[1:]] == ["P1 红寺堡区"]


def test_no_text_of_a_file_becomes_a_formula(world, pages: Pages) -> None:
    named = sa.update(Region).where(Region.code == "500000").values(name="=1+1")
    world.session.execute(named)
    answer = pages("national_officer").get("/dashboard/flow.csv?year=2022&sending=500000")
    assert rows_of(answer.body)[1][0] == "'=1+1"


@pytest.mark.parametrize(
    ("persona", "path", "status"),
    [
        ("national_officer", "/dashboard/money.csv", 404),
        ("national_officer", "/dashboard/flow.csv?year=1999", 404),
        ("sending_staff", "/dashboard/flow.csv", 403),
        ("audit_administrator", "/dashboard/flow.csv", 403),
    ],
)
def test_there_is_nothing_else(pages: Pages, persona: str, path: str, status: int) -> None:
    pages(persona).get(path, expect=status)
