"""Forms of signing in and of passwords."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from forms.base import Form


class SignInForm(Form):
    login = StringField(
        "登录名",
        validators=[InputRequired("请输入登录名。"), Length(max=60)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "密码",
        validators=[InputRequired("请输入密码。"), Length(max=128)],
        render_kw={"autocomplete": "current-password"},
    )


class ForgottenForm(Form):
    login = StringField(
        "登录名",
        validators=[InputRequired("请输入登录名。"), Length(max=60)],
        render_kw={"autocomplete": "username"},
    )


class ChangePasswordForm(Form):
    current = PasswordField(
        "当前密码",
        validators=[InputRequired("请输入当前密码。"), Length(max=128)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        "新密码",
        validators=[InputRequired("请输入新密码。"), Length(max=128)],
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        "再输入一次新密码",
        validators=[
            InputRequired("请再输入一次新密码。"),
            EqualTo("password", "两次输入的新密码不一致。"),
        ],
        render_kw={"autocomplete": "new-password"},
    )
