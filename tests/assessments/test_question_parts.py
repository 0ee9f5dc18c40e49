"""A question with an answer, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from assess.assessments import question_parts
from assess.assessments.question_parts import (
    MAX_CACHED_QUESTIONS,
    PageFrame,
    RenderedParts,
    ShownQuestion,
    error_summary_rows,
    placeholder,
    question_html,
    rendered_parts,
)
from assess.core.pages import TEMPLATES, StrictEnvironment
from assess.engine.bank import Column, Option, Question
from assess.question_banks.files import bundled_files
from assess.question_banks.question_types import QUESTION_FORMS, FormAnswer
from assess.question_banks.reader import load_bank
from assess.question_banks.settings import settings_from

PLAIN = st.text(st.characters(exclude_categories=["Co", "Cs"]), max_size=30)


def test_slots_of_one_name_are_filled_alike_and_others_stay_empty() -> None:
    frame = PageFrame(f"<a {placeholder('on')}>{placeholder('text')}</a>{placeholder('on')}")
    assert frame.fill({"on": b"x"}) == b"<a x></a>x"
    assert frame.fill({}) == b"<a ></a>"


@given(st.lists(PLAIN, max_size=6), st.lists(PLAIN, min_size=6, max_size=6))
def test_a_frame_changes_nothing_around_its_slots(pieces: list[str], values: list[str]) -> None:
    text = "".join(f"{piece}{placeholder(str(number))}" for number, piece in enumerate(pieces))
    wanted = "".join(f"{piece}{values[number]}" for number, piece in enumerate(pieces))
    filled = PageFrame(text).fill({str(number): value.encode() for number, value in enumerate(values)})
    assert filled.decode() == wanted


OPTIONS = tuple(Option(id=name, label=name.title()) for name in ("yes", "no", "none", "dk"))


class _Strict(Flask):
    jinja_environment = StrictEnvironment


APP = _Strict("parts", static_folder=None, template_folder=str(TEMPLATES))


@pytest.fixture(autouse=True)
def _in_an_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(question_parts, "texts_today", dict)
    APP.extensions.clear()
    with APP.app_context():
        yield


def question(kind: str, **more: Any) -> Question:
    return Question(id="q", ask="What & how?", type=kind, kind=more.pop("role", "safeguard"), dimension="d", **more)


def html_of(asked: Question, typed: FormAnswer | None = None, **more: Any) -> str:
    return question_html(ShownQuestion(asked, more.pop("revision", 0), typed=typed, **more), {})


def kept_html(asked: Question, value: Any, *, proof: bool = False, revision: int = 1) -> str:
    named = replace(asked, id=f"q_{asked.type}")
    html = rendered_parts(1).question_html(1, ShownQuestion(named, revision, value, proof)).decode()
    return html.replace(named.id, "q")


def soup(html: str | bytes) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_what_is_typed_is_escaped_wherever_it_stands() -> None:
    evil = '"><script>alert(1)</script>'
    for asked in (question("number"), question("text"), question("date"), question("choice", options=OPTIONS)):
        assert "<script>" not in html_of(asked, FormAnswer(texts=(evil,)), errors=["Enter “" + evil + "”."])
    table = question("table", columns=(Column("firm", "Firm", "text"), Column("kind", "Kind", "choice", OPTIONS)))
    rows = FormAnswer(rows=({"firm": evil, "kind": evil},))
    html = html_of(table, rows, errors={0: {"firm": [evil], evil: [evil]}})
    assert "<script>" not in html
    assert "<script>" not in kept_html(question("text"), evil)
    assert soup(html).select_one("input[name='q.0.firm']")["value"] == evil


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_an_answer_that_is_offered_no_longer_is_shown_to_whoever_gave_it(kind: str) -> None:
    old = Option(id="old", label="As before", retired=True)
    asked = question(kind, options=(old, *OPTIONS))
    given = "old" if kind == "choice" else ["old", "yes"]
    for html in (
        html_of(asked, FormAnswer()),
        kept_html(asked, None),
        html_of(asked, FormAnswer(("yes",))),
    ):
        shown = soup(html)
        assert [one["value"] for one in shown.select("input[name='q']")] == ["yes", "no", "none", "dk"]
        assert shown.select_one("#q")["value"] == "yes"
        assert "As before" not in shown.text
    held = soup(kept_html(asked, given))
    assert [one["value"] for one in held.select("input[name='q']")] == ["old", "yes", "no", "none", "dk"]
    ticked = [one["value"] for one in held.select("input[name='q'][checked]")]
    assert ticked == (["old"] if kind == "choice" else ["old", "yes"])
    said = held.select_one("#q-old")["aria-describedby"]
    assert "You gave this answer" in held.select_one(f"#{said}").text


def test_a_line_stands_before_the_last_answer_that_is_offered() -> None:
    old = Option(id="old", label="As before", retired=True)
    shown = soup(html_of(question("choices", options=(*OPTIONS, old))))
    assert len(shown.select(".govuk-checkboxes__divider")) == 1


def test_a_date_is_shown_one_example() -> None:
    hints = {
        "The last day, for example 31 3 2026.": "31 3 2026",
        "The last day of the year.": "27 3 2026",
        None: "27 3 2026",
    }
    for own, example in hints.items():
        said = soup(html_of(question("date", hint=own))).select_one("#q--hint").text
        assert said.lower().count("for example") == 1
        assert example in said


def test_the_error_and_the_hint_belong_to_the_group() -> None:
    number = question("number", hint="Count all.")
    html = soup(html_of(number, FormAnswer(texts=("x",)), revision=3, errors=["Enter a number."]))
    fieldset = html.fieldset
    assert fieldset["aria-describedby"] == "q--hint q--error"
    assert html.select_one("#q--hint").text == "Count all."
    assert html.select_one("#q--error").text.strip() == "Error: Enter a number."
    assert html.select_one("input[name='q.seen']")["value"] == "3"
    assert html.select_one("legend h2").text == "What & how?"


def test_options_that_stand_alone_say_so_to_scripts() -> None:
    html = soup(html_of(question("choices", options=OPTIONS), FormAnswer(texts=("none",))))
    alone = [box["value"] for box in html.select("input[data-behaviour=exclusive]")]
    assert alone == ["none", "dk"]
    assert [box["value"] for box in html.select("input[checked]")] == ["none"]
    assert html.select_one(".govuk-checkboxes__divider").text == "or"


def test_proof_is_asked_of_safeguards_that_have_an_example() -> None:
    for evidence, said in (
        ("Payslips; rota", "payslips; rota"),
        ("Companies House history", "Companies House history"),
        ("HMRC letter", "HMRC letter"),
    ):
        html = html_of(question("choice", options=OPTIONS, evidence=evidence, why="It helps."))
        assert f"Proof is, for example, {said}." in html
        assert ".proof" in html
    for other in (
        question("choice", options=OPTIONS, evidence="—"),
        question("choice", options=OPTIONS, role="fact", evidence="A"),
    ):
        assert ".proof" not in html_of(other)


def test_what_is_kept_is_what_would_be_made_anew() -> None:
    choice, many = question("choice", options=OPTIONS, evidence="A note"), question("choices", options=OPTIONS)
    number = question("number")
    given = [
        *((choice, value, proof) for value in ("yes", "no", None) for proof in (True, False)),
        *((many, value, False) for value in (["yes"], ["yes", "no"], None)),
        *((number, value, False) for value in (5, 12.5, "dk", None)),
    ]
    for asked, value, proof in given * 2:
        anew = question_html(ShownQuestion(asked, 4, value, proof), {})
        assert kept_html(asked, value, proof=proof, revision=4) == anew


def test_what_is_kept_has_an_end_and_holds_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = rendered_parts(1)
    assert parts.questions.most == MAX_CACHED_QUESTIONS
    monkeypatch.setattr(parts.questions, "most", 32)
    options = tuple(Option(id=f"o{number}", label="x") for number in range(8))
    many = question("choices", options=options)
    for number in range(200):
        chosen = [option.id for index, option in enumerate(options) if number & (1 << index)]
        kept_html(many, chosen or None, revision=number)
    assert len(parts.questions.kept) <= 32
    assert "123456" in kept_html(question("number"), 123456)
    assert "123456" not in str(parts.questions.kept)


def test_what_was_typed_or_waits_to_be_confirmed_is_not_kept() -> None:
    asked, parts = question("choice", options=OPTIONS), rendered_parts(1)
    for shown in (
        ShownQuestion(asked, 1, typed=FormAnswer(("yes",))),
        ShownQuestion(asked, 1, "yes", errors=["Choose one."]),
        ShownQuestion(asked, 1, "yes", confirm_reason="Again, please."),
    ):
        assert parts.question_html(1, shown).decode() == question_html(shown, {})
    assert not parts.questions.kept


def test_another_day_and_another_content_version_render_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def parts_on(day: date, content_version: int) -> RenderedParts:
        monkeypatch.setattr(question_parts.clock, "today", lambda: day)
        return rendered_parts(content_version)

    first = parts_on(date(2026, 11, 24), 1)
    assert parts_on(date(2026, 11, 24), 1) is first
    assert parts_on(date(2026, 11, 24), 2) is not first
    assert parts_on(date(2026, 11, 25), 2) is not parts_on(date(2026, 11, 24), 2)


@pytest.mark.parametrize(
    ("kind", "unit", "lead"),
    [("number", "£ a day", "Pounds a day"), ("number", "£", "Pounds"), ("number", "hours", "Number of hours"),
     ("number", None, "Number"), ("percentage", None, "Percentage"), ("date", None, "Date"), ("text", None, "Your answer")],
)  # fmt: skip
def test_the_label_of_an_input_comes_from_its_unit(kind: str, unit: str | None, lead: str) -> None:
    assert QUESTION_FORMS[kind].input_label(unit) == lead


def test_a_box_for_a_few_words_stands_beside_a_yes_and_holds_what_was_written() -> None:
    asked = question("yes_no_detail", options=tuple(Option(name, name.title()) for name in ("yes", "no", "dk")))
    stored = soup(question_html(ShownQuestion(asked, 1, {"choice": "yes", "detail": "Two & three"}), {}))
    assert [one["value"] for one in stored.select("[checked]")] == ["yes"]
    assert stored.select_one("#q-0-detail")["value"] == "Two & three"
    typed, errors = FormAnswer(("yes",), rows=({"detail": "x"},)), {0: {"detail": ["Use fewer."]}}
    shown = ShownQuestion(asked, 1, typed=typed, errors=errors)
    wrong = soup(question_html(shown, {}))
    assert wrong.select_one("#q-0-detail")["aria-describedby"] == "q-0-detail-error"
    assert error_summary_rows([shown], {}) == [("q-0-detail", f"{asked.ask.rstrip('?')}: Use fewer.")]
    assert not soup(question_html(ShownQuestion(asked, 0), {})).select_one("#q-0-detail")["value"]


@pytest.mark.parametrize("bank", bundled_files().banks())
def test_every_question_of_the_banks_makes_sound_html(bank: str) -> None:
    texts = settings_from(bundled_files(), date(2026, 11, 24)).texts
    for asked in load_bank(bundled_files(), bank).edition.questions():
        html = soup(question_html(ShownQuestion(asked, 0), texts))
        ids = [node["id"] for node in html.select("[id]")]
        assert len(ids) == len(set(ids)), asked.id
        assert html.select_one(f"[id='{asked.id}'], [id='{asked.id}-0-{asked.columns[0].id if asked.columns else ''}']")
        for control in html.select("input:not([type=hidden]), select"):
            assert html.select_one(f"label[for='{control['id']}']"), control
        assert "{" not in html.text
        assert not html.select("textarea")
