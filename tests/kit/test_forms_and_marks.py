"""The macros of templates/kit: fields of every type of question, bands, bars and tables."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template_string

from assess.engine.bank import Column, Option, Question, QuestionType
from assess.kit.pages import TEMPLATES, Phone, Site, StrictEnvironment, open_pages

OPTIONS = (Option("a", "An <A>"), Option("none", "None of these"), Option("dk", "Don’t know"))


class StrictFlask(Flask):
    jinja_environment = StrictEnvironment


@pytest.fixture
def app() -> Flask:
    app = StrictFlask("macros", static_folder=None, template_folder=str(TEMPLATES))
    open_pages(
        app,
        lambda: Site(
            "Network", None, None, "Network", Phone("Helpline", "1"), Phone("Police", "999"), "https://weather.example"
        ),
    )
    app.add_template_global(lambda: "a-token", "csrf_token")
    return app


def question(kind: QuestionType, **more: object) -> Question:
    values = {"id": "q", "ask": "Who?", "type": kind, "kind": "fact", "dimension": "d"}
    return Question(**{**values, "options": OPTIONS if kind in {"choice", "choices"} else (), **more})  # type: ignore[arg-type]


def drawn(app: Flask, source: str, **values: object) -> BeautifulSoup:
    with app.test_request_context():
        imports = (
            '{% from "kit/forms.html" import question_field, error_summary, token %}'
            '{% from "kit/marks.html" import band_mark, two_bars, table %}'
        )
        return BeautifulSoup(render_template_string(imports + source, **values), "html5lib")


def field(
    app: Flask, asked: Question, value: object = None, error: object = None, alone: tuple[str, ...] = ()
) -> BeautifulSoup:
    source = "{{ question_field(asked, value, error, alone) }}"
    return drawn(app, source, asked=asked, value=value, error=error, alone=alone)


def one(found: BeautifulSoup, selector: str) -> Tag:
    tag = found.select_one(selector)
    assert tag is not None, selector
    return tag


def test_a_choice_is_a_group_of_radios_and_nothing_is_chosen_beforehand(app: Flask) -> None:
    found = field(app, question("choice", hint="Only one"))
    assert [box["value"] for box in found.select("input[type=radio][name=q]")] == ["a", "none", "dk"]
    assert not found.select("[checked]")
    assert one(found, "legend").text.strip() == "Who?"
    assert one(found, "fieldset")["aria-describedby"] == "q-hint"
    assert "An <A>" in found.text


def test_the_answer_given_is_chosen(app: Flask) -> None:
    assert one(field(app, question("choice"), "dk"), "[checked]")["value"] == "dk"
    chosen = field(app, question("choices"), ["a"])
    assert [box["value"] for box in chosen.select("[checked]")] == ["a"]


def test_answers_that_stand_alone_come_last_and_exclude_the_others(app: Flask) -> None:
    found = field(app, question("choices"), None, None, ("none", "dk"))
    assert one(found, ".govuk-checkboxes__divider").text == "or"
    exclusive = [box["value"] for box in found.select("[data-behaviour=exclusive]")]
    assert exclusive == ["none", "dk"]


def test_an_error_stands_beside_its_field_and_its_link_finds_the_first_control(app: Flask) -> None:
    for kind in ("choice", "choices", "number", "date", "text"):
        found = field(app, question(kind), None, "Say who.")  # type: ignore[arg-type]
        assert "Say who." in one(found, ".govuk-error-message").text
        assert found.find(id="q") is not None, kind
    summary = drawn(app, "{{ error_summary([('q', 'Say who.')]) }}")
    assert one(summary, "a")["href"] == "#q"
    assert not drawn(app, "{{ error_summary([]) }}").select("div")


def test_a_number_has_its_unit_and_a_box_for_dont_know(app: Flask) -> None:
    found = field(app, question("number", unit="£ an hour"), 13.8)
    assert one(found, "input[name=q]")["value"] == "13.8"
    assert one(found, ".govuk-input__prefix").text == "£"
    assert one(found, ".govuk-input__suffix").text == "an hour"
    unknown = field(app, question("percentage"), "dk")
    assert one(unknown, "input[name=q]")["value"] == ""
    assert one(unknown, "input[name='q.dk'][value=dk]").has_attr("checked")
    assert one(unknown, ".govuk-input__suffix").text == "%"


def test_a_table_has_a_row_for_each_row_two_empty_ones_and_errors_in_their_cells(app: Flask) -> None:
    columns = (
        Column("kind", "Kind", "choice", OPTIONS),
        Column("people", "People", "number"),
        Column("share", "Share", "percentage"),
        Column("since", "Since", "date"),
    )
    asked = question("table", columns=columns, hint="No names")
    found = field(app, asked, [{"kind": "a", "people": 4}], {0: {"people": ["Too many."]}})
    assert len(found.select(".assess-row")) == 3
    assert one(found, "select[name='q.0.kind'] [selected]")["value"] == "a"
    assert one(found, "#q-0-people")["value"] == "4"
    assert "Too many." in one(found, "#q-0-people-error").text
    assert "Too many rows." in field(app, asked, [], "Too many rows.").text


def test_every_control_has_a_label(app: Flask) -> None:
    columns = (Column("kind", "Kind", "choice", OPTIONS), Column("name", "Name", "text"))
    for asked in [question("choice"), question("number"), question("text"), question("table", columns=columns)]:
        found = field(app, asked)
        labelled = {label["for"] for label in found.select("label")}
        assert {control["id"] for control in found.select("input, select")} == labelled


def test_a_form_carries_its_token(app: Flask) -> None:
    assert one(drawn(app, "{{ token() }}"), "input[name=csrf_token]")["value"] == "a-token"


@pytest.mark.parametrize(
    ("band", "word"),
    [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Act now"), ("not_rated", "Not rated")],
)
def test_a_band_is_a_word_and_a_shape_of_its_own(app: Flask, band: str, word: str) -> None:
    found = drawn(app, "{{ band_mark(band) }}", band=band)
    assert found.text.strip() == word
    assert len(found.select("svg path")) == (band != "low")


def test_bars_say_their_number_and_are_read_aloud(app: Flask) -> None:
    found = drawn(app, "{{ two_bars(62.4, 100) }}")
    assert [title.text for title in found.select("svg title")] == [
        "How exposed you are: 62 of 100",
        "How strong your safeguards are: 100 of 100",
    ]
    assert [number.text for number in found.select(".assess-bar__number")] == ["62 of 100", "100 of 100"]
    assert [bar["width"] for bar in found.select("rect")] == ["62.40", "100.00"]


def test_a_table_names_its_rows_and_columns_and_can_be_reached(app: Flask) -> None:
    found = drawn(app, "{{ table('Pay', ['Who', {'text': 'Pounds', 'numeric': true}], [['Ann', 12]]) }}")
    assert one(found, "caption").text == "Pay"
    assert [heading["scope"] for heading in found.select("th")] == ["col", "col", "row"]
    assert one(found, "[role=region]")["tabindex"] == "0"
    assert "numeric" in " ".join(one(found, "td")["class"])
