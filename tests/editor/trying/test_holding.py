from __future__ import annotations

from dataclasses import replace

import pytest

from assess.banks.reader import compile_from
from assess.banks.settings import settings_from
from assess.editor.trying.carrying import Tried
from assess.editor.trying.editions import ToTry, of_draft, without_faulty_examples
from assess.editor.trying.holding import (
    Held,
    expected_of,
    hold_against,
    in_words,
    result_of,
    share_of,
    written_examples,
)
from assess.engine.examples import run_example
from tests.editor.trying.conftest import At
from tests.engine.real_banks import BANKS, edition_of, examples_of, shelf
from tests.shelves import SHOP, START, TODAY, Edit, edition_after, sound_but

COSTLIER: Edit = (START, "label: Others too, points: 2", "label: Others too, points: 3")
ROTA = "{id: rota, ask: Is there a rota?, type: text, kind: fact, dimension: pay, sources: [S1]}"
ONE_MORE: Edit = (SHOP, "    questions:\n", f"    questions:\n      - {ROTA}\n")
FIGURES = "expect: {band: critical, urgent_signs: [papers]}"
MORE_FIGURES: Edit = (SHOP, FIGURES, "expect: {score: 51.25, band: critical, urgent_signs: [papers]}")


def before() -> ToTry:
    return ToTry("Edition 1", edition_after(), settings_from(sound_but(), TODAY))


def held(sound: At, *edits: Edit, today: ToTry | None) -> tuple[Held, ...]:
    at_work = sound(*edits)
    trial, checked = of_draft(at_work, "shop"), without_faulty_examples(at_work, "shop").compiled
    assert isinstance(trial, ToTry)
    assert checked is not None
    return hold_against(written_examples(at_work, "shop"), trial, checked.document, today)


def test_examples_that_hold_say_so(sound: At) -> None:
    family, kept = held(sound, today=before())
    assert (family.number, family.title, family.holds, family.lines, family.new) == (1, "family", True, (), ())
    assert [one.name for one in kept.figures] == ["Band", "Urgent signs"]
    assert kept.figures[1].wanted == "Who keeps the workers’ papers"


def test_a_figure_that_differs_stands_beside_the_new_one_with_the_line_that_made_it(sound: At) -> None:
    kept = held(sound, COSTLIER, MORE_FIGURES, today=before())[1]
    assert not kept.holds
    assert [(one.name, one.holds) for one in kept.figures] == [("Score", False), ("Band", True), ("Urgent signs", True)]
    assert [(one.name, one.here, one.there) for one in kept.lines] == [("Who works here?", "3 of 3", "2 of 3")]


def test_a_new_question_is_one_to_answer_and_one_left_open_on_purpose_is_not(sound: At) -> None:
    family, _ = held(sound, ONE_MORE, today=before())
    assert [question.id for question in family.new] == ["rota"]
    assert held(sound, ONE_MORE, today=None)[0].new == ()
    open_before: Edit = (SHOP, "{staff: hired, hours: 40, papers: we}", "{staff: hired, papers: we}")
    assert held(sound, open_before, today=before())[1].new == ()


def test_an_answer_that_cannot_be_given_is_told_and_the_others_are_still_judged(sound: At) -> None:
    family, kept = held(sound, (SHOP, "answers: {staff: family}", "answers: {staff: robots}"), today=before())
    assert list(family.faults) == ["staff"]
    assert "no option “robots”" in family.faults["staff"]
    assert (family.holds, kept.holds) == (False, True)


@pytest.mark.parametrize("bank", BANKS)
def test_figures_written_as_a_file_writes_them_hold(bank: str) -> None:
    trial = ToTry("Here", edition_of(bank), settings_from(shelf(), TODAY))
    for example in examples_of(bank):
        made = expected_of(result_of(example, trial))
        assert run_example(trial.edition, replace(example, expect=made), trial.settings.scoring) == {}
        assert made | dict(example.expect) == {**made, **{name: made[name] for name in example.expect}}


def test_only_the_figures_that_were_expected_are_written() -> None:
    example = compile_from(sound_but(), "shop").examples[1]
    assert expected_of(result_of(example, before()), example.expect) == {"band": "critical", "urgent_signs": ["papers"]}
    whole = expected_of(result_of(example, before()))
    assert (whole["shown"], whole["gap"], whole["notes"]) == (3, 0.6, [])


def test_figures_are_said_in_words() -> None:
    said = [in_words(one, {"a": "Asked?"}) for one in (0.25, 12, "not_rated", ("a", "b"), [])]
    assert said == ["0.25", "12", "Not rated", "Asked?; b", "None"]


def test_proofs_that_were_noted_become_a_share() -> None:
    said = Tried(answers={"staff": "family"}, proofs=frozenset({"staff"}), evidence_share=0.2)
    assert share_of(said, before()) == 1
    assert share_of(replace(said, proofs=frozenset()), before()) == 0.2
