"""Where a redirect may lead: to pages of this portal only."""

from __future__ import annotations

import re

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""A path of this portal: browsers drop tabs and line ends, and read \\ as /."""


def is_own_path(text: str | None) -> bool:
    """Is this the path of a page here, and of nobody else's?"""
    return bool(text and _OWN_PATH.fullmatch(text))
