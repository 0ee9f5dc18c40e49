"""How far a business has come, by one rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.assessments.progress import Progress, Status, what_is_left
from assess.banks.reader import load_bank
from assess.engine.bank import Edition
from assess.engine.conditions import HIDDEN
from assess.engine.visibility import Settled, settle

FOLDER = Path(__file__).parents[2] / "questionnaires"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_bank(FOLDER, "farming").edition


def found(edition: Edition, answers: dict[str, object]):  # noqa: ANN201 - a test
    return Progress(edition, settle(edition, answers))


def test_nothing_is_started_at_first(edition: Edition) -> None:
    start = found(edition, {})
    assert {part.status for part in start.sections} <= {Status.NOT_STARTED, Status.DEPENDS, Status.NOT_NEEDED}
    assert start.left == sum(part.shown for part in start.sections)
    assert start.minutes >= 20
    assert what_is_left(start) == f"{start.left} questions left, about {start.minutes} minutes."


def test_a_section_is_done_when_all_it_shows_is_answered(edition: Edition) -> None:
    section = edition.sections[1]
    answers = {question.id: "dk" for question in section.questions}
    done = found(edition, answers)
    assert next(part for part in done.sections if part.section is section).status is Status.DONE
    answers.popitem()
    part = next(part for part in found(edition, answers).sections if part.section is section)
    assert (part.status, part.left) == (Status.IN_PROGRESS, 1)


def test_the_way_leads_through_all_sections_that_show_something(edition: Edition) -> None:
    start = found(edition, {})
    way = [start.way[0]]
    while (following := start.after(way[-1])) is not None:
        way.append(following)
    assert way == start.way == [part.section.id for part in start.sections if part.shown]


def test_when_all_is_answered_nothing_is_left(edition: Edition) -> None:
    answers = {question.id: "dk" for question in edition.questions()}
    assert what_is_left(found(edition, answers)) == "You have answered every question we ask you."


def test_one_is_one() -> None:
    class One:
        left = minutes = 1

    assert what_is_left(One()) == "1 question left, about 1 minute."


def test_hidden_sections_are_not_needed(edition: Edition) -> None:
    nothing = Settled({question.id: HIDDEN for question in edition.questions()}, (), (), 0)
    assert {part.status for part in Progress(edition, nothing).sections} == {Status.NOT_NEEDED}
