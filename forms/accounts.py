"""Forms of the accounts room."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form
from forms.fields import DateField, options, options_of
from models.types import Role


class GrantForm(Form):
    role = SelectField(
        "角色", choices=options_of(Role, "请选择"), validators=[InputRequired("请选择角色。")]
    )
    scope_code = StringField(
        "范围",
        validators=[InputRequired("请填写范围的名称或代码。"), Length(max=100)],
    )


class ScopeQuestion(FilterForm):
    """What is typed so far of a scope's name."""

    scope_code = StringField("范围", validators=[Length(max=100)])


class OpenAccountForm(GrantForm):
    """``holder`` is asked only where several people bear the name; its choices come then."""

    login = StringField(
        "登录名",
        validators=[InputRequired("请填写登录名。"), Length(max=60)],
    )
    name = StringField(
        "姓名",
        validators=[InputRequired("请填写使用人姓名。"), Length(max=60)],
    )
    holder = SelectField("使用人", choices=[], validate_choice=False, validators=[Optional()])


class LinkForm(Form):
    name = StringField(
        "登记人员姓名",
        validators=[InputRequired("请填写该人员在机构登记的姓名。"), Length(max=60)],
    )
    holder = SelectField("登记人员", choices=[], validate_choice=False, validators=[Optional()])


class DeputyForm(Form):
    """Lending a role; which roles and to whom, the page says."""

    grant = SelectField("角色", choices=[], validators=[InputRequired("请选择要委托的角色。")])
    deputy = SelectField("代理人", choices=[], validators=[InputRequired("请选择代理人。")])
    starts_on = DateField("从", validators=[InputRequired("请填写开始日期。")])
    ends_on = DateField("到", validators=[InputRequired("请填写结束日期。")])


class AccountFilters(FilterForm):
    """``state`` gets its choices from the room."""

    q = StringField("登录名或姓名", validators=[Length(max=60)])
    role = SelectField("角色", choices=options_of(Role, "全部角色"))
    state = SelectField("状态", choices=options([], "全部状态"))
