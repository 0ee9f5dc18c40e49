from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assess.assessments.delegation import keeping
from assess.assessments.delegation.answers import keep
from assess.assessments.delegation.keeping import (
    Standing,
    TooManyError,
    Wanted,
    delegations_of,
    end,
    find,
    history_of,
    make,
    note_opened,
    offers_of,
    say_done,
    send_back,
    standing_of,
    working,
)
from assess.assessments.delegation.models import DelegationEvent, What
from assess.assessments.links import LinkUnknownError
from assess.assessments.visits import may_answer_part, may_fill, open_delegation

pytestmark = pytest.mark.both_databases

SECOND = timedelta(seconds=1)


def test_the_token_is_nowhere_in_the_database(session: Session, linked: Any) -> None:
    assert linked.token not in str(session.execute(text("SELECT * FROM delegation")).all())
    assert linked.delegation.note == "wages office"


def test_a_link_works_until_its_time_is_up(session: Session, linked: Any, now: datetime) -> None:
    until = now + timedelta(days=14)
    assert find(session, linked.token, until - SECOND).id == linked.delegation.id
    with pytest.raises(LinkUnknownError):
        find(session, linked.token, until)
    assert working(session, linked.delegation.id, until) is None
    assert standing_of(linked.delegation, until) is Standing.OVER


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 2000])
def test_nonsense_opens_nothing(session: Session, now: datetime, token: str) -> None:
    with pytest.raises(LinkUnknownError):
        note_opened(session, token, now)


def test_how_it_stands_and_what_happened(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    one = linked.delegation
    assert standing_of(one, now) is Standing.SENT
    note_opened(session, linked.token, now)
    note_opened(session, linked.token, now)
    assert standing_of(one, now) is Standing.OPENED
    say_done(session, one.id, now)
    say_done(session, one.id, now)
    assert standing_of(one, now) is Standing.DONE
    send_back(session, begun, one.id, "Add the cleaners, please.", now)
    assert standing_of(one, now) is Standing.SENT_BACK
    assert one.asked == "Add the cleaners, please."
    say_done(session, one.id, now)
    assert (standing_of(one, now), one.asked) == (Standing.DONE, "")
    end(session, begun, one.id, now)
    end(session, begun, one.id, now)
    assert standing_of(one, now) is Standing.ENDED
    happened = [event.what for event in history_of(session, DelegationEvent.delegation_id == one.id)]
    assert happened == [What.ENDED, What.DONE, What.SENT_BACK, What.DONE, What.OPENED, What.MADE]


def test_words_never_go_with_a_question_that_stands_alone(session: Session, begun: uuid.UUID, now: datetime) -> None:
    link = make(session, begun, Wanted("hiring", "core_documents", "", 7), now)
    send_back(session, begun, link.id, "It was the foreman.", now)
    assert "foreman" not in str(session.execute(text("SELECT asked FROM delegation")).all())
    assert "foreman" not in str(session.execute(text("SELECT words FROM delegation_event")).all())


def test_ending_it_ends_the_visits_made_through_it(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    token = open_delegation(session, linked.delegation, now)
    assert may_answer_part(session, token, linked.delegation.id, now)
    assert not may_fill(session, token, begun, now), "a part is not the whole"
    end(session, begun, linked.delegation.id, now)
    assert not may_answer_part(session, token, linked.delegation.id, now)
    for act in (
        lambda: note_opened(session, linked.token, now),
        lambda: say_done(session, linked.delegation.id, now),
        lambda: send_back(session, begun, linked.delegation.id, "More", now),
        lambda: keep(session, linked.delegation, {"q": "a"}, (), now),
    ):
        with pytest.raises(LinkUnknownError):
            act()


def test_nobody_ends_or_sends_back_what_is_anothers(
    session: Session, another: uuid.UUID, linked: Any, now: datetime
) -> None:
    with pytest.raises(LinkUnknownError):
        end(session, another, linked.delegation.id, now)
    with pytest.raises(LinkUnknownError):
        send_back(session, another, linked.delegation.id, "More", now)
    assert delegations_of(session, another) == []
    assert offers_of(session, another) == []


def test_so_many_links_are_enough(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 2)
    make(session, begun, Wanted("people", None, "", 7), now)
    with pytest.raises(TooManyError):
        make(session, begun, Wanted("people", None, "", 7), now)
    end(session, begun, linked.delegation.id, now)
    assert make(session, begun, Wanted("people", None, "", 7), now)
