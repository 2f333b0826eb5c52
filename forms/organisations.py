"""Forms of the organisations room."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import OrgType, Side
from portal.organisations.rules import MAX_BANK, MAX_NAME, MAX_REASON, MAX_SHORT_TEXT


class RegisterOrganisationForm(Form):
    credit_code = StringField(
        "统一社会信用代码",
        validators=[InputRequired("请填写统一社会信用代码。"), Length(max=60)],
    )
    name = StringField(
        "机构名称",
        validators=[InputRequired("请填写机构名称（与登记证书一致）。")],
        render_kw=up_to(MAX_NAME),
    )
    type = SelectField(
        "机构类型",
        choices=options_of(OrgType, "请选择"),
        validators=[InputRequired("请选择机构类型。")],
    )
    type_reason = StringField("类型说明", validators=[Optional()], render_kw=up_to(MAX_REASON))
    region_code = StringField(
        "所在地代码",
        validators=[InputRequired("请填写6位县（市、区）代码。"), Length(max=20)],
    )
    legal_representative = StringField(
        "法定代表人", validators=[Optional()], render_kw=up_to(MAX_SHORT_TEXT)
    )
    founded_on = DateField("成立日期", validators=[Optional()])
    contact_name = StringField("联系人", validators=[Optional()], render_kw=up_to(MAX_SHORT_TEXT))
    contact_phone = StringField("联系电话", validators=[Optional(), Length(max=60)])
    bank_name = StringField("开户行", validators=[Optional()], render_kw=up_to(MAX_BANK))
    bank_account = StringField("银行账号", validators=[Optional(), Length(max=60)])


class EditOrganisationForm(RegisterOrganisationForm, VersionedForm):
    """All but the credit code. An empty phone or account leaves what is there."""

    KEPT_IF_EMPTY = frozenset({"contact_phone", "bank_account"})

    credit_code = None


class OrganisationFilters(FilterForm):
    q = StringField("机构名称或信用代码", validators=[Length(max=100)])
    province = SelectField("省份", choices=options([], "全部省份"))
    type = SelectField("机构类型", choices=options_of(OrgType, "全部类型"))
    role = SelectField(
        "本年度结对",
        choices=options(
            [(Side.SENT, "援派机构"), (Side.RECEIVED, "受援机构"), ("none", "未结对")], "全部"
        ),
    )
