"""Refused cells that are mended in the browser: what of a form is a change."""

from __future__ import annotations

import pytest

from portal.imports.mending_rules import Mendable, Mended, mends_in, with_page
from portal.workdays.rules import MAX_DESCRIPTION


def cell(value: str) -> Mendable:
    return Mendable(3, "工作内容", value, (), is_personal=False)


@pytest.mark.parametrize("stood", ["长" * (MAX_DESCRIPTION + 1), "一行\n又一行", " 走访  两户 "])
def test_what_was_not_touched_is_no_change(stood):
    sent = {"3:工作内容": stood.replace("\n", "")} if "\n" not in stood else {}
    assert mends_in(sent, [cell(stood)]) == ()
    # A field of one line sends no breaks.
    assert mends_in({"3:工作内容": stood.replace("\n", " ")}, [cell(stood)]) == ()


def test_what_was_saved_of_other_pages_stays_and_a_number_left_empty_too():
    saved = (Mended(2, "工作内容", "甲"), Mended(3, "工作内容", "乙"), Mended(4, "证件", "1"))
    number = Mendable(4, "证件", "", (), is_personal=True, saved="1")
    offered = [cell("走访"), number]
    assert with_page(saved, {"3:工作内容": "丙", "4:证件": ""}, offered) == (
        saved[0],
        saved[2],
        Mended(3, "工作内容", "丙"),
    )
    # Typed back to what stands, nothing is mended.
    assert with_page(saved, {"3:工作内容": "走访", "4:证件": "2"}, offered) == (
        saved[0],
        Mended(4, "证件", "2"),
    )


def test_nothing_of_what_a_column_takes_is_cut_off():
    typed = "短" * MAX_DESCRIPTION
    (mended,) = mends_in({"3:工作内容": typed}, [cell("长" * (MAX_DESCRIPTION + 1))])
    assert mended.text == typed
