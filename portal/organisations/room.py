"""What organisations brings to the house."""

from __future__ import annotations

from models import Organisation
from models.types import OrgType
from portal.asked import Target
from portal.checks import of_names
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room
from portal.finding import Finder, ObjectPage
from portal.organisations.listing_export import LISTING
from portal.organisations.search_queries import find_organisations, list_opened
from portal.organisations.views import blueprint
from portal.personal_data.check_queries import SealedColumn, of_sealed

ROOM = Room(
    "organisations",
    blueprint=blueprint,
    door=Door("机构", "organisations.list_organisations", "organisation.read", menu=Menu.VIEWS),
    further=(Door("登记机构", "organisations.register_organisation", "organisation.register"),),
    events={
        "organisation.registered": "登记机构",
        "organisation.edited": "修改机构",
        "organisation.contact_phone_revealed": "查看机构联系电话原文",
        "organisation.bank_account_revealed": "查看机构银行账号原文",
    },
    subjects={
        "organisation": "机构",
    },
    code_words={
        "contact_phone": "联系电话",
        "bank_account": "银行账号",
        "bank_name": "开户行",
        "contact_name": "联系人",
        "founded_on": "成立日期",
        "legal_representative": "法定代表人",
        "province_code": "所在省份",
        "region_code": "所在地",
        "type": "类型",
        "type_reason": "其他类型说明",
    },
    checks=(
        of_sealed(
            SealedColumn(Organisation, "credit_code", "contact_phone_sealed", "contact_phone"),
            SealedColumn(Organisation, "credit_code", "bank_account_sealed", "bank_account"),
        ),
        of_names(Organisation, Organisation.id),
    ),
    finders=(Finder("organisation.read", "机构（名称或统一社会信用代码）", find_organisations),),
    lists=(
        Target(
            "机构",
            "organisations.list_organisations",
            "organisation.read",
            {"类型": ("type", OrgType)},
            "q",
        ),
    ),
    objects=(
        ObjectPage(
            "organisation",
            "organisations.show_organisation",
            "credit_code",
            "organisation.read",
            list_opened,
        ),
    ),
    kinds=(kind_of(LISTING),),
    topics=(
        Topic(
            "register",
            "登记机构与人员",
            "机构由所在地民政部门登记，人员和证书由机构登记。",
            Chapter.PAIRS,
            ("organisation.register", "person.write"),
            Door("打开机构", "organisations.list_organisations", "organisation.read"),
            (
                "organisations.list_organisations",
                "organisations.show_organisation",
                "organisations.register_organisation",
                "organisations.edit_organisation",
                "organisations.reveal",
                "people.list_people",
                "people.show_person",
                "people.register_person",
                "changes.people.edit_person",
                "changes.people.record_certificate",
                "people.reveal",
            ),
        ),
    ),
)
