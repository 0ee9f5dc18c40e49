from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.assessments.models import Redaction
from assess.engine.own_words import MARK
from assess.plans.register import own_words
from assess.plans.register.keeping import Change, change, history_of, item_of
from assess.plans.register.state import EvidenceNote
from tests.plans.register.conftest import KEY, Kept

WORDS = "Old words of mine"


def test_words_of_the_register_go_with_their_history_and_roles_stay(
    session: Session, kept: Kept, now: datetime
) -> None:
    note = EvidenceNote(0, WORDS, "records", None, None, "said")
    first = change(session, kept.id, KEY, Change(response="accepted", owner=WORDS, notes=(note,)), 0, now)
    change(session, kept.id, KEY, Change(response="accepted", owner="Site manager"), first.revision, now)
    found = own_words._texts(session, kept.assessment_id)
    assert (WORDS, own_words.WHERE, True) in {(one.text, one.where, one.earlier) for one in found}
    own_words._out_of_register(session, kept.assessment_id, "something else", now)
    assert WORDS in str(history_of(session, kept.id, KEY))


def test_taking_out_reaches_items_notes_and_events(session: Session, kept: Kept, now: datetime) -> None:
    note = EvidenceNote(0, WORDS, "records", None, None, "said")
    change(session, kept.id, KEY, Change(response="accepted", owner=WORDS, notes=(note,)), 0, now)
    session.commit()
    session.add(Redaction(assessment_id=kept.assessment_id, began_at=now))
    session.flush()
    assert own_words._out_of_register(session, kept.assessment_id, WORDS, now) == 3
    item = item_of(session, kept.id, KEY)
    assert (item.owner, item.notes[0].title) == (MARK, MARK)
    assert WORDS not in str(history_of(session, kept.id, KEY))
