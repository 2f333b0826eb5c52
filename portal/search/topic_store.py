"""What the pages of help say, as the search compares it: their words without markup."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from portal.standards.names import LONGEST, key_of

TEMPLATES = Path(__file__).parents[2] / "templates"
_MARKUP = re.compile(r"\{[%#{].*?[%#}]\}|<[^>]*>", re.DOTALL)


@lru_cache(256)
def text_of(template: str) -> str:
    """Return the text of a template in the searched form of names."""
    text = _MARKUP.sub("", (TEMPLATES / template).read_text(encoding="utf-8"))
    return "".join(
        key_of(word[start : start + LONGEST])
        for word in text.split()
        for start in range(0, len(word), LONGEST)
    )
