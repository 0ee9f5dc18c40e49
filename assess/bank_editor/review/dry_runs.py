"""Score past submissions with a draft's edition in a job. Stores counts only; shows rounded figures from which no single business can be recognised."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.bank_editor.models import DryRun
from assess.bank_editor.review.comparing import BankChange
from assess.bank_editor.review.sign_texts import sign_question_ids
from assess.core.clock import uk_date
from assess.core.jobs.services import JobContext, JobStatus, enqueue, latest_job_with_key
from assess.engine.bank import Check, Column, Edition, NumberBand, Option, Question, RuleStep, TickStep
from assess.engine.dry_run import DryRunCounts, DryRunOutcome, PastSubmission, dry_run_submissions
from assess.engine.result import Band
from assess.engine.schema import object_fields
from assess.engine.settings import ScoringSettings
from assess.question_banks.drafts import files_with_draft, log_dry_run
from assess.question_banks.editions import load_edition
from assess.question_banks.files import ContentFiles, content_digest
from assess.question_banks.models import Draft
from assess.question_banks.schema_fields import as_list
from assess.question_banks.validation import check_files_cached, known_settings

DRY_RUN_JOB = "rehearse_draft"
MAX_PER_DAY = 12
"""Dry runs of one bank in a day, by all people together: each asks past submissions a question, and many questions together tell more."""

_NEVER_SCORED = frozenset({"sources", "action", "dk_action"})
"""Fields beside those of wording that hold nothing that is scored."""


class DryRunLimitError(Exception):
    """The bank had so many dry runs in a day that no more is counted before tomorrow."""


@dataclass(frozen=True, slots=True)
class CountedSubmissions:
    total: int
    until: int
    newer: int

    @property
    def any(self) -> bool:
        return bool(self.total or self.newer)


@dataclass(frozen=True, slots=True)
class DryRunBasis:
    """What a dry run rests on: digests of the edition in force, of the draft's, and of the settings."""

    bank: str
    before: str
    after: str
    settings: str


@dataclass(frozen=True, slots=True)
class BankDryRun:
    """One bank of a draft and its last dry run, None when there is none.

    `danger`: it changes how answers are scored that can mean danger, so it has no dry run at all. `holds`: it is
    finished and tried what the draft says now. `fresh`: it also counts all submissions that count by now.
    """

    change: BankChange
    counted: CountedSubmissions
    last: DryRun | None
    holds: bool
    danger: bool = False

    @property
    def fresh(self) -> bool:
        return self.holds and self.last is not None and self.last.until == self.counted.until

    @property
    def wanted(self) -> bool:
        """Whether it needs a dry run before a review can be asked for."""
        return self.change.old is not None and not self.danger and self.counted.any and not self.fresh


def changes_sign_scoring(old: Edition, new: Edition) -> bool:
    """Whether anything scored differs between two editions that has to do with a sign.

    A dry run of such a change would ask who gave which answer: the figures would tell it of one business to a person who made up all
    the others. Words may differ.
    """
    ids = sign_question_ids(old) | sign_question_ids(new)
    return _sign_scoring(old, ids) != _sign_scoring(new, ids)


def _sign_scoring(edition: Edition, ids: frozenset[str]) -> Mapping[str, object]:
    questions = {one.id: _scoring_of(one) for one in edition.questions() if one.id in ids or one.replaces in ids}
    return questions | {f"check {one.id}": _scoring_of(one) for one in edition.checks if one.sign}


def _scoring_of(one: object) -> object:
    """All of it but its words."""
    if isinstance(one, (Question, Option, NumberBand, TickStep, RuleStep, Column, Check)):
        return {
            part.name: _scoring_of(getattr(one, part.name))
            for part in object_fields(type(one))  # type: ignore[arg-type]  # a class can be hashed
            if part.about.change != "wording" and part.name not in _NEVER_SCORED
        }
    return [_scoring_of(part) for part in one] if isinstance(one, tuple) else repr(one)


def comparable_editions(session: Session, bank: str, new: Edition) -> frozenset[int]:
    """The editions that were submitted and that score what can mean danger as this one does: only their submissions are counted."""
    answered = session.scalars(select(Submission.edition_id).where(Submission.sector == bank).distinct())
    return frozenset(one for one in answered if not changes_sign_scoring(load_edition(session, one).edition, new))


