"""Forms of the ledger room: which books, which source, in which form a book is taken out."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.base import FilterForm, Form
from forms.fields import options_of
from models.types import FundSource


class BooksFilters(FilterForm):
    """Whose books."""

    q = StringField("机构名称或信用代码", validators=[Length(max=60)])


class BookFilters(FilterForm):
    """Out of which source."""

    source = SelectField("资金来源", choices=options_of(FundSource, "全部来源"))


class BookCopyForm(Form):
    """In which form a book is taken out."""

    kind = SelectField("文件格式", validators=[InputRequired("请选择文件格式。")])
