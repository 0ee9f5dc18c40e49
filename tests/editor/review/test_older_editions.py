from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from assess.assessments.answering import start
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.editions import latest
from assess.banks.models import Edition, Stage
from assess.banks.sheets import Shelf
from assess.editor.review.gate import Case
from assess.editor.review.older_editions import what_older_editions_miss
from assess.editor.workbench import workbench
from tests.conftest import TODAY
from tests.editor.review.shop import a_draft
from tests.shelves import CONTACTS, SCORING, SHOP, sound_but

PAPERS = "Who keeps the workers’ papers?"
MORE = (
    "contacts:\n  - {id: advice, order: 3, situation: Unsure, who: Advice, number: '01234 567 111', for_whom: All, "
    "source: made up, checked: 2026-11-01, review_by: 2027-04-01}\n"
)
LINE = (CONTACTS, "contacts:\n", MORE)
NAMED = (SHOP, f"ask: {PAPERS}", f'ask: "{PAPERS} Call {{advice}}."')


def missing(session: Session, person: uuid.UUID, *edits: tuple[str, str, str]) -> list[str]:
    draft = a_draft(session, person, *edits)
    return [one.words for one in Case(session, workbench(session, draft, TODAY), TODAY).missing()]


def turned(edit: tuple[str, str, str]) -> tuple[str, str, str]:
    name, old, new = edit
    return name, new, old


def test_what_a_question_under_way_prints_cannot_be_taken_out_with_the_new_words(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    draft = a_draft(shop, ann, LINE, NAMED)
    ask_for_review(shop, draft, ann, "", TODAY)
    publish_draft(shop, draft, ben, "", TODAY)
    edition = latest(shop, "shop").id
    assert edition is not None
    start(shop, edition, quick=False, now=TODAY)
    shop.execute(update(Edition).where(Edition.id == edition).values(stage=Stage.WITHDRAWN))
    assert missing(shop, ann, turned(LINE), turned(NAMED)) == [
        "Keep advice: the texts of edition 2 of “shop”, which businesses can still answer, name that."
    ]


def test_what_a_bank_that_is_taken_off_is_scored_with_stays(shop: Session) -> None:
    left = dict(sound_but((SCORING, "{shop: 10}", "{stall: 10}")).sheets)
    del left[SHOP]
    assert what_older_editions_miss(shop, Shelf(left), TODAY) == [
        "Keep the value of “shop”: edition 1 of “shop”, which businesses can still answer, is scored with that."
    ]


def test_the_edition_that_new_assessments_would_begin_with_again_keeps_its_words(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    draft = a_draft(shop, ann, LINE, NAMED)
    ask_for_review(shop, draft, ann, "", TODAY)
    publish_draft(shop, draft, ben, "", TODAY)
    assert len(missing(shop, ann, turned(LINE), turned(NAMED))) == 1
