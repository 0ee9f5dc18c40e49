"""A scale, and a yes or no with a few words about it: scored and read as a choice; the words stand in one place alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assess.engine.assessing import EditionRef, EngineInput, assess
from assess.engine.bank import Column, Edition, Option, Question
from assess.engine.bank_validation import check_edition
from assess.engine.conditions import Leaf
from assess.engine.edition_changes import CarryOverReason, answers_for_edition, carry_over
from assess.engine.examples import resolve_examples
from assess.engine.free_text import free_text_paths, free_texts, with_texts_removed
from assess.engine.question_types import QUESTION_TYPES, SCALE, answer_scorer, answer_text, number_text
from assess.engine.record import Operator, RecordOrganisation, make_record
from assess.engine.scoring import score_answers
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from tests.builders import a_bank, a_check, a_number, a_question, an_action, some_settings

TODAY = date(2026, 11, 30)
SETTINGS = some_settings(base={"small": 60})
DETAIL = "Mr Popa told us in March"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(8.555, "£", "£8.56"), (0.005, "£ a day", "£0.01 a day"), (1.005, "hours", "1.01 hours"), (7.0, None, "7")],
)
def test_half_a_penny_is_rounded_up_as_people_do(value: float, unit: str | None, said: str) -> None:
    assert number_text(value, unit) == said
    assert number_text(1e300, unit), "any finite number may be given"


def a_scale(*points: float, **changes: Any) -> Question:
    options = [Option(step, step.capitalize(), cost) for step, cost in zip(SCALE, points, strict=True)]
    options.append(Option("dk", "Don’t know", max(points)))
    return a_question("often", type="scale", options=tuple(options), action=an_action("Stop it."), **changes)


def a_yes_no(**changes: Any) -> Question:
    options = (Option("yes", "Yes", 4), Option("no", "No", 0), Option("dk", "Don’t know", 4))
    return a_question("fees", type="yes_no_detail", options=options, action=an_action("Pay it back."), **changes)


def as_choice(question: Question) -> Question:
    return a_question(question.id, options=question.options, action=question.action)


@pytest.mark.parametrize("answer", [*SCALE, "dk"])
def test_a_scale_is_scored_as_a_choice(answer: str) -> None:
    question = a_scale(0, 1, 2, 3, 4)
    result, other = (score_answers(a_bank(one), {"often": answer}, SETTINGS) for one in (question, as_choice(question)))
    assert (result.score, result.range_low, result.range_high, result.lines) == (
        other.score,
        other.range_low,
        other.range_high,
        other.lines,
    )


def test_each_of_a_thousand_answers_to_one_question_gets_its_own_points() -> None:
    score = answer_scorer(a_number(), SETTINGS)
    points = [score(number).points for number in [*range(1000), *range(1000)]]
    assert points == [0.0 if number <= 10 else 2.0 if number <= 20 else 4.0 for number in [*range(1000), *range(1000)]]


def test_words_beside_a_yes_change_no_score_and_no_condition() -> None:
    behind = a_question("behind", show_if=Leaf("fees", "is", "yes"))
    with_words = score_answers(a_bank(a_yes_no(), behind), {"fees": {"choice": "yes", "detail": DETAIL}}, SETTINGS)
    without = score_answers(a_bank(a_yes_no(), behind), {"fees": "yes"}, SETTINGS)
    assert with_words == without
    assert with_words.missing == ("behind",)
    assert with_words.lines[0].points == 4


def a_record(edition: Edition, answer: object) -> dict[str, Any]:
    dated = replace(settings_from(bundled_files(), TODAY), scoring=SETTINGS)
    said = EngineInput({"fees": answer}, {})
    return make_record(
        edition,
        EditionRef(edition.bank, 1, "0" * 64),
        said,
        assess(edition, said, dated, TODAY),
        settings=dated,
        organisation=RecordOrganisation("Fen Edge", "norfolk"),
        operator=Operator("The Network", "hello@network.example", "complaints@network.example"),
        today=TODAY,
    )


def test_words_beside_a_yes_stand_once_in_a_record_and_can_be_taken_out() -> None:
    edition = a_bank(a_yes_no())
    record = a_record(edition, {"choice": "yes", "detail": DETAIL})
    row = record["sections"][0]["questions"][0]
    assert row["answer_text"] == ["Yes", DETAIL]
    assert json.dumps(record).count(DETAIL) == 2  # the answer, and the same in words
    assert record["actions"][0]["parts"][0]["why_answer"] == "Yes"
    assert DETAIL not in json.dumps(with_texts_removed(record, free_text_paths(record)))
    assert free_texts(edition.questions()[0], {"choice": "yes", "detail": DETAIL}) == [DETAIL]
    assert free_texts(edition.questions()[0], "yes") == []


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            a_question("often", type="scale", options=(Option("never", "Never", 0), Option("dk", "Don’t know", 4))),
            "“often” lacks “options” with the ids never, rarely, sometimes, often, always, in this order.",
        ),
        (
            a_question("fees", type="yes_no_detail", options=(Option("no", "No", 0), Option("yes", "Yes", 4))),
            "“fees” lacks “options” that begin with yes and no.",
        ),
    ],
)
def test_what_each_type_needs(question: Question, message: str) -> None:
    found = [one for one in check_edition(a_bank(question), None) if one.number == "BANK061"]
    assert [one.message for one in found] == [f"{message} Add the key named here."]


def test_nobody_writes_anything_beside_a_sign() -> None:
    said = "“fees” can raise a sign, and beside a sign nobody is asked to write anything."
    by_check = a_check("X", when=Leaf("fees", "is", "yes"), sign="serious", ilo=(8,))
    for bank in (a_bank(a_yes_no(can_sign=True)), a_bank(a_yes_no(), checks=[by_check])):
        found = [one.message for one in check_edition(bank, None) if one.number == "BANK062"]
        assert found == [f"{said} Take the key out, or change the type."]
    assert not [one for one in check_edition(a_bank(a_yes_no()), None) if one.number == "BANK062"]


@pytest.mark.parametrize("question", [a_scale(0, 1, 2, 3, 4), a_yes_no()])
def test_a_whole_question_has_no_problem_of_its_type(question: Question) -> None:
    numbers = {one.number for one in check_edition(a_bank(question), None)}
    assert numbers.isdisjoint({"BANK035", "BANK050", "BANK057", "BANK058", "BANK059", "BANK061", "BANK062"})


def test_a_choice_may_become_a_yes_or_no_with_words_and_not_the_other_way_round() -> None:
    question = a_yes_no()
    choice = as_choice(question)
    there = carry_over(a_bank(choice), a_bank(question), {"fees": "yes"})
    assert there.kept == {"fees": "yes"}
    back = carry_over(a_bank(question), a_bank(choice), {"fees": {"choice": "yes", "detail": DETAIL}})
    assert back.left_behind == {"fees": CarryOverReason.TYPE}


def test_words_go_along_with_their_yes_into_another_edition() -> None:
    said = {"choice": "yes", "detail": DETAIL}
    assert carry_over(a_bank(a_yes_no()), a_bank(a_yes_no()), {"fees": said}).kept == {"fees": said}
    heir = a_yes_no(replaces="costs", option_map={"ja": "yes"})
    old = a_question("costs", type="yes_no_detail", options=(Option("ja", "Yes"), Option("no", "No")))
    carried = carry_over(a_bank(old), a_bank(heir), {"costs": {"choice": "ja", "detail": DETAIL}})
    assert carried.confirm["fees"].value == said
    assert answers_for_edition(a_bank(heir), {"costs": {"choice": "ja", "detail": DETAIL}}) == {"fees": said}


def test_an_answer_in_words() -> None:
    assert answer_text(a_yes_no(), {"choice": "yes", "detail": DETAIL}) == ["Yes", DETAIL]
    assert answer_text(a_yes_no(), "dk") == "Don’t know"
    assert answer_text(a_scale(0, 1, 2, 3, 4), "often") == "Often"


def test_a_worked_example_names_the_option_alone() -> None:
    document = {"sections": [{"questions": [{"id": "fees", "type": "yes_no_detail", "options": [{"id": "yes"}]}]}]}
    for answer, message in (
        ("yes", ""),
        ({"choice": "yes", "detail": "x"}, "“fees” takes one option id. Use ids and values that the bank allows."),
    ):
        raw = [{"title": "One", "answers": {"fees": answer}, "expect": {}}]
        _, problems = resolve_examples(raw, document)
        assert [one.message for one in problems] == ([message] if message else [])


def test_free_text_is_never_shown_to_a_buyer() -> None:
    for name, kind in QUESTION_TYPES.items():
        assert not (kind.shareable and kind.takes_free_text(a_question("q", type=name, options=(), columns=())))


def test_what_a_type_does_not_say_holds_for_a_text_that_is_never_scored() -> None:
    day = a_question("day", type="date", kind="fact", options=())
    assert free_texts(day, "2026-03-27") == []
    assert QUESTION_TYPES["date"].without_detail("2026-03-27") == "2026-03-27"
    with pytest.raises(NotImplementedError):
        answer_scorer(day, SETTINGS)


def test_what_is_no_list_goes_along_as_it_is_where_several_may_be_chosen() -> None:
    several = a_question("q", type="choices", options=(Option("a", "A", 0),))
    assert QUESTION_TYPES["choices"].still_offered(several, "a") == "a"


def test_a_row_of_a_table_and_a_date_are_said_as_people_write_them() -> None:
    columns = (
        Column("checked", "Date you last checked", "date"),
        Column("price", "Price for each worker an hour, in pounds", "number"),
        Column("workers", "Number of workers", "number", whole=True),
    )
    table = a_question("providers", type="table", columns=columns, options=(), action=None)
    rows = [{"checked": "2025-11-20", "price": 16.9, "workers": 12}, {"checked": "last spring"}]
    assert answer_text(table, rows) == [
        "Date you last checked: 20 November 2025; Price for each worker an hour: £16.90; Number of workers: 12",
        "Date you last checked: last spring",
    ]
    assert answer_text(a_question("day", type="date", options=(), action=None), "2026-03-01") == "1 March 2026"
    assert answer_text(a_question("day", type="date", options=(), action=None), "dk") == "Don’t know"
