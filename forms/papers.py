"""Forms of the papers room."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from forms.base import FilterForm, Form
from forms.fields import IntegerField
from portal.documents.rules import MAX_REASON


class MonthFilter(FilterForm):
    """Which month a sheet is of."""

    month = SelectField("月份")


class CopyForm(Form):
    """In which form a document is taken out."""

    kind = SelectField("文件格式", validators=[InputRequired("请选择文件格式。")])


class CertificateForm(Form):
    """Issuing a certificate of service; ``seen_version`` is what stood when the page was opened."""

    seen_version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired("请重新打开页面。")]
    )
    reason = TextAreaField(
        "重开原因",
        validators=[
            Optional(),
            Length(max=MAX_REASON, message=f"重开原因不超过{MAX_REASON}字。"),
        ],
    )


class VerificationForm(FilterForm):
    """The number and code that stand on a certificate."""

    number = StringField("文号")
    code = StringField("校验码")
