from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import assess.assessments.models  # noqa: F401  # the numbers of the log hang on the table of assessments
from assess.assessments.retention import delete_assessment
from assess.core.audit.services import (
    COUNT_DETAILS,
    FIRST_PREVIOUS_HASH,
    VERBS,
    WORD_DETAILS,
    Actor,
    AuditKeys,
    InvalidDetailError,
    NewAuditEvent,
    append_event,
    canonical_json,
    chain_head,
    clean_details,
    get_assessment_alias,
    job_actor,
)
from assess.core.audit.verify import VerifiedLog, verify_log
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.models import ActorKind, AuditEvent, AuditSubject
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import compile_bank
from tests.core.audit.audit_log import KEYS, deed, fill


def test_counts_and_words_of_the_lists_may_be_said() -> None:
    said = {"scope": "plan", "answers": 3, "role": "signer"}
    assert clean_details(said) == said
    assert list(clean_details(said)) == ["answers", "role", "scope"]
    assert clean_details({}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answers", -1),
        ("answers", True),
        ("answers", 1.5),
        ("answers", "three"),
        ("answers", 10**10),
        ("role", "canary"),
        ("role", 1),
        ("note", "canary"),
        ("question", "core_documents"),
        ("section", 3),
        ("email", "canary@example.org"),
    ],
)
def test_nothing_else_may_and_the_fault_does_not_repeat_it(name: str, value: Any) -> None:
    with pytest.raises(InvalidDetailError) as fault:
        clean_details({name: value})
    assert "canary" not in str(fault.value)


def test_no_word_or_name_is_the_id_of_a_question_or_a_section() -> None:
    ids: set[str] = set()
    for bank in bundled_files().banks():
        for section in compile_bank(bundled_files(), bank).document["sections"]:
            ids |= {section["id"], *(question["id"] for question in section["questions"])}
    words = {word for words in WORD_DETAILS.values() for word in words} | COUNT_DETAILS | WORD_DETAILS.keys()
    assert len(ids) > 150
    assert words & ids == set()


ONE, TWO = "one secret key that is long enough for it", "another secret key that is long enough too"


def test_a_seal_fits_its_words_under_its_key_and_nothing_else() -> None:
    keys = AuditKeys(ONE)
    seal = keys.seal("words")
    assert keys.fits(keys.name, "words", seal)
    assert not keys.fits(keys.name, "word", seal)
    assert not keys.fits(keys.name, "words", "0" * 64)
    assert not keys.fits("0" * 16, "words", seal)
    assert AuditKeys(TWO).seal("words") != seal


def test_after_a_new_secret_what_the_old_one_sealed_still_fits() -> None:
    old, new = AuditKeys(ONE), AuditKeys(TWO, (ONE,))
    assert new.name != old.name
    assert new.knows(old.name)
    assert new.fits(old.name, "words", old.seal("words"))
    assert not new.fits(new.name, "words", old.seal("words"))
    assert not AuditKeys(TWO).knows(old.name)


def test_neither_name_nor_seal_tells_the_secret_or_a_token() -> None:
    keys = AuditKeys(ONE)
    assert keys.hide("token") == keys.hide("token") != keys.hide("other")
    assert len(keys.hide("token")) == 32
    assert len({keys.name, keys.seal("words"), keys.hide("words")}) == 3
    assert AuditKeys(TWO).hide("token") != keys.hide("token")


def test_the_keys_of_an_installation_come_from_its_settings() -> None:
    settings = Settings(env="development", secret_key=TWO, old_secret_keys=(ONE,))
    assert AuditKeys.of(settings).name == AuditKeys(TWO).name
    assert AuditKeys.of(settings).knows(AuditKeys(ONE).name)


THREADS, EACH = 8, 50


@pytest.fixture
def assessment(begun: uuid.UUID) -> uuid.UUID:
    return begun


def events(session: Session) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.number)))


@pytest.mark.both_databases
def test_events_are_numbered_from_one_and_each_is_closed_over_the_one_before(database: Database, now: datetime) -> None:
    who = Actor(ActorKind.VISIT, KEYS.hide("token"))
    organisation, link = uuid.uuid4(), uuid.uuid4()
    with database.writing() as session:
        assert append_event(session, KEYS, deed(), now) == 1
        more = deed(who=who, about=("link", link), organisation_id=organisation, details={"answers": 2})
        assert append_event(session, KEYS, more, now) == 2
    with database.reading() as session:
        one, two = events(session)
        assert (one.previous_hash, two.previous_hash) == (FIRST_PREVIOUS_HASH, one.hash)
        assert (one.action, one.who_kind, one.who, one.about_kind) == ("plan.follow: saved", "job", "test", None)
        assert (two.who, two.about_kind, two.about_id) == (KEYS.hide("token"), "link", link)
        assert (two.organisation_id, two.details, two.at) == (organisation, {"answers": 2}, now)
        assert chain_head(session.connection()).hash == two.hash
        assert verify_log(session, KEYS, [], now) == VerifiedLog(2, 0)


@pytest.mark.both_databases
def test_an_event_is_kept_with_the_change_or_not_at_all(database: Database, now: datetime) -> None:
    def fail_after_recording() -> None:
        with database.writing() as session:
            append_event(session, KEYS, deed(), now)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_recording()
    with database.writing() as session:
        assert append_event(session, KEYS, deed(), now) == 1


