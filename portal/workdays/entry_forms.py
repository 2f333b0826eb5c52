"""Between the forms of this room and its rules: choices, what stands there first, what was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectChoice

from forms.fields import options
from forms.workdays import (
    NO_TASK,
    DayForm,
    EditCorrectionForm,
    EditForm,
    EntryForm,
    WorkdayFilters,
    months,
)
from models import Workday
from models.types import Side, WorkdayState, WorkMode
from portal.calendar.queries import load_calendar
from portal.calendar.rules import SATURDAY, WEEKDAYS, Calendar
from portal.places.queries import list_townships, township_name
from portal.programme.policy import Policy
from portal.programme.queries import current_year, get_work_year, policy_on
from portal.standards.dates import last_of_month, parse_month
from portal.workdays.copying_rules import Source
from portal.workdays.list_queries import Filters
from portal.workdays.own_queries import county_of
from portal.workdays.queries import years_and_days
from portal.workdays.rules import Entry, States, note_on_rest_day


def edit_form(
    session: Session, workday: Workday, *, as_sent: bool = True
) -> EditForm | EditCorrectionForm:
    """Return the form of a draft or returned entry, as it stands or as posted."""
    kind = EditCorrectionForm if workday.corrects_id is not None else EditForm
    form = kind(
        **({} if as_sent else {"formdata": None}),
        data={
            **copied(workday),
            "worked_on": workday.worked_on,
            "late_reason": workday.late_reason,
            "version": workday.version,
        },
    )
    fill_choices(form, session, county_of(session, workday.pairing_id))
    return form


def fill_choices(form: EntryForm, session: Session, counties: dict[str, str]) -> None:
    """Offer the townships of these counties; several counties stand in groups."""
    form.township.choices = [SelectChoice("", "不填")]
    for code, name in counties.items():
        form.township.choices += [
            SelectChoice(one.code, one.name, optgroup=name if len(counties) > 1 else None)
            for one in list_townships(session, code)
        ]


def offer_chosen(form: EntryForm, session: Session) -> None:
    """Offer of the townships the one that was sent, if there is such a one: nobody looks for another."""
    code = form.township.data or ""
    name = township_name(session, code) if code else None
    form.township.choices = [SelectChoice(code, name or "不填")] if name or not code else []


def offer_steps(form: EntryForm | DayForm, policy: Policy) -> None:
    """Offer half days only where the policy has them."""
    if policy["day_step"] == 1:
        form.days.choices = [one for one in form.days.choices if one.value != "0.5"]


def copied(workday: Workday | Source) -> dict[str, Any]:
    """Return what an entry says, all but its date, as a form has it."""
    return {
        "days": f"{workday.half_days / 2:g}",
        "mode": workday.mode.value,
        "task": workday.task.value if workday.task else NO_TASK,
        "township": workday.township_code or "",
        "description": workday.description,
    }


def entry_of(form: EntryForm, worked_on: date) -> Entry:
    """Return what was meant by a valid form."""
    late_reason = form.late_reason.data if "late_reason" in form else None
    return Entry(
        worked_on=worked_on,
        half_days=form.half_days,
        mode=WorkMode(form.mode.data),
        task=form.chosen_task,
        township_code=form.township.data or None,
        description=form.description.data or "",
        late_reason=late_reason or None,
    )


def short_day(day: date) -> str:
    """11月21日 周一."""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


class DayWords(NamedTuple):
    """A date in short, what is special about it, and whether its year's holidays are known."""

    short: str
    note: str | None
    unofficial: str | None


def words_on(session: Session, day: date) -> DayWords:
    """Say what is special about a date: a rest day by policy, a moved working day."""
    calendar = load_calendar(session, day, day)
    missing = calendar.unofficial_years(day, day)
    return DayWords(
        short_day(day),
        _note(day, calendar, policy_on(session, day)),
        note_on_unofficial(missing),
    )


def note_on_unofficial(years: Sequence[int]) -> str | None:
    """Say that the holidays of a year are not known yet; nothing if there is no such year."""
    if not years:
        return None
    return f"{years[0]} 年的节假日安排尚未录入，暂按周一至周五为工作日；录入后自动重算。"


def rest_note_on(session: Session, day: date) -> str | None:
    """Say what becomes of an entry of a date if it is a rest day (decision B4); else nothing."""
    if load_calendar(session, day, day).is_working_day(day):
        return None
    return note_on_rest_day(policy_on(session, day))


def _note(day: date, calendar: Calendar, policy: Policy) -> str | None:
    if calendar.is_working_day(day):
        return "调休上班" if day.weekday() >= SATURDAY else None
    return note_on_rest_day(policy)


def list_filters(session: Session, asked: Mapping[str, str], today: date) -> WorkdayFilters:
    """Return the filters of the list with their choices; what is no choice asks for nothing."""
    form = WorkdayFilters(MultiDict(asked))
    this_year = str(current_year(session, today))
    years = {str(year): has_days for year, has_days in years_and_days(session)}
    is_known = form.year.data in years
    offered = [one for one in years if years[one] or one in (this_year, form.year.data)]
    form.year.choices = options((one, f"{one} 年") for one in offered)
    work_year = get_work_year(session, int(form.year.data if is_known else this_year))
    form.month.choices = months(work_year.starts_on, work_year.ends_on)
    form.month.data = _same_month(form)
    form.validate()
    form.year.data = form.year.data or this_year
    return form


def _same_month(form: WorkdayFilters) -> str | None:
    """Return the month asked for, in the year asked for: who changes the year means the same month."""
    month: str | None = form.month.data
    offered = [str(value) for value, *_ in form.month.choices or ()]
    same = [value for value in offered if month and value[-3:] == month[-3:]]
    return month if month in offered or not same else same[0]


def filters_of(form: WorkdayFilters) -> Filters:
    """Return what the list is asked for."""
    first = parse_month(form.month.data)
    return Filters(
        year=int(form.year.data),
        pairing=form.pairing.data or None,
        side=Side(form.side.data) if form.side.data else None,
        state=_states(form.state.data) if form.state.data else None,
        person=form.person.data or None,
        first_day=first,
        last_day=last_of_month(first) if first else None,
    )


def _states(word: str) -> WorkdayState | States:
    return States(word) if word in {*States} else WorkdayState(word)
