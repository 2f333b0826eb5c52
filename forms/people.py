"""Forms of the people room."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import CertLevel
from portal.people.rules import MAX_NAME, MAX_NUMBER


class RegisterPersonForm(Form):
    name = StringField(
        "姓名",
        validators=[InputRequired("请填写姓名（与证件一致）。")],
        render_kw=up_to(MAX_NAME),
    )
    id_number = StringField(
        "身份证件号",
        validators=[InputRequired("请填写18位公民身份号码。"), Length(max=60)],
    )
    phone = StringField("手机号", validators=[Optional(), Length(max=60)])
    service_started_on = DateField("从事社会工作起始日期", validators=[Optional()])


class EditPersonForm(RegisterPersonForm, VersionedForm):
    """All but the ID number. An empty phone leaves what is there."""

    KEPT_IF_EMPTY = frozenset({"phone"})

    id_number = None


class CertificateForm(VersionedForm):
    """A certificate; the page asks for its number and date, since they are what a check goes by."""

    certificate_level = SelectField(
        "证书等级",
        choices=options_of(CertLevel, "请选择"),
        validators=[InputRequired("请选择证书等级。")],
    )
    certificate_number = StringField(
        "证书编号",
        validators=[InputRequired("请填写证书编号。")],
        render_kw=up_to(MAX_NUMBER),
    )
    certificate_issued_on = DateField(
        "证书取得日期", validators=[InputRequired("请填写证书取得日期。")]
    )


class PeopleFilters(FilterForm):
    q = StringField("姓名", validators=[Length(max=100)])
    organisation = StringField("机构名称或信用代码", validators=[Length(max=100)])
    level = SelectField(
        "证书等级", choices=options([*CertLevel.choices(), ("none", "没有登记证书")], "全部")
    )
    qualified = SelectField(
        "援派资格", choices=options([("yes", "今日符合"), ("no", "今日不符合")], "全部")
    )
