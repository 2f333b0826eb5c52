"""The name of a file as somebody's computer gave it, made fit to be kept and shown."""

from __future__ import annotations

import re

from portal.standards.numbers_of_people import without_numbers
from portal.standards.text import plain

LONGEST = 120
NAMELESS = "未命名"

_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)


def file_name_of(text: str) -> str:
    """Return a name without folders and without what cannot be seen; of a long one the end.

    A name may hold anything, halves of a character and NUL among it, which no database takes. It
    stands in pages, in the audit and on the disks of whoever downloads the file: the number of a
    person is left out of it.
    """
    seen = without_numbers(" ".join(plain(_FOLDERS.sub("", text)).split()))
    return seen[-LONGEST:].strip() or NAMELESS
