"""What papers brings to the house."""

from __future__ import annotations

from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.papers.demo_actions import certify_service
from portal.papers.views import blueprint

ROOM = Room(
    "papers",
    blueprint=blueprint,
    behind="staffing.list_assignments",
    elsewhere={
        "papers.show_document": "people.list_people",
        "papers.copy_document": "people.list_people",
        "papers.verify_document": "people.list_people",
        "papers.show_pairing": "pairings.list_pairings",
    },
    further=(Door("核验服务证明", "papers.verify_document", "document.read"),),
    events={
        "sheet.exported": "下载月报表或情况表",
    },
    facts={
        "format": "格式",
        "month": "月份",
    },
    topics=(
        Topic(
            "papers",
            "月报表、服务证明和情况表",
            "打印月报表签字，开具、重开和核验服务证明，打印结对情况表。",
            Chapter.DAYS,
            ("workday.read", "document.issue", "document.read"),
            Door("核验服务证明", "papers.verify_document", "document.read"),
            (
                "papers.show_month",
                "papers.issue_certificate",
                "papers.show_document",
                "papers.verify_document",
                "papers.show_pairing",
            ),
        ),
    ),
    demonstrate=certify_service,
)
