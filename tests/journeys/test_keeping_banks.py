"""Two coordinators keep the questions: Ann, who has never seen a file of them, writes one, Ben publishes it, and businesses meet it.

Each journey has a site of its own: what is published here would change what the people of the other journeys are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.bank_editor.sectors.sector_form import CONSTRUCTION
from tests.conftest import Copies
from tests.journeys.person import (
    LONGEST_WAY,
    SUBMITTED,
    Desk,
    Person,
    begins,
    desk_of_its_own,
    runs_scripts,
    says_who_it_is,
    somebody,
)

pytestmark = pytest.mark.journey

FARM, BANK, SECTION = "Fen Edge Growers Ltd", "Farming and growing", "What you grow and who does the work"
ASK, ID = "Who writes down what each picker picks?", "farm_writes_down_picker"
DO = "Write down what each picker picks, and give each a copy every day."
VEGETABLES, GRAIN = {"farm_activities": ["field_veg"]}, {"farm_activities": ["arable"]}
NOTE = "Pickers are cheated where nobody writes down what they pick."


@pytest.fixture
def desk(copies: Copies, tmp_path: Path) -> Iterator[Desk]:
    with desk_of_its_own(copies, tmp_path) as opened:
        yield opened


@pytest.fixture
def site(desk: Desk) -> str:
    """The site of this journey alone, in the place of the one that all share."""
    return desk.installation.address


def test_a_question_is_written_published_and_met(context: BrowserContext, browser: Browser, desk: Desk) -> None:
    scripts = runs_scripts(context)
    farm = Person(context.new_page(), desk.installation.address)
    home = is_half_way(farm)
    with desk.coordinator("Ann", browser, farm, scripts=scripts) as ann:
        draft = begins_a_draft(ann, "Who counts the fruit", scripts=scripts)
        adds_a_question(ann, scripts=scripts)
        puts_right_what_the_page_says(ann, scripts=scripts)
        asks_it_of_some_only(ann, draft, scripts=scripts)
        writes_the_examples(ann, draft, scripts=scripts)
        rehearses(ann, draft, scripts=scripts)
        asks_for_a_review(ann, draft, scripts=scripts)
        assert "you cannot publish it" in ann.words
        nothing_odd(ann)
    with desk.coordinator("Ben", browser, farm, scripts=scripts) as ben:
        reads_and_publishes(ben, desk, scripts=scripts)
        ben.opens("/question-banks/history/farming/2")
        ben.looks(scripts=scripts)
        assert "published by Ben, written by Ann" in ben.words
        assert NOTE in ben.words
        nothing_odd(ben)
    with somebody(browser, farm, scripts=scripts) as another:
        meets_it_under_its_condition(another, scripts=scripts)
        nothing_odd(another)
    moves_and_goes_back(farm, home, scripts=scripts)
    nothing_odd(farm)


@pytest.mark.long
@pytest.mark.parametrize("context", ["no_javascript"], indirect=True)
def test_a_sector_is_begun_published_and_chosen(context: BrowserContext, browser: Browser, desk: Desk) -> None:
    scripts = runs_scripts(context)
    builder = Person(context.new_page(), desk.installation.address)
    builder.opens("/start")
    assert "Construction" not in builder.words
    with desk.coordinator("Ann", browser, builder, scripts=scripts) as ann:
        draft = begins_a_draft(ann, "A bank for building sites", scripts=scripts)
        begins_construction(ann, scripts=scripts)
        asks_for_a_review(ann, draft, scripts=scripts)
        nothing_odd(ann)
    with desk.coordinator("Ben", browser, builder, scripts=scripts) as ben:
        reads_and_publishes(ben, desk, scripts=scripts)
        nothing_odd(ben)
    home = begins_as(builder, "Construction")
    builder.opens(f"{home}/sections/cons_sites")
    builder.looks(scripts=scripts)
    assert CONSTRUCTION["ask"] in builder.words
    builder.answers_page({"cons_gate_check_match_each_face_card_right": "no"})
    builder.presses("Save and continue")
    builder.opens(f"{home}/")
    assert "Construction, full assessment." in builder.words
    nothing_odd(builder)


def nothing_odd(person: Person) -> None:
    """Nothing was asked for elsewhere, and the browser had nothing to remark on but a form with something missing."""
    assert person.elsewhere == []
    assert [words for words in person.said if "422 (UNPROCESSABLE" not in words] == []


def begins_as(person: Person, sector: str) -> str:
    """The full assessment. Returns the address of its task list."""
    begins(person, sector, "the full assessment", scripts=False)
    return person.page.url.rstrip("/")


def is_half_way(farm: Person) -> str:
    """A farm says who it is and answers one page. Returns the address of its assessment."""
    home = begins_as(farm, BANK)
    says_who_it_is(farm, FARM, scripts=False)
    farm.opens(f"{home}/sections/farm_work")
    farm.answers_page(VEGETABLES)
    assert ASK not in farm.words
    farm.presses("Save and continue")
    return home


def saves(person: Person, *, scripts: bool) -> None:
    person.page.get_by_role("button", name="Save", exact=True).click()
    person.looks(scripts=scripts)


def begins_a_draft(ann: Person, title: str, *, scripts: bool) -> str:
    """Returns the address of the draft."""
    ann.opens("/question-banks")
    ann.looks(scripts=scripts)
    ann.page.get_by_label("What do you want to change?").fill(title)
    ann.presses("Begin")
    ann.looks(scripts=scripts)
    assert "Nothing is changed yet." in ann.words
    return ann.page.url


def adds_a_question(ann: Person, *, scripts: bool) -> None:
    ann.follows(BANK)
    ann.looks(scripts=scripts)
    ann.follows("Add a question")
    ann.page.get_by_label("The question").fill(ASK)
    ann.presses("Continue")
    ann.looks(scripts=scripts)
    assert "Choose how it is answered." in ann.page.get_by_role("alert").inner_text()
    ann.chooses("One answer from a list")
    ann.chooses("What the business does against it")
    ann.chooses("“No”")
    ann.page.get_by_label("Theme").select_option(label="Pay and money taken out of it")
    ann.page.get_by_label("Section", exact=True).select_option(label=SECTION)
    ann.presses("Continue")
    assert ann.page.locator("#id").input_value() == ID
    ann.presses("Add the question")
    ann.looks(scripts=scripts)
    assert ann.heading == ASK


def puts_right_what_the_page_says(ann: Person, *, scripts: bool) -> None:
    """A new question has no source and no action yet. Each problem leads to the page where that is said."""
    question = ann.page.url
    assert "To put right" in ann.words
    ann.follows("Open the page for this")
    ann.looks(scripts=scripts)
    assert ann.heading == "Sources"
    ann.chooses("Fair Work Agency, licensing standards for gangmasters")
    saves(ann, scripts=scripts)
    ann.follows("Open the page for this")
    ann.looks(scripts=scripts)
    assert ann.heading == "What to do"
    ann.page.locator("#action-do").fill(DO)
    ann.page.locator("#action-priority").select_option(label="Within 30 days")
    ann.page.locator("#action-owner").select_option(label="Farm manager")
    ann.page.locator("#action-effort").select_option(label="Small: half a day")
    saves(ann, scripts=scripts)
    assert ann.page.url == question
    assert "To put right" not in ann.words


def asks_it_of_some_only(ann: Person, draft: str, *, scripts: bool) -> None:
    ann.follows("When it is asked")
    ann.page.get_by_label("Question", exact=True).select_option(label="What do you grow, keep or do?")
    ann.presses("Show its answers")
    ann.looks(scripts=scripts)
    ann.chooses("Vegetables cut or picked by hand")
    saves(ann, scripts=scripts)
    assert "includes “Vegetables cut or picked by hand”" in ann.page.locator("#words").inner_text()
    ann.opens(draft)
    assert "must be put right before anybody can publish it" in ann.words


def writes_the_examples(ann: Person, draft: str, *, scripts: bool) -> None:
    """Farms of three worked examples are asked it as well. She reads what that does, and finds it right."""
    ann.follows("Problems")
    ann.looks(scripts=scripts)
    ann.opens(f"{draft}/farming/examples")
    ann.looks(scripts=scripts)
    assert "4 of 7 examples hold." in ann.words
    ann.follows("Write the new figures into all that do not hold (3)")
    ann.looks(scripts=scripts)
    ann.presses("Write the figures into 3 examples")
    assert "7 of 7 examples hold." in ann.words
    ann.opens(draft)
    assert "No problem was found." in ann.words


def rehearses(ann: Person, draft: str, *, scripts: bool) -> None:
    ann.follows("Test on past submissions")
    ann.looks(scripts=scripts)
    ann.presses("Start the test")
    for _ in range(LONGEST_WAY):
        if "Tested on" in ann.words:
            break
        ann.page.wait_for_timeout(250)
        ann.opens(f"{draft}/dry-runs")
    ann.looks(scripts=scripts)
    assert f"with {SUBMITTED} submissions" in ann.words
    assert f"an answer that counts is missing on one side about {SUBMITTED}" in ann.words


def comes_to_the_review(person: Person) -> None:
    """From the page of the draft."""
    person.page.locator('main a[href$="/review"]').first.click()
    person.page.wait_for_load_state()


def asks_for_a_review(ann: Person, draft: str, *, scripts: bool) -> None:
    ann.opens(draft)
    comes_to_the_review(ann)
    ann.looks(scripts=scripts)
    ann.page.get_by_label("Why do you change this?").fill(NOTE)
    ann.chooses("I have read what changes and what it would do")
    ann.presses("Ask for a review")
    ann.looks(scripts=scripts)
    assert "Ben" in ann.words, "who could publish it"


def reads_and_publishes(ben: Person, desk: Desk, *, scripts: bool) -> None:
    """He comes by the letter."""
    ben.opens(desk.draft_in_letter("ben@desk.example"))
    comes_to_the_review(ben)
    ben.looks(scripts=scripts)
    assert NOTE in ben.words
    ben.presses("Publish it")
    ben.looks(scripts=scripts)
    assert "Tick that you have read it" in ben.page.get_by_role("alert").inner_text()
    ben.chooses("I have read what changes, and it is to be used from now on")
    ben.presses("Publish it")
    ben.looks(scripts=scripts)
    assert "This draft is published." in ben.words


def meets_it_under_its_condition(another: Person, *, scripts: bool) -> None:
    """Not with grain, but with vegetables."""
    page = f"{begins_as(another, BANK)}/sections/farm_work"
    another.opens(page)
    another.answers_page(GRAIN)
    another.presses("Save and continue")
    another.opens(page)
    assert ASK not in another.words
    another.answers_page(VEGETABLES)
    comes_to_the_question(another)
    another.looks(scripts=scripts)
    another.answers_page({ID: "no"})
    another.presses("Save and continue")


def comes_to_the_question(person: Person) -> None:
    """From the first page of a section: a long one is asked on several."""
    while ASK not in person.words:
        assert "/sections/farm_work" in person.page.url
        person.presses("Save and continue")


def moves_and_goes_back(farm: Person, home: str, *, scripts: bool) -> None:
    """It is told what would change, moves, is asked the new question, and goes back to what it had."""
    farm.opens(f"{home}/sections/farm_work")
    assert ASK not in farm.words
    farm.opens(f"{home}/")
    farm.follows("See what would change")
    farm.looks(scripts=scripts)
    assert "New questions: 1" in farm.words
    assert ASK in farm.words
    farm.presses("Move to the newer questions")
    farm.looks(scripts=scripts)
    farm.opens(f"{home}/sections/farm_work")
    assert farm.page.locator('input[name="farm_activities"][value="field_veg"]').is_checked()
    comes_to_the_question(farm)
    farm.answers_page({ID: "yes"})
    farm.presses("Save and continue")
    farm.opens(f"{home}/")
    farm.follows("go back to the earlier questions")
    farm.looks(scripts=scripts)
    farm.presses("Go back to the earlier questions")
    farm.looks(scripts=scripts)
    assert "There are newer questions for this kind of work." in farm.words
    farm.opens(f"{home}/sections/farm_work")
    assert farm.page.locator('input[name="farm_activities"][value="field_veg"]').is_checked()
    while "/sections/farm_work" in farm.page.url:
        assert ASK not in farm.words
        farm.presses("Save and continue")


def begins_construction(ann: Person, *, scripts: bool) -> None:
    """The words are those of the research. She forgets who acts, and is told."""
    ann.follows("Add a sector")
    ann.looks(scripts=scripts)
    fields = ann.page.locator("main form")
    for name in ("title", "base", "reason", "section", "ask", "why", "do", "codes"):
        fields.locator(f'[name="{name}"]').fill(CONSTRUCTION[name])
    for name in ("dimension", "source"):
        fields.locator(f'[name="{name}"]').select_option(CONSTRUCTION[name])
    for name in ("poor", "kind"):
        fields.locator(f'[name="{name}"][value="{CONSTRUCTION[name]}"]').check()
    ann.presses("Add the sector")
    ann.looks(scripts=scripts)
    assert "Choose who acts." in ann.page.get_by_role("alert").inner_text()
    fields.locator('[name="owner"]').select_option(CONSTRUCTION["owner"])
    ann.presses("Add the sector")
    ann.looks(scripts=scripts)
    assert ann.heading == "Construction"
    assert CONSTRUCTION["ask"] in ann.words
