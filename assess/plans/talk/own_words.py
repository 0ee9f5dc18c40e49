"""Free text of talks, for whoever takes words out: what either side wrote."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from assess.assessments.careful.places import Kept, Place, keep_in_view
from assess.engine.own_words import MARK
from assess.plans.shares.models import ShareGrant
from assess.plans.talk.models import TalkWord

WHERE = "What you and a buyer wrote to each other"


def _words(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    wanted = select(TalkWord.words).join(ShareGrant, ShareGrant.id == TalkWord.grant_id)
    for words in session.scalars(wanted.where(ShareGrant.assessment_id == assessment_id, TalkWord.words != "")):
        yield Kept(words, WHERE)


def _out_of_words(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    grants = select(ShareGrant.id).where(ShareGrant.assessment_id == assessment_id)
    here = (TalkWord.grant_id.in_(grants), TalkWord.words == text)
    done = session.execute(
        update(TalkWord).where(*here).values(words=MARK), execution_options={"synchronize_session": False}
    )
    return done.rowcount if isinstance(done, CursorResult) else 0


keep_in_view(Place("talks with buyers", _words, _out_of_words))
