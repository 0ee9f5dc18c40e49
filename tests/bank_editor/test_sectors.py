from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from assess.bank_editor.sectors import (
    FIELDS,
    INDUSTRIES,
    SCORING,
    SEASONS,
    FirstQuestion,
    NewSector,
    UnsoundFileError,
    best_answer,
    good_answers,
    prefix_for,
    sector_choices,
    sector_files,
    sector_from,
    starting_examples,
    worst_answer,
)
from assess.engine.bank import AnswerValue, NumberBand, Option, Question, QuestionType, RuleStep, TickStep
from assess.engine.points import best_points
from assess.engine.question_types import answer_scorer
from assess.engine.scoring import score_answers
from assess.question_banks.files import QUESTIONNAIRES, ContentFiles, bundled_files, content_files, read_folder
from assess.question_banks.reader import load_bank
from assess.question_banks.settings import settings_from
from assess.question_banks.validation import check_files
from tests.bank_editor.sectors.sector_form import CONSTRUCTION
from tests.content_files import TODAY, sound_but

CHOICES = sector_choices(read_folder(QUESTIONNAIRES))
TYPED = {**dict.fromkeys(FIELDS, ""), **CONSTRUCTION}


def test_what_is_typed_makes_a_sector_with_an_id_from_its_title() -> None:
    made, errors = sector_from(MultiDict(TYPED), CHOICES, {"farming"})
    assert errors == {}
    assert made is not None
    assert (made.id, made.base, made.codes, made.busy, made.frame) == (
        "construction",
        40,
        ("41", "42", "43"),
        None,
        None,
    )
    assert made.first is not None


def test_pages_taken_over_need_no_first_question() -> None:
    typed = {
        **TYPED,
        **dict.fromkeys(("section", "ask", "why", "do", "owner", "source", "dimension"), ""),
        "frame": "farming",
    }
    made, errors = sector_from(MultiDict(typed), CHOICES, set())
    assert errors == {}
    assert made is not None
    assert (made.frame, made.first) == ("farming", None)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": ""}, {"title"}),
        ({"title": "x" * 61}, {"title"}),
        ({"id": "Con-struction"}, {"id"}),
        ({"id": "owners"}, {"id"}),
        ({"id": "any"}, {"id"}),
        ({"id": "retired"}, {"id"}),
        ({"title": "…"}, {"id"}),
        ({"base": "101"}, {"base"}),
        ({"base": "much"}, {"base"}),
        ({"base": "nan"}, {"base"}),
        ({"codes": "41-43"}, {"codes"}),
        ({"first_month": "3"}, {"last_month"}),
        ({"first_month": "0", "last_month": "13"}, {"first_month", "last_month"}),
        ({"dimension": "strange", "poor": "", "kind": "fact"}, {"dimension", "poor", "kind"}),
        ({"ask": "", "frame": "strange"}, {"ask"}),
    ],
)
def test_each_fault_is_told_beside_its_field(change: dict[str, str], where: set[str]) -> None:
    made, errors = sector_from(MultiDict({**TYPED, **change}), CHOICES, {"retired"})
    assert made is None
    assert set(errors) == where


def test_months_may_run_over_the_new_year() -> None:
    made, _ = sector_from(MultiDict({**TYPED, "first_month": "11", "last_month": "2"}), CHOICES, set())
    assert made is not None
    assert made.busy == (11, 2)


SETTINGS = settings_from(bundled_files(), TODAY).scoring
CHEAP, DEAR, DK = Option("none", "None", 0), Option("all", "All", 4), Option("dk", "Don’t know", 0)


def a_question(kind: QuestionType, **more: object) -> Question:
    return Question(id="q", ask="?", type=kind, kind="safeguard", dimension="d", **more)  # type: ignore[arg-type]  # as each case needs


@pytest.mark.parametrize("bank", ["farming", "car_washes", "hospitality"])
def test_good_answers_of_a_whole_bank_leave_no_gap_and_nothing_unsaid(bank: str) -> None:
    edition = load_bank(bundled_files(), bank).edition
    result = score_answers(edition, good_answers(edition, SETTINGS), SETTINGS)
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
def test_the_best_answer(question: Question, answer: AnswerValue | None) -> None:
    found = best_answer(question, SETTINGS)
    assert found == answer


def test_a_rate_that_can_cover_legal_pay_is_the_best_one() -> None:
    steps = (RuleStep("good", 0), RuleStep("thin", 2), RuleStep("low", 4))
    question = a_question("number", rule="labour_provider_rate", steps=steps)
    rate = best_answer(question, SETTINGS)
    assert rate is not None
    assert answer_scorer(question, SETTINGS)(rate).points == best_points(question) == 0


