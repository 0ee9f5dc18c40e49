"""The macros of templates/core: forms and their fields, buttons, the summary of errors, tables."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template_string

from assess.core.pages import TEMPLATES, Phone, Site, StrictEnvironment, set_up_pages

IMPORTS = (
    '{% from "core/forms.html" import radios, text_input, error_summary, token, button, post_form, link_button, select, checkboxes, textarea, date_input %}'
    '{% from "core/components.html" import table %}{% from "core/operator.html" import reach %}'
)


class StrictFlask(Flask):
    jinja_environment = StrictEnvironment


@pytest.fixture
def app() -> Flask:
    app = StrictFlask("macros", static_folder=None, template_folder=str(TEMPLATES))
    site = Site(
        "Network", None, None, "Network", Phone("Helpline", "1"), Phone("Police", "999"), "https://weather.example"
    )
    set_up_pages(app, lambda: site)
    app.add_template_global(lambda: "a-token", "csrf_token")
    return app


def drawn(app: Flask, source: str, **values: object) -> BeautifulSoup:
    with app.test_request_context():
        return BeautifulSoup(render_template_string(IMPORTS + source, **values), "html5lib")


def one(found: BeautifulSoup, selector: str) -> Tag:
    tag = found.select_one(selector)
    assert tag is not None, selector
    return tag


def test_a_choice_is_a_group_of_radios_and_nothing_is_chosen_beforehand(app: Flask) -> None:
    options = [("a", "An <A>"), {"value": "dk", "label": "Don’t know", "hint": "A fair answer"}]
    found = drawn(app, "{{ radios('q', 'Who?', options, none, none, 'Only one') }}", options=options)
    assert [box["value"] for box in found.select("input[type=radio][name=q]")] == ["a", "dk"]
    assert not found.select("[checked]")
    assert one(found, "legend").text.strip() == "Who?"
    assert one(found, "fieldset")["aria-describedby"] == "q-hint"
    assert "An <A>" in found.text
    assert "A fair answer" in found.text
    chosen = drawn(app, "{{ radios('q', 'Who?', options, 'dk') }}", options=options)
    assert one(chosen, "[checked]")["value"] == "dk"


@pytest.mark.parametrize(
    "field", ["radios('q', 'Who?', [('a', 'A')], none, said)", "text_input('q', 'Who?', none, said)"]
)
@pytest.mark.parametrize("said", ["Say who.", ["Say who.", "Or leave it out."]])
def test_an_error_stands_beside_its_field_and_its_link_finds_the_first_control(
    app: Flask, field: str, said: str | list[str]
) -> None:
    found = drawn(app, "{{ error_summary([('q', 'Say who.')]) }}{{ " + field + " }}", said=said)
    assert "Say who." in one(found, ".govuk-error-message").text
    target = one(found, ".govuk-error-summary a")["href"]
    assert target == "#q"
    assert one(found, "#q").name == "input"


def test_a_page_without_errors_has_no_summary(app: Flask) -> None:
    assert not drawn(app, "{{ error_summary([]) }}").select("div")


def test_a_number_has_its_unit(app: Flask) -> None:
    found = drawn(app, "{{ text_input('q', 'How much?', 13.8, type='number', unit='£ an hour') }}")
    assert one(found, "input")["value"] == "13.8"
    assert one(found, "input")["inputmode"] == "decimal"
    assert one(found, ".govuk-input__prefix").text == "£"
    assert one(found, ".govuk-input__suffix").text == "an hour"
    assert one(found, "label")["for"] == one(found, "input")["id"]
    assert not drawn(app, "{{ text_input('q', 'How much?', unit='£') }}").select(".govuk-input__suffix")


def test_a_form_carries_its_token_and_cannot_be_sent_twice_by_a_double_click(app: Flask) -> None:
    found = drawn(
        app,
        "{% call post_form('Save', '/save', fields={'seen': 3}) %}{{ button('Leave', 'secondary', 'what', 'leave', hidden=': 1') }}{% endcall %}",
    )
    assert one(found, "input[name=csrf_token]")["value"] == "a-token"
    assert [button["data-prevent-double-click"] for button in found.select("button[type=submit]")] == ["true", "true"]
    assert one(found, "button[name=what]")["value"] == "leave"
    assert one(found, "button[name=what] .govuk-visually-hidden").text == ": 1"
    assert (one(found, "form")["action"], one(found, "input[name=seen]")["value"]) == ("/save", "3")


def test_every_field_says_its_hint_and_its_error(app: Flask) -> None:
    for field in (
        "select('q', 'Who?', [('a', 'A')], none, 'Say who.', 'Only one', 'Nobody')",
        "checkboxes('q', 'Who?', {'a': 'A'}, [], 'Say who.', 'Only one')",
        "textarea('q', 'Who?', none, 'Say who.', 'Only one')",
        "date_input('q', 'When?', {'q_day': '31'}, 'Say who.', 'Only one')",
    ):
        found = drawn(app, "{{ " + field + " }}")
        described = str(one(found, "[aria-describedby]")["aria-describedby"]).split()
        assert [one(found, f"#{each}").text.replace("Error:", "").strip() for each in described] == [
            "Only one",
            "Say who.",
        ]
        assert one(found, "#q").name in ("select", "input", "textarea")


def test_what_was_chosen_stays_chosen(app: Flask) -> None:
    found = drawn(
        app,
        "{{ select('q', 'Who?', ['a', 'b'], 'b', empty='Nobody') }}{{ checkboxes('r', 'Which?', ['a', 'b'], ['b']) }}",
    )
    assert [(option["value"], option.has_attr("selected")) for option in found.select("option")] == [
        ("", False), ("a", False), ("b", True),
    ]  # fmt: skip
    assert [box["value"] for box in found.select("[checked]")] == ["b"]


def test_a_long_text_says_how_many_characters_it_takes(app: Flask) -> None:
    found = drawn(app, "{{ textarea('q', 'What?', longest=500) }}")
    assert one(found, "[data-maxlength]")["data-maxlength"] == "500"
    assert one(found, "#q-info").text.strip() == "You can enter up to 500 characters"


def test_a_link_can_look_like_a_button(app: Flask) -> None:
    found = drawn(app, "{{ link_button('Go', '/go', start=true) }}{{ link_button('Or not', '/not', 'secondary') }}")
    assert [link["href"] for link in found.select("a.govuk-button")] == ["/go", "/not"]
    assert one(found, ".govuk-button--secondary").text.strip() == "Or not"


def test_a_table_names_its_rows_and_columns_and_can_be_reached(app: Flask) -> None:
    found = drawn(app, "{{ table('Pay', ['Who', {'text': 'Pounds', 'numeric': true}], [['Ann', 12]]) }}")
    assert one(found, "caption").text == "Pay"
    assert [heading["scope"] for heading in found.select("th")] == ["col", "col", "row"]
    assert one(found, "[role=region]")["tabindex"] == "0"
    assert "numeric" in " ".join(one(found, "td")["class"])
    plain = drawn(app, "{{ table('Pay', ['Who'], [['Ann']], false) }}")
    assert not plain.select("tbody th")


@pytest.mark.parametrize(
    ("contact", "words", "link"),
    [
        ("desk@network.example", "desk@network.example", "mailto:desk@network.example"),
        ("call 01603 000000", "call 01603 000000", None),
        ("+44 1603 000000", "+44 1603 000000", "tel:+441603000000"),
        (None, "no address has been set yet", None),
    ],
)
def test_the_operator_is_reached_as_set(app: Flask, contact: str | None, words: str, link: str | None) -> None:
    found = drawn(app, "{{ reach(contact, {'operator': 'Network'})|trim }}", contact=contact)
    assert found.text == words
    assert [anchor["href"] for anchor in found.select("a")] == ([link] if link else [])
