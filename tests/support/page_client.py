"""The one client of all page tests: it checks every page it fetches.

    page = PageClient(app.test_client()).get("/pairings")
    assert page.h1 == "结对关系"
    page = page.submit(reason="材料不全", button="退回", follow=True)
    assert page.errors == []

An answer with another status than expected, and an HTML page with any fault (page_faults.py),
fail the test with a message that says what to mend.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from tests.support.page_faults import PageFault, faults_of, parse
from tests.support.page_form import Form
from tests.support.selectors import Document, Element, name_of, text_of

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def _is_column(cell: Element) -> bool:
    """Is this a cell of the list, not a comment nor what opens a row on a phone?"""
    return isinstance(cell.tag, str) and "q-opens" not in cell.get("class", "").split()


class PageClient:
    """A browser without scripts: fetches, checks, follows links and fills in forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(
        self, path: str, expect: int = 200, *, follow: bool = False, fragment: bool = False
    ) -> "Page":
        """Fetch a page; ``follow`` goes on through redirects, ``fragment`` asks as htmx does."""
        headers = {"HX-Request": "true"} if fragment else {}
        response = self.client.get(path, headers=headers)
        if follow and response.status_code in REDIRECTS:
            return self.get(response.location, expect, follow=True)
        return self.checked(response, f"GET {path}", expect, is_fragment=fragment)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        expect: int = 302,
        *,
        follow: bool = False,
        csrf: bool = True,
    ) -> "Page":
        """Post as a form would, with a valid CSRF token unless told otherwise.

        With ``follow`` the redirect that is expected leads to the page that is returned.
        """
        values = dict(data or {})
        if csrf and "csrf" in self.client.application.extensions:
            values.setdefault("csrf_token", self._csrf_token())
        response = self.client.post(path, data=values)
        page = self.checked(response, f"POST {path}", expect)
        return page.follow() if follow and page.location else page

    def _csrf_token(self) -> str:
        """Return a token of the session the client has, as the next form would carry it."""
        app = self.client.application
        with self.client.session_transaction() as session, app.test_request_context():
            flask.session.update(session)
            token: str = generate_csrf()
            name = app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token")
            session[name] = flask.session[name]
        return token

    def checked(
        self, response: TestResponse, request: str, expect: int, *, is_fragment: bool = False
    ) -> "Page":
        page = Page(self, response, request, is_fragment=is_fragment)
        if page.status != expect:
            raise PageFault(f"{request}: expected {expect}, got {page.status}. {page.summary}")
        page.raise_for_faults()
        return page


