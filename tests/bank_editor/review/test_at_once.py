"""Things that happen at the same moment, with real threads on both databases: submitting and publishing, publishing twice."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.services import start_assessment
from assess.core.db import Database
from assess.question_banks.drafts import DraftError, ask_for_review, publish_draft
from assess.question_banks.editions import current_edition
from assess.question_banks.models import Draft, EditionRow
from tests.bank_editor.review.shop_bank import HIRED, WORDS, a_draft, somebody, submitted_here
from tests.conftest import TODAY

pytestmark = pytest.mark.both_databases


def at_once(*deeds: Callable[[], None]) -> None:
    """Each in a thread of its own, none before all are there."""
    gate = threading.Barrier(len(deeds))

    def when_all_are_there(deed: Callable[[], None]) -> None:
        gate.wait()
        deed()

    threads = [threading.Thread(target=when_all_are_there, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def asked(session: Session, ann: uuid.UUID) -> uuid.UUID:
    draft = a_draft(session, ann, WORDS)
    ask_for_review(session, draft, ann, "", TODAY)
    return draft.id


def test_who_submits_while_somebody_publishes_is_scored_by_the_edition_they_began_with(
    shop: Session, database: Database, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    first = current_edition(shop, "shop")
    begun = [start_assessment(shop, first.id or 0, quick=False, now=TODAY).id for _ in range(3)]
    draft_id = asked(shop, ann)
    shop.commit()

    def publishing() -> None:
        with database.writing() as session:
            publish_draft(session, session.get_one(Draft, draft_id), ben, "", TODAY)

    def submitting(assessment_id: uuid.UUID) -> Callable[[], None]:
        def deed() -> None:
            with database.writing() as session:
                submitted_here(session, session.get_one(Assessment, assessment_id), HIRED)

        return deed

    at_once(publishing, *map(submitting, begun))
    with database.reading() as look:
        assert current_edition(look, "shop").ref.number == 2
        found = look.scalars(select(Submission)).all()
        assert [(one.edition_id, one.record["edition"]["digest"]) for one in found] == [
            (first.id, first.ref.digest)
        ] * 3


def test_of_two_who_publish_at_once_one_does(shop: Session, database: Database, ann: uuid.UUID, ben: uuid.UUID) -> None:
    draft_id, cleo, refused = asked(shop, ann), somebody(shop, "Cleo"), []
    shop.commit()

    def publishing(person: uuid.UUID) -> Callable[[], None]:
        def deed() -> None:
            try:
                with database.writing() as session:
                    publish_draft(session, session.get_one(Draft, draft_id), person, "", TODAY)
            except (DraftError, DBAPIError) as error:
                refused.append(type(error))

        return deed

    at_once(publishing(ben), publishing(cleo))
    assert refused == [DraftError]
    with database.reading() as look:
        assert look.scalar(select(func.max(EditionRow.number))) == 2
