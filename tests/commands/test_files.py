"""``flask files take-out``: what was looked at when somebody decided, for whoever has to answer."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import flask
import sqlalchemy as sa

from models import AuditEvent
from models.types import FileKind
from portal.files.actions import attach, detach
from portal.files.content_rules import Judged
from portal.files.queries import find_file, pegs_of
from tests.support.world import World

CONTENT = b"%PDF-1.7 evidence"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def run(app: flask.Flask, *arguments: str, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["files", "take-out", *arguments])
    assert result.exit_code == status, result.output
    return result.output


def test_takes_out_what_was_removed_and_says_so_in_the_audit(
    portal: flask.Flask, world: World, tmp_path: Path
) -> None:
    person, deed = world.person("sent1"), world.deed("sending_manager")
    peg = pegs_of(world.session, person)[-1]
    row = attach(deed, person, peg, "演示.pdf", Judged(FileKind.PDF, CONTENT))
    found = find_file(world.session, person, row.public_id)
    assert found is not None
    detach(deed, person, found, "演示：扫描不清")
    world.session.commit()
    target = tmp_path / "out.pdf"
    assert "取出附件须填写事由" in run(portal, DIGEST, str(target), "--reason", " ", status=1)
    for wrong in ("0" * 64, DIGEST[:-1], "x", ""):
        said = run(portal, wrong, str(target), "--reason", "演示：投诉核查", status=1)
        assert "没有保存这个校验值的附件" in said
    assert not target.exists()
    assert "已取出" in run(portal, DIGEST.upper(), str(target), "--reason", "演示：投诉核查")
    assert target.read_bytes() == CONTENT
    assert target.stat().st_mode & 0o077 == 0
    assert "无法新建" in run(portal, DIGEST, str(target), "--reason", "演示：再取", status=1)
    world.session.rollback()
    (event,) = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event == "file.taken_out")
    )
    assert json.loads(event.facts) == {"reason": "演示：投诉核查", "sha256": DIGEST}
    (removed,) = world.session.scalars(
        sa.select(AuditEvent.facts).where(AuditEvent.event == "file.removed")
    )
    assert json.loads(removed)["kept_until"] == "2023-02-19"
