from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assess.assessments.models import Assessment
from assess.core.db import holds_write_lock
from assess.question_banks.files import FileProblem, why_unreadable
from assess.question_banks.json_schema import json_schema
from tests.bank_editor.preview.conftest import Desk
from tests.conftest import Page, Visitor
from tests.content_files import SHOP, START
from tests.identity.accounts_factory import database_of

ROTA = "      - {id: rota, ask: Is there a rota?, type: text, kind: fact, dimension: pay, sources: [S1]}\n"
FAMILY = "expect: {shown: 1, exposure: 10, gap: 0, score: 2.5, band: low}"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_figures_that_a_change_moved_are_written_in_one_by_one_or_all_at_once(desk: Desk, visit: Visitor) -> None:
    examples = f"{desk.at}/shop/examples"
    assert "2 of 2 examples hold." in visit(examples).text
    desk.change(START, "label: Only family, points: 0", "label: Only family, points: 1")
    page = visit(examples)
    assert "family: does not hold" in page.text
    assert "Who works here? 1 of 3 0 of 3" in page.text
    before = desk.text(SHOP)
    stale = visit.send("/examples/1/figures", given="old")
    assert (stale.status, "Someone else changed this while you were working" in stale.text, desk.text(SHOP)) == (
        409,
        True,
        before,
    )
    assert "2 of 2 examples hold." in visit.send("/examples/1/figures").text
    thin = FAMILY.replace("gap: 0,", "gap: 0.333333,").replace("2.5", "5").replace("band: low", "band: medium")
    assert desk.text(SHOP) == before.replace(FAMILY, thin)
    desk.change(SHOP, "band: critical, urgent_signs: [papers]", "band: high, urgent_signs: []")
    desk.change(SHOP, "score: 5,", "score: 7,")
    page = visit(f"{examples}/figures")
    assert page.heading == "Are all these figures right?"
    assert visit.send("/figures", given__1="old").status == 409
    visit(f"{examples}/figures")
    assert "2 of 2 examples hold." in visit.send("/figures").text
    assert "There is nothing to write." in visit(f"{examples}/figures").text
    assert "worked examples: the figures of 2" in visit(desk.at).text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_new_question_is_answered_in_an_example(desk: Desk, visit: Visitor) -> None:
    desk.change(START, "    questions:\n", f"    questions:\n{ROTA}")
    page = visit(f"{desk.at}/shop/examples/1")
    assert page.soup.select_one('[name="rota"]')
    assert visit.send("/answers", rota="x" * 300).soup.select_one('.govuk-error-summary a[href="#rota"]')
    page = visit.send("/answers", rota="On the wall")
    assert "answers: {staff: family, rota: On the wall}" in desk.text(SHOP)
    assert not page.soup.select_one('[name="rota"]')


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_example_is_kept_from_a_try_out_renamed_and_retired(desk: Desk, visit: Visitor) -> None:
    visit(f"{desk.at}/shop/preview")
    visit.send(example="kept")
    page = visit.send("/examples", title="")
    assert (page.status, "Enter a title" in page.text) == (422, True)
    assert visit.send("/examples", title="kept").status == 422
    assert "3 of 3 examples hold." in visit.send("/examples", title="A calm shop").text
    visit(f"{desk.at}/shop/examples/3")
    assert visit.send("/title", title=" ").status == 422
    assert visit.send("/title", title="A calm corner").heading == "Worked example A calm corner"
    stale = visit.send("/title", title="x", seen="old")
    assert (stale.status, "Someone else changed this while you were working" in stale.text) == (409, True)
    assert stale.fields("/title")["title"] == ["x"]
    desk.change(SHOP, "  - title: kept\n", "  - title: kept\n    from: family\n")
    visit(f"{desk.at}/shop/examples/1/retire")
    page = visit.send("/retire")
    assert (page.status, "Others start from it: kept" in page.text) == (422, True)
    visit(f"{desk.at}/shop/examples/3/retire")
    assert "2 of 2 examples hold." in visit.send("/retire").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_answers_that_cannot_be_given_any_more_are_taken_out(desk: Desk, visit: Visitor) -> None:
    desk.change(SHOP, "answers: {staff: family}", "answers: {staff: family, gone: 3}")
    page = visit(f"{desk.at}/shop/examples")
    assert "There is no question “gone”" in page.text
    visit.send("/examples/1/answers")
    assert "answers: {staff: family}" in desk.text(SHOP)
    assert visit(f"{desk.at}/shop/examples/99").status == 404
    desk.change(SHOP, "bank: shop", "bank: shops")
    assert "No figure can be worked out before this is put right" in visit(f"{desk.at}/shop/examples").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_problems_lead_to_where_they_are_put_right(desk: Desk, visit: Visitor) -> None:
    assert "No problem was found." in visit(f"{desk.at}/problems").text
    desk.change(SHOP, "kind: safeguard", "kind: safegard")
    page = visit(f"{desk.at}/problems")
    assert "1 problem." in page.text
    assert page.soup.select_one('a[href$="/shop/questions/papers"]')
    line = page.soup.select_one('a[href*="/texts/shop.yaml?line="]')
    assert line is not None
    assert "safegard" in str(visit(str(line["href"])).soup.select_one("pre"))
    assert "These cannot be read before their problems are put right: shop." in page.text
    desk.change(SHOP, "kind: safegard", "kind: safeguard")
    desk.change(SHOP, "score: 2.5", "score: 7")
    page = visit(f"{desk.at}/problems")
    assert page.soup.select_one('a[href$="/shop/examples"]')
    assert "1 figure of it comes out otherwise: Score." in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_remark_is_waived_with_a_reason_that_stands_in_the_file_and_is_taken_back(desk: Desk, visit: Visitor) -> None:
    desk.change(SHOP, "ask: Who keeps", "ask: Who surely keeps")
    before = desk.text(SHOP)
    page = visit(f"{desk.at}/problems")
    assert "A word that leads: “surely”" in page.text
    assert "surely" not in "".join(one.text for one in page.soup.select("main details")), (
        "what the draft changes is open"
    )
    where = f"{desk.at}/shop/questions/papers/waive/loaded_words"
    assert page.soup.select_one(f'a[href="{where}"]')
    visit(where)
    page = visit.send(reason=" ")
    assert (page.status, "Write in a few words" in page.text) == (422, True)
    stale = page.fields()["seen"][0]
    assert "Reason: They say so." in visit.send(reason="They say so").text
    assert "waived: {loaded_words: They say so}" in " ".join(desk.text(SHOP).split()).replace(
        "waived: loaded_words: They say so", "waived: {loaded_words: They say so}"
    )
    visit(where)
    page = visit.send(reason="Another", seen=stale)
    assert (page.status, page.fields()["reason"]) == (409, ["Another"])
    visit(where)
    assert "Reason:" not in visit.send(go="back").text
    assert desk.text(SHOP) == before
    assert visit(f"{desk.at}/shop/questions/papers/waive/nothing").status == 404
    assert visit(f"{desk.at}/shop/questions/nothing/waive/loaded_words").status == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_schema_is_served_to_staff_alone(desk: Desk, visit: Visitor, another_visit: Visitor) -> None:
    assert desk.at
    page = visit("/question-banks/schema.json")
    assert page.response.get_json(force=True) == json_schema()
    assert another_visit("/question-banks/schema.json", follow=False).status == 303


