"""What the worker's first page and the heaviest pages weigh over the wire, measured in the browser."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pytest

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.support.measured import Measured

FIRST_PAGE_BYTES = 100_000


def transferred(
    demo: DemoPortal, login: str | None, path: str, size: tuple[int, int]
) -> dict[str, int]:
    """Open a page in a browser that has nothing stored; return the bytes received by address.

    Heads and bodies as they came, compressed; images, fonts and scripts included.
    """
    lengths: dict[str, int] = {}
    names: dict[str, str] = {}
    with demo.visited(login, size) as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")

        def finished(event: dict[str, Any]) -> None:
            lengths[names[event["requestId"]]] = int(event["encodedDataLength"])

        def answered(event: dict[str, Any]) -> None:
            names[event["requestId"]] = event["response"]["url"].partition("?")[0]

        network.on("Network.responseReceived", answered)
        network.on("Network.loadingFinished", finished)
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None
        assert answer.ok
    assert len(lengths) > 3, "the page, its sheets and its script"
    return lengths


@pytest.mark.parametrize(
    ("login", "path"),
    [
        (None, "/sign-in"),
        ("yanshi-send-staff", "/"),
        ("yanshi-recv-staff", "/"),
        ("yanshi-send-staff", "/workdays/new"),
    ],
)
def test_a_first_page_of_the_worker_is_below_100_kb(
    login: str | None, path: str, demo: DemoPortal, measured: Measured
) -> None:
    parts = transferred(demo, login, path, PHONE)
    weight = sum(parts.values())
    measured(f"{path} as {login or 'visitor'}, cold, 390 px", f"{weight / 1000:.1f} kB")
    assert weight < FIRST_PAGE_BYTES, sorted(parts.items(), key=itemgetter(1), reverse=True)


@pytest.mark.parametrize("login", ["yanshi-national", "yanshi-prov"])
def test_says_what_the_pictures_weigh(login: str, demo: DemoPortal, measured: Measured) -> None:
    """The heaviest pages draw charts by a library of their own: measured, with its share."""
    parts = transferred(demo, login, "/dashboard", DESKTOP)
    heaviest, weight = max(parts.items(), key=itemgetter(1))
    name = heaviest.rpartition("/")[2] or "the page itself"
    measured(
        f"/dashboard as {login}, cold, 1440 px",
        f"{sum(parts.values()) / 1000:.1f} kB, of which {name} {weight / 1000:.1f} kB",
    )
    assert sum(parts.values()) > weight > 0
