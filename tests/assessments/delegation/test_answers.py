"""What becomes of a colleague's answer: nothing of anybody's is ever written over unseen."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import (
    AlreadySubmittedError,
    answers_of,
    evidence_of,
    save_answers,
    save_evidence,
    start,
)
from assess.assessments.delegation.answers import Decision, decide, hers_of, keep
from assess.assessments.delegation.keeping import Wanted, history_of, make, offers_of
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, DelegationEvent, State
from assess.assessments.models import AnswerEvent
from assess.assessments.submitting import submit
from assess.kit.db import Database

RECORD = {"engine": 1, "edition": {"bank": "farming"}, "result": {"score": 11.0, "band": "low"}}


def said(session: Session, assessment_id: uuid.UUID) -> dict[str, Any]:
    return {name: stored.value for name, stored in answers_of(session, assessment_id).items()}


def states(session: Session, delegation_id: uuid.UUID) -> dict[str, tuple[Any, State]]:
    return {name: (row.value, row.state) for name, row in hers_of(session, delegation_id).items()}


def test_where_nothing_was_said_hers_is_saved_with_its_history(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    keep(session, linked.delegation, {"q": "a", "n": 3}, {"q"}, now)
    assert said(session, begun) == {"q": "a", "n": 3}
    assert evidence_of(session, begun) == {"q"}
    keep(session, linked.delegation, {"q": "b"}, (), now)
    assert said(session, begun) == {"q": "b", "n": 3}
    changes = session.scalars(
        select(AnswerEvent.after).where(AnswerEvent.question == "q", AnswerEvent.part == "answer")
    )
    assert list(changes) == ["a", "b"]
    keep(session, linked.delegation, {"q": None}, (), now)
    assert said(session, begun) == {"n": 3}
    assert states(session, linked.delegation.id) == {"n": (3, State.SAVED)}


def test_where_somebody_has_answered_hers_waits(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    save_answers(session, begun, {"q": "ours", "r": "same"}, {}, now)
    keep(session, linked.delegation, {"q": "hers", "r": "same"}, {"q"}, now)
    assert said(session, begun) == {"q": "ours", "r": "same"}
    assert states(session, linked.delegation.id) == {"q": ("hers", State.OFFERED), "r": ("same", State.SAME)}
    assert [answer.question for _, answer in offers_of(session, begun)] == ["q"]
    assert evidence_of(session, begun) == frozenset(), "proof goes with the answer it is for"


def test_what_only_happens_to_be_the_same_is_not_hers_to_change(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "same"}, {}, now)
    keep(session, linked.delegation, {"q": "same"}, (), now)
    keep(session, linked.delegation, {"q": "other"}, (), now)
    assert said(session, begun) == {"q": "same"}
    assert states(session, linked.delegation.id) == {"q": ("other", State.OFFERED)}
    keep(session, linked.delegation, {"q": None}, (), now)
    assert said(session, begun) == {"q": "same"}
    assert states(session, linked.delegation.id) == {}


def test_what_the_business_changed_since_is_not_hers_any_more(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    keep(session, linked.delegation, {"q": "hers"}, (), now)
    save_answers(session, begun, {"q": "ours"}, {"q": 1}, now)
    keep(session, linked.delegation, {"q": "hers again"}, (), now)
    assert said(session, begun) == {"q": "ours"}
    keep(session, linked.delegation, {"q": None}, (), now)
    assert said(session, begun) == {"q": "ours"}


def test_what_is_sent_unchanged_is_no_news(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    keep(session, linked.delegation, {"q": 1}, (), now)
    keep(session, linked.delegation, {"q": 1, "r": None}, (), now)
    events = history_of(session, DelegationEvent.delegation_id == linked.delegation.id)
    assert [(event.what.value, event.count) for event in events] == [("answered", 1), ("made", 0)]
    assert said(session, begun) == {"q": 1}


def test_the_business_takes_one_and_leaves_another(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "ours", "r": "ours"}, {}, now)
    keep(session, linked.delegation, {"q": "hers", "r": "hers"}, {"q"}, now)
    mine = linked.delegation.id
    assert (
        decide(
            session, begun, [Decision(mine, "q", take=True, against=1), Decision(mine, "r", take=False, against=1)], now
        )
        == 0
    )
    assert said(session, begun) == {"q": "hers", "r": "ours"}
    assert evidence_of(session, begun) == {"q"}
    assert states(session, mine) == {"q": ("hers", State.TAKEN), "r": ("hers", State.LEFT)}
    assert offers_of(session, begun) == []
    decide(session, begun, [Decision(mine, "r", take=True, against=1)], now)
    assert said(session, begun)["r"] == "ours", "what was decided is decided"
    keep(session, linked.delegation, {"q": "hers, better"}, (), now)
    assert said(session, begun)["q"] == "hers, better", "what was taken is hers to change"
    keep(session, linked.delegation, {"r": "hers, better"}, (), now)
    assert [answer.value for _, answer in offers_of(session, begun)] == ["hers, better"]


def test_nothing_is_taken_over_an_answer_that_was_not_on_the_page(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "ours"}, {}, now)
    keep(session, linked.delegation, {"q": "hers"}, (), now)
    save_answers(session, begun, {"q": "ours, newer"}, {"q": 1}, now)
    assert decide(session, begun, [Decision(linked.delegation.id, "q", take=True, against=1)], now) == 1
    assert said(session, begun) == {"q": "ours, newer"}
    assert len(offers_of(session, begun)) == 1


def test_nobody_decides_for_another_business(
    session: Session, begun: uuid.UUID, another: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "ours"}, {}, now)
    keep(session, linked.delegation, {"q": "hers"}, (), now)
    decide(session, another, [Decision(linked.delegation.id, "q", take=True, against=1)], now)
    assert said(session, begun) == {"q": "ours"}
    assert len(offers_of(session, begun)) == 1


def test_once_it_is_sent_in_nothing_comes_in(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    save_answers(session, begun, {"q": "ours"}, {}, now)
    keep(session, linked.delegation, {"q": "hers"}, (), now)
    submit(session, begun, lambda _said: RECORD, now)
    with pytest.raises(AlreadySubmittedError):
        keep(session, linked.delegation, {"q": "later"}, (), now)
    with pytest.raises(AlreadySubmittedError):
        decide(session, begun, [Decision(linked.delegation.id, "q", take=True, against=1)], now)
    assert decide(session, begun, [Decision(linked.delegation.id, "q", take=False, against=1)], now) == 0


def test_a_tick_for_proof_is_never_taken_away_by_a_colleague(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    save_evidence(session, begun, {"q"}, {"q"}, now)
    keep(session, linked.delegation, {"q": "a"}, (), now)
    assert evidence_of(session, begun) == {"q"}


@pytest.mark.both_databases
def test_of_twenty_colleagues_at_once_one_is_saved_and_nineteen_wait(
    database: Database, edition_id: int, now: datetime
) -> None:
    with database.writing() as session:
        assessment_id = start(session, edition_id, quick=False, now=now).id
        links = [make(session, assessment_id, Wanted("people", None, str(n), 14), now).id for n in range(20)]
    gate = threading.Barrier(20)
    failures: list[BaseException] = []

    def answer(number: int) -> None:
        gate.wait()
        try:
            with database.writing() as own:
                keep(own, own.get_one(Delegation, links[number]), {"q": number}, (), now)
        except BaseException as error:  # noqa: BLE001  # looked at below
            failures.append(error)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as look:
        found = look.scalars(select(DelegatedAnswer.state)).all()
        saved = look.scalars(select(DelegatedAnswer).where(DelegatedAnswer.state == State.SAVED)).one()
        assert said(look, assessment_id) == {"q": saved.value}
        assert Counter(found) == {State.SAVED: 1, State.OFFERED: 19}
