"""Sample forms for the page of components (templates/design/design.html); they are never sent."""

from __future__ import annotations

from datetime import date

from wtforms import (
    BooleanField,
    DecimalField,
    FileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import FilterForm, Form
from forms.fields import DateField

PROVINCES = [
    SelectChoice("", "全部"),
    SelectChoice("350000", "福建省"),
    SelectChoice("520000", "贵州省"),
    SelectChoice("640000", "宁夏回族自治区"),
]


class SampleForm(Form):
    organisation = StringField("机构名称", validators=[InputRequired("请填写机构名称。")])
    credit_code = StringField("统一社会信用代码", validators=[InputRequired("请填写代码。")])
    worked_on = DateField("日期", default=date(2022, 5, 11), validators=[InputRequired()])
    amount = DecimalField("金额", places=2)
    line = SelectField(
        "任务线", choices=[SelectChoice("key", "重点县"), SelectChoice("continued", "延续任务")]
    )
    mode = RadioField(
        "方式",
        choices=[
            SelectChoice("onsite", "驻点"),
            SelectChoice("online", "线上"),
            SelectChoice("exchange", "跟岗"),
        ],
        default="onsite",
    )
    tasks = SelectMultipleField(
        "任务（可多选）",
        choices=[
            SelectChoice("station", "社工站建设"),
            SelectChoice("incubation", "机构培育"),
            SelectChoice("talent", "人才培养"),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = RadioField(
        "天数",
        choices=[SelectChoice("1", "1 天"), SelectChoice("0.5", "半天")],
        default="1",
    )
    content = TextAreaField("工作内容")
    is_reviewed = BooleanField("我已核对以上内容与服务记录一致")
    upload = FileField("导入文件")


class SampleFilters(FilterForm):
    q = StringField("机构或结对编号")
    province = SelectField("省份", choices=PROVINCES)
    state = SelectField(
        "状态",
        choices=[
            SelectChoice("", "全部"),
            SelectChoice("waiting", "待审"),
            SelectChoice("returned", "退回"),
        ],
    )


def sample_form() -> SampleForm:
    """Return the form as it comes back after a refusal."""
    form = SampleForm(formdata=None, data={"organisation": "", "credit_code": "52350200MJB99999X"})
    form.organisation.errors = ["请填写机构名称。"]
    form.credit_code.errors = ["校验码不正确，应为 18 位统一社会信用代码。"]
    form.mode.errors = ["跟岗须先上传跟岗安排。"]
    form.form_errors.append("该日期已有 1.0 天记录，同一人同一天合计不得超过 1.0 天。")
    return form
