from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from assess.assessments.careful import said
from assess.assessments.careful.places import Kept
from assess.assessments.comments.keeping import Author, thread_of, write
from assess.assessments.delegation.keeping import Wanted, delegation_of, make, send_back
from assess.engine.own_words import MARK

WORDS = "Ask for the big room"
OF_COLUMNS = ("comments", "delegations", "sign-offs")
NAMED = {place.name: place for place in said.PLACES}


def found(session: Session, assessment_id: uuid.UUID) -> list[Kept]:
    return [kept for name in OF_COLUMNS for kept in NAMED[name].texts(session, assessment_id) if kept.text]


def test_words_go_from_this_assessment_and_stay_in_another(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    links = {}
    for mine in (begun, another):
        write(session, mine, "core_people_peak", WORDS, Author(None), now, for_delegate=False)
        links[mine] = make(session, mine, Wanted("people", None, WORDS, 14), now).id
        send_back(session, mine, links[mine], WORDS, now)
    before = found(session, another)
    assert {(one.where, one.earlier) for one in before} == {
        (said.COMMENTS, False),
        (said.GIVEN, False),
        (said.GIVEN, True),
    }
    assert sum(NAMED[name].take_out(session, begun, WORDS, now) for name in OF_COLUMNS) == 4
    session.expire_all()
    assert {one.text for one in found(session, begun)} == {MARK}
    assert [comment.words for comment in thread_of(session, begun, "core_people_peak")] == [MARK]
    assert delegation_of(session, begun, links[begun]).asked == MARK
    assert found(session, another) == before
