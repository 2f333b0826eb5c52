"""Alarms: what did not open, told to the log and to the audit administrator's inbox."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta
from typing import cast

import flask
import sqlalchemy as sa

from models.database import Database
from portal.access.actor import OPERATOR
from portal.access.attempt_actions import claim
from portal.deeds import Deed
from portal.personal_data.vault import VAULT, Place, Vault
from portal.settings import Settings

log = logging.getLogger("qianshou")

ALARM_WINDOW = timedelta(hours=1)
"""An alarm about a column is raised once in it: a list that is opened again says nothing new."""


def raise_alarms(_fault: BaseException | None = None) -> None:
    """After a request or a command: write what sealed values did not open meanwhile.

    Here and not where they are read: a page only reads, a refused deed is rolled back.
    """
    app = flask.current_app
    database = cast("Database", app.extensions["qianshou_database"])
    settings = cast("Settings", app.extensions["qianshou_settings"])
    places = cast("Vault", database.info[VAULT]).take_unreadable()
    if not places:
        return
    columns: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in places:
        columns[place.table, place.column].append(place)
        log.error("sealed value does not open: %s.%s of %s", *place_words(place))
    now = settings.now()
    try:
        with database.writing() as session:
            for (table, column), some in sorted(columns.items()):
                subject = f"{table}:{some[0].row}"
                if claim(session, f"unreadable {table}.{column}", now, ALARM_WINDOW) == 1:
                    Deed(session, OPERATOR, now).record(
                        "sealed_value.unreadable",
                        subject,
                        column=column,
                        count=len(some),
                    )
    except sa.exc.OperationalError:
        log.exception("the alarm was not kept")


def place_words(place: Place) -> tuple[str, str, str]:
    return place.table, place.column, place.row
