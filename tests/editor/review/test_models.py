from __future__ import annotations

import uuid

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.models import EditionByline
from assess.editor.review.models import Rehearsal
from assess.people.models import Person
from tests.conftest import TODAY
from tests.editor.review.shop import WORDS, a_draft

pytestmark = pytest.mark.both_databases


def test_a_rehearsal_goes_with_its_draft(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann)
    shop.add(Rehearsal(draft_id=draft.id, bank="shop", before="a", after="b", settings="c", counts={}, made_at=TODAY))
    shop.flush()
    shop.execute(delete(Draft).where(Draft.id == draft.id))
    assert shop.scalar(select(func.count()).select_from(Rehearsal)) == 0


FROZEN = (
    "UPDATE edition_attribution SET why = 'another'",
    "UPDATE edition_attribution SET person_id = author_id",
    "UPDATE edition_attribution SET author_id = person_id",
    "DELETE FROM edition_attribution",
    "UPDATE edition SET digest = 'e'",
    "UPDATE edition_event SET stage = 'withdrawn'",
)


def test_who_published_what_and_why_is_never_changed(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    published(shop, ann, ben)
    for statement in FROZEN:
        with pytest.raises(DBAPIError, match="never changed or removed"):
            shop.execute(text(statement))
        shop.rollback()


def test_somebody_who_leaves_is_forgotten_there_too(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    published(shop, ann, ben)
    shop.execute(delete(Person).where(Person.id == ann))
    line = shop.scalars(select(EditionByline).execution_options(populate_existing=True)).one()
    assert (line.author_id, line.person_id, line.why) == (None, ben, "Easier.")


def published(session: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    draft = a_draft(session, ann, WORDS)
    ask_for_review(session, draft, ann, "", TODAY, note="Easier.")
    publish_draft(session, draft, ben, "", TODAY)
    session.commit()
