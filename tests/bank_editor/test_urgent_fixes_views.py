from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assess.identity.models import Person
from tests.bank_editor.conftest import AtDesk
from tests.conftest import TODAY, Visitor
from tests.core.audit.test_completeness import counting
from tests.identity.accounts_factory import database_of, sign_in

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
NORFOLK = "/question-banks/urgent-fixes/new?what=settings/contacts.yaml:contacts:norfolk_children_team:web"
OLD, NEW = "https://www.norfolk.gov.uk", "https://www.norfolk.gov.uk/children"


def test_a_link_is_fixed_reviewed_and_undone_by_two_people(
    app: Flask, at_desk: AtDesk, visit: Visitor, another_visit: Visitor
) -> None:
    sign_in(another_visit, app, at_desk.ben)
    page = visit(NORFOLK)
    page = visit.send("", value="www.norfolk.gov.uk", reason="")
    assert page.status == 422
    assert {one["href"] for one in page.soup.select(".govuk-error-summary a")} == {"#value", "#reason"}
    page = visit.send("", value=NEW, reason="The page moved")
    assert page.heading == "Is this right?"
    assert "Waiting" not in another_visit("/question-banks/urgent-fixes").text, (
        "nothing is in use before it was seen side by side"
    )
    page = visit.send("", confirmed="1")
    assert "You fixed this." in page.text
    assert f'"{NEW}"' in visit("/help").html
    assert not page.soup.find("button", string="It is right")
    assert "The link of “Norfolk County Council”" in another_visit("/question-banks").text
    assert "The link of “Norfolk County Council”" in another_visit("/staff/assistance").text
    page = another_visit("/question-banks/urgent-fixes")
    undo = page.soup.select_one("a[href$='/undo']")
    assert undo
    page = another_visit(str(undo["href"]))
    assert another_visit.send("/undo", why="").status == 422, "a reason is needed"
    page = another_visit.send("/undo", why="x" * 501)
    assert (page.status, page.fields("/undo")["why"]) == (422, ["x" * 501]), "nothing typed is lost"
    page = another_visit.send("/undo", why="Their site still has the old one")
    assert "undid it" in page.text
    assert "Their site still has the old one" in page.text
    assert f'"{OLD}"' in visit("/help").html
    assert f'"{NEW}"' not in visit("/help").html


@pytest.mark.parametrize(
    "typed", ["999, but ask the agent first", "£1 million; warn the owner", "5 \u0430nd tell the boss"]
)
@pytest.mark.usefixtures("at_desk")
def test_words_that_may_put_a_worker_in_danger_go_through_a_draft(visit: Visitor, typed: str) -> None:
    page = visit("/question-banks/urgent-fixes")
    link = next(one for one in page.soup.select("main a[href*='law.yaml']") if "1 million" in str(one.parent))
    visit(str(link["href"]))
    page = visit.send("", value=typed, reason="New law")
    assert page.status == 422
    assert "so that a second person reads it first" in page.text


@pytest.mark.parametrize(
    "typed",
    [
        r"https://evil.example\.norfolk.gov.uk",
        r"https://evil.example\@www.norfolk.gov.uk/x",
        "https://evil.example%2f.norfolk.gov.uk",
        "https://www.norfolk.gov.uk@evil.example",
        "https://pages.norfolk.gov.uk",
    ],
)
@pytest.mark.usefixtures("at_desk")
def test_a_link_that_leads_elsewhere_is_refused_in_one_sentence(visit: Visitor, typed: str) -> None:
    visit("/question-banks/urgent-fixes/new?what=settings/contacts.yaml:contacts:norfolk_children_team:web")
    page = visit.send("", value=typed, reason="The page moved")
    assert page.status == 422
    assert len(page.soup.select(".govuk-error-message")) == 1
    assert "evil.example" not in visit("/help").html


PENALTY = (
    "/question-banks/urgent-fixes/new?what=settings/rates.yaml:settings:illegal_working_first:values:2024-02-13:value"
)


