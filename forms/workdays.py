"""Forms of the workdays room."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import Side, Task, WorkdayState, WorkMode
from portal.procedures.rules import MAX_REASON
from portal.standards.dates import parse_date
from portal.workdays.rules import MAX_DESCRIPTION

OTHER_DAY = "other"
NO_TASK = "none"

DAYS = options([("1", "1 天"), ("0.5", "半天")])
DAYS_OR_NONE = [*DAYS, *options([("0", "撤销该日")])]
TASKS = [*options_of(Task), *options([(NO_TASK, "不属于以上四项")])]


class EntryForm(Form):
    """What an entry says, whatever its date. ``as_draft`` is the name of a button."""

    days = RadioField("天数", choices=DAYS, default="1", validators=[InputRequired("请选择天数。")])
    mode = RadioField(
        "方式",
        choices=options_of(WorkMode),
        default=WorkMode.ONSITE.value,
        validators=[InputRequired("请选择方式。")],
    )
    task = RadioField("帮扶任务", choices=TASKS, validators=[InputRequired("请选择帮扶任务。")])
    township = SelectField("地点", validators=[Optional()])
    description = TextAreaField("工作内容", render_kw=up_to(MAX_DESCRIPTION))
    as_draft = BooleanField()

    def validate_description(self, field: Any) -> None:
        if not self.as_draft.data and not field.data:
            raise ValidationError("请用一句话写明做了什么。")

    @property
    def half_days(self) -> int:
        return round(float(self.days.data) * 2)

    @property
    def chosen_task(self) -> Task | None:
        return None if self.task.data == NO_TASK else Task(self.task.data)


class LogForm(EntryForm):
    """A new entry. ``day`` is an ISO date, or ``OTHER_DAY`` with the date in ``worked_on``.

    Today and yesterday stand there as dates: a form opened before midnight means the day it showed.
    """

    pairing = RadioField("结对", validators=[InputRequired("请选择结对。")])
    day = RadioField("日期", validate_choice=False)
    worked_on = DateField("其他日期", validators=[Optional()])
    late_reason = TextAreaField("补录原因", render_kw=up_to(MAX_REASON))

    def validate_day(self, field: Any) -> None:
        if field.data == OTHER_DAY:
            if self.worked_on.data is None and not self.worked_on.process_errors:
                raise ValidationError("请填写日期。")
        elif _date(field.data) is None:
            raise ValidationError("请选择日期。")

    @property
    def chosen_day(self) -> date:
        chosen = self.worked_on.data if self.day.data == OTHER_DAY else _date(self.day.data)
        assert chosen is not None  # validated
        return chosen


class EditForm(EntryForm, VersionedForm):
    """A draft or returned entry; the version is the one that the person has in front of them."""

    worked_on = DateField("日期", validators=[InputRequired("请填写日期。")])
    late_reason = TextAreaField("补录原因", render_kw=up_to(MAX_REASON))


class EditCorrectionForm(EntryForm, VersionedForm):
    """A returned correction: its date stays, and it may strike the day out."""

    days = RadioField("更正为", choices=DAYS_OR_NONE, validators=[InputRequired("请选择天数。")])


class WorkdayFilters(FilterForm):
    year = SelectField("工作年度")
    month = SelectField("月份")
    pairing = StringField("结对编号", validators=[Length(max=40)])
    side = SelectField("角色", choices=options_of(Side, "全部"))
    person = StringField("姓名", validators=[Length(max=60)])
    state = SelectField("状态", choices=options_of(WorkdayState, "有效条目"))


def months(first: date, last: date) -> list[Any]:
    """Return the months that a work year touches, as choices."""
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append((f"{year}-{month:02}", f"{year}年{month}月"))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December
    return options(found, "全年")


def _date(text: str | None) -> date | None:
    return parse_date(text or "")
