"""The pages on how questions are answered: figures of many, notes of nobody, and nothing about danger."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.assessments.models import QuestionFeedback
from assess.bank_editor import views as bank_editor_views
from assess.bank_editor.views import (
    MAX_DIFF_LINES,
    QuestionCounts,
    create_draft_from_release,
    release_update_names,
    release_updates,
)
from assess.identity.models import Person, StaffRole
from assess.question_banks import drafts
from assess.question_banks.content_versions import add_content_version, seed_from_release
from assess.question_banks.drafts import (
    ask_for_review,
    create_draft,
    file_in_draft,
    files_with_draft,
    publish_draft,
    save_draft_file,
)
from assess.question_banks.models import BundledFile, ContentVersionReason, Draft, DraftStage
from assess.question_banks.validation import check_files_cached
from tests.bank_editor.conftest import AtDesk
from tests.bank_editor.draft_fixtures import Drafting, begun
from tests.bank_editor.sectors.sector_form import CONSTRUCTION
from tests.conftest import TODAY, Visitor
from tests.content_files import SCORING, SOUND
from tests.core.audit.test_completeness import counting
from tests.identity.accounts_factory import a_person, database_of, sign_in


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_due_for_checking_says_what_is_due_and_by_when(at_desk: AtDesk, visit: Visitor) -> None:
    assert at_desk
    page = visit("/question-banks/due-for-checking")
    captions = [str(one.get_text()) for one in page.soup.select("caption")]
    assert [one.split(" (")[0] for one in captions[-2:]] == ["Due within 30 days", "Later"]
    soon = page.soup.find("caption", string=captions[-2]).parent.get_text(" ")  # type: ignore[union-attr]  # it was just found
    assert "Acas" in soon
    assert "24 December 2026" in soon
    assert "sends no email" in page.text


SECTION, QUESTION = "cons_sites", "cons_gate_check_match_each_face_card_right"


def test_construction_is_begun_in_the_browser_published_by_a_second_person_and_answered(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, draft = begun(session, "Construction")
        ben = a_person(session, "ben@desk.example", desk="coordinator")
    sign_in(visit, app, ann)
    visit(f"/question-banks/drafts/{draft.id}/sectors/new")
    made = visit.send(**{**CONSTRUCTION, "first_month": "3", "last_month": "10"})
    assert made.address == f"/question-banks/drafts/{draft.id}/construction"
    assert CONSTRUCTION["ask"] in made.text
    page = visit(f"/question-banks/drafts/{draft.id}")
    assert "No problem was found." in page.text
    for part in ("its bank", "where its risk starts", "when it is busy", "the codes that lead to it"):
        assert f"a new sector, “Construction”: {part}." in page.text
    with database_of(app).writing() as session:
        own = session.get_one(Draft, draft.id)
        assert check_files_cached(files_with_draft(session, own), TODAY).warnings == ()
        ask_for_review(session, own, ann.id, "", TODAY)
        (edition,) = publish_draft(session, own, ben.id, "", TODAY)
    assert (edition.bank, edition.number) == ("construction", 1)
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
    assert visit("/start?q=41201").soup.select("a[href='/start?bank=construction']")
    visit("/start?bank=construction")
    home = visit.send(length="full").address.rstrip("/")
    visit(f"{home}/sections/{SECTION}")
    visit.send(**{QUESTION: "no"})
    visit(f"{home}/business")
    visit.send(name="Fen Edge Builders", area="norfolk")
    page = visit(f"{home}/purchases")
    assert page.heading == "What you buy"
    assert "Businesses like yours usually buy these." not in page.text  # no list says what they buy
    assert visit(f"{home}/check").status == 200
    assert visit.send("/submit", reread="yes").address == f"{home}/result"
    assert "Construction" in visit(f"{home}/result/areas").text
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
        other = create_draft(session, "Other numbers", drafting.person.id, TODAY)
        seen = file_in_draft(session, other, SCORING) or b""
        save_draft_file(session, other, SCORING, seen + b"# changed\n", drafting.person.id, TODAY, seen=seen)
    visit(f"{drafting.home}/sectors/new")
    refused = visit.send(title="Nail bars", base="30", reason="As shops.", frame="shop")
    assert refused.status == 409
    assert refused.soup.select(f"a[href='/question-banks/drafts/{other.id}']")
    assert refused.soup.select_one("#title")["value"] == "Nail bars"  # type: ignore[index]  # it is there
    assert drafting.text("nail_bars.yaml") == ""


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OWNERS = "owners.yaml"


@pytest.fixture
def release(session: Session, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    seed_from_release(session, folder, NOW)
    return folder


def change_here(session: Session) -> None:
    add_content_version(session, {OWNERS: b"ours: text\n"}, NOW, reason=ContentVersionReason.PUBLISHED)


def bring(session: Session, folder: Path, text: bytes) -> None:
    (folder / OWNERS).write_bytes(text)
    seed_from_release(session, folder, NOW)


def test_a_text_that_ours_was_made_from_is_nothing_new(session: Session, release: Path) -> None:
    assert release_update_names(session) == []
    change_here(session)
    bring(session, release, (release / OWNERS).read_bytes())
    assert release_update_names(session) == []


def test_another_text_of_a_file_that_was_changed_here_is_told_with_its_lines(session: Session, release: Path) -> None:
    change_here(session)
    bring(session, release, b"theirs: text\n" * (MAX_DIFF_LINES + 5))
    [one] = release_updates(session, release)
    assert (one.name, one.lines[:2], one.more) == (OWNERS, ("-ours: text", "+theirs: text"), 6)


def test_a_draft_takes_the_text_of_the_release(session: Session, release: Path) -> None:
    change_here(session)
    bring(session, release, b"theirs: text\n")
    person = Person(email="ann@desk.example", desk=StaffRole.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    draft = create_draft_from_release(session, [OWNERS], person.id, NOW, release)
    assert drafts.changed_draft_files(session, draft) == {OWNERS: b"theirs: text\n"}
    (release / OWNERS).unlink()
    with pytest.raises(drafts.DraftError, match="not in this release"):
        create_draft_from_release(session, [OWNERS], person.id, NOW, release)


def edited(at_desk: AtDesk, *texts: bytes) -> None:
    with database_of(at_desk.app).writing() as session:
        draft = session.get_one(Draft, at_desk.draft_id)
        for text in texts:
            before = file_in_draft(session, draft, OWNERS)
            save_draft_file(
                session, draft, OWNERS, (before or b"") + text, at_desk.ann.id, TODAY, seen=before, what="a note"
            )


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
    visit(f"{at_desk.draft}/discard")
    page = visit.send(words="Not needed.")
    assert page.heading == "Question banks"
    page = visit(at_desk.draft)
    assert "This draft is discarded." in page.text
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


@pytest.mark.usefixtures("at_desk")
def test_a_coordinator_finds_the_banks_and_begins_a_draft(visit: Visitor) -> None:
    assert "/question-banks" in {str(link.get("href")) for link in visit("/account").soup.select("main a")}
    page = visit("/question-banks")
    assert page.soup.select_one('table a[href="/questions/farming"]'), "a bank can be read"
    assert "Clearer words , being written." in page.text
    page = visit.send(title="  ")
    assert page.status == 422
    assert "Give it a title" in page.text
    page = visit.send(title="x" * 200)
    assert page.status == 422
    assert page.soup.select_one("#title")["value"] == "x" * 200  # type: ignore[index]  # it is there
    page = visit.send(title="A clearer question about pay")
    assert page.heading == "A clearer question about pay"
    assert "Nothing is changed yet." in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_the_release_brings_is_told_and_taken_into_a_draft(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
    sign_in(visit, app, ann)
    assert "The release brings" not in visit("/question-banks").text
    assert "There is nothing" in visit("/question-banks/release-updates").text
    with database_of(app).writing() as session:
        text = b"format: 1\nowners: {owner: The owner}\n"
        add_content_version(session, {"owners.yaml": text}, TODAY, reason=ContentVersionReason.PUBLISHED)
        session.get_one(BundledFile, "owners.yaml").digest = "f" * 64
    assert "The release brings another text of 1 file that was changed here." in visit("/question-banks").text
    page = visit("/question-banks/release-updates")
    assert "− owners: {owner: The owner}" in page.text
    assert "Tick the files" in visit.send("/release-updates").text
    with counting(app) as (posted, looked):
        page = visit.send("/release-updates", files="owners.yaml")
    assert (posted, looked) == ({("bank_editor.begin_draft_from_release", 1): 1}, [])
    assert page.heading == "Take over texts of the release"
    assert "owners.yaml as the release brings it" in page.text
    visit("/question-banks/release-updates")
    page = visit.send("/release-updates", files="owners.yaml")
    assert (page.status, "owners.yaml is being changed in another draft." in page.text) == (409, True)


@pytest.fixture
def home(app: Flask, visit: Visitor) -> str:
    """A coordinator is signed in and has a draft. The address of its bank."""
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
        draft = create_draft(session, "Clearer words", ann.id, TODAY)
        for month, words in (("2026-10", "What is a rota?"), ("2026-11", "Too new to be shown")):
            note = {"bank": "farming", "edition": 1, "question": "core_time_records"}
            session.add(QuestionFeedback(month=month, words=words, **note))
    sign_in(visit, app, ann)
    return f"/question-banks/drafts/{draft.id}/farming"


def test_figures_and_notes_of_a_question(visit: Visitor, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = visit(f"{home}/use")
    assert "There is nothing to tell yet: fewer than 10 businesses" in page.text
    assert page.soup.find("a", string="How questions are answered") is None
    page = visit(f"{home}/questions/core_time_records/use")
    assert "October 2026" in page.text
    assert "What is a rota?" in page.text
    assert "Too new" not in page.text
    counts = {"core_time_records": QuestionCounts(40, 20, 1, 39), "core_documents": QuestionCounts(40, 20, 20, 20)}
    monkeypatch.setattr(bank_editor_views, "counts_by_question", lambda *_: counts)
    page = visit(f"{home}/questions/core_time_records/use")
    assert "about 50%" in page.text
    assert "fewer than 3" in page.text
    assert "nearly all" in page.text
    row: Any = (
        visit(f"{home}/use").soup.find("a", href=lambda one: one and "core_time_records/use" in one).find_parent("tr")
    )
    assert [cell.text.strip() for cell in row.find_all("td")] == ["about 50%", "fewer than 3", "nearly all", "1"]


def test_of_a_question_about_danger_nothing_is_counted(
    visit: Visitor, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        bank_editor_views, "counts_by_question", lambda *_: {"core_documents": QuestionCounts(40, 20, 20, 20)}
    )
    page = visit(f"{home}/questions/core_documents/use")
    assert "So we count nothing about it." in page.text
    assert "%" not in page.text
    assert "We do not count it." in visit(f"{home}/questions/core_people_peak/use").text
    assert visit(f"{home}/questions/no_such_question/use").status == 404
