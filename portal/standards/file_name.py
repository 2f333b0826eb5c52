"""The name of a file as somebody's computer gave it, made fit to be kept and shown."""

from __future__ import annotations

import re

from portal.standards.text import plain

LONGEST = 120
NAMELESS = "未命名"

_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)


def file_name_of(text: str) -> str:
    """Return a name without folders and without what cannot be seen; of a long one the end.

    A name may hold anything, halves of a character and NUL among it, which no database takes.
    """
    seen = " ".join(plain(_FOLDERS.sub("", text)).split())
    return seen[-LONGEST:].strip() or NAMELESS
