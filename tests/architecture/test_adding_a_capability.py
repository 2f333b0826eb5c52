"""docs/adding-a-capability.md, done once: a small capability is added to a copy of the tree, and stands.

The files of ``tests/files/sample_capability`` are copied, ``LINES`` are what is added to files that are
there already. No other file is touched, so no other list can know of a capability.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "files" / "sample_capability"
PAGE = (ROOT / "docs" / "adding-a-capability.md").read_text("utf-8")
COPIED = ("forms", "models", "portal", "templates", "tests")
LINKED = ("docs", "README.md", "static", "scripts", "app.py", "pyproject.toml")
MIGRATIONS = Path("models/migrations/versions")

PLACES = {
    "models/migrations/notes.py": f"{MIGRATIONS}/9000_notes.py",
    "tests/notes_pages.py": "tests/pages/notes/test_notes.py",
}
"""Where a file of the sample goes, if not to its own path."""

LINES = {
    "models/__init__.py": (
        ("from models.organisations import", "from models.notes import Note\n"),
        ('    "Organisation",', '    "Note",\n'),
    ),
    "portal/access/policy.py": (
        (
            '    Permission("design.read"',
            '    Permission("note.read", "查看备忘", {R.PROV_CIVIL: P, R.COUNTY_CIVIL: C}),\n',
        ),
        (
            '    Permission("design.read"',
            '    Permission("note.write", "写备忘", {R.PROV_CIVIL: P}),\n',
        ),
    ),
    "portal/access/scope.py": (
        ("    Organisation,\n    Pairing,", "    Note,\n"),
        ("    Workday: area(", "    Note: through(Note.pairing_id, Pairing),\n"),
    ),
    "portal/__init__.py": (
        ("workdays  ", "notes           what an officer notes about a pairing\n"),
    ),
    "portal/rooms.py": (
        ("from portal.organisations.room", "from portal.notes.room import ROOM as NOTES\n"),
        ("        STAFFING,", "        NOTES,\n"),
    ),
    "tests/architecture/test_writers.py": (('    "organisations": {', '    "notes": {"note"},\n'),),
}
"""By file: before which words a line is added."""

PROOFS = (
    "tests/pages/notes",
    "tests/architecture/test_audit_words.py",
    "tests/architecture/test_ladder.py",
    "tests/architecture/test_policy.py",
    "tests/architecture/test_roles.py",
)


def newest_migration() -> str:
    texts = [path.read_text("utf-8") for path in (ROOT / MIGRATIONS).glob("*.py")]
    names = {re.search(r'^revision = "(.+)"', text, re.MULTILINE)[1] for text in texts}
    before = {
        one for text in texts for one in re.findall(r'^down_revision = "(.+)"', text, re.MULTILINE)
    }
    (newest,) = names - before
    return newest


def add_the_sample(tree: Path) -> None:
    """Do what the page says, in its order."""
    for path in sorted(SAMPLE.rglob("*")):
        name = path.relative_to(SAMPLE).as_posix()
        if path.is_file() and path.suffix in {".py", ".html"}:
            target = tree / PLACES.get(name, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(
                path.read_text("utf-8").replace("NEWEST", newest_migration()), "utf-8"
            )
    for name, lines in LINES.items():
        text = (tree / name).read_text("utf-8")
        for anchor, line in lines:
            assert text.count(anchor) == 1, f"{name} has {anchor!r} {text.count(anchor)} times"
            text = text.replace(anchor, line + anchor)
        (tree / name).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("capability") / "tree"
    folder.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "sample_capability")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    add_the_sample(folder)
    yield folder
    shutil.rmtree(folder)


def run(tree: Path, *command: str | Path) -> str:
    done = subprocess.run(
        command, cwd=tree, capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_the_page_names_every_file_that_is_touched():
    named = {path.replace("<room>", "notes") for path in re.findall(r"`([\w/<>.]+)`", PAGE)}
    assert set(LINES) - named == set()


def test_a_capability_added_as_the_page_says_stands(tree: Path):
    python = sys.executable
    run(tree, python, "-m", "tests.architecture.test_policy")
    options = ("-q", "-n", "0", "-k", "not postgresql")
    assert " passed" in run(tree, python, "-m", "pytest", *options, *PROOFS)


def test_its_imports_keep_every_contract(tree: Path):
    said = run(tree, Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache")
    assert "0 broken" in said


def test_a_low_room_that_brings_what_stands_above_breaks_the_ladder(tree: Path):
    room = tree / "portal" / "places" / "room.py"
    before = room.read_text("utf-8")
    room.write_text(
        before.replace("ROOM = ", "import portal.notes.queries  # noqa\n\nROOM = "), "utf-8"
    )
    try:
        with pytest.raises(AssertionError, match="1 broken"):
            run(tree, Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache")
    finally:
        room.write_text(before, "utf-8")
