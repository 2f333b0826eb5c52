"""What may be attached to what, how large and how many; what a file is called. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from models.types import ExpenditureState, FileKind, FileUse, WorkdayState
from portal.refusals import Refusal
from portal.standards.file_name import LONGEST, file_name_of
from portal.standards.text import plain

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
"""Of one file: some forty scanned pages; a photo from a phone is a tenth of it once scaled."""

MOST_A_DAY = 200
"""Files that one person adds in a day, over all accounts: a manager with the papers of a whole
organisation stays below, a script that fills the disk does not."""

GRACE = timedelta(days=1)
"""How long a content without a row is left alone: whoever is uploading it has not committed."""

KEEP_EVIDENCE = timedelta(days=90)
"""How long the content of a removed file is kept if it was decided on with it in sight. Whoever is
harmed by a decision may ask for its review within 60 days; the officer who must answer needs what
was looked at, and some days to find it. What nobody decided on is gone with the next sweep."""

MAX_REASON = 200
"""Characters of the reason of a removal; the audit keeps it."""

IMAGES = frozenset({FileKind.JPEG, FileKind.PNG})
PAPERS = frozenset(FileKind)

MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}
ENDINGS = {
    FileKind.PDF: (".pdf",),
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
}
"""How the name of a file ends; the first is given to one that ends otherwise."""

_ENDING = re.compile(r"\.[0-9A-Za-z]{1,5}$")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of file of one kind of subject: at most ``most`` of it hang on each.

    What is sensitive shows ID numbers: it is opened for a reason, by whoever may see them in clear.
    """

    use: FileUse
    hint: str
    kinds: frozenset[FileKind]
    most: int
    is_sensitive: bool = False

    @property
    def label(self) -> str:
        return self.use.label


CERTIFICATE = Shelf(
    FileUse.CERTIFICATE,
    "全国社会工作者职业水平证书的扫描件或照片：看得清等级、编号和取得日期。",
    PAPERS,
    4,
    is_sensitive=True,
)
SERVICE = Shelf(
    FileUse.SERVICE,
    "直接从事社会工作服务的证明：劳动合同、社保缴费记录或所在机构出具的证明。",
    PAPERS,
    10,
    is_sensitive=True,
)
LICENCE = Shelf(
    FileUse.LICENCE,
    "法人登记证书或营业执照的扫描件，名称和统一社会信用代码与登记的一致。",
    PAPERS,
    5,
)
AGREEMENT = Shelf(
    FileUse.AGREEMENT,
    "双方签字并盖章的协议全文；多页的请扫描为一份 PDF。",
    PAPERS,
    10,
)
PHOTOS = Shelf(
    FileUse.PHOTOS,
    "自愿添加，不作为填报或考核的条件。请勿拍摄服务对象的面部和证件；照片中的位置信息会自动去除。",
    IMAGES,
    6,
)

VOUCHER = Shelf(
    FileUse.VOUCHER,
    "发票、收据、签收表、行程单或银行回单的照片或扫描件：看得清金额、日期和收款人。",
    PAPERS,
    6,
)

SPENDING_TAKES_FILES = frozenset(
    {ExpenditureState.CLAIMED, ExpenditureState.RETURNED, ExpenditureState.WITHDRAWN}
)
"""What was booked keeps the vouchers by which it was booked."""

WORKDAY_TAKES_FILES = frozenset({WorkdayState.DRAFT, WorkdayState.SUBMITTED, WorkdayState.RETURNED})
"""What the manager or the county has decided on stays what they saw."""

_INSTEAD_OF_A_PHOTO = {
    WorkdayState.CONFIRMED: "如需补充，请联系本机构负责人退回，退回后即可添加。",
    WorkdayState.APPROVED: "如需补充，请申请更正，并在更正的工作内容中说明。",
}


def kinds_in_words(kinds: frozenset[FileKind]) -> str:
    """Return the kinds as they are told: PDF、JPEG、PNG."""
    return "、".join(kind.name for kind in FileKind if kind in kinds)


def refusals_for_size(size_bytes: int) -> list[Refusal]:
    """Say why a file of this size is not taken. Exact, since one byte may be what is too much."""
    if size_bytes == 0:
        return [Refusal("file", "empty_file", "这份文件是空的（0 字节）。请重新选择文件。")]
    if size_bytes <= MAX_BYTES:
        return []
    return [
        Refusal(
            "file",
            "file_too_large",
            f"文件大于 {MAX_BYTES:,} 字节（{MAX_BYTES // MEGABYTE} MB），超过单个文件的上限。"
            "请降低扫描分辨率，或拆分成几份后再上传。",
        )
    ]


