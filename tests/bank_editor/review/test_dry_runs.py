from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.bank_editor.draft_context import load_draft_context
from assess.bank_editor.models import DryRun
from assess.bank_editor.review import dry_runs
from assess.bank_editor.review.dry_runs import (
    MAX_PER_DAY,
    MIN_SUBMISSIONS,
    ROUNDING_STEP,
    BankDryRun,
    CountedSubmissions,
    DryRunLimitError,
    answers_in_record,
    countable_submissions,
    counts_from_json,
    counts_to_json,
    dry_run_basis,
    dry_run_job,
    figure_in_words,
    figures_of,
    largest_with_same_words,
    may_show,
    request_dry_run,
    run_dry_run,
)
from assess.bank_editor.review.publish_checks import PublishReadiness
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.models import JobState
from assess.engine.dry_run import DryRunCounts, DryRunOutcome, answers_once_confirmed
from assess.engine.edition_changes import carry_over
from assess.engine.scoring import score_answers
from assess.question_banks.drafts import ask_for_review, draft_history, publish_draft
from assess.question_banks.editions import current_edition, load_edition
from assess.question_banks.models import Draft, DraftEventKind
from tests.bank_editor.review.shop_bank import (
    FAMILY,
    GRAVE,
    HARDER,
    HIRED,
    LONG,
    OTHERS,
    SETTINGS,
    WORDS,
    a_draft,
    change,
    submitted,
)
from tests.conftest import TODAY
from tests.content_files import SCORING, SHOP, START

FOUR = (DryRunOutcome.SAME, DryRunOutcome.SCORE, DryRunOutcome.NOT_COMPARABLE, DryRunOutcome.BAND)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "fewer than 5"), (4, "fewer than 5"), (5, "about 5"), (7, "about 5"), (8, "about 10"), (4998, "about 5,000")],
)
def test_a_figure_is_said_as_a_span(count: int, words: str) -> None:
    assert figure_in_words(count) == words


def test_the_top_of_a_span_is_said_alike_and_the_next_is_not() -> None:
    for count in range(40):
        assert (
            figure_in_words(largest_with_same_words(count))
            == figure_in_words(count)
            != figure_in_words(largest_with_same_words(count) + 1)
        )


