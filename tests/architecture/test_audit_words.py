"""Every event and every kind of subject that the code records has words for the auditor."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import Base
from models.types import ImportKind
from portal.audit.words import OF_FACTS
from portal.rooms import HOUSE

PORTAL = Path(__file__).parents[2] / "portal"
WORDS = HOUSE.audit_words


def recorded() -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield where, and the two first arguments, of each call of a deed's ``record``."""
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and len(node.args) == 2
            ):
                yield f"{path.relative_to(PORTAL.parent)}:{node.lineno}", node.args


def pattern_of(expression: ast.expr) -> str | None:
    """Return a text as a pattern, with a wildcard for each part that is computed."""
    match expression:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
                for part in parts
            )
    return None


CALLS = list(recorded())


def test_finds_the_calls() -> None:
    assert len(CALLS) > 40


@pytest.mark.parametrize(("where", "arguments"), CALLS, ids=[where for where, _ in CALLS])
def test_the_auditor_reads_words(where: str, arguments: list[ast.expr]) -> None:
    event, subject = (pattern_of(argument) for argument in arguments)
    if event is not None:
        assert any(re.fullmatch(event, known) for known in WORDS.events), f"no words for {event}"
    if subject is not None:
        kind = subject.partition(":")[0]
        assert kind in map(re.escape, WORDS.subjects), f"no words for {kind}"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (table.name, column.name.removesuffix("_sealed"))
        for table in Base.metadata.sorted_tables
        for column in table.c
        if column.name.endswith("_sealed")
    ],
)
def test_the_auditor_reads_words_of_every_sealed_column(table: str, column: str) -> None:
    assert f"{table}.{column}_revealed" in WORDS.events
    assert table in WORDS.subjects
    assert column in WORDS.code_words


def names_of_facts() -> set[str]:
    """Return the names under which facts are recorded: as keywords, and by what is spread there."""
    names: set[str] = set()
    for path in PORTAL.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="record"), args=[_, _], keywords=keywords):
                    names |= {one.arg for one in keywords if one.arg}
                case ast.FunctionDef(name="_facts"):
                    literals = [one for one in ast.walk(node) if isinstance(one, ast.Dict)]
                    keys = [key for one in literals for key in one.keys]
                    names |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    return names


def test_the_auditor_reads_words_of_every_fact() -> None:
    names = names_of_facts()
    assert {"accepted", "reason", "years"} <= names
    assert names <= WORDS.facts.keys()


def test_no_fact_that_is_shown_by_name_is_called_a_number() -> None:
    """A grant was “授权编号：审计管理员”."""
    assert [word for word in map(WORDS.facts.get, OF_FACTS) if word and "编号" in word] == []


def test_the_auditor_reads_the_kind_of_an_import_in_words() -> None:
    assert [WORDS.of_fact("kind", kind.value)[1] for kind in ImportKind] == [
        kind.label for kind in ImportKind
    ]


def test_the_auditor_reads_the_kind_of_a_job_in_words() -> None:
    assert WORDS.of_fact("kind", "summary_export")[1] == "导出汇总"


def test_the_auditor_reads_what_a_parameter_became_in_words() -> None:
    assert WORDS.of_fact("value", '"with_approval"') == ("值", "经县级核准后计入")
    assert WORDS.of_fact("value", "40") == ("值", "40")
    assert WORDS.of_subject("parameter:min_sent_days") == "政策参数 援派累计工作日下限"


def test_the_auditor_reads_filters_and_former_values_in_words() -> None:
    names = {"scope:640000": "宁夏回族自治区"}
    asked = {"receiving_province": "640000", "finding": "no_agreement"}
    assert WORDS.of_fact("filters", asked, names) == (
        "筛选条件",
        "受援省份 宁夏回族自治区、未达标事项 未登记帮扶协议",
    )
    assert WORDS.of_fact("county_code_before", "640303", {}) == ("原县", "640303")


def test_no_two_events_have_the_same_words() -> None:
    assert len(set(WORDS.events.values())) == len(WORDS.events)


def test_the_filters_of_an_exported_summary_are_read_in_words() -> None:
    facts = '{"filters": {"pace": "slow", "finding": "no_agreement", "compliant": false}}'
    (said,) = WORDS.of_facts(facts)
    assert said == ("筛选条件", "进度 偏慢、未达标事项 未登记帮扶协议、是否达标 否")
