"""Files on the pages of their subjects: sent, opened by who may, taken off, and nobody else's."""

from __future__ import annotations

import gc
import io
import json
from datetime import date
from pathlib import Path
from urllib.parse import quote

import flask
import pytest
import sqlalchemy as sa

from models import AuditEvent, StoredFile
from models.types import Task, WorkMode
from portal.files import rules
from portal.files.rules import MAX_BYTES
from portal.personal_data.rules import MOST_REVEALS
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry
from tests.support import files
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages
from tests.support.world import World

PAPER = "演示 劳动合同（盖章）.pdf"


def path_of(world: World, word: str) -> str:
    return {
        "person": f"/people/{world.person('sent1').public_id}",
        "organisation": f"/organisations/{world.organisation('sending').credit_code}",
        "pairing": "/pairings/P1",
    }[word]


def send(
    client: PageClient, path: str, content: bytes, name: str = PAPER, expect: int = 302, **more: str
) -> Page:
    """Fill in the form of a subject's files and send it."""
    form = client.get(f"{path}/files/new")
    return form.submit(file=(io.BytesIO(content), name), expect=expect, **more)


def link_of(page: Page, name: str = PAPER) -> str:
    return next(link["href"] for link in page.find_all("main a") if link.text == name)


def day_of(world: World, *, submit: bool = True) -> str:
    workday = log_workday(
        world.deed("sending_staff"),
        pairing=world.pairing(),
        person=world.person("sent1"),
        entry=Entry(date(2022, 11, 14), 2, WorkMode.ONSITE, Task.T1, None, "演示", None),
        submit=submit,
    )
    return f"/workdays/{workday.id}"


@pytest.mark.parametrize(
    ("word", "writer", "reader", "neighbour"),
    [
        ("organisation", "sending_manager", "sending_province_officer", "other_manager"),
        ("pairing", "province_officer", "receiving_staff", "foreign_manager"),
    ],
)
def test_whoever_sees_the_subject_has_its_file_and_nobody_else(
    pages: Pages, world: World, word: str, writer: str, reader: str, neighbour: str
) -> None:
    path, content = path_of(world, word), files.pdf()
    page = send(pages(writer), path, content).follow()
    assert page.messages[0].startswith("已上传")
    url = link_of(page)
    answer = pages(reader).get(url)
    assert answer.body == content
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=\"qianshou-file.pdf\"; filename*=UTF-8''{quote(PAPER, safe='')}"
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(content)
    for action in ("", "/removal"):
        pages(neighbour).get(url + action, expect=404)
    # On another subject of one's own it is not there, either.
    other = f"/people/{world.person('sent1').public_id}/files/{url.rpartition('/')[2]}"
    pages("sending_manager").get(other, expect=404)


def test_a_certificate_is_opened_for_a_reason_by_who_may_see_numbers(
    pages: Pages, world: World
) -> None:
    path, content = path_of(world, "person"), files.pdf()
    form = pages("sending_manager").get(f"{path}/files/new")
    assert form.find_all("[name=peg]")[0]["value"] == "intermediate"
    page = send(pages("sending_manager"), path, content, peg="intermediate").follow()
    row = page.table_rows("证书扫描件和从业证明")[0]
    assert row["是什么"] == "社会工作师证书（演示证书11）"
    assert "还没有上传从业证明。" in page.text
    who_opens = "只有可以查看证件号码原文的人员能打开"
    assert who_opens in page.text
    assert "您的角色不能打开" not in page.text
    assert f"{who_opens}，须写明事由，每次都记入审计；您的角色不能打开" in (
        pages("sending_staff").get(path).text
    )
    url = link_of(page)
    officer = pages("sending_province_officer")
    page = officer.get(url)
    assert page.submit(reason="\u200b", expect=200).errors == ["查看事由：请填写查看事由。"]
    answer = page.submit(reason="审批选派，核对证书", expect=200)
    assert answer.body == content
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.event, event.actor) == ("certificate.file_revealed", "sending_province_officer")
    assert json.loads(event.facts) == {"reason": "审批选派，核对证书"}
    for persona, expect in (
        ("sending_staff", 403),
        ("province_officer", 403),
        ("receiving_manager", 404),
    ):
        pages(persona).get(url, expect=expect)
    names = [link.text for link in pages("province_officer").get(path).find_all("main a")]
    assert PAPER not in names


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_files_count_among_what_is_shown_in_clear_in_an_hour(pages: Pages, world: World) -> None:
    path = path_of(world, "person")
    url = link_of(send(pages("sending_manager"), path, files.pdf(), peg="service").follow())
    client = pages("sending_province_officer")
    for _ in range(MOST_REVEALS):
        client.get(url).submit(reason="核对", expect=200)
    page = client.get(url).submit(reason="核对", expect=200)
    assert "每人一小时内最多查看 20 项原文" in page.errors[0]


