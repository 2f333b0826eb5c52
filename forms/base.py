"""The base of all forms: Chinese messages, a key against double submission."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar, NamedTuple, Self

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from forms.fields import IntegerField
from portal.standards.text import plain


class _TokenField(CSRFTokenField):
    """Signs its token when a page shows it: of most forms that are sent none is shown again."""

    def process(self, *args: Any, **options: Any) -> None:
        super(CSRFTokenField, self).process(*args, **options)

    def _value(self) -> Any:
        return self.csrf_impl.generate_csrf_token(self)


class _Csrf(FlaskForm.Meta.csrf_class):
    field_class = _TokenField


class _Meta(FlaskForm.Meta):
    """Chinese messages; every text comes in as a reader sees it, before any field looks at it.

    So no field can forget it, and a required one that shows nothing is empty. Only a password is
    what was typed.
    """

    csrf_class = _Csrf
    locales = ("zh",)

    def wrap_formdata(self, form: Any, formdata: Any) -> Any:
        sent = super().wrap_formdata(form, formdata)
        if not sent:
            return sent
        typed = {field.name for field in form if isinstance(field, PasswordField)}
        return MultiDict(
            (name, plain(value) if isinstance(value, str) and name not in typed else value)
            for name in sent
            for value in sent.getlist(name)
        )


class Form(FlaskForm):
    """A form whose second submission has no second effect (portal/web/form_keys.py)."""

    Meta = _Meta

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))


class PartForm(FlaskForm):
    """A part of a form that stands there several times, each under a prefix: the form has the key."""

    class Meta(_Meta):
        csrf = False


class Difference(NamedTuple):
    """A field whose stored value is not what somebody typed: the field's label, and both as texts."""

    label: str
    stored: str
    typed: str


LARGEST_STAMP = 2**53 - 1
"""Browsers hold it exactly."""


class VersionedForm(Form):
    """A form that changes what others may change, too: it carries what it was opened with.

    ``version`` is that of the row, or a stamp of what the page showed. ``KEPT_IF_EMPTY`` are fields
    whose emptiness changes nothing, ``NOT_STORED`` those that no row holds: a reason, an answer.
    """

    KEPT_IF_EMPTY: ClassVar[frozenset[str]] = frozenset()
    NOT_STORED: ClassVar[frozenset[str]] = frozenset()

    version = IntegerField(
        most=LARGEST_STAMP,
        widget=HiddenInput(),
        validators=[InputRequired("页面已过期，请刷新。")],
    )

    was_overtaken = False
    differences: tuple[Difference, ...] = ()

    def overtake(self, stored: Self) -> None:
        """Take over the version of the form as it would be opened now; what was typed stays.

        ``differences`` then say what stands there by now beside what was typed.
        """
        self.was_overtaken = True
        self.differences = tuple(
            Difference(str(field.label.text), _text_of(field, before), _text_of(field, field.data))
            for name, field in self._fields.items()
            if not self._is_beside(name, field)
            and _plain(before := stored[name].data) != _plain(field.data)
        )
        self.version.raw_data = None
        self.version.data = stored.version.data

    def _is_beside(self, name: str, field: Any) -> bool:
        if name in self.KEPT_IF_EMPTY and not field.data:
            return True
        beside = isinstance(field, (BooleanField, HiddenField)) or field.name == "version"
        return beside or name in self.NOT_STORED


def _plain(value: Any) -> Any:
    """Return a value as it is compared: browsers send other line ends, and nothing as ""."""
    return value.replace("\r\n", "\n") if isinstance(value, str) and value else value or None


def _text_of(field: Any, value: Any) -> str:
    if isinstance(field, SelectFieldBase):
        chosen = {str(one) for one in (value if isinstance(value, list) else [value])}
        labels = [str(label) for key, label, *_ in field.iter_choices() if str(key) in chosen]
        return "、".join(labels)
    return "" if value is None else str(value)


class FilterForm(FlaskForm):
    """Filters of a list; they stand in the URL, so there is nothing to protect.

    What a list is asked for is read from ``asked``: no other value reaches a query.
    """

    class Meta(_Meta):
        csrf = False

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for by name: each value that the form accepts, None where it asks nothing.

        A value that is not accepted asks for nothing; the page says why beside the field.
        """
        self.validate()
        return {name: field.data or None for name, field in self._fields.items()}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was sent; nothing is left of a value that is not accepted, but its errors."""
        super().validate(extra_validators)
        for field in self:
            if not any(field.raw_data or ()):
                field.errors = ()
            elif field.errors:
                field.data = None
                if isinstance(field, SelectFieldBase):
                    field.errors = (f"“{field.raw_data[0][:30]}”不在可选项中，未按此项筛选。",)
        return not self.errors
