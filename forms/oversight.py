"""Forms of supervision: what its pages are asked for."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import Length

from forms.base import FilterForm
from forms.fields import options, options_of
from portal.oversight.execution_rules import ExecutionBy


class ExecutionFilters(FilterForm):
    q = StringField("机构名称或信用代码", validators=[Length(max=100)])
    province = SelectField("机构所在省", choices=options([], "全部"))
    by = SelectField("口径", choices=options_of(ExecutionBy, "按机构"))
