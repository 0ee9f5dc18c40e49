from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from assess.plans.talk.models import Move, Side, TalkWord
from assess.plans.talk.rules import TAKE_BACK, Dates, agreed_in, can_take_back, dates_of

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FIRST, SECOND = date(2027, 1, 1), date(2027, 2, 1)
WRITER = uuid.UUID(int=1)
B, F = Side.BUYER, Side.BUSINESS
P, A, R, C = Move.PROPOSED, Move.AGREED, Move.REFUSED, Move.COMMENT


def said(*moves: tuple[Side, Move, date | None], step: str | None = "s") -> list[TalkWord]:
    return [
        TalkWord(number=number, step=step, side=side, move=move, words="", due=due, person_id=WRITER, at=NOW)
        for number, (side, move, due) in enumerate(moves, 1)
    ]


@pytest.mark.parametrize(
    ("moves", "dates"),
    [
        ([], Dates()),
        ([(B, C, None)], Dates()),
        ([(B, P, FIRST)], Dates(None, FIRST, B)),
        ([(B, P, FIRST), (F, P, SECOND)], Dates(None, SECOND, F)),
        ([(B, P, FIRST), (F, A, FIRST)], Dates(FIRST)),
        ([(B, P, FIRST), (F, R, FIRST)], Dates()),
        ([(B, P, FIRST), (F, A, FIRST), (F, P, SECOND)], Dates(FIRST, SECOND, F)),
        ([(B, P, FIRST), (F, A, FIRST), (F, P, SECOND), (B, R, SECOND)], Dates(FIRST)),
        ([(B, P, FIRST), (F, A, FIRST), (F, P, SECOND), (B, A, SECOND), (B, C, None)], Dates(SECOND)),
    ],
)
def test_what_is_agreed_and_what_waits(moves: list[tuple[Side, Move, date | None]], dates: Dates) -> None:
    assert dates_of(said(*moves), "s") == dates
    assert dates_of(said(*moves), "another") == Dates()
    assert agreed_in(said(*moves)) == ({"s": dates.agreed} if dates.agreed else {})


def test_whose_turn_it_is() -> None:
    assert Dates(None, FIRST, B).waits_for(F)
    assert not Dates(None, FIRST, B).waits_for(B)
    assert not Dates(FIRST).waits_for(F)
    assert Side.BUYER.other is Side.BUSINESS
    assert Side.BUSINESS.other is Side.BUYER


def test_ones_own_young_word_can_be_taken_back() -> None:
    words = said((B, C, None))
    assert can_take_back(words, 1, B, WRITER, NOW + TAKE_BACK)
    assert not can_take_back(words, 1, B, WRITER, NOW + TAKE_BACK + timedelta(seconds=1))
    assert not can_take_back(words, 1, B, None, NOW)
    assert not can_take_back(words, 1, F, WRITER, NOW)
    assert not can_take_back(words, 2, B, WRITER, NOW)


def test_a_proposal_that_was_answered_stays_and_so_does_the_answer() -> None:
    words = said((B, P, FIRST), (F, C, None))
    assert can_take_back(words, 1, B, WRITER, NOW)
    words = said((B, P, FIRST), (F, A, FIRST))
    assert not can_take_back(words, 1, B, WRITER, NOW)
    assert not can_take_back(words, 2, F, WRITER, NOW)