def test_the_worst_answer_is_never_dont_know() -> None:
    assert worst_answer(a_question("choice", options=(CHEAP, DEAR, Option("dk", "Don’t know", 9)))) == "all"
    assert worst_answer(a_question("choices", options=(CHEAP, DEAR))) == ["all"]
    assert worst_answer(a_question("number")) is None


def test_worked_examples_say_what_the_engine_says() -> None:
    edition = load_bank(bundled_files(), "car_washes").edition
    good, poor = starting_examples(edition, SETTINGS)
    assert good["expect"]["exposure"] == SETTINGS.base["car_washes"]
    assert poor["from"] == good["title"]
    assert poor["expect"]["exposure"] > good["expect"]["exposure"]
    assert list(poor["change"]) == ["wash_type"]


FIRST = FirstQuestion(
    "Who is on your sites", "Does the gate check match each face?", "no", "safeguard", "freedom",
    "Cards are faked: often.", "Match each face.", "owner", "S1",
)  # fmt: skip
WANTED = NewSector("building", "Building work", 40, "As reports have it.", FIRST)


def after(bank_files: ContentFiles, wanted: NewSector) -> tuple[dict[str, bytes], ContentFiles]:
    files = sector_files(bank_files, wanted, TODAY)
    return files, ContentFiles({**bank_files.files, **content_files(files).files})


@pytest.mark.parametrize("poor", ["yes", "no"])
@pytest.mark.parametrize("kind", ["safeguard", "exposure"])
def test_a_new_sector_has_no_problem_and_worked_examples_that_hold(poor: str, kind: str) -> None:
    _, whole = after(sound_but(), replace(WANTED, first=replace(FIRST, poor=poor, kind=kind)))
    assert check_files(whole, TODAY).problems == ()
    data = whole.files["building.yaml"].data
    examples = data["worked_examples"]
    assert isinstance(examples, list)
    assert examples[1]["change"] == {"buil_gate_check_match": poor}


def test_every_row_of_the_base_has_its_number_and_the_newest_says_why() -> None:
    files, _ = after(sound_but(), WANTED)
    text = files[SCORING].decode()
    assert text.count("building: 40") == sound_but().files[SCORING].text.count("shop: ")
    assert "Building work: As reports have it." in text


def test_the_real_folder_takes_pages_a_season_and_codes_and_stays_to_the_letter_elsewhere() -> None:
    bank_files = read_folder(QUESTIONNAIRES)
    files, whole = after(bank_files, replace(WANTED, first=None, frame="car_washes", codes=("41", "01"), busy=(11, 2)))
    assert [one for one in check_files(whole, TODAY).problems if not one.warning] == []
    sections, theirs = (whole.files[name].data["sections"] for name in ("building.yaml", "car_washes.yaml"))
    assert isinstance(sections, list)
    assert isinstance(theirs, list)
    assert [one["title"] for one in sections] == [one["title"] for one in theirs]
    assert {len(one["questions"]) for one in sections} == {1}
    assert all(one["questions"][0]["id"].startswith("buil_") for one in sections)
    before, now = bank_files.files[INDUSTRIES].text.splitlines(), files[INDUSTRIES].decode().splitlines()
    changed = [(old, new) for old, new in zip(before, now, strict=True) if old != new]
    assert changed
    assert all(new == f"{old}building" and old.startswith("41") for old, new in changed)
    assert "first_month: 11" in files[SEASONS].decode()
    assert files[SEASONS].decode().startswith(bank_files.files[SEASONS].text.rstrip("\n"))


def test_a_file_that_has_to_be_put_right_first_is_named() -> None:
    broken = sound_but((SCORING, "format: 1", "formt: 1"))
    with pytest.raises(UnsoundFileError, match=SCORING):
        sector_files(broken, WANTED, TODAY)
    broken = sound_but(("shop.yaml", "ask: Who keeps", "aks: Who keeps"))
    with pytest.raises(UnsoundFileError, match=r"shop\.yaml"):
        sector_files(broken, replace(WANTED, first=None, frame="shop"), TODAY)


def test_a_draft_with_broken_settings_gets_the_bank_without_examples() -> None:
    files, _ = after(sound_but((SCORING, "id: floor", "id: flor")), WANTED)
    assert b"worked_examples" not in files["building.yaml"]


def test_a_beginning_of_ids_is_one_that_no_question_has() -> None:
    assert prefix_for("construction", ["farm_pay"]) == "cons"
    assert prefix_for("construction", ["cons_pay", "const"]) == "constr"
    assert prefix_for("care", ["care_pay"]) == "care"
