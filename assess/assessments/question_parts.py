"""Shows one question as HTML with what is stored or was typed, and lists what is wrong with answers. Whatever is shown again and again is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from flask import current_app
from markupsafe import Markup, escape

from assess.assessments.access import texts_today
from assess.assessments.forms import AnswerErrors
from assess.core import clock
from assess.core.pages import template_macros
from assess.engine.bank import AnswerValue, Question
from assess.engine.in_words import fill_placeholders
from assess.engine.points import is_exclusive_option
from assess.engine.question_types import CHOICE_TYPES
from assess.question_banks.files import BoundedCache
from assess.question_banks.question_types import QUESTION_FORMS, FormAnswer, form_answer_from_stored

CONFIRM_COPIED_ANSWER = (
    "Confirm again: this is what you said in your other self-check. Change it if it is different here."
)
QUESTION_CHANGED = "The question has changed. Check your answer: it counts when you save this page."

MAX_CACHED_QUESTIONS, MAX_CACHED_FRAMES = 4000, 300
"""Of some thousand bytes each; past it all are rendered anew."""
_CACHE_KEY = "assess.rendered_parts"
_OPEN, _CLOSE, _TYPED = "\ue000", "\ue001", "\ue002"
"""Letters for private use, which no bank and no page has: around the name of a place, and for what was typed in a question that is kept."""
_PLACEHOLDER = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


class PageFrame:
    """A page that was rendered once, with places that each reader gets filled in anew. A place without a value stays empty."""

    def __init__(self, rendered: str) -> None:
        pieces = _PLACEHOLDER.split(rendered)
        self._pieces, self._names = [piece.encode() for piece in pieces], pieces[1::2]

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """The page in UTF-8, most of which was encoded long ago."""
        pieces = self._pieces.copy()
        pieces[1::2] = [values.get(name, b"") for name in self._names]
        return b"".join(pieces)


def placeholder(name: str) -> Markup:
    return Markup(f"{_OPEN}{name}{_CLOSE}")  # noqa: S704 - names of places are ours


@dataclass(frozen=True, slots=True)
class QuestionTexts:
    ask: str
    hint: str | None
    why: str | None
    evidence: str | None


@dataclass(slots=True)
class ShownQuestion:
    """One question as a page shows it now. `typed` is what a form said, where that is not what is stored.

    `revision` goes with the form and comes back with it. `asks_proof`: whether proof is asked for, as a quick check does not. `confirm_reason`: why its answer waits to be confirmed, in words; empty where
    it does not.
    """

    question: Question
    revision: int
    value: AnswerValue | None = None
    proof: bool = False
    typed: FormAnswer | None = None
    errors: AnswerErrors = ()
    confirm_reason: str = ""
    asks_proof: bool = True

    @property
    def answer(self) -> FormAnswer:
        return self.typed or form_answer_from_stored(self.question, self.value, proof=self.proof)


def question_html(shown: ShownQuestion, texts: Mapping[str, str]) -> Markup:
    """The question with this content. `texts`: the dated settings in words."""
    question = shown.question
    html: Markup = template_macros("assessments/_question.html").question_part(
        shown,
        question_texts(question, texts),
        QUESTION_FORMS[question.type],
        [option.id for option in question.options if is_exclusive_option(option.id)],
    )
    return html


@dataclass(frozen=True, slots=True)
class RenderedParts:
    """Questions and frames of pages that were rendered before, all of one day and one content version: rates and phone numbers change with these."""

    version: object
    questions: BoundedCache[bytes] = field(default_factory=lambda: BoundedCache(MAX_CACHED_QUESTIONS))
    frames: BoundedCache[PageFrame] = field(default_factory=lambda: BoundedCache(MAX_CACHED_FRAMES))

    def question_html(self, edition_id: int, shown: ShownQuestion) -> bytes:
        """`question_html` in UTF-8, kept for everybody where nothing of it was typed."""
        question, value = shown.question, shown.value
        as_stored = not (shown.typed or shown.errors or shown.confirm_reason)
        own_words = isinstance(value, Mapping)
        if as_stored and not own_words and (value is None or question.type in CHOICE_TYPES):
            said: object = tuple(value) if isinstance(value, list) else value
            key = edition_id, question.id, said, shown.proof, shown.asks_proof, shown.revision
            return self.questions.get(key, lambda: question_html(shown, texts_today()).encode())
        if not as_stored or own_words or (question.columns and value):
            return question_html(shown, texts_today()).encode()
        # a number of one business is no use to another: it goes into what is kept
        typed = shown.answer
        blank = replace(typed, texts=(_TYPED,) if typed.texts else ())
        html = self.questions.get(
            (edition_id, question.id, blank.texts, shown.proof, shown.asks_proof, shown.revision),
            lambda: question_html(replace(shown, typed=blank), texts_today()).encode(),
        )
        return html.replace(_TYPED.encode(), escape(typed.text).encode())


def rendered_parts(content_version: int | None) -> RenderedParts:
    """Those of today, of the content version in force, and of this app."""
    version = content_version, clock.today()
    kept = cast("RenderedParts | None", current_app.extensions.get(_CACHE_KEY))
    if kept is None or kept.version != version:
        kept = current_app.extensions[_CACHE_KEY] = RenderedParts(version)
    return kept


def error_summary_rows(questions: Sequence[ShownQuestion], texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """One line for each fault, in the order of the page: the id to go to, and the sentence with its question."""
    rows: list[tuple[str, str]] = []
    for shown in questions:
        name, columns = shown.question.id, shown.question.columns
        title = short_title(fill_placeholders(shown.question.ask, texts))
        if isinstance(shown.errors, Mapping):
            labels = {column.id: column.label for column in columns}
            rows += [
                (
                    f"{name}-{number}-{column}",
                    f"{f'Row {number + 1}, {labels.get(column, column)}' if columns else title}: {sentence}",
                )
                for number, cells in shown.errors.items()
                for column, said in cells.items()
                for sentence in said
            ]
        else:
            target = f"{name}-0-{columns[0].id}" if columns else name
            rows += [(target, f"{title}: {sentence}") for sentence in shown.errors]
    return rows


def short_title(ask: str) -> str:
    """The first sentence of a question, without its mark: enough to tell it by."""
    first = ask.split("? ", 1)[0].split(". ", 1)[0].rstrip("?.")
    return first if len(first) <= 90 else first[:88].rsplit(" ", 1)[0] + " …"  # noqa: PLR2004 - about one line


_SAYS_HOW = {"date": "for example", "choices": "tick "}
"""A hint with these words says how to answer, so that the one of the type is not added."""


def question_texts(question: Question, texts: Mapping[str, str]) -> QuestionTexts:
    evidence = question.evidence if question.evidence and question.evidence.strip(" —–-") else None
    own = fill_placeholders(question.hint, texts) if question.hint else ""
    says_how = question.type in _SAYS_HOW and _SAYS_HOW[question.type] in own.lower()
    return QuestionTexts(
        ask=fill_placeholders(question.ask, texts),
        hint=f"{own} {'' if says_how else QUESTION_FORMS[question.type].hint}".strip() or None,
        why=fill_placeholders(question.why, texts) if question.why else None,
        evidence=_lower_first(fill_placeholders(evidence, texts)) if evidence else None,
    )


def _lower_first(text: str) -> str:
    """As the second half of a sentence. HMRC and Companies House stay as they are."""
    is_name = not text[1:2].islower() or any(word[0].isupper() for word in text.split()[1:2])
    return text if is_name else text[:1].lower() + text[1:]
