from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assess.assessments.forms import read_section_form
from assess.bank_editor.examples import (
    BankExamples,
    ExampleError,
    ExampleOutcome,
    add_example,
    compare_examples,
    delete_example,
    drop_answers,
    evidence_share_of,
    expected_figures,
    figure_in_words,
    forms_for,
    give_answers,
    rename_example,
    score_example,
    write_figures,
    written_examples,
)
from assess.bank_editor.preview import PreviewEdition, PreviewState, edition_of_draft, without_faulty_examples
from assess.core.edit_conflicts import EditConflictError, etag
from assess.engine.bank import Column
from assess.engine.examples import run_example
from assess.question_banks.reader import compile_bank
from assess.question_banks.settings import settings_from
from tests.bank_editor.preview.conftest import At, Desk
from tests.builders import a_table
from tests.content_files import SHOP, START, TODAY, Edit, edition_after, sound_but
from tests.engine.real_banks import BANKS, bank_files, edition_of, examples_of


def standing(at: At, *edits: tuple[str, str, str]) -> BankExamples:
    draft_context = at(*edits)
    return BankExamples(draft_context, "shop", edition_of_draft(draft_context, "shop"), None)


def test_the_examples_stand_in_the_file_of_the_bank(sound: At) -> None:
    found = standing(sound, (SHOP, "score: 2.5", "score: 7"))
    assert (found.file, found.problems) == (SHOP, ())
    assert [one.title for one in found.examples] == ["family", "kept"]
    assert [one.title for one in found.broken] == ["family"]
    assert found.expected(found.broken[0]) == {"shown": 1, "exposure": 10, "gap": 0, "score": 2.5, "band": "low"}
    assert found.at(9) is None


def test_without_a_draft_that_can_be_scored_there_is_nothing_to_hold(sound: At) -> None:
    found = standing(sound, (SHOP, "show_if: {staff: {is: hired}}", "show_if: {nobody: {is: hired}}"))
    assert [one.number for one in found.problems] == ["BANK031"]
    lacking = ExampleOutcome(1, "family", "", {})
    assert (found.in_draft, found.examples, found.expected(lacking)) == (None, (), {})
    assert forms_for(found, lacking).parts == ()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_table_that_is_lacking_gets_its_rows(desk: Desk, sound: At) -> None:
    table = replace(a_table("rooms"), columns=(Column("people", "People", "number"),))
    form = MultiDict([("rooms.seen", "0"), ("rooms.0.people", "many"), ("add", "rooms")])
    lacking = ExampleOutcome(1, "family", "", {}, new=(table,))
    with desk.app.test_request_context(method="POST", data=form):
        made = forms_for(standing(sound), lacking, read_section_form(form, (table,)))
    assert made.tables
    assert "rooms.1.people" in made.parts[0]
    assert made.errors


COSTLIER: Edit = (START, "label: Others too, points: 2", "label: Others too, points: 3")
ROTA = "{id: rota, ask: Is there a rota?, type: text, kind: fact, dimension: pay, sources: [S1]}"
ONE_MORE: Edit = (SHOP, "    questions:\n", f"    questions:\n      - {ROTA}\n")
FIGURES = "expect: {band: critical, urgent_signs: [papers]}"
MORE_FIGURES: Edit = (SHOP, FIGURES, "expect: {score: 51.25, band: critical, urgent_signs: [papers]}")


def before() -> PreviewEdition:
    return PreviewEdition("Edition 1", edition_after(), settings_from(sound_but(), TODAY))


def held(sound: At, *edits: Edit, today: PreviewEdition | None) -> tuple[ExampleOutcome, ...]:
    draft_context = sound(*edits)
    trial, checked = edition_of_draft(draft_context, "shop"), without_faulty_examples(draft_context, "shop").compiled
    assert isinstance(trial, PreviewEdition)
    assert checked is not None
    return compare_examples(written_examples(draft_context, "shop"), trial, checked.document, today)


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
    assert list(family.errors) == ["staff"]
    assert "no option “robots”" in family.errors["staff"]
    assert (family.holds, kept.holds) == (False, True)


