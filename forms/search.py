"""The form of the search; how much may be asked is for the rules to say."""

from __future__ import annotations

from wtforms import StringField

from forms.base import FilterForm


class SearchForm(FilterForm):
    q = StringField("搜索")
