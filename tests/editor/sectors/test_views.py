from __future__ import annotations

import pytest
from flask import Flask

from assess.banks.drafts.keeping import begin, save, sheet_of, shelf_with
from assess.banks.drafts.models import Draft
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.looking import look_at
from tests.conftest import TODAY, Visitor
from tests.editor.drafting import Drafting, begun, drafting
from tests.editor.sectors.typed_sector import CONSTRUCTION
from tests.people.persons import a_person, database_of, sign_in
from tests.shelves import SCORING

__all__ = ["drafting"]
SECTION, QUESTION = "cons_sites", "cons_gate_check_match_each_face_card_right"


def test_construction_is_begun_in_the_browser_published_by_a_second_person_and_answered(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, draft = begun(session, "Construction")
        ben = a_person(session, "ben@desk.example", desk="coordinator")
    sign_in(visit, app, ann)
    visit(f"/banks/drafts/{draft.id}/sectors/new")
    made = visit.send(**{**CONSTRUCTION, "first_month": "3", "last_month": "10"})
    assert made.address == f"/banks/drafts/{draft.id}/construction"
    assert CONSTRUCTION["ask"] in made.text
    page = visit(f"/banks/drafts/{draft.id}")
    assert "No problem was found." in page.text
    for part in ("its bank", "where its risk starts", "when it is busy", "the codes that lead to it"):
        assert f"a new sector, “Construction”: {part}." in page.text
    with database_of(app).writing() as session:
        own = session.get_one(Draft, draft.id)
        assert look_at(shelf_with(session, own), TODAY).warnings == ()
        ask_for_review(session, own, ann.id, "", TODAY)
        (edition,) = publish_draft(session, own, ben.id, "", TODAY)
    assert (edition.bank, edition.number) == ("construction", 1)
    app.extensions["assess.bookcase"].tell()
    answer_it(another_visit)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_sector_that_takes_over_questions_of_signs_has_each_of_their_texts_read(
    drafting: Drafting, visit: Visitor
) -> None:
    visit(f"{drafting.home}/sectors/new")
    visit.send(**{**CONSTRUCTION, "frame": "shop", "codes": "", "section": "", "ask": "", "why": "", "do": ""})
    page = visit(f"{drafting.home}/review")
    panels = {one.h3.text: one.text for one in page.soup.select(".assess-danger") if one.h3}
    panel = panels["Who keeps the workers’ papers?"]
    for words in (
        "An urgent sign is raised by “We do”.",
        "Give them back, or call {helpline} first.",
        "Find out: who keeps them?",
    ):
        assert words in panel
    assert "Who works here?" not in panels, "no answer to it raises a sign"


def answer_it(visit: Visitor) -> None:
    """A business finds it by what it does, answers, and sees its result and its plan."""
    assert visit("/start?q=41201").soup.select("a[href='/start/construction']")
    visit("/start/construction")
    home = visit.send(length="full").address.partition("/link")[0]
    visit(f"{home}/sections/{SECTION}")
    visit.send(**{QUESTION: "no"})
    visit(f"{home}/business")
    visit.send(name="Fen Edge Builders", area="norfolk")
    page = visit(f"{home}/purchases")
    assert page.heading == "What you buy"
    assert "Businesses like yours usually buy these." not in page.text  # no list says what they buy
    assert visit(f"{home}/check").status == 200
    page = visit.send("/submit", reread="yes")
    assert "Construction" in page.text
    assert CONSTRUCTION["do"] in visit(f"{home}/result/actions").text


def test_what_is_missing_is_told_and_nothing_typed_is_lost(visit: Visitor, drafting: Drafting) -> None:
    visit(f"{drafting.home}/sectors/new")
    refused = visit.send(**{**CONSTRUCTION, "id": "shop", "base": "400", "why": ""})
    assert refused.status == 422
    told = {one["href"] for one in refused.soup.select(".govuk-error-summary a")}
    assert told == {"#id", "#base", "#why", "#dimension", "#owner", "#source"}
    assert refused.soup.select_one("#ask").text.strip() == CONSTRUCTION["ask"]  # type: ignore[union-attr]  # it is there


def test_the_pages_of_another_sector_are_taken_over_under_new_ids(visit: Visitor, drafting: Drafting) -> None:
    visit(f"{drafting.home}/sectors/new")
    made = visit.send(title="Nail bars", base="30", reason="As shops.", frame="shop")
    assert made.address == f"{drafting.home}/nail_bars"
    assert "The work" in made.text
    assert "nail_papers" in drafting.text("nail_bars.yaml")
    assert "nail_bars: 30" in drafting.text("settings/scoring.yaml")
    assert "No problem was found." in visit(drafting.home).text


def test_a_file_that_another_draft_holds_is_told_and_nothing_is_made(visit: Visitor, drafting: Drafting) -> None:
    with database_of(drafting.app).writing() as session:
        other = begin(session, "Other numbers", drafting.person.id, TODAY)
        seen = sheet_of(session, other, SCORING) or b""
        save(session, other, SCORING, seen + b"# changed\n", drafting.person.id, TODAY, seen=seen)
    visit(f"{drafting.home}/sectors/new")
    refused = visit.send(title="Nail bars", base="30", reason="As shops.", frame="shop")
    assert refused.status == 409
    assert refused.soup.select(f"a[href='/banks/drafts/{other.id}']")
    assert refused.soup.select_one("#title")["value"] == "Nail bars"  # type: ignore[index]  # it is there
    assert drafting.text("nail_bars.yaml") == ""
