"""The documents name what is there, and all that is there: rooms, decisions, commands, components."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import portal
from app import create_app

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
PROSE = [ROOT / "README.md", *DOCS.glob("*.md"), *DECISIONS, DOCS / "decisions" / "README.md"]
FOLDERS = ("portal", "models", "forms", "templates", "static", "tests", "scripts", "docs")


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def test_every_room_stands_once_on_the_map():
    rooms = re.findall(r"^([a-z_]+) {2,}\S", portal.__doc__ or "", re.MULTILINE)
    there = [path.parent.name for path in (ROOT / "portal").glob("*/__init__.py")]
    assert sorted(rooms) == sorted(there)


def test_every_decision_stands_in_the_index_by_its_title():
    titles = [
        f"{number}. [{title}]({path.name})"
        for path in DECISIONS
        for number, title in re.findall(r"^# (\d+)\. (.+)", text_of(path))
    ]
    index = text_of(DOCS / "decisions" / "README.md")
    listed = re.findall(r"^(\d+\. \[.+?\]\(.+?\))", index, re.MULTILINE)
    assert listed == titles
    assert [title.split(".")[0] for title in titles] == [str(n + 1) for n in range(len(DECISIONS))]


def test_every_command_stands_in_the_readme_and_every_command_named_is_there():
    commands = set(create_app().cli.list_commands(None))  # type: ignore[arg-type]
    readme = set(re.findall(r"`flask ([a-z-]+)", text_of(ROOT / "README.md")))
    named = {one for path in PROSE for one in re.findall(r"`flask ([a-z-]+)", text_of(path))}
    assert (commands - readme, named - commands) == (set(), set())


def test_every_component_stands_in_the_list():
    macros = {
        name
        for path in (ROOT / "templates" / "components").glob("*.html")
        for name in re.findall(r"{%-? macro ([a-z]\w*)\(", text_of(path))
    }
    named = set(re.findall(r"`([a-z]\w*)\(", text_of(DOCS / "components.md")))
    assert macros - named == set()


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_every_file_and_page_that_a_document_names_is_there(path: Path):
    text = text_of(path)
    files = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w/.-]*\w)", text)
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^):]+)\)", text)]
    missing = [one for one in files if not (ROOT / one).exists()]
    missing += [one for one in links if one and not (path.parent / one).exists()]
    assert missing == []