@pytest.mark.parametrize("bank", BANKS)
def test_figures_written_as_a_file_writes_them_hold(bank: str) -> None:
    trial = PreviewEdition("Here", edition_of(bank), settings_from(bank_files(), TODAY))
    for example in examples_of(bank):
        made = expected_figures(score_example(example, trial))
        assert run_example(trial.edition, replace(example, expect=made), trial.settings.scoring) == {}
        assert made | dict(example.expect) == {**made, **{name: made[name] for name in example.expect}}


def test_only_the_figures_that_were_expected_are_written() -> None:
    example = compile_bank(sound_but(), "shop").examples[1]
    assert expected_figures(score_example(example, before()), example.expect) == {
        "band": "critical",
        "urgent_signs": ["papers"],
    }
    whole = expected_figures(score_example(example, before()))
    assert (whole["shown"], whole["gap"], whole["notes"]) == (3, 0.6, [])


def test_figures_are_said_in_words() -> None:
    said = [figure_in_words(one, {"a": "Asked?"}) for one in (0.25, 12, "not_rated", ("a", "b"), [])]
    assert said == ["0.25", "12", "Not rated", "Asked?; b", "None"]


def test_proofs_that_were_noted_become_a_share() -> None:
    said = PreviewState(answers={"staff": "family"}, proofs=frozenset({"staff"}), evidence_share=0.2)
    assert evidence_share_of(said, before()) == 1
    assert evidence_share_of(replace(said, proofs=frozenset()), before()) == 0.2


def a_file() -> dict[str, Any]:
    return {
        "worked_examples": [
            {"title": "low", "answers": {"staff": "family"}, "expect": {"band": "low"}},
            {"title": "E1", "from": "low", "expect": {"band": "high"}},
        ]
    }


def mark(number: int) -> str:
    return etag(a_file()["worked_examples"][number - 1])


def test_figures_are_written_into_those_that_were_seen() -> None:
    data = a_file()
    write_figures(data, {1: (mark(1), {"band": "medium"}), 2: (mark(2), {"band": "low"})})
    assert [one["expect"] for one in data["worked_examples"]] == [{"band": "medium"}, {"band": "low"}]
    with pytest.raises(EditConflictError):
        write_figures(data, {1: (mark(1), {"band": "low"})})


def test_answers_go_where_the_example_keeps_them_and_come_out_again() -> None:
    data = a_file()
    give_answers(data, 1, mark(1), {"hours": 40})
    give_answers(data, 2, mark(2), {"staff": "hired"})
    low, other = data["worked_examples"]
    assert (low["answers"], other["change"]) == ({"staff": "family", "hours": 40}, {"staff": "hired"})
    drop_answers(data, 2, etag(other), frozenset({"staff", "from"}))
    assert (other["change"], "from" in other) == ({}, False)


def test_a_try_out_becomes_an_example_with_a_title_of_its_own() -> None:
    data: dict[str, Any] = {}
    said = PreviewState(quick=True, answers={"staff": "hired"}, evidence_share=0.5)
    add_example(data, "new", said, {"band": "low"})
    assert data["worked_examples"] == [
        {"title": "new", "quick": True, "evidence_share": 0.5, "answers": {"staff": "hired"}, "expect": {"band": "low"}}
    ]
    with pytest.raises(ExampleError, match="called “new” already"):
        add_example(data, "new", said, {})


def test_those_that_start_from_an_example_follow_its_name_and_keep_it_from_being_retired() -> None:
    data = a_file()
    with pytest.raises(ExampleError, match="start from it: E1"):
        delete_example(data, 1, mark(1))
    rename_example(data, 1, mark(1), "calm")
    assert [one.get("from") for one in data["worked_examples"]] == [None, "calm"]
    with pytest.raises(ExampleError):
        rename_example(data, 2, etag(data["worked_examples"][1]), "calm")


def test_the_last_example_takes_the_list_with_it() -> None:
    data = a_file()
    delete_example(data, 2, mark(2))
    delete_example(data, 1, mark(1))
    assert data == {}
