"""What is wrong with an HTML page, and how to mend it.

Asked about every page that any test fetches (tests/support/page_client.py): a fault that a browser
would hide, that a blind user meets first, or that the Content Security Policy turns into a dead
button is found by whoever writes the page, in the test they write anyway.
"""

import re
from collections import Counter
from collections.abc import Iterator

import html5lib
from html5lib.constants import E as PARSE_ERRORS
from lxml import etree

from tests.support.selectors import Document, Element, elements_of, name_of, text_of

TITLE_ENDING = " · 牵手"
BUTTON_TYPES = frozenset({"submit", "reset", "button"})
UNLABELLED_TYPES = BUTTON_TYPES | {"hidden", "image"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SCOPES = frozenset({"col", "row", "colgroup", "rowgroup"})
URL_ATTRIBUTES = (
    *("href", "src", "action", "formaction", "poster", "data", "srcset"),
    *("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"),
)
ID_LISTS = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "headers")
OTHER_SITE = re.compile(
    r"\s*(?:[a-z][a-z0-9+.-]*:)?//|\s*(?:https?|ftps?|wss?|file):", re.IGNORECASE
)
SCRIPT_URL = re.compile(r"\s*(?:javascript|vbscript):", re.IGNORECASE)
LEAKS = (
    (re.compile(r"(?<![\w.-])None(?![\w-])"), "None", "give it a default, or show — for nothing"),
    (re.compile(r"\bUndefined\b"), "Undefined", "the template names something the view lacks"),
    (
        re.compile(r"\{\{|\}\}|\{%|%\}"),
        "template syntax",
        "a tag stands inside a string or verbatim",
    ),
    (re.compile(r"\bobject at 0x|<bound method|<function "), "a Python object", "show its label"),
)

CODES = re.compile(
    r"(?<!〔)\bU\+[0-9A-F]{4}\b|口径 ?B\d|"
    r"\b(?:too_few_\w+|\w+_not_qualified|no_agreement|cross_province|in_province|key_county|"
    r"with_approval|per_person|person_day|send_staff|recv_staff|send_mgr|recv_mgr|\w+_civil)\b"
)
"""Code words of the portal and numbers of its decisions: people read their labels."""


class PageFault(AssertionError):
    """A page, or the way a test uses it, is not in order."""


SHAPE = re.compile(r'(?<=>)[^<&]+|(?<==")[^"&]*(?=")')
"""Words between tags and in attributes; what the strict parser has to say is about the rest."""

_valid: set[str] = set()
"""Shapes in which the strict parser found nothing to complain about."""


def parse(html: str, *, is_fragment: bool = False) -> tuple[Document, list[str]]:
    """Return the tree and the strict parser's complaints, each with its line.

    The strict parser takes ten times as long as that of the tree, so it reads each shape once.
    """
    content = f"<main>{html}</main>" if is_fragment else html
    root = etree.fromstring(content.encode(errors="replace"), etree.HTMLParser(encoding="utf-8"))
    shape = f"{is_fragment} {SHAPE.sub('x', html)}"
    complaints = [] if shape in _valid else _complaints(html, is_fragment=is_fragment)
    if not complaints:
        _valid.add(shape)
    return Document(root), complaints


def _complaints(html: str, *, is_fragment: bool) -> list[str]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    _ = parser.parseFragment(html) if is_fragment else parser.parse(html)
    lines = html.splitlines() or [""]
    complaints = []
    for (line, _column), code, values in parser.errors:
        sentence = PARSE_ERRORS.get(code, code) % values
        source = lines[min(line, len(lines)) - 1].strip()
        complaints.append(f"line {line}: invalid HTML: {sentence} Near: {source[:120]}")
    return complaints


def faults_of(document: Document, *, is_fragment: bool = False) -> list[str]:
    """Return every fault of a page as a sentence that tells the repair."""
    checks = [
        _identity,
        _targets,
        _labels,
        _names,
        _forms,
        _inline,
        _urls,
        _tables,
        _images,
        _leaks,
        _codes,
    ]
    if not is_fragment:
        checks = [_frame, _headings, *checks]
    return [fault for check in checks for fault in check(document)]


