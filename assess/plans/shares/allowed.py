"""Which answers may leave the house at all: by what a question is, never by what was answered, so that a gap tells nothing."""

from __future__ import annotations

from collections.abc import Iterator

from assess.engine.bank import Check, Edition
from assess.engine.conditions import looks_at
from assess.plans.buyer_view import LANGUAGES_AND_VISAS, Record, buyer_view_of

NEVER = LANGUAGES_AND_VISAS | {"core_worker_types"}
"""Ordinary, and never shared: what tells of languages, visas, or how the people who work there are employed."""

PICKED = frozenset({"choice", "choices", "number", "percentage"})
"""Kinds of questions whose answer is picked or counted. Rows of a table and typed words may name people and firms."""


def shareable_questions(record: Record, edition: Edition) -> frozenset[str]:
    """Questions whose answers a buyer may see when the business says so.

    Left out: all that are not ordinary, those about languages and visas, tables and typed words, and every question that a sum or a
    comparison over several answers looks at: several harmless answers together could spell out a grave one.
    """
    summed = frozenset(name for check in edition.checks for name in _looked_at(check))
    picked = frozenset(question.id for question in edition.questions() if question.type in PICKED)
    return (frozenset(buyer_view_of(record, edition).questions) & picked) - summed - NEVER


def _looked_at(check: Check) -> Iterator[str]:
    yield from check.inputs.values()
    for condition in (check.when, check.unless):
        if condition is not None:
            yield from looks_at(condition)
