from __future__ import annotations

import functools
import itertools
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.models import AnswerEvent, Assessment, FormPart, Submission
from assess.assessments.retention import delete_assessment
from assess.assessments.services import (
    AlreadySubmittedError,
    AnswerConflict,
    AssessmentContent,
    AssessmentUnknownError,
    StoredValue,
    get_answers,
    get_assessment,
    get_assessment_content,
    get_business_details,
    get_stored,
    save_answers,
    save_business_details,
    save_evidence,
    save_facts,
    save_gates,
    start_assessment,
)
from assess.assessments.submissions import (
    NothingSubmittedError,
    Seal,
    build_assessment_record,
    discard_correction,
    engine_input,
    enqueue_first_pdfs,
    free_texts_in_record,
    get_submission,
    is_intact,
    latest_submission_id,
    make_late_seal,
    make_seal,
    record_digest,
    redact_sealed,
    reopen_assessment,
    seal_proves,
    submit_assessment,
)
from assess.core.db import Database, JsonDict, database
from assess.core.documents.services import load_document
from assess.core.jobs.services import due_jobs
from assess.core.mail.services import Mail, enqueue_mail
from assess.core.models import Job, JobState
from assess.engine.free_text import REMOVED_TEXT
from assess.engine.purchases import Purchase
from assess.engine.record import Operator
from assess.engine.result_json import PurchaseList
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import load_bank
from assess.question_banks.settings import settings_from
from tests.assessments.conftest import submission_numbers
from tests.long_runs import examples
from tests.reference_data import real
from tests.stored_files import document_of


def events(session: Session, assessment_id: uuid.UUID, question: str) -> list[tuple[int, object, object]]:
    rows = session.execute(
        select(AnswerEvent.revision, AnswerEvent.before, AnswerEvent.after)
        .where(AnswerEvent.assessment_id == assessment_id, AnswerEvent.question == question)
        .order_by(AnswerEvent.revision)
    )
    return [tuple(row) for row in rows]


@pytest.mark.both_databases
def test_an_assessment_begins_empty_open_and_pinned_to_its_edition(
    session: Session, begun: uuid.UUID, edition_id: int, now: datetime
) -> None:
    found = get_assessment(session, begun)
    assert (found.edition_id, found.version, found.submitted, found.started_at) == (edition_id, 1, False, now)
    assert get_answers(session, begun) == {}


@pytest.mark.both_databases
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
    assert get_answers(session, begun) == {"q": StoredValue(value, 1)}


@pytest.mark.both_databases
def test_each_change_has_an_event_and_moves_the_revision_on(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    save_answers(session, begun, {"q": "b"}, {"q": 1}, now + timedelta(minutes=1))
    save_answers(session, begun, {"q": None}, {"q": 2}, now + timedelta(minutes=2))
    assert events(session, begun, "q") == [(1, None, "a"), (2, "a", "b"), (3, "b", None)]
    assert get_answers(session, begun) == {}
    assert get_assessment(session, begun).changed_at == now + timedelta(minutes=2)


@pytest.mark.both_databases
def test_a_form_that_changes_nothing_writes_nothing(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": 3}, {}, now)
    saved = save_answers(session, begun, {"q": 3.0, "never_said": None}, {}, now + timedelta(hours=1))
    assert (saved.saved, saved.conflicts) == ((), ())
    assert len(events(session, begun, "q")) == 1
    assert get_assessment(session, begun).changed_at == now


@pytest.mark.both_databases
def test_a_stale_form_is_told_both_texts_and_changes_nothing_of_that_question(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "a", "other": "x"}, {}, now)
    save_answers(session, begun, {"q": "theirs"}, {"q": 1}, now)
    saved = save_answers(session, begun, {"q": "yours", "other": "y"}, {"q": 1, "other": 1}, now)
    assert saved.saved == ("other",)
    assert saved.conflicts == (AnswerConflict("q", "yours", "theirs", 2),)
    assert get_answers(session, begun)["q"] == StoredValue("theirs", 2)


@pytest.mark.both_databases
def test_a_conflict_is_settled_by_sending_it_again_with_the_newest_revision(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "theirs"}, {}, now)
    conflict = save_answers(session, begun, {"q": "yours"}, {}, now).conflicts[0]
    assert save_answers(session, begun, {"q": "yours"}, {"q": conflict.revision}, now).saved == ("q",)


