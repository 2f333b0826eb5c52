"""What a life is, and what may happen in it: steps, bars, reviews, offers. Pure.

The facts of a subject are a typed tuple of its room. They have ``state`` and ``label`` (how a sentence
about several names this one); the persons whom a bar names stand in them under the same names as in
the table, so that one declaration answers for one subject here and for a list in SQL (``queries``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from models.types import Labelled
from portal.refusals import Refusal
from portal.standards.text import is_blank, plain

MAX_REASON = 1000
"""Characters of the reason of a decision, and of an opinion."""

NAMED = 5
"""How many of those whom a refusal of many concerns it names one by one."""

CHANGED_MEANWHILE = Refusal(
    "",
    "changed_meanwhile",
    "在您打开页面之后，这一项已由他人办理或修改。请刷新页面，核对新内容后再办理。",
)


NOTHING_TO_UNDO = Refusal(
    "",
    "nothing_to_undo",
    "没有可以撤销的办理：只能由办理人本人撤销刚刚办理的条目，且只能撤销一次。",
)


class Facts(Protocol):
    """What every step asks of a subject."""

    @property
    def state(self) -> Labelled: ...

    @property
    def label(self) -> str: ...


class InWhosePlace(Protocol):
    """In whose place somebody acts (portal/access/actor.py)."""

    @property
    def person_id(self) -> int: ...

    @property
    def name(self) -> str: ...


class ReviewFacts(Facts, Protocol):
    """What every review asks besides: the round, which rises whenever the text is handed in anew."""

    @property
    def round(self) -> int: ...


F = TypeVar("F", bound=Facts)
R = TypeVar("R", bound=ReviewFacts)


class Bar(NamedTuple):
    """Who may not take a step: the persons in these columns. ``sentence`` may hold ``{step}``."""

    columns: tuple[str, ...]
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Step(Generic[F]):
    """办理 of one kind: from which states, to which, by whom.

    ``verb`` is what the decision row keeps, ``done`` its words in the timeline, ``to`` None where the
    state stays. ``permission`` None: it follows from what happened elsewhere, nobody is offered it.
    ``guards`` say why it cannot be taken now, ``needless`` why nobody would: such a step is refused
    too, but not shown. ``signs`` are the columns that name whoever takes it, ``clears`` those that
    name nobody any more. ``instead`` says what can be done in another state. Within ``undo`` whoever
    took it may take it back; ``mend`` says what can be done after.
    """

    verb: str
    label: str
    done: str
    source: tuple[Labelled, ...]
    to: Labelled | None = None
    permission: str | None = None
    tone: str = "secondary"
    needs_reason: bool = False
    bars: tuple[Bar, ...] = ()
    guards: tuple[Callable[[F], Iterable[Refusal]], ...] = ()
    needless: tuple[Callable[[F], Iterable[Refusal]], ...] = ()
    signs: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    opens_round: bool = False
    instead: str = ""
    undo: timedelta | None = None
    mend: str = ""

    def leads_to(self, state: Labelled) -> Labelled:
        return state if self.to is None else self.to

    @property
    def undone(self) -> str:
        """The kind of the decision that takes it back."""
        return f"{self.verb}_undone"


class Beginning(NamedTuple):
    """How a subject comes to be: its first state, the columns that name whoever began it."""

    verb: str
    done: str
    to: Labelled
    signs: tuple[str, ...] = ()


class Party(NamedTuple):
    """Who has a say in a review; ``key`` is stored, ``label`` shown."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Review(Generic[R]):
    """会签: open during a state, each party gives one opinion a round, no person two.

    Once every party has passed it leads to ``passed``; as soon as one returns it, to ``returned``.
    """

    verb: str
    label: str
    during: Labelled
    parties: Callable[[R], Sequence[Party]]
    permission: str
    passed: Labelled
    returned: Labelled
    done: str
    sent_back: str
    bars: tuple[Bar, ...]
    guards: tuple[Callable[[R], Iterable[Refusal]], ...] = ()

    @property
    def kinds(self) -> dict[Labelled, tuple[str, str]]:
        """Where it leads, with the kind of the decision that notes it and its words."""
        return {
            self.passed: (f"{self.verb}_passed", self.done),
            self.returned: (f"{self.verb}_returned", self.sent_back),
        }


@dataclass(frozen=True, slots=True)
class Life(Generic[F]):
    """The life of a kind of subject. ``name`` is its table, ``noun`` what a sentence calls it.

    ``path`` are the states through which it goes where nothing comes between, for the step bar.
    ``former`` words kinds of decision that only a former release wrote; ``notes`` says, by kind, what
    is noted with a decision where that is no reason.
    """

    name: str
    noun: str
    title: str
    states: type[Labelled]
    beginnings: tuple[Beginning, ...]
    steps: tuple[Step[F], ...]
    path: tuple[Labelled, ...]
    reviews: tuple[Review[Any], ...] = ()
    former: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def step(self, verb: str) -> Step[F]:
        return next(step for step in self.steps if step.verb == verb)

    @property
    def permissions(self) -> tuple[str, ...]:
        """Every permission by which somebody acts on a subject, each once."""
        wanted = [
            *(step.permission for step in self.steps),
            *(one.permission for one in self.reviews),
        ]
        return tuple(dict.fromkeys(one for one in wanted if one is not None))

    @property
    def words(self) -> dict[str, str]:
        """What each kind of decision is called in the timeline."""
        reviewed = (kind for review in self.reviews for kind in review.kinds.values())
        return {
            **dict(self.former),
            **{one.verb: one.done for one in self.beginnings},
            **{one.verb: one.done for one in self.steps},
            **{one.undone: f"撤销{one.label}" for one in self.steps if one.undo},
            **dict(reviewed),
        }


