"""What a share shows, frozen at the moment it was shared: built from nothing, field by field, like the buyer copy it holds.

Whatever its scope, it follows from ordinary answers, published facts, what the business made of ordinary steps, and dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any, Literal

from assess.engine.bank import Edition
from assess.plans.buyer_view import BuyerBar, Step, buyer_view_of
from assess.plans.buying.for_buyer import BuyerBuying, BuyerPurchase
from assess.plans.copies import BuyerAction, BuyerCopy, Record, buyer_copy
from assess.plans.register.options import GRADES, KINDS, known
from assess.plans.register.roles import roles_of
from assess.plans.register.state import UNTOUCHED, EvidenceNote, ItemState, RegisterState
from assess.plans.shares.allowed import shareable_questions
from assess.plans.shares.duties import SharedDuty, by_heading, shared_duties
from assess.plans.shares.scopes import Scope
from assess.plans.words import day, joined

FORMAT = 2
"""Of what is stored. What was frozen in another one is made anew before it is shown (`renewing.py`)."""

LAST = "9999-12-31"
"""Where what is due later stands among dates."""


class FrozenBeforeError(Exception):
    """A copy as an earlier release froze it."""


Stands = Literal["proposed", "planned", "done", "not_planned"]
STANDS: Mapping[str, str] = {
    "proposed": "proposed, not answered yet",
    "planned": "planned",
    "done": "done",
    "not_planned": "not planned: ask the business why",
}


@dataclass(frozen=True, slots=True)
class SharedAction:
    """An ordinary step as the business plans it. `due` is an ISO date, None later. `owner` is a job, never a name.

    `at_once`: it was to be begun on the day itself, and the business has set no other date. `parts`: what it is made of, in short.
    `proofs`: what kind of proof is noted and from when, in our words alone; empty unless the scope shows it.
    """

    do: str
    parts: tuple[str, ...]
    due: str | None
    at_once: bool
    owner: str
    stands: Stands
    proofs: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """How it stands, in words."""
        return STANDS[self.stands]


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """One answer. `proof`: whether proof is at hand; None unless the scope shows it."""

    section: str
    ask: str
    answer: str
    proof: bool | None = None


@dataclass(frozen=True, slots=True)
class SharedCopy:
    """All that one share shows. `plan`, `answers` and `duties` are None where the scope does not hold them, and only there."""

    scope: Scope
    copy: BuyerCopy
    plan: tuple[SharedAction, ...] | None = None
    answers: tuple[SharedAnswer, ...] | None = None
    duties: tuple[SharedDuty, ...] | None = None

    @property
    def duties_by_heading(self) -> tuple[tuple[str, tuple[SharedDuty, ...]], ...]:
        """The duties under their headings."""
        return by_heading(self.duties or ())

    @property
    def done(self) -> int:
        """How many steps of the plan are done."""
        return sum(action.stands == "done" for action in self.plan or ())

    @property
    def answers_by_section(self) -> tuple[tuple[str, tuple[SharedAnswer, ...]], ...]:
        """The answers under the titles of their pages."""
        groups = groupby(self.answers or (), key=lambda answer: answer.section)
        return tuple((title, tuple(answers)) for title, answers in groups)


def shared_copy(record: Record, edition: Edition, state: RegisterState, scope: Scope) -> SharedCopy:
    """The copy of a submission as a buyer sees it. `state` is what the business made of its actions."""
    return SharedCopy(
        scope,
        buyer_copy(record, edition),
        plan=plan_of(record, edition, state, scope),
        answers=_answers(record, edition, scope) if scope.shows(Scope.ANSWERS) else None,
        duties=shared_duties(record, edition.duty_book, state) if scope.shows(Scope.PLAN) else None,
    )


def narrowed(shared: SharedCopy, scope: Scope) -> SharedCopy:
    """The same copy with less in it. Nothing is ever added."""
    plan, answers = shared.plan, shared.answers
    if not scope.shows(Scope.EVIDENCE):
        plan = plan and tuple(replace(action, proofs=()) for action in plan)
        answers = answers and tuple(replace(answer, proof=None) for answer in answers)
    return SharedCopy(
        scope,
        shared.copy,
        plan=plan if scope.shows(Scope.PLAN) else None,
        answers=answers if scope.shows(Scope.ANSWERS) else None,
        duties=shared.duties if scope.shows(Scope.PLAN) else None,
    )


def plan_of(record: Record, edition: Edition, state: RegisterState, scope: Scope) -> tuple[SharedAction, ...] | None:
    """The ordinary steps as the business plans them, by date; None where the scope does not hold them."""
    if not scope.shows(Scope.PLAN):
        return None
    jobs = frozenset(roles_of(edition))
    steps = buyer_view_of(record, edition).steps
    rows = [_action(step, state.get(step.key, UNTOUCHED), jobs, scope) for step in steps]
    return tuple(sorted(rows, key=lambda row: row.due or LAST))


def _action(step: Step, said: ItemState, jobs: frozenset[str], scope: Scope) -> SharedAction:
    return SharedAction(
        do=step.do,
        parts=step.parts,
        due=said.due or step.due,
        at_once=step.at_once and not said.due,
        # a name the business typed may be a person's: only a job from the bank's own list leaves the house
        owner=said.owner if said.owner in jobs else step.owner,
        stands=_stands(said),
        proofs=tuple(_proof(note) for note in said.notes) if scope.shows(Scope.EVIDENCE) else (),
    )


def _stands(said: ItemState) -> Stands:
    if said.response == "will_not":
        return "not_planned"
    if said.is_done:
        return "done"
    return "planned" if said.response == "accepted" or said.status == "under_way" else "proposed"


def _proof(note: EvidenceNote) -> str:
    """What kind, from when, how far it was looked at. Never its title: those are the business's own words."""
    dated = f"dated {day(note.dated)}" if note.dated else ""
    until = f"good until {day(note.good_until)}" if note.good_until else ""
    parts = (known(KINDS, note.kind, "A proof"), dated, until, known(GRADES, note.grade))
    return "; ".join(part for part in parts if part)


