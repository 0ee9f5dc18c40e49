from __future__ import annotations

import uuid

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess import load_jobs
from assess.banks.drafts.models import Draft
from assess.editor.review.figures import STEP
from assess.editor.review.gate import Case
from assess.editor.review.models import Rehearsal
from assess.editor.review.rehearsals import key_of
from assess.editor.review.views_rehearsal import progress, shown_of
from assess.editor.workbench import workbench
from assess.kit.config import Settings
from assess.kit.jobs.models import Job, JobState
from assess.kit.jobs.running import run_waiting
from tests.conftest import TODAY, Visitor
from tests.editor.review.shop import FAMILY, HARDER, HIRED, LONG, OTHERS, WORDS, a_draft, change, submitted
from tests.editor.review.test_rehearsals import ordered, standing
from tests.people.persons import a_person, database_of, sign_in
from tests.phones import has_no_fault, phone
from tests.shelves import SHOP


def test_how_far_it_is_and_what_became_of_its_job(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * STEP)
    draft = a_draft(shop, ann, HARDER)
    one = ordered(shop, draft)
    (shown,) = shown_of(shop, [standing(shop, draft)])
    assert (shown.under_way, shown.failed, progress([shown])) == (True, False, "It is about to begin.")
    one.counted = 3
    shop.execute(update(Job).where(Job.key == key_of(one)).values(state=JobState.SET_ASIDE))
    (shown,) = shown_of(shop, [standing(shop, draft)])
    assert (shown.under_way, shown.failed, progress([shown])) == (False, True, "3 of 5 submissions are done.")


def test_what_the_texts_tell_is_told_before_anybody_is_counted(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, ("shop.yaml", "      - id: papers\n", "      - id: papers\n        rev: 2\n"))
    case = Case(shop, workbench(shop, draft, TODAY), TODAY)
    (shown,) = shown_of(shop, case.rehearsals)
    assert (shown.left, shown.doubtful, shown.new) == ([], ["Who keeps the workers’ papers?"], [])
    assert not shown.figures.shown


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_draft_is_rehearsed_and_asked_about_on_a_phone_without_scripts(
    app: Flask, browser: Browser, live: str, visit: Visitor, settings: Settings
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann")
        submitted(session, [FAMILY] * 8 + [HIRED] * 8 + [LONG] * 9)
        home = f"/banks/drafts/{a_draft(session, ann.id, HARDER, WORDS, OTHERS).id}"
    sign_in(visit, app, ann)
    with phone(browser, live, visit, scripts=False) as page:
        page.goto(f"{home}/changes")
        has_no_fault(page, scripts=False)
        page.get_by_role("link", name="Rehearse it").click()
        page.get_by_role("button", name="Start the rehearsal").click()
        expect(page.get_by_role("status")).to_have_text("It is about to begin.")
        load_jobs()
        run_waiting(database_of(app), settings, lambda: TODAY)
        page.wait_for_url("**look=1")
        expect(page.get_by_role("heading", name="Questions that are the reason")).to_be_visible()
    with phone(browser, live, visit) as page:
        for way in ("changes", "rehearsal", "review", "meanwhile"):
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
        for way in ("/banks/history", "/banks/history/shop/1"):
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
        home = f"/banks/drafts/{draft.id}"
    sign_in(visit, app, ann)
    form = visit(f"{home}/rehearsal").fields("/rehearsal")
    visit.send("/rehearsal")
    load_jobs()
    run_waiting(database_of(app), settings, lambda: TODAY)
    assert "Questions that are the reason" in visit(f"{home}/rehearsal").text
    with database_of(app).writing() as session:
        change(session, session.get_one(Draft, draft.id), ann.id, SHOP, "points: 4, sign", "points: 3, sign")
    visit.client.post(f"{home}/rehearsal", data=form)
    run_waiting(database_of(app), settings, lambda: TODAY)
    with database_of(app).reading() as look:
        assert len(look.scalars(select(Rehearsal)).all()) == 1, "none was ordered"
    visit(f"{home}/review")
    assert visit.send("/review/ask", note="Three is right.", read="yes").status == 200
    for way in ("rehearsal", "review"):
        page = visit(f"{home}/{way}")
        assert "What it would do to past answers is not counted" in page.text
        assert "Rehearsed on" not in page.text
        assert "Questions that are the reason" not in page.text
    assert "Somebody else publishes it" in visit(f"{home}/review").text
