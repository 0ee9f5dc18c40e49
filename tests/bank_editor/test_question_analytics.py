from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from assess.assessments.models import AnswerEvent, Assessment, FormPart, Submission
from assess.bank_editor.views import (
    QuestionCounts,
    SubmissionAnswers,
    TypingTimes,
    count_answers,
    counted_submission_ids,
    counts_by_question,
    question_use,
    share_in_words,
    whole_tens,
)
from assess.question_banks.files import read_folder
from assess.question_banks.models import EditionRow, EditionStage
from assess.question_banks.reader import compile_bank
from tests.builders import a_question, a_sign_question
from tests.conftest import TODAY
from tests.content_files import SOUND

AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


def typed(first: int, last: int | None = None, times: int = 1) -> TypingTimes:
    """Minutes after the beginning."""
    return TypingTimes(AT + timedelta(minutes=first), AT + timedelta(minutes=first if last is None else last), times)


def test_what_was_left_open_and_not_known_is_counted() -> None:
    one = SubmissionAnswers({"pay": "good", "home": "dk", "kinds": ["dk"], "hours": None}, {})
    assert count_answers([one, one]) == {
        "pay": QuestionCounts(2),
        "home": QuestionCounts(2, not_known=2),
        "kinds": QuestionCounts(2, not_known=2),
        "hours": QuestionCounts(2, left_open=2),
    }


@pytest.mark.parametrize(
    ("when", "changed"),
    [
        (typed(1, 30, times=2), 1),  # after the last question had its first answer
        (typed(1, 5, times=2), 0),  # on the way
        (typed(1), 0),  # never
        (typed(20), 0),  # itself the last
    ],
)
def test_changed_at_the_end_is_after_everything_else_had_an_answer(when: TypingTimes, changed: int) -> None:
    one = SubmissionAnswers({"pay": "good"}, {"pay": when, "home": typed(20)})
    assert count_answers([one])["pay"].changed == changed


def test_small_parts_and_their_rest_point_to_nobody() -> None:
    assert share_in_words(9, 9) == "too few to say"
    assert {share_in_words(part, 20) for part in (0, 1, 2)} == {"fewer than 3"}
    assert {share_in_words(part, 20) for part in (18, 19, 20)} == {"nearly all"}
    assert (share_in_words(3, 20), share_in_words(17, 20), share_in_words(7, 30)) == (
        "about 15%",
        "about 85%",
        "about 25%",
    )


def test_a_question_about_danger_and_a_fact_are_not_counted() -> None:
    many = QuestionCounts(40, 20, 10, 10)
    assert question_use(a_question("pay"), many).shown
    assert question_use(a_question("pay"), many).not_known == "about 50%"
    assert not question_use(a_question("pay"), None).shown
    for question in (a_sign_question("keep"), replace(a_question("size"), kind="fact")):
        use = question_use(question, many)
        assert (use.shown, {use.not_known, use.left_open, use.changed}) == (False, {"not counted"})


def test_more_are_counted_in_tens_only() -> None:
    assert [whole_tens(count) for count in (0, 9, 10, 19, 20)] == [0, 0, 10, 10, 20]


LAST_MONTH = TODAY - timedelta(days=30)
LINES = [
    {"question": "pay", "answer": "dk"},
    {"question": "home", "answer": None},
    {"question": "papers", "answer": "we"},
]
"""“papers” can raise a sign in the edition that was answered."""


def an_edition(session: Session) -> int:
    shop = compile_bank(read_folder(SOUND), "shop")
    made = EditionRow(
        bank="shop",
        number=1,
        stage=EditionStage.PUBLISHED,
        source={},
        compiled=shop.document,
        digest=shop.digest,
        published_at=LAST_MONTH,
    )
    session.add(made)
    session.flush()
    return made.id


def submitted(session: Session, edition_id: int, at: datetime, number: int = 1, lines: Any = LINES) -> uuid.UUID:
    found = Assessment(edition_id=edition_id, quick=False, started_at=at, changed_at=at)
    session.add(found)
    session.flush()
    record = {"result": {"lines": lines}}
    more = {"engine": 1, "digest": "0" * 64, "score": 1.0, "band": "low", "sector": "shop", "made_at": at}
    row = {"assessment_id": found.id, "number": number, "edition_id": edition_id, "record": record}
    session.execute(insert(Submission).values(row | more))  # without the register that hangs on whole records
    for question, revision, minutes in (("pay", 1, 50), ("home", 1, 40), ("pay", 2, 30), ("pay", 3, -10)):
        when = at - timedelta(minutes=minutes)
        event = {"part": FormPart.ANSWER, "question": question, "revision": revision, "before": None, "after": "dk"}
        session.add(AnswerEvent(assessment_id=found.id, at=when, **event))
    session.flush()
    return found.id


def test_only_whole_tens_of_first_submissions_of_months_that_are_over_count(session: Session) -> None:
    edition_id = an_edition(session)
    for _ in range(9):
        submitted(session, edition_id, LAST_MONTH)
    submitted(session, edition_id, TODAY)
    submitted(session, edition_id, LAST_MONTH, number=2)
    assert counted_submission_ids(session, "shop", TODAY.date()) == []
    assert counts_by_question(session, "shop", TODAY.date()) == {}
    for _ in range(6):
        submitted(session, edition_id, LAST_MONTH)
    assert len(counted_submission_ids(session, "shop", TODAY.date())) == 10
    assert counted_submission_ids(session, "office", TODAY.date()) == []
    assert counts_by_question(session, "shop", TODAY.date()) == {
        "pay": QuestionCounts(10, not_known=10, changed=10),
        "home": QuestionCounts(10, left_open=10),
    }
