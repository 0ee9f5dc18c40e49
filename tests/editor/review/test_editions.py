from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.editions import Byline, confirm_withdrawal, withdraw
from assess.banks.models import Stage
from assess.editor.review.editions import all_editions, between, editions_of, starts_with_then
from tests.conftest import TODAY
from tests.editor.review.shop import WORDS, a_draft


def two_editions(session: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    draft = a_draft(session, ann, WORDS)
    ask_for_review(session, draft, ann, "", TODAY, note="Easier to read.")
    publish_draft(session, draft, ben, "", TODAY)


def test_each_edition_says_who_wrote_it_who_published_it_and_why(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    two_editions(shop, ann, ben)
    second, first = editions_of(shop, "shop")
    step = second.published
    assert (second.number, step.author, step.by, step.why) == (2, "Ann", "Ben", "Easier to read.")
    assert (first.published.by, first.published.why) == ("", ""), "it came with a release"
    assert (second.in_use, first.in_use) == (True, False)


def test_the_one_before_waits_until_a_second_person_says_that_withdrawing_was_right(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    two_editions(shop, ann, ben)
    then = starts_with_then(editions_of(shop, "shop"), 2)
    assert then
    assert then.number == 1
    withdraw(shop, "shop", 2, TODAY, Byline(ann, "A mistake."))
    second, first = all_editions(shop)["shop"]
    assert (second.stage, first.in_use, first.waits) == (Stage.WITHDRAWN, False, True)
    assert (second.steps[-1].by, second.steps[-1].why) == ("Ann", "A mistake.")
    assert starts_with_then([second, first], 1) is None
    assert confirm_withdrawal(shop, second.id, ben, TODAY)
    second, first = all_editions(shop)["shop"]
    assert (first.in_use, first.waits) == (True, False)


def test_an_edition_is_compared_with_the_one_before_it(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    two_editions(shop, ann, ben)
    kept = editions_of(shop, "shop")
    number, compared = between(shop, kept, 2)
    assert (number, [change.part for change in compared.changes]) == (1, ["ask"])
    assert between(shop, kept, 1)[0] is None
