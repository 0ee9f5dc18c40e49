from __future__ import annotations

import functools
import itertools
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.answering import (
    AlreadySubmittedError,
    AssessmentUnknownError,
    Conflict,
    Stored,
    answers_of,
    assessment_of,
    evidence_of,
    facts_of,
    filled,
    gates_of,
    organisation_of,
    save_answers,
    save_evidence,
    save_facts,
    save_gates,
    save_organisation,
    start,
)
from assess.assessments.models import AnswerEvent, Assessment
from assess.kit.db import Database
from tests.long_runs import examples

pytestmark = pytest.mark.both_databases


def events(session: Session, assessment_id: uuid.UUID, question: str) -> list[tuple[int, object, object]]:
    rows = session.execute(
        select(AnswerEvent.revision, AnswerEvent.before, AnswerEvent.after)
        .where(AnswerEvent.assessment_id == assessment_id, AnswerEvent.question == question)
        .order_by(AnswerEvent.revision)
    )
    return [tuple(row) for row in rows]


def test_an_assessment_begins_empty_open_and_pinned_to_its_edition(
    session: Session, begun: uuid.UUID, edition_id: int, now: datetime
) -> None:
    found = assessment_of(session, begun)
    assert (found.edition_id, found.version, found.submitted, found.started_at) == (edition_id, 1, False, now)
    assert answers_of(session, begun) == {}


@pytest.mark.parametrize(
    "value",
    ["worker", 18, 2.5, 0, ["agency", "family"], [], [{"kind": "house", "people": 4}], "it’s “fine” – naïve 漢字"],
)
def test_every_kind_of_answer_comes_back_as_it_was(
    session: Session, begun: uuid.UUID, now: datetime, value: object
) -> None:
    assert save_answers(session, begun, {"q": value}, {}, now).saved == ("q",)
    session.commit()
    session.expire_all()
    assert answers_of(session, begun) == {"q": Stored(value, 1)}


def test_each_change_has_an_event_and_moves_the_revision_on(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    save_answers(session, begun, {"q": "b"}, {"q": 1}, now + timedelta(minutes=1))
    save_answers(session, begun, {"q": None}, {"q": 2}, now + timedelta(minutes=2))
    assert events(session, begun, "q") == [(1, None, "a"), (2, "a", "b"), (3, "b", None)]
    assert answers_of(session, begun) == {}
    assert assessment_of(session, begun).changed_at == now + timedelta(minutes=2)


def test_a_form_that_changes_nothing_writes_nothing(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": 3}, {}, now)
    saved = save_answers(session, begun, {"q": 3.0, "never_said": None}, {}, now + timedelta(hours=1))
    assert (saved.saved, saved.conflicts) == ((), ())
    assert len(events(session, begun, "q")) == 1
    assert assessment_of(session, begun).changed_at == now


def test_a_stale_form_is_told_both_texts_and_changes_nothing_of_that_question(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "a", "other": "x"}, {}, now)
    save_answers(session, begun, {"q": "theirs"}, {"q": 1}, now)
    saved = save_answers(session, begun, {"q": "yours", "other": "y"}, {"q": 1, "other": 1}, now)
    assert saved.saved == ("other",)
    assert saved.conflicts == (Conflict("q", "yours", "theirs", 2),)
    assert answers_of(session, begun)["q"] == Stored("theirs", 2)


def test_a_conflict_is_settled_by_sending_it_again_with_the_newest_revision(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "theirs"}, {}, now)
    conflict = save_answers(session, begun, {"q": "yours"}, {}, now).conflicts[0]
    assert save_answers(session, begun, {"q": "yours"}, {"q": conflict.revision}, now).saved == ("q",)


def test_two_people_who_say_the_same_are_not_in_conflict(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": ["a", "b"]}, {}, now)
    assert save_answers(session, begun, {"q": ["a", "b"]}, {}, now).conflicts == ()


def test_a_form_drawn_before_an_answer_was_removed_and_given_anew_is_stale(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "first"}, {}, now)
    save_answers(session, begun, {"q": None}, {"q": 1}, now)
    removed = save_answers(session, begun, {"q": "late"}, {"q": 1}, now)
    assert removed.conflicts == (Conflict("q", "late", None, 0),)
    save_answers(session, begun, {"q": "second"}, {}, now)
    assert answers_of(session, begun) == {"q": Stored("second", 3)}
    assert save_answers(session, begun, {"q": "late"}, {"q": 1}, now).conflicts[0].theirs == "second"