def test_whoever_approves_an_assignment_sees_whether_the_papers_are_there(
    pages: Pages, world: World
) -> None:
    path = f"/assignments/{world.assignment('sent1').public_id}"
    officer = pages("sending_province_officer")
    assert "证书扫描件 0 份，从业证明 0 份" in officer.get(path).text
    for peg in ("intermediate", "service"):
        send(pages("sending_manager"), path_of(world, "person"), files.pdf(text=peg), peg=peg)
    page = officer.get(path)
    assert "证书扫描件 1 份，从业证明 1 份" in page.text
    link = next(one["href"] for one in page.find_all("main a") if "#files" in one["href"])
    assert len(officer.get(link).table_rows("证书扫描件和从业证明")) == 2


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (files.HTML, "证书.pdf", "按内容看，这份文件都不是"),
        (files.SVG, "证书.png", "按内容看，这份文件都不是"),
        (files.EICAR, "eicar.pdf", "按内容看，这份文件都不是"),
        (files.pdf() + files.HTML, "证书.pdf", "还有别的内容"),
        (files.pdf_with_script(), "证书.pdf", "含有脚本"),
        (files.png_that_claims(60_000, 60_000), "大图.png", "60,000×60,000 像素，超过上限"),
        (files.pdf() + bytes(MAX_BYTES), "大.pdf", "大于 10,485,760 字节（10 MB）"),
        (b"", "空.pdf", "0 字节"),
    ],
    ids=["html", "svg", "eicar", "polyglot", "script", "60000 x 60000", "too large", "empty"],
)
@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_hostile_file_is_refused_in_one_sentence(
    pages: Pages, world: World, portal: flask.Flask, content: bytes, name: str, sentence: str
) -> None:
    page = send(pages("sending_manager"), path_of(world, "organisation"), content, name, expect=200)
    (error,) = page.errors
    assert sentence in error
    assert error.endswith("。")
    assert world.count(StoredFile) == 0
    var: Path = portal.extensions["qianshou_settings"].var
    assert not list(var.glob("files/*/*"))


@pytest.mark.parametrize(
    ("size", "expect"), [(MAX_BYTES, 302), (MAX_BYTES + 1, 200)], ids=["the limit", "one byte more"]
)
@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_one_byte_decides(pages: Pages, world: World, size: int, expect: int) -> None:
    paper = files.pdf()
    head, _, rest = paper.partition(b"\n")
    content = head + b"\n%" + b"a" * (size - len(paper) - 2) + b"\n" + rest
    assert len(content) == size
    send(pages("sending_manager"), path_of(world, "organisation"), content, expect=expect)
    assert world.count(StoredFile) == (expect == 302)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("协议\u202efdp.exe", "协议fdp.pdf"),
        ("../../etc/演示\0.pdf", "演示.pdf"),
        ("长" * 300, "长" * 116 + ".pdf"),
    ],
)
def test_an_odd_name_harms_nobody(pages: Pages, world: World, name: str, kept: str) -> None:
    page = send(pages("sending_manager"), path_of(world, "organisation"), files.pdf(), name)
    shown = page.follow().table_rows("登记证书")[0]["文件"]
    assert shown == kept
    url = link_of(page.follow(), shown)
    disposition = pages("sending_manager").get(url).headers["Content-Disposition"]
    assert disposition.endswith(quote(shown, safe=""))
    assert disposition.count('"') == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_ten_thousand_and_one_files_in_one_form_are_refused(pages: Pages, world: World) -> None:
    client = pages("sending_manager")
    many = [(io.BytesIO(b"%PDF"), f"{number}.pdf") for number in range(10_001)]
    page = client.post(f"{path_of(world, 'organisation')}/files/new", {"file": many}, expect=413)
    assert page.h1
    assert world.count(StoredFile) == 0
    gc.collect()  # werkzeug leaves the thousand parts that it has read to the collector


