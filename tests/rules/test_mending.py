"""Refused cells that are mended in the browser: what of a form is a change."""

from __future__ import annotations

import pytest

from portal.imports.mending_rules import Mendable, mends_in
from portal.workdays.rules import MAX_DESCRIPTION


def cell(value: str) -> Mendable:
    return Mendable(3, "工作内容", value, (), is_personal=False)


@pytest.mark.parametrize("stood", ["长" * (MAX_DESCRIPTION + 1), "一行\n又一行", " 走访  两户 "])
def test_what_was_not_touched_is_no_change(stood):
    sent = {"3:工作内容": stood.replace("\n", "")} if "\n" not in stood else {}
    assert mends_in(sent, [cell(stood)]) == ()
    # A field of one line sends no breaks.
    assert mends_in({"3:工作内容": stood.replace("\n", " ")}, [cell(stood)]) == ()


def test_nothing_of_what_a_column_takes_is_cut_off():
    typed = "短" * MAX_DESCRIPTION
    (mended,) = mends_in({"3:工作内容": typed}, [cell("长" * (MAX_DESCRIPTION + 1))])
    assert mended.text == typed
