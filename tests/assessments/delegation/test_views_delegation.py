"""The pages on which a business gives parts away."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any, cast
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.delegation import (
    NewDelegation,
    create_delegation,
    get_delegation,
    is_delegated_alone,
    questions_delegated_with_section,
)
from assess.assessments.guest_sessions import open_delegation
from assess.assessments.models import Delegation, Submission
from assess.assessments.services import get_answers, save_answers, start_assessment
from assess.assessments.submissions import submit_assessment
from assess.core.db import database
from assess.engine.bank import AnswerValue, Edition, Question
from assess.engine.points import is_exclusive_option
from assess.engine.visibility import settle_visibility
from assess.identity.models import Role
from assess.question_banks.editions import current_edition
from tests.conftest import Page, Visitor
from tests.engine.real_banks import BANKS, edition_of
from tests.organisation_members import claim, sign_in


def test_a_colleagues_visit_is_over_a_day_later(app: Flask, another_visit: Any, colleague: Any, now: Any) -> None:
    _, _, here = colleague()
    app.config["CLOCK"] = lambda: now + timedelta(hours=3)
    assert another_visit(here).status == 200
    another_visit.send()
    app.config["CLOCK"] = lambda: now + timedelta(days=1)
    assert another_visit(here).status == 403, "the link opens a new one"


def test_a_section_shows_what_goes_and_what_stays(visit: Any, begin: Any) -> None:
    home = begin()
    assert visit(home).soup.select_one(f"a[href='{home}delegation']")
    page = visit(f"{home}delegation/section/hiring")
    assert len(page.soup.select("a[href*='/delegation/question/']")) == 4
    together = page.soup.select_one("ul.govuk-list--bullet").text
    assert "passports" not in together
    assert visit(f"{home}delegation/section/pay").soup.select("input[name=note]") == []
    assert visit(f"{home}delegation/section/nowhere").status == 404


def test_a_section_of_nothing_but_signs_is_not_given_whatever_is_sent(visit: Any, begin: Any) -> None:
    home = begin()
    fields = visit(f"{home}delegation/section/people").fields()
    assert visit.client.post(f"{home}delegation/section/pay", data=fields).status_code == 404
    assert visit.client.post(f"{home}delegation/question/core_people_peak", data=fields).status_code == 404


def test_the_link_is_shown_once_and_neutral_in_every_message(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}delegation/section/people")
    page = visit.send(note="x" * 81)
    assert (page.status, page.fields()["note"]) == (422, ["x" * 81])
    page = visit.send(note=" wages   office ")
    address = page.soup.select_one("#link")["value"]
    assert re.fullmatch(r"http://localhost:5000/d/[\w-]{43}", address)
    for link in page.soup.select("a[href^='sms:'], a[href^='mailto:']"):
        assert address in unquote(link["href"])
        assert "slavery" not in unquote(link["href"]).lower()
    page = visit(f"{home}delegation")
    assert address not in page.html
    assert "For: wages office" in page.text


def test_one_question_needs_a_second_thought(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}delegation/question/core_documents")
    assert "could not hurt anybody" in page.text
    assert not page.soup.select("main input[type=text], main textarea"), "no free text beside it"
    page = visit.send(note="Ivan has them")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#sure"
    page = visit.send(sure="yes", note="Ivan has them")
    assert page.status == 200
    assert "Ivan" not in visit(f"{home}delegation").text
    one = visit(visit.page.soup.select_one("a[href*='/delegation/']:not([href*='section'])")["href"])
    assert not one.soup.select("textarea")
    visit.send("/send-back")
    assert "Sent back." in visit.page.text


def test_sending_back_wants_words(visit: Any, begin: Any, give: Any) -> None:
    home = begin()
    give(home, "section/people")
    page = visit(f"{home}delegation")
    visit(page.soup.select_one("a[href*='/delegation/']:not([href*='section'])")["href"])
    page = visit.send("/send-back", words="   ")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#words"
    page = visit.send("/send-back", words="x" * 301)
    assert "300 characters or fewer" in page.soup.select_one("#words-error").text
    page = visit.send("/send-back", words="Add the cleaners.")
    assert page.status == 200
    assert "You sent it back. “Add the cleaners.”" in page.text
    page = visit.send("/end")
    assert "You ended it" in page.text
    assert not page.soup.select("form[action$='/end'], form[action$='/back']")


def test_nobody_else_sees_or_ends_it(visit: Any, another_visit: Any, begin: Any, give: Any) -> None:
    home = begin()
    give(home, "section/people")
    one = visit(f"{home}delegation").soup.select_one("a[href*='/delegation/']:not([href*='section'])")["href"]
    theirs = begin(who=another_visit)
    fields = another_visit(f"{theirs}delegation/section/people").fields()
    foreign = one.replace(home, theirs)
    for address in (one, foreign):
        assert another_visit(address).status == 404
        for act in ("end", "send-back"):
            assert another_visit.client.post(f"{address}/{act}", data=fields).status_code == 404
    assert visit(one).status == 200


@pytest.mark.parametrize(("role", "status"), [(Role.RESPONDENT, 200), (Role.SIGNER, 404), (Role.BUYER, 404)])
def test_who_answers_for_the_organisation_gives_parts_away(
    app: Any, another_visit: Any, begin: Any, now: Any, role: Role, status: int
) -> None:
    home = begin()
    organisation = claim(app, uuid.UUID(home.split("/")[2]), now)
    sign_in(app, another_visit, organisation, role, now)
    assert another_visit(f"{home}delegation").status == status


def test_after_submitting_nothing_is_given(visit: Any, begin: Any, identify: Any, give: Any) -> None:
    home = begin()
    give(home, "section/people")
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    page = visit(f"{home}delegation")
    assert "cannot add anything just now" in page.text
    one = visit(page.soup.select_one("a[href*='/delegation/']:not([href*='section'])")["href"])
    assert not one.soup.select("form[action$='/back']")
    assert one.soup.select("form[action$='/end']")
    page = visit(f"{home}delegation")
    assert not page.soup.select("a[href*='/delegation/section/']")
    assert not visit(f"{home}delegation/section/people").soup.select("input[name=note]")


NUMBER, DAY, WORD = 73.25, "2031-07-19", "Canarybird"
CANARIES = ("73.25", "19 7 2031", "2031-07-19", WORD)


def canary(question: Question) -> AnswerValue:
    """An answer that would be seen at once if it stood on a page."""
    match question.type:
        case "choice":
            return question.options[0].id
        case "choices":
            together = [option.id for option in question.options if not is_exclusive_option(option.id)]
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
        self, app: Flask, bank: str, said: dict[str, AnswerValue], parts: list[tuple[str, str | None]], now: Any
    ) -> None:
        self.visitor = Visitor(app.test_client())
        self.links: list[uuid.UUID] = []
        token = None
        with app.app_context(), database().writing() as session:
            row = current_edition(session, bank)
            assert row is not None
            self.id = start_assessment(session, row.id, quick=False, now=now).id
            save_answers(session, self.id, said, {}, now)
            for section, question in parts:
                link = create_delegation(session, self.id, NewDelegation(section, question, "", 14), now)
                token = open_delegation(session, get_delegation(session, self.id, link.id), now, token=token)
                self.links.append(link.id)
        assert token is not None
        self.visitor.client.set_cookie("assess_visit", token)


def parts_of(edition: Edition, said: dict[str, AnswerValue]) -> list[tuple[str, str | None]]:
    """Every section with something to give, and every question that goes alone and is shown."""
    found = settle_visibility(edition, said).answers
    together: list[tuple[str, str | None]] = [
        (section.id, None) for section in edition.sections if questions_delegated_with_section(edition, section)
    ]
    alone: list[tuple[str, str | None]] = [
        (section.id, question.id)
        for section in edition.sections
        for question in section.questions
        if is_delegated_alone(edition, question) and found[question.id] == said[question.id]
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
    errors = 0
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
            errors += 1
            assert wrong.status == 422
            assert not any(word in wrong.html for word in CANARIES)
            assert not wrong.soup.select("[checked]")
        if number % 4 == 0:  # the other world takes a while to make
            bare = World(app, bank, kept, [parts[number]], now)
            other = bare.visitor(f"/delegated/{bare.links[0]}")
            assert plain(other.html, bare) == plain(page.html, full)
    assert errors >= 2


def test_she_answers_and_sees_only_her_own(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague(note="wages office")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7777", core_people_peak__sure="7777", core_first_language="under25")
    page = another_visit(here)
    assert "7777" not in page.html
    assert page.soup.title.text == "A few questions for you – Assess"
    page = another_visit.send(core_people_peak="8888", core_people_peak__sure="8888", core_visa_tied="none")
    assert page.address == here
    assert "Saved." in page.text
    assert page.soup.select_one("#core_people_peak")["value"] == "8888"
    assert not page.soup.select("input[name=core_first_language][checked]")
    saved = visit(f"{home}sections/people")
    assert saved.soup.select_one("#core_people_peak")["value"] == "7777", "nothing is written over"
    assert saved.soup.select_one("input[name=core_visa_tied][checked]")["value"] == "none"


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


def test_a_row_is_added_to_a_table_alone_whatever_the_button_says(another_visit: Any, colleague: Any) -> None:
    _, _, here = colleague()
    another_visit(here)
    page = another_visit.send(core_people_peak="12", add="core_people_peak")
    assert page.status == 200, page.text
    assert page.soup.select_one("#core_people_peak")["value"] == "12"


def test_one_question_by_itself_and_no_other(app: Flask, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague("question/core_documents", sure="yes")
    page = another_visit.page
    assert page.heading == "One question"
    assert {box["name"] for box in page.soup.select("input[name$='.seen']")} == {"core_documents.seen"}
    assert "core_documents" not in here
    page = another_visit.send(core_documents="worker", core_debt__seen="0", core_debt="yes")
    assert page.soup.select_one("input[name=core_documents][checked]")["value"] == "worker"
    with app.app_context(), database().reading() as session:
        assert set(get_answers(session, uuid.UUID(home.split("/")[2]))) == {"core_documents"}


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
    visit.send("/send-back", words="Count the <pickers>\nas well, please.")
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
        submit_assessment(session, assessment_id, lambda _said: record, now)
    fields = page.fields() | {"core_people_peak": ["4321"]}
    sent = Page(another_visit.client.post(here, data=fields))
    assert sent.status == 409
    assert "This page is not saved." in sent.text
    assert sent.soup.select_one("#core_people_peak")["value"] == "4321"
    assert "Nothing can be changed just now." in another_visit(here).text
    with app.app_context(), database().reading() as look:
        assert get_answers(look, assessment_id) == {}
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
    with app.app_context(), database().reading() as session:
        assert session.scalars(select(Delegation)).one().opened_at is not None


def two_answers(visit: Any, another_visit: Any, colleague: Any) -> tuple[str, str]:
    home, _, here = colleague(note="wages office")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7777", core_people_peak__sure="7777", core_visa_tied=["none"])
    another_visit(here)
    another_visit.send(core_people_peak="8888", core_people_peak__sure="8888", core_visa_tied=["skilled"])
    return home, here


def test_both_texts_are_shown_and_one_is_chosen(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, here = two_answers(visit, another_visit, colleague)
    assert "2 answers of a colleague differ" in visit(f"{home}delegation").text
    page = visit(f"{home}delegation/answers")
    for words in ("7,777", "8,888", "(wages office)", "of 24 November 2026"):
        assert words in page.text
    name = next(str(box["name"]) for box in page.soup.select("input[type=radio]") if "people_peak" in str(box["name"]))
    page = visit.send(**{name: "theirs"})
    assert page.address == f"{home}delegation"
    assert "1 answer of a colleague differs" in page.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "8888"
    assert "You took 1 answer of your colleague" in visit(f"{home}delegation/{here.rsplit('/', 1)[1]}").text
    page = visit(f"{home}delegation/answers")
    name = str(page.soup.select_one("input[type=radio]")["name"])
    visit.send(**{name: "ours"})
    assert "There is nothing to decide" in visit(f"{home}delegation/answers").text


def test_choosing_nothing_gets_a_sentence(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _ = two_answers(visit, another_visit, colleague)
    visit(f"{home}delegation/answers")
    page = visit.send()
    assert page.status == 422
    target = page.soup.select_one(".govuk-error-summary a")["href"].removeprefix("#")
    assert page.soup.find(id=target)["type"] == "radio"


def test_an_answer_that_changed_meanwhile_is_shown_again(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _ = two_answers(visit, another_visit, colleague)
    page = visit(f"{home}delegation/answers")
    name = next(str(box["name"]) for box in page.soup.select("input[type=radio]") if "people_peak" in str(box["name"]))
    fields = page.fields() | {name: ["theirs"]}
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7778", core_people_peak__sure="7778")
    late = visit.client.post(f"{home}delegation/answers", data=fields)
    assert late.status_code == 409
    assert "7,778" in late.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "7778"


def test_once_submitted_nothing_is_taken(visit: Any, another_visit: Any, colleague: Any, identify: Any) -> None:
    home, _ = two_answers(visit, another_visit, colleague)
    page = visit(f"{home}delegation/answers")
    name = str(page.soup.select_one("input[type=radio]")["name"])
    fields = page.fields() | {name: ["theirs"]}
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    assert visit.client.post(f"{home}delegation/answers", data=fields).status_code == 409
    assert "Correct an answer" in visit(f"{home}delegation/answers").text
