"""What a visit opens, in one light query, the same on both databases."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.assessments.answering import filled, save_answers, save_evidence, save_facts, save_organisation
from assess.assessments.models import Part
from assess.assessments.opening import _OPENED, forget_texts, open_assessment, value_at
from assess.assessments.submitting import reopen
from assess.assessments.visits import LONGEST_IDLE, VisitEndedError, open_started
from assess.kit.db import Database
from tests.long_runs import examples

pytestmark = pytest.mark.both_databases


@pytest.fixture
def token(database: Database, begun: uuid.UUID, now: datetime) -> str:
    with database.writing() as session:
        return open_started(session, begun, now)


def test_an_empty_assessment_is_opened_empty(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    opened = open_assessment(database.engine, token, begun, now)
    assert opened is not None
    assert (opened.id, opened.quick, opened.version, opened.submitted) == (begun, False, 1, False)
    assert opened.answers == opened.facts == opened.gates == opened.organisation == opened.evidence == {}


def test_everything_said_comes_with_its_revision(
    database: Database, begun: uuid.UUID, token: str, now: datetime
) -> None:
    with database.writing() as session:
        save_answers(
            session,
            begun,
            {"a": "worker", "b": ["x", "y"], "c": 12.5, "d": [{"firm": 'Smith "&" Sons, [1]\\'}]},
            {},
            now,
        )
        save_answers(session, begun, {"a": "employer"}, {"a": 1}, now)
        save_facts(session, begun, {"has_website": False}, {}, now)
        save_organisation(session, begun, {"name": "Café “Öl” 𝄞"}, {}, now)
        save_evidence(session, begun, {"a"}, ["a", "b"], now)
    opened = open_assessment(database.engine, token, begun, now)
    assert opened is not None
    assert opened.answers == {"a": "employer", "b": ["x", "y"], "c": 12.5, "d": [{"firm": 'Smith "&" Sons, [1]\\'}]}
    assert opened.revisions[Part.ANSWER] == {"a": 2, "b": 1, "c": 1, "d": 1}
    assert opened.facts == {"has_website": False}
    assert opened.organisation == {"name": "Café “Öl” 𝄞"}
    assert dict(opened.evidence) == {"a": True}
    with database.reading() as session:
        assert filled(session, begun).answers == opened.answers


def test_nothing_is_opened_for_strangers(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    assert open_assessment(database.engine, None, begun, now) is None
    assert open_assessment(database.engine, "x", begun, now) is None
    assert open_assessment(database.engine, "A" * 43, begun, now) is None
    assert open_assessment(database.engine, token, uuid.uuid4(), now) is None


def test_a_visit_ends_by_itself(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    just_before = now + LONGEST_IDLE - timedelta(seconds=1)
    assert open_assessment(database.engine, token, begun, just_before) is not None
    with pytest.raises(VisitEndedError):
        open_assessment(database.engine, token, begun, now + LONGEST_IDLE)


def test_the_light_way_is_the_one_taken(
    database: Database, begun: uuid.UUID, token: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("the ordinary way was taken")

    monkeypatch.setattr(_OPENED, "_ordinary", never)
    assert open_assessment(database.engine, token, begun, now) is not None


def test_the_value_of_a_revision_is_known_for_ever(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "one"}, {}, now)
        save_answers(session, begun, {"a": "two"}, {"a": 1}, now)
        save_answers(session, begun, {"a": None}, {"a": 2}, now)
    with database.reading() as session:
        values = [value_at(session, begun, Part.ANSWER, "a", revision) for revision in (0, 1, 2, 3, 9)]
    assert values == [None, "one", "two", None, None]


def test_submitted_is_told(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    from assess.assessments.answering import lock  # noqa: PLC0415 - only here

    with database.writing() as session:
        lock(session, begun).submitted_at = now
    opened = open_assessment(database.engine, token, begun, now)
    assert opened is not None
    assert opened.submitted
    with database.writing() as session:
        reopen(session, begun, now)
    again = open_assessment(database.engine, token, begun, now)
    assert again is not None
    assert (again.submitted, again.version) == (False, 2)


_JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=64)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(_JSON, max_size=5))
def test_whatever_is_stored_comes_back(
    values: list[object], database: Database, begun: uuid.UUID, token: str, now: datetime
) -> None:
    with database.writing() as session:
        newest = {f"q{index}": 0 for index in range(5)}
        opened = open_assessment(database.engine, token, begun, now)
        assert opened is not None
        newest |= opened.revisions[Part.ANSWER]
        save_answers(session, begun, {f"q{index}": value for index, value in enumerate(values)}, newest, now)
    opened = open_assessment(database.engine, token, begun, now)
    assert opened is not None
    assert {name: opened.answers[name] for name in (f"q{index}" for index in range(len(values)))} == {
        f"q{index}": value for index, value in enumerate(values)
    }


def test_the_same_text_is_decoded_once_and_forgotten_when_asked(
    database: Database, begun: uuid.UUID, token: str, now: datetime
) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "worker"}, {}, now)
    first = open_assessment(database.engine, token, begun, now)
    second = open_assessment(database.engine, token, begun, now)
    assert first is not None
    assert second is not None
    assert first.said is second.said
    forget_texts()
    third = open_assessment(database.engine, token, begun, now)
    assert third is not None
    assert third.said is not first.said
    assert third.said == first.said
    with database.writing() as session:
        save_answers(session, begun, {"a": "third"}, {"a": 1}, now)
    fourth = open_assessment(database.engine, token, begun, now)
    assert fourth is not None
    assert fourth.answers == {"a": "third"}
    assert first.answers == {"a": "worker"}
