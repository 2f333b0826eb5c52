"""Awards of the demonstration: of the shown receiving organisation, one in each state."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import NamedTuple

from PIL import Image, ImageDraw

from models import Certificate, CertificateAward, Person
from models.types import CertLevel, FileKind
from portal.awards import actions
from portal.awards.actions import AwardClaim
from portal.awards.local_rules import rule_on
from portal.awards.queries import rules_of
from portal.changes.actions import record_certificate
from portal.clock import date_of
from portal.deeds import Deed
from portal.files.actions import attach
from portal.files.content_rules import judge
from portal.files.queries import pegs_of
from portal.files.rules import IMAGES
from portal.people.rules import CertificateFacts
from portal.stage import Stage

MANAGER, STAFF, PROVINCE = "yanshi-recv-mgr", "yanshi-recv-staff", "yanshi-prov"
ASSISTANT, INTERMEDIATE, SENIOR = CertLevel
LOCAL_FEN = 100_000
"""What the demonstration's county gives for a junior certificate."""


class ShownAward(NamedTuple):
    """What becomes of a certificate: whose it is (by place), its level, how many days ago it was claimed."""

    place: int
    level: CertLevel
    fate: str
    ago: int


SHOWN = (
    ShownAward(0, INTERMEDIATE, "paid", 70),
    ShownAward(2, ASSISTANT, "due", 45),
    ShownAward(1, INTERMEDIATE, "publicised", 9),
    ShownAward(2, INTERMEDIATE, "verified", 6),
    ShownAward(0, SENIOR, "claimed", 2),
    ShownAward(1, ASSISTANT, "rejected", 30),
    ShownAward(0, ASSISTANT, "withdrawn", 40),
)
ISSUED_ON = {
    ASSISTANT: date(2016, 10, 1),
    INTERMEDIATE: date(2019, 10, 1),
    SENIOR: date(2020, 12, 1),
}


def show_awards(stage: Stage) -> None:
    """Have people of the shown receiving organisation awarded, where its province has a rule."""
    first = date_of(stage.deed.now - timedelta(days=max(one.ago for one in SHOWN)))
    code = stage.receiving.province_code
    rules = rules_of(stage.deed.session, [code])[code]
    if rule_on(rules, INTERMEDIATE, first) is None:
        return
    for number, one in enumerate(SHOWN):
        _show(stage, number, one)


def _show(stage: Stage, number: int, shown: ShownAward) -> None:
    claimed = stage.deed.now - timedelta(days=shown.ago)
    person = stage.deed.session.get_one(Person, stage.received[shown.place])
    manager = stage.deed_of(MANAGER, claimed)
    certificate = _certificate(manager, person, shown, number)
    # Whoever has an account claims by himself.
    claimant = stage.deed_of(STAFF, claimed) if shown.place == 0 else manager
    fen = LOCAL_FEN if shown.level == ASSISTANT else None
    (award,) = actions.claim_awards(claimant, [AwardClaim(certificate.id, fen)])
    _decide(stage, award, shown)


def _certificate(deed: Deed, person: Person, shown: ShownAward, number: int) -> Certificate:
    facts = CertificateFacts(shown.level, f"演示奖补{number + 1:04d}", ISSUED_ON[shown.level])
    certificate = record_certificate(deed, person, facts)
    peg = next(one for one in pegs_of(deed.session, person) if one.owner_id == certificate.id)
    attach(deed, person, peg, "演示 证书.png", judge(_scan(number), IMAGES))
    return certificate


def _decide(stage: Stage, award: CertificateAward, shown: ShownAward) -> None:
    def of(login: str, days: int) -> Deed:
        return stage.deed_of(login, stage.deed.now - timedelta(days=days))

    fate = shown.fate
    if fate == "withdrawn":
        actions.withdraw_award(of(STAFF, shown.ago - 1), award, "演示：改由用人单位奖励")
    elif fate == "rejected":
        actions.reject_award(of(PROVINCE, shown.ago - 4), award, "演示：市县没有奖补安排")
    elif fate != "claimed":
        actions.verify_awards(of(PROVINCE, shown.ago - 4), [award])
    if fate in ("publicised", "due", "paid"):
        actions.publicise_awards(of(PROVINCE, max(shown.ago - 8, 1)), [award])
    if fate == "due":
        actions.dismiss_objection(
            of(PROVINCE, shown.ago - 10), award, "演示：反映重复奖补，核实未曾奖补"
        )
    if fate == "paid":
        deed = of(PROVINCE, shown.ago - 40)
        actions.pay_awards(deed, [award], deed.today, "演示财付-0088")


def _scan(number: int) -> bytes:
    """Return a drawing of a certificate."""
    picture = Image.new("RGB", (420, 300), (250, 248, 240))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, 408, 288), outline=(140, 40, 40), width=3)
    pen.text((60, 60), f"DEMO CERTIFICATE {number:03}", fill=(60, 40, 40))
    out = io.BytesIO()
    picture.save(out, FileKind.PNG.name)
    return out.getvalue()