def _answers(record: Record, edition: Edition, scope: Scope) -> tuple[SharedAnswer, ...]:
    may = shareable_questions(record, edition)
    proven = frozenset(record["evidence"])
    shows_proof = scope.shows(Scope.EVIDENCE)
    return tuple(
        SharedAnswer(
            section=section["title"],
            ask=question["ask"],
            answer=joined(question["answer_text"]) or "Not answered",
            proof=question["id"] in proven if shows_proof else None,
        )
        for section in record["sections"]
        for question in section["questions"]
        if question["id"] in may
    )


def freeze(shared: SharedCopy) -> dict[str, Any]:
    """The copy as JSON-able data, to be stored."""
    return {"format": FORMAT, **asdict(shared), "scope": shared.scope.value}


def thaw(document: Mapping[str, Any]) -> SharedCopy:
    """The copy that `freeze` stored.

    Raises:
        FrozenBeforeError: when it was frozen in an earlier format, which nobody is shown any more.
    """
    if document["format"] != FORMAT:
        raise FrozenBeforeError
    return SharedCopy(
        scope=Scope(document["scope"]),
        copy=_copy_from(document["copy"]),
        plan=_each(document["plan"], lambda row: SharedAction(**{**row, **_tuples(row, "parts", "proofs")})),
        answers=_each(document["answers"], lambda row: SharedAnswer(**row)),
        duties=_each(document["duties"], lambda row: SharedDuty(**row)),
    )


def _each(rows: Any, make: Any) -> tuple[Any, ...] | None:  # noqa: ANN401  # JSON is anything
    return None if rows is None else tuple(make(row) for row in rows)


def _tuples(row: Mapping[str, Any], *names: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(row[name]) for name in names}


def _copy_from(stored: Mapping[str, Any]) -> BuyerCopy:
    buying = stored["buying"]
    return BuyerCopy(
        **{
            **stored,
            "bars": tuple(BuyerBar(**bar) for bar in stored["bars"]),
            "actions": tuple(BuyerAction(**{**row, **_tuples(row, "parts")}) for row in stored["actions"]),
            "buying": buying
            and BuyerBuying(
                **{**buying, "purchases": tuple(BuyerPurchase(**bought) for bought in buying["purchases"])}
            ),
        }
    )
