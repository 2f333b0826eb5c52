"""Names: what is stored, what a search compares, what a list is sorted by."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.standards.names import (
    LONGEST,
    key_of,
    order_of,
    sound_of,
    sounds_like,
    stored_name,
    words_of,
)

DOTS = "·•・･‧∙⋅●．."


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("张　伟", "张伟"),
        (" 张 伟\u200b ", "张伟"),
        ("\u202d张伟\u202c", "张伟"),
        ("⼀⾦", "一金"),
        ("ＡＢＣ 中心", "ABC中心"),
        ("演示中心(福州)", "演示中心（福州）"),
        ("演示中心 （福州）", "演示中心（福州）"),
        ("Ｊｏｈｎ　 Smith", "John Smith"),
        ("J. Smith (demo)", "J. Smith (demo)"),
        ("第①中心", "第①中心"),
        ("\u3164", ""),
        ("• 张伟", "张伟"),
        *((f"阿依古丽{dot}买买提", "阿依古丽·买买提") for dot in DOTS),
        *((f"阿依古丽 {dot} 买买提", "阿依古丽·买买提") for dot in DOTS),
    ],
)
def test_one_name_has_one_stored_form(typed, stored):
    assert stored_name(typed) == stored
    assert stored_name(stored) == stored


NAME_PARTS = st.text(
    st.sampled_from([*"张伟阿Ａa1 .·•．()（）\u3000\u200b\u202d\u0301⼀ﷺ\n", "\U00020000"])
)


@settings(deadline=None)
@given(NAME_PARTS)
def test_the_stored_form_of_any_text_is_its_own_and_has_its_key(typed):
    stored = stored_name(typed)
    assert stored_name(stored) == stored
    assert key_of(stored) == key_of(typed)


@pytest.mark.parametrize(
    "typed", ["阿依古丽·买买提", "阿依古丽买买提", "阿依古丽 ・ 买买提", "阿依\u200b古丽．买买提"]
)
def test_is_searched_without_dots_and_blanks(typed):
    assert key_of(typed) == "阿依古丽买买提"


def test_is_searched_in_any_case_and_width():
    assert key_of("ａbc（Ｘ）") == key_of("ABC(x)")


def test_a_dot_alone_is_no_word_of_a_search():
    assert words_of("阿依古丽 · 买买提 \u3164") == ["阿依古丽", "买买提"]


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("张伟", "zhang wei"),
        ("单丽", "shan li"),
        ("解晓东", "xie xiao dong"),
        ("仇英", "qiu ying"),
        ("曾一", "zeng yi"),
        ("查一", "zha yi"),
        ("区一", "ou yi"),
        ("欧阳娜", "ou yang na"),
        ("单于一", "chan yu yi"),
        ("万俟一", "mo qi yi"),
        ("吕布", "lv bu"),
        ("扎西卓玛", "zha xi zhuo ma"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti"),
        ("John Smith", "johnsmith"),
    ],
)
def test_a_person_is_sorted_by_the_reading_of_the_surname(name, syllables):
    assert order_of(name, of_person=True) == f"{syllables} {key_of(name)}"


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("重庆市", "chong qing shi"),
        ("都匀市", "du yun shi"),
        ("成都市", "cheng du shi"),
        ("单县", "shan xian"),
        ("六安市", "lu an shi"),
        ("莎车县", "suo che xian"),
        ("西藏自治区", "xi zang zi zhi qu"),
        ("解放路演示社工站", "jie fang lu yan shi she gong zhan"),
    ],
)
def test_a_place_is_read_as_it_is_called(name, syllables):
    assert order_of(name, of_person=False) == f"{syllables} {key_of(name)}"


def test_pinyin_goes_syllable_by_syllable():
    names = ["西安甲", "先一", "张伟", "章伟", "张一", "安一", "John"]
    ordered = sorted(names, key=lambda name: order_of(name, of_person=True))
    assert ordered == ["安一", "John", "西安甲", "先一", "张伟", "章伟", "张一"]


@pytest.mark.parametrize(
    ("name", "word", "is_found"),
    [
        ("张伟", "zhangwei", True),
        ("张伟", "ZhangW", True),
        ("张伟", "wei", True),
        ("张伟", "zw", True),
        ("张伟", "ｚｗ", True),
        ("张伟", "z", True),
        ("张伟", "an", False),
        ("张伟", "hang", False),
        ("单丽", "shanli", True),
        ("单丽", "danli", True),
        ("吕布", "lvbu", True),
        ("吕布", "lübu", True),
        ("西安一", "xi'an", True),
        ("阿依古丽·买买提", "maimaiti", True),
        ("阿依古丽·买买提", "aygl", True),
        ("演示中心（福州）", "zhongxinfuzhou", True),
        ("演示中心（福州）", "yszxfz", True),
    ],
)
def test_is_found_from_the_beginning_of_any_syllable(name, word, is_found):
    sound = sounds_like(word)
    assert sound is not None
    assert (sound in sound_of(name, of_person=True)) == is_found


@pytest.mark.parametrize("word", ["张", "2022-01", "zw1", "%", ""])
def test_what_has_other_signs_than_letters_is_no_pinyin(word):
    assert sounds_like(word) is None


def test_keys_stay_short_enough_for_an_index_however_long_a_name_unfolds():
    for sign in ("ﷺ", "\U0002f800", "长"):
        assert len(key_of(sign * 100)) <= LONGEST
        assert len(order_of(sign * 100, of_person=False)) <= LONGEST
