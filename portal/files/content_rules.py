"""What a file is, by its content, and what of it is kept. Pure; run apart (portal/apart.py).

The name and what the browser says of the type count for nothing. An image is decoded and written
anew, so that nothing is left of it but its picture; a PDF is kept as it is, or refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Self

import pypdf
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from models.types import FileKind
from portal.files.rules import kinds_in_words
from portal.refusals import Refusal, Refused

Image.preinit()
import_module("PIL.WebPImagePlugin")
"""Pillow reads its formats with the first picture: here, once for all that are judged apart. One
that it does not know yet makes it read all of the others."""

MAX_PIXELS = 40_000_000
"""What a picture may claim before it is decoded: with alpha that takes 160 MB."""

KEPT_SIDE = 2560
"""Pixels of the longer side that are kept: a page of A4 at 220 dots an inch reads well. The same
number scales in the browser (static/js/attach.js)."""

QUALITY = 85
_NOT_SCALED = frozenset({"1", "P", "PA"})
FORMATS = {"JPEG": FileKind.JPEG, "WEBP": FileKind.JPEG, "PNG": FileKind.PNG}
"""What is decoded, by Pillow's word, and as what it is kept."""

SEVERAL_IN_A_JPEG = "MPO"
"""Pillow's word for a JPEG behind which more pictures stand: phones add a preview, or the depth."""

MAX_PAGES = 300
MAX_OBJECTS = 100_000
"""Objects of a PDF that are looked through; a scan of 300 pages has some 2,000."""

HEAD_BYTES = 2048
"""Where a browser, or a mail program, would look for another format."""

TAIL_BYTES = 64
"""Blanks that may follow the end of a PDF; some scanners fill a block."""

_MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE
)
_BLANKS = b" \t\r\n\f\0"
_FORBIDDEN = {
    "/JavaScript": "脚本",
    "/JS": "脚本",
    "/XFA": "动态表单",
    "/Launch": "启动程序的动作",
    "/EmbeddedFile": "嵌入的文件",
    "/EmbeddedFiles": "嵌入的文件",
    "/EF": "嵌入的文件",
    "/RichMedia": "嵌入的多媒体",
    "/Rendition": "播放多媒体的动作",
    "/Movie": "播放多媒体的动作",
    "/3D": "嵌入的三维模型",
    "/GoToE": "打开嵌入文件的动作",
    "/GoToR": "打开其他文件的动作",
    "/SubmitForm": "提交数据的动作",
    "/ImportData": "读取数据的动作",
}
"""Names that a PDF may hold neither as a key nor as the kind of an action, and what they are."""

_FORBIDDEN_IN_RAW = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition)\b")
"""The same in what this reader may not see and another one would: long enough to be no chance."""