def parts(whole: int, number: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many businesses fall into this number of groups."""
    for bars in itertools.combinations(range(whole + number - 1), number - 1):
        yield tuple(b - a - 1 for a, b in itertools.pairwise((-1, *bars, whole + number - 1)))


@pytest.mark.parametrize("whole", range(MIN_SUBMISSIONS, MIN_SUBMISSIONS + 6))
def test_nobody_who_knows_the_total_and_the_rules_can_work_out_a_small_figure(whole: int) -> None:
    # every world of three outcomes and three ways to another band; those that look alike are held side by side
    alike: dict[object, tuple[list[int], list[int]]] = {}
    for world in parts(whole, 6):
        outcomes, moves = (*world[:3], sum(world[3:])), world[3:]
        shown = may_show(outcomes, moves)
        looks = shown and (
            tuple(map(largest_with_same_words, outcomes)),
            tuple(map(largest_with_same_words, moves)) if outcomes[-1] > 4 else None,
        )
        counts = [*outcomes, *moves]
        least, most = alike.setdefault(looks, (counts, counts))
        alike[looks] = [*map(min, least, counts)], [*map(max, most, counts)]
    assert len(alike) > 1, "some figures are shown"
    for least, most in alike.values():
        assert not any(low > 0 and high <= 4 for low, high in zip(least, most, strict=True)), "a few, whatever is true"


def test_what_would_tell_is_held_back_and_so_is_what_few_said() -> None:
    assert may_show([95, 3, 2, 0], [0] * 20)
    assert not may_show([7, 7, 4, 12], [12, 0, 0]), "all others are as many as they can be: the third is four"
    assert not may_show([24, 0, 0, 0], [0] * 20)
    assert may_show([24, 0, 0, 0], [0] * 20, shown_from=10)
    assert not may_show([20, 0, 0, 9], [7, 2]), "seven is the most of its span, so the other is two"


def a_tally(**outcomes: int) -> DryRunCounts:
    made = DryRunCounts()
    made.outcomes.update({DryRunOutcome(name): count for name, count in outcomes.items()})
    made.moves["low", "high"] = outcomes.get("band", 0)
    return made


def test_counts_become_words_and_small_reasons_are_left_out() -> None:
    made = a_tally(same=80, score=11, band=9)
    made.because.update({"pay": 19, "home": 5, "rare": 4})
    shown = figures_of(made)
    assert [shown.outcomes[one] for one in FOUR] == ["about 80", "about 10", "fewer than 5", "about 10"]
    assert shown.moves["low", "high"] == "about 10"
    assert [(one.question, one.words) for one in shown.because] == [
        ("pay", "nearly all of those that change"),
        ("home", "some of those that change"),
    ]


def test_no_moves_are_shown_when_hardly_anybody_moves_and_nothing_of_a_few() -> None:
    assert figures_of(a_tally(same=50, band=1)).moves == {}
    assert not figures_of(a_tally(same=24)).shown


def test_counts_are_kept_and_read_back() -> None:
    made = a_tally(same=3, band=2)
    made.left_behind["pay"] = 4
    back = counts_from_json(counts_to_json(made))
    assert (back.outcomes, back.moves, back.left_behind) == (made.outcomes, made.moves, made.left_behind)
    assert counts_from_json({}).all == 0


class AtWork:
    """What a job is given, without a worker around it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = Settings(env="development")
        self.told: list[tuple[int, int]] = []

    def now(self) -> datetime:
        return TODAY

    def progress(self, done: int, total: int) -> None:
        self.told.append((done, total))


class KilledError(Exception):
    pass


def ordered(session: Session, draft: Draft) -> DryRun:
    """Order the rehearsal of the shop, and commit."""
    draft_context = load_draft_context(session, draft, TODAY)
    (standing,) = PublishReadiness(session, draft_context, TODAY).dry_runs
    made = request_dry_run(
        session,
        draft,
        standing,
        dry_run_basis(standing.change, draft_context.files, TODAY),
        draft.author_id or draft.id,
        TODAY,
    )
    session.commit()
    return made


def finished(database: Database, one: DryRun) -> DryRun:
    with database.reading() as session:
        return session.get_one(DryRun, one.id)


@pytest.mark.both_databases
def test_what_is_predicted_is_what_comes_true(
    shop: Session, database: Database, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    submitted(shop, [FAMILY, HIRED, LONG] * 5)
    draft = a_draft(shop, ann, HARDER, OTHERS)
    one = ordered(shop, draft)
    run_dry_run(AtWork(database), rehearsal_id=one.id.hex)
    predicted = counts_from_json(finished(database, one).counts)
    ask_for_review(shop, draft, ann, "", TODAY)
    publish_draft(shop, draft, ben, "", TODAY)
    shop.commit()
    new = current_edition(shop, "shop").edition
    moves = {}
    for past in shop.scalars(select(Submission)):
        old = load_edition(shop, past.edition_id).edition
        said = answers_in_record(past.record["sections"], quick=past.record["quick"], evidence=past.record["evidence"])
        after = score_answers(new, answers_once_confirmed(carry_over(old, new, said.answers)), SETTINGS.scoring)
        assert past.band == score_answers(old, said.answers, SETTINGS.scoring).band
        moves[past.band, after.band] = moves.get((past.band, after.band), 0) + 1
    assert dict(predicted.moves) == moves
    assert predicted.all == 15
    assert predicted.outcomes[DryRunOutcome.BAND] > 0
    assert set(predicted.because) == {"hours", "staff"}


@pytest.mark.both_databases
def test_submissions_of_older_editions_count_by_their_own(
    shop: Session, database: Database, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    submitted(shop, [LONG] * 5)
    first = a_draft(shop, ann, HARDER)
    ask_for_review(shop, first, ann, "", TODAY)
    publish_draft(shop, first, ben, "", TODAY)
    submitted(shop, [LONG] * 5)
    one = ordered(shop, a_draft(shop, ann, ("common/start.yaml", "{up_to: 48, points: 0}", "{up_to: 50, points: 0}")))
    run_dry_run(AtWork(database), rehearsal_id=one.id.hex)
    outcomes = counts_from_json(finished(database, one).counts).outcomes
    assert outcomes == {DryRunOutcome.SCORE: 5, DryRunOutcome.SAME: 5}


@pytest.mark.both_databases
def test_a_worker_that_is_killed_leaves_whole_parts_and_the_next_goes_on(
    shop: Session, database: Database, ann: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(shop, [FAMILY, LONG] * 6)
    one = ordered(shop, a_draft(shop, ann, HARDER))
    monkeypatch.setattr(dry_runs, "BATCH_SIZE", 4)
    work = AtWork(database)

    def killed(_done: int, _total: int) -> None:
        raise KilledError

    monkeypatch.setattr(work, "progress", killed)
    with pytest.raises(KilledError):
        run_dry_run(work, rehearsal_id=one.id.hex)
    assert (finished(database, one).counted, finished(database, one).ended_at) == (4, None)
    again = AtWork(database)
    run_dry_run(again, rehearsal_id=one.id.hex)
    done = finished(database, one)
    assert (done.counted, done.total, counts_from_json(done.counts).all) == (10, 10, 10), (
        "the newest two are not counted yet"
    )
    assert again.told == [(8, 10)]
    run_dry_run(again, rehearsal_id=one.id.hex)
    assert finished(database, one).counts == done.counts, "doing it twice is doing it once"


@pytest.mark.both_databases
def test_a_part_that_another_worker_kept_meanwhile_is_not_added_again(
    shop: Session, database: Database, ann: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(shop, [LONG] * 10)
    one = ordered(shop, a_draft(shop, ann, HARDER))
    count = dry_runs.count_next_batch

    def slow(
        session: Session, this: uuid.UUID, trial: dry_runs.DryRunInput
    ) -> tuple[dry_runs.CountedBatch, DryRunCounts]:
        counted = count(session, this, trial)
        monkeypatch.setattr(dry_runs, "count_next_batch", count)
        session.close()
        run_dry_run(AtWork(database), rehearsal_id=one.id.hex)
        return counted

    monkeypatch.setattr(dry_runs, "count_next_batch", slow)
    run_dry_run(AtWork(database), rehearsal_id=one.id.hex)
    assert finished(database, one).counted == 10


@pytest.mark.both_databases
def test_the_dry_run_of_a_draft_that_was_changed_meanwhile_ends(
    shop: Session, database: Database, ann: uuid.UUID
) -> None:
    submitted(shop, [LONG] * 5)
    draft = a_draft(shop, ann, HARDER)
    one = ordered(shop, draft)
    change(shop, draft, ann, "common/start.yaml", "- {points: 4}\n", "- {points: 1}\n")
    shop.commit()
    run_dry_run(AtWork(database), rehearsal_id=one.id.hex)
    assert finished(database, one).ended_at is None
    run_dry_run(AtWork(database), rehearsal_id=uuid.uuid4().hex)


@pytest.mark.both_databases
def test_only_what_was_answered_is_tried() -> None:
    section = {"questions": [{"id": "staff", "answer": "family"}, {"id": "hours", "answer": None}]}
    past = answers_in_record([section], quick=True, evidence=["staff"])
    assert (dict(past.answers), past.quick, past.evidence) == ({"staff": "family"}, True, frozenset({"staff"}))


def standing(session: Session, draft: Draft) -> BankDryRun:
    (one,) = PublishReadiness(session, load_draft_context(session, draft, TODAY), TODAY).dry_runs
    return one


def ordered_rehearsals(session: Session, draft: Draft) -> DryRun:
    one = standing(session, draft)
    basis = dry_run_basis(one.change, load_draft_context(session, draft, TODAY).files, TODAY)
    return request_dry_run(session, draft, one, basis, draft.author_id or draft.id, TODAY)


def ended(session: Session, draft: Draft) -> DryRun:
    made = ordered_rehearsals(session, draft)
    made.ended_at = TODAY
    session.flush()
    return made


@pytest.mark.parametrize(
    ("number", "total"),
    [(0, 0), (ROUNDING_STEP - 1, 0), (ROUNDING_STEP, ROUNDING_STEP), (2 * ROUNDING_STEP - 1, ROUNDING_STEP)],
)
def test_submissions_count_in_whole_steps(shop: Session, number: int, total: int) -> None:
    made = submitted(shop, [LONG] * number)
    assert countable_submissions(shop, "shop", current_edition(shop, "shop").edition) == CountedSubmissions(
        total, made[total - 1].id if total else 0, number - total
    )


def test_it_holds_until_the_draft_changes_and_is_fresh_until_a_step_is_full(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    draft = a_draft(shop, ann, HARDER)
    assert standing(shop, draft).wanted
    ended(shop, draft)
    submitted(shop, [LONG] * (ROUNDING_STEP - 1))
    assert (standing(shop, draft).fresh, standing(shop, draft).wanted) == (True, False)
    submitted(shop, [LONG])
    assert (standing(shop, draft).holds, standing(shop, draft).wanted) == (True, True)
    change(shop, draft, ann, START, "- {points: 4}\n", "- {points: 1}\n")
    assert not standing(shop, draft).holds


def test_other_settings_make_it_old(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    draft = a_draft(shop, ann, HARDER)
    ended(shop, draft)
    change(
        shop, draft, ann, SCORING, "values: [{from: 2026-04-01, value: 0.4,", "values: [{from: 2026-04-01, value: 0.5,"
    )
    assert not standing(shop, draft).holds


def test_nothing_is_wanted_where_nobody_has_submitted(shop: Session, ann: uuid.UUID) -> None:
    assert not standing(shop, a_draft(shop, ann, HARDER)).wanted


def test_the_same_is_ordered_once_and_again_only_once_its_job_was_given_up(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    draft = a_draft(shop, ann, HARDER)
    first = ordered_rehearsals(shop, draft)
    job = dry_run_job(shop, first)
    assert job is not None
    assert job.state is JobState.WAITING
    assert ordered_rehearsals(shop, draft).id == first.id
    again = dry_run_job(shop, first)
    assert again is not None
    assert again.id == job.id
    assert len(shop.scalars(select(DryRun)).all()) == 1


def test_a_bank_is_asked_a_few_questions_a_day_and_everybody_sees_by_whom(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    draft = a_draft(shop, ann, HARDER)
    label = "They do"
    for number in range(MAX_PER_DAY):
        ordered_rehearsals(shop, draft)
        change(shop, draft, ann, SHOP, f"label: {label},", f"label: They {number},")
        label = f"They {number}"
    with pytest.raises(DryRunLimitError):
        ordered_rehearsals(shop, draft)
    asked = [event for event in draft_history(shop, draft) if event.deed is DraftEventKind.REHEARSED]
    assert [(event.person_id, event.details["what"]) for event in asked] == [(ann, "Corner shops")] * MAX_PER_DAY
    shop.execute(update(DryRun).values(made_at=TODAY - timedelta(days=1, minutes=1)))
    assert ordered_rehearsals(shop, draft)


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
def test_no_dry_run_of_what_is_scored_of_an_answer_that_can_mean_danger(
    shop: Session, ann: uuid.UUID, edits: list[tuple[str, str, str]]
) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    one = standing(shop, a_draft(shop, ann, *edits))
    assert (one.danger, one.wanted, one.holds) == (True, False, False)


def test_words_of_such_a_question_and_other_questions_have_dry_runs(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    one = standing(shop, a_draft(shop, ann, HARDER, WORDS))
    assert (one.danger, one.wanted) == (False, True)


def test_submissions_of_an_edition_that_scored_danger_in_another_way_do_not_count(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    submitted(shop, [LONG] * ROUNDING_STEP)
    first = a_draft(shop, ann, SIGN)
    ask_for_review(shop, first, ann, "", TODAY)
    publish_draft(shop, first, ben, "", TODAY)
    draft = a_draft(shop, ann, HARDER)
    assert (standing(shop, draft).counted.any, standing(shop, draft).wanted) == (False, False)
    made = submitted(shop, [LONG] * ROUNDING_STEP)
    assert standing(shop, draft).counted == CountedSubmissions(ROUNDING_STEP, made[-1].id, 0)
    ordered_rehearsals(shop, draft)
