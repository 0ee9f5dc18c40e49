"""No mark in the business's own file sorts the sensitive questions from the others, in any bank and whatever was answered.

Words tell what they tell: the text of an action, its date and its theme stand in the plan too. What is looked for here is what a
program could sort by without reading: yes or no, nothing where others have something, a key that only some have, a list of ids.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from assess.plans.attached import ASSESSMENT, attached_files
from assess.plans.copies import business_record, ordinary_questions
from tests.engine.real_banks import BANKS, edition_of
from tests.long_runs import either
from tests.plans.records import Record, a_record, answers_of, scenario
from tests.plans.test_copies import TO_SHOW, base_of, raising, sign_cases

Marks = dict[tuple[object, ...], set[str]]
ADVICE = {"core_controller": "yes"}
"""A sign of third-party control: actions wait for advice."""


@cache
def records(bank: str) -> tuple[Record, ...]:
    """The scenarios, each sign there is, each that may be there unknown, one while actions wait, and one half answered."""
    low = f"{bank} low"
    may_sign = [question.id for question in edition_of(bank).questions() if question.can_sign]
    half = {name: None for place, name in enumerate(answers_of(bank, low)) if place % 2}
    return (
        *(scenario(bank, f"{bank} {level}") for level in ("low", "medium", "critical")),
        *(raising(bank, name, answer) for found, name, _, answer in sign_cases() if found == bank),
        *(a_record(bank, base_of(bank, name), change={**TO_SHOW.get(name, {}), name: "dk"}) for name in may_sign),
        a_record(bank, f"{bank} critical", change=ADVICE),
        a_record(bank, low, change=half),
    )


def marks_in(value: Any, ids: frozenset[str], path: tuple[str, ...] = (), about: str = "") -> Iterator[tuple[Any, str]]:
    """Every mark and the question it is on: a key that is there, a yes, a no, a nothing, and an id in a list or as a key."""
    if isinstance(value, dict):
        about = next((name for name in (value.get("question"), value.get("id")) if name in ids), about)
        for key, part in value.items():
            if key in ids:
                yield (*path, "a key"), key
            if about:
                yield (*path, key, "there"), about
            yield from marks_in(part, ids, (*path, key), about)
    elif isinstance(value, list):
        for part in value:
            yield from marks_in(part, ids, path, about)
    elif isinstance(value, str) and value in ids:
        yield (*path, "named"), value
    elif about and (value is None or isinstance(value, bool)):
        yield (*path, value), about


def marks_of(bank: str, files: Iterator[Any]) -> Marks:
    ids = frozenset(question.id for question in edition_of(bank).questions())
    found: Marks = defaultdict(set)
    for content in files:
        for mark, question in marks_in(content, ids):
            found[mark].add(question)
    return found


def sorting(bank: str, marks: Marks) -> list[tuple[object, ...]]:
    """The marks that stand on sensitive questions alone."""
    ordinary = frozenset[str]().union(*(ordinary_questions(record) for record in records(bank)))
    return [mark for mark, questions in marks.items() if not questions & ordinary]


def assessment_in(record: Record) -> Any:
    return next(json.loads(file.content) for file in attached_files(record, "business") if file.name == ASSESSMENT)


@pytest.mark.parametrize("bank", either(BANKS[:1], BANKS))
def test_no_mark_stands_on_sensitive_questions_alone(bank: str) -> None:
    marks = marks_of(bank, (assessment_in(record) for record in records(bank)))
    assert len(marks) > 40
    assert sorting(bank, marks) == []


@pytest.mark.parametrize("bank", BANKS)
def test_the_marks_that_were_taken_out_would_have_been_found(bank: str) -> None:
    """So the test above can fail: the record our own pages are drawn from has them."""
    found = sorting(bank, marks_of(bank, (business_record(record) for record in records(bank))))
    wanted = {("actions", "ordinary", False), ("actions", "fails", True)}
    assert wanted <= set(found)
    assert any(mark[0] == "charges" for mark in found) is bool(scenario(bank, f"{bank} low")["charges"])
    whole = set(sorting(bank, marks_of(bank, iter(records(bank)))))
    assert {("sections", "questions", mark, True) for mark in ("can_sign", "waits_for_advice")} <= whole
    assert ("result", "urgent_signs", "named") in whole
