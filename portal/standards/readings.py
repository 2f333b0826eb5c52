"""Readings that differ from those of pypinyin: of surnames, and of some places.

Surnames after 现代汉语词典 (where it gives two, the one that is met more often in the counties of
the programme), places after GB/T 2260 as romanised by the provinces.
"""

from __future__ import annotations


def _table(text: str) -> dict[str, tuple[str, ...]]:
    words = (entry.split() for entry in text.split(","))
    return {name: tuple(syllables) for name, *syllables in words}


SURNAMES = _table(
    "单 shan, 解 xie, 仇 qiu, 曾 zeng, 查 zha, 区 ou, 盖 ge, 朴 piao, 翟 zhai, 覃 qin, 员 yun, "
    "乐 yue, 缪 miao, 黑 he, 折 she, 种 chong, 繁 po, 秘 bi, 佴 nai, 召 shao, 句 gou, 都 du, "
    "祭 zhai, 阚 kan, 卜 bu, 洗 xian, 粘 nian, 乜 nie, 炅 gui, 郇 xun, 车 che, 藏 zang, 沈 shen, "
    "乐正 yue zheng, 单于 chan yu, 尉迟 yu chi, 万俟 mo qi, 长孙 zhang sun, 令狐 ling hu"
)
"""Of the surname at the beginning of a person's name, one or two characters."""

PLACES = _table(
    "都 du, 单县 shan xian, 浚县 xun xian, 繁峙 fan shi, 筠连 jun lian, 荥经 ying jing, "
    "长垣 chang yuan, 六合区 lu he qu, 珲春 hun chun, 穆棱 mu ling, 什邡 shi fang, "
    "称多 chen duo, 莎车 suo che, 涡阳 guo yang, 朝阳 chao yang, 曾都 zeng du, "
    "红寺堡 hong si bu, 大城县 dai cheng xian, 西藏 xi zang"
)
"""Wherever they stand in a name."""
