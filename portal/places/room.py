"""What places brings to the house."""

from __future__ import annotations

from models import Region
from portal.checks import of_names
from portal.enrolment import Room

ROOM = Room(
    "places",
    events={
        "reference.loaded": "装入基础数据",
    },
    subjects={
        "region": "行政区划",
    },
    facts={
        "regions": "行政区划",
        "townships": "乡镇街道",
        "key_counties": "重点帮扶县",
        "authorities": "主管部门",
    },
    checks=(of_names(Region, Region.code),),
)
