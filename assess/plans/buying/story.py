"""The section "What you buy": lines, picture, steps, questions for suppliers, and where all of it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from assess.engine.plan import ADVICE_FIRST
from assess.engine.purchase_data import BANDS
from assess.engine.purchases import UK_KINDS, may_be_work_here
from assess.plans.buying.lines import BoughtLine, lines_of
from assess.plans.buying.picture import picture
from assess.plans.buying.sources import SourceRow, sources_of
from assess.plans.words import EFFORTS, after, day, listed, plain

TO_ASK = frozenset({"high", "medium", "not_known"})
"""Bands whose suppliers are worth a question. What is not known is not safe."""

OPENING = "We would like to know more about what we buy from you:"
NOT_YOU = "This is about the country and the kind of goods or work, not about your firm."
"""How a text for a supplier begins: what is bought, and that nobody is accused who reads it."""

BEGUN_BY_A_LIST = frozenset({"core_suppliers", "hosp_goods"})
"""Questions whose action is to list what is bought or from whom: with a list of purchases it is begun."""


@dataclass(frozen=True, slots=True)
class BoughtStep:
    """What to do about one high line. `when`, `owner` and `effort` are empty while it waits for advice."""

    line: BoughtLine
    do: str
    when: str
    owner: str
    effort: str


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask the suppliers of these lines. `texts` are the same to copy, one for each line."""

    lines: tuple[BoughtLine, ...]
    ask: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """“Number 2” or “Numbers 2, 4 and 5”."""
        told = listed([str(line.number) for line in self.lines])
        return f"Number{'s' if len(self.lines) > 1 else ''} {told}"


@dataclass(frozen=True, slots=True)
class Buying:
    """Everything the section says. `waiting`: lines whose firm is asked only after advice (decisions.md 7.4).

    `checked`: the day on which the first of our numbers was last looked at, ISO.
    """

    lines: tuple[BoughtLine, ...]
    counts: str
    picture: Markup
    steps: tuple[BoughtStep, ...]
    questions: tuple[Questions, ...]
    waiting: tuple[BoughtLine, ...]
    advice: str
    about: str
    blind_spot: str
    not_known: str
    how_to_ask: str
    medium: str
    high: str
    checked: str
    sources: tuple[SourceRow, ...]

    @property
    def first(self) -> BoughtStep | None:
        """The step to begin with; none while advice comes first."""
        return self.steps[0] if self.steps and self.how_to_ask != self.advice else None

    def has_begun(self, key: str) -> bool:
        """Whether the list of purchases is a beginning of the action with this key."""
        return key in BEGUN_BY_A_LIST


def buying_of(record: Mapping[str, Any]) -> Buying | None:
    """The section of a record; None where it says nothing of purchases."""
    found = record.get("purchases")
    if not found or not found["lines"]:
        return None
    lines = lines_of(found["lines"])
    waits = found["how_to_ask"] == ADVICE_FIRST
    to_ask = [line for line in lines if line.band in TO_ASK]
    waiting = tuple(line for line in to_ask if waits and may_be_work_here(fact.kind for fact in line.facts))
    asked = [(line, tuple(found["lines"][line.index]["ask"])) for line in to_ask if line not in waiting]
    return Buying(
        lines=lines,
        counts=_counts(lines),
        picture=picture(lines),
        steps=_steps(found["steps"], lines, record["made_on"]),
        questions=_questions(asked, found["lines"]),
        waiting=waiting,
        advice=ADVICE_FIRST,
        about=found["about"],
        blind_spot=found["blind_spot"],
        not_known=found["not_known"],
        how_to_ask=found["how_to_ask"],
        medium=plain(found["limits"]["medium"]),
        high=plain(found["limits"]["high"]),
        checked=min((row["checked"] for row in found["settings"]), default=record["made_on"]),
        sources=sources_of(found),
    )


def _counts(lines: Sequence[BoughtLine]) -> str:
    """How many there are of each band, in a sentence."""
    found = Counter(line.band for line in lines)
    words = {line.band: line.word.lower() for line in lines}
    told = ", ".join(f"{found[band]} {words[band]}" for band in BANDS if found[band])
    return f"You listed {len(lines)} purchase{'s' if len(lines) > 1 else ''}: {told}."


def _steps(steps: Sequence[Mapping[str, Any]], lines: Sequence[BoughtLine], made_on: str) -> tuple[BoughtStep, ...]:
    by_index = {line.index: line for line in lines}
    return tuple(
        BoughtStep(
            line=by_index[step["line"]],
            do=step["do"],
            when="" if step["held"] else f"by {day(after(made_on, step['days']))}",
            owner="" if step["held"] else step["owner_name"],
            effort="" if step["held"] else EFFORTS[step["effort"]],
        )
        for step in steps
    )


def _questions(
    asked: Sequence[tuple[BoughtLine, tuple[str, ...]]], rows: Sequence[Mapping[str, Any]]
) -> tuple[Questions, ...]:
    """Lines whose suppliers are asked the same stand together, in the order of their first."""
    groups: dict[tuple[str, ...], list[BoughtLine]] = {}
    for line, ask in asked:
        groups.setdefault(ask, []).append(line)
    return tuple(
        Questions(tuple(lines), ask, tuple(_text(ask, _bought(line, rows[line.index])) for line in lines))
        for ask, lines in groups.items()
    )


def _text(ask: Sequence[str], bought: str) -> str:
    return "\n".join((f"{OPENING} {bought}. {NOT_YOU}", *(f"{number}. {one}" for number, one in enumerate(ask, 1))))


def _bought(line: BoughtLine, row: Mapping[str, Any]) -> str:
    """What is bought, for whoever sells it: “rice from India”, “cleaning”. Words of the business stay as they are."""
    name, country = row["name"], row["country_name"]
    if row["known_as"] is not None and not name[1:2].isupper():
        name = name[:1].lower() + name[1:]
    if country is None:
        return str(name)
    return f"{name} ({country})" if any(fact.kind in UK_KINDS for fact in line.facts) else f"{name} from {country}"
