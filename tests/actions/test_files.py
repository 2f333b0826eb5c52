"""Attached files: written before their row, committed with it, swept when nobody names them."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import Assignment, AuditEvent, Person, PersonFile, StoredFile, Workday, WorkdayFile
from models.database import Database
from models.types import AssignmentState, FileKind, Task, WorkMode
from portal import apart
from portal.access.queries import find_actor
from portal.deeds import FILES, VAR, Deed, operator_deed, session_info
from portal.files import actions, rules
from portal.files.actions import JUDGEMENT, attach, detach, judge_apart, open_content
from portal.files.content_rules import Judged
from portal.files.jobs import forget_unnamed_files, sweep_files
from portal.files.queries import find_file, list_files, pegs_of
from portal.files.rules import GRACE, KEEP_EVIDENCE, MAX_BYTES, SERVICE
from portal.files.verification_queries import first_fault
from portal.personal_data.file_store import PIECE_BYTES
from portal.refusals import Conflict, Refused
from portal.serving import Server
from portal.workdays.actions import delete_draft, log_workday
from portal.workdays.rules import Entry
from tests.support import files
from tests.support.clock import Clock
from tests.support.databases import MASTER_KEY
from tests.support.measured import Measured
from tests.support.world import World

KILLS = int(os.environ.get("FILE_KILLS", "3"))
"""So many processes are killed while they upload; ``FILE_KILLS=200`` is the full form."""

LIMIT = int(os.environ.get("FILES_ADDED", "0"))
"""With a number, so many files are sent in one day to prove that the limit holds (10001)."""


@pytest.fixture
def folder(world_database: Database) -> Path:
    kept_below: Path = world_database.info[VAR]
    return kept_below / "files"


def contents(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*"))


def add(world: World, content: bytes, *, persona: str = "sending_manager", **options: Any) -> Any:
    subject = options.get("subject") or world.person("sent1")
    peg = pegs_of(world.session, subject)[-1]
    judged = Judged(FileKind.PDF, content)
    return attach(world.deed(persona), subject, peg, options.get("name", "演示.pdf"), judged)


def sweep(world: World, database: Database, days: int = 0) -> None:
    world.session.commit()
    world.clock.pass_time(days=days)
    with database.writing() as session:
        forget_unnamed_files(operator_deed(session, world.clock()), Path())
    sweep_files(database, world.clock())


def refused(world: World, content: bytes, **options: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        add(world, content, **options)
    world.session.rollback()
    return [one.code for one in found.value.refusals]


def test_a_file_is_sealed_and_comes_back_piece_by_piece(world: World, folder: Path) -> None:
    content = os.urandom(2 * PIECE_BYTES + 1)
    row = add(world, content, name="演示 劳动合同.pdf")
    (path,) = contents(folder)
    assert path.stem == hashlib.sha256(content).hexdigest()
    assert content[:64] not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    found = find_file(world.session, world.person("sent1"), row.public_id)
    assert found is not None
    sent = open_content(world.session, found)
    pieces = list(sent.pieces)
    assert [len(piece) for piece in pieces] == [PIECE_BYTES, PIECE_BYTES, 1]
    assert b"".join(pieces) == content
    assert (sent.name, sent.size_bytes) == ("演示 劳动合同.pdf", len(content))
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.event == "file.added"
    assert json.loads(event.facts)["sha256"] == path.stem


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "harm",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[: len(sealed) // 2],
        lambda sealed: sealed[PIECE_BYTES + 29 :] + sealed[: PIECE_BYTES + 29],
        lambda sealed: sealed[: PIECE_BYTES + 29],
        lambda sealed: sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:],
        lambda _sealed: b"",
    ],
    ids=["shorter", "half", "pieces turned round", "first piece alone", "a bit", "emptied"],
)
def test_a_damaged_content_is_told_and_mended_by_adding_it_again(
    world: World, folder: Path, harm: Any
) -> None:
    content = os.urandom(2 * PIECE_BYTES)
    row = add(world, content)
    assert first_fault(world.session) is None
    (path,) = contents(folder)
    path.write_bytes(harm(path.read_bytes()))
    found = find_file(world.session, world.person("sent1"), row.public_id)
    assert found is not None
    with pytest.raises(Refused, match="已缺失或损坏"):
        open_content(world.session, found)
    fault = first_fault(world.session)
    assert fault is not None
    assert fault[0] == f"stored_file:{row.stored_file_id}"
    add(world, content, subject=world.person("sent2"))
    assert first_fault(world.session) is None
    assert world.count(StoredFile) == 1


def test_one_content_is_kept_once_and_goes_with_the_last_who_names_it(
    world: World, world_database: Database, folder: Path
) -> None:
    content = files.pdf()
    first = add(world, content)
    second = add(world, content, subject=world.person("sent2"))
    assert first.stored_file_id == second.stored_file_id
    for row, key in ((first, "sent1"), (second, "sent2")):
        sweep(world, world_database, days=2)
        assert len(contents(folder)) == 1
        person = world.person(key)
        found = find_file(world.session, person, row.public_id)
        assert found is not None
        detach(world.deed("sending_manager"), person, found, "演示：传错了")
        with pytest.raises(Conflict):
            detach(world.deed("sending_manager"), person, found, "演示：再移除一次")
    # Both were nominated and approved with it in sight: it is evidence for a while.
    sweep(world, world_database, days=KEEP_EVIDENCE.days)
    assert len(contents(folder)) == 1
    assert first_fault(world.session) is None
    sweep(world, world_database, days=1)
    assert contents(folder) == []
    assert world.count(StoredFile) == 0
    facts = world.session.scalars(
        sa.select(AuditEvent.facts).where(AuditEvent.event == "file.removed")
    ).all()
    assert {json.loads(one)["sha256"] for one in facts} == {hashlib.sha256(content).hexdigest()}


def test_what_nobody_decided_on_is_gone_with_the_next_sweep(
    world: World, world_database: Database, folder: Path
) -> None:
    person = world.person("sent1")
    world.session.execute(
        sa.update(Assignment)
        .where(Assignment.person_id == person.id)
        .values(state=AssignmentState.REJECTED)
    )
    found = find_file(world.session, person, add(world, b"by mistake").public_id)
    assert found is not None
    detach(world.deed("sending_manager"), person, found, "")
    sweep(world, world_database, days=2)
    assert contents(folder) == []


def test_the_sweep_takes_what_nobody_names_but_nothing_that_is_under_way(
    world: World, world_database: Database, folder: Path
) -> None:
    named = files.pdf(text="named")
    add(world, named)
    world.session.commit()
    store = world_database.info[FILES]
    store.keep(b"lost", world.clock())
    draft = folder / "ab" / "lost.1234.draft"
    draft.parent.mkdir(exist_ok=True)
    draft.write_bytes(b"half")
    os.utime(draft, (world.clock().timestamp(),) * 2)
    sweep(world, world_database)
    assert len(contents(folder)) == 3
    world.clock.pass_time(days=3)
    # Somebody is uploading one of them again this very moment, and has not committed.
    store.keep(b"again", world.clock() - 2 * GRACE)
    store.keep(b"again", world.clock())
    add(world, b"later")
    world.session.commit()
    fault = first_fault(world.session)
    assert fault is not None
    assert fault[0].startswith("files/")
    sweep(world, world_database)
    left = {hashlib.sha256(one).hexdigest() for one in (named, b"again", b"later")}
    assert {path.stem for path in contents(folder)} == left
    assert first_fault(world.session) is None


def test_a_content_that_is_added_again_in_the_middle_of_the_sweep_stays(
    world: World, world_database: Database, folder: Path
) -> None:
    store = world_database.info[FILES]
    store.keep(b"again", world.clock() - 2 * GRACE)
    (digest,) = store.kept_before(world.clock() - GRACE)
    add(world, b"again")
    assert not store.drop(digest, world.clock() - GRACE)
    assert len(contents(folder)) == 1


def test_a_shelf_holds_so_many_and_the_same_file_once(world: World, folder: Path) -> None:
    for number in range(SERVICE.most):
        add(world, b"%d" % number)
    world.session.commit()
    assert refused(world, b"one more") == ["too_many_files"]
    assert len(contents(folder)) == SERVICE.most
    assert refused(world, b"0") == ["duplicate"]
    assert len(list_files(world.session, world.person("sent1"))) == SERVICE.most
    add(world, b"0", subject=world.person("sent2"))  # the control


def added_and_removed(world: World, content: bytes) -> str:
    """Add a file and take it off again; return what came of it."""
    try:
        row = add(world, content)
    except Refused as found:
        world.session.rollback()
        return found.refusals[0].code
    world.session.commit()
    person = world.person("sent1")
    attached = find_file(world.session, person, row.public_id)
    assert attached is not None
    detach(world.deed("sending_manager"), person, attached, "演示")
    world.session.commit()
    return "taken"


def test_a_person_adds_so_many_in_a_day_whatever_is_removed_meanwhile(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, measured: Measured
) -> None:
    if not LIMIT:
        monkeypatch.setattr(rules, "MOST_A_DAY", 3)
    outcomes = [added_and_removed(world, b"%d" % number) for number in range(LIMIT or 5)]
    taken = outcomes.count("taken")
    assert taken == rules.MOST_A_DAY
    assert set(outcomes[taken:]) == {"too_many_files_today"}
    if LIMIT:
        measured("files in a day", f"{LIMIT} sent, {taken} taken")
    world.clock.pass_time(days=1)
    add(world, b"tomorrow")
    add(world, b"somebody else", persona="receiving_manager", subject=world.person("received1"))


def test_a_draft_takes_its_photos_along(
    world: World, world_database: Database, folder: Path
) -> None:
    deed = world.deed("sending_staff")
    workday = log_workday(
        deed,
        pairing=world.pairing(),
        person=world.person("sent1"),
        entry=Entry(date(2022, 11, 14), 2, WorkMode.ONSITE, Task.T1, None, "演示", None),
        submit=False,
    )
    add(world, b"photo", persona="sending_staff", subject=workday)
    assert world.count(WorkdayFile) == 1
    delete_draft(deed, workday)
    assert (world.count(Workday), world.count(WorkdayFile)) == (0, 0)
    sweep(world, world_database, days=2)
    assert contents(folder) == []


def test_a_hostile_file_is_judged_apart_and_what_is_too_much_ends_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = files.png(size=(8000, 5000))
    assert judge_apart(large, SERVICE).kind == FileKind.PNG
    for content, code in (
        (files.png_that_claims(60_000, 60_000), "picture_too_large"),
        (files.EICAR, "other_format"),
        (bytes(MAX_BYTES + 1), "file_too_large"),
    ):
        with pytest.raises(Refused) as found:
            judge_apart(content, SERVICE)
        assert [one.code for one in found.value.refusals] == [code]
    for content, limits in ((large, {"memory_bytes": 0}), (files.png(), {"wall_seconds": 0})):
        less = replace(JUDGEMENT, limits=JUDGEMENT.limits._replace(**limits))
        monkeypatch.setattr(actions, "JUDGEMENT", less)
        with pytest.raises(Refused) as found:
            judge_apart(content, SERVICE)
        assert [one.code for one in found.value.refusals] == ["too_large"]
    assert not multiprocessing.active_children()


def test_few_uploads_wait_so_that_pages_have_threads_left() -> None:
    said: list[str] = []

    def ask() -> None:
        try:
            said.append(judge_apart(files.png(), SERVICE).kind.value)
        except Refused as refused:
            said.append(refused.refusals[0].code)

    assert Server().cfg.threads >= 2 * apart.MOST_WAITING
    threads = [threading.Thread(target=ask) for _ in range(apart.MOST_WAITING + 2)]
    with JUDGEMENT.turn:
        for thread in threads:
            thread.start()
        until = time.monotonic() + 10
        while len(said) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert said == ["busy", "busy"]
    for thread in threads:
        thread.join()
    assert sorted(said[2:]) == ["png"] * apart.MOST_WAITING


def upload_without_end(url: str, var: str, now: datetime, pipe: Any) -> None:
    """Attach one file after the other, and say of each when it is committed; until it is killed."""
    rules.MOST_A_DAY = 10**9
    database = Database(url, session_info(MASTER_KEY, Path(var)))
    while True:
        content = os.urandom(random.randrange(1, 3 * PIECE_BYTES))
        with database.open() as session:
            actor = find_actor(session, "sending_manager")
            assert actor is not None
            person = session.scalars(sa.select(Person).where(Person.name == "演示甲一")).one()
            peg = pegs_of(session, person)[-1]
            peg = peg._replace(shelf=replace(peg.shelf, most=10**9))
            deed, judged = Deed(session, actor, now), Judged(FileKind.PDF, content)
            attach(deed, person, peg, "演示.pdf", judged)
            session.commit()
        pipe.send(hashlib.sha256(content).digest())


def killed_while_uploading(url: str, var: Path, clock: Clock) -> Iterator[bytes]:
    """Yield the contents that a process had committed when it was killed."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    work = (url, str(var), clock(), theirs)
    process = context.Process(target=upload_without_end, args=work)
    process.start()
    theirs.close()
    yield ours.recv()
    time.sleep(random.random() * 0.1)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    try:
        while True:
            yield ours.recv()
    except EOFError:
        ours.close()


def test_whoever_is_killed_while_uploading_leaves_no_row_without_file_and_no_file_without_row(
    world: World,
    world_database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    measured: Measured,
) -> None:
    world.session.commit()
    acknowledged: set[bytes] = set()
    for _ in range(KILLS):
        acknowledged.update(killed_while_uploading(world_database.url, folder.parent, world.clock))
    world.session.expire_all()
    rows = set(world.session.scalars(sa.select(StoredFile.content_hash)))
    before = len(contents(folder))
    assert acknowledged <= rows
    assert first_fault(world.session) is None
    # What was not finished bears the time of the machine.
    world.clock.instant = datetime.now(UTC)
    sweep(world, world_database, days=2)
    assert {path.stem for path in contents(folder)} == {digest.hex() for digest in rows}
    assert first_fault(world.session) is None
    assert world.count(PersonFile) == len(rows)
    lost = before - len(contents(folder))
    kind = "SQLite" if world_database.is_sqlite else "PostgreSQL"
    measured(
        f"uploads killed on {kind}",
        f"{KILLS} killed, {len(acknowledged)} of {len(rows)} told of, {lost} left and swept",
    )
