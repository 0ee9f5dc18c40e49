from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.assessments.models import Submission
from assess.bank_editor import draft_context as draft_context_module
from assess.bank_editor.draft_context import load_draft_context
from assess.bank_editor.models import DryRun
from assess.bank_editor.review import views as review_views
from assess.bank_editor.review.comparing import EditionComparison
from assess.bank_editor.review.dry_runs import ROUNDING_STEP, dry_run_job_key
from assess.bank_editor.review.publish_checks import PublishReadiness
from assess.bank_editor.review.sign_texts import SignText, sign_texts
from assess.bank_editor.review.views import dry_run_views, file_conflicts, progress_in_words
from assess.core.config import Settings
from assess.core.db import holds_write_lock
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import Job, JobState
from assess.identity.models import Person
from assess.question_banks import drafts
from assess.question_banks.content_versions import add_content_version
from assess.question_banks.drafts import ask_for_review, publish_draft
from assess.question_banks.editions import current_editions
from assess.question_banks.files import BoundedCache
from assess.question_banks.models import ContentVersionReason, Draft
from tests.bank_editor.review.reviewer import marks_of, reads_all
from tests.bank_editor.review.shop_bank import FAMILY, HARDER, HIRED, LONG, OTHERS, WORDS, a_draft, change, submitted
from tests.bank_editor.review.test_dry_runs import ordered_rehearsals, standing
from tests.conftest import TODAY, Visitor
from tests.content_files import CONTACTS, SHOP, edition_after
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mobile_browser import has_no_fault, phone


def mended(session: Session, draft: Draft) -> None:
    """Somebody changes the title of the shop at once, while this draft changes a question of it."""
    own = drafts.file_in_draft(session, draft, SHOP) or b""
    before = own.replace(WORDS[2].encode(), WORDS[1].encode())
    changed = before.replace(b"title: Corner shops", b"title: Corner stores")
    add_content_version(session, {SHOP: changed}, TODAY, reason=ContentVersionReason.MENDED)


def test_both_texts_are_told_apart(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, WORDS)
    assert file_conflicts(shop, draft) == []
    mended(shop, draft)
    (one,) = file_conflicts(shop, draft)
    assert "+title: Corner stores" in one.published
    assert "papers of the workers" not in one.published
    assert "+        ask: Who keeps the papers of the workers?" in one.ours


