"""What attachments brings to the house."""

from __future__ import annotations

from portal.attachments.demo_actions import hang_papers
from portal.attachments.views import blueprint
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room

PAGES = {
    f"attachments.{verb}_{kind}": door
    for verb in ("add_to", "open_of", "remove_from")
    for kind, door in (
        ("person", "people.list_people"),
        ("organisation", "organisations.list_organisations"),
        ("pairing", "pairings.list_pairings"),
        ("workday", "workdays.list_workdays"),
        ("expenditure", "spending.list_expenditures"),
    )
}
"""Each page with that of the door behind which its subject stands."""

ROOM = Room(
    "attachments",
    blueprint=blueprint,
    elsewhere=PAGES,
    topics=(
        Topic(
            "attach-files",
            "上传附件",
            "证书扫描件、从业证明、登记证书、协议文本和现场照片：怎么传、谁能看、怎么移除。",
            Chapter.PAIRS,
            (
                "person.write",
                "organisation.write",
                "pairing.write",
                "workday.write",
                "person.reveal",
            ),
            Door("打开结对", "pairings.list_pairings", "pairing.read"),
            tuple(PAGES),
        ),
    ),
    demonstrate=hang_papers,
)
