"""The pages of a colleague: her own words and nobody else's, no other part, and an end that holds at once."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.answering import answers_of, save_answers, start
from assess.assessments.delegation.keeping import Wanted, delegation_of, make
from assess.assessments.delegation.models import Delegation
from assess.assessments.delegation.offering import goes_alone, ordinary_questions
from assess.assessments.models import Submission
from assess.assessments.submitting import submit
from assess.assessments.visits import open_delegation
from assess.banks.editions import latest
from assess.engine.bank import Edition, Question, Value
from assess.engine.marks import stands_alone
from assess.engine.visibility import settle
from assess.kit.db import database
from tests.conftest import Page, Visitor
from tests.engine.real_banks import BANKS, edition_of

NUMBER, DAY, WORD = 73.25, "2031-07-19", "Canarybird"
CANARIES = ("73.25", "19 7 2031", "2031-07-19", WORD)


def canary(question: Question) -> Value:
    """An answer that would be seen at once if it stood on a page."""
    match question.type:
        case "choice":
            return question.options[0].id
        case "choices":
            together = [option.id for option in question.options if not stands_alone(option.id)]
            return cast("list[object]", together)  # all at once, so that whatever may follow from them does
        case "table":
            return [{column.id: cell_of(column) for column in question.columns}]
        case "date":
            return DAY
        case "text":
            return WORD
        case _:
            return NUMBER


def cell_of(column: Any) -> Any:
    if column.type == "choice":
        return column.options[0].id
    return {"date": DAY, "text": WORD}.get(column.type, NUMBER)


def plain(html: str, world: World) -> str:
    """The page without what differs from browser to browser."""
    for delegation_id in world.links:
        html = html.replace(str(delegation_id), "ID")
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


class World:
    """A business that has said all this, every part of it given away, and the browser of whoever opened all of the links."""

    def __init__(
        self, app: Flask, bank: str, said: dict[str, Value], parts: list[tuple[str, str | None]], now: Any
    ) -> None:
        self.visitor = Visitor(app.test_client())
        self.links: list[uuid.UUID] = []
        token = None
        with app.app_context(), database().writing() as session:
            row = latest(session, bank)
            assert row is not None
            self.id = start(session, row.id, quick=False, now=now).id
            save_answers(session, self.id, said, {}, now)
            for section, question in parts:
                link = make(session, self.id, Wanted(section, question, "", 14), now)
                token = open_delegation(session, delegation_of(session, self.id, link.id), now, token=token)
                self.links.append(link.id)
        assert token is not None
        self.visitor.client.set_cookie("assess_visit", token)


def parts_of(edition: Edition, said: dict[str, Value]) -> list[tuple[str, str | None]]:
    """Every section with something to give, and every question that goes alone and is shown."""
    found = settle(edition, said).found
    together: list[tuple[str, str | None]] = [
        (section.id, None) for section in edition.sections if ordinary_questions(edition, section)
    ]
    alone: list[tuple[str, str | None]] = [
        (section.id, question.id)
        for section in edition.sections
        for question in section.questions
        if goes_alone(edition, question) and found[question.id] == said[question.id]
    ]
    return together + alone


def with_fault(visitor: Visitor, page: Page) -> Page | None:
    """What comes back when a number is no number; None where there is none on the page."""
    box = page.soup.select_one("input[inputmode=decimal], .assess-value input[type=text]")
    if box is None:
        return None
    fields = page.fields() | {str(box["name"]): ["about a dozen"]}
    return Page(visitor.client.post(page.address, data=fields))


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("bank", BANKS)
def test_no_earlier_answer_to_her_part_or_to_a_sign_changes_a_letter_of_her_page(
    app: Flask, bank: str, now: Any
) -> None:
    edition = edition_of(bank)
    everything = {question.id: canary(question) for question in edition.questions()}
    parts = parts_of(edition, everything)
    full = World(app, bank, everything, parts, now)
    faults = 0
    for number, (section_id, question_id) in enumerate(parts):
        section = next(section for section in edition.sections if section.id == section_id)
        hidden = {question.id for question in section.questions} if question_id is None else {question_id}
        kept = {name: value for name, value in everything.items() if name not in hidden}
        page = full.visitor(f"/delegated/{full.links[number]}")
        assert page.status == 200, page.text
        assert not page.soup.select("[checked], [selected][value]:not([value=''])"), (section_id, question_id)
        assert not any(word in page.html for word in CANARIES)
        asked = {str(box["name"]).removesuffix(".seen") for box in page.soup.select("input[name$='.seen']")}
        assert {box["value"] for box in page.soup.select("input[name$='.seen']")} <= {"0"}
        signs = {question.id for question in edition.questions() if question.can_sign}
        assert asked & signs == ({question_id} if question_id else set())
        assert asked <= {question.id for question in section.questions}
        wrong = with_fault(full.visitor, page)
        if wrong is not None:
            faults += 1
            assert wrong.status == 422
            assert not any(word in wrong.html for word in CANARIES)
            assert not wrong.soup.select("[checked]")
        if number % 4 == 0:  # the other world takes a while to make
            bare = World(app, bank, kept, [parts[number]], now)
            other = bare.visitor(f"/delegated/{bare.links[0]}")
            assert plain(other.html, bare) == plain(page.html, full)
    assert faults >= 2


def test_she_answers_and_sees_only_her_own(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague(note="wages office")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7777", core_near_minimum="yes")
    page = another_visit(here)
    assert "7777" not in page.html
    assert page.soup.title.text == "A few questions for you – Assess"
    page = another_visit.send(core_people_peak="8888", core_housing="own")
    assert page.address == here
    assert "Saved." in page.text
    assert page.soup.select_one("#core_people_peak")["value"] == "8888"
    assert not page.soup.select("input[name=core_near_minimum][checked]")
    saved = visit(f"{home}sections/people")
    assert saved.soup.select_one("#core_people_peak")["value"] == "7777", "nothing is written over"
    assert saved.soup.select_one("input[name=core_housing][checked]")["value"] == "own"


def test_a_fault_costs_nothing_else(another_visit: Any, colleague: Any) -> None:
    _, _, here = colleague()
    page = another_visit.send(core_people_peak="about <twelve>", core_near_minimum="yes")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#core_people_peak"
    assert page.soup.select_one("#core_people_peak")["value"] == "about <twelve>"
    again = another_visit(here)
    assert again.soup.select_one("input[name=core_near_minimum][checked]")["value"] == "yes"


def test_what_follows_from_her_answer_appears(another_visit: Any, colleague: Any) -> None:
    colleague()
    assert not another_visit.page.soup.select("[name=core_agency_pct]")
    page = another_visit.send(core_worker_types=["employees", "agency"])
    assert page.soup.select("[name=core_agency_pct]")
    page = another_visit.send(core_agency_pct="30")
    assert page.soup.select_one("#core_agency_pct")["value"] == "30"


def test_rows_of_a_table_are_added_and_taken_away(another_visit: Any, colleague: Any) -> None:
    colleague()
    another_visit.send(core_housing=["ours"])
    fields = another_visit.page.fields()
    (name,) = [name for name in fields if re.fullmatch(r"core_housing_table\.0\.people", name)]
    page = another_visit.send(**{name.replace(".", "__"): "4", "add": "core_housing_table"})
    assert page.soup.select("[name='core_housing_table.1.people']")
    page = another_visit.send(core_housing_table__1__people="9", remove="core_housing_table.0")
    assert page.soup.select_one("[name='core_housing_table.0.people']")["value"] == "9"


def test_one_question_by_itself_and_no_other(app: Flask, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague("question/core_documents", sure="yes")
    page = another_visit.page
    assert page.heading == "One question"
    assert {box["name"] for box in page.soup.select("input[name$='.seen']")} == {"core_documents.seen"}
    assert "core_documents" not in here
    page = another_visit.send(core_documents="worker", core_debt__seen="0", core_debt="yes")
    assert page.soup.select_one("input[name=core_documents][checked]")["value"] == "worker"
    with app.app_context(), database().reading() as look:
        assert set(answers_of(look, uuid.UUID(home.split("/")[2]))) == {"core_documents"}


def test_a_link_to_one_part_opens_nothing_else(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague()
    for address in (
        home,
        f"{home}sections/people",
        f"{home}sections/hiring",
        f"{home}check",
        f"{home}result",
        f"{home}delegation",
        f"{home}comments/core_people_peak",
        f"{home}sign-off",
        here.replace("delegated", "signing"),
        f"/delegated/{uuid.uuid4()}",
    ):
        assert another_visit(address).status == 404, address
    assert visit(here).status == 404, "not even to the business itself, without the link"


def test_an_ended_link_opens_nothing_at_the_next_request(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, path, here = colleague()
    page = another_visit(here)
    fields, landing = page.fields(), another_visit(path).fields()
    visit(f"{home}delegation")
    visit(visit.page.soup.select_one("a[href*='/delegation/'][href$='" + here.rsplit("/", 1)[1] + "']")["href"])
    assert visit.send("/end").status == 200
    client = another_visit.client
    statuses = {
        "page": client.get(here).status_code,
        "save": client.post(here, data=fields | {"core_people_peak": ["5"]}).status_code,
        "done": client.post(here, data=fields | {"done": ["yes"]}).status_code,
        "leave": client.post(f"{here}/leave", data=fields).status_code,
        "landing": client.get(path).status_code,
        "open": client.post(path, data=landing).status_code,
    }
    assert set(statuses.values()) == {404}, statuses
    ended, unknown = Page(client.get(path)), Page(client.get("/d/" + "A" * 43))
    assert ended.text == unknown.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == ""


def test_a_link_runs_out_by_itself(app: Flask, another_visit: Any, colleague: Any, now: Any) -> None:
    _, path, here = colleague(days="7")
    app.config["CLOCK"] = lambda: now + timedelta(days=7)
    assert another_visit(path).status == 404
    assert another_visit(here).status in {403, 404}


def test_a_preview_opens_nothing(visit: Any, another_visit: Any, begin: Any, give: Any) -> None:
    home = begin()
    page = another_visit(give(home, "section/people"))
    assert page.heading == "A few questions for you"
    assert another_visit.client.get_cookie("assess_visit") is None
    assert "Not opened yet" in visit(f"{home}delegation").text


def test_she_says_that_she_is_done_and_may_be_asked_again(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague()
    another_visit.send(core_people_peak="x", done="yes")
    assert "Opened" in visit(f"{home}delegation").text
    another_visit(here)
    page = another_visit.send(core_people_peak="8", done="yes")
    assert "You said that you are done" in page.text
    one = visit(f"{home}delegation/{here.rsplit('/', 1)[1]}")
    assert "Your colleague says it is done" in one.text
    visit.send("/back", words="Count the <pickers>\nas well, please.")
    page = another_visit(here)
    assert "You are asked to change something" in page.text
    assert "Count the <pickers> as well, please." in page.text


def test_done_says_what_is_open_and_is_taken_back(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague()
    page = another_visit.send(core_people_peak="8", done="yes")
    assert "open. That is fine." in page.text
    page = another_visit.send("/not-done")
    assert page.address == here
    assert "You said that you are done" not in page.text
    assert not page.soup.select("form[action$='/not-done']")
    assert "Your colleague says it is done" not in visit(f"{home}delegation").text


def test_comments_reach_her_only_if_they_are_for_her(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague()
    for words, more in (("Only among us", {}), ("Count the pickers", {"for_delegate": "yes"})):
        visit(f"{home}comments/core_people_peak")
        visit.send("/core_people_peak", words=words, **more)
    visit(f"{home}comments/core_right_to_work")
    visit.send("/core_right_to_work", words="Elsewhere", for_delegate="yes")
    page = another_visit(here)
    assert "Count the pickers" in page.text
    assert "Only among us" not in page.text
    assert "Elsewhere" not in page.text


def test_once_it_is_sent_in_she_keeps_what_she_typed_and_nothing_is_saved(
    app: Flask, another_visit: Any, colleague: Any, now: Any
) -> None:
    home, _, here = colleague()
    page = another_visit(here)
    assessment_id = uuid.UUID(home.split("/")[2])
    record = {"engine": 1, "edition": {"bank": "car_washes"}, "result": {"score": 11.0, "band": "low"}}
    with app.app_context(), database().writing() as session:
        submit(session, assessment_id, lambda _said: record, now)
    fields = page.fields() | {"core_people_peak": ["4321"]}
    sent = Page(another_visit.client.post(here, data=fields))
    assert sent.status == 409
    assert "This page is not saved." in sent.text
    assert sent.soup.select_one("#core_people_peak")["value"] == "4321"
    assert "Nothing can be changed just now." in another_visit(here).text
    with app.app_context(), database().reading() as look:
        assert answers_of(look, assessment_id) == {}
        assert look.scalars(select(Submission)).one()


def test_leaving_closes_the_part_on_this_device(another_visit: Any, colleague: Any) -> None:
    _, path, here = colleague()
    page = another_visit.send("/leave")
    assert page.heading == "You have left"
    assert another_visit(here).status == 404
    another_visit(path)
    assert another_visit.send().address == here


def test_the_owner_keeps_the_whole_beside_a_part(app: Flask, visit: Any, begin: Any, give: Any) -> None:
    home = begin()
    path = give(home, "section/people")
    visit(path)
    assert visit.send().heading == "The people who work for you"
    assert visit(home).status == 200
    with app.app_context(), database().reading() as look:
        assert look.scalars(select(Delegation)).one().opened_at is not None
