"""Judged purchases as plain data: a list for one line of JSON, and a block of the frozen record.

Names of suppliers, landlords and labour providers stand in the record under `business_only` and nowhere else. They never
leave the copy of the business, and neither does what it wrote in its own words, which may be such a name: `as_it_travels`
takes both out of whatever travels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assess.engine.plan import ADVICE_FIRST
from assess.engine.purchase_plan import Step, questions_for, steps_for
from assess.engine.purchases import Fact, Judged, Purchase, judge, may_be_work_here
from assess.engine.reference import Reference, Source
from assess.engine.reference_search import suggest

Data = dict[str, object]

NO_BANK = ""
MOST_PERHAPS = 3

PRIVATE = "business_only"
"""The key of a line under which stands what must not travel."""

BANDS = ("high", "medium", "not_known", "lower")
"""In the order in which pages and papers show them: what is not known stands before what counts as lower, never below it."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What a business buys, and the lists it is held against."""

    purchases: Sequence[Purchase]
    reference: Reference

    def judged(self) -> list[Judged]:
        """Each purchase judged, in the order given."""
        return [judge(purchase, self.reference) for purchase in self.purchases]


def purchases_as_data(bought: Bought) -> list[Data]:
    """Each purchase with its risk, band and facts, in the order given (decisions.md 5). No supplier is named.

    `first` is the place of a high line among the things to do, from 1.
    """
    lines, reference = bought.judged(), bought.reference
    steps = {step.line: place for place, step in enumerate(steps_for(lines, reference), 1)}
    return [
        {**_line(judged, reference), "ask": list(questions_for(judged, reference)), "first": steps.get(number)}
        for number, judged in enumerate(lines)
    ]


def purchases_for_record(bought: Bought, *, advice_first: bool) -> Data:
    """All that pages and papers need to show what a business buys, in finished words.

    `advice_first`: a grave sign or one of third-party control is open, so steps that could reach workers wait for advice (decisions.md 7.4).
    """
    lines, reference = bought.judged(), bought.reference
    fixed = reference.words.fixed
    return {
        "about": fixed["about"],
        "blind_spot": fixed["blind_spot"],
        "not_known": fixed["not_known"],
        "how_to_ask": ADVICE_FIRST if advice_first else fixed["how_to_ask"],
        "lines": [
            {
                **_line(judged, reference),
                "country_name": _country_name(judged.purchase, reference),
                "share": judged.purchase.share,
                "band_name": fixed[f"band_{judged.band}"],
                "ask": list(questions_for(judged, reference)),
                PRIVATE: {"supplier": judged.purchase.supplier},
            }
            for judged in lines
        ],
        "steps": [_step(step, lines, reference, advice_first=advice_first) for step in steps_for(lines, reference)],
        "limits": {"medium": reference.marks.medium, "high": reference.marks.high},
        "sources": [_source(source) for source in reference.sources.values()],
        "settings": [dict(row) for row in reference.marks.basis],
    }


def as_it_travels(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record as it may travel: no line names a supplier, and nothing stands there that the business typed.

    What lists know stands by the name of the list, other words as “In your own words (line 4)”, with the number of the line on paper.
    A record without purchases is handed back as it is.
    """
    if "purchases" not in record:
        return record
    bought = record["purchases"]
    numbers = {index: number for number, index in enumerate(order_on_paper(bought["lines"]), 1)}
    lines = [_travelling(line, numbers[index]) for index, line in enumerate(bought["lines"])]
    steps = [{**step, "good": lines[step["line"]]["good"]} for step in bought["steps"]]
    return {**record, "purchases": {**bought, "lines": lines, "steps": steps}}


def order_on_paper(lines: Sequence[Mapping[str, Any]]) -> list[int]:
    """The places of these lines, the riskiest first. Alike ones stay in the order in which they were given."""
    return sorted(
        range(len(lines)), key=lambda place: (BANDS.index(lines[place]["band"]), -(lines[place]["risk"] or 0))
    )


def own_words(number: int) -> str:
    """What stands for words of the business's own in all that travels. `number` is that of the line on paper."""
    return f"In your own words (line {number})"


def _travelling(line: Mapping[str, Any], number: int) -> Data:
    kept = {key: part for key, part in line.items() if key != PRIVATE}
    if line["known_as"] is not None:
        return {**kept, "good": line["known_as"]}
    return {**kept, "good": own_words(number), "name": own_words(number), "perhaps": []}


def _line(judged: Judged, reference: Reference) -> Data:
    return {
        "good": judged.purchase.good,
        "known_as": judged.offer.key if judged.offer else None,
        "name": judged.offer.name if judged.offer else judged.purchase.good,
        "perhaps": [] if judged.offer else _perhaps(judged.purchase.good, reference),
        "country": judged.purchase.country,
        "origin_known": judged.origin_known,
        "risk": judged.risk,
        "band": judged.band,
        "facts": [_fact(fact) for fact in judged.facts],
        "about": reference.words.fixed["about"],
    }


def _fact(fact: Fact) -> Data:
    return {
        "kind": fact.kind,
        "risk": fact.risk,
        "source": fact.source,
        "edition": fact.edition,
        "year": fact.year,
        "url": fact.url,
        "says": fact.says,
        "beside": None if fact.beside is None else asdict(fact.beside),
    }


def _perhaps(said: str, reference: Reference) -> list[str]:
    """What words of the business's own may mean, by name: a person decides, nothing is taken for granted."""
    return [offer.name for offer in suggest(reference, said, NO_BANK, MOST_PERHAPS)]


def _country_name(purchase: Purchase, reference: Reference) -> str | None:
    return None if purchase.country is None else reference.countries[purchase.country].name


def _step(step: Step, lines: Sequence[Judged], reference: Reference, *, advice_first: bool) -> Data:
    waits = step.todo.after_advice or may_be_work_here(fact.kind for fact in lines[step.line].facts)
    held = advice_first and waits
    return {
        "line": step.line,
        "good": lines[step.line].purchase.good,
        "do": ADVICE_FIRST if held else step.todo.do,
        "held": held,
        "days": step.todo.days,
        "owner": step.todo.owner,
        "owner_name": reference.owners[step.todo.owner],
        "effort": step.todo.effort,
        "kind": step.kind,
        "severity": step.severity,
        "weight": step.weight,
    }


def _source(source: Source) -> Data:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "edition": source.edition,
        "year": source.year,
        "url": source.url,
        "licence": source.licence,
        "read": source.read,
    }
