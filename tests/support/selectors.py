"""Find elements of a parsed page by a small part of CSS.

`tag`, `*`, `#id`, `.class`, `[attr]`, `[attr=value]` (also `^=`, `$=`, `*=`), descendant (blank),
child (`>`), alternatives (`,`), and `:contains(text)`.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Protocol, overload

SIMPLE = re.compile(
    r"""(?P<tag>\*|[a-zA-Z][\w-]*)
      | \#(?P<id>[^\s.\#\[:>,]+)
      | \.(?P<class>[^\s.\#\[:>,]+)
      | \[(?P<attr>[\w:-]+)(?:(?P<how>[\^$*]?=)(?P<quote>["']?)(?P<value>[^\]]*?)(?P=quote))?\]
      | :contains\((?P<cquote>["']?)(?P<contains>.*?)(?P=cquote)\)
      | (?P<combinator>\s*>\s*|\s*,\s*|\s+)
    """,
    re.VERBOSE,
)

# fmt: off
BLOCKS = frozenset({
    "p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "tr", "th", "td", "section",
    "article", "header", "footer", "main", "nav", "form", "fieldset", "legend", "label", "option",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "details", "summary", "br",
})
# fmt: on

Test = dict[str, str | None]
# From the last to the first: the tests of one element, and how the one before stands to it.
Chain = tuple[tuple[tuple[Test, ...], str], ...]


class Element(Protocol):
    """An element of lxml, which comes without types."""

    tag: str
    text: str | None
    tail: str | None
    attrib: dict[str, str]

    def __iter__(self) -> Iterator["Element"]: ...
    @overload
    def get(self, name: str, default: str) -> str: ...
    @overload
    def get(self, name: str, default: None = None) -> str | None: ...
    def iter(self, *tags: str) -> Iterator["Element"]: ...
    def iterancestors(self) -> Iterator["Element"]: ...
    def itertext(self) -> Iterator[str]: ...
    def xpath(self, path: str) -> list[str]: ...


class Document:
    """A parsed page."""

    def __init__(self, root: Element) -> None:
        self.root = root

    def ancestors(self, element: Element) -> Iterator[Element]:
        return element.iterancestors()

    def select(self, selector: str, within: Element | None = None) -> list[Element]:
        """Return what matches, in the order of the document."""
        scope = self.root if within is None else within
        chains = _parsed(selector)
        return [
            element
            for element in scope.iter(*map(_last_tag, chains))
            if element is not within and any(self._matches(element, chain) for chain in chains)
        ]

    def _matches(self, element: Element, chain: Chain) -> bool:
        (tests, relation), rest = chain[0], chain[1:]
        if not all(_passes(element, test) for test in tests):
            return False
        if not rest:
            return True
        above = list(self.ancestors(element))
        candidates = above[:1] if relation == ">" else above
        return any(self._matches(candidate, rest) for candidate in candidates)


def elements_of(root: Element) -> Iterator[Element]:
    """Yield every element, itself included; comments have no name."""
    return root.iter("*")


def name_of(element: Element) -> str:
    """Return the tag."""
    return element.tag


def text_of(element: Element, *, for_screen_reader: bool = False) -> str:
    """Return the text as a reader meets it: blanks joined, scripts and the <head> left out."""
    return " ".join("".join(_pieces(element, for_screen_reader)).split())


def _pieces(element: Element, for_screen_reader: bool) -> Iterator[str]:
    if not isinstance(element.tag, str) or name_of(element) in ("script", "style", "head"):
        return
    if for_screen_reader and element.get("aria-hidden") == "true":
        return
    is_block = name_of(element) in BLOCKS
    if is_block:
        yield " "
    yield element.text or ""
    for child in element:
        yield from _pieces(child, for_screen_reader)
        yield child.tail or ""
    if is_block:
        yield " "


@cache
def _parsed(selector: str) -> tuple[Chain, ...]:
    chains: list[Chain] = []
    steps: list[tuple[list[Test], str]] = [([], "")]
    position = 0
    text = selector.strip()
    while position < len(text):
        found = SIMPLE.match(text, position)
        if not found:
            raise ValueError(f"cannot read the selector {selector!r} from {text[position:]!r} on")
        position = found.end()
        combinator = found["combinator"]
        if combinator is None:
            steps[-1][0].append(found.groupdict())
        elif combinator.strip() == ",":
            chains.append(_backwards(steps))
            steps = [([], "")]
        else:
            steps.append(([], combinator.strip() or " "))
    chains.append(_backwards(steps))
    return tuple(chains)


def _backwards(steps: list[tuple[list[Test], str]]) -> Chain:
    return tuple((tuple(tests), relation) for tests, relation in reversed(steps))


def _last_tag(chain: Chain) -> str:
    """Return the tag that a match bears, or that of all."""
    return next((test["tag"] for test in chain[0][0] if test["tag"]), "*")


def _passes(element: Element, test: Test) -> bool:
    if test["tag"]:
        return test["tag"] in ("*", name_of(element))
    if test["id"]:
        return element.get("id") == test["id"]
    if test["class"]:
        return test["class"] in element.get("class", "").split()
    if test["contains"] is not None:
        return test["contains"] in text_of(element)
    actual = element.get(test["attr"] or "")
    if actual is None:
        return False
    wanted = test["value"] or ""
    how = {
        None: lambda: True,
        "=": lambda: actual == wanted,
        "^=": lambda: actual.startswith(wanted),
        "$=": lambda: actual.endswith(wanted),
        "*=": lambda: wanted in actual,
    }
    return how[test["how"]]()