def _frame(document: Document) -> Iterator[str]:
    language = document.root.get("lang", "")
    if not language.startswith("zh"):
        yield '<html> has no lang="zh-CN": extend layout/base.html'
    titles = document.select("head > title")
    title = text_of(titles[0]) if titles else ""
    if not title.endswith(TITLE_ENDING.rstrip()) or not title.removesuffix(TITLE_ENDING).strip():
        yield f"the title is {title!r}: fill the block title, the layout adds “{TITLE_ENDING}”"


def _headings(document: Document) -> Iterator[str]:
    headings = [element for element in elements_of(document.root) if name_of(element) in HEADINGS]
    count = sum(name_of(heading) == "h1" for heading in headings)
    if count != 1:
        yield f"the page has {count} h1, it needs exactly one: call page_header once"
    level = 0
    for heading in headings:
        found = int(name_of(heading)[1])
        if found > level + 1:
            yield f"{_shown(heading)} “{text_of(heading)}” skips a level after h{level}: make it h{level + 1}"
        level = found
        if not text_of(heading):
            yield f"{_shown(heading)} is empty: give it text or leave it out"


def _identity(document: Document) -> Iterator[str]:
    counts = Counter(filter(None, (element.get("id") for element in elements_of(document.root))))
    for name, count in counts.items():
        if count > 1:
            yield f'id="{name}" stands {count} times: give each form a prefix, each part its own id'


def _targets(document: Document) -> Iterator[str]:
    known = {element.get("id") for element in elements_of(document.root)}
    for element in elements_of(document.root):
        for attribute in ID_LISTS:
            for name in element.get(attribute, "").split():
                if name not in known:
                    yield f'{_shown(element)}: {attribute} names id "{name}", which is not on the page'
        if name_of(element) == "label" and element.get("for") and element.get("for") not in known:
            yield f"{_shown(element)}: the label's for names no element: use the field's id"
        if element.get("form") and element.get("form") not in known:
            yield f"{_shown(element)}: its form is not on the page: a bulk_bar with that id is missing"
        href = element.get("href", "")
        if len(href) > 1 and href.startswith("#") and href[1:] not in known:
            yield f"{_shown(element)}: the link leads to nothing on this page"


def _labels(document: Document) -> Iterator[str]:
    labelled = {label.get("for") for label in document.select("label[for]") if text_of(label)}
    for control in document.select("input, select, textarea"):
        if name_of(control) == "input" and control.get("type", "text") in UNLABELLED_TYPES:
            continue
        is_labelled = (
            control.get("id") in labelled - {None}
            or control.get("aria-label", "").strip()
            or control.get("aria-labelledby", "").strip()
            or any(name_of(box) == "label" and text_of(box) for box in document.ancestors(control))
        )
        if not is_labelled:
            yield f"{_shown(control)} has no label: use the field macro, or <label for>"


def _names(document: Document) -> Iterator[str]:
    for element in document.select("a[href], button, summary"):
        if not _accessible_name(document, element):
            yield f"{_shown(element)} is empty: give it words (class visually-hidden if they must not show)"
    for element in document.select("input[type=submit], input[type=button], input[type=image]"):
        if not (element.get("value") or element.get("alt") or element.get("aria-label")):
            yield f"{_shown(element)} is empty: give it a value"


def _forms(document: Document) -> Iterator[str]:
    for form in document.select("form"):
        has_file = document.select("input[type=file]", form)
        if has_file and form.get("enctype") != "multipart/form-data":
            yield f'{_shown(form)} uploads a file: add enctype="multipart/form-data"'
        if form.get("method", "get").lower() != "post":
            continue
        tokens = document.select("input[name=csrf_token]", form)
        if not any(token.get("value") for token in tokens):
            yield f"{_shown(form)} has no csrf_token: add form.hidden_tag() or the csrf macro"