@pytest.mark.both_databases
def test_two_people_who_say_the_same_are_not_in_conflict(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": ["a", "b"]}, {}, now)
    assert save_answers(session, begun, {"q": ["a", "b"]}, {}, now).conflicts == ()


@pytest.mark.both_databases
def test_a_form_drawn_before_an_answer_was_removed_and_given_anew_is_stale(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "first"}, {}, now)
    save_answers(session, begun, {"q": None}, {"q": 1}, now)
    removed = save_answers(session, begun, {"q": "late"}, {"q": 1}, now)
    assert removed.conflicts == (AnswerConflict("q", "late", None, 0),)
    save_answers(session, begun, {"q": "second"}, {}, now)
    assert get_answers(session, begun) == {"q": StoredValue("second", 3)}
    assert save_answers(session, begun, {"q": "late"}, {"q": 1}, now).conflicts[0].theirs == "second"


@pytest.mark.both_databases
def test_yes_is_not_the_number_one(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_facts(session, begun, {"f": True}, {}, now)
    assert save_facts(session, begun, {"f": 1}, {"f": 1}, now).saved == ("f",)


@pytest.mark.both_databases
def test_the_parts_of_the_form_do_not_mix(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"name": "dk"}, {}, now)
    save_facts(session, begun, {"name": 12}, {}, now)
    save_gates(session, begun, {"foreign": False}, {}, now)
    save_business_details(session, begun, {"name": "Fen Edge Growers Ltd", "area": "norfolk"}, {}, now)
    save_evidence(session, begun, {"name"}, ["name", "core_pay"], now)
    said = get_assessment_content(session, begun)
    assert said.answers == {"name": "dk"}
    assert said.facts == {"name": 12}
    assert said.gates == {"foreign": False}
    assert said.organisation == {"name": "Fen Edge Growers Ltd", "area": "norfolk"}
    assert said.evidence == {"name"}
    assert get_stored(session, begun, FormPart.FACT)["name"] == StoredValue(12, 1)
    assert get_stored(session, begun, FormPart.GATE)["foreign"] == StoredValue(value=False, revision=1)
    assert get_business_details(session, begun)["area"] == StoredValue("norfolk", 1)


@pytest.mark.both_databases
def test_the_last_tick_wins_and_other_pages_keep_theirs(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_evidence(session, begun, {"a", "b"}, ["a", "b"], now)
    save_evidence(session, begun, {"c"}, ["b", "c"], now)
    assert get_assessment_content(session, begun).evidence == {"a", "c"}


@pytest.mark.both_databases
def test_what_is_not_there_cannot_be_filled_in(session: Session, now: datetime) -> None:
    for lost in (lambda: get_assessment(session, uuid.uuid4()), lambda: get_assessment_content(session, uuid.uuid4())):
        with pytest.raises(AssessmentUnknownError):
            lost()
    with pytest.raises(AssessmentUnknownError):
        save_answers(session, uuid.uuid4(), {"q": "a"}, {}, now)


@pytest.mark.both_databases
def test_after_submitting_nothing_can_be_changed(session: Session, begun: uuid.UUID, now: datetime) -> None:
    session.get_one(Assessment, begun).submitted_at = now
    session.flush()
    for save in (save_answers, save_facts, save_gates, save_business_details):
        with pytest.raises(AlreadySubmittedError):
            save(session, begun, {"q": "a"}, {}, now)
    with pytest.raises(AlreadySubmittedError):
        save_evidence(session, begun, {"q"}, ["q"], now)


@pytest.mark.both_databases
def test_one_assessment_never_touches_another(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "mine"}, {}, now)
    assert get_answers(session, another) == {}


