"""How a Word file looks after GB/T 9704-2012: paper, fonts, styles, page numbers.

Fonts are names: an office has them, a file may not carry them. Each has another name beside it
(``w:altName``) for machines without it. 首行缩进 is given in characters and in twips: LibreOffice
reads only the second, Word the first.
"""

from __future__ import annotations

import re
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

TITLE, BODY, BLACK, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
ALTERNATIVES = {TITLE: "宋体", BODY: "仿宋", BLACK: "SimHei", KAI: "楷体", SONG: "SimSun"}
"""What stands in for a font where it is not installed."""

ER_HAO, SAN_HAO, SI_HAO, XIAO_SI, WU_HAO, XIAO_WU = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0
"""字号 in points."""
PITCH = 28.0
"""Points from line to line: 22 lines on a page."""
UPRIGHT_MARGINS = (37, 35, 28, 26)
ACROSS_MARGINS = (15, 15, 15, 15)
"""Top, bottom, left and right in mm; a sheet of twenty columns has no room for those of a text."""
TWIPS = 20
_UNWRITABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def clean(text: str) -> str:
    """Return a text without the characters that no XML file can hold."""
    return _UNWRITABLE.sub("", text)


def new_word_file(*, is_across: bool) -> WordDocument:
    """Return an empty file with the paper, styles and page numbers of a document."""
    word = docx.Document()
    for element in list(word.element.body):
        if element.tag != qn("w:sectPr"):
            word.element.body.remove(element)
    _set_page(word, is_across=is_across)
    _set_styles(word)
    _set_font_table(word)
    return word


def run_properties(font: str, size: float) -> str:
    """Return ``w:rPr``: a font for Chinese, one for Latin, quotation marks as Chinese ones."""
    return (
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}"'
        f' w:cs="{LATIN}" w:hint="eastAsia"/><w:sz w:val="{size * 2:g}"/>'
        f'<w:szCs w:val="{size * 2:g}"/></w:rPr>'
    )


def element_of(xml: str) -> Any:
    """Return an element of a text of WordprocessingML."""
    name, rest = re.match(r"<([\w:]+)(.*)", xml, re.DOTALL).groups()  # type: ignore[union-attr] # our own text
    return parse_xml(f"<{name} {nsdecls('w')}{rest}")


def _set_page(word: WordDocument, *, is_across: bool) -> None:
    section = word.sections[0]
    short, long = Mm(210), Mm(297)
    if is_across:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = long, short
    else:
        section.page_width, section.page_height = short, long
    margins = ACROSS_MARGINS if is_across else UPRIGHT_MARGINS
    top, bottom, left, right = map(Mm, margins)
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    # The number stands 7 mm below the text.
    section.header_distance = Mm(10)
    section.footer_distance = Mm(margins[1] - (10 if is_across else 12))


def inner_twips(*, is_across: bool) -> int:
    """Return the width between the margins."""
    _, _, left, right = ACROSS_MARGINS if is_across else UPRIGHT_MARGINS
    return round(((297 if is_across else 210) - left - right) / 25.4 * 1440)


def _set_styles(word: WordDocument) -> None:
    style = word.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(SAN_HAO)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", BODY), ("cs", LATIN)):
        fonts.set(qn(f"w:{attribute}"), name)
    language = OxmlElement("w:lang")
    for attribute, tag in (("val", "en-US"), ("eastAsia", "zh-CN")):
        language.set(qn(f"w:{attribute}"), tag)
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.widow_control = False


def _set_font_table(word: WordDocument) -> None:
    """Name the fonts with what stands in for each; the template's own table knows none of them."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in ALTERNATIVES.items()
    )
    for relation in word.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = (  # noqa: SLF001 - python-docx has no public way
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
                f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
            ).encode()


def number_pages(word: WordDocument, *, is_across: bool, foot: str) -> None:
    """Write the foot of each page: “— 1 —” in 四号, outside; of a report its foot and 第 1 页."""
    section = word.sections[0]
    if is_across:
        small = run_properties(SONG, XIAO_WU)
        right = inner_twips(is_across=True)
        _fill(
            section.footer,
            f'<w:p><w:pPr><w:tabs><w:tab w:val="right" w:pos="{right}"/></w:tabs></w:pPr>'
            f"{text_run(foot, small)}<w:r>{small}<w:tab/></w:r>{text_run('第 ', small)}"
            f"{_field('PAGE', small)}{text_run(' 页，共 ', small)}{_field('NUMPAGES', small)}"
            f"{text_run(' 页', small)}</w:p>",
        )
        return
    word.settings.odd_and_even_pages_header_footer = True
    large = run_properties(SONG, SI_HAO)
    number = f"{text_run('— ', large)}{_field('PAGE', large)}{text_run(' —', large)}"
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        indent = f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
        _fill(footer, f"<w:p><w:pPr>{indent}</w:pPr>{number}</w:p>")


def text_run(text: str, properties: str) -> str:
    """Return ``w:r`` with a text; every character is kept, spaces too."""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def escaped(text: str) -> str:
    """Return a text as it stands in XML."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _field(name: str, properties: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r>{properties}<w:t>1</w:t></w:r></w:fldSimple>'


def _fill(footer: Any, paragraph: str) -> None:
    footer.is_linked_to_previous = False
    for old in list(footer._element):  # noqa: SLF001 - the footer's own paragraph
        footer._element.remove(old)  # noqa: SLF001 - as above
    footer._element.append(element_of(paragraph))  # noqa: SLF001 - as above
