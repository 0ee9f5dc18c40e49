"""Moves an unsubmitted assessment to a newer edition of its question bank, and back. Nothing moves by itself; what does not fit is kept and comes back with an undo."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, aliased

from assess.assessments.facts import NOT_SURE
from assess.assessments.models import (
    Answer,
    AnswerEvent,
    Assessment,
    DelegatedAnswer,
    DelegatedAnswerState,
    Delegation,
    EditionUpgrade,
    FormPart,
    UnconfirmedAnswer,
    UnconfirmedReason,
)
from assess.assessments.services import (
    AlreadySubmittedError,
    EditionChangedError,
    get_answers,
    lock_assessment,
    overwrite_answers,
)
from assess.core.db import NO_SYNCHRONIZE, JsonDict
from assess.engine.bank import AnswerValue, Edition, Fact, Question
from assess.engine.edition_changes import carry_over
from assess.engine.facts import FactValue
from assess.question_banks.editions import banks_waiting_for_second_person, load_edition
from assess.question_banks.models import EditionRow, EditionStage

_MOVED_PARTS = (FormPart.ANSWER, FormPart.EVIDENCE, FormPart.FACT)
"""The parts that hang on an edition."""


class NothingToUndoError(Exception):
    """There is no such move that can be undone, or no more."""


@dataclass(frozen=True, slots=True)
class NewerEdition:
    """The newest published edition of a bank. `withdrawn`: the one of the assessment is not given to others any more."""

    edition_id: int
    withdrawn: bool


def find_newer_edition(session: Session, edition_id: int) -> NewerEdition | None:
    here, there = aliased(EditionRow), aliased(EditionRow)
    bank = session.scalar(select(EditionRow.bank).where(EditionRow.id == edition_id))
    above = banks_waiting_for_second_person(session).get(bank or "", 0)
    found = session.execute(
        select(there.id, here.stage)
        .join(here, here.bank == there.bank)
        .where(here.id == edition_id, there.number > here.number, there.number > above)
        .where(there.stage == EditionStage.PUBLISHED)
        .order_by(there.number.desc())
        .limit(1)
    ).first()
    return None if found is None else NewerEdition(found[0], found[1] is EditionStage.WITHDRAWN)


def upgrade_edition(session: Session, assessment_id: uuid.UUID, from_id: int, to_id: int, now: datetime) -> bool:
    """Go on to a newer edition. Returns whether this did it: False when another person has done the same already.

    Raises:
        AssessmentUnknownError
        AlreadySubmittedError: what is submitted is never moved.
        EditionChangedError: when it has neither of these editions.
    """
    assessment = lock_assessment(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    if assessment.edition_id == to_id:
        return False
    if assessment.edition_id != from_id:
        raise EditionChangedError
    old, new = load_edition(session, from_id).edition, load_edition(session, to_id).edition
    before = get_answer_state(session, assessment_id)
    after = carry_forward(old, new, before)
    revisions: JsonDict = {part.value: {} for part in _MOVED_PARTS}
    for part, name, revision in session.execute(
        select(Answer.part, Answer.question, Answer.revision).where(
            Answer.assessment_id == assessment_id, Answer.part.in_(_MOVED_PARTS)
        )
    ):
        revisions[part.value][name] = revision
    noted: JsonDict = {
        "said": revisions,
        "waiting": {
            FormPart.ANSWER.value: dict(before.unconfirmed),
            FormPart.FACT.value: dict(before.unconfirmed_facts),
        },
        "colleagues": set_aside_colleague_answers(session, assessment_id, old, new),
    }
    changed = [name for name, because in after.unconfirmed.items() if because is UnconfirmedReason.CHANGED]
    _apply_answer_state(session, assessment_id, before, after, changed, now)
    session.add(
        EditionUpgrade(
            assessment_id=assessment_id,
            version=assessment.version,
            from_edition_id=from_id,
            to_edition_id=to_id,
            before=noted,
            moved_at=now,
        )
    )
    assessment.edition_id, assessment.changed_at = to_id, now
    session.flush()
    return True


def get_last_upgrade(session: Session, assessment_id: uuid.UUID) -> EditionUpgrade | None:
    """The move that can be undone just now: the one to the edition it has, since it was submitted last. None when there is none."""
    return session.scalars(
        select(EditionUpgrade)
        .join(Assessment, Assessment.id == EditionUpgrade.assessment_id)
        .where(
            EditionUpgrade.assessment_id == assessment_id,
            EditionUpgrade.undone_at.is_(None),
            EditionUpgrade.version == Assessment.version,
            EditionUpgrade.to_edition_id == Assessment.edition_id,
            Assessment.submitted_at.is_(None),
        )
    ).first()


def preview_undo(session: Session, one: EditionUpgrade) -> StateAfterUndo:
    old, new = _editions(session, one)
    return carry_back(old, new, _answer_state_before(session, one), get_answer_state(session, one.assessment_id))


def undo_edition_upgrade(session: Session, assessment_id: uuid.UUID, move_id: uuid.UUID, now: datetime) -> None:
    """Go back to the edition before this move.

    Raises:
        AssessmentUnknownError
        AlreadySubmittedError: what is submitted is never moved.
        NothingToUndoError: when it is not the last move, or was undone already.
    """
    assessment = lock_assessment(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    one = get_last_upgrade(session, assessment_id)
    if one is None or one.id != move_id:
        raise NothingToUndoError
    _undo_one(session, assessment, one, now)


def undo_all_upgrades(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """Go back over every move since it was submitted last, for a correction that is given up."""
    assessment = lock_assessment(session, assessment_id)
    while (one := get_last_upgrade(session, assessment_id)) is not None:  # each undone move uncovers the one before
        _undo_one(session, assessment, one, now)


def _undo_one(session: Session, assessment: Assessment, one: EditionUpgrade, now: datetime) -> None:
    old, new = _editions(session, one)
    status, back = get_answer_state(session, assessment.id), preview_undo(session, one).said
    # these were asked in other words meanwhile: even the same answer gets a new revision, so no older form confirms it unseen
    other = [name for name in back.answers if name in status.answers and not same_question(old, new, name)]
    _apply_answer_state(session, assessment.id, status, back, other, now)
    restore_colleague_answers(session, assessment.id, one.before["colleagues"], old, new)
    assessment.edition_id, assessment.changed_at = one.from_edition_id, now
    one.undone_at = now
    session.flush()


def get_answer_state(session: Session, assessment_id: uuid.UUID) -> AnswerState:
    values: dict[FormPart, dict[str, Any]] = {part: {} for part in _MOVED_PARTS}
    for part, name, value in session.execute(
        select(Answer.part, Answer.question, Answer.value).where(
            Answer.assessment_id == assessment_id, Answer.part.in_(_MOVED_PARTS)
        )
    ):
        values[part][name] = value
    unconfirmed: dict[FormPart, dict[str, UnconfirmedReason]] = {part: {} for part in FormPart}
    for one in session.scalars(select(UnconfirmedAnswer).where(UnconfirmedAnswer.assessment_id == assessment_id)):
        unconfirmed[one.part][one.question] = one.because
    return AnswerState(
        values[FormPart.ANSWER],
        values[FormPart.EVIDENCE],
        values[FormPart.FACT],
        unconfirmed[FormPart.ANSWER],
        unconfirmed[FormPart.FACT],
    )


def _answer_state_before(session: Session, one: EditionUpgrade) -> AnswerState:
    """What stood before a move, in its words of today: what was taken out for good since stays out."""
    # by revision: each value is looked up in the history, where words taken out since are gone
    wanted = one.before["said"]
    values: dict[FormPart, dict[str, Any]] = {part: {} for part in _MOVED_PARTS}
    for part, name, revision, after in session.execute(
        select(AnswerEvent.part, AnswerEvent.question, AnswerEvent.revision, AnswerEvent.after).where(
            AnswerEvent.assessment_id == one.assessment_id, AnswerEvent.part.in_(_MOVED_PARTS)
        )
    ):
        if wanted[part.value].get(name) == revision:
            values[part][name] = after
    unconfirmed = {
        part: {name: UnconfirmedReason(because) for name, because in one.before["waiting"][part.value].items()}
        for part in (FormPart.ANSWER, FormPart.FACT)
    }
    return AnswerState(
        values[FormPart.ANSWER],
        values[FormPart.EVIDENCE],
        values[FormPart.FACT],
        unconfirmed[FormPart.ANSWER],
        unconfirmed[FormPart.FACT],
    )


def _apply_answer_state(
    session: Session,
    assessment_id: uuid.UUID,
    before: AnswerState,
    after: AnswerState,
    renewed: Collection[str],
    now: datetime,
) -> None:
    """Write what differs. `renewed` are answers to another question under the same name."""
    parts: tuple[tuple[FormPart, Mapping[str, Any], Mapping[str, Any], Collection[str]], ...] = (
        (FormPart.ANSWER, before.answers, after.answers, renewed),
        (FormPart.EVIDENCE, before.proof, after.proof, ()),
        (FormPart.FACT, before.facts, after.facts, ()),
    )
    for part, was, becomes, again in parts:
        changes = {name: becomes.get(name) for name in {*was, *becomes} if was.get(name) != becomes.get(name)}
        changes |= {name: becomes[name] for name in again}
        overwrite_answers(session, assessment_id, part, changes, now, renewed=again)
    _replace_unconfirmed(session, assessment_id, FormPart.ANSWER, after.unconfirmed)
    _replace_unconfirmed(session, assessment_id, FormPart.FACT, after.unconfirmed_facts)


def _replace_unconfirmed(
    session: Session, assessment_id: uuid.UUID, part: FormPart, unconfirmed: Mapping[str, UnconfirmedReason]
) -> None:
    mine = (UnconfirmedAnswer.assessment_id == assessment_id) & (UnconfirmedAnswer.part == part)
    session.execute(delete(UnconfirmedAnswer).where(mine), execution_options=NO_SYNCHRONIZE)
    rows = [
        {"assessment_id": assessment_id, "part": part, "question": name, "because": because}
        for name, because in unconfirmed.items()
    ]
    if rows:
        session.execute(insert(UnconfirmedAnswer), rows)


def _editions(session: Session, one: EditionUpgrade) -> tuple[Edition, Edition]:
    old, new = load_edition(session, one.from_edition_id), load_edition(session, one.to_edition_id)
    return old.edition, new.edition


StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class AnswerState:
    """All that hangs on the questions of an edition: answers, ticks of proof and facts by their ids, and what waits to be confirmed."""

    answers: Mapping[str, AnswerValue] = field(default_factory=dict)
    proof: Mapping[str, bool] = field(default_factory=dict)
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    unconfirmed: Mapping[str, UnconfirmedReason] = field(default_factory=dict)
    unconfirmed_facts: Mapping[str, UnconfirmedReason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateAfterUndo:
    """What stands after going back. `lost` are the questions of the newer edition whose answer, given since, does not go back."""

    said: AnswerState
    lost: tuple[str, ...]


def carry_forward(old: Edition, new: Edition, said: AnswerState) -> AnswerState:
    """What stands in the newer edition. What is not in it stays behind: the caller keeps `said`."""
    carried = carry_over(old, new, said.answers)
    questions_asked = {question.id for question in new.questions()}
    facts = {name: value for name, value in said.facts.items() if _fact_fits(old, new, name, value)}
    unconfirmed = {name: because for name, because in said.unconfirmed.items() if name in carried.kept}
    return AnswerState(
        answers={**carried.kept, **{name: doubt.value for name, doubt in carried.confirm.items()}},
        proof={name: ticked for name, ticked in said.proof.items() if name in questions_asked},
        facts=facts,
        unconfirmed={**unconfirmed, **dict.fromkeys(carried.confirm, UnconfirmedReason.CHANGED)},
        unconfirmed_facts={name: because for name, because in said.unconfirmed_facts.items() if name in facts},
    )


def carry_back(old: Edition, new: Edition, before: AnswerState, now: AnswerState) -> StateAfterUndo:
    """What stands in the old edition again: `before`, with what was said since to questions that are the same."""
    moved = carry_forward(old, new, before)
    questions_asked = {question.id for question in new.questions()}
    known = {fact.id for fact in new.duty_book.facts}

    def answer_stays(name: str, _value: AnswerValue | None) -> bool:
        # a person may have answered what only the old one asks, from a page that was drawn before the move
        return same_question(old, new, name) or (_is_asked(old, name) and name not in questions_asked)

    def fact_stays(name: str, value: FactValue | None) -> bool:
        return name in known and (value is None or _fact_fits(new, old, name, value))

    answers, later = _restore(before.answers, moved.answers, now.answers, answer_stays)
    proof, _ = _restore(
        before.proof, moved.proof, now.proof, lambda name, _ticked: name in questions_asked and _is_asked(old, name)
    )
    facts, later_facts = _restore(before.facts, moved.facts, now.facts, fact_stays)
    unconfirmed = _restore_unconfirmed(
        before.unconfirmed, moved.unconfirmed, now.unconfirmed, later, lambda name: same_question(old, new, name)
    )
    said = AnswerState(
        answers,
        proof,
        facts,
        {name: because for name, because in unconfirmed.items() if name in answers},
        _restore_unconfirmed(
            before.unconfirmed_facts, moved.unconfirmed_facts, now.unconfirmed_facts, later_facts, known.__contains__
        ),
    )
    lost = (
        question.id
        for question in new.questions()
        if question.id in now.answers
        and now.answers[question.id] != moved.answers.get(question.id)
        and question.id not in later
    )
    return StateAfterUndo(said, tuple(lost))


def same_question(old: Edition, new: Edition, name: str) -> bool:
    """Whether both editions ask this, mean the same and give the same choices.

    Choices count whichever was chosen: what comes back must not tell which it was.
    """
    was, now = _find_question(old, name), _find_question(new, name)
    return was is not None and now is not None and _question_shape(was) == _question_shape(now)


def _question_shape(question: Question) -> tuple[object, ...]:
    columns = {(one.id, one.type, frozenset(option.id for option in one.options)) for one in question.columns}
    return (question.type, question.rev, frozenset(option.id for option in question.options), frozenset(columns))


def _restore(
    before: Mapping[str, StateT],
    moved: Mapping[str, StateT],
    now: Mapping[str, StateT],
    stays: Callable[[str, StateT | None], bool],
) -> tuple[dict[str, StateT], frozenset[str]]:
    """What stood before, but for what was changed since and `stays`; and the names of that."""
    back, later = dict(before), set()
    for name in {*moved, *now}:
        value = now.get(name)
        if value == moved.get(name) or not stays(name, value):
            continue
        later.add(name)
        if value is None:
            back.pop(name, None)
        else:
            back[name] = value
    return back, frozenset(later)


def _restore_unconfirmed(
    before: Mapping[str, UnconfirmedReason],
    moved: Mapping[str, UnconfirmedReason],
    now: Mapping[str, UnconfirmedReason],
    later: frozenset[str],
    same: Callable[[str], bool],
) -> dict[str, UnconfirmedReason]:
    """What waited before, but for what was confirmed or changed since in words that mean the same."""
    return {
        name: because
        for name, because in before.items()
        if name not in later and not (name in moved and name not in now and same(name))
    }


def _find_question(edition: Edition, name: str) -> Question | None:
    return next((question for question in edition.questions() if question.id == name), None)


def _is_asked(edition: Edition, name: str) -> bool:
    return _find_question(edition, name) is not None


def _find_fact(edition: Edition, name: str) -> Fact | None:
    return next((fact for fact in edition.duty_book.facts if fact.id == name), None)


def _fact_fits(old: Edition, new: Edition, name: str, value: FactValue) -> bool:
    was, now = _find_fact(old, name), _find_fact(new, name)
    if was is None or now is None or was.type != now.type:
        return False
    chosen = value if isinstance(value, list | tuple) else [value]
    # can be answered to every fact, and is an option of none
    known = {NOT_SURE, *(option.id for option in now.options)}
    return not now.options or all(one in known for one in chosen)


SetAside = Sequence[tuple[str, str, str, bool]]
"""Link, question, state before, and whether the answer of the business was still the one that the colleague gave."""


def set_aside_colleague_answers(
    session: Session, assessment_id: uuid.UUID, old: Edition, new: Edition
) -> list[list[object]]:
    """Set aside what they said to questions that are others now. Returns what was set aside, as it is kept (`SetAside`).

    An offer that waits for a decision is set aside too: it answers a question nobody is asked any more.
    """
    said = get_answers(session, assessment_id)
    aside: list[list[object]] = []
    for row in _colleague_answers(session, assessment_id):
        if row.question in carry_over(old, new, {row.question: row.value}).kept:
            continue
        stored = said.get(row.question)
        # the answer of the business may be another by now, and then nothing of hers stands in it
        still_hers = stored is not None and stored.revision == row.revision
        aside.append([str(row.delegation_id), row.question, row.state.value, still_hers])
        row.state = DelegatedAnswerState.BEFORE
    session.flush()
    return aside


def restore_colleague_answers(
    session: Session, assessment_id: uuid.UUID, aside: SetAside, old: Edition, new: Edition
) -> None:
    """Have stand what was set aside, where they have not said something else since; and set aside what they said to newer questions."""
    said = get_answers(session, assessment_id)
    since: set[tuple[uuid.UUID, str]] = set()
    for row in _colleague_answers(session, assessment_id):
        if not same_question(old, new, row.question):
            row.state = DelegatedAnswerState.BEFORE
            since.add((row.delegation_id, row.question))
    session.flush()
    for link, question, state, still_hers in aside:
        whose = (uuid.UUID(link), question)
        found = session.get(DelegatedAnswer, whose)
        if found is None or found.state is not DelegatedAnswerState.BEFORE or whose in since:
            continue
        found.state = DelegatedAnswerState(state)
        if still_hers and question in said:
            found.revision = said[question].revision
    session.flush()


def _colleague_answers(session: Session, assessment_id: uuid.UUID) -> Sequence[DelegatedAnswer]:
    links = select(Delegation.id).where(Delegation.assessment_id == assessment_id)
    wanted = select(DelegatedAnswer).where(DelegatedAnswer.delegation_id.in_(links))
    return session.scalars(
        wanted.where(DelegatedAnswer.state != DelegatedAnswerState.BEFORE),
        execution_options={"populate_existing": True},
    ).all()
