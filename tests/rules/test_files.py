"""What a file is, by its content; how large, how many, and under which name."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from models.types import FileKind, WorkdayState
from portal.files import content_rules, rules
from portal.files.content_rules import KEPT_SIDE, judge
from portal.files.rules import IMAGES, MAX_BYTES, MOST_A_DAY, PAPERS, PHOTOS
from portal.refusals import Refused
from tests.support import files

PDF = files.pdf()


def refused(content: bytes, kinds=PAPERS) -> str:
    with pytest.raises(Refused) as found:
        judge(content, kinds)
    (one,) = found.value.refusals
    assert one.field == "file"
    assert one.sentence.endswith("。")
    return one.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (files.HTML, "other_format"),
        (files.SVG, "other_format"),
        (files.EICAR, "other_format"),
        (b"MZ" + bytes(500), "other_format"),
        (b"GIF89a" + bytes(500), "other_format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "other_format"),
        (files.png()[:60], "damaged_file"),
        (files.png_that_claims(60_000, 60_000), "picture_too_large"),
        (files.HTML + PDF, "other_format"),
        (b" " * 4 + PDF, "second_format"),
        (PDF.replace(b"\n", b"\n%" + files.HTML + b"\n", 1), "second_format"),
        (PDF + files.HTML, "second_format"),
        (PDF + b" " * 65, "second_format"),
        (files.pdf_then_archive(), "second_format"),
        (files.pdf_with_script(), "active_content"),
        (files.pdf_with_hidden_script(), "active_content"),
        (files.pdf_with_launch(), "active_content"),
        (files.pdf_with_attachment(), "active_content"),
        (files.pdf_with_forgotten_script(), "active_content"),
        (files.pdf_that_opens_a_share("/GoToR"), "active_content"),
        (files.pdf_that_opens_a_share("/GoToE"), "active_content"),
        (PDF.replace(b"\n", b"\n%/JavaScript\n", 1), "active_content"),
        (files.pdf_with_password(), "encrypted"),
        (b"%PDF-1.7\n%%EOF", "damaged_file"),
    ],
)
def test_refuses_what_is_no_picture_and_no_inert_pdf_alone(content, code):
    assert refused(content) == code


def test_refuses_a_pdf_of_too_many_pages(monkeypatch):
    monkeypatch.setattr(content_rules, "MAX_PAGES", 2)
    assert refused(files.pdf(3)) == "too_many_pages"
    assert judge(files.pdf(2), PAPERS).kind == FileKind.PDF


def test_refuses_a_pdf_of_too_many_objects(monkeypatch):
    monkeypatch.setattr(content_rules, "MAX_OBJECTS", 5)
    assert refused(files.pdf(9)) == "too_large"


def test_keeps_a_pdf_as_it_is_and_takes_blanks_after_its_end():
    for content in (PDF, PDF + b"\r\n\0" * 20):
        assert judge(content, PAPERS) == (FileKind.PDF, content)


def test_refuses_a_pdf_where_photos_belong_and_does_not_look_through_it():
    assert refused(PDF, IMAGES) == "other_format"
    assert judge(files.png(), IMAGES).kind == FileKind.PNG
    assert refused(files.pdf_with_script(), PAPERS) == "active_content"
    assert refused(files.pdf_with_script(), IMAGES) == "other_format"


def test_of_a_photo_with_a_preview_behind_it_the_photo_is_kept():
    sent = files.photo_with_preview()
    with Image.open(io.BytesIO(sent)) as picture:
        assert picture.n_frames == 2
    kind, kept = judge(sent, IMAGES)
    assert kind == FileKind.JPEG
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (60, 30))


def test_a_photo_stands_upright_and_says_nothing_of_its_place_any_more():
    sent = files.jpeg_with_place((60, 30))
    assert files.SECRET in sent
    kind, kept = judge(sent, PAPERS)
    assert kind == FileKind.JPEG
    assert files.SECRET not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (30, 60)
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_large_picture_is_scaled_and_webp_becomes_jpeg():
    kept = judge(files.png(size=(4000, 1000)), PAPERS).content
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (KEPT_SIDE, 640)
    assert judge(files.webp(), PAPERS).kind == FileKind.JPEG


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_kind_of_colour_is_read(mode):
    out = io.BytesIO()
    Image.new(mode, (50, 20)).save(out, "PNG")
    assert judge(out.getvalue(), PAPERS).kind == FileKind.PNG


def test_one_byte_over_the_limit_is_too_much():
    assert rules.refusals_for_size(MAX_BYTES) == []
    (refusal,) = rules.refusals_for_size(MAX_BYTES + 1)
    assert (refusal.code, "10,485,760 字节（10 MB）" in refusal.sentence) == (
        "file_too_large",
        True,
    )
    assert rules.refusals_for_size(0)[0].code == "empty_file"


@pytest.mark.parametrize(
    ("there", "is_there", "added_today", "codes"),
    [
        (PHOTOS.most - 1, False, MOST_A_DAY - 1, []),
        (PHOTOS.most, False, 0, ["too_many_files"]),
        (0, False, MOST_A_DAY, ["too_many_files_today"]),
        (PHOTOS.most, False, MOST_A_DAY, ["too_many_files", "too_many_files_today"]),
        (PHOTOS.most, True, 0, ["duplicate"]),
    ],
)
def test_a_shelf_and_a_day_hold_so_many(there, is_there, added_today, codes):
    found = rules.refusals_for_adding(
        PHOTOS, there=there, is_there=is_there, added_today=added_today
    )
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("演示 证书.PDF", "演示 证书.PDF"),
        ("..\\..\\C:/windows/演示.pdf", "演示.pdf"),
        ("证书\u202efdp.exe", "证书fdp.pdf"),
        ("a\0b\r\nSet-Cookie: x.pdf", "ab Set-Cookie: x.pdf"),
        ("照片.html", "照片.pdf"),
        ("没有扩展名", "没有扩展名.pdf"),
        ("", "未命名.pdf"),
        ("张三11010519850301011X.pdf", "张三….pdf"),
        ("110105198503010112", "….pdf"),
        ("身份证 110105 19850301 0112 正面.pdf", "身份证 … 正面.pdf"),
        ("110105-19850301-011x.pdf", "….pdf"),
        ("１１０１０５１９８５０３０１０１１Ｘ.pdf", "….pdf"),
        ("手机13800138000.pdf", "手机….pdf"),
        ("IMG_20221114_101512.pdf", "IMG_20221114_101512.pdf"),
        ("2022-11-14 10.15.12.pdf", "2022-11-14 10.15.12.pdf"),
        ("长" * 300, "长" * 116 + ".pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_what_harms(name, kept):
    assert rules.stored_name(name, FileKind.PDF) == kept
    assert rules.stored_name(kept, FileKind.PDF) == kept


def test_what_was_decided_on_with_a_file_in_sight_needs_a_reason_for_its_removal():
    assert rules.refusals_for_removal("", is_decided=False) == []
    assert rules.refusals_for_removal("扫描不清", is_decided=True) == []
    assert rules.refusals_for_removal(" \u200b", is_decided=True)[0].code == "missing_value"
    assert rules.refusals_for_removal("长" * 201, is_decided=False)[0].code == "text_too_long"


def test_a_day_that_was_decided_on_takes_no_photo():
    taking = [state for state in WorkdayState if not rules.refusals_for_state(state)]
    assert taking == [WorkdayState.DRAFT, WorkdayState.SUBMITTED, WorkdayState.RETURNED]
