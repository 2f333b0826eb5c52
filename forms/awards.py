"""Forms of the awards room: what is claimed, decided, paid; what a province gives."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, IntegerField, is_number, options, options_of, up_to
from forms.procedures import ChosenForm, TickedForm
from models.types import AwardState, CertLevel
from portal.awards.local_rules import MAX_DOCUMENT, MOST_NOTICE_DAYS, Giving
from portal.awards.rules import AwardFilter
from portal.ledger.amount_rules import MAX_NUMBER
from portal.procedures.rules import MAX_REASON

YUAN = {"inputmode": "decimal", "autocomplete": "off"}
MAX_TYPED = 60
"""Characters of an amount as it is typed; what it means, the rules say."""
AMOUNT_FIELD = "amount-"
"""Before the number of a certificate: the field with the amount of an award that is not fixed."""


class ClaimAwardsForm(TickedForm):
    """The certificates that were ticked."""

    @property
    def certificates(self) -> list[int]:
        return [int(one) for one in self.tokens if is_number(one)]


class AwardReasonForm(VersionedForm):
    NOT_STORED = frozenset({"reason"})

    reason = TextAreaField("原因", render_kw=up_to(MAX_REASON))


class PayAwardsForm(ChosenForm):
    """What was ticked, paid on one day by one voucher."""

    paid_on = DateField("发放日期", validators=[InputRequired("请填写发放日期。")])
    voucher_number = StringField("凭证号", render_kw=up_to(MAX_NUMBER))


class AwardFilters(FilterForm):
    q = StringField("姓名、机构或证书编号", validators=[Length(max=100)])
    state = SelectField(
        "状态", choices=[*options_of(AwardFilter, "有效奖补"), *options_of(AwardState)]
    )
    level = SelectField("证书等级", choices=options_of(CertLevel, "全部"))


class NoticeFilter(FilterForm):
    on = SelectField("公示开始日期", choices=options([]))


class NoticeCopyForm(Form):
    kind = SelectField("文件格式", validators=[InputRequired("请选择文件格式。")])


class AwardRuleForm(Form):
    """What a province gives for a level, from a day on."""

    level = SelectField("证书等级", choices=options_of(CertLevel))
    giving = RadioField(
        "奖补方式",
        choices=options_of(Giving),
        validators=[InputRequired("请选择奖补方式。")],
    )
    amount = StringField("金额", validators=[Length(max=MAX_TYPED)], render_kw=YUAN)
    notice_days = IntegerField(
        "公示期",
        most=MOST_NOTICE_DAYS,
        validators=[InputRequired("请填写公示的工作日数。")],
    )
    valid_from = DateField("自哪天起", validators=[InputRequired("请填写自哪天起。")])
    document = StringField("依据", render_kw=up_to(MAX_DOCUMENT))
    reason = StringField("调整原因", render_kw=up_to(MAX_REASON))


def amounts_in(sent: Any) -> dict[int, str]:
    """Return, by the number of a certificate, the amount that was typed for it."""
    return {
        int(name.removeprefix(AMOUNT_FIELD)): value
        for name, value in sent.items()
        if name.startswith(AMOUNT_FIELD) and is_number(name.removeprefix(AMOUNT_FIELD))
    }
