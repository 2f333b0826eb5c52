"""Static files come compressed to whoever takes that, whole to everybody else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient

from portal.settings import ROOT
from tests.support.portal import make_portal

STYLES = "/static/css/base.css"
SCRIPT = "/static/js/qianshou.js"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = make_portal("sqlite://")
    yield app.test_client()
    app.extensions["qianshou_database"].engine.dispose()


def get(client: FlaskClient, path: str, encoding: str = "gzip, deflate, br") -> flask.Response:
    return client.get(path, headers={"Accept-Encoding": encoding}, buffered=True)


def test_a_script_comes_compressed_and_whole(client: FlaskClient):
    answer = get(client, SCRIPT)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert gzip.decompress(answer.data) == (ROOT / "static/js/qianshou.js").read_bytes()
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("sheet", sorted((ROOT / "static/css").glob("*.css")), ids=lambda p: p.name)
def test_a_style_sheet_comes_with_every_rule_and_without_comments(client: FlaskClient, sheet: Path):
    answer = get(client, f"/static/css/{sheet.name}")
    assert answer.headers["Content-Encoding"] == "gzip"
    rules = gzip.decompress(answer.data).decode().split()
    written, *commented = sheet.read_text("utf-8").split("/*")
    for part in commented:
        written += part.partition("*/")[2]
    assert rules == written.split()


def test_a_licence_stays_in_its_style_sheet(client: FlaskClient):
    answer = get(client, "/static/vendor/bootstrap.min.css")
    assert b"Licensed under MIT" in gzip.decompress(answer.data)[:500]


@pytest.mark.parametrize("encoding", ["", "br", "identity", "gzip;q=0"])
def test_whoever_takes_no_gzip_gets_the_file_as_it_is(client: FlaskClient, encoding: str):
    answer = get(client, STYLES, encoding)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (ROOT / "static/css/base.css").read_bytes()
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient):
    etag = get(client, STYLES).headers["ETag"]
    answer = client.get(
        STYLES, headers={"Accept-Encoding": "gzip", "If-None-Match": etag}, buffered=True
    )
    assert (answer.status_code, answer.data) == (304, b"")


def test_pages_and_pictures_stay_as_they_are(client: FlaskClient):
    assert "Content-Encoding" not in get(client, "/sign-in").headers
    assert "Content-Encoding" not in get(client, "/static/img/mark.svg").headers
