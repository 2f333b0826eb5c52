"""Forms of the months room: which month, and whose."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import Length

from forms.base import FilterForm
from forms.fields import options


class OwnMonthFilters(FilterForm):
    """Which of the own months; the choices are the reader's."""

    pairing = SelectField("结对")
    month = SelectField("月份")


class MonthFilters(FilterForm):
    """Whose months, and whether they are declared complete."""

    month = SelectField("月份")
    declared = SelectField("声明", choices=options([("yes", "已填完"), ("no", "未声明")], "全部"))
    pairing = StringField("结对编号", validators=[Length(max=40)])
    person = StringField("姓名", validators=[Length(max=60)])
