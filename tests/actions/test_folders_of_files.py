"""Folders of sealed files: a full disk, two writers at once, and what somebody else laid there."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.database import Database
from portal.deeds import FILES
from portal.files.jobs import sweep_files
from portal.files.verification_queries import first_fault
from portal.imports.staging_store import KEPT, uploads_in
from portal.jobs.result_store import results_in
from portal.personal_data.file_store import FileStore
from portal.personal_data.folder_store import SealedFolder
from portal.personal_data.vault import VAULT, Vault
from tests.support.world import World

NOW = datetime(2022, 11, 14, 4, 0, tzinfo=UTC)


@pytest.fixture
def vault(world_database: Database) -> Vault:
    found: Vault = world_database.info[VAULT]
    return found


def keep_a_content(folder: Path, vault: Vault) -> None:
    FileStore(folder, vault).keep(b"content", NOW)


def keep_a_result(folder: Path, vault: Vault) -> None:
    SealedFolder(folder, vault, "job_result").keep("name", b"content", NOW)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("keep", [keep_a_content, keep_a_result])
def test_a_full_disk_leaves_no_half_of_a_file(
    vault: Vault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keep: Callable[[Path, Vault], None],
) -> None:
    def fill(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fill)
        with pytest.raises(OSError, match="No space left"):
            keep(tmp_path / "files", vault)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    keep(tmp_path / "files", vault)
    assert len(list(tmp_path.rglob("*.sealed"))) == 1


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_two_that_keep_the_same_name_at_once_do_not_share_a_draft(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = SealedFolder(tmp_path, vault, "upload")
    flush = os.fsync
    drafts: list[str] = []

    def another_comes(handle: int) -> None:
        if not drafts:
            drafts.append("the first")
            folder.keep("name", b"second", NOW)
        flush(handle)

    monkeypatch.setattr(os, "fsync", another_comes)
    folder.keep("name", b"first", NOW)
    assert drafts
    assert folder.find("name") == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["name.sealed"]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_sweep_bears_that_a_file_goes_while_it_looks_and_that_a_folder_lies_there(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads, results = uploads_in(tmp_path, vault), results_in(tmp_path, vault)
    for folder in ("uploads", "results"):
        (tmp_path / folder / "a.folder").mkdir(parents=True)
        os.utime(tmp_path / folder / "a.folder", (0, 0))
    for number in range(3):
        uploads.keep(bytes([number]), b"content", NOW)
        results.keep(f"{number}", b"content", NOW)
    glob = Path.glob

    def one_goes(path: Path, pattern: str) -> list[Path]:
        found = sorted(one for one in glob(path, pattern) if one.is_file())
        found[1].unlink()
        return [path / "a.folder", *found]

    monkeypatch.setattr(Path, "glob", one_goes)
    uploads.drop_old(NOW + 2 * KEPT)
    assert results.drop_unnamed({"2"}, (NOW + KEPT).timestamp()) == 1
    monkeypatch.undo()
    left = [path.name for path in sorted(tmp_path.rglob("*.*")) if path.is_file()]
    assert left == ["2.sealed"]


def test_what_somebody_else_laid_there_is_said_and_left_alone(
    world: World, world_database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    store = FileStore(folder, world_database.info[VAULT])
    world_database.info[FILES] = world.session.info[FILES] = store
    digest = store.keep(b"nobody names it", world.clock())
    store.keep(b"nor it", world.clock())
    beside = folder / digest.hex()[:2]
    (folder / "lost+found").mkdir()
    (beside / f"{'ab' * 32}.sealed").mkdir()
    (folder / ".hidden").write_bytes(b"")
    strays = [folder / "note.txt", beside / "copy of 1.sealed", beside / f"{'00' * 32}.sealed"]
    if beside.name == "00":
        strays.pop()
    for stray in strays:
        stray.write_bytes(b"stray")
    world.session.commit()
    fault = first_fault(world.session)
    assert fault is not None
    assert f"共 {len(strays)} 项" in fault[1]
    assert "请移到别处" in fault[1]
    world.clock.pass_time(days=3)
    sweep_files(world_database, world.clock())
    assert [path.name for path in folder.glob("*/*") if path.is_file()].count(digest.hex()) == 0
    assert store.kept_before(world.clock()) == []
    assert all(stray.exists() for stray in strays)
    for stray in strays:
        stray.unlink()
    assert first_fault(world.session) is None