def countable_submissions(session: Session, bank: str, new: Edition) -> CountedSubmissions:
    of_bank = Submission.sector == bank, Submission.edition_id.in_(comparable_editions(session, bank, new))
    every = session.scalar(select(func.count()).select_from(Submission).where(*of_bank)) or 0
    total = every // ROUNDING_STEP * ROUNDING_STEP
    if total == 0:
        return CountedSubmissions(0, 0, every)
    until = session.scalar(select(Submission.id).where(*of_bank).order_by(Submission.id).offset(total - 1).limit(1))
    return CountedSubmissions(total, until or 0, every - total)


def dry_run_basis(change: BankChange, files: ContentFiles, now: datetime) -> DryRunBasis:
    """What a dry run of this change rests on today. The settings are those of the draft: they are in force with it."""
    settings = known_settings(files, uk_date(now))
    mark = content_digest(repr(settings.scoring if settings else None).encode())
    return DryRunBasis(change.bank, change.old.ref.digest if change.old else "", change.after, mark)


def bank_dry_run(session: Session, draft: Draft, change: BankChange, basis: DryRunBasis) -> BankDryRun:
    counted = countable_submissions(session, change.bank, change.new)
    wanted = select(DryRun).where(DryRun.draft_id == draft.id, DryRun.bank == change.bank)
    last = session.scalars(wanted.order_by(DryRun.made_at.desc(), DryRun.id).limit(1)).first()
    holds = last is not None and last.ended_at is not None and _has_basis(last, basis)
    danger = change.old is not None and changes_sign_scoring(change.old.edition, change.new)
    return BankDryRun(change, counted, last, holds and not danger, danger)


def _has_basis(one: DryRun, basis: DryRunBasis) -> bool:
    return (one.bank, one.before, one.after, one.settings) == (
        basis.bank, basis.before, basis.after, basis.settings,
    )  # fmt: skip


def request_dry_run(
    session: Session, draft: Draft, status: BankDryRun, basis: DryRunBasis, person_id: uuid.UUID, now: datetime
) -> DryRun:
    """Unless the same is under way or there already. The caller commits. Raises DryRunLimitError."""
    last = status.last
    if last is not None and _has_basis(last, basis) and last.until == status.counted.until:
        if last.ended_at is None:
            _enqueue(session, last, now)  # it may have been set aside
        return last
    lately = DryRun.bank == basis.bank, DryRun.made_at > now - timedelta(days=1)
    if (session.scalar(select(func.count()).select_from(DryRun).where(*lately)) or 0) >= MAX_PER_DAY:
        raise DryRunLimitError
    log_dry_run(session, draft, status.change.title, person_id, now)
    made = DryRun(
        draft_id=draft.id,
        bank=basis.bank,
        before=basis.before,
        after=basis.after,
        settings=basis.settings,
        until=status.counted.until,
        total=status.counted.total,
        counts={},
        made_at=now,
    )
    session.add(made)
    session.flush()
    # a dry run that a newer one took the place of is kept no longer than the page it was ordered from may be open
    old = DryRun.draft_id == draft.id, DryRun.bank == basis.bank, DryRun.made_at < now - timedelta(days=30)
    session.execute(delete(DryRun).where(*old))
    _enqueue(session, made, now)
    return made


def _enqueue(session: Session, one: DryRun, now: datetime) -> None:
    enqueue(session, DRY_RUN_JOB, key=dry_run_job_key(one), now=now, rehearsal_id=one.id.hex)


def dry_run_job_key(one: DryRun) -> str:
    return f"{DRY_RUN_JOB}:{one.id.hex}"


def dry_run_job(session: Session, one: DryRun) -> JobStatus | None:
    return latest_job_with_key(session, dry_run_job_key(one))


MIN_SUBMISSIONS = 25
"""Of fewer submissions no figure is shown at all."""
ROUNDING_STEP = 5
"""Submissions are counted in steps of so many, the newest few not yet: so two dry runs never differ by one business."""
_SMALL = 4
_ROUND = 5
_NEARLY_ALL, _MANY = 0.9, 0.5


