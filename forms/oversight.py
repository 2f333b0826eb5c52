"""Forms of supervision: what its pages are asked for."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import FundQuestion
from portal.oversight.execution_rules import ExecutionBy
from portal.oversight.rules import Handling, ReviewStage
from portal.procedures.rules import MAX_REASON


class ExecutionFilters(FilterForm):
    q = StringField("机构名称或信用代码", validators=[Length(max=100)])
    province = SelectField("机构所在省", choices=options([], "全部"))
    by = SelectField("口径", choices=options_of(ExecutionBy, "按机构"))


class QuestionFilters(FilterForm):
    q = StringField("机构名称或信用代码", validators=[Length(max=100)])
    province = SelectField("机构所在省", choices=options([], "全部"))
    question = SelectField("疑点", choices=options_of(FundQuestion, "全部"))
    stage = SelectField("进度", choices=options_of(ReviewStage, "全部"))


class ReviewForm(Form):
    """Opening a record: of the question with these facts, or a note of the officer's own."""

    facts = HiddenField(validators=[Length(max=64)])
    verdict = RadioField(
        "处理", choices=options_of(Handling), validators=[InputRequired("请选择处理方式。")]
    )
    said = TextAreaField("说明", render_kw=up_to(MAX_REASON))
    mend_by = DateField("整改期限", validators=[Optional()])


class ReviewStepForm(VersionedForm):
    """A step of a record: what is said, and by when it is to be mended."""

    said = TextAreaField("说明", render_kw=up_to(MAX_REASON))
    mend_by = DateField("整改期限", validators=[Optional()])
