"""Asking for another helpline, confirming and blanking it, on a phone of 390 pixels."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.assessments.models import QuestionFeedback
from assess.bank_editor import views as bank_editor_views
from assess.bank_editor.views import QuestionCounts
from assess.question_banks.drafts import create_draft
from assess.question_banks.editions import current_edition
from tests.bank_editor.conftest import AtDesk
from tests.bank_editor.draft_fixtures import Drafting
from tests.bank_editor.draft_pages import room_of
from tests.conftest import TODAY, Visitor
from tests.content_files import SHOP
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mobile_browser import fits, has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_a_condition_is_built_on_a_phone_without_scripts(
    drafting: Drafting, browser: Browser, live: str, visit: Visitor
) -> None:
    with phone(browser, live, visit, scripts=False) as page:
        page.goto(f"{drafting.home}/shop/questions/papers/condition")
        page.get_by_role("button", name="Add a line", exact=True).click()
        page.get_by_role("group", name="Line 2").get_by_label("Question").select_option(
            "How many hours does the longest week have?"
        )
        page.get_by_role("button", name="Show its answers for line 2").click()
        page.get_by_label("What has to be true").last.select_option("is more than")
        page.get_by_label("Number").fill("48")
        page.get_by_label("How the lines go together").select_option("At least one of these lines is true")
        page.get_by_label("Number").press("Enter")
        expect(page.locator("#words")).to_contain_text(
            "or “How many hours does the longest week have?” is more than 48"
        )
    assert "show_if: {any: [{staff: {is: hired}}, {hours: {more_than: 48}}]}" in drafting.text(SHOP)


@pytest.mark.long
def test_no_page_has_a_fault_on_a_phone(drafting: Drafting, browser: Browser, live: str, visit: Visitor) -> None:
    with phone(browser, live, visit) as page:
        page.goto(f"{drafting.home}/shop/questions/papers/condition")
        page.get_by_role("button", name="Add a group of lines").click()
        has_no_fault(page)
        page.get_by_role("button", name="Remove line 1").first.click()
        page.get_by_label("Question").select_option("How many hours does the longest week have?")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Press “Show its answers”, then choose the answers.")
        has_no_fault(page)
        for address in ("shop/checks", "shop/checks/D1", "shop/checks/D1/retire", "shop/checks/new", "sectors/new"):
            page.goto(f"{drafting.home}/{address}")
            has_no_fault(page)
        page.get_by_role("button", name="Add the sector").click()
        expect(page.get_by_role("alert")).to_be_visible()
        has_no_fault(page)


SIZE = {"width": 390, "height": 800}


@pytest.mark.long
def test_a_helpline_is_asked_for_confirmed_and_blanked_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor, another_visit: Visitor, at_desk: AtDesk
) -> None:
    with phone(browser, live, visit) as page:
        page.set_viewport_size(SIZE)  # type: ignore[arg-type]  # two numbers
        page.goto("/question-banks/contacts")
        has_no_fault(page)
        page.get_by_role("link", name="Ask for a change of Modern Slavery").click()
        page.get_by_label("Phone number").fill("07400 900 123")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        page.get_by_label("Phone number").fill("0300 123 4567")
        page.get_by_label("On a web page of those who run this line").check()
        page.get_by_label("The address of that page").fill("https://www.modernslaveryhelpline.org/contact")
        page.get_by_label("Why does it have to change?").fill("They moved.")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        old, new = (page.get_by_text(one, exact=True) for one in ("08000 121 700", "0300 123 4567"))
        expect(new).to_be_visible()
        large = [one.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") for one in (old.first, new)]
        assert min(large) >= 30
        page.get_by_role("button", name="Ask a second person to confirm it").click()
        expect(page.get_by_role("status")).to_contain_text("waits for a second person")
    sign_in(another_visit, app, at_desk.ben)
    with phone(browser, live, another_visit) as page:
        page.set_viewport_size(SIZE)  # type: ignore[arg-type]  # the same
        page.goto("/question-banks/contacts")
        page.locator("a[href^='/question-banks/contacts/requests/']").first.click()
        has_no_fault(page)
        page.get_by_label("I looked at its own website").check()
        page.get_by_role("button", name="Confirm that it is right").click()
        expect(page.get_by_role("status")).to_be_visible()
        page.goto("/question-banks/contacts/helpline/blank")
        has_no_fault(page)
        page.get_by_label("What is wrong with it?").fill("A stranger answers.")
        page.get_by_label("Take it away now").check()
        page.get_by_role("button", name="Blank it").click()
        expect(page.get_by_role("status")).to_contain_text("It is blanked now.")
        page.goto("/question-banks/contacts/acas/blank")
        has_no_fault(page)
        page.goto("/help")
        has_no_fault(page)
        expect(page.get_by_role("link", name="999").first).to_be_visible()
        expect(page.get_by_role("link", name="08000 121 700")).to_have_count(0)


@pytest.mark.long
def test_a_link_is_fixed_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor, another_visit: Visitor, at_desk: AtDesk
) -> None:
    with phone(browser, live, visit) as page:
        page.goto("/question-banks/urgent-fixes")
        page.get_by_text("Websites of those to call").click()
        page.get_by_role("link", name="Norfolk County Council: link").click()
        page.get_by_label("What it should say").fill("www.norfolk.gov.uk")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        page.get_by_label("What it should say").fill("https://www.norfolk.gov.uk/children")
        page.get_by_label("Why, and where you saw it").fill("Their own site")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        page.get_by_role("button", name="Put it in use now").click()
        expect(page.get_by_role("status")).to_contain_text("It is in use now.")
        for place in ("settings/wage", "settings", "things/contacts/acas"):
            page.goto(f"{at_desk.draft}/{place}")
            fits(page)
        has_no_fault(page)
    sign_in(another_visit, app, at_desk.ben)
    with phone(browser, live, another_visit) as page:
        page.goto("/question-banks/urgent-fixes")
        has_no_fault(page)
        page.get_by_role("button", name="It is right").click()
        expect(page.get_by_text("Ben Moor found it right")).to_be_visible()


@pytest.mark.long
def test_a_bank_is_kept_on_a_phone(app: Flask, browser: Browser, live: str, visit: Visitor) -> None:
    room = room_of(app, visit)
    with phone(browser, live, visit) as page:
        page.goto(room.home)
        has_no_fault(page)
        page.get_by_role("link", name="Who keeps the workers’ papers?").click()
        has_no_fault(page)
        page.get_by_role("link", name="Answers and points").click()
        has_no_fault(page)
        page.get_by_role("button", name="Add an answer").click()
        page.get_by_role("button", name="Move up answer 4").click()
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Words").fill("Only at weekends")
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points").fill("many")
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points").press("Enter")  # Enter saves
        expect(page.get_by_role("alert")).to_contain_text("Enter a number, such as 2.")
        has_no_fault(page)
        page.get_by_role("link", name="Enter a number, such as 2.").click()
        expect(page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points")).to_be_focused()
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points").fill("4")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Saved in this draft.")
        has_no_fault(page)  # with a problem: the new answer brings no action
        page.get_by_role("link", name="Open the page for this").first.click()
        expect(page.get_by_role("group", name="Only at weekends (4 points)")).to_be_visible()
        has_no_fault(page)
        for where in (
            "questions/papers/edit/counts",
            "questions/papers/move",
            "questions/papers/retire",
            "add",
            "title",
        ):
            page.goto(f"{room.home}/{where}")
            has_no_fault(page)


@pytest.mark.long
def test_use_and_notes_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"core_time_records": QuestionCounts(40, 20, 1, 39)}
    monkeypatch.setattr(bank_editor_views, "counts_by_question", lambda *_: counts)
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
        draft = create_draft(session, "Clearer words", ann.id, TODAY)
        note = {"bank": "farming", "edition": 1, "question": "core_time_records", "month": "2026-10"}
        session.add(QuestionFeedback(words="What is a rota?", **note))
        edition = current_edition(session, "farming").id
    sign_in(visit, app, ann)
    with phone(browser, live, visit) as page:
        page.goto(f"/question-banks/drafts/{draft.id}/farming/use")
        has_no_fault(page)
        page.get_by_role("link", name="Do you write down start, finish and break times").click()
        expect(page.get_by_text("What is a rota?")).to_be_visible()
        has_no_fault(page)
        page.goto(f"/question-feedback/{edition}/people")
        has_no_fault(page)
        page.get_by_role("link", name="How do workers get to work?").click()
        has_no_fault(page)
        page.get_by_role("button", name="Send the note").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose what is hard to understand.")
        has_no_fault(page)
        page.get_by_label("There is a word I do not know").check()
        page.get_by_role("button", name="Send the note").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
