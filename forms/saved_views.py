"""Forms of the saved views."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from forms.base import Form
from forms.fields import options, up_to
from portal.saved_views.rules import MAX_NAME


class SaveViewForm(Form):
    page = StringField(widget=HiddenInput(), validators=[Length(max=60)])
    query = StringField(widget=HiddenInput())
    name = StringField("视图名称", render_kw=up_to(MAX_NAME))
    shared_with = SelectField(
        "共享给", choices=options([], "不共享，只给自己用"), validators=[Optional()]
    )
    replace = BooleanField("替换同名视图")
