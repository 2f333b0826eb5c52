"""No answer of the portal stays in a browser: every door of the URL map, pages and files alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.web.headers import MAY_BE_KEPT
from tests.architecture.expectations import Outcome, doors
from tests.architecture.matrix import Case, Run, all_cases
from tests.support.arena import Arena

EXPORTED = {
    "summaries.export_summary": [{"kind": kind} for kind in ("xlsx", "csv", "pdf", "html")],
    "audit.export_events": [{}],
    "people.export_people": [{}],
}
"""Files that are sent for a POST, with what their forms say besides year and purpose."""

SENT_BY_GET = {
    "imports.send_template",
    "imports.send_own_template",
    "imports.send_errors",
    "dashboards.download_picture",
}

on_one_database = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""The headers are set above the database."""


def one_case_each() -> Iterator[Case]:
    """A case of every door for each outcome that it may have."""
    for door in doors():
        if door.endpoint != "static":
            yield from {case.expected: case for case in all_cases(door)}.values()


@on_one_database
def test_nothing_is_kept_but_what_is_open_to_everybody(arena: Arena) -> None:
    run, kept, files = Run(arena), [], set()
    for case in one_case_each():
        login = case.persona.login if case.persona else None
        answer = arena.ask(login, case.door.method, run.path(case))
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            files.add(case.door.endpoint)
        may_be_kept = case.door.endpoint in MAY_BE_KEPT and answer.status_code == 200
        if not may_be_kept and answer.headers["Cache-Control"] != "no-store":
            kept.append(f"{case}: {answer.headers['Cache-Control']}")
    assert not kept, "\n".join(kept)
    assert files >= SENT_BY_GET


@on_one_database
def test_no_exported_file_is_kept(arena: Arena) -> None:
    for endpoint, forms in EXPORTED.items():
        for form in forms:
            door = next(one for one in doors() if (one.method, one.endpoint) == ("POST", endpoint))
            case = next(one for one in all_cases(door) if one.expected == Outcome.GRANTED)
            assert case.persona is not None
            answer = arena.ask(
                case.persona.login,
                "POST",
                Run(arena).path(case),
                {"year": "2022", "purpose": "演示核对", **form},
            )
            assert answer.status_code == 200, (endpoint, form)
            assert answer.content_type != "text/html; charset=utf-8" or form == {"kind": "html"}
            assert answer.headers["Cache-Control"] == "no-store", (endpoint, form)
