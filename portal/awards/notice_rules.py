"""The public notice (公示) of awards as a document. Names and numbers stand on it masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.types import CertLevel
from portal.documents.description_rules import Column, Document, Facts, Section, Table, chinese_date
from portal.standards.money import format_yuan

TITLE = "社会工作者职业水平证书一次性奖补公示"
COLUMNS = (
    Column("序号", "number", 6),
    Column("姓名", "typed", 10),
    Column("所在机构", "typed", 26),
    Column("证书等级", "text", 17),
    Column("证书编号", "code", 12),
    Column("奖补金额", "fen", 13),
)
OBJECT = "对名单有异议的，请在公示期内向公示单位书面提出，写明事实和联系方式；公示单位核实后答复。"
STARS = 2
"""How many stars stand for what is between the first and the last character of a name, at most."""
SHOWN = 4
"""Characters of a certificate number that are left, at its end."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """An award on the notice; in clear, to be masked."""

    name: str
    organisation: str
    level: CertLevel
    number: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Whose notice it is, from when until when; ``documents`` are what the province gives it by."""

    province: str
    publicised_on: date
    notice_until: date
    documents: tuple[str, ...]
    is_demo: bool


def mask_name(name: str) -> str:
    """Return a name as it stands in public: 张*, 张*三, 阿**提."""
    if len(name) <= 1:
        return "*"
    if len(name) == 2:  # noqa: PLR2004 - a name of two characters
        return f"{name[0]}*"
    return f"{name[0]}{'*' * min(len(name) - 2, STARS)}{name[-1]}"


def mask_number(number: str) -> str:
    """Return a certificate number with its last characters only, whatever its length."""
    return f"****{number[-SHOWN:] if len(number) > SHOWN else ''}"


def notice_of(facts: NoticeFacts, lines: Sequence[NoticeLine], *, made_at: datetime) -> Document:
    """Describe the notice of what was publicised on a day."""
    begun, until = chinese_date(facts.publicised_on), chinese_date(facts.notice_until)
    total = sum(one.amount_fen for one in lines)
    return Document(
        title=TITLE,
        subject=f"{facts.province}{TITLE}",
        made_at=made_at,
        mark="演示数据，非真实业务" if facts.is_demo else "",
        parts=(
            Facts(
                (
                    ("公示单位", f"{facts.province}民政部门"),
                    ("公示期", f"{begun}至{until}"),
                    ("人次和金额", f"{len(lines)} 人次，共 {format_yuan(total)} 元"),
                )
            ),
            Table(
                "拟奖补名单",
                "拟奖补名单",
                COLUMNS,
                [
                    (
                        place,
                        mask_name(one.name),
                        one.organisation,
                        one.level.label,
                        mask_number(one.number),
                        one.amount_fen,
                    )
                    for place, one in enumerate(lines, start=1)
                ],
                total=("合计", None, None, None, None, total),
                unit="元",
                empty="这一天没有公示中的奖补。",
            ),
            Section(
                "依据和异议",
                (
                    *(f"依据：{one}。" for one in facts.documents),
                    OBJECT,
                ),
            ),
        ),
        signatures=("公示单位（盖章）", "联系人和电话", "日期"),
        footnotes=("姓名和证书编号已脱敏。每人每个等级只奖补一次。",),
        foot=f"{facts.province} · {TITLE} · {facts.publicised_on}",
    )
