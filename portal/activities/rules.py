"""What keeps an activity from being written for several people, said once for all whom it concerns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.refusals import Refusal

PROPOSED = "由他人代填、待您确认的日志"
"""The line of the inbox; the first page shows the days themselves in its place."""

MOST_PEOPLE = 200
"""People of one activity: more than any pairing has, and one page to tick."""


def refusals_for_people(
    refused: Mapping[str, Sequence[Refusal]], people: Sequence[str]
) -> list[Refusal]:
    """Return the refusals of each person in one list; ``people`` are all that were ticked, by name.

    What is refused to everybody alike concerns the activity and stands at its own field, once; the
    rest stands at the list of people and names whom it concerns.
    """
    concerned: dict[Refusal, list[str]] = {}
    for name, refusals in refused.items():
        for refusal in refusals:
            concerned.setdefault(refusal, []).append(name)
    return [
        refusal
        if len(names) == len(people) and refusal.field != "person"
        else Refusal("people", refusal.code, f"{'、'.join(names)}：{refusal.sentence}")
        for refusal, names in concerned.items()
    ]


def refusals_for_choice(chosen: int, known: int) -> list[Refusal]:
    """Say what is wrong with the people ticked: nobody, too many, or somebody who is not there."""
    if not chosen:
        return [Refusal("people", "missing_value", "请至少勾选一人。")]
    if chosen > MOST_PEOPLE:
        sentence = f"一次最多为 {MOST_PEOPLE} 人代填，现勾选 {chosen} 人，请分几次填报。"
        return [Refusal("people", "too_many", sentence)]
    if known < chosen:
        sentence = (
            f"勾选的 {chosen} 人中有 {chosen - known} 人不在本机构这一结对的选派人员之列，"
            "请刷新页面后重新勾选；本人的工作日请自己填报。"
        )
        return [Refusal("people", "not_assigned", sentence)]
    return []