def largest_with_same_words(count: int) -> int:
    """The largest number that would be said in the same words."""
    return _SMALL if count <= _SMALL else (count + _ROUND // 2) // _ROUND * _ROUND + _ROUND // 2


def figure_in_words(count: int) -> str:
    return f"fewer than {_SMALL + 1}" if count <= _SMALL else f"about {(count + _ROUND // 2) // _ROUND * _ROUND:,}"


def may_show(outcomes: Sequence[int], moves: Sequence[int], shown_from: int = MIN_SUBMISSIONS) -> bool:
    """Whether these figures may be shown together. `outcomes` are a part of all each, `moves` are parts of the last of them.

    Each small figure must be able to be 0 with all others in their spans: as many as it counts must find room elsewhere. A business that moves
    to another band may be thought elsewhere only while hardly any does: otherwise it would show in the figures of that table.
    """
    *others, moved = outcomes
    if sum(outcomes) < shown_from:
        return False
    return _none_can_be_deduced(others if moved > _SMALL else outcomes) and (
        moved <= _SMALL or _none_can_be_deduced(moves)
    )


def _none_can_be_deduced(counts: Sequence[int]) -> bool:
    margins = [largest_with_same_words(one) - one for one in counts]
    return all(sum(margins) - margins[at] >= one for at, one in enumerate(counts) if 0 < one <= _SMALL)


BANDS: Sequence[Band] = ("low", "medium", "high", "critical", "not_rated")
_PARTS = ("left_behind", "to_confirm", "newly_missing", "because")


@dataclass(frozen=True, slots=True)
class QuestionShare:
    """A question and in how much of all, or of those that change, it has a part, in words."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is shown of a dry run. `outcomes` and `moves` are empty where nothing may be shown.

    `moves`: band by band (from, then to) how many, said; only those of another band.
    """

    outcomes: Mapping[DryRunOutcome, str]
    moves: Mapping[tuple[Band, Band], str]
    because: Sequence[QuestionShare]
    left_behind: Sequence[QuestionShare]
    to_confirm: Sequence[QuestionShare]
    newly_missing: Sequence[QuestionShare]

    @property
    def shown(self) -> bool:
        return bool(self.outcomes)


def figures_of(totals: DryRunCounts, shown_from: int = MIN_SUBMISSIONS) -> Figures:
    order = (DryRunOutcome.SAME, DryRunOutcome.SCORE, DryRunOutcome.NOT_COMPARABLE, DryRunOutcome.BAND)
    outcomes = [totals.outcomes[one] for one in order]
    pairs = [(was, now) for was in BANDS for now in BANDS if was != now]
    moves = [totals.moves[pair] for pair in pairs]
    if not may_show(outcomes, moves, shown_from):
        return Figures({}, {}, (), (), (), ())
    changed = totals.all - totals.outcomes[DryRunOutcome.SAME]
    moved = totals.outcomes[DryRunOutcome.BAND] > _SMALL
    return Figures(
        outcomes={one: figure_in_words(count) for one, count in zip(order, outcomes, strict=True)},
        moves={pair: figure_in_words(count) for pair, count in zip(pairs, moves, strict=True)} if moved else {},
        because=_shares(totals.because, changed, "of those that change"),
        left_behind=_shares(totals.left_behind, totals.all, "of all"),
        to_confirm=_shares(totals.to_confirm, totals.all, "of all"),
        newly_missing=_shares(totals.newly_missing, totals.all, "of all"),
    )


def _shares(counts: Mapping[str, int], whole: int, of: str) -> tuple[QuestionShare, ...]:
    """The questions with more than a few, those with the most first. No number: beside the others it might tell too much."""
    several = sorted((-count, name) for name, count in counts.items() if count > _SMALL)
    return tuple(QuestionShare(name, f"{_portion(-count / whole)} {of}") for count, name in several)


def _portion(share: float) -> str:
    if share >= _NEARLY_ALL:
        return "nearly all"
    return "more than half" if share >= _MANY else "some"


def counts_to_json(totals: DryRunCounts) -> dict[str, Any]:
    return {
        "outcomes": {one.value: count for one, count in totals.outcomes.items()},
        "moves": [[was, now, count] for (was, now), count in totals.moves.items()],
        **{name: dict(getattr(totals, name)) for name in _PARTS},
    }


def counts_from_json(data: Mapping[str, Any]) -> DryRunCounts:
    """Counts as they were kept; an empty document is none at all."""
    totals = DryRunCounts()
    totals.outcomes.update({DryRunOutcome(name): count for name, count in data.get("outcomes", {}).items()})
    totals.moves.update({(was, now): count for was, now, count in data.get("moves", [])})
    for name in _PARTS:
        getattr(totals, name).update(data.get(name, {}))
    return totals


BATCH_SIZE = 250
"""Submissions counted in one part: about half a second."""


@dataclass(frozen=True, slots=True)
class DryRunInput:
    edition: Edition
    settings: ScoringSettings


def run_dry_run(context: JobContext, *, rehearsal_id: str) -> None:
    """Count part after part. A draft that was changed or ended meanwhile is not counted to its end."""
    this = uuid.UUID(hex=rehearsal_id)
    with context.database.reading() as session:
        dry_run_input = load_dry_run_input(session, this, context.now())
    if dry_run_input is None:
        return
    while True:
        with context.database.reading() as session:
            done, totals = count_next_batch(session, this, dry_run_input)
        with context.database.writing() as session:
            how_far = _save_batch(session, this, done, totals, context.now())
        if how_far is None:
            return
        context.progress(*how_far)


def load_dry_run_input(session: Session, rehearsal_id: uuid.UUID, now: datetime) -> DryRunInput | None:
    """What is tried; None when the draft does not say the same any more."""
    one = session.get(DryRun, rehearsal_id)
    draft = session.get(Draft, one.draft_id) if one is not None else None
    if one is None or one.ended_at is not None or draft is None:
        return None
    files = files_with_draft(session, draft)
    checked = check_files_cached(files, now).banks.get(one.bank)
    settings = known_settings(files, uk_date(now))
    if checked is None or checked.compiled is None or checked.edition is None or settings is None:
        return None
    return DryRunInput(checked.edition, settings.scoring) if checked.compiled.digest == one.after else None


@dataclass(frozen=True, slots=True)
class CountedBatch:
    after: int
    until: int
    number: int


def count_next_batch(
    session: Session, rehearsal_id: uuid.UUID, dry_run_input: DryRunInput
) -> tuple[CountedBatch, DryRunCounts]:
    one = session.get_one(DryRun, rehearsal_id, populate_existing=True)
    rows = session.execute(
        select(Submission.id, Submission.edition_id, Submission.record)
        .where(Submission.sector == one.bank, Submission.id > one.done_until, Submission.id <= one.until)
        .where(Submission.edition_id.in_(comparable_editions(session, one.bank, dry_run_input.edition)))
        .order_by(Submission.id)
        .limit(BATCH_SIZE)
    ).all()
    own = {edition_id: load_edition(session, edition_id).edition for edition_id in {row.edition_id for row in rows}}
    totals = DryRunCounts()
    for row in rows:
        stored = row.record.get
        past = answers_in_record(stored("sections"), quick=stored("quick"), evidence=stored("evidence"))
        for outcome in dry_run_submissions(own[row.edition_id], dry_run_input.edition, [past], dry_run_input.settings):
            totals.add(outcome)
    return CountedBatch(one.done_until, rows[-1].id if rows else one.until, len(rows)), totals


def answers_in_record(sections: object, *, quick: object, evidence: object) -> PastSubmission:
    """What a frozen record says was answered: the questions that were shown."""
    answers = {
        question["id"]: question["answer"]
        for section in as_list(sections)
        for question in section["questions"]
        if question["answer"] is not None
    }
    noted = frozenset(evidence) if isinstance(evidence, list) else frozenset()
    return PastSubmission("", answers, quick=bool(quick), evidence=noted)


def _save_batch(
    session: Session, rehearsal_id: uuid.UUID, done: CountedBatch, totals: DryRunCounts, now: datetime
) -> tuple[int, int] | None:
    """Add a part to what is kept. Returns how far it is; None at the end, or when another worker was faster."""
    wanted = select(DryRun).where(DryRun.id == rehearsal_id).with_for_update()
    one = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if one is None or one.ended_at is not None or one.done_until != done.after:
        return None
    counted = counts_from_json(one.counts)
    for name in ("outcomes", "moves", "because", "left_behind", "to_confirm", "newly_missing"):
        getattr(counted, name).update(getattr(totals, name))
    one.counts = counts_to_json(counted)
    one.done_until, one.counted = done.until, one.counted + done.number
    if done.until >= one.until:
        one.ended_at = now
        return None
    return one.counted, one.total