def test_yes_is_not_the_number_one(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_facts(session, begun, {"f": True}, {}, now)
    assert save_facts(session, begun, {"f": 1}, {"f": 1}, now).saved == ("f",)


def test_the_parts_of_the_form_do_not_mix(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"name": "dk"}, {}, now)
    save_facts(session, begun, {"name": 12}, {}, now)
    save_gates(session, begun, {"foreign": False}, {}, now)
    save_organisation(session, begun, {"name": "Fen Edge Growers Ltd", "area": "norfolk"}, {}, now)
    save_evidence(session, begun, {"name"}, ["name", "core_pay"], now)
    said = filled(session, begun)
    assert said.answers == {"name": "dk"}
    assert said.facts == {"name": 12}
    assert said.gates == {"foreign": False}
    assert said.organisation == {"name": "Fen Edge Growers Ltd", "area": "norfolk"}
    assert said.evidence == {"name"}
    assert (facts_of(session, begun)["name"], gates_of(session, begun)["foreign"]) == (Stored(12, 1), Stored(False, 1))  # noqa: FBT003  # the value is what is tested
    assert organisation_of(session, begun)["area"] == Stored("norfolk", 1)


def test_the_last_tick_wins_and_other_pages_keep_theirs(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_evidence(session, begun, {"a", "b"}, ["a", "b"], now)
    save_evidence(session, begun, {"c"}, ["b", "c"], now)
    assert evidence_of(session, begun) == {"a", "c"}


def test_what_is_not_there_cannot_be_filled_in(session: Session, now: datetime) -> None:
    for lost in (lambda: assessment_of(session, uuid.uuid4()), lambda: filled(session, uuid.uuid4())):
        with pytest.raises(AssessmentUnknownError):
            lost()
    with pytest.raises(AssessmentUnknownError):
        save_answers(session, uuid.uuid4(), {"q": "a"}, {}, now)


def test_after_submitting_nothing_can_be_changed(session: Session, begun: uuid.UUID, now: datetime) -> None:
    session.get_one(Assessment, begun).submitted_at = now
    session.flush()
    for save in (save_answers, save_facts, save_gates, save_organisation):
        with pytest.raises(AlreadySubmittedError):
            save(session, begun, {"q": "a"}, {}, now)
    with pytest.raises(AlreadySubmittedError):
        save_evidence(session, begun, {"q"}, ["q"], now)


def test_one_assessment_never_touches_another(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "mine"}, {}, now)
    assert answers_of(session, another) == {}


def test_people_who_save_at_the_same_moment_lose_nothing(database: Database, begun: uuid.UUID, now: datetime) -> None:
    people, saves = 4, 25
    conflicts: list[int] = []

    def add_one_until_kept() -> None:
        for _ in range(saves):
            while True:
                with database.reading() as looking:
                    seen = answers_of(looking, begun).get("count", Stored(0, 0))
                with database.writing() as session:
                    result = save_answers(session, begun, {"count": seen.value + 1}, {"count": seen.revision}, now)
                if result.saved:
                    break
                conflicts.append(1)

    together([add_one_until_kept] * people)
    with database.reading() as session:
        assert answers_of(session, begun)["count"] == Stored(people * saves, people * saves)
        assert session.scalar(select(func.count()).select_from(AnswerEvent)) == people * saves
    assert conflicts, "nobody got in anybody's way: this proved nothing"


def test_people_on_different_pages_do_not_even_meet(database: Database, begun: uuid.UUID, now: datetime) -> None:
    def fill(page: int) -> None:
        for number in range(20):
            with database.writing() as session:
                saved = save_answers(session, begun, {f"q{page}_{number}": number}, {}, now)
                assert saved.conflicts == ()

    together([functools.partial(fill, page) for page in range(4)])
    with database.reading() as session:
        assert len(answers_of(session, begun)) == 80


def together(jobs: Sequence[Callable[[], None]]) -> None:
    """Run all at once, and let no failure of a thread go unheard."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        try:
            gate.wait()
            job()
        except BaseException as error:  # noqa: BLE001  # raised again below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ann", "bo"]),
            st.sampled_from(["p", "q"]),
            st.sampled_from(["x", "y", None]),
            st.booleans(),
        )
    )
)
def test_whatever_two_people_do_the_history_is_whole(
    session: Session, edition_id: int, now: datetime, steps: list[tuple[str, str, str | None, bool]]
) -> None:
    mine = start(session, edition_id, quick=False, now=now).id
    seen: dict[str, dict[str, int]] = {"ann": {}, "bo": {}}
    kept = 0
    for who, question, value, looks_first in steps:
        if looks_first:
            seen[who] = {name: stored.revision for name, stored in answers_of(session, mine).items()}
        result = save_answers(session, mine, {question: value}, seen[who], now)
        kept += len(result.saved)
        for name in result.saved:
            stored = answers_of(session, mine).get(name)
            seen[who][name] = stored.revision if stored else 0
    for question in ("p", "q"):
        history = events(session, mine, question)
        assert [row[0] for row in history] == list(range(1, len(history) + 1))
        assert all(before[2] == after[1] for before, after in itertools.pairwise(history))
        now_said = answers_of(session, mine).get(question)
        assert (now_said.value if now_said else None) == (history[-1][2] if history else None)
        kept -= len(history)
    assert kept == 0
