"""Comments on a page: by whom, on what, and never where an answer may be grave."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask

from assess.assessments import comments as assessments_comments
from assess.identity.models import Role
from tests.engine.real_banks import BANKS, edition_of
from tests.organisation_members import claim, sign_in

TALK = "comments/core_people_peak"


def test_a_comment_is_written_read_and_taken_away(visit: Any, begin: Any) -> None:
    home = begin()
    link = visit(f"{home}sections/people").soup.find("a", string="Comments on this section")
    assert link["href"] == "../comments/section/people"
    assert "Comments (0)" in visit(f"{home}comments/section/people").text
    visit(f"{home}{TALK}")
    page = visit.send("/core_people_peak", words="Is this <with> agency staff?\nOr without?")
    assert page.address == f"{home}{TALK}"
    assert "Is this <with> agency staff? Or without?" in page.text
    assert "Comments (1)" in visit(f"{home}comments/section/people").text
    visit(f"{home}{TALK}")
    assert "Nobody has written anything yet." in visit.send("/delete").text
    visit.send("/core_people_peak", words="Settled?")
    page = visit.send("/close")
    assert "(settled)" in page.text
    assert not page.soup.select("form[action$='/settle'], form[action$='/delete']")
    assert "Comments (0)" in visit(f"{home}comments/section/people").text


def test_saying_nothing_gets_a_sentence_and_too_much_keeps_what_was_typed(
    visit: Any, begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = begin()
    visit(f"{home}{TALK}")
    page = visit.send("/core_people_peak", words=" ")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    page = visit.send("/core_people_peak", words="x" * 501, for_delegate="yes")
    assert page.soup.select_one("#words").text.strip() == "x" * 501
    assert page.soup.select_one("#for_delegate").has_attr("checked")
    monkeypatch.setattr(assessments_comments, "MAX_COMMENTS_PER_QUESTION", 0)
    assert visit.send("/core_people_peak", words="One more").status == 422


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("bank", BANKS)
def test_a_question_that_can_raise_a_sign_has_no_thread(visit: Any, begin: Any, bank: str) -> None:
    home = begin(bank)
    fields = visit(f"{home}{TALK}").fields("/core_people_peak") | {"words": ["It was the foreman"]}
    for section in edition_of(bank).sections:
        listed = visit(f"{home}comments/section/{section.id}").html
        for question in section.questions:
            if question.can_sign:
                assert f"comments/{question.id}" not in listed
                assert visit(f"{home}comments/{question.id}").status == 404
    assert visit.client.post(f"{home}comments/core_documents", data=fields).status_code == 404
    assert visit(f"{home}comments/nothing").status == 404


def test_members_see_it_and_only_ones_own_can_be_deleted(
    app: Flask, visit: Any, another_visit: Any, begin: Any, now: Any
) -> None:
    home = begin()
    organisation = claim(app, uuid.UUID(home.split("/")[2]), now)
    sign_in(app, another_visit, organisation, Role.SIGNER, now)
    third = type(another_visit)(app.test_client())
    sign_in(app, third, organisation, Role.RESPONDENT, now)
    another_visit(f"{home}{TALK}")
    page = another_visit.send("/core_people_peak", words="From the director")
    assert "You, 24 November 2026" in page.text
    assert page.soup.select("form[action$='/delete']")
    action = page.form("/delete").action
    for who in (third, visit):
        page = who(f"{home}{TALK}")
        assert "A colleague, 24 November 2026" in page.text
        assert "Kim" not in page.text, "nobody is named"
        assert who.client.post(action, data=page.fields("/core_people_peak")).status_code == 404
    visit.send("/core_people_peak", words="From the office")
    assert "Somebody with the link, 24 November 2026" in another_visit(f"{home}{TALK}").text


@pytest.mark.parametrize("role", [Role.BUYER, None])
def test_nobody_else_reads_or_writes(
    app: Flask, visit: Any, another_visit: Any, begin: Any, now: Any, role: Role | None
) -> None:
    home = begin()
    visit(f"{home}{TALK}")
    visit.send("/core_people_peak", words="Among us")
    organisation = claim(app, uuid.UUID(home.split("/")[2]), now)
    if role:
        sign_in(app, another_visit, organisation, role, now)
    theirs = begin(who=another_visit)
    fields = another_visit(f"{theirs}{TALK}").fields("/core_people_peak") | {"words": ["Hello"]}
    for address in (f"{home}{TALK}", f"{home}comments/section/people"):
        assert another_visit(address).status == 404
    for act in (TALK, f"{TALK}/close", f"{TALK}/{uuid.uuid4()}/delete"):
        assert another_visit.client.post(f"{home}{act}", data=fields).status_code == 404
