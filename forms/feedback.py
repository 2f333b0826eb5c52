"""Forms of 投诉建议."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import options, options_of, up_to
from models.types import FeedbackKind, FeedbackState
from portal.feedback.rules import LONGEST, LONGEST_PATH, LONGEST_REPLY


class FeedbackForm(Form):
    """A message. ``contact`` is taken out for whoever has signed in."""

    kind = RadioField(
        "类型",
        choices=options_of(FeedbackKind),
        validators=[InputRequired("请选择类型。")],
    )
    text = TextAreaField(
        "内容",
        validators=[DataRequired("请写明内容。")],
        render_kw=up_to(LONGEST),
    )
    page = StringField("有关的页面", validators=[Length(max=LONGEST_PATH)])
    contact = StringField("联系方式", validators=[Length(max=100)])


class AnswerForm(VersionedForm):
    """An answer, for the version of the message that was on the page."""

    NOT_STORED = frozenset({"text", "state_after"})

    text = TextAreaField(
        "答复",
        validators=[DataRequired("请写明答复内容，提交人会看到。")],
        render_kw=up_to(LONGEST_REPLY),
    )
    state_after = RadioField(
        "答复后的状态",
        choices=options(
            (state.value, state.label) for state in FeedbackState if state != FeedbackState.OPEN
        ),
        validators=[InputRequired("请选择答复后的状态。")],
    )


class InboxFilters(FilterForm):
    """What the inbox is asked for."""

    state = SelectField("状态", choices=options_of(FeedbackState, "全部"))
    kind = SelectField("类型", choices=options_of(FeedbackKind, "全部"))
    number = StringField("受理编号", validators=[Length(max=16)])
