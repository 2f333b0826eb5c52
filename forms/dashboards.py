"""Forms of the dashboards room."""

from __future__ import annotations

from wtforms import SelectField

from forms.base import FilterForm
from forms.fields import options, options_of
from models.types import Line, Mode


class DashboardFilters(FilterForm):
    """Which pairings all pictures of the page show."""

    province = SelectField("受援省份", choices=options([], "全部"))
    sending = SelectField("援派省份", choices=options([], "全部"))
    line = SelectField("任务线", choices=options_of(Line, "全部"))
    mode = SelectField("帮扶方式", choices=options_of(Mode, "全部"))
    finding = SelectField("未达标事项", choices=options([], "全部"))
