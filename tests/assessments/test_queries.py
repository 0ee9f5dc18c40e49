"""What a visit opens, in one light query, the same on both databases."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.assessments.answer_pages import form_minutes
from assess.assessments.guest_sessions import LONGEST_IDLE, GuestSessionEndedError, open_started_assessment
from assess.assessments.models import FormPart
from assess.assessments.queries import (
    _SELECT_FOR_GUEST,
    Progress,
    SectionStatus,
    answer_at_revision,
    clear_answer_cache,
    is_shown,
    open_for_guest,
    remaining_text,
)
from assess.assessments.services import (
    get_assessment_content,
    save_answers,
    save_business_details,
    save_evidence,
    save_facts,
)
from assess.assessments.submissions import reopen_assessment
from assess.core.db import Database
from assess.engine.bank import Edition
from assess.engine.conditions import HIDDEN
from assess.engine.visibility import SettledVisibility, quick_edition, settle_visibility
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import load_bank
from tests.long_runs import examples


@pytest.fixture
def token(database: Database, begun: uuid.UUID, now: datetime) -> str:
    with database.writing() as session:
        return open_started_assessment(session, begun, now)


@pytest.mark.both_databases
def test_an_empty_assessment_is_opened_empty(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    opened = open_for_guest(database.engine, token, begun, now)
    assert opened is not None
    assert (opened.id, opened.quick, opened.version, opened.submitted) == (begun, False, 1, False)
    assert opened.answers == opened.facts == opened.gates == opened.organisation == opened.evidence == {}


@pytest.mark.both_databases
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
        save_business_details(session, begun, {"name": "Café “Öl” 𝄞"}, {}, now)
        save_evidence(session, begun, {"a"}, ["a", "b"], now)
    opened = open_for_guest(database.engine, token, begun, now)
    assert opened is not None
    assert opened.answers == {"a": "employer", "b": ["x", "y"], "c": 12.5, "d": [{"firm": 'Smith "&" Sons, [1]\\'}]}
    assert opened.revisions[FormPart.ANSWER] == {"a": 2, "b": 1, "c": 1, "d": 1}
    assert opened.facts == {"has_website": False}
    assert opened.organisation == {"name": "Café “Öl” 𝄞"}
    assert dict(opened.evidence) == {"a": True}
    with database.reading() as session:
        assert get_assessment_content(session, begun).answers == opened.answers


@pytest.mark.both_databases
def test_nothing_is_opened_for_strangers(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    assert open_for_guest(database.engine, None, begun, now) is None
    assert open_for_guest(database.engine, "x", begun, now) is None
    assert open_for_guest(database.engine, "A" * 43, begun, now) is None
    assert open_for_guest(database.engine, token, uuid.uuid4(), now) is None


@pytest.mark.both_databases
def test_a_visit_ends_by_itself(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    just_before = now + LONGEST_IDLE - timedelta(seconds=1)
    assert open_for_guest(database.engine, token, begun, just_before) is not None
    with pytest.raises(GuestSessionEndedError):
        open_for_guest(database.engine, token, begun, now + LONGEST_IDLE)


@pytest.mark.both_databases
def test_the_light_way_is_the_one_taken(
    database: Database, begun: uuid.UUID, token: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("the ordinary way was taken")

    monkeypatch.setattr(_SELECT_FOR_GUEST, "_through_sqlalchemy", never)
    assert open_for_guest(database.engine, token, begun, now) is not None


@pytest.mark.both_databases
def test_the_value_of_a_revision_is_known_for_ever(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "one"}, {}, now)
        save_answers(session, begun, {"a": "two"}, {"a": 1}, now)
        save_answers(session, begun, {"a": None}, {"a": 2}, now)
    with database.reading() as session:
        values = [answer_at_revision(session, begun, FormPart.ANSWER, "a", revision) for revision in (0, 1, 2, 3, 9)]
    assert values == [None, "one", "two", None, None]


@pytest.mark.both_databases
def test_submitted_is_told(database: Database, begun: uuid.UUID, token: str, now: datetime) -> None:
    from assess.assessments.services import lock_assessment  # noqa: PLC0415 - only here

    with database.writing() as session:
        lock_assessment(session, begun).submitted_at = now
    opened = open_for_guest(database.engine, token, begun, now)
    assert opened is not None
    assert opened.submitted
    with database.writing() as session:
        reopen_assessment(session, begun, now)
    again = open_for_guest(database.engine, token, begun, now)
    assert again is not None
    assert (again.submitted, again.version) == (False, 2)


_JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=64)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@pytest.mark.both_databases
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(_JSON, max_size=5))
def test_whatever_is_stored_comes_back(
    values: list[object], database: Database, begun: uuid.UUID, token: str, now: datetime
) -> None:
    with database.writing() as session:
        newest = {f"q{index}": 0 for index in range(5)}
        opened = open_for_guest(database.engine, token, begun, now)
        assert opened is not None
        newest |= opened.revisions[FormPart.ANSWER]
        save_answers(session, begun, {f"q{index}": value for index, value in enumerate(values)}, newest, now)
    opened = open_for_guest(database.engine, token, begun, now)
    assert opened is not None
    assert {name: opened.answers[name] for name in (f"q{index}" for index in range(len(values)))} == {
        f"q{index}": value for index, value in enumerate(values)
    }


@pytest.mark.both_databases
def test_the_same_text_is_decoded_once_and_forgotten_when_asked(
    database: Database, begun: uuid.UUID, token: str, now: datetime
) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "worker"}, {}, now)
    first = open_for_guest(database.engine, token, begun, now)
    second = open_for_guest(database.engine, token, begun, now)
    assert first is not None
    assert second is not None
    assert first.values_by_part is second.values_by_part
    clear_answer_cache()
    third = open_for_guest(database.engine, token, begun, now)
    assert third is not None
    assert third.values_by_part is not first.values_by_part
    assert third.values_by_part == first.values_by_part
    with database.writing() as session:
        save_answers(session, begun, {"a": "third"}, {"a": 1}, now)
    fourth = open_for_guest(database.engine, token, begun, now)
    assert fourth is not None
    assert fourth.answers == {"a": "third"}
    assert first.answers == {"a": "worker"}


FOLDER = Path(__file__).parents[2] / "questionnaires"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_bank(bundled_files(), "farming").edition


def found(edition: Edition, answers: dict[str, object]):  # noqa: ANN201 - a test
    return Progress(edition, settle_visibility(edition, answers))


def test_nothing_is_started_at_first(edition: Edition) -> None:
    start = found(edition, {})
    assert {part.status for part in start.sections} <= {
        SectionStatus.NOT_STARTED,
        SectionStatus.DEPENDS,
        SectionStatus.NOT_NEEDED,
    }
    assert start.questions_left == sum(part.shown for part in start.sections)
    assert start.minutes == form_minutes(start.edition, quick=False), "the same as on the first page"
    most = start.questions_left + len(start.visibility.pending)
    assert remaining_text(start) == f"Up to {most} questions left, about {start.minutes} minutes."


def test_a_section_is_done_when_all_it_shows_is_answered(edition: Edition) -> None:
    section = edition.sections[1]
    answers = {question.id: "dk" for question in section.questions}
    done = found(edition, answers)
    assert next(part for part in done.sections if part.section is section).status is SectionStatus.DONE
    answers.popitem()
    part = next(part for part in found(edition, answers).sections if part.section is section)
    assert (part.status, part.questions_left) == (SectionStatus.IN_PROGRESS, 1)


def test_the_way_leads_through_all_pages_that_show_something_and_back(edition: Edition) -> None:
    start = found(edition, {})
    way = [start.pages[0]]
    while (following := start.page_after(way[-1])) is not None:
        assert start.page_before(following) is way[-1]
        way.append(following)
    assert [page.number for page in way] == [page.number for page in start.pages if start.shows(page)]
    assert start.page_before(way[0]) is None
    assert start.first_unfinished_page is way[0]


@pytest.mark.parametrize("quick", [False, True])
def test_answers_only_ever_bring_somebody_further(edition: Edition, *, quick: bool) -> None:
    asked = quick_edition(edition) if quick else edition
    answers: dict[str, object] = {}
    before = Progress(asked, settle_visibility(asked, answers), quick=quick)
    for page in before.pages:
        answers |= {question.id: "dk" for question in page.questions}
        now = Progress(asked, settle_visibility(asked, answers), quick=quick)
        assert {one.number for one in now.open_pages} <= {one.number for one in before.open_pages}
        assert now.questions_left + len(now.visibility.pending) <= (
            before.questions_left + len(before.visibility.pending)
        )
        assert all(
            is_shown(now.visibility.answers, one.id) == is_shown(before.visibility.answers, one.id)
            for one in page.questions
        ), "no page grows when it is saved"
        before = now
    assert before.first_unfinished_page is None


def test_when_all_is_answered_nothing_is_left(edition: Edition) -> None:
    answers = {question.id: "dk" for question in edition.questions()}
    assert remaining_text(found(edition, answers)) == "You have answered every question we ask you."


def test_one_is_one() -> None:
    class One:
        questions_left = minutes = 1
        visibility = SettledVisibility({}, ("one",), (), 1)

    assert remaining_text(One()) == "1 question left, about 1 minute."


def test_hidden_sections_are_not_needed(edition: Edition) -> None:
    nothing = SettledVisibility({question.id: HIDDEN for question in edition.questions()}, (), (), 0)
    assert {part.status for part in Progress(edition, nothing).sections} == {SectionStatus.NOT_NEEDED}
