"""The month sheet, the certificate of service, its verification and the pairing sheet as pages."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from urllib.parse import urlencode

import docx
import openpyxl
import pypdf
import pytest
import sqlalchemy as sa

from models import AuditEvent, IssuedDocument
from portal.documents.queries import number_of
from portal.documents.rules import code_of
from tests.support.portal import Pages
from tests.support.workdays import approved, logged
from tests.support.world import World

MONDAY, TUESDAY, WEDNESDAY = date(2022, 11, 14), date(2022, 11, 15), date(2022, 11, 16)


@pytest.fixture
def served(world: World) -> World:
    approved(world, "sent1", MONDAY)
    logged(world, "sent1", TUESDAY, half_days=1)
    logged(world, "sent1", WEDNESDAY, submit=False)
    approved(world, "sent1", date(2022, 10, 31))
    world.session.commit()
    return world


def sheet_of(world: World, worker: str = "sent1") -> str:
    return f"/assignments/{world.assignment(worker).public_id}/sheet"


def verification(asked: dict[str, str]) -> str:
    return f"/documents/verification?{urlencode(asked)}"


def events(world: World, *names: str) -> int:
    wanted = sa.select(sa.func.count()).where(AuditEvent.event.in_(names))
    return world.session.scalar(wanted.select_from(AuditEvent)) or 0


def certificate_of(world: World, pages: Pages) -> IssuedDocument:
    address = f"/assignments/{world.assignment('sent1').public_id}/service-certificate"
    pages("sending_manager").get(address).submit()
    world.session.expire_all()
    return world.session.scalars(
        sa.select(IssuedDocument).order_by(IssuedDocument.id.desc()).limit(1)
    ).one()


def test_a_worker_comes_to_the_own_sheet_from_the_log(served: World, pages: Pages) -> None:
    client = pages("sending_staff")
    link = client.get("/workdays").find(".q-page-header__actions a")
    assert link is not None
    assert (link.text, link["href"]) == ("月报表", "/workdays/sheet")
    assert client.get("/workdays/sheet", 302).location.endswith(sheet_of(served))


def test_whoever_has_no_assignment_is_told_so(world: World, pages: Pages) -> None:
    assert pages("other_staff").get("/workdays/sheet", 302).location.endswith("/workdays")


@pytest.mark.parametrize(
    "persona", ["sending_staff", "sending_manager", "county_officer", "sending_province_officer"]
)
def test_a_sheet_lists_what_was_handed_in_that_month(
    served: World, pages: Pages, persona: str
) -> None:
    page = pages(persona).get(sheet_of(served))
    rows = page.table_rows("")
    assert [row["时间日期"] for row in rows] == ["2022-11-14", "2022-11-15"]
    assert [row["填报天数"] for row in rows] == ["1", "0.5"]
    assert [(row["办理计入天数"], row["办理待计入天数"]) for row in rows] == [
        ("1", "0"),
        ("0", "0.5"),
    ]
    earlier = pages(persona).get(f"{sheet_of(served)}?month=2022-10")
    assert [row["时间日期"] for row in earlier.table_rows("")] == ["2022-10-31"]


@pytest.mark.parametrize("persona", ["receiving_manager", "other_manager", "other_county_officer"])
def test_a_sheet_of_others_is_not_there(served: World, pages: Pages, persona: str) -> None:
    pages(persona).get(sheet_of(served), 404)


def test_a_sheet_is_taken_out_as_each_file_of_the_month_shown_and_recorded(
    served: World, pages: Pages
) -> None:
    texts = {}
    for kind in ("pdf", "docx", "xlsx"):
        form = (
            pages("sending_manager")
            .get(f"{sheet_of(served)}?month=2022-10")
            .form("form[data-download]")
        )
        answer = form.submit({"kind": kind}, expect=200)
        texts[kind] = _text_of(answer.body, kind)
        assert "%E6%9C%88%E6%8A%A5%E8%A1%A8" in answer.headers["Content-Disposition"]
    for text in texts.values():
        assert "2022-10-31" in text
        assert "2022-11-14" not in text
    assert events(served, "sheet.exported") == 3


def _text_of(content: bytes, kind: str) -> str:
    file = io.BytesIO(content)
    if kind == "pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    if kind == "docx":
        return "".join(docx.Document(file).element.body.xpath(".//w:t/text()"))
    rows: Any = openpyxl.load_workbook(file).active
    return "\n".join(str(cell) for row in rows.iter_rows(values_only=True) for cell in row)


def test_a_manager_issues_after_seeing_what_will_stand_there(served: World, pages: Pages) -> None:
    address = f"/assignments/{served.assignment('sent1').public_id}/service-certificate"
    page = pages("sending_manager").get(address)
    assert "演示甲一" in page.text
    assert "共 2 天" in page.text
    shown = page.submit()
    assert "/documents/" in (shown.location or "")
    served.session.expire_all()
    document = served.session.scalars(sa.select(IssuedDocument)).one()
    person = pages("sending_staff").get(f"/people/{served.person('sent1').public_id}")
    assert str(number_of(document)) in person.text
    assert events(served, "document.issued") == 1


def test_a_worker_and_a_receiving_province_issue_nothing(served: World, pages: Pages) -> None:
    address = f"/assignments/{served.assignment('sent1').public_id}/service-certificate"
    for persona in ("sending_staff", "county_officer", "province_officer"):
        pages(persona).get(address, 403)
    pages("other_manager").get(address, 404)


def test_says_why_a_certificate_cannot_be_issued_and_offers_no_button(
    world: World, pages: Pages
) -> None:
    address = f"/assignments/{world.assignment('sent1').public_id}/service-certificate"
    page = pages("sending_manager").get(address)
    assert "还没有计入的工作日" in page.text
    assert page.forms == []


def test_a_superseded_certificate_says_so_on_its_page_and_its_copies(
    served: World, pages: Pages
) -> None:
    first = certificate_of(served, pages)
    approved(served, "sent1", date(2022, 11, 17))
    served.session.commit()
    address = f"/assignments/{served.assignment('sent1').public_id}/service-certificate"
    pages("sending_manager").get(address).submit(reason="天数补核")
    page = pages("sending_staff").get(f"/documents/{first.public_id}")
    assert "本证明已失效，由 牵手服务〔2022〕2号 取代。原因：天数补核" in page.text
    answer = page.form("form[data-download]").submit({"kind": "docx"}, expect=200)
    assert "已失效：由 牵手服务〔2022〕2号 取代" in _text_of(answer.body, "docx")
    assert events(served, "document.copied") == 1


def test_a_certificate_is_verified_by_number_and_code_within_reach_only(
    served: World, pages: Pages
) -> None:
    document = certificate_of(served, pages)
    code = code_of(document.facts_hash)
    query = {"number": "牵手服务[2022]1号", "code": code.lower()}
    good = pages("county_officer").get(verification(query))
    assert "相符，有效：牵手服务〔2022〕1号" in good.text
    for persona, asked in (
        ("county_officer", {**query, "code": "0000-0000-0000-0000"}),
        ("county_officer", {**query, "number": "牵手服务〔2022〕2号"}),
        ("other_county_officer", query),
    ):
        page = pages(persona).get(verification(asked))
        assert "没有与此文号和校验码相符的证明" in page.text
        assert "演示甲一" not in page.text


def test_an_empty_verification_says_what_to_fill_in(served: World, pages: Pages) -> None:
    client = pages("county_officer")
    assert "请填写" not in client.get("/documents/verification").text
    for asked, missing in (
        ({"number": "", "code": ""}, "请填写文号和校验码："),
        ({"number": "牵手服务〔2022〕1号", "code": " "}, "请填写校验码："),
    ):
        assert missing in client.get(verification(asked)).text


def test_a_pairing_sheet_names_both_parties_and_what_is_missing_but_nobody(
    served: World, pages: Pages
) -> None:
    for persona in ("receiving_manager", "county_officer", "province_officer"):
        page = pages(persona).get("/pairings/P1/sheet")
        (row,) = page.table_rows("各工作年度")
        assert (row["工作年度"], row["援派工作日"], row["援派待审"]) == ("2022", "2", "0.5")
        assert row["达标或进度"] == "来不及"  # not 否: in November the year runs
        assert served.organisation("sending").name in page.text
        assert "应不少于 40 天" in page.text
        assert "演示甲一" not in page.text
    form = pages("receiving_manager").get("/pairings/P1/sheet").form("form[data-download]")
    text = _text_of(form.submit({"kind": "pdf"}, expect=200).body, "pdf")
    assert served.organisation("receiving").name in text.replace("\n", "")
    pages("other_manager").get("/pairings/P1/sheet", 404)
