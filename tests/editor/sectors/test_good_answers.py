from __future__ import annotations

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reader import load_bank
from assess.banks.settings import settings_on
from assess.editor.sectors.good_answers import best_answer, examples_of, good_answers, worst_answer
from assess.engine.bank import NumberBand, Option, Question, QuestionType, RuleStep, TickStep, Value
from assess.engine.marks import best_points, marker_of
from assess.engine.scoring import score
from tests.shelves import TODAY

SETTINGS = settings_on(QUESTIONNAIRES, TODAY).scoring
CHEAP, DEAR, DK = Option("none", "None", 0), Option("all", "All", 4), Option("dk", "Don’t know", 0)


def a_question(kind: QuestionType, **more: object) -> Question:
    return Question(id="q", ask="?", type=kind, kind="safeguard", dimension="d", **more)  # type: ignore[arg-type]  # as each case needs


@pytest.mark.parametrize("bank", ["farming", "car_washes", "hospitality"])
def test_good_answers_of_a_whole_bank_leave_no_gap_and_nothing_unsaid(bank: str) -> None:
    edition = load_bank(QUESTIONNAIRES, bank).edition
    result = score(edition, good_answers(edition, SETTINGS), SETTINGS)
    assert (result.gap, result.band, result.notes) == (0, "low", ())
    assert all(line.points == 0 for line in result.lines)
    unsaid = {one.id for one in edition.questions() if one.type in {"text", "date"}}
    assert set(result.missing) <= unsaid


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (a_question("choice", options=(DK, DEAR, CHEAP)), "none"),
        (a_question("choice", options=(Option("a", "A", 1, sign="serious"), Option("b", "B", 1), DK)), "b"),
        (a_question("choice", options=(DK,)), "dk"),
        (a_question("choices", options=(DEAR, CHEAP, DK)), ["none"]),
        (
            a_question(
                "choices",
                options=(Option("a", "A"), Option("b", "B"), Option("none", "None"), DK),
                ticks=(TickStep(0, 4), TickStep(2, 0)),
            ),
            ["a", "b"],
        ),
        (a_question("choices", options=(Option("a", "A"), Option("none", "None")), ticks=(TickStep(0, 0),)), ["none"]),
        (a_question("number", bands=(NumberBand(48, 0), NumberBand(None, 3))), 48),
        (a_question("number", bands=(NumberBand(2.5, 3), NumberBand(None, 0))), 3.5),
        (a_question("percentage", bands=()), 0),
        (a_question("number", rule="housing_charge", steps=(RuleStep("free", 0), RuleStep("above", 4))), 0),
        (a_question("table"), []),
        (a_question("text"), None),
    ],
)
def test_the_best_answer(question: Question, answer: Value | None) -> None:
    found = best_answer(question, SETTINGS)
    assert found == answer


def test_a_rate_that_can_cover_legal_pay_is_the_best_one() -> None:
    steps = (RuleStep("good", 0), RuleStep("thin", 2), RuleStep("low", 4))
    question = a_question("number", rule="labour_provider_rate", steps=steps)
    rate = best_answer(question, SETTINGS)
    assert rate is not None
    assert marker_of(question, SETTINGS)(rate).points == best_points(question) == 0


def test_the_worst_answer_is_never_dont_know() -> None:
    assert worst_answer(a_question("choice", options=(CHEAP, DEAR, Option("dk", "Don’t know", 9)))) == "all"
    assert worst_answer(a_question("choices", options=(CHEAP, DEAR))) == ["all"]
    assert worst_answer(a_question("number")) is None


def test_worked_examples_say_what_the_engine_says() -> None:
    edition = load_bank(QUESTIONNAIRES, "car_washes").edition
    good, poor = examples_of(edition, SETTINGS)
    assert good["expect"]["exposure"] == SETTINGS.base["car_washes"]
    assert poor["from"] == good["title"]
    assert poor["expect"]["exposure"] > good["expect"]["exposure"]
    assert list(poor["change"]) == ["wash_type"]