NAME = "owners.yaml"


def test_a_text_is_kept_as_typed_refused_when_unreadable_and_never_overwritten_unseen(
    desk: Desk, visit: Visitor
) -> None:
    page = visit(f"{desk.at}/texts")
    assert page.heading == "Files as text"
    before = desk.text(NAME)
    visit(f"{desk.at}/texts/{NAME}")
    page = visit.send(NAME, text=before.replace("owners:", "owners: ["))
    assert page.status == 422
    assert page.soup.select_one('.govuk-error-summary a[href="#text"]')
    assert "owners: [" in page.fields(NAME)["text"][0]
    assert desk.text(NAME) == before
    stale = page.fields(NAME)["seen"][0]
    page = visit.send(NAME, text=before + "# theirs\r\n")
    assert "Saved." in page.text
    assert desk.text(NAME) == before + "# theirs\n"
    page = visit.send(NAME, text=before + "# mine\n", seen=stale)
    assert page.status == 409
    assert "Someone else changed this while you were working" in page.text
    assert page.fields(NAME)["text"] == [before + "# mine\n"]
    assert "# theirs" in str(page.soup.select_one("pre"))
    visit.send(NAME)
    assert desk.text(NAME) == before + "# mine\n"
    history = visit(desk.at).text
    assert history.count(f"the text of {NAME}") == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_file_is_downloaded_and_a_problem_shown_with_its_line(desk: Desk, visit: Visitor) -> None:
    page = visit(f"{desk.at}/files/common/start.yaml")
    assert page.headers["Content-Disposition"] == "attachment; filename=start.yaml"
    assert page.html == desk.text("common/start.yaml")
    assert visit(f"{desk.at}/files/gone.yaml").status == visit(f"{desk.at}/texts/gone.yaml").status == 404
    page = desk.change(NAME, "format: 1", "format: 7")
    assert "format: 7" in str(page.soup.select_one("pre"))
    assert visit(f"{desk.at}/texts/{NAME}?line=2").soup.select_one("#line")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_typed_is_shown_again_when_the_draft_is_over(desk: Desk, visit: Visitor) -> None:
    visit(f"{desk.at}/discard")
    visit.send(words="No longer needed")
    token = visit("/question-banks").fields()["csrf_token"][0]
    sent = {"csrf_token": token, "text": "format: 1\nowners: {me: Me}\n", "seen": "old"}
    page = Page(visit.client.post(f"{desk.at}/texts/{NAME}", data=sent))
    assert page.status == 409
    assert "owners: {me: Me}" in page.fields(NAME)["text"][0]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_text_is_read_before_anybody_else_has_to_wait_and_one_with_too_many_values_is_refused(
    desk: Desk, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def watched(name: str, content: bytes) -> FileProblem | None:
        held.append(holds_write_lock())
        return why_unreadable(name, content)

    monkeypatch.setattr("assess.bank_editor.views_preview.why_unreadable", watched)
    visit(f"{desk.at}/texts/{NAME}")
    page = visit.send(NAME, text="format: 1\nx: [" + "1," * 60_000 + "1]\n")
    assert page.status == 422
    assert "Line 2:" in page.text
    assert "More than 20,000 keys and values" in page.text
    assert held == [False]


ROOMS = (
    "      - {id: rooms, ask: Which rooms?, type: table, kind: fact, dimension: pay, "
    "columns: [{id: beds, label: Beds, type: number}], sources: [S1]}\n"
)


def go(visit: Visitor, where: str, **typed: object) -> Page:
    return visit.send("/preview", go=where, **typed)


def test_a_draft_is_answered_page_by_page_as_a_business_does_and_nothing_is_kept(desk: Desk, visit: Visitor) -> None:
    page = visit(f"{desk.at}/shop/preview")
    assert page.heading == "Try it as a business"
    page = visit.send(example="")
    assert "This is a try-out. Nothing is kept." in page.text
    assert page.heading == "Corner shops, page 1 of 2 The people"
    page = go(visit, "next", staff="hired")
    assert "1 more question came up on this page" in page.text
    assert page.fields("/preview")["staff"] == ["hired"]
    page = go(visit, "next", hours="many")
    assert page.status == 422
    assert page.soup.select_one('.govuk-error-summary a[href="#hours"]')
    assert page.fields("/preview")["hours"] == ["many"]
    assert go(visit, "next", hours="72").heading == "Corner shops, page 2 of 3 The work"
    assert go(visit, "back").fields("/preview")["hours"] == ["72"]
    page = go(visit, "result")
    assert "Without an answer: 1 question" in page.text
    assert "Every line is the same in both." in page.text
    assert go(visit, "work").heading == "Corner shops, page 2 of 3 The work"
    assert go(visit, "next", papers="we").heading == "Corner shops, page 3 of 3 About the organisation"
    assert "1 more question came up" in go(visit, "next", large="no").text
    page = go(visit, "next", places=["ENG"])
    assert "Act now (because of: signs)" in page.text
    assert "Note: Papers are kept and pay is low." in page.text
    with database_of(desk.app).reading() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_rows_are_added_and_removed(desk: Desk, visit: Visitor) -> None:
    desk.change(START, "    questions:\n", f"    questions:\n{ROOMS}")
    visit(f"{desk.at}/shop/preview")
    visit.send(example="", length="full")
    page = visit.send("/preview", add="rooms", rooms__0__beds="4")
    assert page.fields("/preview")["rooms.0.beds"] == ["4"]
    assert "rooms.1.beds" in page.fields("/preview")
    page = visit.send("/preview", remove="rooms.0", rooms__1__beds="5")
    assert (page.fields("/preview")["rooms.0.beds"], "rooms.1.beds" in page.fields("/preview")) == (["5"], False)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_example_shows_what_a_change_does_and_the_edition_in_use_can_be_tried_too(
    desk: Desk, visit: Visitor
) -> None:
    desk.change(START, "label: Others too, points: 2", "label: Others too, points: 3")
    visit(f"{desk.at}/shop/preview")
    page = visit.send(example="kept")
    assert page.heading == "Corner shops What comes out"
    assert "Who works here? 3 of 3 2 of 3" in page.text
    assert "Keep it as a worked example" in page.text
    visit(f"{desk.at}/shop/preview")
    page = visit.send(example="kept", which="in_force", length="quick")
    assert "Who works here? 2 of 3 3 of 3" in page.text
    assert "Keep it as a worked example" not in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_cannot_be_scored_is_told_instead(desk: Desk, visit: Visitor) -> None:
    desk.change(SHOP, "bank: shop", "bank: shops")
    page = visit(f"{desk.at}/shop/preview")
    assert "The draft cannot be tried before this is put right" in page.text
    assert "page 1 of" in str(visit.send().heading)
    visit(f"{desk.at}/shop/preview")
    assert visit.send(which="draft").status == 404
    assert visit("/question-banks/drafts/00000000-0000-0000-0000-000000000000/shop/preview").status == 404
