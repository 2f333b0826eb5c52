"""Write docs/lives.md anew: a diagram of every life, from its declaration."""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.help.life_words import declared_lives
from portal.procedures.rules import Life

DOCUMENT = ROOT / "docs" / "lives.md"

HEAD = """\
# Lives

How each kind of subject goes from state to state. Written by `.venv/bin/python scripts/lives.py` from
the declarations in the rooms' `rules.py`; a test holds it true. In words: `/help/lives`.
"""


def document() -> str:
    """Return the whole document."""
    return "\n".join([HEAD, *(section_of(life) for life in declared_lives())])


def section_of(life: Life[Any]) -> str:
    """Return the heading and the diagram of one life, as Mermaid."""
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for beginning in life.beginnings:
        labels["[*]", beginning.to.value].append(beginning.done)
    for step in life.steps:
        for state in step.source:
            labels[state.value, step.leads_to(state).value].append(step.label)
            if step.undo:
                labels[step.leads_to(state).value, state.value].append(f"撤销{step.label}")
    for review in life.reviews:
        labels[review.during.value, review.passed.value].append(f"{review.label}：各方同意")
        labels[review.during.value, review.returned.value].append(f"{review.label}：一方退回")
    lines = [f'    state "{state.label}" as {state.value}' for state in life.states]
    lines += [
        f"    {source} --> {to} : {'、'.join(dict.fromkeys(some))}"
        for (source, to), some in labels.items()
    ]
    return "\n".join([f"## {life.title}", "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


if __name__ == "__main__":
    DOCUMENT.write_text(document())