@pytest.mark.both_databases
def test_what_may_not_be_said_is_refused_before_anything_is_written(database: Database, now: datetime) -> None:
    with database.writing() as session:
        with pytest.raises(InvalidDetailError):
            append_event(session, KEYS, deed(details={"question": "core_documents"}), now)
        with pytest.raises(ValueError, match="no verb"):
            append_event(session, KEYS, deed(verb="canary"), now)
        assert events(session) == []


@pytest.mark.both_databases
def test_many_at_once_lose_nothing_and_keep_the_chain(database: Database, assessment: uuid.UUID, now: datetime) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for count in range(EACH):
                with database.writing() as session:
                    session.execute(text("SELECT count(*) FROM audit_event"))
                    said = deed(who=job_actor(name), details={"count": count}, assessment_id=assessment)
                    append_event(session, KEYS, said, now)
        except BaseException as error:  # noqa: BLE001  # looked at below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"thread-{number}",)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        assert verify_log(session, KEYS, [], now) == VerifiedLog(THREADS * EACH, 0)
        said = {(event.who, event.details["count"]) for event in events(session)}
        assert len(said) == THREADS * EACH
        assert len({event.assessment_alias for event in events(session)}) == 1, "nobody gave it a second alias"


@pytest.mark.both_databases
def test_the_log_speaks_of_an_assessment_under_a_number_that_goes_with_it(
    database: Database, assessment: uuid.UUID, now: datetime
) -> None:
    visit = Actor(ActorKind.VISIT, KEYS.hide("token"))
    about = NewAuditEvent(action="assessment.answer", verb="saved", who=visit, assessment_id=assessment)
    with database.writing() as session:
        append_event(session, KEYS, about, now)
        append_event(session, KEYS, about, now)
    with database.reading() as session:
        alias = get_assessment_alias(session.connection(), assessment)
        assert alias is not None
        assert alias != assessment
        assert {event.assessment_alias for event in events(session)} == {alias}
        assert {(event.about_kind, event.about_id) for event in events(session)} == {("assessment", None)}
    with database.writing() as session:
        delete_assessment(session, assessment)
        append_event(
            session,
            KEYS,
            NewAuditEvent(action="assessment.delete", verb="deleted", who=visit, assessment_id=assessment),
            now,
        )
    with database.reading() as session:
        assert session.scalars(select(AuditSubject)).all() == []
        assert get_assessment_alias(session.connection(), assessment) is None
        naming = [event for event in events(session) if assessment.hex in str(vars(event)).replace("-", "")]
        assert [event.action for event in naming] == ["assessment.delete: deleted"]
        assert naming[0].assessment_alias is None
        assert (naming[0].who_kind, naming[0].who) == (ActorKind.VISIT, None), "the visit stands beside the alias too"
        assert verify_log(session, KEYS, [], now) == VerifiedLog(3, 0)


@pytest.mark.both_databases
def test_the_words_of_an_event_do_not_depend_on_how_it_was_read(now: datetime) -> None:
    one = {"at": now, "number": 1, "who": None, "about_id": uuid.UUID(int=7), "details": {"b": 1, "a": "x"}}
    elsewhere = now.astimezone(timezone(timedelta(hours=5)))
    other = {"details": {"a": "x", "b": 1}, "about_id": uuid.UUID(int=7), "at": elsewhere, "who": None, "number": 1}
    assert canonical_json(one) == canonical_json(other | {"hash": "anything"})
    assert canonical_json(one) != canonical_json(one | {"who": ""})


def test_every_verb_fits_into_its_column_and_is_plain() -> None:
    assert all(len(verb) <= 12 and verb.replace(" ", "").isalpha() and verb == verb.lower() for verb in VERBS)


COLUMNS = (
    "number, at, action, who_kind, who, about_kind, about_id, assessment_alias, organisation_id, details, key_name, "
    "previous_hash, hash"
)
COPY = f"SELECT {{number}}, {COLUMNS.partition(', ')[2]} FROM audit_event WHERE number = 2"  # noqa: S608  # ours


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x' WHERE number = 2",
        "UPDATE audit_event SET number = 9 WHERE number = 3",
        "DELETE FROM audit_event WHERE number = 3",
        "DELETE FROM audit_event",
        f"INSERT INTO audit_event ({COLUMNS}) {COPY.format(number=5)}",
        f"INSERT INTO audit_event ({COLUMNS}) {COPY.format(number=0)}",
    ],
)
def test_no_event_is_changed_or_removed_or_put_anywhere_but_at_the_end(
    database: Database, now: datetime, statement: str
) -> None:
    fill(database, now, 3)
    with pytest.raises(IntegrityError, match="an event of the audit log"), database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.both_databases
@pytest.mark.parametrize("backend", ["sqlite"])
def test_replacing_is_refused_too(database: Database, now: datetime) -> None:
    fill(database, now, 3)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text(f"INSERT OR REPLACE INTO audit_event ({COLUMNS}) {COPY.format(number=3)}"))


@pytest.mark.both_databases
@pytest.mark.parametrize("backend", ["postgresql"])
def test_emptying_is_refused_too(database: Database, now: datetime) -> None:
    fill(database, now, 3)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_event"))