_IN_HEXADECIMAL = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A character of a name, written as a number."""


HEADS = {
    FileKind.PDF: b"%PDF-",
    FileKind.JPEG: b"\xff\xd8\xff",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
}
"""How each kind of file begins."""


class Judged(NamedTuple):
    """What a file is, and the content that is kept of it."""

    kind: FileKind
    content: bytes

    def as_frames(self) -> list[bytes]:
        """Return this as it is sent; :meth:`from_frames` reads it."""
        return [self.kind.value.encode(), self.content]

    @classmethod
    def from_frames(cls, frames: Sequence[bytes]) -> Self:
        """Return what was sent; raise ValueError unless it is a file that begins as its kind does."""
        word, content = frames
        kind = FileKind(word.decode())
        if not content.startswith(HEADS[kind]):
            raise ValueError("a file of another kind")
        return cls(kind, content)


def judge_in_frames(content: bytes, kinds: frozenset[FileKind]) -> list[bytes]:
    """Do as :func:`judge`, in a process apart."""
    return judge(content, kinds).as_frames()


def judge(content: bytes, kinds: frozenset[FileKind]) -> Judged:
    """Return what a file is and what is kept of it; raise :class:`Refused` with one sentence."""
    if content.lstrip(_BLANKS).startswith(b"%PDF-"):
        _refuse_other(FileKind.PDF, kinds)  # before it is looked through, which takes seconds
        return Judged(FileKind.PDF, _checked_pdf(content))
    judged = _picture(content, kinds)
    _refuse_other(judged.kind, kinds)
    return judged


def _refuse_other(kind: FileKind, kinds: frozenset[FileKind]) -> None:
    if kind not in kinds:
        raise _refused(
            "other_format", f"这里只收 {kinds_in_words(kinds)}，这份文件是 {kind.label}。"
        )


def _picture(content: bytes, kinds: frozenset[FileKind]) -> Judged:
    # Our own limit below is asked before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as picture:
            word = picture.format or ""
            kind = FileKind.JPEG if word == SEVERAL_IN_A_JPEG else FORMATS[word]
            _refuse_large(picture)
            return Judged(kind, _anew(picture, kind))
    except UnidentifiedImageError:
        raise _refused(
            "other_format",
            f"只收 {kinds_in_words(kinds)}（WebP 图片转为 JPEG 保存）；按内容看，这份文件都不是，"
            "改扩展名无效。请另存或扫描为这些格式后再上传。",
        ) from None
    except (MemoryError, Refused):
        raise
    except Exception:  # noqa: BLE001 - a broken picture raises anything
        raise _refused(
            "damaged_file", "图片已损坏，无法完整读取。请重新拍照、扫描或导出后再上传。"
        ) from None


def _refuse_large(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _refused(
            "picture_too_large",
            f"图片为 {width:,}×{height:,} 像素，超过上限 {MAX_PIXELS // 10_000:,} 万像素。"
            "请缩小尺寸后再上传。",
        )


def _anew(picture: Image.Image, kind: FileKind) -> bytes:
    """Return the picture alone: turned upright, scaled, without place, comment or other data."""
    if kind == FileKind.JPEG:
        picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
    has_alpha = kind == FileKind.PNG and picture.has_transparency_data
    mode = "RGBA" if has_alpha else "RGB"
    # Colours by number cannot be scaled; of all others the small picture is converted.
    seen = picture.convert(mode) if picture.mode in _NOT_SCALED else picture
    seen.thumbnail((KEPT_SIDE, KEPT_SIDE))
    seen = seen.convert(mode)
    ImageOps.exif_transpose(seen, in_place=True)
    bare = Image.new(mode, seen.size)
    bare.paste(seen)
    out = io.BytesIO()
    if kind == FileKind.PNG:
        bare.save(out, "PNG", optimize=False)
    else:
        bare.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _checked_pdf(content: bytes) -> bytes:
    """Return the content of a PDF that is one, alone and inert."""
    _refuse_second_format(content)
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise _refused("encrypted", "PDF 设有密码或限制。请去除密码后另存，再上传。")
        if not 0 < len(reader.pages) <= MAX_PAGES:
            raise _refused(
                "too_many_pages",
                f"PDF 有 {len(reader.pages)} 页，应为 1 至 {MAX_PAGES} 页。请拆分后再上传。",
            )
        found = _forbidden_in(reader.trailer) or _forbidden_in_raw(content)
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        RecursionError,
    ):
        raise _refused(
            "damaged_file", "PDF 已损坏，无法读取其结构。请重新扫描或另存为 PDF 后再上传。"
        ) from None
    if found:
        raise _refused(
            "active_content",
            f"PDF 中含有{found}，为安全起见不予接收。请用“打印为 PDF”重新生成后再上传。",
        )
    return content


def _refuse_second_format(content: bytes) -> None:
    start = content.index(b"%PDF-")
    end = content.rfind(b"%%EOF")
    rest = content[end + len(b"%%EOF") :]
    is_alone = start == 0 and end > 0 and len(rest) <= TAIL_BYTES and not rest.strip(_BLANKS)
    if not is_alone or _MARKUP.search(content[:HEAD_BYTES]) or _is_archive(content):
        raise _refused(
            "second_format",
            "PDF 的开头或结尾之外还有别的内容（例如网页或压缩包），不予接收。"
            "请用“打印为 PDF”重新生成后再上传。",
        )


def _is_archive(content: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(content))


def _forbidden_in(trailer: DictionaryObject) -> str | None:
    """Look through every object that the file leads to; name what it may not hold, or None."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [trailer]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            key = (found.idnum, found.generation)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > MAX_OBJECTS:
                raise _refused(
                    "too_large", "PDF 的结构过于复杂。请用“打印为 PDF”重新生成后再上传。"
                )
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            for key_, value in _entries(found):
                word = _FORBIDDEN.get(key_) or _FORBIDDEN.get(str(value))
                if word:
                    return word
                waiting.append(value)
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))
    return None


def _entries(found: DictionaryObject) -> Iterator[tuple[str, Any]]:
    # As they stand: indirect objects are followed once each, above.
    for key in found:
        yield str(key), found.raw_get(key)


def _forbidden_in_raw(content: bytes) -> str | None:
    spelt = _IN_HEXADECIMAL.sub(lambda one: bytes.fromhex(one[1].decode()), content)
    found = _FORBIDDEN_IN_RAW.search(content) or _FORBIDDEN_IN_RAW.search(spelt)
    return _FORBIDDEN[found[0].decode()] if found else None


def _refused(code: str, sentence: str) -> Refused:
    return Refused([Refusal("file", code, sentence)])