# ---- steps


def refusals_for_step(
    life: Life[F],
    step: Step[F],
    facts: F,
    *,
    person_id: int | None,
    reason: str | None = None,
    besides: Iterable[Refusal] = (),
) -> list[Refusal]:
    """Say every reason why a person may not take a step; ``person_id`` None is the operator.

    ``besides`` is what the room refuses of what was asked for (a day, an amount).
    """
    return [
        *refusals_against(life, step, facts, person_id=person_id),
        *(refusals_for_reason(reason, step.label) if step.needs_reason else ()),
        *besides,
    ]


def refusals_against(
    life: Life[F], step: Step[F], facts: F, *, person_id: int | None
) -> list[Refusal]:
    """Say why a step cannot be taken now, whatever reason is given."""
    if facts.state not in step.source:
        return [_wrong_state(life, step, facts.state)]
    return [
        *barred(step.bars, step.label, facts, person_id),
        *(refusal for guard in (*step.needless, *step.guards) for refusal in guard(facts)),
    ]


def refusals_for_all(
    life: Life[F],
    step: Step[F],
    facts: Sequence[F],
    *,
    person_id: int | None,
    changed: Collection[int] = (),
    names_one: bool = False,
) -> list[Refusal]:
    """Say why a step cannot be taken on all of these; one refusal a kind of obstacle names whom.

    ``changed`` are the positions of those that are no longer what was shown. One alone is named only
    with ``names_one``: where it was chosen from a list.
    """
    found: dict[Refusal, list[str]] = {}
    for position, one in enumerate(facts):
        refusals = refusals_against(life, step, one, person_id=person_id)
        if position in changed and not any(refusal.code == "wrong_state" for refusal in refusals):
            refusals = [CHANGED_MEANWHILE, *refusals]
        for refusal in refusals:
            found.setdefault(refusal, []).append(one.label)
    if len(facts) == 1 and not names_one:
        return list(found)
    return [
        Refusal(refusal.field, refusal.code, f"{listed(labels)}{refusal.sentence}")
        for refusal, labels in found.items()
    ]


def _wrong_state(life: Life[F], step: Step[F], state: Labelled) -> Refusal:
    wanted = "、".join(one.label for one in step.source)
    instead = f"；{step.instead}" if step.instead else ""
    return Refusal(
        "",
        "wrong_state",
        f"该{life.noun}目前为“{state.label}”，只有“{wanted}”的可以{step.label}{instead}。",
    )


def barred(
    bars: Iterable[Bar], label: str, facts: Facts, person_id: int | None
) -> Iterable[Refusal]:
    """Say that somebody else has to do it: the first bar that names this person."""
    for bar in bars:
        if person_id is not None and person_id in (getattr(facts, name) for name in bar.columns):
            yield Refusal("", bar.code, bar.sentence.format(step=label))
            return


def barred_as_deputy(
    step: Step[F], facts: Sequence[F], principals: Iterable[InWhosePlace], *, names: bool = True
) -> list[Refusal]:
    """Say what somebody cannot do in another's place: what that one could not do in person.

    One refusal a principal names all that it concerns; a deputy's own entries ``barred`` refuses.
    """
    columns = {name for bar in step.bars for name in bar.columns}
    refusals = []
    for principal in principals:
        found = [
            one.label
            for one in facts
            if principal.person_id in (getattr(one, name) for name in columns)
        ]
        if found:
            sentence = (
                f"您正代{principal.name}办理，而{principal.name}是填报人或经手过前一环节，"
                "须由其他人员办理。"
            )
            said = f"{listed(found)}{sentence}" if names else sentence
            refusals.append(Refusal("", "own_entry", said))
    return refusals


def refusals_for_reason(
    reason: str | None, step: str = "", *, field: str = "reason", noun: str = "原因"
) -> list[Refusal]:
    """A decision against somebody, or beside the rule, always needs a reason (states.md)."""
    if is_blank(reason):
        asked = f"{step}须填写{noun}。" if step else f"请填写{noun}。"
        return [Refusal(field, "missing_value", asked)]
    if (length := len(plain(reason or ""))) > MAX_REASON:
        sentence = f"{noun} {length} 字，超过上限 {MAX_REASON} 字。"
        return [Refusal(field, "text_too_long", sentence)]
    return []


def listed(labels: Sequence[str]) -> str:
    """Name the first few, and say how many there are."""
    named = "、".join(labels[:NAMED])
    return f"{named}：" if len(labels) <= NAMED else f"{named}等 {len(labels)} 条："


class Move(NamedTuple):
    """A change of state as a decision notes it; ``before`` is None of what begins."""

    before: Labelled | None
    kind: str
    after: Labelled


def moves(life: Life[F]) -> frozenset[Move]:
    """Return every change of state that the declaration allows."""
    found = {Move(None, one.verb, one.to) for one in life.beginnings}
    for step in life.steps:
        for state in step.source:
            found.add(Move(state, step.verb, step.leads_to(state)))
            if step.undo:
                found.add(Move(step.leads_to(state), step.undone, state))
    for review in life.reviews:
        found |= {Move(review.during, kind, to) for to, (kind, _) in review.kinds.items()}
    return frozenset(found)
