"""A form of a fetched page: what it would send, and how a test fills it in."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tests.support.page_faults import PageFault
from tests.support.selectors import Element, name_of, text_of

if TYPE_CHECKING:
    from tests.support.page_client import Page

NOT_SENT = frozenset({"submit", "button", "reset", "image", "file"})


class Form:
    """A form of a page: what it would send, and what it offers to choose from."""

    def __init__(self, page: "Page", element: Element) -> None:
        self.page = page
        self.element = element
        self.method = element.get("method", "get").lower()
        self.controls = self._own("input, select, textarea")
        self.buttons = [
            button
            for button in self._own("button, input[type=submit]")
            if button.get("type", "submit") == "submit"
        ]

    def __str__(self) -> str:
        buttons = "、".join(map(_button_text, self.buttons))
        return f"{self.method} {self.element.get('action', '(this page)')} [{buttons}] {self.names}"

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(filter(None, (control.get("name") for control in self.controls))))

    @property
    def values(self) -> dict[str, list[str]]:
        """What the form would send untouched."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            name = control.get("name")
            if name and control.get("disabled") is None:
                sent.setdefault(name, []).extend(self._default_of(control))
        return {name: values for name, values in sent.items() if values}

    def submit(
        self,
        fields: Mapping[str, Any],
        *,
        button: str | None = None,
        expect: int | None = None,
        follow: bool = False,
    ) -> "Page":
        data: dict[str, Any] = dict(self.values)
        for name, value in fields.items():
            self._fill(data, name, value)
        pressed = self._pressed(button)
        action = self.element.get("action") or self.page.path
        if pressed is not None:
            action = pressed.get("formaction") or action
            if pressed.get("name"):
                data[pressed.get("name", "")] = pressed.get("value", "")
        client = self.page.client
        if self.method == "post":
            wanted = 302 if expect is None else expect
            return client.post(action, data, wanted, follow=follow, csrf=False)
        response = client.client.get(action.partition("?")[0], query_string=data)
        return client.checked(response, f"GET {action}", 200 if expect is None else expect)

    def _fill(self, data: dict[str, Any], name: str, value: Any) -> None:
        controls = [control for control in self.controls if control.get("name") == name]
        if not controls:
            raise PageFault(f"{self.page.request}: no field “{name}”; there are {self.names}")
        if value is None or value is False:
            data.pop(name, None)
            return
        choices = [choice for control in controls for choice in self._choices_of(control)]
        if value is True:
            if not choices:
                raise PageFault(f"{self.page.request}: “{name}” is no checkbox")
            data[name] = choices
        elif isinstance(value, tuple):
            data[name] = value
        else:
            wanted = [str(each) for each in (value if _is_many(value) else [value])]
            for each in wanted:
                if choices and each not in choices:
                    raise PageFault(
                        f"{self.page.request}: “{name}” does not offer {each!r}: {choices}"
                    )
            data[name] = wanted

    def _pressed(self, wanted: str | None) -> Element | None:
        found = [
            button
            for button in self.buttons
            if wanted is None or wanted in (_button_text(button), button.get("value"))
        ]
        # One that stands twice, above the fields and below, does the same.
        does = {(_button_text(one), one.get("name"), one.get("formaction")) for one in found}
        if len(does) == 1 or (wanted is None and not found):
            return found[0] if found else None
        known = "、".join(map(_button_text, self.buttons)) or "none"
        raise PageFault(f"{self.page.request}: say which button with button=…; there are: {known}")

    def _own(self, selector: str) -> list[Element]:
        """Return what belongs to this form: inside it, or outside with its id in `form`."""
        document = self.page.document
        inside = set(document.select(selector, self.element))
        name = self.element.get("id")
        return [
            element
            for element in document.select(selector)
            if (element.get("form") == name if element.get("form") else element in inside)
        ]

    def _default_of(self, control: Element) -> list[str]:
        match name_of(control), control.get("type", "text"):
            case "textarea", _:
                # As browsers do: a newline right after the tag is none of the text.
                return ["".join(control.itertext()).removeprefix("\n")]
            case "select", _:
                options = self.page.document.select("option", control)
                chosen = [option for option in options if option.get("selected") is not None]
                if not chosen and control.get("multiple") is None:
                    chosen = options[:1]
                return [_option_value(option) for option in chosen]
            case _, "checkbox" | "radio":
                return [control.get("value", "on")] if control.get("checked") is not None else []
            case _, kind if kind in NOT_SENT:
                return []
        return [control.get("value", "")]

    def _choices_of(self, control: Element) -> list[str]:
        if name_of(control) == "select":
            return [
                _option_value(option) for option in self.page.document.select("option", control)
            ]
        if control.get("type") in ("checkbox", "radio"):
            return [control.get("value", "on")]
        return []


def _option_value(option: Element) -> str:
    value = option.get("value")
    return text_of(option) if value is None else value


def _button_text(button: Element) -> str:
    return text_of(button) or button.get("value", "")


def _is_many(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)
