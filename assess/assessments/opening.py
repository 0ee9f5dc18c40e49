"""Opening an assessment for a page: may this browser, and what was said so far, in one light query.

A question page is asked for more often than anything else, so the database gathers all answers in one text, which is decoded in
one go.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Integer, String, Text, and_, bindparam, func, select, type_coerce
from sqlalchemy import cast as sql_cast
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from assess.assessments.models import Answer, AnswerEvent, Assessment, Part, Visit
from assess.assessments.owning.models import Because, ToConfirm
from assess.assessments.progress import Progress
from assess.assessments.together.models import Together
from assess.assessments.visits import LONGEST_IDLE, VisitEndedError
from assess.engine.bank import Edition, Value
from assess.engine.facts import FactValue
from assess.engine.visibility import settle
from assess.kit.encryption import Keyring, keys_of, raw
from assess.kit.prepared import Prepared
from assess.kit.tokens import hash_token, looks_like_token

TEXTS_KEPT = 64
"""Assessments whose answers are kept decoded: those that people are busy with just now."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An assessment and everything said in it. `revisions` by part and question; what is absent was not said and has 0.

    `text` is everything said as the database gathered it: with the same text nothing has changed since.
    `waiting` are, by part, the questions whose answer was filled in and is not confirmed yet; `changed` those of them whose question
    has changed since it was answered.
    `helped`: a coordinator can open it just now, because the business asked. `organisation_id`: whose it is, None until it is claimed.
    """

    id: uuid.UUID
    edition_id: int
    quick: bool
    version: int
    submitted: bool
    text: str
    said: Mapping[str, Mapping[str, Any]]
    revisions: Mapping[str, Mapping[str, int]]
    waiting: Mapping[str, frozenset[str]] = field(default_factory=dict)
    helped: bool = False
    organisation_id: uuid.UUID | None = None
    changed: frozenset[str] = frozenset()

    @property
    def waiting_answers(self) -> frozenset[str]:
        """The questions whose answer waits to be confirmed."""
        return self.waiting.get(Part.ANSWER, frozenset())

    @property
    def confirmed(self) -> Mapping[str, Value]:
        """Answers by question, without those that wait."""
        if not self.waiting:
            return self.answers
        return {name: value for name, value in self.answers.items() if name not in self.waiting_answers}

    @property
    def answers(self) -> Mapping[str, Value]:
        """Answers by question."""
        return self.said[Part.ANSWER]

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """Facts given in the form, "not sure" included (`facts_form.NOT_SURE`)."""
        return self.said[Part.FACT]

    @property
    def gates(self) -> Mapping[str, bool]:
        """Answers to the gates."""
        return self.said[Part.GATE]

    @property
    def organisation(self) -> Mapping[str, str]:
        """Name, area, postcode and company number, each only when given."""
        return self.said[Part.ORGANISATION]

    @property
    def evidence(self) -> Mapping[str, bool]:
        """The questions for which proof is at hand."""
        return self.said[Part.EVIDENCE]


_SAID = (
    select(
        func.aggregate_strings(
            type_coerce(Answer.part, String) + " " + Answer.question + " "
            + sql_cast(Answer.revision, Text) + " " + raw(Answer.value),
            ",",
        )
    )
    .where(Answer.assessment_id == Assessment.id)
    .correlate(Assessment)
    .scalar_subquery()
)  # fmt: skip
"""Everything said, each value encrypted. Parts and questions are plain slugs and ciphertext is base64: none holds a space or a comma."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_WAITS, _HELPED = 1, 2
_ASIDE = (
    sql_cast(
        select(ToConfirm.question).where(ToConfirm.assessment_id == Assessment.id).correlate(Assessment).exists(),
        Integer,
    )
    * _WAITS
    + sql_cast(
        select(Together.id)
        .where(Together.assessment_id == Assessment.id, Together.ended_at.is_(None))
        .where(Together.until > bindparam("now", _NEVER))
        .correlate(Assessment)
        .exists(),
        Integer,
    )
    * _HELPED
)
"""Whether anything waits to be confirmed, and whether a coordinator helps: both seldom, so only then is more read."""

_OPENED = Prepared(
    select(
        type_coerce(
            and_(Visit.until > bindparam("now", _NEVER), Visit.used_at > bindparam("idle_since", _NEVER)), Boolean
        ),
        Assessment.organisation_id,
        Assessment.edition_id,
        type_coerce(Assessment.quick, Integer),
        Assessment.version,
        Assessment.submitted_at.is_not(None),
        _ASIDE,
        _SAID,
    )
    .join(Assessment, Assessment.id == Visit.assessment_id)
    .where(Visit.token_hash == bindparam("token", ""), Visit.assessment_id == bindparam("assessment", uuid.UUID(int=0)))
)
_OPENED_BY_ID = Prepared(
    select(
        Assessment.organisation_id,
        Assessment.edition_id,
        type_coerce(Assessment.quick, Integer),
        Assessment.version,
        Assessment.submitted_at.is_not(None),
        _ASIDE,
        _SAID,
    ).where(Assessment.id == bindparam("assessment", uuid.UUID(int=0)))
)
_WAITING = Prepared(
    select(type_coerce(ToConfirm.part, String), ToConfirm.question, type_coerce(ToConfirm.because, String)).where(
        ToConfirm.assessment_id == bindparam("assessment", uuid.UUID(int=0))
    )
)
_PARTS = tuple(part.value for part in Part)