def test_a_number_moves_a_little_and_not_again_before_somebody_looked(
    app: Flask, at_desk: AtDesk, visit: Visitor, another_visit: Visitor
) -> None:
    sign_in(another_visit, app, at_desk.ben)
    page = visit(PENALTY)
    assert "up to 15 percent" in page.text
    page = visit.send("", value="60000", reason="x")
    assert page.status == 422
    assert "more than 15 percent away" in page.text
    visit.send("", value="40000", reason="x")
    visit.send("", confirmed="1")
    visit(PENALTY)
    page = visit.send("", value="36000", reason="x")
    assert page.status == 409
    assert "Ask for the second look at it first" in page.text
    another_visit("/question-banks/urgent-fixes")
    another_visit.send("/confirm")
    visit(PENALTY)
    assert visit.send("", value="36000", reason="x").heading == "Is this right?"


@pytest.mark.parametrize(
    "place", ["offset_day:values:2026-04-01", "wage:values:2026-04-01", "child_work_age:values:2025-04-01"]
)
@pytest.mark.usefixtures("at_desk")
def test_what_workers_are_paid_and_how_old_they_are_is_not_fixed_by_one(visit: Visitor, place: str) -> None:
    page = visit(f"/question-banks/urgent-fixes/new?what=settings/rates.yaml:settings:{place}:value")
    assert page.status == 409
    assert "change it in a draft" in page.text


def test_whoever_is_new_does_not_say_that_it_is_right(
    app: Flask, at_desk: AtDesk, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        session.get_one(Person, at_desk.ben.id).desk_given_at = TODAY - timedelta(days=13)
    sign_in(another_visit, app, at_desk.ben)
    visit(NORFOLK)
    visit.send("", value=NEW, reason="The page moved")
    visit.send("", confirmed="1")
    another_visit("/question-banks/urgent-fixes")
    page = another_visit.send("/confirm")
    assert page.status == 409
    assert "has looked after the banks for less than 14 days" in page.text


def test_each_of_them_leaves_one_event_and_is_written_down(
    app: Flask, at_desk: AtDesk, visit: Visitor, another_visit: Visitor
) -> None:
    sign_in(another_visit, app, at_desk.ben)
    with counting(app) as (posted, looked):
        for settle in ("/undo", "/confirm"):
            visit(NORFOLK)
            visit.send("", value=NEW, reason="Their own site")
            visit.send("", follow=False, confirmed="1")
            page = another_visit("/question-banks/urgent-fixes")
            if settle == "/undo":
                undo = page.soup.select_one("a[href$='/undo']")
                assert undo
                another_visit(str(undo["href"]))
            page = another_visit.send(settle, **({"why": "No"} if settle == "/undo" else {}))
    assert looked == []
    assert posted == {
        ("urgent_fixes.make_urgent_fix", 0): 2,
        ("urgent_fixes.make_urgent_fix", 1): 2,
        ("urgent_fixes.confirm_urgent_fix", 1): 1,
        ("urgent_fixes.undo_urgent_fix", 1): 1,
    }
    assert "Ben Moor found it right on 24 November 2026." in page.text
    assert "Ben Moor undid it on 24 November 2026." in page.text


def test_what_may_not_be_fixed_is_not_there(at_desk: AtDesk, visit: Visitor) -> None:
    assert at_desk
    assert (
        visit(
            "/question-banks/urgent-fixes/new?what=settings/scoring.yaml:settings:floor:values:2025-04-01:value"
        ).status
        == 409
    )
    assert visit("/question-banks/urgent-fixes/new?what=farming.yaml:title").status == 409
    listed = visit("/question-banks/urgent-fixes")
    assert "Penalty for illegal working, first time, for each worker: value from 13 February 2024" in listed.text
    assert "Minimum wage, 21 and over" not in listed.text
    assert "Share of exposure" not in listed.text