class Page:
    """An answer. Of an HTML page: what a reader sees and can do; of a file: ``body``."""

    def __init__(
        self, client: PageClient, response: TestResponse, request: str, *, is_fragment: bool
    ) -> None:
        self.client = client
        self.request = request
        self.path = response.request.full_path.rstrip("?")
        self.status = response.status_code
        self.headers = response.headers
        self.location = response.location
        self.body = response.data
        self.is_fragment = is_fragment
        self.is_html = response.mimetype == "text/html" and self.status not in REDIRECTS
        self.html = response.text if (response.mimetype or "").startswith("text/") else ""
        self._document: Document | None = None
        self._complaints: list[str] = []

    def raise_for_faults(self) -> None:
        """Fail with everything that is wrong with this page."""
        if not self.is_html:
            return
        document = self.document
        faults = [*self._complaints, *faults_of(document, is_fragment=self.is_fragment)]
        if faults:
            raise PageFault("\n  - ".join([f"{self.request}: {len(faults)} faults", *faults]))

    @property
    def document(self) -> Document:
        if self._document is None:
            if not self.is_html:
                raise PageFault(f"{self.request} is no HTML page. {self.summary}")
            self._document, self._complaints = parse(self.html, is_fragment=self.is_fragment)
        return self._document

    @property
    def title(self) -> str:
        """The title without the name of the portal."""
        return text_of(self.document.select("title")[0]).removesuffix("· 牵手").strip()

    @property
    def h1(self) -> str:
        return text_of(self.document.select("h1")[0])

    @property
    def text(self) -> str:
        """What stands in <main>, blanks joined; the frame is left out (see ``html``)."""
        return text_of(self._main)

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [text_of(item) for item in self.document.select(".q-error-summary li")]

    @property
    def messages(self) -> list[str]:
        """The flash messages."""
        boxes = self.document.select("main [role=status], main [role=alert]")
        texts = [box for box in boxes if "q-error-summary" not in box.get("class", "")]
        said = [text_of(box).partition("：")[2].strip() for box in texts]
        return [text for text in said if text]  # others wait for a script to fill or show them

    @property
    def summary(self) -> str:
        """What came instead, in a line: where to, or the heading and the errors."""
        if self.location:
            return f"It redirects to {self.location}"
        if not self.is_html:
            return f"It is {self.headers.get('Content-Type')}: {self.html[:200]}"
        headings = self.document.select("h1")
        heading = text_of(headings[0]) if headings else text_of(self.document.root)[:100]
        parts = [f"The page is “{heading}”", *self.errors]
        if not self.errors:
            parts += [text_of(box) for box in self.document.select(".q-error-page .q-notice")]
            parts += [text_of(box) for box in self.document.select("main .q-error")]
        return "; ".join(parts)

    def find(self, selector: str) -> "Node | None":
        """Return the first element that a selector (see selectors.py) finds."""
        found = self.document.select(selector)
        return Node(self.document, found[0]) if found else None

    def find_all(self, selector: str) -> list["Node"]:
        return [Node(self.document, element) for element in self.document.select(selector)]

    def links(self, selector: str = "a[href]") -> list[tuple[str, str]]:
        """Return text and address of each link in <main>."""
        found = self.document.select(selector, self._main)
        return [(text_of(link), link.get("href", "")) for link in found]

    def click(self, text: str, expect: int = 200) -> "Page":
        """Follow the link with this text, in the page or in the navigation."""
        hrefs = {
            link.get("href", "")
            for link in self.document.select("a[href]")
            if text in (text_of(link), text_of(link, for_screen_reader=True))
        }
        if len(hrefs) != 1:
            known = "、".join(text_of(link) for link in self.document.select("a[href]"))
            raise PageFault(f"{self.request}: {len(hrefs)} links read “{text}”; there are: {known}")
        return self.client.get(hrefs.pop(), expect)

    def follow(self, expect: int = 200) -> "Page":
        """Fetch where this redirect leads to."""
        if not self.location:
            raise PageFault(f"{self.request} does not redirect. {self.summary}")
        parts = urlsplit(self.location)
        if parts.netloc and parts.netloc != "localhost":
            raise PageFault(f"{self.request} redirects to another site: {self.location}")
        return self.client.get(f"{parts.path}?{parts.query}".rstrip("?"), expect)

    def table_rows(self, which: str | int = 0) -> list[dict[str, str]]:
        """Return the body of a table, by (part of) its caption or by position: a dict a row."""
        tables = self.document.select("table", self._main)
        if isinstance(which, str):
            tables = [table for table in tables if which in self._caption(table)]
            which = 0
        if which >= len(tables):
            known = "、".join(map(text_of, self.document.select("caption"))) or "none"
            raise PageFault(f"{self.request} has no such table; tables: {known}. {self.summary}")
        table = tables[which]
        heads = self._heads(table)
        return [
            dict(zip(heads, (text_of(cell) for cell in row if _is_column(cell)), strict=True))
            for row in self.document.select("tbody tr", table)
        ]

    def _heads(self, table: Element) -> list[str]:
        """Return what each column is called; under a common heading with that before its own."""
        upper, *lower = (
            [cell for cell in line if _is_column(cell)]
            for line in self.document.select("thead tr", table)
        )
        below = iter(lower[0] if lower else ())
        heads: list[str] = []
        for cell in upper:
            label = text_of(cell).partition("，")[0]
            span = int(cell.get("colspan", "1")) if lower else 1
            if lower and not cell.get("rowspan"):
                heads += [label + text_of(next(below)) for _ in range(span)]
            else:
                heads.append(label)
        return heads

    def _caption(self, table: Element) -> str:
        return "".join(text_of(caption) for caption in self.document.select("caption", table))

    @property
    def forms(self) -> list["Form"]:
        """The forms of <main>, that of an undo toast among them; signing out, in the frame, is not."""
        return [Form(self, form) for form in self.document.select("form", self._main)]

    def form(self, which: int | str | None = None) -> "Form":
        """Return a form by position or selector; without either, the page's only POST form.

        The button that takes back what was just done is no form of the page.
        """
        if isinstance(which, str):
            found = [Form(self, form) for form in self.document.select(which, self._main)]
        elif which is not None:
            found = self.forms[which : which + 1]
        else:
            undo = self.document.select(".q-undo form")
            found = [
                form for form in self.forms if form.method == "post" and form.element not in undo
            ]
        if len(found) != 1 or (isinstance(which, str) and name_of(found[0].element) != "form"):
            known = "\n  - ".join(["", *(str(form) for form in self.forms)])
            raise PageFault(f"{self.request}: say which form, by position or selector:{known}")
        return found[0]

    def submit(
        self,
        form: int | str | None = None,
        *,
        button: str | None = None,
        values: Mapping[str, Any] | None = None,
        expect: int | None = None,
        follow: bool = False,
        **fields: Any,
    ) -> "Page":
        """Fill in a form and send it, with all that it holds already, hidden fields included.

        ``values`` takes names that are no keywords. True and False tick and untick a checkbox, a
        list chooses several, None leaves a field out, (stream, name) is a file. ``expect``
        defaults to 302 for POST and 200 for GET.
        """
        chosen = self.form(form)
        return chosen.submit(
            {**(values or {}), **fields}, button=button, expect=expect, follow=follow
        )

    @property
    def _main(self) -> Element:
        found = self.document.select("main") or self.document.select("body")
        return found[0] if found else self.document.root


@dataclass(frozen=True)
class Node:
    """An element: its text and its attributes."""

    document: Document
    element: Element

    @property
    def text(self) -> str:
        return text_of(self.element)

    @property
    def tag(self) -> str:
        return name_of(self.element)

    def __getitem__(self, attribute: str) -> str:
        return self.element.attrib[attribute]

    def get(self, attribute: str, default: str | None = None) -> str | None:
        return self.element.get(attribute, default)

    def find(self, selector: str) -> "Node | None":
        found = self.document.select(selector, self.element)
        return Node(self.document, found[0]) if found else None

    def find_all(self, selector: str) -> list["Node"]:
        return [
            Node(self.document, found) for found in self.document.select(selector, self.element)
        ]