def _inline(document: Document) -> Iterator[str]:
    for element in elements_of(document.root):
        tag = name_of(element)
        if tag == "style":
            yield "<style> is refused by the CSP: put the rule into a sheet of static/css"
        if tag == "script" and not element.get("src"):
            yield "<script> without src is refused by the CSP: put it into static/js, data into data-*"
        for attribute, value in element.attrib.items():
            if attribute == "style":
                yield f"{_shown(element)}: a style attribute is refused by the CSP: use a class"
            elif attribute.startswith(("on", "hx-on")):
                yield f"{_shown(element)}: {attribute} is refused by the CSP: listen in static/js"
            elif attribute == "hx-vals" and value.strip().startswith(("js:", "javascript:")):
                yield f"{_shown(element)}: hx-vals with js: is refused by the CSP: use hidden fields"


def _urls(document: Document) -> Iterator[str]:
    for element in elements_of(document.root):
        for attribute in URL_ATTRIBUTES:
            url = element.get(attribute)
            if url is None:
                continue
            if OTHER_SITE.match(url):
                yield f"{_shown(element)}: {attribute} leaves the portal (intranet): keep it in static/"
            elif SCRIPT_URL.match(url):
                yield f"{_shown(element)}: {attribute} is a script: link to a page, or post a form"
            elif attribute in ("href", "src") and not url.strip():
                yield f"{_shown(element)}: {attribute} is empty: leave the attribute out or fill it"


def _tables(document: Document) -> Iterator[str]:
    for table in document.select("table"):
        heads = document.select("th", table)
        if not heads:
            yield f"{_shown(table)} has no headers: use data_table, or <th scope>"
        for head in heads:
            if head.get("scope") not in SCOPES:
                yield f'{_shown(head)} “{text_of(head)}” has no scope: add scope="col" or scope="row"'
            if not text_of(head):
                yield f"{_shown(head)} in a table is empty: name it (class visually-hidden)"


def _images(document: Document) -> Iterator[str]:
    for image in document.select("img"):
        if image.get("alt") is None:
            yield f'{_shown(image)} has no alt: describe it, or alt="" if it only decorates'


def _leaks(document: Document) -> Iterator[str]:
    whole = "\n".join(document.root.xpath("//text() | //@*"))
    if not any(pattern.search(whole) for pattern, _, _ in LEAKS):
        return
    for element in elements_of(document.root):
        if name_of(element) in ("script", "style"):
            continue
        texts = [element.text, *(child.tail for child in element), *element.attrib.values()]
        for text in filter(None, texts):
            for pattern, what, repair in LEAKS:
                if pattern.search(text):
                    yield f"{_shown(element)} shows {what} (“{text.strip()[:60]}”): {repair}"


def _codes(document: Document) -> Iterator[str]:
    for main in document.select("main"):
        if not CODES.search("\n".join(main.itertext())):
            continue
        for element in elements_of(main):
            if name_of(element) in ("script", "style", "textarea"):
                continue
            for text in filter(None, [element.text, *(child.tail for child in element)]):
                if CODES.search(text):
                    yield f"{_shown(element)} shows a code (“{text.strip()[:60]}”): show its label"


def _accessible_name(document: Document, element: Element) -> str:
    alternatives = [image.get("alt") or "" for image in document.select("img", element)]
    return (
        text_of(element, for_screen_reader=True)
        or element.get("aria-label", "").strip()
        or element.get("aria-labelledby", "").strip()
        or "".join(alternatives).strip()
    )


def _shown(element: Element) -> str:
    """Return the opening tag, short, to recognise an element by."""
    kept = ("id", "name", "class", "type", "href", "action", "for", "src")
    attributes = [f'{key}="{element.attrib[key][:60]}"' for key in kept if key in element.attrib]
    return f"<{' '.join([name_of(element), *attributes[:4]])}>"
