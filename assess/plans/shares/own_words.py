"""Free text of shares, for whoever takes words out: the names of buyers as the business typed them, and the printed copies.

The frozen copy itself holds no word the business typed but its own name: answers are picked ones, jobs come from the bank, and of a
proof only its kind is told. So it stays as it is, and the code on paper with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assess.assessments.careful.places import Kept, Place, marked_in
from assess.assessments.models import Assessment
from assess.plans.cover.models import CoverFile
from assess.plans.shares.models import ShareFile, ShareGrant

WHERE = "Shares with buyers"
_QUIETLY = {"synchronize_session": False}


def _buyers(session: Session, assessment_id: uuid.UUID) -> Iterator[Kept]:
    for buyer in session.scalars(select(ShareGrant.buyer).where(ShareGrant.assessment_id == assessment_id)):
        yield Kept(buyer, WHERE)


def _out_of_buyers(session: Session, assessment_id: uuid.UUID, text: str, _now: datetime) -> int:
    return marked_in(session, ShareGrant.buyer, ShareGrant.assessment_id == assessment_id, text)


def _away_with_files(session: Session, assessment_id: uuid.UUID, _text: str, _now: datetime) -> int:
    """The files of shares and the cover of the organisation go with all other printed copies: none has to be trusted."""
    grants = select(ShareGrant.id).where(ShareGrant.assessment_id == assessment_id)
    session.execute(delete(ShareFile).where(ShareFile.grant_id.in_(grants)), execution_options=_QUIETLY)
    whose = select(Assessment.organisation_id).where(Assessment.id == assessment_id)
    session.execute(delete(CoverFile).where(CoverFile.organisation_id.in_(whose)), execution_options=_QUIETLY)
    return 0


PLACES = (
    Place("shares", _buyers, _out_of_buyers),
    Place("files of shares", lambda _session, _assessment_id: (), _away_with_files),
)
