"""The small programme on which page and action tests stand, and who looks at it.

Two pairings of Fujian organisations with organisations in Ningxia: ``P1`` in 红寺堡区 (640303) is
full of people, ``P2`` in 同心县 (640324) has none yet. 重庆→贵州 (``P3``) is the foreign province.
Names are of no real person; numbers are of no issued block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Assignment, Organisation, Pairing, Person
from models.types import CertLevel, Line, OrgType, Role, Side
from portal.access.actor import Actor
from portal.access.queries import find_actor
from portal.access.session_actions import start_session
from portal.accounts.actions import open_account
from portal.deeds import Deed, operator_deed
from portal.organisations.actions import register_organisation
from portal.organisations.rules import OrganisationFacts
from portal.pairings.actions import create_pairing, record_agreement
from portal.people.actions import record_certificate, register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.staffing.actions import nominate
from portal.standards.credit_code import make_credit_code
from portal.standards.id_number import make_id_number
from tests.support.clock import Clock

PASSWORD = "correct-horse-7-battery"

ORGANISATIONS = {
    # Each key has prefix, seat, serial and name.
    "sending": ("52", "350102", 1, "福州市演示甲社会工作服务中心"),
    "receiving": ("52", "640303", 2, "红寺堡区演示甲社会工作服务中心"),
    "sending2": ("52", "350203", 3, "厦门市演示乙社会工作服务中心"),
    "receiving2": ("52", "640324", 4, "同心县演示乙社会工作服务中心"),
    "foreign_sending": ("52", "500103", 5, "重庆市演示丙社会工作服务中心"),
    "foreign_receiving": ("52", "520204", 6, "水城区演示丙社会工作服务中心"),
}

PAIRINGS = {
    "P1": ("sending", "receiving", "640303"),
    "P2": ("sending2", "receiving2", "640324"),
    "P3": ("foreign_sending", "foreign_receiving", "520204"),
}

PEOPLE = {
    # Each key has organisation, name, birth, serial, certificate, start of service.
    "sent1": (
        "sending",
        "演示甲一",
        date(1985, 3, 1),
        11,
        CertLevel.INTERMEDIATE,
        date(2015, 1, 1),
    ),
    "sent2": ("sending", "演示甲二", date(1986, 3, 1), 12, CertLevel.SENIOR, date(2016, 1, 1)),
    "unqualified": (
        "sending",
        "演示甲三",
        date(1999, 3, 1),
        13,
        CertLevel.ASSISTANT,
        date(2021, 9, 1),
    ),
    "received1": ("receiving", "演示乙一", date(1990, 3, 1), 21, None, None),
    "received2": ("receiving", "演示乙二", date(1991, 3, 1), 22, None, None),
    "received3": ("receiving", "演示乙三", date(1992, 3, 1), 23, None, None),
    "foreign": (
        "foreign_sending",
        "演示丙一",
        date(1988, 3, 1),
        31,
        CertLevel.INTERMEDIATE,
        date(2015, 1, 1),
    ),
    "sent_other": (
        "sending2",
        "演示丁一",
        date(1987, 3, 1),
        41,
        CertLevel.INTERMEDIATE,
        date(2015, 1, 1),
    ),
}

ASSIGNED = {
    # Each person has a pairing and a side.
    "sent1": ("P1", Side.SENT),
    "sent2": ("P1", Side.SENT),
    "received1": ("P1", Side.RECEIVED),
    "received2": ("P1", Side.RECEIVED),
    "received3": ("P1", Side.RECEIVED),
    "foreign": ("P3", Side.SENT),
}

PERSONAS = {
    # Each persona has a role, a scope (code or organisation key) and perhaps a person.
    "national_officer": (Role.NAT_CIVIL, "CN", None),
    "national_rural_officer": (Role.NAT_RURAL, "CN", None),
    "province_officer": (Role.PROV_CIVIL, "640000", None),
    "province_rural_officer": (Role.PROV_RURAL, "640000", None),
    "sending_province_officer": (Role.PROV_CIVIL, "350000", None),
    "other_province_officer": (Role.PROV_CIVIL, "520000", None),
    "prefecture_officer": (Role.PREF_CIVIL, "640300", None),
    "prefecture_rural_officer": (Role.PREF_RURAL, "640300", None),
    "county_officer": (Role.COUNTY_CIVIL, "640303", None),
    "county_rural_officer": (Role.COUNTY_RURAL, "640303", None),
    "other_county_officer": (Role.COUNTY_CIVIL, "640324", None),
    "sending_manager": (Role.SEND_MGR, "sending", None),
    "sending_staff": (Role.SEND_STAFF, "sending", "sent1"),
    "receiving_manager": (Role.RECV_MGR, "receiving", None),
    "receiving_staff": (Role.RECV_STAFF, "receiving", "received1"),
    "other_manager": (Role.SEND_MGR, "sending2", None),
    "other_staff": (Role.SEND_STAFF, "sending2", "sent_other"),
    "foreign_manager": (Role.SEND_MGR, "foreign_sending", None),
    "evaluator": (Role.EVALUATOR, "640000", None),
    "association": (Role.ASSOCIATION, "640000", None),
    "system_administrator": (Role.SYS_ADMIN, "CN", None),
    "security_administrator": (Role.SEC_ADMIN, "CN", None),
    "audit_administrator": (Role.AUDIT_ADMIN, "CN", None),
}


def build_world(deed: Deed) -> None:
    """Write the small programme through the actions that the portal itself uses."""
    organisations = {
        key: register_organisation(deed, organisation_facts(*row))
        for key, row in ORGANISATIONS.items()
    }
    pairings = {
        code: create_pairing(
            deed,
            code=code,
            sending=organisations[sending],
            receiving=organisations[receiving],
            county_code=county,
            line=Line.KEY_COUNTY,
            starts_on=date(2022, 1, 1),
            ends_on=date(2025, 12, 31),
        )
        for code, (sending, receiving, county) in PAIRINGS.items()
    }
    record_agreement(deed, pairings["P1"], number="演示协议1号", signed_on=date(2022, 1, 1))
    people = {}
    for key, (organisation, name, birth, serial, level, service) in PEOPLE.items():
        people[key] = register_person(
            deed,
            organisations[organisation],
            PersonFacts(name, make_id_number("110105", birth, serial), None, service),
        )
        if level:
            facts = CertificateFacts(level, f"演示证书{serial}", date(2018, 6, 1))
            record_certificate(deed, people[key], facts)
    for key, (code, side) in ASSIGNED.items():
        nominate(
            deed,
            pairing=pairings[code],
            person=people[key],
            side=side,
            starts_on=date(2022, 1, 1),
            ends_on=None,
        )
    open_accounts(deed, PERSONAS, organisations, people)


def organisation_facts(prefix: str, seat: str, serial: int, name: str) -> OrganisationFacts:
    return OrganisationFacts(
        credit_code=make_credit_code(prefix, seat, serial),
        name=name,
        type=OrgType.SOCIAL_WORK,
        type_reason=None,
        region_code=seat,
        legal_representative="演示法定代表人",
        contact_name="演示联系人",
        contact_phone="13800138000",
        bank_account=None,
        founded_on=date(2012, 5, 1),
    )


def open_accounts(
    deed: Deed,
    personas: Mapping[str, tuple[Role, str, str | None]],
    organisations: Mapping[str, Organisation],
    people: Mapping[str, Person],
) -> None:
    """Open an account for each persona: role, scope (code or organisation key), person."""
    for persona, (role, scope, person) in personas.items():
        open_account(
            deed,
            login=persona,
            password_hash="not a hash: tests sign in by session",
            name=f"演示{role.label}"[:30],
            role=role,
            scope_code=organisations[scope].credit_code if scope in organisations else scope,
            person=people[person] if person else None,
        )


@dataclass
class World:
    """The small programme in an open session."""

    session: Session
    clock: Clock

    def pairing(self, code: str = "P1") -> Pairing:
        return self.session.scalars(sa.select(Pairing).where(Pairing.code == code)).one()

    def organisation(self, key: str) -> Organisation:
        code = make_credit_code(*ORGANISATIONS[key][:3])
        return self.session.scalars(
            sa.select(Organisation).where(Organisation.credit_code == code)
        ).one()

    def person(self, key: str) -> Person:
        return self.session.scalars(sa.select(Person).where(Person.name == PEOPLE[key][1])).one()

    def assignment(self, key: str) -> Assignment:
        return self.session.scalars(
            sa.select(Assignment).where(Assignment.person_id == self.person(key).id)
        ).one()

    def actor(self, persona: str) -> Actor:
        found = find_actor(self.session, persona)
        assert found is not None, f"no persona {persona}"
        return found

    def deed(self, persona: str | None = None) -> Deed:
        """Return a deed of a persona, or of the operator."""
        if persona is None:
            return operator_deed(self.session, self.clock())
        return Deed(self.session, self.actor(persona), self.clock())

    def token(self, persona: str) -> str:
        """Sign a persona in, as the sign-in page would, and return the session's token."""
        account = self.session.scalars(sa.select(Account).where(Account.login == persona)).one()
        token = start_session(self.deed(persona), account, "127.0.0.1")
        self.session.commit()
        return token

    def count(self, model: Any) -> int:
        return self.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
