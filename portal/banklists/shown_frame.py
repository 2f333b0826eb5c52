"""What the page of a list that came back shows, carried by its form until somebody confirms it.

Signed for the account that saw it, so that what is paid is what was shown; it is judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import flask
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.banklists.rules import SHOWN_FOR, SHOWN_TOO_LONG_AGO, Returned
from portal.refusals import Refused


def carried(account_id: int | None, rows: Sequence[Returned]) -> str:
    """Return the filled rows of a list as a text that only this portal can have written."""
    cells = [
        (
            one.row,
            one.number,
            one.credit_code,
            one.organisation,
            one.amount_fen,
            one.paid_on.isoformat() if one.paid_on else None,
            one.voucher_number,
        )
        for one in rows
        if not one.is_unpaid
    ]
    return str(_signer().dumps([account_id, cells]))


def carried_back(account_id: int | None, text: str) -> list[Returned]:
    """Return the rows that a page showed to an account; raise :class:`Refused` for anything else."""
    try:
        shown_to, cells = _signer().loads(text, max_age=SHOWN_FOR)
    except BadData as fault:
        raise Refused([SHOWN_TOO_LONG_AGO]) from fault
    if shown_to != account_id:
        raise Refused([SHOWN_TOO_LONG_AGO])
    return [
        Returned(row, number, code, name, fen, date.fromisoformat(day) if day else None, voucher)
        for row, number, code, name, fen, day, voucher in cells
    ]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(flask.current_app.config["SECRET_KEY"], salt="bank-list")
