from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import assess.assessments.models  # noqa: F401  # the numbers of the log hang on the table of assessments
from assess.assessments.answering import start
from assess.assessments.removing import delete_assessment
from assess.banks.models import Edition, Stage
from assess.kit.audit.details import DetailUnfitError
from assess.kit.audit.models import AuditAlias, AuditEvent, WhoKind
from assess.kit.audit.recording import FIRST, Deed, Who, alias_of, by_job, head_of, record, words_of
from assess.kit.audit.verifying import Whole, verify
from assess.kit.db import Database
from tests.kit.audit.logbook import KEYS, deed

pytestmark = pytest.mark.both_databases

THREADS, EACH = 8, 50


@pytest.fixture
def assessment(database: Database, now: datetime) -> uuid.UUID:
    with database.writing() as session:
        edition = Edition(
            bank="b", number=1, stage=Stage.PUBLISHED, source={}, compiled={}, digest="0" * 64, published_at=now
        )
        session.add(edition)
        session.flush()
        return start(session, edition.id, quick=False, now=now).id


def events(session: Session) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.number)))


def test_events_are_numbered_from_one_and_each_is_closed_over_the_one_before(database: Database, now: datetime) -> None:
    who = Who(WhoKind.VISIT, KEYS.hide("token"))
    organisation, link = uuid.uuid4(), uuid.uuid4()
    with database.writing() as session:
        assert record(session, KEYS, deed(), now) == 1
        more = deed(who=who, about=("link", link), organisation_id=organisation, details={"answers": 2})
        assert record(session, KEYS, more, now) == 2
    with database.reading() as session:
        one, two = events(session)
        assert (one.previous_hash, two.previous_hash) == (FIRST, one.hash)
        assert (one.action, one.who_kind, one.who, one.about_kind) == ("plan.follow: saved", "job", "test", None)
        assert (two.who, two.about_kind, two.about_id) == (KEYS.hide("token"), "link", link)
        assert (two.organisation_id, two.details, two.at) == (organisation, {"answers": 2}, now)
        assert head_of(session.connection()).hash == two.hash
        assert verify(session, KEYS, [], now) == Whole(2, 0)


def test_an_event_is_kept_with_the_change_or_not_at_all(database: Database, now: datetime) -> None:
    def fail_after_recording() -> None:
        with database.writing() as session:
            record(session, KEYS, deed(), now)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_recording()
    with database.writing() as session:
        assert record(session, KEYS, deed(), now) == 1


def test_what_may_not_be_said_is_refused_before_anything_is_written(database: Database, now: datetime) -> None:
    with database.writing() as session:
        with pytest.raises(DetailUnfitError):
            record(session, KEYS, deed(details={"question": "core_documents"}), now)
        with pytest.raises(ValueError, match="no verb"):
            record(session, KEYS, deed(verb="canary"), now)
        assert events(session) == []


def test_many_at_once_lose_nothing_and_keep_the_chain(database: Database, assessment: uuid.UUID, now: datetime) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for count in range(EACH):
                with database.writing() as session:
                    session.execute(text("SELECT count(*) FROM audit_event"))
                    said = deed(who=by_job(name), details={"count": count}, assessment_id=assessment)
                    record(session, KEYS, said, now)
        except BaseException as error:  # noqa: BLE001  # looked at below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"thread-{number}",)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        assert verify(session, KEYS, [], now) == Whole(THREADS * EACH, 0)
        said = {(event.who, event.details["count"]) for event in events(session)}
        assert len(said) == THREADS * EACH
        assert len({event.assessment_alias for event in events(session)}) == 1, "nobody gave it a second alias"


def test_the_log_speaks_of_an_assessment_under_a_number_that_goes_with_it(
    database: Database, assessment: uuid.UUID, now: datetime
) -> None:
    visit = Who(WhoKind.VISIT, KEYS.hide("token"))
    about = Deed(action="assessment.answer", verb="saved", who=visit, assessment_id=assessment)
    with database.writing() as session:
        record(session, KEYS, about, now)
        record(session, KEYS, about, now)
    with database.reading() as session:
        alias = alias_of(session.connection(), assessment)
        assert alias is not None
        assert alias != assessment
        assert {event.assessment_alias for event in events(session)} == {alias}
        assert {(event.about_kind, event.about_id) for event in events(session)} == {("assessment", None)}
    with database.writing() as session:
        delete_assessment(session, assessment)
        record(
            session,
            KEYS,
            Deed(action="assessment.delete", verb="deleted", who=visit, assessment_id=assessment),
            now,
        )
    with database.reading() as session:
        assert session.scalars(select(AuditAlias)).all() == []
        assert alias_of(session.connection(), assessment) is None
        naming = [event for event in events(session) if assessment.hex in str(vars(event)).replace("-", "")]
        assert [event.action for event in naming] == ["assessment.delete: deleted"]
        assert naming[0].assessment_alias is None
        assert (naming[0].who_kind, naming[0].who) == (WhoKind.VISIT, None), "the visit stands beside the alias too"
        assert verify(session, KEYS, [], now) == Whole(3, 0)


def test_the_words_of_an_event_do_not_depend_on_how_it_was_read(now: datetime) -> None:
    one = {"at": now, "number": 1, "who": None, "about_id": uuid.UUID(int=7), "details": {"b": 1, "a": "x"}}
    elsewhere = now.astimezone(timezone(timedelta(hours=5)))
    other = {"details": {"a": "x", "b": 1}, "about_id": uuid.UUID(int=7), "at": elsewhere, "who": None, "number": 1}
    assert words_of(one) == words_of(other | {"hash": "anything"})
    assert words_of(one) != words_of(one | {"who": ""})
