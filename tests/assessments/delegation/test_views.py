"""The pages on which a business gives parts away."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import unquote

import pytest

from assess.people.models import Role
from tests.members import claim, sign_in


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
    page = visit.send(note="wages office")
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
    visit.send("/back")
    assert "Sent back." in visit.page.text


def test_sending_back_wants_words(visit: Any, begin: Any, give: Any) -> None:
    home = begin()
    give(home, "section/people")
    page = visit(f"{home}delegation")
    visit(page.soup.select_one("a[href*='/delegation/']:not([href*='section'])")["href"])
    page = visit.send("/back", words="   ")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#words"
    page = visit.send("/back", words="x" * 301)
    assert "300 letters or fewer" in page.soup.select_one("#words-error").text
    page = visit.send("/back", words="Add the cleaners.")
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
        for act in ("end", "back"):
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
