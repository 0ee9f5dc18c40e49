"""The farm office, after submitting: goes through the actions, ticks off, notes proof, plans the year, and takes the files along."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pikepdf
import pytest
import vobject
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.person import (
    LONGEST_WAY,
    Keyboard,
    Person,
    answers_all,
    answers_of,
    begins,
    home_of,
    runs_scripts,
    says_who_it_is,
    starts_answering,
)

pytestmark = pytest.mark.journey

FARM = "Fen Edge Growers Ltd"


def submits(person: Person, *, scripts: bool) -> tuple[str, str]:
    """She answers the quick check and submits it. Returns the address of her assessment and her link."""
    link = begins(person, "Farming", "quick check", scripts=scripts)
    says_who_it_is(person, FARM, scripts=scripts)
    home = home_of(person)
    starts_answering(person)
    answers_all(person, answers_of("farming medium"), stop_after=None, scripts=scripts)
    person.opens(f"{home}/check")
    person.chooses("I have read these twice")
    person.presses("Submit")
    return home, link


def test_she_turns_the_plan_into_a_year_of_work(
    context: BrowserContext, browser: Browser, site: str, tmp_path: Path
) -> None:
    scripts = runs_scripts(context)
    office = Person(context.new_page(), site)
    home, link = submits(office, scripts=scripts)
    office.follows("What to do")
    office.looks(scripts=scripts)
    assert "You have answered 0 of" in office.words
    goes_through_the_actions(office, scripts=scripts)
    ticks_off_and_takes_it_back(office, home)
    notes_proof(office, home, scripts=scripts)
    with browser.new_context(
        base_url=site, viewport=office.page.viewport_size, java_script_enabled=scripts, accept_downloads=True
    ) as another:
        owner = Person(another.new_page(), site)
        owner.opens(link)
        owner.presses("Go on")
        two_people_change_one_action(office, owner, home, scripts=scripts)
        assert owner.elsewhere == []
    asks_what_if(office, home, scripts=scripts)
    takes_the_files(office, home, tmp_path, scripts=scripts)
    subscribes_and_ends_it(office, home, scripts=scripts)
    assert office.elsewhere == []
    # an ended calendar and two people at one action are the only things the browser may remark on
    assert [words for words in office.said if "404 (NOT FOUND)" not in words and "409 (CONFLICT)" not in words] == []


def test_she_answers_an_action_with_the_keyboard_alone(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}) as context:  # type: ignore[arg-type]  # a plain mapping will do
        office = Person(context.new_page(), site)
        home, _ = submits(office, scripts=True)
        office.opens(f"{home}/result/actions")
        keys = Keyboard(office)
        keys.tab_to('article a[href*="/actions/"]')
        keys.press("Enter")
        office.page.wait_for_url(re.compile(r"/actions/[0-9]"))
        first = office.page.url
        # radio buttons that none is chosen of are reached as one: the first of them has the focus
        keys.tab_to('input[name="response"]')
        keys.press("Space")
        keys.tab_to('input[name="due"]')
        keys.press("Control+A")
        keys.type("1 3 2027")
        keys.tab_to('select[name="owner"]')
        keys.press("ArrowDown")
        keys.tab_to('button[name="go"][value="next"]')
        keys.press("Enter")
        office.page.wait_for_url(lambda address: address != first)
        office.opens(f"{home}/result/actions")
        assert "You have answered 1 of" in office.words
        assert "March 2027 (1)" in office.words


def goes_through_the_actions(office: Person, *, scripts: bool) -> None:
    """One after the other, each with an answer of another kind, until the plan is ready.

    Without scripts one of each kind is enough, and she says yes to all the rest at once.
    """
    office.page.locator('article a[href*="/actions/"]').first.click()
    for number in range(LONGEST_WAY if scripts else 3):
        office.looks(scripts=scripts)
        if not re.search(r"/actions/[0-9]", office.page.url):
            break
        wanted = ("accepted", "already_done", "will_not")[number % 3]
        choice = office.page.locator(f'input[name="response"][value="{wanted}"]')
        if choice.count():  # a duty cannot be refused
            choice.check()
        else:
            office.page.locator('input[name="response"][value="accepted"]').check()
        if choice.count() and wanted == "will_not":
            opens_the_rest(office)
            office.page.locator('input[name="reason"]').first.check()
        office.presses("Save and go to the next")
    office.opens(office.page.url.split("/actions")[0] + "/actions")
    if not scripts:
        office.follows("Say “we will do this” to all the rest")
        office.presses("Yes, to all of them")
    office.looks(scripts=scripts)
    assert "Your plan is ready" in office.words


def opens_the_rest(office: Person) -> None:
    """What few need in the form of an action is folded."""
    office.page.locator("form summary").first.click()


def ticks_off_and_takes_it_back(office: Person, home: str) -> None:
    office.opens(f"{home}/result/actions")
    before = office.words
    office.presses("Done")
    assert office.page.locator("#notice").get_by_role("button", name="Undo").is_visible()
    office.presses("Undo")
    office.opens(f"{home}/result/actions")
    assert office.words == before, "undo leaves everything as it was"
    office.presses("Done")


def notes_proof(office: Person, home: str, *, scripts: bool) -> None:
    office.opens(f"{home}/result/actions")
    for link in office.page.locator(".plan-card h3 a").all():
        address = link.get_attribute("href")
        office.opens(f"{address}/proof")
        if office.page.locator('input[name="title"]').count():
            break
        office.opens(f"{home}/result/actions")
    office.page.get_by_label("What is it, and where is it kept?").fill("Time sheets, blue folder in the office")
    office.page.locator('input[name="kind"]').first.check()
    office.page.locator('input[name="dated"]').fill("1 11 2026")
    office.page.locator('input[name="grade"]').first.check()
    office.looks(scripts=scripts)
    office.presses("Save")
    assert "Time sheets, blue folder in the office" in office.words


def two_people_change_one_action(office: Person, owner: Person, home: str, *, scripts: bool) -> None:
    """Both have the same page open. The second is shown both texts, and what is not kept stays in the history."""
    office.opens(f"{home}/result/actions")
    address = None
    for link in office.page.locator(".plan-card h3 a").all():
        found = link.get_attribute("href")
        owner.opens(str(found))
        if owner.page.locator('input[name="owner_text"]').count():
            address = str(found)
            break
    assert address is not None
    office.opens(address)
    for person, who in ((owner, "Packhouse manager"), (office, "Yard foreman")):
        person.page.locator('input[name="response"][value="accepted"]').check()
        person.page.locator('select[name="owner"]').select_option(label="Someone else")
        if not person.page.locator('input[name="owner_text"]').is_visible():
            opens_the_rest(person)
        person.page.locator('input[name="owner_text"]').fill(who)
        person.presses("Save", exact=True)
    assert "Packhouse manager" in office.words
    assert "Yard foreman" in office.words
    office.looks(scripts=scripts)
    office.page.locator('input[name="pick"][value="mine"]').check()
    office.presses("Save and continue")
    office.opens(f"{address}/history")
    office.looks(scripts=scripts)
    assert "Packhouse manager" in office.words
    assert "Yard foreman" in office.words


def asks_what_if(office: Person, home: str, *, scripts: bool) -> None:
    office.opens(f"{home}/result/what-if")
    office.looks(scripts=scripts)
    assert "With what you have done so far" in office.words
    boxes = office.page.locator('main input[type="checkbox"]').all()
    ticked = min(3, len(boxes))
    assert ticked > 1
    for number, box in enumerate(boxes):
        box.set_checked(number < ticked)
    office.presses("Show what these steps bring")
    office.looks(scripts=scripts)
    assert f"With {ticked} steps done" in office.words
    assert re.search(r"/what-if\?shown=[0-9a-f]{32}$", office.page.url), "what is tried out stands in no address"
    assert office.page.locator('main input[type="checkbox"]:checked').count() == ticked


def takes_the_files(office: Person, home: str, tmp_path: Path, *, scripts: bool) -> None:
    # each copy is printed in a process of its own, which takes longest: one kind of browser takes two of them, the other the third
    names = ("plan.pdf", "plan-for-the-wall.pdf") if scripts else ("plan-large-print.pdf",)
    for name in names:
        office.opens(f"{home}/result/keep")
        with office.page.expect_download(timeout=90_000) as download:
            office.page.locator(f'a[href$="/{name}"]').last.click()
        download.value.save_as(tmp_path / name)
    with pikepdf.open(tmp_path / names[0]) as pdf:
        assert {"assessment.json", "actions.csv"} <= set(pdf.attachments)
    with pikepdf.open(tmp_path / names[-1]) as pdf:
        assert (len(pdf.pages) == 1) == ("wall" in names[-1])
    sheet = office.page.request.get(f"{home}/actions.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sheet.body()))
    assert any("Yard foreman" in str(cell.value) for row in book.worksheets[0] for cell in row)
    for name, starts in (("actions.csv", b"\xef\xbb\xbf"), ("actions.docx", b"PK")):
        assert office.page.request.get(f"{home}/{name}").body().startswith(starts)
    office.opens(f"{home}/document-templates")
    office.looks(scripts=scripts)
    with office.page.expect_download(timeout=60_000) as paper:
        office.page.locator('a[href$=".docx"]').first.click()
    assert paper.value.suggested_filename.endswith(".docx")


def subscribes_and_ends_it(office: Person, home: str, *, scripts: bool) -> None:
    office.opens(f"{home}/calendar")
    office.looks(scripts=scripts)
    office.presses("Make an address")
    office.looks(scripts=scripts)
    address = re.search(r"https?://\S+/c/[\w-]{43}\.ics", office.page.content())
    assert address is not None
    feed = office.page.request.get(address.group())
    assert feed.status == 200
    calendar = vobject.readOne(feed.text())
    assert len(calendar.contents["vevent"]) > 0
    assert FARM not in feed.text()
    office.opens(f"{home}/calendar")
    office.presses("End the address now")
    assert office.page.request.get(address.group()).status == 404
