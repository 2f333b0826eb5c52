"""An export of the demonstration, written in the background as a long one would be."""

from __future__ import annotations

from portal.stage import Stage
from portal.summaries.actions import ask_for_export
from portal.summaries.rules import Filters


def export_in_background(stage: Stage) -> None:
    """Have the sending province ask for its summary; ``flask demo`` has a worker write it."""
    ask_for_export(
        stage.deed_of("yanshi-prov-send", stage.deed.now),
        key="demo",
        year=stage.deed.today.year,
        kind="xlsx",
        purpose="演示：年度工作会议附表",
        as_of=None,
        filters=Filters(),
    )
