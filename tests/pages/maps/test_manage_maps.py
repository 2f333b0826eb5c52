"""Uploading an approved map, taking it down, and the outlines that the pictures ask for."""

from __future__ import annotations

import io
import json

import pytest
import sqlalchemy as sa

from models import ApprovedMap
from tests.support.maps import NUMBER, features, map_file
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages


def upload(client: PageClient, content: bytes, number: str = NUMBER, **options) -> Page:
    file = (io.BytesIO(content), "演示方格.json")
    return client.get("/maps").submit(approval_number=number, file=file, **options)


def standing(world) -> list[ApprovedMap]:
    wanted = sa.select(ApprovedMap).where(ApprovedMap.is_standing.is_(True))
    return list(world.session.scalars(wanted))


def test_an_uploaded_map_stands_under_its_number(world, pages: Pages) -> None:
    page = upload(pages("system_administrator"), map_file(), "GS(2024)0000号").follow()
    assert f"正在使用的地图：审图号 {NUMBER}" in page.text
    (row,) = page.table_rows("上传过的地图")
    assert (row["审图号"], row["状态"], row["文件"]) == (NUMBER, "使用中", "演示方格.json")
    assert [one.approval_number for one in standing(world)] == [NUMBER]


def test_says_every_fault_beside_its_field_and_keeps_nothing(world, pages: Pages) -> None:
    page = upload(pages("system_administrator"), map_file(features()[:30]), "0650", expect=200)
    text = "".join(page.errors)
    assert "不像审图号" in text
    assert "地图须完整" in text
    assert world.count(ApprovedMap) == 0


def test_asks_for_a_file_and_a_number(world, pages: Pages) -> None:
    page = pages("system_administrator").get("/maps").submit(expect=200)
    assert len(page.errors) == 2
    assert world.count(ApprovedMap) == 0


def test_a_map_is_taken_down_and_another_put_up(world, pages: Pages) -> None:
    client = pages("system_administrator")
    page = upload(client, map_file()).follow()
    assert page.find("input[type=file]") is None
    page = page.submit(form="form[action$=withdrawal]").follow()
    assert standing(world) == []
    assert page.table_rows("上传过的地图")[0]["状态"] == "已撤下"
    upload(client, map_file(), "GS（2025）0001号")
    assert [one.approval_number for one in standing(world)] == ["GS（2025）0001号"]
    assert world.count(ApprovedMap) == 2


def test_sends_the_outlines_to_be_kept_under_their_version(pages: Pages) -> None:
    upload(pages("system_administrator"), map_file())
    client = pages("national_officer")
    url = client.get("/dashboard?year=2022&view=map").find("[data-map]")["data-map"]
    answer = client.get(url)
    assert len(json.loads(answer.body)["features"]) == 34
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Cache-Control"].startswith("private")
    assert "no-cache" in client.get("/maps/current.json").headers["Cache-Control"]


def test_without_a_map_there_are_no_outlines(pages: Pages) -> None:
    pages("county_officer").get("/maps/current.json", expect=404)


@pytest.mark.parametrize("persona", ["national_officer", "security_administrator", "sending_staff"])
def test_only_the_system_administrator_has_maps(pages: Pages, persona: str) -> None:
    pages(persona).get("/maps", expect=403)


def test_an_unknown_map_is_missing(pages: Pages) -> None:
    pages("system_administrator").post("/maps/unknown/withdrawal", {}, 404)
