"""What help puts in quotation marks, the portal says: labels, buttons, headings, refusals."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOPICS = sorted((ROOT / "templates" / "help" / "topics").glob("*.html"))
QUOTED = re.compile("“([^”]+)”")
SAID_ELSEWHERE = {
    # Examples, words put together from a verb, and the headings of help itself.
    "日期、休或班、节日名称",
    "已知",
    "休",
    "班",
    "红寺堡",
    "确认所选",
    "核准所选",
    "确认全部普通",
    "核准全部普通",
    "谁能办",
    "代某某",
}


@cache
def said() -> str:
    """All that templates, forms and rules say, without the help itself."""
    files = [
        path
        for folder, ending in (("templates", "html"), ("portal", "py"), ("forms", "py"))
        for path in (ROOT / folder).rglob(f"*.{ending}")
        if "help" not in path.parts
    ]
    files += [ROOT / "models" / "types.py"]
    texts = (path.read_text("utf-8") for path in files)
    # What a room says of its help is help too.
    text = "\n".join(
        re.sub(r"^    topics=\(.*?^    \),", "", one, flags=re.MULTILINE | re.DOTALL)
        for one in texts
    )
    return re.sub(r'"\s+f?"', "", re.sub(r"\{[a-z_][^{}\"\n]*\}|[“”‘’]", "", text))


@pytest.mark.parametrize("path", TOPICS, ids=lambda path: path.stem)
def test_what_is_quoted_is_what_the_portal_says(path):
    missing = []
    for quoted in QUOTED.findall(path.read_text("utf-8")):
        parts = [part for part in re.split("……", quoted) if part]
        if quoted in SAID_ELSEWHERE or all(re.sub("[‘’]", "", part) in said() for part in parts):
            continue
        missing.append(quoted)
    assert missing == []
