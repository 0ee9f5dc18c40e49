from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft
from assess.banks.models import ShelfReason
from assess.banks.shelves import in_force, set_up_next, text_at
from assess.editor.review.gate import Case, who_could
from assess.editor.workbench import workbench
from assess.people.models import Person
from tests.conftest import TODAY
from tests.editor.review.shop import LONG, WORDS, a_draft, change, somebody, submitted
from tests.shelves import SHOP


def a_case(session: Session, draft: Draft) -> Case:
    return Case(session, workbench(session, draft, TODAY), TODAY)


def missing(session: Session, draft: Draft) -> list[str]:
    return [one.words for one in a_case(session, draft).missing()]


def test_nothing_changed_is_nothing_to_ask_about(shop: Session, ann: uuid.UUID) -> None:
    assert missing(shop, a_draft(shop, ann)) == ["Change something first: this draft says what is in use now."]


def test_a_sound_change_nobody_was_asked_before_needs_nothing(shop: Session, ann: uuid.UUID) -> None:
    assert missing(shop, a_draft(shop, ann, WORDS)) == []


def test_problems_come_first_and_a_worked_example_that_fails_is_one(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, (SHOP, "score: 2.5", "score: 99"))
    assert missing(shop, draft) == ["Put the problems right first (1)."]


def test_a_bank_with_past_submissions_is_rehearsed_first(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG])
    assert missing(shop, a_draft(shop, ann, WORDS)) == ["Rehearse “Corner shops” first."]


def test_what_was_published_meanwhile_is_looked_at_first(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, WORDS)
    state = in_force(shop)
    text = text_at(shop, state.sheets[SHOP] if state else None) or b""
    set_up_next(shop, {SHOP: text + b"# mended\n"}, TODAY, reason=ShelfReason.MENDED)
    assert missing(shop, draft) == ["Something this draft changes was published meanwhile. Look at both."]


def test_the_mark_of_what_was_seen_changes_with_the_draft(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, WORDS)
    before = a_case(shop, draft).seen
    assert a_case(shop, draft).seen == before
    change(shop, draft, ann, SHOP, "label: They do", "label: They do it")
    assert a_case(shop, draft).seen != before


def test_whoever_has_a_desk_and_edited_nothing_could_publish(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    somebody(shop, "Root", "administrator")
    gone = shop.get_one(Person, somebody(shop, "Cleo"))
    gone.disabled_at = TODAY
    shop.flush()
    assert [one.name for one in who_could(shop, frozenset({ann}))] == ["Ben", "Root"]
    assert ben
