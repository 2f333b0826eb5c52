"""Forms of bank lists: asking for one, bringing it back, confirming what it would pay."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField

from forms.base import Form
from forms.fields import up_to
from portal.personal_data.rules import MAX_REASON


class BankListForm(Form):
    """With a reason the accounts stand in it in clear, where the reader may see them."""

    reason = StringField("列出完整账号的事由", render_kw=up_to(MAX_REASON))


class ReturnedListForm(Form):
    file = FileField("已填写的清单", validators=[FileRequired("请选择已填写的清单。")])


class ConfirmListForm(Form):
    """The payments that the page showed (portal/banklists/shown_frame.py)."""

    shown = HiddenField()
