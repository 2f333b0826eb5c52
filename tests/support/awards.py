"""Certificate awards of the small programme, claimed and decided through the actions of the portal.

The small world has certificates in Fujian, which has no rule of its own; ``with_award_rules`` gives it
one, and the certificates of its people their scans.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from models import Certificate, CertificateAward
from models.types import CertLevel, FileKind
from portal.awards import actions
from portal.awards.actions import AwardClaim
from portal.awards.local_actions import record_rule
from portal.awards.local_rules import Giving
from portal.files.actions import attach
from portal.files.content_rules import Judged
from portal.files.queries import pegs_of
from portal.files.rules import CERTIFICATE
from tests.support.world import World

FUJIAN, NINGXIA = "350000", "640000"
SINCE = date(2022, 1, 1)
DOCUMENT = "演示闽民〔2022〕1号第3条"
INTERMEDIATE_FEN, SENIOR_FEN = 300_000, 600_000
PROVINCE = "sending_province_officer"


def with_award_rules(world: World) -> None:
    """Let Fujian give what Ningxia gives, and hang up the scans of the sending organisation's people."""
    given = {
        CertLevel.SENIOR: (Giving.FIXED, SENIOR_FEN),
        CertLevel.INTERMEDIATE: (Giving.FIXED, INTERMEDIATE_FEN),
        CertLevel.ASSISTANT: (Giving.FREE, None),
    }
    for level, (giving, fen) in given.items():
        record_rule(
            world.deed(),
            FUJIAN,
            level,
            giving,
            fen,
            notice_days=5,
            valid_from=SINCE,
            document=DOCUMENT,
        )
    for key in ("sent1", "sent2", "unqualified"):
        scanned(world, key)
    world.session.commit()


def scanned(world: World, key: str, level: CertLevel | None = None) -> None:
    """Hang up the scan of a person's certificates, or of the one of a level."""
    person, wanted = world.person(key), certificate(world, key, level)
    (peg,) = [
        one
        for one in pegs_of(world.session, person)
        if one.shelf is CERTIFICATE and one.owner_id == wanted.id
    ]
    content = f"演示证书 {key} {peg.key}".encode()
    attach(world.deed(), person, peg, "演示.pdf", Judged(FileKind.PDF, content))


def certificate(world: World, key: str, level: CertLevel | None = None) -> Certificate:
    wanted = sa.select(Certificate).where(Certificate.person_id == world.person(key).id)
    if level:
        wanted = wanted.where(Certificate.level == level)
    return world.session.scalars(wanted).one()


def claimed(
    world: World,
    key: str = "sent2",
    persona: str | None = "sending_manager",
    fen: int | None = None,
) -> CertificateAward:
    return actions.claim_awards(world.deed(persona), [AwardClaim(certificate(world, key).id, fen)])[
        0
    ]


def verified(world: World, key: str = "sent2", **asked: Any) -> CertificateAward:
    award = claimed(world, key, **asked)
    actions.verify_awards(world.deed(PROVINCE), [award])
    return award


def publicised(world: World, key: str = "sent2", **asked: Any) -> CertificateAward:
    award = verified(world, key, **asked)
    actions.publicise_awards(world.deed(PROVINCE), [award])
    return award
