from __future__ import annotations

from assess.banks.drafts.keeping import save, sheet_of
from assess.banks.drafts.models import Draft, DraftStage
from tests.conftest import TODAY, Visitor
from tests.editor.conftest import AtDesk
from tests.people.persons import database_of, sign_in

OWNERS = "owners.yaml"


def edited(at_desk: AtDesk, *texts: bytes) -> None:
    with database_of(at_desk.app).writing() as session:
        draft = session.get_one(Draft, at_desk.draft_id)
        for text in texts:
            before = sheet_of(session, draft, OWNERS)
            save(session, draft, OWNERS, (before or b"") + text, at_desk.ann.id, TODAY, seen=before, what="a note")


def test_each_edit_can_be_taken_back_last_first(visit: Visitor, at_desk: AtDesk) -> None:
    edited(at_desk, b"# one\n", b"# two\n")
    page = visit(at_desk.draft)
    assert "It changes: Owners." in page.text
    assert page.text.count("Ann Lee changed: a note.") == 2
    assert [form["action"] for form in page.soup.select("main form")] == [f"{at_desk.draft}/undo/3"]
    assert "ask for a review" in page.text, "what is next is said"
    assert "Undone." in visit.send("/undo/3").text
    edited(at_desk, b"# three\n")
    stale = visit.send("/undo/2")
    assert stale.status == 409
    assert "Undo the later change first." in stale.text
    assert visit.send("/undo/5").status == 200
    assert "Nothing is changed yet." in visit.send("/undo/2").text


def test_it_is_given_up_after_a_second_question(visit: Visitor, at_desk: AtDesk) -> None:
    visit(f"{at_desk.draft}/give-up")
    page = visit.send(words="Not needed.")
    assert page.heading == "Question banks"
    page = visit(at_desk.draft)
    assert "This draft is given up." in page.text
    assert "“Not needed.”" in page.text
    assert page.soup.select("main form") == []


def test_the_second_person_is_shown_where_to_publish_and_the_first_that_others_do(
    visit: Visitor, at_desk: AtDesk
) -> None:
    edited(at_desk, b"# one\n")
    with database_of(at_desk.app).writing() as session:
        session.get_one(Draft, at_desk.draft_id).stage = DraftStage.IN_REVIEW
    assert "You need do nothing." in visit(at_desk.draft).text
    sign_in(visit, at_desk.app, at_desk.ben)
    page = visit(at_desk.draft)
    assert f"{at_desk.draft}/review" in {link["href"] for link in page.soup.select("main .assess-panel a")}
    assert "publish it or send it back" in page.text
