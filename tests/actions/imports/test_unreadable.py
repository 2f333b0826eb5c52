"""A stored phone that does not open: an import goes on, raises the alarm, and the file's mends it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.types import ImportKind
from portal.imports.staging_store import StagedFiles
from portal.personal_data.vault import Place, Vault
from tests.support.imports import credit_code_of, id_number, import_rows
from tests.support.world import World

DAMAGED = b"\x01" + bytes(60)


def _person_row(**cells: str) -> dict[str, str]:
    code = credit_code_of("sending")
    number = id_number("sent1")
    return {"身份证件号": number, "姓名": "演示甲一", "机构信用代码": code, **cells}


def _organisation_row(**cells: str) -> dict[str, str]:
    return {
        "统一社会信用代码": credit_code_of("sending"),
        "机构名称": "福州市演示甲社会工作服务中心",
        "机构类型": "社会工作服务机构",
        "所在地代码": "350102",
        **cells,
    }


@pytest.fixture
def kind(request, world: World):
    """The kind, its row, the column in the file, and what is damaged."""
    if request.param == ImportKind.PEOPLE:
        found = (request.param, _person_row, "手机号", world.person("sent1"), "phone")
    else:
        organisation = world.organisation("sending")
        found = (request.param, _organisation_row, "联系电话", organisation, "contact_phone")
    setattr(found[3], f"{found[4]}_sealed", DAMAGED)
    setattr(found[3], f"{found[4]}_masked", "****")
    world.session.commit()
    world.deed().vault.take_unreadable()
    return found


@pytest.mark.parametrize(
    "kind", [ImportKind.PEOPLE, ImportKind.ORGANISATIONS], indirect=True, ids=str
)
def test_the_import_goes_on_and_the_files_value_takes_its_place(world: World, kind) -> None:
    word, row, header, owner, column = kind
    report = import_rows(world, word, [row()]).report
    assert (report.refused, report.unchanged) == (0, 1)
    assert getattr(owner, f"{column}_sealed") == DAMAGED
    places = world.deed().vault.take_unreadable()
    assert {(place.table, place.column) for place in places} == {(owner.__tablename__, column)}
    report = import_rows(world, word, [row(**{header: "13900001111"})]).report
    assert (report.refused, report.accepted) == (0, 1)
    assert getattr(owner, f"{column}_masked") == "139****1111"


def test_a_staged_file_that_does_not_open_is_gone_and_raises_the_alarm(tmp_path: Path) -> None:
    digest, vault = bytes(32), Vault(bytes(32))
    StagedFiles(tmp_path, vault).keep(digest, b"content", datetime(2022, 11, 21, tzinfo=UTC))
    assert StagedFiles(tmp_path, vault).find(digest) == b"content"  # the control
    other = Vault(bytes(range(32)))
    assert StagedFiles(tmp_path, other).find(digest) is None
    assert other.take_unreadable() == [Place("upload", "content", digest.hex())]
