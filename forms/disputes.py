"""Forms of the days that the other side has handed in."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import FilterForm, VersionedForm
from forms.fields import options_of, up_to
from forms.procedures import ChosenNumbersForm
from portal.disputes.rules import PartnerScope
from portal.procedures.rules import MAX_REASON


class DisputeForm(ChosenNumbersForm):
    """The days that were ticked, and why they were not so."""

    reason = StringField(
        "异议原因",
        validators=[InputRequired("请写明异议原因，便于对方核对。")],
        render_kw=up_to(MAX_REASON),
    )


class VerdictForm(VersionedForm):
    """What the county says of a dispute, of the day as it was shown, and why."""

    reason = TextAreaField(
        "认定理由",
        validators=[InputRequired("请写明认定的理由，双方都会看到。")],
        render_kw=up_to(MAX_REASON),
    )


class DisputedFilters(FilterForm):
    pairing = StringField("结对编号", validators=[Length(max=40)])
    person = StringField("姓名", validators=[Length(max=60)])


class PartnerFilters(DisputedFilters):
    scope = SelectField("范围", choices=options_of(PartnerScope))