def refusals_for_adding(
    shelf: Shelf, *, there: int, is_there: bool, added_today: int
) -> list[Refusal]:
    """Say why one more file is not taken: the shelf is full, it is there, or it was enough today.

    ``there`` is how many hang on the subject, ``added_today`` what the person has added this day.
    """
    if is_there:
        sentence = f"这份文件已经在“{shelf.label}”中，内容完全相同，无需重复上传。"
        return [Refusal("file", "duplicate", sentence)]
    refusals = []
    if there >= shelf.most:
        sentence = (
            f"“{shelf.label}”已有 {there} 份，最多 {shelf.most} 份。"
            "请先移除不需要的，或把多页合并为一份 PDF。"
        )
        refusals.append(Refusal("file", "too_many_files", sentence))
    if added_today >= MOST_A_DAY:
        sentence = (
            f"每人每天最多上传 {MOST_A_DAY} 份文件（各账号合并计算），您今天已上传 {added_today} 份，"
            "请明天继续。"
        )
        refusals.append(Refusal("file", "too_many_files_today", sentence))
    return refusals


def refusals_for_state(state: WorkdayState) -> list[Refusal]:
    """Say why a working day takes no photo any more."""
    if state in WORKDAY_TAKES_FILES:
        return []
    sentence = (
        f"这条日志{state.label}，不能再添加照片；草稿、已提交和已退回的日志可以添加。"
        f"{_INSTEAD_OF_A_PHOTO.get(state, '')}"
    )
    return [Refusal("", "wrong_state", sentence)]


def refusals_for_voucher(state: ExpenditureState, verb: str) -> list[Refusal]:
    """Say why the vouchers of an expenditure stay as they are."""
    if state in SPENDING_TAKES_FILES:
        return []
    mend = "；确有错误的，请先冲销，再重新登记" if state == ExpenditureState.BOOKED else ""
    sentence = f"这笔支出“{state.label}”，票据不能再{verb}{mend}。"
    return [Refusal("", "wrong_state", sentence)]


def refusals_for_approved_voucher() -> list[Refusal]:
    """Say why a voucher stays by which the province approved an expenditure outside the categories."""
    sentence = (
        "这笔支出已由省级民政部门凭现有票据核准，票据不能移除，可以补充；"
        "确须更换的，请先修改支出，核准随之作废，更换后重新核准。"
    )
    return [Refusal("", "wrong_state", sentence)]


def refusals_for_removal(reason: str, *, is_decided: bool) -> list[Refusal]:
    """Say why a file is not removed: what was decided on with it in sight needs a reason."""
    length = len(plain(reason))
    if length > MAX_REASON:
        sentence = f"移除原因 {length} 字，超过上限 {MAX_REASON} 字。"
        return [Refusal("reason", "text_too_long", sentence)]
    if is_decided and length == 0:
        sentence = "已有审批或确认以这份文件为依据，移除须填写原因，例如：扫描不清，已另传。"
        return [Refusal("reason", "missing_value", sentence)]
    return []


NOT_KEPT = Refusal(
    "sha256",
    "not_kept",
    "没有保存这个校验值的附件，或已过保存期限、已损坏。请按审计记录核对校验值，或从备份恢复。",
)


def refusals_for_taking_out(reason: str) -> list[Refusal]:
    """Say why a content is not taken out of the store: the audit has to say what for."""
    length = len(plain(reason))
    if length == 0:
        return [Refusal("reason", "missing_value", "取出附件须填写事由，例如：投诉核查，文号。")]
    if length > MAX_REASON:
        sentence = f"事由 {length} 字，超过上限 {MAX_REASON} 字。"
        return [Refusal("reason", "text_too_long", sentence)]
    return []


def stored_name(text: str, kind: FileKind) -> str:
    """Return the name under which a file is kept: cleaned, and with an ending of what it is."""
    name = file_name_of(text)
    if name.lower().endswith(ENDINGS[kind]):
        return name
    ending = ENDINGS[kind][0]
    return _ENDING.sub("", name)[: LONGEST - len(ending)] + ending


def size_in_words(size_bytes: int) -> str:
    """Return a size as people read it: 312 KB, 2.4 MB."""
    if size_bytes < MEGABYTE:
        return f"{-(-size_bytes // 1024)} KB"
    return f"{size_bytes / MEGABYTE:.1f} MB"
