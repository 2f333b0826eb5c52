"""The words of the portal itself by pinyin and initials, without the library."""

from __future__ import annotations

import pytest
from pypinyin import lazy_pinyin

from portal.rooms import HOUSE
from portal.standards.sounds import is_heard_in, reading_of, readings_of, stands_in

LABELS = sorted(
    {door.label for door in HOUSE.pages} | {topic.title for topic in HOUSE.topics.values()}
)


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("tbgzr", "填报工作日", True),
        ("TianBao", "填报工作日", True),
        ("gongzuori", "填报工作日", True),
        ("gzr", "填报工作日", True),
        ("bgr", "填报工作日", False),
        ("ian", "填报工作日", False),
        ("t1", "填报工作日", False),
        ("填报", "填报工作日", False),
        ("dr", "批量导入", True),
    ],
)
def test_hears_pinyin_and_initials_from_a_syllable_on(word: str, text: str, expected: bool) -> None:
    assert is_heard_in(word, text) is expected


@pytest.mark.parametrize(
    ("character", "syllable"),
    [("啊", "a"), ("座", "zuo"), ("旅", "lv"), ("略", "lve"), ("女", "nv"), ("虐", "nve"),
     ("暖", "nuan"), ("鑫", "鑫"), ("A", "A"), ("〇", "〇"), ("調", "調")],
)  # fmt: skip
def test_reads_level_one_of_the_standard_and_nothing_else(character: str, syllable: str) -> None:
    assert reading_of(character) == syllable


def test_a_word_stands_in_a_text_as_written_or_as_heard() -> None:
    assert stands_in("ｅｘｃｅｌ", "下载 Excel")
    assert stands_in("xz", "下载 Excel")
    assert not stands_in("上传", "下载 Excel")


@pytest.mark.parametrize("label", LABELS)
def test_reads_each_label_as_it_is_read(label: str) -> None:
    """A character that is read otherwise in a new label goes into ``_READ_OTHERWISE``, or its word into ``_SOUNDS_AS``."""
    han = "".join(one for one in label if "一" <= one <= "鿿")
    assert readings_of(han) == [one.replace("ü", "v") for one in lazy_pinyin(han)]
