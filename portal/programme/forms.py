"""Filling the forms of the programme, and reading what they hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from forms.fields import options
from forms.programme import (
    AllocationForm,
    ChosenParameterForm,
    ProgrammeForm,
    TickedParameterForm,
    TypedParameterForm,
    WorkYearForm,
)
from models.types import NATION, NATION_NAME, Line
from portal.places.queries import list_provinces
from portal.programme import allocation_queries
from portal.programme.parameter_words import Input, choices_of, input_of, text_of, write_value
from portal.programme.policy import Parameter
from portal.programme.queries import programme_of
from portal.programme.rules import AllocationFacts
from portal.programme.work_year_queries import first_day_free


def programme_form(session: Session) -> ProgrammeForm:
    """Return the form of the next period, from the day after the last one for as many years."""
    first, years = first_day_free(session)
    if first is None:
        return ProgrammeForm()
    last = date(first.year + years, 1, 1) - timedelta(days=1)
    code = f"{first.year}-{last.year}"
    return ProgrammeForm(data={"code": code, "starts_on": first, "ends_on": last})


def work_year_form(session: Session, day: date) -> WorkYearForm:
    """Return the form of a work year: by default the calendar year of a day."""
    first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    form = WorkYearForm(
        data={"year": day.year, "region_code": NATION, "starts_on": first, "ends_on": last}
    )
    provinces = [(one.code, one.name) for one in list_provinces(session)]
    form.region_code.choices = options([(NATION, NATION_NAME), *provinces])
    return form


def parameter_form(
    session: Session, parameter: Parameter, value: Any, today: date, version: int, **formdata: None
) -> Any:
    """Return the form that fits the kind of the value, filled with the value in force."""
    day = today if programme_of(session, today) else None
    shown = {"valid_from": day, "version": version}
    form: Any
    match input_of(parameter):
        case Input.TICKS:
            form = TickedParameterForm(data={**shown, "value": value}, **formdata)
            form.value.choices = choices_of(parameter)
        case Input.CHOICE:
            form = ChosenParameterForm(data={**shown, "value": text_of(value)}, **formdata)
            form.value.choices = options(choices_of(parameter))
        case _:
            typed = write_value(parameter, value)
            form = TypedParameterForm(data={**shown, "value": typed}, **formdata)
    return form


def allocation_in(session: Session, form: AllocationForm) -> AllocationFacts:
    """Return the row of the allocation table that a form holds."""
    receiving = form.receiving_province_code.data
    return AllocationFacts(
        year=form.year.data,
        sending_province_code=form.sending_province_code.data,
        receiving_province_code=receiving,
        pairs=form.pairs.data or 0,
        line=Line(form.line.data),
        county_code=allocation_queries.find_county_code(
            session, form.county_code.data or "", receiving
        ),
    )
