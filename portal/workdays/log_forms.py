"""Between the form of new days and its rules: the month it shows, what stands there first, what was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from forms.fields import options
from forms.workdays import DayForm, LogForm
from models import Workday
from models.types import WorkMode
from portal.programme.regime_queries import regime_of
from portal.refusals import Refusal
from portal.standards.dates import month_of
from portal.workdays import copying_rules as copying
from portal.workdays.copying_rules import Copy, Source
from portal.workdays.entry_forms import (
    copied,
    fill_choices,
    note_on_unofficial,
    offer_chosen,
    offer_steps,
    short_day,
)
from portal.workdays.month_rules import (
    DateSpan,
    Entered,
    MonthToLog,
    in_words,
    is_open,
    lay_month,
    weeks_of,
)
from portal.workdays.own_queries import Posting, entries_between, sources_of
from portal.workdays.rules import Entry, latest_late, note_on_rest_day

WEEK, STAY = "week", "stay"
OVER_ONE_DAY = "over_one_day"


class AskedDays(NamedTuple):
    """What an address asks the form to begin with: a month, days, an entry, 复制上周 or 上次下乡."""

    month: date | None = None
    days: Sequence[date] = ()
    like: Workday | None = None
    copy: str | None = None


class Desk(NamedTuple):
    """All that the page of new days shows.

    ``places`` are the pairings whose terms touch the month; ``elsewhere`` are ticked days of other
    months. ``in_the_way`` are the own entries of dates that were refused for them. ``copied`` names
    the dates that a copy has ticked. Days until ``late_until`` are asked why they are late.
    """

    form: LogForm
    month: MonthToLog
    places: Sequence[Posting]
    elsewhere: Sequence[date]
    in_the_way: Sequence[Entered]
    last: Source | None
    texts: Sequence[Source]
    can_copy_week: bool
    can_copy_stay: bool
    rest_note: str
    unofficial: str | None
    asks_why_late: bool
    late_until: date
    copied: str
    today: date


def sent_form(session: Session, places: Sequence[Posting]) -> LogForm:
    """Return what was sent; of its choices what it needs to be checked."""
    form = LogForm()
    form.pairing.choices = options((place.code, place.label) for place in places)
    offer_chosen(form, session)
    form.take_lines()
    return form


def days_meant(session: Session, form: LogForm) -> list[date]:
    """Return the days of a valid form, in order; none, and why, if its span has only rest days."""
    if not form.span:
        return form.ticked
    first, last = form.span
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if form.skip_rest.data:
        calendar = regime_of(session).calendar
        days = [day for day in days if calendar.is_working_day(day)]
    if not days:
        form.first.errors = ["这段日期都是休息日。确有工作的，请不要选“跳过休息日”。"]
    return days


def entries_of(form: LogForm, days: Sequence[date]) -> list[Entry]:
    """Return what was meant by a valid form, a day each."""
    return [
        Entry(
            worked_on=day,
            half_days=said.half_days,
            mode=WorkMode(said.mode.data),
            task=said.chosen_task,
            township_code=form.township.data or None,
            description=said.description.data or "",
            late_reason=form.late_reason.data or None,
        )
        for day in days
        for said in [form.lines.get(day, form)]
    ]


def open_apart(form: LogForm, days: Sequence[date]) -> None:
    """Give each day a line of its own, with what was said of all."""
    if form.each.data:
        return
    shared = {name: form[name].data for name in ("days", "task", "mode", "description")}
    form.choose(list(days))
    form.open_lines({day: _line(day, shared) for day in days})


def show_refusals(
    form: LogForm, days: Sequence[date], refused: Mapping[date, Sequence[Refusal]]
) -> None:
    """Say beside the fields why days were refused, each by name.

    Of several, a day that cannot be logged at all is ticked no more; the rest stays for a second try.
    """
    left = list(days)
    said: set[tuple[str, str]] = set()
    for day, refusals in refused.items():
        if days[1:] and any(_is_of_the_day(one) for one in refusals):
            left.remove(day)
        if any(one.code == OVER_ONE_DAY for one in refusals):
            form.full_days.append(day)
        for one in refusals:
            line = form.lines.get(day)
            if _is_of_the_day(one):
                _add_error(form, "day", one.sentence if _names(one, day) else _named(one, day))
            elif line is not None and one.field in line:
                _add_error(line, one.field, one.sentence)
                form.form_errors.append(_named(one, day))
            elif (one.field, one.code) not in said:
                said.add((one.field, one.code))
                _add_error(form, one.field, one.sentence)
    form.choose(left)


def _is_of_the_day(refusal: Refusal) -> bool:
    return refusal.field == "worked_on" or refusal.code == OVER_ONE_DAY


def _names(refusal: Refusal, day: date) -> bool:
    return day.isoformat() in refusal.sentence


def _named(refusal: Refusal, day: date) -> str:
    return f"{short_day(day)}：{refusal.sentence}"


def _add_error(form: Any, name: str, sentence: str) -> None:
    """Put a sentence beside a field, or above the form if that has no such field."""
    if name in form:
        form[name].errors = [*form[name].errors, sentence]
    else:
        form.form_errors.append(sentence)


def desk_of(
    session: Session,
    person_id: int,
    places: Sequence[Posting],
    today: date,
    *,
    asked: AskedDays,
    sent: LogForm | None = None,
) -> Desk:
    """Lay the page out: the form as it was sent, or a new one with as much filled in as can be known."""
    regime = regime_of(session)
    terms = [place.span for place in places]
    sources = sources_of(session, person_id)
    week, stay = _copies(sources, terms, today)
    copy = {WEEK: week, STAY: stay}.get(asked.copy or "", {})
    wanted = sent.ticked if sent else sorted(copy or asked.days)
    first = asked.month or month_of(wanted[-1] if wanted else _latest_day(terms, today))
    weeks = weeks_of(first, today)
    entries = entries_between(session, person_id, DateSpan(weeks[0][0], weeks[-1][-1]))
    month = lay_month(first, entries, regime=regime, terms=terms, today=today)
    offered = _offered(places, month, wanted)
    form = sent or _new_form(offered, month, wanted, sources, asked, copy, today)
    form.pairing.choices = options((place.code, place.label) for place in offered)
    fill_choices(form, session, {one.county_code: one.county_name for one in offered})
    for part in form.lines.values() or [form]:
        offer_steps(part, regime.policy_on(today))
    ticked = form.ticked
    missing = regime.calendar.unofficial_years(month.cells[0].day, min(today, month.cells[-1].day))
    return Desk(
        form=form,
        month=month,
        places=offered,
        elsewhere=[day for day in ticked if day not in month.days],
        in_the_way=_in_the_way(session, person_id, form),
        last=sources[0] if sources else None,
        texts=copying.different_texts(sources),
        can_copy_week=bool(week),
        can_copy_stay=bool(stay),
        rest_note=note_on_rest_day(regime.policy_on(today)),
        unofficial=note_on_unofficial(missing),
        asks_why_late=month.has_late
        or bool(form.late_reason.errors or form.late_reason.data)
        or any(day not in month.days for day in ticked),
        late_until=latest_late(today, regime.policy_on(today)),
        copied=in_words(wanted) if copy and not sent else "",
        today=today,
    )


def _latest_day(terms: Sequence[DateSpan], today: date) -> date:
    """Return the latest date that a person may log: today, or the end of the last term."""
    return min(today, max((term.last for term in terms), default=today))


def _copies(sources: Sequence[Source], terms: Sequence[DateSpan], today: date) -> tuple[Copy, Copy]:
    taken = {one.day for one in sources}

    def is_free(day: date) -> bool:
        return day not in taken and is_open(day, 0, terms, today)

    week = copying.next_week(sources, today, is_free)
    return week, copying.next_stay(sources, today, is_free)


def _offered(
    places: Sequence[Posting], month: MonthToLog, wanted: Sequence[date]
) -> Sequence[Posting]:
    """Return the pairings that a day of the month, or one that is ticked, can be logged for."""
    days = [*(cell.day for cell in month.cells), *wanted]
    return [place for place in places if any(day in place.span for day in days)] or places


def _new_form(
    places: Sequence[Posting],
    month: MonthToLog,
    wanted: Sequence[date],
    sources: Sequence[Source],
    asked: AskedDays,
    copy: Copy,
    today: date,
) -> LogForm:
    like = asked.like or next(reversed(copy.values()), None)
    first = places[0] if places else None
    if like:
        first = next((one for one in places if one.pairing_id == like.pairing_id), first)
    last = sources[0] if sources else None
    is_here = bool(last and first and last.pairing_id == first.pairing_id)
    filled_in = copied(like) if like else _usual(last if is_here else None)
    if not wanted and asked.month is None:
        of_today = next((cell for cell in month.cells if cell.is_today and cell.is_open), None)
        wanted = [today] if of_today else []
        if of_today and of_today.look:
            filled_in["days"] = "0.5"  # what is left of it
    ticked = [day.isoformat() for day in wanted]
    form = LogForm(data={**filled_in, "pairing": first.code if first else None, "day": ticked})
    if copy and not copying.are_alike(copy):
        form.open_lines({day: _line(day, copied(one)) for day, one in copy.items()})
    return form


def _line(day: date, said: Mapping[str, Any]) -> DayForm:
    return DayForm(formdata=None, prefix=f"{day}-", data=said)


def _usual(last: Source | None) -> dict[str, Any]:
    """Return what a new entry most likely says: the task and the place of the latest one."""
    if last is None:
        return {"township": ""}
    usual = {"township": last.township_code or ""}
    return usual | {"task": last.task.value} if last.task else usual


def _in_the_way(session: Session, person_id: int, form: LogForm) -> list[Entered]:
    """Return the own entries of the dates named in a refusal."""
    days = form.full_days
    if not days:
        return []
    found = entries_between(session, person_id, DateSpan(days[0], days[-1]))
    return [one for one in found if one.day in days]