@pytest.mark.both_databases
def test_people_who_save_at_the_same_moment_lose_nothing(database: Database, begun: uuid.UUID, now: datetime) -> None:
    people, saves = 4, 25
    conflicts: list[int] = []

    def add_one_until_kept() -> None:
        for _ in range(saves):
            while True:
                with database.reading() as looking:
                    seen = get_answers(looking, begun).get("count", StoredValue(0, 0))
                with database.writing() as session:
                    result = save_answers(session, begun, {"count": seen.value + 1}, {"count": seen.revision}, now)
                if result.saved:
                    break
                conflicts.append(1)

    together([add_one_until_kept] * people)
    with database.reading() as session:
        assert get_answers(session, begun)["count"] == StoredValue(people * saves, people * saves)
        assert session.scalar(select(func.count()).select_from(AnswerEvent)) == people * saves
    assert conflicts, "nobody got in anybody's way: this proved nothing"


@pytest.mark.both_databases
def test_people_on_different_pages_do_not_even_meet(database: Database, begun: uuid.UUID, now: datetime) -> None:
    def fill(page: int) -> None:
        for number in range(20):
            with database.writing() as session:
                saved = save_answers(session, begun, {f"q{page}_{number}": number}, {}, now)
                assert saved.conflicts == ()

    together([functools.partial(fill, page) for page in range(4)])
    with database.reading() as session:
        assert len(get_answers(session, begun)) == 80


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


@pytest.mark.both_databases
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
    mine = start_assessment(session, edition_id, quick=False, now=now).id
    seen: dict[str, dict[str, int]] = {"ann": {}, "bo": {}}
    kept = 0
    for who, question, value, looks_first in steps:
        if looks_first:
            seen[who] = {name: stored.revision for name, stored in get_answers(session, mine).items()}
        result = save_answers(session, mine, {question: value}, seen[who], now)
        kept += len(result.saved)
        for name in result.saved:
            stored = get_answers(session, mine).get(name)
            seen[who][name] = stored.revision if stored else 0
    for question in ("p", "q"):
        history = events(session, mine, question)
        assert [row[0] for row in history] == list(range(1, len(history) + 1))
        assert all(before[2] == after[1] for before, after in itertools.pairwise(history))
        now_said = get_answers(session, mine).get(question)
        assert (now_said.value if now_said else None) == (history[-1][2] if history else None)
        kept -= len(history)
    assert kept == 0


RECORD = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "actions": [],
    "duties": [],
}


@pytest.fixture
def submission_id(database: Database, begun: uuid.UUID, now: datetime) -> int:
    with database.writing() as session:
        return submit_assessment(session, begun, lambda _said: RECORD, now).id


def jobs(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).order_by(Job.id)))


def test_the_first_files_are_those_people_look_for(session: Session, submission_id: int, now: datetime) -> None:
    enqueue_first_pdfs(session, submission_id, now)
    enqueue_first_pdfs(session, submission_id, now)
    found = jobs(session)
    assert [(job.name, job.arguments) for job in found] == [
        ("print_document", {"kind": "business", "subject": submission_id}),
        ("print_document", {"kind": "buyer", "subject": submission_id}),
    ]
    assert {job.state for job in found} == {JobState.WAITING}


@pytest.mark.both_databases
def test_nothing_of_it_is_left_once_the_assessment_is_deleted(
    session: Session, begun: uuid.UUID, another: uuid.UUID, submission_id: int, now: datetime
) -> None:
    document = document_of(session, "business", submission_id, now)
    for state in JobState:
        document.enqueue(session, now)
        jobs(session)[-1].state = state
        session.flush()
    theirs = submit_assessment(session, another, lambda _said: RECORD, now).id
    document_of(session, "business", theirs, now).enqueue(session, now)
    kept = jobs(session)[-1].id
    delete_assessment(session, begun)
    session.expire_all()
    document.enqueue(session, now)
    assert [job.id for job in jobs(session)] == [kept]
    assert load_document(session, "business", submission_id, now) is None


