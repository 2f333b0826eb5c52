"""The to-do inbox of the first page, as a test reads it."""

from __future__ import annotations

from tests.support.page_client import Node, Page


def tasks(page: Page) -> dict[str, str]:
    """The to-do list: how many, by what."""
    items = page.find_all(".q-tasks li")
    return {_label_of(one): one.find(".q-tasks__count").text for one in items}


def notes(page: Page) -> dict[str, str]:
    """What stands below each label: the newest, and the age of the oldest."""
    items = page.find_all(".q-tasks li")
    return {_label_of(one): one.find(".q-tasks__note").text for one in items}


def door_count(page: Page, label: str) -> str | None:
    """The count on a door of the navigation, None without one."""
    for link in page.find_all(".q-nav__link"):
        name, _, rest = link.text.partition(" ")
        if name == label:
            return rest.split()[0] if rest else None
    message = f"no door {label}"
    raise AssertionError(message)


def _label_of(item: Node) -> str:
    note = item.find(".q-tasks__note")
    return item.find(".q-tasks__words").text.removesuffix(note.text if note else "").strip()