def test_only_so_many_a_day_are_taken(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 1)
    path = path_of(world, "organisation")
    send(pages("sending_manager"), path, files.pdf(text="1"))
    page = send(pages("sending_manager"), path, files.pdf(text="2"), expect=200)
    assert "每人每天最多上传 1 份文件" in page.errors[0]
    world.clock.pass_time(days=1)
    send(pages("sending_manager"), path, files.pdf(text="2"))


def test_a_photo_of_a_day_comes_from_the_camera_too_and_loses_its_place(
    pages: Pages, world: World
) -> None:
    path = day_of(world)
    client = pages("sending_staff")
    form = client.get(f"{path}/files/new")
    assert form.find("[name=photo]")["capture"] == "environment"
    assert form.submit(expect=200).errors == ["文件：请选择要上传的文件。"]
    assert (
        "这里只收 JPEG、PNG"
        in form.submit(file=(io.BytesIO(files.pdf()), PAPER), expect=200).errors[0]
    )
    photo = (io.BytesIO(files.jpeg_with_place()), "IMG_1.jpg")
    page = form.submit(photo=photo, follow=True)
    url = link_of(page, "IMG_1.jpg")
    for persona in ("sending_manager", "county_officer"):
        answer = pages(persona).get(url)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.body.startswith(b"\xff\xd8")
        assert files.SECRET not in answer.body
    pages("receiving_staff").get(url, expect=404)
    pages("sending_manager").get(f"{url}/removal", expect=403)


def test_uploading_is_never_the_first_button_of_a_page(pages: Pages, world: World) -> None:
    page = pages("sending_staff").get(day_of(world, submit=False))
    assert [one.text for one in page.find_all("main .btn-primary")] == ["提交"]
    assert page.click("上传现场照片").h1 == "上传现场照片"


def confirm(pages: Pages, world: World, path: str) -> None:
    pages("sending_manager").get(path).submit(button="确认")


def test_a_day_that_was_confirmed_takes_no_photo_and_gives_none_up_without_a_reason(
    pages: Pages, world: World
) -> None:
    path = day_of(world)
    client = pages("sending_staff")
    page = send(client, path, files.png(), "照片.png").follow()
    url = link_of(page, "照片.png")
    confirm(pages, world, path)
    page = client.get(path)
    assert "上传现场照片" not in page.text
    assert "不能再添加照片" in page.text
    assert "请联系本机构负责人退回" in page.text
    assert "不能再添加照片" in client.get(f"{path}/files/new").text
    again = client.post(
        f"{path}/files/new", {"file": (io.BytesIO(files.png(1)), "b.png")}, expect=200
    )
    assert "不能再添加照片" in again.text
    removal = client.get(f"{url}/removal")
    assert "移除须填写原因" in removal.submit(expect=200).errors[0]
    page = removal.submit(reason="演示：拍到了证件", follow=True)
    assert page.messages == ["已移除“现场照片”中的这份文件。"]
    client.get(url, expect=404)
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.event == "file.removed"
    assert json.loads(event.facts)["reason"] == "演示：拍到了证件"


def test_the_same_form_sent_twice_hangs_one_file(pages: Pages, world: World) -> None:
    form = pages("sending_manager").get(f"{path_of(world, 'organisation')}/files/new")
    content = files.pdf()
    first = form.submit(file=(io.BytesIO(content), PAPER), follow=True)
    second = form.submit(file=(io.BytesIO(content), PAPER), follow=True)
    assert len(first.table_rows("登记证书")) == len(second.table_rows("登记证书")) == 1


def test_a_file_that_is_gone_is_told_as_such(
    pages: Pages, world: World, portal: flask.Flask
) -> None:
    content = files.pdf()
    page = send(pages("sending_manager"), path_of(world, "organisation"), content).follow()
    url = link_of(page)
    var: Path = portal.extensions["qianshou_settings"].var
    (path,) = var.glob("files/*/*")
    path.unlink()
    answer = pages("sending_manager").get(url, expect=409)
    assert "已缺失或损坏，无法打开" in answer.text
    # Sent again it is there once more, though it is on the shelf already.
    page = send(pages("sending_manager"), path_of(world, "organisation"), content, expect=200)
    assert "内容完全相同" in page.errors[0]
    assert pages("sending_manager").get(url).body == content