@pytest.mark.both_databases
def test_prints_let_a_mail_go_first(session: Session, begun: uuid.UUID, submission_id: int, now: datetime) -> None:
    enqueue_first_pdfs(session, submission_id, now)
    enqueue_mail(session, Mail("told", "a@example.org", "Hello", "Hello", about=begun), now + timedelta(minutes=5))
    last = jobs(session)[-1]
    assert last.name == "send_mail"
    assert session.scalars(due_jobs(now + timedelta(hours=1))).first() is last


def test_submitting_orders_them_in_its_own_transaction(app: Flask, visit: Any, begin: Any, identify: Any) -> None:
    home = begin(length="quick")
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    with app.app_context(), database().reading() as session:
        assert sorted(job.arguments["kind"] for job in jobs(session)) == ["business", "buyer"]


DAY = date(2026, 11, 24)
OPERATOR = Operator("Norfolk test desk", "desk@example.org", "")


def said(**organisation: str) -> AssessmentContent:
    return AssessmentContent(
        assessment_id=uuid.UUID(int=1), edition_id=1, quick=False, version=1,
        answers={"core_documents": "worker"}, facts={"fye": "2026-03-31", "legal_form": "not_sure"},
        gates={"foreign": False}, organisation=organisation, evidence=frozenset({"core_documents"}),
    )  # fmt: skip


def test_a_record_holds_who_it_is_for_who_runs_it_and_what_was_said() -> None:
    loaded = load_bank(bundled_files(), "farming")
    record = build_assessment_record(
        said(name="Fen Edge", area="norfolk", postcode="PE38 9ZZ"), loaded, settings_from(bundled_files(), DAY),
        operator=OPERATOR, today=DAY,
    )  # fmt: skip
    assert record["organisation"] == {
        "name": "Fen Edge",
        "area": "norfolk",
        "postcode": "PE38 9ZZ",
        "company_number": None,
    }
    assert record["operator"]["name"] == "Norfolk test desk"
    assert record["made_on"] == "2026-11-24"
    assert record["evidence"] == ["core_documents"]


def test_what_is_bought_stands_in_the_record_only_if_the_business_said_so() -> None:
    loaded, settings = load_bank(bundled_files(), "farming"), settings_from(bundled_files(), DAY)
    who = said(name="Fen Edge", area="norfolk")

    def made(bought: PurchaseList | None) -> dict[str, Any]:
        return build_assessment_record(who, loaded, settings, operator=OPERATOR, today=DAY, bought=bought)

    plain = made(None)
    assert made(PurchaseList([], real())) == plain
    record = made(PurchaseList([Purchase("rice", "IN", 10, "Sea & Co")], real()))
    assert record["purchases"]["lines"][0]["name"] == "rice"
    assert {name: part for name, part in record.items() if name not in {"purchases", "reference"}} == {
        name: part for name, part in plain.items() if name != "reference"
    }


def test_not_sure_is_no_fact_and_a_gate_answers_for_its_facts() -> None:
    given = engine_input(said(), load_bank(bundled_files(), "farming"))
    assert given.facts["fye"] == "2026-03-31"
    assert "legal_form" not in given.facts
    assert len(given.facts) > 1


def test_without_a_name_there_is_no_record() -> None:
    with pytest.raises(KeyError):
        build_assessment_record(
            said(),
            load_bank(bundled_files(), "farming"),
            settings_from(bundled_files(), DAY),
            operator=OPERATOR,
            today=DAY,
        )


