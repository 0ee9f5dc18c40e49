"""Rendered once, filled many times."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from assess.assessments.forms import FormAnswer, form_answer_from_stored
from assess.assessments.question_parts import (
    MAX_CACHED_ANSWERS,
    FragmentTemplate,
    QuestionFragment,
    input_label,
    make_question_fragment,
    placeholder,
)
from assess.core.pages import TEMPLATES, StrictEnvironment
from assess.engine.bank import Column, Option, Question
from assess.question_banks.files import QUESTIONNAIRES
from assess.question_banks.reader import bank_names, load_bank
from assess.question_banks.settings import settings_on

PLAIN = st.text(st.characters(exclude_categories=["Co", "Cs"]), max_size=30)


def test_slots_of_one_name_are_filled_alike_and_others_stay_empty() -> None:
    mould = FragmentTemplate(f"<a {placeholder('on')}>{placeholder('text')}</a>{placeholder('on')}")
    assert mould.fill({"on": "x"}) == "<a x></a>x"
    assert mould.fill({}) == "<a ></a>"


@given(st.lists(PLAIN, max_size=6), st.lists(PLAIN, min_size=6, max_size=6))
def test_a_fragment_changes_nothing_around_its_slots(pieces: list[str], values: list[str]) -> None:
    text = "".join(f"{piece}{placeholder(str(number))}" for number, piece in enumerate(pieces))
    wanted = "".join(f"{piece}{values[number]}" for number, piece in enumerate(pieces))
    assert FragmentTemplate(text).fill({str(number): value for number, value in enumerate(values)}) == wanted


OPTIONS = tuple(Option(id=name, label=name.title()) for name in ("yes", "no", "none", "dk"))


class _Strict(Flask):
    jinja_environment = StrictEnvironment


ENVIRONMENT = _Strict("parts", static_folder=None, template_folder=str(TEMPLATES)).jinja_env


def question(kind: str, **more: Any) -> Question:
    return Question(id="q", ask="What & how?", type=kind, kind=more.pop("role", "safeguard"), dimension="d", **more)


def part(asked: Question) -> QuestionFragment:
    return make_question_fragment(asked, {}, ENVIRONMENT)


def soup(html: str | bytes) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_what_is_typed_is_escaped_wherever_it_stands() -> None:
    evil = '"><script>alert(1)</script>'
    for asked in (question("number"), question("text"), question("date"), question("choice", options=OPTIONS)):
        assert "<script>" not in part(asked).fill(FormAnswer(texts=(evil,)), 0, ["Enter “" + evil + "”."])
    table = question("table", columns=(Column("firm", "Firm", "text"), Column("kind", "Kind", "choice", OPTIONS)))
    rows = FormAnswer(rows=({"firm": evil, "kind": evil},))
    html = part(table).fill(rows, 0, {0: {"firm": [evil], evil: [evil]}})
    assert "<script>" not in html
    assert soup(html).select_one("input[name='q.0.firm']")["value"] == evil


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_an_answer_that_is_offered_no_longer_is_shown_to_whoever_gave_it(kind: str) -> None:
    old = Option(id="old", label="As before", retired=True)
    asked = part(question(kind, options=(old, *OPTIONS)))
    given = "old" if kind == "choice" else ["old", "yes"]
    for html in (
        asked.fill(FormAnswer(), 0),
        asked.answered(None, proof=False, revision=1),
        asked.fill(FormAnswer(("yes",)), 0),
    ):
        shown = soup(html)
        assert [one["value"] for one in shown.select("input[name='q']")] == ["yes", "no", "none", "dk"]
        assert shown.select_one("#q")["value"] == "yes"
        assert "As before" not in shown.text
    held = soup(asked.answered(given, proof=False, revision=1))
    assert [one["value"] for one in held.select("input[name='q']")] == ["old", "yes", "no", "none", "dk"]
    ticked = [one["value"] for one in held.select("input[name='q'][checked]")]
    assert ticked == (["old"] if kind == "choice" else ["old", "yes"])
    said = held.select_one("#q-old")["aria-describedby"]
    assert "You gave this answer" in held.select_one(f"#{said}").text


def test_a_line_stands_before_the_last_answer_that_is_offered() -> None:
    old = Option(id="old", label="As before", retired=True)
    shown = soup(part(question("choices", options=(*OPTIONS, old))).fill(FormAnswer(), 0))
    assert len(shown.select(".govuk-checkboxes__divider")) == 1


def test_a_date_is_shown_one_example() -> None:
    hints = {
        "The last day, for example 31 3 2026.": "31 3 2026",
        "The last day of the year.": "27 3 2026",
        None: "27 3 2026",
    }
    for own, example in hints.items():
        said = soup(part(question("date", hint=own)).fill(FormAnswer(), 0)).select_one("#q--hint").text
        assert said.lower().count("for example") == 1
        assert example in said


def test_the_error_and_the_hint_belong_to_the_group() -> None:
    html = soup(part(question("number", hint="Count all.")).fill(FormAnswer(texts=("x",)), 3, ["Enter a number."]))
    fieldset = html.fieldset
    assert fieldset["aria-describedby"] == "q--hint q--error"
    assert html.select_one("#q--hint").text == "Count all."
    assert html.select_one("#q--error").text.strip() == "Error: Enter a number."
    assert html.select_one("input[name='q.seen']")["value"] == "3"
    assert html.select_one("legend h2").text == "What & how?"


def test_options_that_stand_alone_say_so_to_scripts() -> None:
    html = soup(part(question("choices", options=OPTIONS)).fill(FormAnswer(texts=("none",)), 0))
    alone = [box["value"] for box in html.select("input[data-behaviour=exclusive]")]
    assert alone == ["none", "dk"]
    assert [box["value"] for box in html.select("input[checked]")] == ["none"]
    assert html.select_one(".govuk-checkboxes__divider").text == "or"


def test_proof_is_asked_of_safeguards_that_have_an_example() -> None:
    safeguard = question("choice", options=OPTIONS, evidence="Payslips; rota")
    assert "(for example: payslips; rota)" in part(safeguard).fill(FormAnswer(), 0)
    for other in (
        question("choice", options=OPTIONS, evidence="—"),
        question("choice", options=OPTIONS, role="fact", evidence="A"),
    ):
        assert ".proof" not in part(other).fill(FormAnswer(), 0)


def test_what_is_kept_is_what_would_be_made_anew() -> None:
    choice = part(question("choice", options=OPTIONS, evidence="A note"))
    for value in ("yes", "no", None, "yes"):
        for proof in (True, False):
            again = choice.fill(form_answer_from_stored(choice.question, value, proof=proof), 4).encode()
            assert choice.answered(value, proof=proof, revision=4) == again
    many = part(question("choices", options=OPTIONS))
    for value in (["yes"], ["yes", "no"], None):
        again = many.fill(form_answer_from_stored(many.question, value), 1).encode()
        assert many.answered(value, proof=False, revision=1) == again
    number = part(question("number"))
    for value in (5, 12.5, "dk", None):
        again = number.fill(form_answer_from_stored(number.question, value), 1).encode()
        assert number.answered(value, proof=False, revision=1) == again


def test_what_is_kept_has_an_end_and_holds_no_numbers() -> None:
    options = tuple(Option(id=f"o{number}", label="x") for number in range(8))
    many = part(question("choices", options=options))
    for number in range(200):
        chosen = [option.id for index, option in enumerate(options) if number & (1 << index)]
        many.answered(chosen or None, proof=False, revision=number)
    assert len(many.kept) <= MAX_CACHED_ANSWERS
    number_part = part(question("number"))
    number_part.answered(123456, proof=False, revision=1)
    assert "123456" not in str(number_part.kept)


@pytest.mark.parametrize(
    ("kind", "unit", "lead"),
    [("number", "£ a day", "Pounds a day"), ("number", "£", "Pounds"), ("number", "hours", "Number of hours"),
     ("number", None, "Number"), ("percentage", None, "Percentage"), ("date", None, "Date"), ("text", None, "Your answer")],
)  # fmt: skip
def test_the_label_of_an_input_comes_from_its_unit(kind: str, unit: str | None, lead: str) -> None:
    assert input_label(kind, unit) == lead


@pytest.mark.parametrize("bank", bank_names(QUESTIONNAIRES))
def test_every_question_of_the_banks_makes_sound_html(bank: str) -> None:
    texts = settings_on(QUESTIONNAIRES, date(2026, 11, 24)).texts
    for asked in load_bank(QUESTIONNAIRES, bank).edition.questions():
        made = make_question_fragment(asked, texts, ENVIRONMENT)
        html = soup(made.answered(None, proof=False, revision=0))
        ids = [node["id"] for node in html.select("[id]")]
        assert len(ids) == len(set(ids)), asked.id
        assert html.select_one(f"[id='{asked.id}'], [id='{asked.id}-0-{asked.columns[0].id if asked.columns else ''}']")
        for control in html.select("input:not([type=hidden]), select"):
            assert html.select_one(f"label[for='{control['id']}']"), control
        assert "{" not in html.text
        assert not html.select("textarea")
