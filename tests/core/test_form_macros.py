from __future__ import annotations

from datetime import date

import html5lib
import jinja2
import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template, render_template_string

from assess.core.pages import TEMPLATES, Phone, Site, StrictEnvironment, counted, day, set_up_pages, tel

SITE = Site(
    operator="Fenland Network",
    contact="desk@fenland.example",
    complaints=None,
    desk="Fenland Network",
    helpline=Phone("Helpline of the test", "0800 000 000"),
    emergency=Phone("Everybody", "999"),
    exit_to="https://weather.example",
)


class StrictFlask(Flask):
    jinja_environment = StrictEnvironment


@pytest.fixture
def app() -> Flask:
    app = StrictFlask("pages", static_folder=None, template_folder=str(TEMPLATES))
    set_up_pages(app, lambda: SITE)
    app.add_template_global(lambda: "a-token", "csrf_token")
    return app


def shown(app: Flask, source: str, **values: object) -> BeautifulSoup:
    with app.test_request_context():
        text = render_template_string(source, **values)
    return BeautifulSoup(text, "html5lib")


def page(app: Flask, body: str = "", top: str = "", **values: object) -> BeautifulSoup:
    source = (
        '{% extends "layout.html" %}' + top + "{% block heading %}Cows & hens{% endblock %}"
        "{% block content %}" + body + "{% endblock %}"
    )
    return shown(app, source.replace("Cows & hens", "Cows &amp; hens"), **values)


def test_the_title_is_the_heading(app: Flask) -> None:
    found = page(app)
    assert found.title is not None
    assert found.title.text == "Cows & hens – Assess"
    assert [heading.text for heading in found.find_all("h1")] == ["Cows & hens"]


def test_a_heading_made_of_answers_is_escaped_once(app: Flask) -> None:
    source = '{% extends "layout.html" %}{% block heading %}{{ name }}{% endblock %}'
    found = shown(app, source, name="<i>Smith</i> & Sons")
    assert found.title is not None
    assert found.h1 is not None
    assert found.h1.text == "<i>Smith</i> & Sons"
    assert "& Sons" in found.title.text


def test_a_page_with_errors_says_so_in_its_title(app: Flask) -> None:
    found = page(app, top="{% set errors = {'name': 'Enter a name.', 'area': none} %}")
    assert found.title is not None
    assert found.title.text == "Error: Cows & hens – Assess"
    assert [(link["href"], link.text) for link in found.select(".govuk-error-summary a")] == [
        ("#name", "Enter a name.")
    ]
    assert not page(app, top="{% set errors = {'name': none} %}").select(".govuk-error-summary")


def test_a_page_says_where_its_link_back_leads(app: Flask) -> None:
    found = page(app, top='{% set back_link = ("/list", "All of “Fen & Co”") %}')
    assert [(link["href"], link.text) for link in found.select("nav[aria-label=Back] a")] == [
        ("/list", "All of “Fen & Co”")
    ]


def test_a_page_whose_legend_is_the_heading_has_only_one(app: Flask) -> None:
    found = shown(
        app,
        '{% extends "layout.html" %}{% from "core/forms.html" import radios %}{% block title %}Which?{% endblock %}'
        '{% block content %}{{ radios("which", "Which?", [("a", "A")], legend_is_heading=true) }}{% endblock %}',
    )
    assert [heading.text.strip() for heading in found.find_all("h1")] == ["Which?"]


def test_every_page_is_proper_html_in_british_english(app: Flask) -> None:
    with app.test_request_context():
        text = render_template("core/error.html", heading="Not found", sentences=["There is nothing here."])
    parser = html5lib.HTMLParser(strict=True)
    assert parser.parse(text).get("lang") == "en-GB"


def test_every_page_carries_the_helpline_as_set(app: Flask) -> None:
    links = {link["href"]: link.text for link in page(app).select("aside a[href^=tel]")}
    assert links == {"tel:0800000000": "0800 000 000", "tel:999": "999"}


def test_every_page_says_who_runs_it_and_where_to_turn(app: Flask) -> None:
    footer = page(app).footer
    assert footer is not None
    assert "Fenland Network runs this service." in footer.text
    assert [link["href"] for link in footer.select("a")] == [
        "/help", "/privacy", "/cookies", "/accessibility", "/complaints", "/ask-a-person", "/check", "mailto:desk@fenland.example",
    ]  # fmt: skip


def test_no_page_brings_anything_from_elsewhere_or_holds_a_style(app: Flask) -> None:
    found = page(app, top="{% set quick_exit = true %}")
    brought = [tag.get("src") or tag.get("href") for tag in found.select("[src], link[href]")]
    assert brought
    assert all(address.startswith("/static/") for address in brought)
    assert not found.select("[style], style, [onclick]")
    assert len([script for script in found.select("script") if not script.get("src")]) == 1


def test_only_a_page_that_asks_for_it_has_the_quick_exit(app: Flask) -> None:
    assert not page(app).select("[data-exit], [data-exit-skip]")
    found = page(app, top="{% set quick_exit = true %}")
    for exit_ in found.select("[data-exit], [data-exit-skip]"):
        assert (exit_.name, exit_["href"]) == ("a", SITE.exit_to)


def test_our_templates_stop_at_a_missing_name(app: Flask) -> None:
    with pytest.raises(jinja2.UndefinedError):
        page(app, "{{ nothing }}")


def test_a_box_for_workers_numbers_names_no_number_of_its_own(app: Flask) -> None:
    found = shown(app, '{% from "core/helpline.html" import phone_link %}{{ phone_link("0300 123 (ask for Ann)") }}')
    assert found.a is not None
    assert found.a["href"] == "tel:0300123"


@pytest.mark.parametrize(("value", "words"), [(date(2026, 11, 24), "24 November 2026"), ("2027-03-01", "1 March 2027")])
def test_a_day_is_written_as_people_write_it(value: date | str, words: str) -> None:
    assert day(value) == words


def test_a_number_can_be_dialled() -> None:
    assert tel("+44 (0) 1603 000-111") == "tel:+441603000111"


def test_things_are_counted_in_words() -> None:
    assert [counted(1, "question"), counted(1200, "question"), counted(2, "child", "children")] == [
        "1 question", "1,200 questions", "2 children",
    ]  # fmt: skip


def test_an_error_page_gives_back_what_was_typed_with_a_token_of_its_own(app: Flask) -> None:
    resend = {"to": "/save", "fields": [("q", "<b>"), ("q", "two")]}
    with app.test_request_context():
        text = render_template("core/error.html", heading="Busy", sentences=["Wait."], resend=resend)
    form = BeautifulSoup(text, "html5lib").form
    assert form is not None
    assert (form["method"], form["action"]) == ("post", "/save")
    assert [(box["name"], box["value"]) for box in form.select("input")] == [
        ("csrf_token", "a-token"), ("q", "<b>"), ("q", "two"),
    ]  # fmt: skip
