"""Where a room shows itself in the demonstration: the pairing whose people have accounts there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from models import Organisation, Pairing
from portal.deeds import Deed


@dataclass(frozen=True, slots=True)
class Stage:
    """The shown pairing in the open year. People by id, the one with an account first.

    All of it goes through the actions of the portal, each as somebody who may do it, some days ago:
    what the rules refuse could not stand here. Only what the year has room for is written.
    """

    deed: Deed
    pairing: Pairing
    sending: Organisation
    receiving: Organisation
    sent: tuple[int, ...]
    received: tuple[int, ...]
    township_code: str
    deed_of: Callable[[str, datetime], Deed]
    """The deed of a demonstration account, by login, at an instant; never after now."""