def test_that_it_was_filled_in_together_stands_in_the_record_only_if_it_was() -> None:
    loaded, settings = load_bank(bundled_files(), "farming"), settings_from(bundled_files(), DAY)
    who, ways = said(name="Fen Edge", area="norfolk"), [{"mode": "phone", "on": "2026-11-24"}]
    alone = build_assessment_record(who, loaded, settings, operator=OPERATOR, today=DAY)
    helped = build_assessment_record(who, loaded, settings, operator=OPERATOR, today=DAY, assistance=ways)
    assert "together" not in alone
    assert helped["together"] == ways
    assert {name for name in helped if helped[name] != alone.get(name)} == {"together", "reference"}


CANARY = "Zdravka sleeps in caravan 4"


def record(**more: Any) -> dict[str, Any]:
    question = {"id": "q", "answer": CANARY, "answer_text": CANARY}
    paths = ["/sections/0/questions/0/answer", "/sections/0/questions/0/answer_text"]
    return {"sections": [{"questions": [question]}], "own_words": paths, "score": 38.5, **more}


def sealed(data: dict[str, Any]) -> Seal:
    seal = make_seal(data)
    assert seal is not None
    return seal


def test_a_record_without_free_text_needs_no_seal() -> None:
    assert make_seal({"score": 1}) is None


def test_a_seal_still_proves_the_rest_when_words_are_gone_and_says_where_they_stood() -> None:
    seal = sealed(record())
    changed = redact_sealed(seal, record(), CANARY)
    assert changed is not None
    left, after = changed
    assert CANARY not in str(left)
    assert seal_proves(after, left, seal.root)
    assert sorted(after.gone) == record()["own_words"]
    assert not after.salts, "with its salt nobody could find the text again by guessing"
    assert free_texts_in_record(after, left) == []
    assert redact_sealed(after, left, CANARY) is None
    assert Seal.read(after.as_data()) == after


@pytest.mark.parametrize("change", ["score", "text", "filled again", "digest"])
def test_every_tampering_is_found(change: str) -> None:
    data = record()
    seal = sealed(data)
    if change == "score":
        data["score"] = 1
    elif change == "text":
        data["sections"][0]["questions"][0]["answer"] = "other"
    elif change == "filled again":
        changed = redact_sealed(seal, data, CANARY)
        assert changed is not None
        data, seal = changed
        data["sections"][0]["questions"][0]["answer"] = "other words"
    digest = "0" * 64 if change == "digest" else seal.root
    assert not seal_proves(seal, data, digest)


def test_a_record_from_before_seals_gets_one_late_and_a_touched_one_never_becomes_sound() -> None:
    data = record()
    late = make_late_seal(data, record_digest(data))
    assert late is not None
    changed = redact_sealed(late, data, CANARY)
    assert changed is not None
    assert seal_proves(changed[1], changed[0], record_digest(data))
    touched = make_late_seal(record(score=1), record_digest(data))
    assert touched is not None
    assert not seal_proves(touched, record(score=1), record_digest(data))


def test_two_seals_of_one_record_share_nothing() -> None:
    one, other = sealed(record()), sealed(record())
    assert one.root != other.root
    assert REMOVED_TEXT not in str(one.as_data())


def record_of(said: AssessmentContent) -> JsonDict:
    """A record with what the columns repeat, and what was said."""
    return {
        "engine": 1,
        "edition": {"bank": "farming"},
        "result": {"score": 38.1234567890123, "band": "medium"},
        "actions": [],
        "duties": [],
        "said": {"answers": dict(said.answers), "version": said.version, "name": said.organisation.get("name")},
    }


def quick_record_of(said: AssessmentContent) -> JsonDict:
    """The record of a quick check."""
    return {**record_of(said), "quick": True}


