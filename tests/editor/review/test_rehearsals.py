from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.banks.drafts.keeping import history_of
from assess.banks.drafts.models import Draft, DraftDeed
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.editions import latest
from assess.editor.review.figures import STEP
from assess.editor.review.gate import Case
from assess.editor.review.models import Rehearsal
from assess.editor.review.rehearsals import (
    MOST_A_DAY,
    Counted,
    Standing,
    TooOftenError,
    basis_of,
    counted_now,
    job_of,
    order,
)
from assess.editor.workbench import workbench
from assess.kit.jobs.models import JobState
from tests.conftest import TODAY
from tests.editor.review.shop import GRAVE, HARDER, LONG, WORDS, a_draft, change, submitted
from tests.shelves import SCORING, SHOP, START


def standing(session: Session, draft: Draft) -> Standing:
    (one,) = Case(session, workbench(session, draft, TODAY), TODAY).rehearsals
    return one


def ordered(session: Session, draft: Draft) -> Rehearsal:
    one = standing(session, draft)
    basis = basis_of(one.change, workbench(session, draft, TODAY).shelf, TODAY)
    return order(session, draft, one, basis, draft.author_id or draft.id, TODAY)


def ended(session: Session, draft: Draft) -> Rehearsal:
    made = ordered(session, draft)
    made.ended_at = TODAY
    session.flush()
    return made


@pytest.mark.parametrize(("number", "total"), [(0, 0), (STEP - 1, 0), (STEP, STEP), (2 * STEP - 1, STEP)])
def test_submissions_count_in_whole_steps(shop: Session, number: int, total: int) -> None:
    made = submitted(shop, [LONG] * number)
    assert counted_now(shop, "shop", latest(shop, "shop").edition) == Counted(
        total, made[total - 1].id if total else 0, number - total
    )


def test_it_holds_until_the_draft_changes_and_is_fresh_until_a_step_is_full(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * STEP)
    draft = a_draft(shop, ann, HARDER)
    assert standing(shop, draft).wanted
    ended(shop, draft)
    submitted(shop, [LONG] * (STEP - 1))
    assert (standing(shop, draft).fresh, standing(shop, draft).wanted) == (True, False)
    submitted(shop, [LONG])
    assert (standing(shop, draft).holds, standing(shop, draft).wanted) == (True, True)
    change(shop, draft, ann, START, "- {points: 4}\n", "- {points: 1}\n")
    assert not standing(shop, draft).holds


def test_other_settings_make_it_old(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * STEP)
    draft = a_draft(shop, ann, HARDER)
    ended(shop, draft)
    change(
        shop, draft, ann, SCORING, "values: [{from: 2026-04-01, value: 0.4,", "values: [{from: 2026-04-01, value: 0.5,"
    )
    assert not standing(shop, draft).holds


def test_nothing_is_wanted_where_nobody_has_submitted(shop: Session, ann: uuid.UUID) -> None:
    assert not standing(shop, a_draft(shop, ann, HARDER)).wanted


def test_the_same_is_ordered_once_and_again_only_once_its_job_was_given_up(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * STEP)
    draft = a_draft(shop, ann, HARDER)
    first = ordered(shop, draft)
    job = job_of(shop, first)
    assert job is not None
    assert job.state is JobState.WAITING
    assert ordered(shop, draft).id == first.id
    again = job_of(shop, first)
    assert again is not None
    assert again.id == job.id
    assert len(shop.scalars(select(Rehearsal)).all()) == 1


def test_a_bank_is_asked_a_few_questions_a_day_and_everybody_sees_by_whom(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * STEP)
    draft = a_draft(shop, ann, HARDER)
    label = "They do"
    for number in range(MOST_A_DAY):
        ordered(shop, draft)
        change(shop, draft, ann, SHOP, f"label: {label},", f"label: They {number},")
        label = f"They {number}"
    with pytest.raises(TooOftenError):
        ordered(shop, draft)
    asked = [event for event in history_of(shop, draft) if event.deed is DraftDeed.REHEARSED]
    assert [(event.person_id, event.details["what"]) for event in asked] == [(ann, "Corner shops")] * MOST_A_DAY
    shop.execute(update(Rehearsal).values(made_at=TODAY - timedelta(days=1, minutes=1)))
    assert ordered(shop, draft)


SIGN = (SHOP, "label: We do, points: 4, sign: urgent", "label: We do, points: 3, sign: urgent")
DANGER = {
    "points": [SIGN],
    "another sign": [(SHOP, "points: 4, sign: urgent", "points: 4, sign: serious")],
    "a new sign": list(GRAVE),
    "meaning": [(SHOP, "      - id: papers\n", "      - id: papers\n        rev: 2\n")],
    "who is asked": [(SHOP, "        show_if: {staff: {is: hired}}\n", "")],
    "a check": [
        (
            SHOP,
            "says: Papers are kept and pay is low.,",
            "says: Papers are kept and pay is low., sign: serious, ilo: [7],",
        )
    ],
    "together with others": [HARDER, SIGN],
}


@pytest.mark.parametrize("edits", DANGER.values(), ids=DANGER)
def test_no_rehearsal_of_what_is_scored_of_an_answer_that_can_mean_danger(
    shop: Session, ann: uuid.UUID, edits: list[tuple[str, str, str]]
) -> None:
    submitted(shop, [LONG] * STEP)
    one = standing(shop, a_draft(shop, ann, *edits))
    assert (one.danger, one.wanted, one.holds) == (True, False, False)


def test_words_of_such_a_question_and_other_questions_are_rehearsed(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * STEP)
    one = standing(shop, a_draft(shop, ann, HARDER, WORDS))
    assert (one.danger, one.wanted) == (False, True)


def test_submissions_of_an_edition_that_scored_danger_in_another_way_do_not_count(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    submitted(shop, [LONG] * STEP)
    first = a_draft(shop, ann, SIGN)
    ask_for_review(shop, first, ann, "", TODAY)
    publish_draft(shop, first, ben, "", TODAY)
    draft = a_draft(shop, ann, HARDER)
    assert (standing(shop, draft).counted.any, standing(shop, draft).wanted) == (False, False)
    made = submitted(shop, [LONG] * STEP)
    assert standing(shop, draft).counted == Counted(STEP, made[-1].id, 0)
    ordered(shop, draft)
