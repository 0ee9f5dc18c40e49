"""Free text of talks, for whoever takes words out: what either side wrote."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.careful.places import Kept, Place, marked_in
from assess.plans.shares.models import ShareGrant
from assess.plans.talk.models import TalkWord

WHERE = "What you and a buyer wrote to each other"


def _words(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    wanted = select(TalkWord.words).join(ShareGrant, ShareGrant.id == TalkWord.grant_id)
    for words in session.scalars(wanted.where(ShareGrant.assessment_id == assessment_id)):
        if words:
            yield Kept(words, WHERE)


def _out_of_words(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    grants = select(ShareGrant.id).where(ShareGrant.assessment_id == assessment_id)
    return marked_in(session, TalkWord.words, TalkWord.grant_id.in_(grants), text)


PLACES = (Place("talks with buyers", _words, _out_of_words),)
