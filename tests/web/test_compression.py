"""Static files come compressed to whoever takes that, whole to everybody else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient

from portal.settings import ROOT
from portal.web.compression import WORTH_IT_BYTES
from tests.support.portal import make_portal

STYLES = "/static/css/base.css"
HTMX = "vendor/htmx.min.js"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = make_portal("sqlite://")
    yield app.test_client()
    app.extensions["qianshou_database"].engine.dispose()


def get(client: FlaskClient, path: str, encoding: str = "gzip, deflate, br") -> flask.Response:
    return client.get(path, headers={"Accept-Encoding": encoding}, buffered=True)


def worth_it(folder: str) -> list[Path]:
    return sorted(one for one in (ROOT / folder).iterdir() if one.stat().st_size >= WORTH_IT_BYTES)


@pytest.mark.parametrize("script", worth_it("static/js"), ids=lambda p: p.name)
def test_a_script_comes_compressed_with_every_line_of_code(client: FlaskClient, script: Path):
    answer = get(client, f"/static/js/{script.name}")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert not {"Content-Disposition", "Last-Modified"} & set(answer.headers.keys())
    code, is_code = [], True
    for line in map(str.strip, script.read_text("utf-8").splitlines()):
        is_code = is_code and not line.startswith("/*")
        if is_code and line and not line.startswith("//"):
            code.append(line)
        is_code = is_code or line.endswith("*/")
    assert list(filter(None, gzip.decompress(answer.data).decode().splitlines())) == code


def test_a_script_of_others_comes_as_it_is(client: FlaskClient):
    answer = get(client, f"/static/{HTMX}")
    assert gzip.decompress(answer.data) == (ROOT / "static" / HTMX).read_bytes()


@pytest.mark.parametrize("sheet", worth_it("static/css"), ids=lambda p: p.name)
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