@pytest.mark.both_databases
def test_what_was_said_is_frozen_with_its_digest_and_closed(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": ["a", "b"], "n": 2.50}, {}, now)
    save_business_details(session, begun, {"name": "Café “Zum Löwen” 漢"}, {}, now)
    made = submit_assessment(session, begun, record_of, now)
    session.commit()
    session.expire_all()
    found = get_submission(session, begun)
    assert found.id == made.id
    assert found.record["said"] == {"answers": {"q": ["a", "b"], "n": 2.5}, "version": 1, "name": "Café “Zum Löwen” 漢"}
    assert (found.number, found.sector, found.score, found.band, found.engine) == (
        1,
        "farming",
        38.1234567890123,
        "medium",
        1,
    )
    assert found.digest == record_digest(found.record)
    assert is_intact(found)
    assert get_assessment(session, begun).submitted
    with pytest.raises(AlreadySubmittedError):
        save_answers(session, begun, {"q": ["a"]}, {"q": 1}, now)


@pytest.mark.both_databases
def test_a_digest_tells_when_a_record_was_touched(session: Session, begun: uuid.UUID, now: datetime) -> None:
    made = submit_assessment(session, begun, record_of, now)
    made.record = made.record | {"result": {"score": 1.0, "band": "low"}}
    assert not is_intact(made)


@pytest.mark.both_databases
def test_pressing_twice_gives_the_same_submission(session: Session, begun: uuid.UUID, now: datetime) -> None:
    first = submit_assessment(session, begun, record_of, now)
    again = submit_assessment(
        session, begun, lambda _said: pytest.fail("the record was made twice"), now + timedelta(minutes=1)
    )
    assert again.id == first.id
    assert submission_numbers(session, begun) == [1]


@pytest.mark.both_databases
def test_twenty_presses_at_once_give_one_submission(database: Database, begun: uuid.UUID, now: datetime) -> None:
    receipts: list[str] = []
    records: list[int] = []
    gate = threading.Barrier(20)

    def build(said: AssessmentContent) -> JsonDict:
        records.append(1)
        return record_of(said)

    def press() -> None:
        gate.wait()
        with database.writing() as session:
            receipts.append(submit_assessment(session, begun, build, now).digest)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 20
    assert len(set(receipts)) == 1
    assert len(records) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


@pytest.mark.both_databases
def test_a_correction_starts_from_the_old_answers_and_leaves_the_first_submission(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    first = submit_assessment(session, begun, record_of, now)
    digest = first.digest
    assert reopen_assessment(session, begun, now).version == 2
    assert get_answers(session, begun) == {"q": StoredValue("a", 1)}
    save_answers(session, begun, {"q": "b"}, {"q": 1}, now)
    second = submit_assessment(session, begun, record_of, now + timedelta(days=1))
    assert submission_numbers(session, begun) == [1, 2]
    assert get_submission(session, begun).id == second.id
    assert get_submission(session, begun, 1).record["said"]["answers"] == {"q": "a"}
    assert get_submission(session, begun, 1).digest == digest
    assert second.record["said"]["version"] == 2


@pytest.mark.both_databases
def test_opening_a_correction_twice_opens_one(session: Session, begun: uuid.UUID, now: datetime) -> None:
    submit_assessment(session, begun, record_of, now)
    assert reopen_assessment(session, begun, now).version == 2
    assert reopen_assessment(session, begun, now).version == 2


@pytest.mark.both_databases
def test_a_correction_is_given_up_and_nothing_typed_is_lost(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    first = submit_assessment(session, begun, quick_record_of, now)
    later = now + timedelta(days=1)
    reopen_assessment(session, begun, later).quick = False
    save_answers(session, begun, {"q": "b"}, {"q": 1}, later)
    for _ in range(2):
        kept = discard_correction(session, begun, later)
        assert (kept.version, kept.submitted_at, kept.quick) == (1, first.made_at, True)
    assert get_submission(session, begun).id == first.id
    assert submit_assessment(session, begun, record_of, later, version=2).id == first.id
    assert reopen_assessment(session, begun, later).version == 2
    assert get_answers(session, begun) == {"q": StoredValue("b", 2)}
    assert submit_assessment(session, begun, record_of, later).number == 2


@pytest.mark.both_databases
def test_there_is_nothing_to_keep_before_submitting(session: Session, begun: uuid.UUID, now: datetime) -> None:
    with pytest.raises(NothingSubmittedError):
        discard_correction(session, begun, now)
    assert not get_assessment(session, begun).submitted


@pytest.mark.both_databases
def test_giving_up_and_submitting_at_once_leaves_one_of_the_two(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    with database.writing() as session:
        submit_assessment(session, begun, quick_record_of, now)
        reopen_assessment(session, begun, now)
    gate = threading.Barrier(2)

    def give_up() -> None:
        gate.wait()
        with database.writing() as session:
            discard_correction(session, begun, now)

    other = threading.Thread(target=give_up)
    other.start()
    gate.wait()
    with database.writing() as session:
        submit_assessment(session, begun, quick_record_of, now, version=2)
    other.join()
    with database.reading() as session:
        closed = get_assessment(session, begun)
        assert closed.submitted
        assert closed.version == get_submission(session, begun).number


@pytest.mark.both_databases
def test_a_late_second_press_does_not_submit_the_correction(session: Session, begun: uuid.UUID, now: datetime) -> None:
    first = submit_assessment(session, begun, record_of, now, version=1)
    reopen_assessment(session, begun, now)
    late = submit_assessment(session, begun, record_of, now, version=1)
    assert late.id == first.id
    assert not get_assessment(session, begun).submitted


@pytest.mark.both_databases
def test_nobody_can_submit_a_version_that_is_not_begun(session: Session, begun: uuid.UUID, now: datetime) -> None:
    assert submit_assessment(session, begun, record_of, now, version=7).number == 1


@pytest.mark.both_databases
def test_there_is_nothing_to_correct_before_submitting(session: Session, begun: uuid.UUID, now: datetime) -> None:
    with pytest.raises(NothingSubmittedError):
        reopen_assessment(session, begun, now)
    with pytest.raises(NothingSubmittedError):
        get_submission(session, begun)
    submit_assessment(session, begun, record_of, now)
    with pytest.raises(NothingSubmittedError):
        get_submission(session, begun, 2)


@pytest.mark.both_databases
def test_what_is_not_there_cannot_be_submitted(session: Session, now: datetime) -> None:
    with pytest.raises(AssessmentUnknownError):
        submit_assessment(session, uuid.uuid4(), record_of, now)
    with pytest.raises(AssessmentUnknownError):
        reopen_assessment(session, uuid.uuid4(), now)


@pytest.mark.both_databases
def test_when_making_the_record_fails_nothing_is_submitted(database: Database, begun: uuid.UUID, now: datetime) -> None:
    def fail(_said: AssessmentContent) -> JsonDict:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.writing() as session:
        submit_assessment(session, begun, fail, now)
    with database.reading() as session:
        assert not get_assessment(session, begun).submitted
        assert submission_numbers(session, begun) == []


@pytest.mark.both_databases
def test_an_answer_is_in_the_record_or_refused_never_lost_between(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    kept: list[str] = []
    gate = threading.Barrier(2)

    def save() -> None:
        gate.wait()
        for number in range(30):
            try:
                with database.writing() as session:
                    save_answers(session, begun, {f"q{number}": number}, {}, now)
                kept.append(f"q{number}")
            except AlreadySubmittedError:
                return

    thread = threading.Thread(target=save)
    thread.start()
    gate.wait()
    with database.writing() as session:
        submit_assessment(session, begun, record_of, now)
    thread.join()
    with database.reading() as session:
        assert set(get_submission(session, begun).record["said"]["answers"]) == set(kept)


@pytest.mark.both_databases
def test_the_newest_is_found_without_its_record(session: Session, begun: uuid.UUID, now: datetime) -> None:
    assert latest_submission_id(session, begun) is None
    first = submit_assessment(session, begun, record_of, now)
    assert latest_submission_id(session, begun) == first.id
    reopen_assessment(session, begun, now)
    assert latest_submission_id(session, begun) == first.id
    assert (
        latest_submission_id(session, begun)
        != submit_assessment(session, begun, record_of, now).id
        == latest_submission_id(session, begun)
    )
