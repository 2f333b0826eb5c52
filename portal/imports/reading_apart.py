"""Reading an uploaded file: the parser in a process of its own, every fault as one sentence."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from portal.imports.sheet_rules import Cell, Sheet, make_sheet

PARSER = Path(__file__).with_name("parser_apart.py")
WALL_SECONDS = 30
"""The parser's own limit is on computing time; this one ends it on a machine that stands still."""

SENTENCES = {
    "empty": "文件中没有内容。请下载模板，填写后再上传。",
    "no_rows": "表头之下没有数据。请从第2行起填写后再上传。",
    "no_visible_sheet": "文件中的工作表都被隐藏了。请在 Excel 或 WPS 中取消隐藏，保存后再上传。",
    "other_format": "这不是 .xlsx 文件（可能是 .xlsb、.ods 或只改了扩展名）。请用 Excel 或 WPS 打开，"
    "另存为 .xlsx 后再上传。",
    "too_many_marked": "从单元格 {detail} 起有10万个以上的单元格是错误值，或是没有保存结果的公式。"
    "请用 Excel 或 WPS 打开、重新计算并保存后再上传。",
    "old_format": "这是旧版的 .xls 文件。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
    "damaged": "文件已损坏，无法打开。请用 Excel 或 WPS 重新保存为 .xlsx 后再上传。",
    "unreadable": "文件内容无法识别。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
    "encrypted": "文件设有打开密码。请取消密码，另存后再上传。",
    "too_large": "表格的范围或解压后的内容过大，已停止读取。请删除数据之外的行、列、图片和工作表，"
    "或拆分成几个文件后再上传。",
    "far_cell": "单元格 {detail} 有内容，超出范围（最多20万行、64列）。请删除数据之外的内容后再上传。",
    "too_many_rows": "文件有 {detail} 行，超过上限20万行。请拆分成几个文件后再上传。",
    "too_many_columns": "文件有 {detail} 列，超过上限64列。请删除数据之外的列后再上传。",
    "bad_csv": "CSV 文件第 {detail} 行附近的引号或分隔不完整。请用 Excel 或 WPS 另存为 .xlsx 后再上传。",
    "not_text": "这不是 Excel（.xlsx）文件，也不是 UTF-8 或 GB18030 编码的 CSV 文件。"
    "请另存为 .xlsx 后再上传。",
}


class Unreadable(Exception):
    """The file cannot be read; ``sentence`` says in Chinese why and how to mend it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = SENTENCES[code].format(detail=detail)


def read_sheet(
    content: bytes, sheet_names: Sequence[str] = (), headers: Sequence[str] = ()
) -> Sheet:
    """Return the first of the named sheets that is there to be seen, else the first visible one.

    The header is the row that names most of the known ``headers``. Whatever is wrong with the file raises :class:`Unreadable`, and nothing else.
    """
    process = subprocess.Popen(  # noqa: S603 - our own script; the names are those of the kinds
        [sys.executable, "-I", "-X", "utf8", str(PARSER), asked_of(sheet_names, headers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},  # the parser is to know no key and no address
    )
    assert process.stdin
    assert process.stdout
    ending = threading.Timer(WALL_SECONDS, process.kill)
    ending.start()
    try:
        _feed(process.stdin, content)
        sheet = _sheet_from(process.stdout, headers)
    finally:
        ending.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
    if not len(sheet):
        raise Unreadable("no_rows")
    return sheet


def asked_of(sheet_names: Sequence[str], headers: Sequence[str]) -> str:
    """Return the argument of the parser."""
    return json.dumps({"wanted": list(sheet_names), "known": list(headers)})


def _feed(pipe: IO[bytes], content: bytes) -> None:
    # The parser answers only once it has everything, so neither side waits for the other.
    try:
        pipe.write(content)
        pipe.close()
    except BrokenPipeError:
        pass  # it has ended already; what it answered says why


def _sheet_from(pipe: IO[bytes], headers: Sequence[str]) -> Sheet:
    frames = _frames(pipe)
    head = json.loads(next(frames))
    if "fault" in head:
        code = head["fault"] if head["fault"] in SENTENCES else "unreadable"
        raise Unreadable(code, head["detail"])
    columns = []
    for _ in head["columns"]:
        cells = [_cell(cell) for cell in json.loads(next(frames))]
        codes = array("I")
        codes.frombytes(next(frames))
        columns.append((cells, codes))
    return make_sheet(
        [_cell(cell) for cell in head["columns"]],
        columns,
        head["rows"],
        header_row=head["header"],
        name=head["sheet"],
        form_id=head["form_id"],
        hidden=[index + 1 for index in head["hidden"]],
        known=headers,
        left_out=[str(_cell(cell)) for cell in head["left_out"]],
        hidden_columns=[str(_cell(cell)) for cell in head["hidden_columns"]],
        other_sheets=head["other_sheets"],
    )


def _frames(pipe: IO[bytes]) -> Iterator[bytes]:
    """Yield the frames of the parser; raise if it ended before it was done."""
    while True:
        (length,) = struct.unpack(">I", _exactly(pipe, 4))
        yield _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        # It was stopped for memory or time, or a library gave up.
        raise Unreadable("too_large")
    return content


def _cell(cell: Any) -> Cell:
    if not isinstance(cell, list):
        return (
            float(cell) if isinstance(cell, int) else str(cell) if isinstance(cell, str) else cell
        )
    kind, text = cell
    if kind == "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if kind == "datetime" else str(text)
