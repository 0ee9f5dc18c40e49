"""Every page of a review that changes something leaves one event, and so do the beginning and the end of a draft; looking leaves none."""

from __future__ import annotations

import pytest
from flask import Flask

from assess import load_jobs
from assess.banks.drafts.keeping import ask
from assess.kit.config import Settings
from assess.kit.jobs.running import run_waiting
from tests.conftest import TODAY, Visitor
from tests.editor.review.reading import reads_all
from tests.editor.review.shop import HARDER, LONG, WORDS, a_draft, change, submitted
from tests.editor.review.test_views_behind import mended
from tests.kit.audit.test_completeness import counting
from tests.people.persons import a_person, database_of, sign_in

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
READ = {"note": "Long weeks count more.", "read": "yes"}


def test_every_step_of_a_review_leaves_one_event_and_what_is_refused_none(
    app: Flask, settings: Settings, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        submitted(session, [LONG] * 4)
        home = f"/banks/drafts/{a_draft(session, ann.id, HARDER).id}"
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    load_jobs()
    with counting(app) as (posted, looked):
        again = visit(f"{home}/rehearsal").fields("/rehearsal")
        visit.send("/rehearsal")
        run_waiting(database_of(app), settings, lambda: TODAY)
        visit.client.post(f"{home}/rehearsal", data=again)
        visit(f"{home}/review")
        visit.send("/review/ask", **READ | {"read": "no"})
        visit.send("/review/ask", **READ)
        another_visit(f"{home}/review")
        another_visit.send("/review/send-back", reason="")
        another_visit.send("/review/send-back", reason="Is four right?")
        visit(f"{home}/review")
        visit.send("/review/ask", **READ)
        another_visit(f"{home}/review")
        another_visit.send("/review/publish", sure="yes")
        another_visit("/banks/history/shop/2")
        another_visit.send("/withdraw", why="Too early.", sure=None)
        another_visit.send("/withdraw", why="Too early.", sure="yes")
        another_visit.send("/put-back", why="It was right.", sure="yes")
    assert looked == []
    assert posted == {
        ("rehearsal.start_rehearsal", 1): 1,
        ("rehearsal.start_rehearsal", 0): 1,
        ("review.ask_review", 1): 2,
        ("review.send_review_back", 1): 1,
        ("review.finish_review", 1): 1,
        ("bank_history.withdraw_edition", 1): 1,
        ("bank_history.put_edition_back", 1): 1,
    }


def test_what_was_read_leaves_one_event_and_what_was_read_before_none(app: Flask, another_visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        draft = a_draft(session, ann.id, WORDS)
        ask(session, draft, ann.id, "", TODAY)
    sign_in(another_visit, app, ben)
    with counting(app) as (posted, looked):
        another_visit(f"/banks/drafts/{draft.id}/review")
        another_visit.send("/review/read")
        reads_all(another_visit, f"/banks/drafts/{draft.id}")
        reads_all(another_visit, f"/banks/drafts/{draft.id}")
    assert looked == []
    assert posted == {("review.confirm_texts", 0): 1, ("review.confirm_texts", 1): 1}


def test_a_draft_begun_gone_on_with_undone_and_given_up_leaves_one_event_each(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann")
        draft = a_draft(session, ann.id, WORDS)
        mended(session, draft)
    home = f"/banks/drafts/{draft.id}"
    sign_in(visit, app, ann)
    with counting(app) as (posted, looked):
        visit("/banks")
        visit.send("/banks", title="")
        visit.send("/banks", title="Another")
        visit(f"{home}/meanwhile")
        visit.send("/meanwhile")
        visit.send("/meanwhile", **{"text-0": "mine"})
        with database_of(app).writing() as session:
            change(session, session.merge(draft), ann.id, WORDS[0], "label: They do,", "label: They keep them,")
        form = visit(home).soup.select_one("main form[action*='/undo/']")
        assert form
        visit.send(str(form["action"]))
        visit(f"{home}/give-up")
        visit.send(words="Not needed.")
    assert looked == []
    assert posted == {
        ("banks.begin_draft", 1): 1,
        ("behind.settle_behind", 1): 1,
        ("draft.undo_edit", 1): 1,
        ("draft.end_draft", 1): 1,
    }
