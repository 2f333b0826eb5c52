"""What people brings to the house."""

from __future__ import annotations

from models import Person
from models.types import CertLevel
from portal.checks import of_names
from portal.documents.listing_jobs import kind_of
from portal.doors import Door, Menu
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.people.listing_export import LISTING
from portal.people.search_queries import find_people, list_opened
from portal.people.views import blueprint
from portal.personal_data.check_queries import SealedColumn, of_sealed

ROOM = Room(
    "people",
    blueprint=blueprint,
    door=Door("人员", "people.list_people", "person.read", menu=Menu.VIEWS),
    elsewhere={"people.register_person": "organisations.list_organisations"},
    events={
        "person.registered": "登记人员",
        "person.edited": "修改人员",
        "person.id_number_revealed": "查看证件号码原文",
        "person.phone_revealed": "查看手机号原文",
        "certificate.recorded": "登记证书",
    },
    subjects={
        "person": "人员",
    },
    facts={
        "level": "等级",
    },
    code_words={
        **{one.value: one.label for one in CertLevel},
        "id_number": "证件号码",
        "phone": "手机号",
        "service_started_on": "从事社会工作起始日期",
    },
    checks=(
        of_sealed(
            SealedColumn(Person, "public_id", "id_number_sealed", "id_number", "id_number_index"),
            SealedColumn(Person, "public_id", "phone_sealed", "phone"),
        ),
        of_names(Person, Person.id),
    ),
    finders=(Finder("person.read", "人员（姓名）", find_people),),
    objects=(ObjectPage("person", "people.show_person", "person_id", "person.read", list_opened),),
    kinds=(kind_of(LISTING),),
)
