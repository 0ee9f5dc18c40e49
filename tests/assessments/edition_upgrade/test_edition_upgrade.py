"""Going on and back over random pairs of small editions: nothing is lost, and going back at once changes nothing at all."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.delegation import (
    NewDelegation,
    count_answers_by_delegation,
    create_delegation,
    get_colleague_answers,
    get_delegation,
    get_offers,
    save_colleague_answers,
)
from assess.assessments.edition_upgrade import (
    AnswerState,
    NothingToUndoError,
    carry_back,
    carry_forward,
    find_newer_edition,
    get_answer_state,
    get_last_upgrade,
    same_question,
    undo_all_upgrades,
    undo_edition_upgrade,
    upgrade_edition,
)
from assess.assessments.models import (
    Assessment,
    DelegatedAnswer,
    DelegatedAnswerState,
    Delegation,
    EditionUpgrade,
    FormPart,
    Submission,
    UnconfirmedAnswer,
    UnconfirmedReason,
)
from assess.assessments.personal_data.services import free_text_questions
from assess.assessments.queries import open_by_id
from assess.assessments.services import (
    AlreadySubmittedError,
    EditionChangedError,
    get_answers,
    get_assessment,
    get_assessment_content,
    get_stored,
    save_answers,
    save_evidence,
    save_facts,
)
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.engine.bank import Column, DutyBook, Edition, Fact, Option, Question
from assess.question_banks.editions import withdraw_published
from tests.assessments.edition_upgrade.conftest import TwoEditions
from tests.builders import a_bank, a_number, a_question, a_table, an_option
from tests.engine.random_banks import a_random_bank
from tests.engine.test_edition_changes import answers_for, changed
from tests.engine.test_properties import known_answer
from tests.long_runs import examples

PAIRS = st.integers(0, 2**32)


def a_pair(rnd: Random) -> tuple[Edition, Edition]:
    old = a_random_bank(rnd)
    new = changed(rnd, old)
    more = [a_question(f"more{number}") for number in range(rnd.randrange(3))]
    both = a_bank(*new.questions(), *more)
    return with_facts(old, "fye", "size"), with_facts(both, *(rnd.sample(("fye", "size", "staff"), 2)))


def with_facts(edition: Edition, *names: str) -> Edition:
    return replace(
        edition, duty_book=DutyBook(tuple(Fact(name, "date", name, "g") for name in names), terms={}, duties=())
    )


def anything_said(rnd: Random, edition: Edition) -> AnswerState:
    answers = answers_for(rnd, edition)
    return AnswerState(
        answers,
        {name: True for name in answers if rnd.random() < 0.3},
        {fact.id: "2026-03-31" for fact in edition.duty_book.facts if rnd.random() < 0.7},
        {name: rnd.choice(list(UnconfirmedReason)) for name in answers if rnd.random() < 0.3},
        {"fye": UnconfirmedReason.COPIED} if rnd.random() < 0.5 else {},
    )


@settings(max_examples=examples(150), deadline=None)
@hypothesis_given(PAIRS)
def test_going_on_and_back_at_once_restores_everything(seed: int) -> None:
    rnd = Random(seed)
    old, new = a_pair(rnd)
    before = anything_said(rnd, old)
    before = replace(
        before, unconfirmed_facts={name: one for name, one in before.unconfirmed_facts.items() if name in before.facts}
    )
    back = carry_back(old, new, before, carry_forward(old, new, before))
    assert back.said == before
    assert back.lost == ()


@settings(max_examples=examples(150), deadline=None)
@hypothesis_given(PAIRS)
def test_what_was_said_since_comes_back_or_is_told(seed: int) -> None:
    rnd = Random(seed)
    old, new = a_pair(rnd)
    before = anything_said(rnd, old)
    moved = carry_forward(old, new, before)
    since = {one.id: known_answer(rnd, one) for one in new.questions() if rnd.random() < 0.4}
    now = replace(
        moved,
        answers={**moved.answers, **since},
        unconfirmed={name: because for name, because in moved.unconfirmed.items() if name not in since},
    )
    back = carry_back(old, new, before, now)
    for name, value in since.items():
        if value == moved.answers.get(name):
            assert name not in back.lost
        elif same_question(old, new, name):
            assert back.said.answers[name] == value
            assert name not in back.said.unconfirmed
        else:
            assert name in back.lost
    untouched = before.answers.keys() - since.keys()
    assert {name: back.said.answers[name] for name in untouched} == {name: before.answers[name] for name in untouched}


@settings(max_examples=examples(150), deadline=None)
@hypothesis_given(PAIRS)
def test_the_engine_sees_nothing_of_what_has_to_be_looked_at(seed: int) -> None:
    rnd = Random(seed)
    old, new = a_pair(rnd)
    before = anything_said(rnd, old)
    after = carry_forward(old, new, before)
    asked = {question.id for question in new.questions()}
    assert after.answers.keys() <= asked
    for name in after.answers.keys() - after.unconfirmed.keys():
        assert after.answers[name] == before.answers[name], "what counts at once is what was said"
    assert after.unconfirmed.keys() <= after.answers.keys()


OLD = a_question("q", options=(an_option("a"), an_option("b")))


def test_what_was_confirmed_since_stays_confirmed_where_the_question_is_the_same() -> None:
    edition = a_bank(OLD)
    before = AnswerState({"q": "a"}, unconfirmed={"q": UnconfirmedReason.COPIED})
    assert carry_back(edition, edition, before, AnswerState({"q": "a"})).said.unconfirmed == {}
    meant = a_bank(replace(OLD, rev=2))
    assert carry_back(edition, meant, before, AnswerState({"q": "a"})).said.unconfirmed == {
        "q": UnconfirmedReason.COPIED
    }


def test_an_answer_taken_back_since_stays_taken_back() -> None:
    edition = a_bank(OLD)
    assert carry_back(edition, edition, AnswerState({"q": "a"}), AnswerState()).said.answers == {}
    assert carry_back(edition, a_bank(replace(OLD, rev=2)), AnswerState({"q": "a"}), AnswerState()).said.answers == {
        "q": "a"
    }


def test_whether_an_answer_comes_back_never_depends_on_the_option() -> None:
    more = a_bank(replace(OLD, options=(*OLD.options, an_option("c"))))
    lost = {
        carry_back(a_bank(OLD), more, AnswerState({"q": "a"}), AnswerState({"q": since})).lost for since in ("b", "c")
    }
    assert lost == {("q",)}


def test_an_answer_that_came_from_an_old_page_to_a_question_of_the_old_edition_is_kept() -> None:
    new = a_bank(a_number("n"))
    assert carry_back(a_bank(OLD), new, AnswerState(), AnswerState({"q": "b"})).said.answers == {"q": "b"}


def test_columns_count_as_choices() -> None:
    old: Question = replace(a_table("t"), columns=(Column("kind", "Kind", "choice", (Option("flat", "Flat"),)),))
    wider = replace(old, columns=(Column("kind", "Kind", "choice", (Option("flat", "Flat"), Option("van", "Van"))),))
    assert same_question(a_bank(old), a_bank(old), "t")
    assert not same_question(a_bank(old), a_bank(wider), "t")


def test_a_fact_with_choices_goes_along_while_its_choice_is_there() -> None:
    def asking(*names: str) -> Edition:
        options = tuple(an_option(name) for name in names)
        return replace(
            a_bank(OLD),
            duty_book=DutyBook(facts=(Fact("places", "choices", "Where?", "g", options=options),), terms={}, duties=()),
        )

    said = AnswerState(facts={"places": ["ENG", "WLS"]})
    assert carry_forward(asking("ENG", "WLS"), asking("ENG", "WLS", "SCT"), said).facts == said.facts
    assert carry_forward(asking("ENG", "WLS"), asking("ENG"), said).facts == {}
    assert carry_forward(asking("ENG"), asking("ENG"), AnswerState(facts={"places": "not_sure"})).facts == {
        "places": "not_sure"
    }
    assert carry_back(asking("ENG", "WLS"), asking("ENG"), said, AnswerState()).said.facts == said.facts


Hers = dict[str, tuple[Any, DelegatedAnswerState]]


@pytest.fixture
def given(session: Session, two: TwoEditions, now: datetime) -> Delegation:
    """She has answered three questions; to one the business had said something else."""
    link = create_delegation(session, two.assessment_id, NewDelegation("people", None, "", 14), now)
    one = get_delegation(session, two.assessment_id, link.id)
    save_answers(session, two.assessment_id, {"papers": "they"}, {}, now)
    save_colleague_answers(session, one, {"staff": "hired", "hours": 40, "papers": "we"}, {"staff"}, now)
    return one


def hers(session: Session, one: Delegation) -> Hers:
    return {name: (row.value, row.state) for name, row in get_colleague_answers(session, one.id).items()}


def test_what_changed_is_asked_again_and_comes_back(
    session: Session, two: TwoEditions, given: Delegation, now: datetime
) -> None:
    before = hers(session, given)
    upgrade_edition(session, two.assessment_id, two.old_id, two.new_id, now)
    assert hers(session, given) == {"staff": ("hired", DelegatedAnswerState.SAVED)}
    assert count_answers_by_delegation(session, two.assessment_id) == {given.id: 1}
    assert get_offers(session, two.assessment_id) == [], "nobody decides about a question that is not asked any more"
    undo_all_upgrades(session, two.assessment_id, now)
    assert hers(session, given) == before
    assert len(get_offers(session, two.assessment_id)) == 1
    save_colleague_answers(session, given, {"hours": 41}, (), now)
    assert get_answers(session, two.assessment_id)["hours"].value == 41, "it is hers to change, as it was"


def test_what_she_says_to_the_newer_question_waits_for_the_business_and_does_not_go_back(
    session: Session, two: TwoEditions, given: Delegation, now: datetime
) -> None:
    upgrade_edition(session, two.assessment_id, two.old_id, two.new_id, now)
    save_colleague_answers(session, given, {"papers": "we"}, (), now, edition_id=two.new_id)
    assert hers(session, given)["papers"] == ("we", DelegatedAnswerState.OFFERED)
    undo_all_upgrades(session, two.assessment_id, now)
    assert "papers" not in hers(session, given)
    kept = session.scalars(select(DelegatedAnswer.state).where(DelegatedAnswer.question == "papers")).all()
    assert kept == [DelegatedAnswerState.BEFORE]


def test_a_page_of_hers_from_before_saves_nothing(
    session: Session, two: TwoEditions, given: Delegation, now: datetime
) -> None:
    upgrade_edition(session, two.assessment_id, two.old_id, two.new_id, now)
    with pytest.raises(EditionChangedError):
        save_colleague_answers(session, given, {"papers": "we"}, (), now, edition_id=two.old_id)


SAID: dict[str, Any] = {"staff": "hired", "hours": 40, "papers": "we"}
RECORD = {"engine": 1, "edition": {"bank": "shop"}, "result": {"score": 11.0, "band": "low"}}


def say(session: Session, two: TwoEditions, now: datetime) -> None:
    save_answers(session, two.assessment_id, SAID, {}, now)
    save_evidence(session, two.assessment_id, {"papers", "hours"}, {"papers", "hours"}, now)
    save_facts(session, two.assessment_id, {"turnover": 5, "hires": True}, {}, now)
    session.add(
        UnconfirmedAnswer(
            assessment_id=two.assessment_id, part="answer", question="staff", because=UnconfirmedReason.COPIED
        )
    )
    session.flush()


def go(session: Session, two: TwoEditions, now: datetime) -> bool:
    return upgrade_edition(session, two.assessment_id, two.old_id, two.new_id, now)


def move_id(session: Session, two: TwoEditions) -> uuid.UUID:
    found = get_last_upgrade(session, two.assessment_id)
    assert found is not None
    return found.id


def values(session: Session, two: TwoEditions) -> dict[str, Any]:
    return {name: one.value for name, one in get_answers(session, two.assessment_id).items()}


@pytest.mark.both_databases
def test_a_move_takes_along_what_fits_and_marks_what_to_look_at(
    database: Database, two: TwoEditions, now: datetime
) -> None:
    with database.writing() as session:
        say(session, two, now)
        assert go(session, two, now)
        assert values(session, two) == {"staff": "hired", "longest": 40, "papers": "we"}
        assert get_assessment_content(session, two.assessment_id).evidence == {"papers"}
        assert set(get_stored(session, two.assessment_id, FormPart.FACT)) == {"hires"}
        assert get_assessment_content(session, two.assessment_id).answers == {}, "what waits is not said"
    opened = open_by_id(database.engine, two.assessment_id, now)
    assert opened is not None
    assert opened.edition_id == two.new_id
    assert opened.reworded == {"longest", "papers"}
    assert opened.unconfirmed_answers == {"staff", "longest", "papers"}


@pytest.mark.both_databases
def test_going_back_restores_everything(session: Session, two: TwoEditions, now: datetime) -> None:
    say(session, two, now)
    before = get_answer_state(session, two.assessment_id)
    go(session, two, now)
    undo_edition_upgrade(session, two.assessment_id, move_id(session, two), now)
    assert get_answer_state(session, two.assessment_id) == before
    assert get_assessment(session, two.assessment_id).edition_id == two.old_id
    with pytest.raises(NothingToUndoError):
        undo_edition_upgrade(session, two.assessment_id, uuid.uuid4(), now)
    assert go(session, two, now), "and it may move again"
    undo_all_upgrades(session, two.assessment_id, now)
    assert get_answer_state(session, two.assessment_id) == before


@pytest.mark.both_databases
def test_saving_confirms_only_from_a_page_that_showed_the_newer_question(
    session: Session, two: TwoEditions, now: datetime
) -> None:
    say(session, two, now)
    seen = {name: one.revision for name, one in get_answers(session, two.assessment_id).items()}
    go(session, two, now)
    stale = save_answers(session, two.assessment_id, {"papers": "we"}, seen, now)
    assert (stale.saved, stale.conflicts) == ((), ())
    assert get_answer_state(session, two.assessment_id).unconfirmed["papers"] is UnconfirmedReason.CHANGED
    assert save_answers(session, two.assessment_id, {"papers": "they"}, seen, now).conflicts
    now_seen = {name: one.revision for name, one in get_answers(session, two.assessment_id).items()}
    save_answers(session, two.assessment_id, {"papers": "we"}, now_seen, now)
    assert "papers" not in get_answer_state(session, two.assessment_id).unconfirmed
    assert get_assessment_content(session, two.assessment_id).answers == {"papers": "we"}


@pytest.mark.both_databases
def test_what_is_submitted_is_never_moved_nor_moved_back(session: Session, two: TwoEditions, now: datetime) -> None:
    say(session, two, now)
    go(session, two, now)
    wanted = move_id(session, two)
    submit_assessment(session, two.assessment_id, lambda _said: RECORD, now)
    with pytest.raises(AlreadySubmittedError):
        go(session, two, now)
    with pytest.raises(AlreadySubmittedError):
        undo_edition_upgrade(session, two.assessment_id, wanted, now)
    reopen_assessment(session, two.assessment_id, now)
    assert get_assessment(session, two.assessment_id).edition_id == two.new_id
    assert get_last_upgrade(session, two.assessment_id) is None, "only until it was submitted"


@pytest.mark.both_databases
def test_only_from_the_edition_it_has(session: Session, two: TwoEditions, now: datetime) -> None:
    assert go(session, two, now)
    assert not go(session, two, now)
    with pytest.raises(EditionChangedError):
        upgrade_edition(session, two.assessment_id, two.old_id, two.old_id + 100, now)
    with pytest.raises(EditionChangedError):
        save_answers(session, two.assessment_id, {"staff": "family"}, {}, now, edition_id=two.old_id)


@pytest.mark.both_databases
def test_the_newest_published_edition_is_offered(session: Session, two: TwoEditions, now: datetime) -> None:
    found = find_newer_edition(session, two.old_id)
    assert found is not None
    assert (found.edition_id, found.withdrawn) == (two.new_id, False)
    assert find_newer_edition(session, two.new_id) is None
    withdraw_published(session, "shop", 1, now)
    found = find_newer_edition(session, two.old_id)
    assert found is not None
    assert found.withdrawn
    withdraw_published(session, "shop", 2, now)
    assert find_newer_edition(session, two.old_id) is None


def at_once(*work: Callable[[], object]) -> list[BaseException]:
    """Do all of it at the same moment; returns what was refused."""
    gate, refused = threading.Barrier(len(work)), []

    def one(do: Callable[[], object]) -> None:
        gate.wait()
        try:
            do()
        except Exception as fault:  # noqa: BLE001  # told below, in the thread of the test
            refused.append(fault)

    threads = [threading.Thread(target=one, args=(do,)) for do in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.both_databases
def test_two_browsers_move_at_once_and_a_third_saves(database: Database, two: TwoEditions, now: datetime) -> None:
    with database.writing() as session:
        say(session, two, now)
        before = get_answer_state(session, two.assessment_id)

    def moves() -> None:
        with database.writing() as session:
            go(session, two, now)

    def saves() -> None:
        with database.writing() as session:
            seen = {"staff": 1, "hours": 1}
            save_answers(session, two.assessment_id, {"staff": "family", "hours": 41}, seen, now, edition_id=two.old_id)

    refused = at_once(moves, moves, saves)
    with database.writing() as session:
        assert len(session.scalars(select(EditionUpgrade)).all()) == 1
        saved = values(session, two)
        assert saved["staff"] == ("hired" if refused else "family")
        assert saved["longest"] == (40 if refused else 41)
        undo_all_upgrades(session, two.assessment_id, now)
        wanted = before.answers if refused else {**before.answers, "staff": "family", "hours": 41}
        assert values(session, two) == wanted
    assert [type(fault) for fault in refused] in ([], [EditionChangedError])


@pytest.mark.both_databases
def test_moving_while_submitting_freezes_one_edition_whole(database: Database, two: TwoEditions, now: datetime) -> None:
    with database.writing() as session:
        say(session, two, now)

    def moves() -> None:
        with database.writing() as session:
            go(session, two, now)

    def submits() -> None:
        with database.writing() as session:
            submit_assessment(session, two.assessment_id, lambda _said: RECORD, now, edition_id=two.old_id)

    (refused,) = at_once(moves, submits)
    with database.reading() as look:
        kept = look.scalars(select(Submission)).all()
        assert len(kept) == isinstance(refused, AlreadySubmittedError)
        assert isinstance(refused, AlreadySubmittedError | EditionChangedError)
        wanted = two.old_id if kept else two.new_id
        assert get_assessment(look, two.assessment_id).edition_id == wanted
        assert [one.edition_id for one in kept] == [two.old_id] * len(kept)


@pytest.mark.both_databases
def test_words_typed_to_a_question_that_is_not_asked_any_more_can_still_be_taken_out(
    session: Session, two: TwoEditions, now: datetime
) -> None:
    go(session, two, now)
    save_answers(session, two.assessment_id, {"till": "Somebody by name"}, {}, now)
    assert "till" in free_text_questions(session, two.assessment_id)
    undo_all_upgrades(session, two.assessment_id, now)
    assert "till" not in values(session, two)
    assert "till" in free_text_questions(session, two.assessment_id)


@pytest.mark.both_databases
def test_a_move_is_never_changed_and_goes_only_with_its_assessment(
    session: Session, two: TwoEditions, now: datetime
) -> None:
    upgrade_edition(session, two.assessment_id, two.old_id, two.new_id, now)
    session.commit()
    for forbidden in (update(EditionUpgrade).values(before={}), delete(EditionUpgrade)):
        with pytest.raises(IntegrityError):
            session.execute(forbidden)
        session.rollback()
    undo_all_upgrades(session, two.assessment_id, now)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(update(EditionUpgrade).values(undone_at=None))
    session.rollback()
    session.execute(delete(Assessment))
    assert session.scalars(select(EditionUpgrade)).all() == []