def open_assessment(engine: Engine, token: str | None, assessment_id: uuid.UUID, now: datetime) -> Opened | None:
    """What this browser's visit opens, or None when it opens nothing here.

    Raises:
        VisitEndedError: when it did, and its time is up.
    """
    if token is None or not looks_like_token(token):
        return None
    mine = {"token": hash_token(token), "assessment": assessment_id, "now": now, "idle_since": now - LONGEST_IDLE}
    rows = _OPENED.rows(engine, mine)
    if not rows:
        return None
    live, *rest = rows[0]
    if not live:
        raise VisitEndedError
    return _opened(engine, assessment_id, *rest)


def open_by_id(engine: Engine, assessment_id: uuid.UUID, now: datetime) -> Opened | None:
    """The assessment, whoever asks: the caller of this decides who may. None when there is none."""
    rows = _OPENED_BY_ID.rows(engine, {"assessment": assessment_id, "now": now})
    return _opened(engine, assessment_id, *rows[0]) if rows else None


def _opened(
    engine: Engine,
    assessment_id: uuid.UUID,
    organisation_id: uuid.UUID | str | None,
    edition_id: int,
    quick: int,
    version: int,
    submitted: int,
    aside: int,
    listed: str | None,
) -> Opened:
    text = listed or ""
    said, revisions = _decoded(text, assessment_id, keys_of(engine.dialect))
    waits = _WAITING.rows(engine, {"assessment": assessment_id}) if aside & _WAITS else []
    return Opened(
        assessment_id,
        edition_id,
        bool(quick),
        version,
        bool(submitted),
        text,
        said,
        revisions,
        {part: frozenset(name for of, name, _ in waits if of == part) for part in _PARTS} if waits else {},
        bool(aside & _HELPED),
        uuid.UUID(organisation_id) if isinstance(organisation_id, str) else organisation_id,
        frozenset(name for of, name, because in waits if of == Part.ANSWER and because == Because.CHANGED),
    )


@lru_cache(maxsize=TEXTS_KEPT * 128)
def _decrypted(keys: Keyring, token: str, place: str) -> bytes:
    """One value. Of all that stands in an assessment a save changes a few: the others need not be decrypted again."""
    return keys.decrypt(token, place)


@lru_cache(maxsize=TEXTS_KEPT)
def _decoded(
    text: str, assessment_id: uuid.UUID, keys: Keyring
) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, int]]]:
    """Values and revisions by part and question. Nobody may change them: the next look at the same text gets the same."""
    said: dict[str, dict[str, Any]] = {part: {} for part in _PARTS}
    revisions: dict[str, dict[str, int]] = {part: {} for part in _PARTS}
    names: list[tuple[str, str]] = []
    values: list[bytes] = []
    start = f"answer.value|{assessment_id.hex}|"
    for one in text.split(",") if text else ():
        part, question, revision, token = one.split(" ")
        names.append((part, question))
        values.append(_decrypted(keys, token, f"{start}{part}|{question}|"))
        revisions[part][question] = int(revision)
    for (part, question), value in zip(names, json.loads(b"[" + b",".join(values) + b"]"), strict=True):
        said[part][question] = value
    return said, revisions


@dataclass(frozen=True, slots=True)
class _Said:
    """Answers, and the text by which they are told from others."""

    text: str
    answers: Mapping[str, Value] = field(compare=False)


def progress_of(edition: Edition, opened: Opened) -> Progress:
    """How far everything said goes, without what waits. What a save has worked out serves the page that follows it."""
    return _progress(edition, _Said(opened.text, opened.answers), opened.waiting_answers)


@lru_cache(maxsize=TEXTS_KEPT)
def _progress(edition: Edition, said: _Said, waiting: frozenset[str]) -> Progress:
    answers = said.answers
    if waiting:
        answers = {name: value for name, value in answers.items() if name not in waiting}
    return Progress(edition, settle(edition, answers), waiting)


def forget_texts() -> None:
    """Keep no answers in memory: for when somebody deletes theirs."""
    _decoded.cache_clear()
    _decrypted.cache_clear()
    _progress.cache_clear()


def value_at(session: Session, assessment_id: uuid.UUID, part: Part, question: str, revision: int) -> object:
    """What was said at this revision; None when nothing was."""
    if not revision:
        return None
    return session.scalars(
        select(AnswerEvent.after).where(
            AnswerEvent.assessment_id == assessment_id,
            AnswerEvent.part == part,
            AnswerEvent.question == question,
            AnswerEvent.revision == revision,
        )
    ).first()
