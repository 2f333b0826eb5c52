"""Forms of the workdays room."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, PartForm, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import Side, Task, WorkdayState, WorkMode
from portal.procedures.rules import MAX_REASON
from portal.standards.dates import parse_date
from portal.workdays.rules import MAX_DESCRIPTION, MOST_DAYS_AT_ONCE, States

NO_TASK = "none"

SAY_WHAT = "请用一句话写明做了什么。"

DAYS = options([("1", "1 天"), ("0.5", "半天")])
DAYS_OR_NONE = [*DAYS, *options([("0", "撤销该日")])]
TASKS = [*options_of(Task), *options([(NO_TASK, "不属于以上四项")])]


class Said:
    """What a form says was done, be it of one day or alike of several."""

    days: Any
    task: Any

    @property
    def half_days(self) -> int:
        return round(float(self.days.data) * 2)

    @property
    def chosen_task(self) -> Task | None:
        return None if self.task.data == NO_TASK else Task(self.task.data)


class EntryForm(Said, Form):
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
            raise ValidationError(SAY_WHAT)


class DayForm(Said, PartForm):
    """What one of several days says, where each says something of its own."""

    days = SelectField("天数", choices=DAYS, default="1")
    task = SelectField("帮扶任务", choices=TASKS)
    mode = SelectField("方式", choices=options_of(WorkMode), default=WorkMode.ONSITE.value)
    description = TextAreaField("工作内容", render_kw=up_to(MAX_DESCRIPTION))

    is_draft = False

    def validate_description(self, field: Any) -> None:
        if not self.is_draft and not field.data:
            raise ValidationError(SAY_WHAT)


class LogForm(EntryForm):
    """New entries of one day or of several.

    ``day`` are ISO dates, ticked in the month: a form opened before midnight means the days it showed.
    ``first`` and ``last`` are a span in their stead. ``apart`` is the name of a button: a line for each
    day; ``each`` says that there are such ``lines``, which stand in place of what all days share. ``full_days`` were refused as full.
    """

    pairing = RadioField("结对", validators=[InputRequired("请选择结对。")])
    day = SelectMultipleField("日期", validate_choice=False)
    first = DateField("从")
    last = DateField("到")
    skip_rest = BooleanField("跳过休息日", default=True)
    late_reason = TextAreaField("补录原因", render_kw=up_to(MAX_REASON))
    apart = BooleanField()
    each = BooleanField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.lines: dict[date, DayForm] = {}
        self.full_days: list[date] = []

    @property
    def ticked(self) -> list[date]:
        """The dates that are ticked, in order; what is no date is left out."""
        return sorted({day for day in map(parse_date, self.day.data or ()) if day})

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day of a span; of one day both are the same. None without one."""
        first: date | None = self.first.data
        return (first, self.last.data or first) if first else None

    def take_lines(self) -> None:
        """Take what was sent of each ticked day; a day that was ticked since has an empty line."""
        if not self.each.data:
            return
        if self.span or not self.ticked:  # which have no lines
            self.each.data = False
            return
        sent = {day: DayForm(prefix=f"{day}-") for day in self.ticked}
        like = next((one for one in sent.values() if one.description.raw_data), None)
        known = {name: like[name].data for name in ("days", "task", "mode")} if like else {}
        for day, line in sent.items():
            if not line.description.raw_data:
                sent[day] = DayForm(formdata=None, prefix=f"{day}-", data=known)
        self.open_lines(sent)

    def open_lines(self, lines: dict[date, DayForm]) -> None:
        """Have each day say its own; what all days would share is no longer asked."""
        self.lines = lines
        self.each.data = True
        for line in lines.values():
            line.is_draft = bool(self.as_draft.data)
        for name in ("days", "task", "mode", "description"):
            if name in self:
                del self[name]

    def choose(self, days: list[date]) -> None:
        """Have these days ticked, and no span."""
        self.day.data = [day.isoformat() for day in days]
        for field in (self.first, self.last):
            field.data = field.raw_data = None

    def validate_day(self, field: Any) -> None:
        if self.span:
            return
        sent = field.data or []
        if not sent or None in map(parse_date, sent):
            raise ValidationError("请在月历上选择日期。")
        _refuse_too_many(len(self.ticked))

    def validate_first(self, field: Any) -> None:
        if field.data is None and self.last.data is not None:
            raise ValidationError("请填写从哪一天起。")

    def validate_last(self, field: Any) -> None:
        if self.first.data is None or field.data is None:
            return
        if field.data < self.first.data:
            raise ValidationError(f"{field.data} 早于 {self.first.data}，请核对起止日期。")
        _refuse_too_many((field.data - self.first.data).days + 1)

    def says_which_days(self) -> bool:
        """Are the days in order, whatever is still to be said of them?"""
        found = []
        for name in ("day", "first", "last"):
            ask = getattr(self, f"validate_{name}")
            found.append(self[name].validate(self, [lambda _form, field, ask=ask: ask(field)]))
        return all(found)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid: bool = super().validate(extra_validators)
        for day, line in self.lines.items():
            line.validate()
            for sentence in (one for errors in line.errors.values() for one in errors):
                self.form_errors.append(f"{day.month}月{day.day}日：{sentence}")
        return is_valid and not self.form_errors


def _refuse_too_many(days: int) -> None:
    if days > MOST_DAYS_AT_ONCE:
        raise ValidationError(
            f"一次最多填 {MOST_DAYS_AT_ONCE} 天，所选为 {days} 天，请分几次填报；更多的用批量导入。"
        )


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
    state = SelectField(
        "状态", choices=[*options_of(States, "有效条目"), *options_of(WorkdayState)]
    )


def months(first: date, last: date) -> list[Any]:
    """Return the months that a work year touches, as choices."""
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append((f"{year}-{month:02}", f"{year}年{month}月"))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December
    return options(found, "全年")