@pytest.mark.parametrize(("choice", "keeps"), [("mine", b"papers of the workers"), ("theirs", b"Corner stores")])
def test_a_person_chooses_which_text_the_draft_goes_on_with(
    app: Flask, visit: Visitor, choice: str, keeps: bytes
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
        draft = a_draft(session, ann.id, WORDS)
        mended(session, draft)
    sign_in(visit, app, ann)
    where = f"/question-banks/drafts/{draft.id}"
    visit(f"{where}/review")
    assert visit.page is not None
    assert "was published meanwhile" in visit.page.text
    visit(f"{where}/conflicts")
    assert visit.send("/conflicts").status == 422
    assert visit.send("/conflicts", **{"text-0": choice}).heading == "What changes"
    with database_of(app).reading() as look:
        stored = look.get_one(Draft, draft.id)
        assert drafts.files_behind(look, stored) == ()
        assert keeps in (drafts.file_in_draft(look, stored, SHOP) or b"")
    assert "Nothing this draft changes was published meanwhile." in visit(f"{where}/conflicts").text


def test_a_page_tells_what_changes_in_words_value_by_value_and_line_by_line(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        root = a_person(session, "root@desk.example", desk="administrator")
        draft = a_draft(session, root.id, WORDS, (CONTACTS, "who: The helpline", "who: The line"))
        where = f"/question-banks/drafts/{draft.id}/changes"
    sign_in(visit, app, root)
    page = visit(where)
    for words in (
        "Other words (1 change). It is the same thing in other words.",
        "Now: Who keeps the workers’ papers? Then: Who keeps the papers of the workers?",
        "contacts – The line – who The helpline The line",
        "- ask: Who keeps the workers’ papers?",
    ):
        assert words in page.text


def test_what_two_banks_share_is_told_once(app: Flask) -> None:
    compared = EditionComparison(edition_after(), edition_after(WORDS))
    bank = {"title": "Shops", "old": {"ref": {"number": 1}}, "compared": compared}
    said = str(app.jinja_env.get_template("bank_editor/_changes.html").module.all_changes([bank, bank], []))  # type: ignore[attr-defined]  # a macro of the template
    assert said.count("Who keeps the papers of the workers?</strong>") == 1
    assert said.count("The same as told above") == 1


def test_how_far_it_is_and_what_became_of_its_job(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    draft = a_draft(shop, ann, HARDER)
    one = ordered_rehearsals(shop, draft)
    (shown,) = dry_run_views(shop, [standing(shop, draft)])
    assert (shown.under_way, shown.failed, progress_in_words([shown])) == (True, False, "It is about to begin.")
    one.counted = 3
    shop.execute(update(Job).where(Job.key == dry_run_job_key(one)).values(state=JobState.FAILED))
    (shown,) = dry_run_views(shop, [standing(shop, draft)])
    assert (shown.under_way, shown.failed, progress_in_words([shown])) == (False, True, "3 of 5 submissions are done.")


def test_what_the_texts_tell_is_told_before_anybody_is_counted(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, ("shop.yaml", "      - id: papers\n", "      - id: papers\n        rev: 2\n"))
    case = PublishReadiness(shop, load_draft_context(shop, draft, TODAY), TODAY)
    (shown,) = dry_run_views(shop, case.dry_runs)
    assert (shown.left, shown.doubtful, shown.new) == ([], ["Who keeps the workers’ papers?"], [])
    assert not shown.figures.shown


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_dry_run_and_a_review_are_requested_on_a_phone_without_scripts(
    app: Flask, browser: Browser, live: str, visit: Visitor, settings: Settings
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann")
        submitted(session, [FAMILY] * 8 + [HIRED] * 8 + [LONG] * 9)
        home = f"/question-banks/drafts/{a_draft(session, ann.id, HARDER, WORDS, OTHERS).id}"
    sign_in(visit, app, ann)
    with phone(browser, live, visit, scripts=False) as page:
        page.goto(f"{home}/changes")
        has_no_fault(page, scripts=False)
        page.get_by_role("link", name="Test on past submissions").click()
        page.get_by_role("button", name="Start the test").click()
        expect(page.get_by_role("status")).to_have_text("It is about to begin.")
        load_jobs()
        run_due_jobs(database_of(app), settings, lambda: TODAY)
        page.wait_for_url("**poll=1")
        expect(page.get_by_role("heading", name="Questions that are the reason")).to_be_visible()
    with phone(browser, live, visit) as page:
        for way in ("changes", "dry-runs", "review", "conflicts"):
            page.goto(f"{home}/{way}")
            has_no_fault(page)
        page.goto(f"{home}/review")
        page.get_by_role("button", name="Ask for a review").click()
        expect(page.get_by_role("alert")).to_contain_text("Say in a sentence why you change this.")
        has_no_fault(page)
        page.get_by_label("Why do you change this?").fill("Others at work are a sign.")
        page.get_by_label("I have read what changes and what it would do").check()
        page.get_by_role("button", name="Ask for a review").click()
        expect(page.get_by_role("heading", name="Somebody else publishes it")).to_be_visible()
        has_no_fault(page)
        for way in ("/question-banks/history", "/question-banks/history/shop/1"):
            page.goto(way)
            has_no_fault(page)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_of_answers_that_can_mean_danger_nothing_is_counted_and_a_review_may_be_asked_for(
    app: Flask, visit: Visitor, settings: Settings
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann")
        a_person(session, "ben@desk.example", desk="coordinator", name="Ben")
        submitted(session, [FAMILY] * 12 + [LONG] * 13)
        draft = a_draft(session, ann.id, HARDER)
        home = f"/question-banks/drafts/{draft.id}"
    sign_in(visit, app, ann)
    form = visit(f"{home}/dry-runs").fields("/dry-runs")
    visit.send("/dry-runs")
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    assert "Questions that are the reason" in visit(f"{home}/dry-runs").text
    with database_of(app).writing() as session:
        change(session, session.get_one(Draft, draft.id), ann.id, SHOP, "points: 4, sign", "points: 3, sign")
    visit.client.post(f"{home}/dry-runs", data=form)
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    with database_of(app).reading() as look:
        assert len(look.scalars(select(DryRun)).all()) == 1, "none was ordered"
    visit(f"{home}/review")
    assert visit.send("/review/ask", note="Three is right.", read="yes").status == 200
    for way in ("dry-runs", "review"):
        page = visit(f"{home}/{way}")
        assert "What it would do to past answers is not counted" in page.text
        assert "Tested on" not in page.text
        assert "Questions that are the reason" not in page.text
    assert "Somebody else publishes it" in visit(f"{home}/review").text


@dataclass
class Desk:
    """A draft of Ann, and Ben, who could publish it."""

    app: Flask
    ann: Person
    ben: Person
    draft_id: uuid.UUID
    settings: Settings

    @property
    def home(self) -> str:
        return f"/question-banks/drafts/{self.draft_id}"

    def work(self) -> None:
        load_jobs()
        run_due_jobs(database_of(self.app), self.settings, lambda: TODAY)


@pytest.fixture
def desk(app: Flask, settings: Settings) -> Desk:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        submitted(session, [FAMILY] * 18 + [LONG] * 12)
        draft = a_draft(session, ann.id, HARDER)
        return Desk(app, ann, ben, draft.id, settings)


def rows(session: Session) -> list[tuple[object, ...]]:
    """Every submission, byte for byte."""
    wanted = select(*Submission.__table__.columns).order_by(Submission.id)
    return [tuple(row) for row in session.execute(wanted)]


def test_a_change_is_written_has_a_dry_run_and_is_published_by_another(
    desk: Desk, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(desk.app).reading() as session:
        before = rows(session)
    sign_in(visit, desk.app, desk.ann)
    page = visit(f"{desk.home}/changes")
    assert "Points, signs or actions" in page.text
    page = visit(f"{desk.home}/review")
    assert "Test “Corner shops” on past submissions first." in page.text
    assert page.soup.select(".govuk-error-summary") == [], "nothing was wrong yet"
    page = visit.send("/review/ask", note="Long weeks count more.", read="yes")
    assert page.status == 422
    assert "Long weeks count more." in page.html, "nothing typed is lost"
    visit(f"{desk.home}/dry-runs")
    page = visit.send("/dry-runs")
    assert "It is about to begin." in page.text
    desk.work()
    page = visit(f"{desk.home}/dry-runs")
    assert "Tested on 24 November 2026 with 30 submissions" in page.text
    assert "Stay the same, to the last digit about 20" in page.text
    visit(f"{desk.home}/review")
    assert visit.send("/review/ask", note="", read=None).status == 422
    ours = visit.page.fields("/review/ask") if visit.page else {}
    page = visit.send("/review/ask", note="Long weeks count more.", words="Is four right?", read="yes")
    assert "You worked on this draft." in page.text
    assert "Ben" in page.text
    refused = visit.client.post(f"{desk.home}/review/publish", data={**ours, "sure": "yes"})
    assert refused.status_code == 409
    assert "Somebody who did not edit it has to publish it." in refused.text
    sign_in(another_visit, desk.app, desk.ben)
    page = another_visit(f"{desk.home}/review")
    assert "Is four right?" in page.text
    assert another_visit.send("/review/publish").status == 422, "a tick is needed"
    page = another_visit.send("/review/publish", sure="yes", words="Good.")
    assert "This draft is published." in page.text
    page = another_visit("/question-banks/history/shop/2")
    for words in ("published by Ben, written by Ann", "Long weeks count more.", "What it changed"):
        assert words in page.text
    page = another_visit.send("/withdraw", why="Too early.", sure="yes")
    assert "Too early." in page.text
    with database_of(desk.app).reading() as session:
        assert rows(session) == before, "nothing a coordinator does changes a past submission"
        assert "shop" not in current_editions(session), (
            "the one before says something else, so a second person confirms first"
        )
    assert "This edition is in use." in another_visit.send("/put-back", why="It was right.", sure="yes").text


def test_it_is_sent_back_with_a_reason_and_nobody_publishes_what_they_did_not_see(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann")
        root = a_person(session, "root@desk.example", desk="administrator", name="Root")
        home = f"/question-banks/drafts/{a_draft(session, ann.id, WORDS).id}"
    sign_in(visit, app, ann)
    sign_in(another_visit, app, root)
    ask = {"note": "Easier to read.", "read": "yes"}
    visit(f"{home}/review")
    visit.send("/review/ask", **ask)
    another_visit(f"{home}/review")
    assert "Say what has to be done" in another_visit.send("/review/send-back", reason="").text
    another_visit.send("/review/send-back", reason="Say “workers’ papers”.\n" + "And here.\n" * 20)
    assert "Root sent it back" in visit(home).text
    visit(f"{home}/review")
    visit.send("/review/ask", **ask)
    assert another_visit(f"{home}/review").heading == "Review and publish"
    reads_all(another_visit, home)
    another_visit(f"{home}/review")
    with database_of(app).writing() as session:
        draft = session.scalars(select(Draft)).one()
        change(session, draft, ann.id, SHOP, "label: They do,", "label: They keep them,")
        drafts.ask_for_review(session, draft, ann.id, "", TODAY, note="Easier to read.")
    page = another_visit.send("/review/publish", sure="yes")
    assert page.status == 422
    assert "Someone else changed this while you were working" in page.text
    assert "They keep them" in page.text
    reads_all(another_visit, home)
    assert "This draft is published." in another_visit.send("/review/publish", sure="yes").text
    assert visit(f"{home}/review").heading == "This draft is published"


def test_texts_are_compared_before_anything_is_held(
    app: Flask, visit: Visitor, another_visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        home = f"/question-banks/drafts/{a_draft(session, ann.id, WORDS).id}"
    held: list[bool] = []

    def comparing(*given: Any) -> tuple[SignText, ...]:
        held.append(holds_write_lock())
        return sign_texts(*given)

    monkeypatch.setattr(draft_context_module, "sign_texts", comparing)

    def anew() -> None:
        monkeypatch.setattr(draft_context_module, "_sign_text_cache", BoundedCache[tuple[SignText, ...]](8))

    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    visit(f"{home}/review")
    anew()
    visit.send("/review/ask", note="Easier to read.", read="yes")
    page = another_visit(f"{home}/review")
    ticks = {f"read-{mark}": "yes" for mark in marks_of(page)}
    reasons = {f"why-{mark}": "Harmless." for mark in marks_of(page, "why-")}
    anew()
    another_visit.send("/review/read", **ticks, **reasons)
    anew()
    assert "This draft is published." in another_visit.send("/review/publish", sure="yes").text
    assert len(held) >= 3
    assert not any(held)


def test_whoever_changes_it_meanwhile_has_it_compared_anew(
    app: Flask, visit: Visitor, another_visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        draft_id = a_draft(session, ann.id, WORDS).id
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    home = f"/question-banks/drafts/{draft_id}"
    visit(f"{home}/review")
    visit.send("/review/ask", note="Easier to read.", read="yes")
    another_visit(f"{home}/review")
    labels = ["They do,", "They keep them,", "They keep all,"]
    compared = review_views._compared

    def changed_meanwhile(look: Session, draft: Draft, who: Any) -> str:
        stood = compared(look, draft, who)
        if len(labels) > 1:
            old = labels.pop(0)
            with database_of(app).writing() as session:
                held = session.get_one(Draft, draft_id)
                change(session, held, ann.id, SHOP, f"label: {old}", f"label: {labels[0]}")
        return stood

    monkeypatch.setattr(review_views, "_compared", changed_meanwhile)
    page = another_visit.send("/review/send-back", reason="Say more.")
    assert page.status == 409, "it is a draft again, as somebody changed it"
    assert labels == ["They keep all,"]


@pytest.mark.parametrize("new", ["Ann", "Ben"])
def test_texts_that_are_read_one_by_one_are_neither_written_nor_published_by_a_mailbox_made_for_it(
    app: Flask, visit: Visitor, another_visit: Visitor, new: str
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (
            a_person(
                session, f"{name}@desk.example", desk="coordinator", name=name, made_at=TODAY - timedelta(days=100)
            )
            for name in ("Ann", "Ben")
        )
        ann.desk_given_by = ben.id  # which alone keeps nobody from reviewing
        {"Ann": ann, "Ben": ben}[new].desk_given_at = TODAY - timedelta(days=13)
        home = f"/question-banks/drafts/{a_draft(session, ann.id, WORDS).id}"
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    visit(f"{home}/review")
    visit.send("/review/ask", note="Easier to read.", read="yes")
    reads_all(another_visit, home)
    page = another_visit(f"{home}/review")
    assert "has looked after the banks for less than 14 days" in page.text
    assert not page.soup.select("form[action$='/publish']")
    with database_of(app).writing() as session:
        for one in (ann, ben):
            session.get_one(Person, one.id).desk_given_at = TODAY - timedelta(days=14)
    another_visit(f"{home}/review")
    assert "This draft is published." in another_visit.send("/review/publish", sure="yes").text


def test_whoever_is_new_puts_nothing_back(app: Flask, visit: Visitor, another_visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, ben, root, eve = (
            a_person(
                session, f"{name}@desk.example", desk="coordinator", name=name, made_at=TODAY - timedelta(days=100)
            )
            for name in ("Ann", "Ben", "Root", "Eve")
        )
        eve.desk_given_at = TODAY - timedelta(days=13)
        draft = a_draft(session, ann.id, WORDS)
        ask_for_review(session, draft, ann.id, "", TODAY, note="x")
        publish_draft(session, draft, ben.id, "", TODAY)
    sign_in(visit, app, root)
    sign_in(another_visit, app, eve)
    visit("/question-banks/history/shop/2")
    visit.send("/withdraw", why="It endangers workers.", sure="yes")
    page = another_visit("/question-banks/history/shop/2")
    assert "has looked after the banks for less than 14 days" in page.text
    assert not page.soup.select("form[action$='/put-back']")
