"""Every page of a review that changes something leaves one event, and so do the beginning and the end of a draft; looking leaves none."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.bank_editor.draft_context import load_draft_context
from assess.bank_editor.models import DryRun
from assess.bank_editor.review.comparing import EditionComparison, changed_banks, changed_files, diff_lines
from assess.bank_editor.review.full_text import (
    CLASS_TEXTS,
    NO_ACTION_WORDS,
    full_question_text,
    part_in_words,
    value_in_words,
)
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.engine.edition_changes import Change, ChangeKind
from assess.identity.models import Person
from assess.question_banks.drafts import ask_for_review, publish_draft
from assess.question_banks.files import ContentFile
from assess.question_banks.models import Draft, EditionAttribution
from tests.bank_editor.review.reviewer import reads_all
from tests.bank_editor.review.shop_bank import HARDER, LONG, WORDS, a_draft, change, submitted
from tests.bank_editor.review.test_views import mended
from tests.conftest import TODAY, Visitor
from tests.content_files import CONTACTS, SHOP, START, UK, edition_after
from tests.core.audit.test_completeness import counting
from tests.identity.accounts_factory import a_person, database_of, sign_in

READ = {"note": "Long weeks count more.", "read": "yes"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_step_of_a_review_leaves_one_event_and_what_is_refused_none(
    app: Flask, settings: Settings, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        submitted(session, [LONG] * 4)
        home = f"/question-banks/drafts/{a_draft(session, ann.id, HARDER).id}"
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    load_jobs()
    with counting(app) as (posted, looked):
        again = visit(f"{home}/dry-runs").fields("/dry-runs")
        visit.send("/dry-runs")
        run_due_jobs(database_of(app), settings, lambda: TODAY)
        visit.client.post(f"{home}/dry-runs", data=again)
        visit(f"{home}/review")
        visit.send("/review/ask", note=READ["note"])
        visit.send("/review/ask", **READ)
        another_visit(f"{home}/review")
        another_visit.send("/review/send-back", reason="")
        another_visit.send("/review/send-back", reason="Is four right?")
        visit(f"{home}/review")
        visit.send("/review/ask", **READ)
        another_visit(f"{home}/review")
        another_visit.send("/review/publish", sure="yes")
        another_visit("/question-banks/history/shop/2")
        another_visit.send("/withdraw", why="Too early.", sure=None)
        another_visit.send("/withdraw", why="Too early.", sure="yes")
        another_visit.send("/put-back", why="It was right.", sure="yes")
    assert looked == []
    assert posted == {
        ("draft_review.request_dry_runs", 1): 1,
        ("draft_review.request_dry_runs", 0): 1,
        ("draft_review.request_review", 1): 2,
        ("draft_review.send_back_reviewed_draft", 1): 1,
        ("draft_review.publish_reviewed_draft", 1): 1,
        ("question_banks_history.withdraw_edition", 1): 1,
        ("question_banks_history.put_edition_back", 1): 1,
    }


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_read_leaves_one_event_and_what_was_read_before_none(app: Flask, another_visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        draft = a_draft(session, ann.id, WORDS)
        ask_for_review(session, draft, ann.id, "", TODAY)
    sign_in(another_visit, app, ben)
    with counting(app) as (posted, looked):
        another_visit(f"/question-banks/drafts/{draft.id}/review")
        another_visit.send("/review/read")
        reads_all(another_visit, f"/question-banks/drafts/{draft.id}")
        reads_all(another_visit, f"/question-banks/drafts/{draft.id}")
    assert looked == []
    assert posted == {("draft_review.confirm_texts", 0): 1, ("draft_review.confirm_texts", 1): 1}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_draft_begun_gone_on_with_undone_and_given_up_leaves_one_event_each(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann")
        draft = a_draft(session, ann.id, WORDS)
        mended(session, draft)
    home = f"/question-banks/drafts/{draft.id}"
    sign_in(visit, app, ann)
    with counting(app) as (posted, looked):
        visit("/question-banks")
        visit.send("/question-banks", title="")
        visit.send("/question-banks", title="Another")
        visit(f"{home}/conflicts")
        visit.send("/conflicts")
        visit.send("/conflicts", **{"text-0": "mine"})
        with database_of(app).writing() as session:
            change(session, session.merge(draft), ann.id, WORDS[0], "label: They do,", "label: They keep them,")
        form = visit(home).soup.select_one("main form[action*='/undo/']")
        assert form
        visit.send(str(form["action"]))
        visit(f"{home}/discard")
        visit.send(words="Not needed.")
    assert looked == []
    assert posted == {
        ("bank_editor.show_question_banks", 1): 1,
        ("draft_review.settle_conflicts", 1): 1,
        ("bank_editor.undo_edit", 1): 1,
        ("bank_editor.discard_open_draft", 1): 1,
    }


def test_changes_stand_in_their_section_in_the_order_of_asking_and_the_rest_comes_last() -> None:
    compared = EditionComparison(
        edition_after(), edition_after(WORDS, HARDER, (SHOP, "title: Corner shops", "title: Shops"))
    )
    assert [part.title for part in compared.parts] == ["The people", "The work", "Beside the questions"]
    (hours,) = compared.parts[0].things
    assert hours.title == "How many hours does the longest week have?"
    assert [one.part for one in hours.changes] == ["the points by number"]
    assert [count for _title, _meaning, count in compared.classes] == [1, 2]


def test_what_is_taken_out_stands_where_it_was_asked() -> None:
    section = (START, "      - id: hours", "  - id: more\n    title: More\n    questions:\n      - id: hours")
    compared = EditionComparison(edition_after(section), edition_after())
    moved = next(
        one for part in compared.parts for thing in part.things for one in thing.changes if "section" in one.part
    )
    assert (moved.before, moved.after) == ("More", "The people"), "sections are said by their titles"


def test_the_first_edition_changes_nothing() -> None:
    assert EditionComparison(None, edition_after()).parts == []


def test_a_question_that_is_new_is_read_out_whole() -> None:
    new = "      - id: rest\n        ask: Is there a day of rest?\n        type: choice\n        kind: safeguard\n        dimension: pay\n"
    new += "        show_if: {staff: {is: hired}}\n        options:\n          - {id: yes, label: Yes, points: 0}\n"
    new += "          - {id: no, label: No, points: 4}\n          - {id: dk, label: Don’t know, points: 4}\n"
    new += "        action: {do: Plan it., priority: 30, owner: owner, effort: S}\n        sources: [S1]\n      - id: hours"
    compared = EditionComparison(edition_after(), edition_after((START, "      - id: hours", new)))
    (thing,) = compared.parts[0].things
    said = dict(thing.whole)
    assert said["Answers"] == ["“Yes”: 0 points", "“No”: 4 points", "“Don’t know”: 4 points"]
    assert "Others too" in said["When it is asked"][0]
    assert "Within 30 days" in said["What to do"][0]


def test_an_answer_that_is_new_is_told_with_its_points() -> None:
    one = "- {id: hired, label: Others too, points: 2}"
    compared = EditionComparison(
        edition_after(), edition_after((START, one, f"{one}\n          - {{id: kin, label: Kin, points: 1}}"))
    )
    assert [told.after for told in compared.parts[0].things[0].changes] == ["“Kin”: 1 point"]


def test_a_bank_that_is_new_shows_the_questions_of_its_own() -> None:
    own = EditionComparison(None, edition_after()).own
    assert [part.title for part in own] == ["The work"]
    assert all(thing.whole for thing in own[0].things)


def test_a_bank_is_compared_with_its_edition_in_force(shop: Session, ann: uuid.UUID) -> None:
    draft_context = load_draft_context(shop, a_draft(shop, ann, WORDS), TODAY)
    (one,) = changed_banks(shop, draft_context)
    assert (one.bank, one.old.ref.number if one.old else 0) == ("shop", 1)
    assert {change.kind for change in one.compared.changes} == {ChangeKind.WORDING}
    assert [(file.name, list(file.values)) for file in changed_files(shop, draft_context)] == [(SHOP, [])]


def test_other_files_are_told_value_by_value(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, (CONTACTS, "who: The helpline", "who: The line"), (CONTACTS, "order: 1", "order: 2"))
    draft_context = load_draft_context(shop, draft, TODAY)
    assert changed_banks(shop, draft_context) == []
    (file,) = changed_files(shop, draft_context)
    assert [(one.where, one.before, one.after) for one in file.values] == [
        ("contacts – The line – order", "1", "2"),
        ("contacts – The line – who", "The helpline", "The line"),
    ]
    assert "-    who: The helpline\n+    who: The line" in file.lines


def test_an_entry_that_takes_the_words_of_another_hides_no_change(shop: Session, ann: uuid.UUID) -> None:
    draft_context = load_draft_context(shop, a_draft(shop, ann, (CONTACTS, "id: helpline", "id: line")), TODAY)
    (file,) = changed_files(shop, draft_context)
    assert {one.where.split(" – ")[1] for one in file.values} == {"helpline", "line"}


def test_a_bank_with_a_fault_is_left_out(shop: Session, ann: uuid.UUID) -> None:
    draft_context = load_draft_context(shop, a_draft(shop, ann, (UK, "format: 1", "formt: 1")), TODAY)
    assert changed_banks(shop, draft_context) == []


def test_a_file_that_comes_is_all_lines_with_a_plus() -> None:
    assert diff_lines(None, ContentFile("a.yaml", b"one\ntwo\n")) == "@@ -0,0 +1,2 @@\n+one\n+two"


@pytest.mark.both_databases
def test_a_dry_run_goes_with_its_draft(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann)
    shop.add(DryRun(draft_id=draft.id, bank="shop", before="a", after="b", settings="c", counts={}, made_at=TODAY))
    shop.flush()
    shop.execute(delete(Draft).where(Draft.id == draft.id))
    assert shop.scalar(select(func.count()).select_from(DryRun)) == 0


FROZEN = (
    "UPDATE edition_attribution SET why = 'another'",
    "UPDATE edition_attribution SET person_id = author_id",
    "UPDATE edition_attribution SET author_id = person_id",
    "DELETE FROM edition_attribution",
    "UPDATE edition SET digest = 'e'",
    "UPDATE edition_event SET stage = 'withdrawn'",
)


@pytest.mark.both_databases
def test_who_published_what_and_why_is_never_changed(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    published(shop, ann, ben)
    for statement in FROZEN:
        with pytest.raises(DBAPIError, match="never changed or removed"):
            shop.execute(text(statement))
        shop.rollback()


@pytest.mark.both_databases
def test_somebody_who_leaves_is_forgotten_there_too(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    published(shop, ann, ben)
    shop.execute(delete(Person).where(Person.id == ann))
    line = shop.scalars(select(EditionAttribution).execution_options(populate_existing=True)).one()
    assert (line.author_id, line.person_id, line.why) == (None, ben, "Easier.")


def published(session: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    draft = a_draft(session, ann, WORDS)
    ask_for_review(session, draft, ann, "", TODAY, note="Easier.")
    publish_draft(session, draft, ben, "", TODAY)
    session.commit()


def test_points_by_number_and_an_action_only_after_advice_are_said() -> None:
    edition = edition_after(
        (START, "- {points: 3}\n", "- {points: 3, action: false}\n"),
        (START, "priority: 90, owner: owner, effort: M}", "priority: 90, owner: owner, effort: M, after_advice: true}"),
    )
    said = dict(full_question_text(next(one for one in edition.questions() if one.id == "hours"), edition))
    assert said["Answers"] == ["Up to 48: 0 points", "More than that: 3 points, nothing is to be done"]
    assert said["What to do"][0].endswith("Medium: three days. Only after calling the helpline.)")
    assert "The hint" not in said, "what says nothing is left out"


def a_change(what: str, part: str, before: str | None = "a", after: str | None = "b") -> Change:
    return Change(what, "pay", "Yes", part, ChangeKind.POINTS, before, after)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (a_change("question", "hint"), "the hint"),
        (a_change("question", "whole", None), "new"),
        (a_change("question", "whole", after=None), "taken out"),
        (a_change("option", "points"), "answer “Yes”: the points"),
        (a_change("option", "whole", None), "answer “Yes”: new"),
        (a_change("duty", "more_urls"), "duty “Yes”: more urls"),
    ],
)
def test_a_part_is_said_in_words(change: Change, words: str) -> None:
    assert part_in_words(change) == words


def test_every_class_says_what_it_means_for_businesses() -> None:
    assert set(CLASS_TEXTS) == set(ChangeKind)
    assert all(meaning.endswith(".") for _title, meaning in CLASS_TEXTS.values())


def test_nothing_is_said_as_nothing() -> None:
    said = a_change("option", "action")
    assert [value_in_words(said, one) for one in (None, "no", "Ask.")] == ["nothing", NO_ACTION_WORDS, "Ask."]
    assert value_in_words(a_change("question", "quick"), "no") == "no"
