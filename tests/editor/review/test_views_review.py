from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess import load_jobs
from assess.assessments.models import Submission
from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.editions import published
from assess.editor import workbench
from assess.editor.review import views_review
from assess.editor.review.guarded import GuardedText, guarded_texts
from assess.kit.config import Settings
from assess.kit.db import holds_write_lock
from assess.kit.jobs.running import run_waiting
from assess.people.models import Person
from tests.conftest import TODAY, Visitor
from tests.editor.review.reading import marks_of, reads_all
from tests.editor.review.shop import FAMILY, HARDER, LONG, WORDS, a_draft, change, submitted
from tests.people.persons import a_person, database_of, sign_in
from tests.shelves import SHOP


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
        return f"/banks/drafts/{self.draft_id}"

    def work(self) -> None:
        load_jobs()
        run_waiting(database_of(self.app), self.settings, lambda: TODAY)


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


def test_a_change_is_written_rehearsed_asked_about_and_published_by_another(
    desk: Desk, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(desk.app).reading() as look:
        before = rows(look)
    sign_in(visit, desk.app, desk.ann)
    page = visit(f"{desk.home}/changes")
    assert "Points, signs or actions" in page.text
    page = visit(f"{desk.home}/review")
    assert "Rehearse “Corner shops” first." in page.text
    assert page.soup.select(".govuk-error-summary") == [], "nothing was wrong yet"
    page = visit.send("/review/ask", note="Long weeks count more.", read="yes")
    assert page.status == 422
    assert "Long weeks count more." in page.html, "nothing typed is lost"
    visit(f"{desk.home}/rehearsal")
    page = visit.send("/rehearsal")
    assert "It is about to begin." in page.text
    desk.work()
    page = visit(f"{desk.home}/rehearsal")
    assert "Rehearsed on 24 November 2026 with 30 submissions" in page.text
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
    page = another_visit("/banks/history/shop/2")
    for words in ("published by Ben, written by Ann", "Long weeks count more.", "What it changed"):
        assert words in page.text
    page = another_visit.send("/withdraw", why="Too early.", sure="yes")
    assert "Too early." in page.text
    with database_of(desk.app).reading() as look:
        assert rows(look) == before, "nothing a coordinator does changes a past submission"
        assert "shop" not in published(look), "the one before says something else, so a second person confirms first"
    assert "This edition is in use." in another_visit.send("/put-back", why="It was right.", sure="yes").text


def test_it_is_sent_back_with_a_reason_and_nobody_publishes_what_they_did_not_see(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann")
        root = a_person(session, "root@desk.example", desk="administrator", name="Root")
        home = f"/banks/drafts/{a_draft(session, ann.id, WORDS).id}"
    sign_in(visit, app, ann)
    sign_in(another_visit, app, root)
    ask = {"note": "Easier to read.", "read": "yes"}
    visit(f"{home}/review")
    visit.send("/review/ask", **ask)
    another_visit(f"{home}/review")
    assert "Say what has to be done" in another_visit.send("/review/send-back", reason="").text
    another_visit.send("/review/send-back", reason="Say “workers’ papers”.")
    assert "Root sent it back" in visit(home).text
    visit(f"{home}/review")
    visit.send("/review/ask", **ask)
    assert another_visit(f"{home}/review").heading == "Review and publish"
    reads_all(another_visit, home)
    another_visit(f"{home}/review")
    with database_of(app).writing() as session:
        draft = session.scalars(select(Draft)).one()
        change(session, draft, ann.id, SHOP, "label: They do,", "label: They keep them,")
        keeping.ask(session, draft, ann.id, "", TODAY, note="Easier to read.")
    page = another_visit.send("/review/publish", sure="yes")
    assert page.status == 422
    assert "Something changed since you opened this page." in page.text
    assert "They keep them" in page.text
    reads_all(another_visit, home)
    assert "This draft is published." in another_visit.send("/review/publish", sure="yes").text
    assert visit(f"{home}/review").heading == "This draft is published"


def test_texts_are_compared_before_anything_is_held(
    app: Flask, visit: Visitor, another_visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        home = f"/banks/drafts/{a_draft(session, ann.id, WORDS).id}"
    held: list[bool] = []

    def comparing(*given: Any) -> tuple[GuardedText, ...]:
        held.append(holds_write_lock())
        return guarded_texts(*given)

    monkeypatch.setattr(workbench, "guarded_texts", comparing)

    def anew() -> None:
        monkeypatch.setattr(workbench, "_guarded", {})

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
    home = f"/banks/drafts/{draft_id}"
    visit(f"{home}/review")
    visit.send("/review/ask", note="Easier to read.", read="yes")
    another_visit(f"{home}/review")
    labels = ["They do,", "They keep them,", "They keep all,"]
    compared = views_review._compared

    def changed_meanwhile(look: Session, draft: Draft, who: Any) -> str:
        stood = compared(look, draft, who)
        if len(labels) > 1:
            old = labels.pop(0)
            with database_of(app).writing() as session:
                held = session.get_one(Draft, draft_id)
                change(session, held, ann.id, SHOP, f"label: {old}", f"label: {labels[0]}")
        return stood

    monkeypatch.setattr(views_review, "_compared", changed_meanwhile)
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
        home = f"/banks/drafts/{a_draft(session, ann.id, WORDS).id}"
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
    visit("/banks/history/shop/2")
    visit.send("/withdraw", why="It endangers workers.", sure="yes")
    page = another_visit("/banks/history/shop/2")
    assert "has looked after the banks for less than 14 days" in page.text
    assert not page.soup.select("form[action$='/put-back']")
