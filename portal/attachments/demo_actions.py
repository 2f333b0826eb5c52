"""Papers and photos of the demonstration: made here, marked 演示, hung up by who may do it."""

from __future__ import annotations

import io
from datetime import timedelta

import sqlalchemy as sa
from PIL import Image, ImageDraw
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from models import Person, Workday
from models.types import FileUse, WorkdayState
from portal.files.actions import attach
from portal.files.content_rules import judge
from portal.files.queries import Subject, pegs_of
from portal.files.rules import PAPERS
from portal.stage import Stage

FONT = "STSong-Light"
A5 = (420, 297)
HUNG_AGO = timedelta(days=5)


def hang_papers(stage: Stage) -> None:
    """Hang a paper or a photo on each kind of subject that the demonstration accounts look after."""
    registerFont(UnicodeCIDFont(FONT))
    session = stage.deed.session
    sent, received = (
        session.get_one(Person, members[0]) for members in (stage.sent, stage.received)
    )
    for login, subject, use in (
        ("yanshi-send-mgr", sent, FileUse.CERTIFICATE),
        ("yanshi-send-mgr", sent, FileUse.SERVICE),
        ("yanshi-recv-mgr", received, FileUse.SERVICE),
        ("yanshi-send-mgr", stage.sending, FileUse.LICENCE),
        ("yanshi-recv-mgr", stage.receiving, FileUse.LICENCE),
        ("yanshi-prov", stage.pairing, FileUse.AGREEMENT),
    ):
        _hang(stage, login, subject, use, _paper(use.label), f"演示 {use.label}.pdf")
    for login, person in (("yanshi-send-staff", sent), ("yanshi-recv-staff", received)):
        workday = session.scalars(
            sa.select(Workday)
            .where(Workday.person_id == person.id, Workday.state == WorkdayState.SUBMITTED)
            .order_by(Workday.worked_on.desc())
        ).first()
        if workday is not None:
            _hang(stage, login, workday, FileUse.PHOTOS, _photo(), "演示 活动现场.png")


def _hang(
    stage: Stage, login: str, subject: Subject, use: FileUse, content: bytes, name: str
) -> None:
    ago = timedelta() if use == FileUse.PHOTOS else HUNG_AGO
    deed = stage.deed_of(login, stage.deed.now - ago)
    peg = next((one for one in pegs_of(deed.session, subject) if one.shelf.use == use), None)
    if peg is not None:
        attach(deed, subject, peg, name, judge(content, PAPERS))


def _paper(title: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5, invariant=1)
    canvas.setFont(FONT, 26)
    canvas.drawCentredString(A5[0] / 2, 190, title)
    canvas.setFont(FONT, 14)
    canvas.drawCentredString(A5[0] / 2, 140, "演示文件，不是真实证件")
    canvas.save()
    return out.getvalue()


def _photo() -> bytes:
    """Return a drawing of hills and a house."""
    picture = Image.new("RGB", (640, 400), (206, 226, 240))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 400), (180, 170), (360, 400)], fill=(132, 160, 120))
    pen.polygon([(240, 400), (460, 210), (640, 400)], fill=(110, 142, 104))
    pen.rectangle((270, 270, 390, 360), fill=(214, 178, 140))
    pen.polygon([(255, 275), (330, 225), (405, 275)], fill=(150, 70, 60))
    pen.text((12, 12), "DEMO", fill=(40, 60, 80))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
