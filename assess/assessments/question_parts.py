"""Renders one question as HTML once, with placeholders, and fills it with stored or posted answers. Values are escaped before they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment
from markupsafe import Markup, escape

from assess.assessments.forms import AnswerErrors, FormAnswer, form_answer_from_stored
from assess.engine.bank import CHOICE_TYPES, AnswerValue, Question
from assess.engine.in_words import fill_placeholders
from assess.engine.points import is_exclusive_option

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Letters for private use: no bank and no page has them."""
_PLACEHOLDER = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def placeholder(name: str) -> Markup:
    """The place of a value in a template. Slots of one name are filled alike."""
    return Markup(f"{_OPEN}{name}{_CLOSE}")  # noqa: S704 - names of slots are ours


class FragmentTemplate:
    def __init__(self, rendered: str) -> None:
        self._pieces = _PLACEHOLDER.split(rendered)
        self._names = self._pieces[1::2]
        self._encoded = [piece.encode() for piece in self._pieces]

    def fill(self, values: Mapping[str, str]) -> str:
        """The finished HTML. A slot without a value stays empty."""
        pieces = self._pieces.copy()
        pieces[1::2] = [values.get(name, "") for name in self._names]
        return "".join(pieces)

    def fill_encoded(self, values: Mapping[str, bytes]) -> bytes:
        """The same in UTF-8, from values in UTF-8: a page is mostly words that were encoded long ago."""
        pieces = self._encoded.copy()
        pieces[1::2] = [values.get(name, b"") for name in self._names]
        return b"".join(pieces)


CONFIRM_COPIED_ANSWER = (
    "Confirm again: this is what you said in your other self-check. Change it if it is different here."
)
QUESTION_CHANGED = "Please look at this again: the question changed. Your answer counts when you save this page."

MAX_CACHED_ANSWERS = 32
"""Filled forms kept of one question: enough for every answer of a list, with and without proof."""

_HINTS = {
    "choices": "Choose all that apply.",
    "text": "Never give the names or details of workers.",
    "date": "For example, 27 3 2026.",
    "table": "Leave a box empty if you do not know. Never give the names of workers.",
}


@dataclass(frozen=True, slots=True)
class QuestionTexts:
    ask: str
    hint: str | None
    why: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class QuestionFragment:
    """A question ready to be filled.

    `row` and `add` are those of a table; `listed` says that its answers come from a list; `revision_input` begins the field that
    carries the revision.
    """

    question: Question
    words: QuestionTexts
    template: FragmentTemplate
    row: FragmentTemplate | None
    add: str
    listed: bool
    revision_input: str
    retired: Mapping[str, str] = field(default_factory=dict)
    """The HTML of answers that are offered no longer, by id: shown to the person who gave one."""
    kept: dict[str, bytes] = field(default_factory=dict)

    def fill(self, typed: FormAnswer, revision: int, errors: AnswerErrors = (), *, confirm_reason: str = "") -> str:
        """The HTML of the question with this content. `revision` goes with the form and comes back with it.

        `confirm_reason`: why the answer has to be confirmed, in words that stand beside it; empty where it need not.
        """
        return f'{self._body(typed, errors, confirm_reason=confirm_reason)}{self.revision_input}{revision}">'

    def _body(self, typed: FormAnswer, errors: AnswerErrors, *, confirm_reason: str = "") -> str:
        question = self.question
        slots: dict[str, str] = {}
        if self.listed:
            for text in typed.texts:
                slots[f"is:{text}"] = " checked"
                slots[f"retired:{text}"] = self.retired.get(text, "")
        elif question.type == "table":
            slots["rows"] = self._rows(typed, errors if isinstance(errors, Mapping) else {})
        else:
            slots["text"] = escape(typed.text)
        if typed.ticked:
            slots["ticked"] = " checked"
        if typed.proof:
            slots["proof"] = " checked"
        described = f"{question.id}--hint" if self.words.hint else ""
        if confirm_reason:
            slots["error"] = Markup('<p id="{}" class="govuk-inset-text assess-again">{}</p>').format(
                f"{question.id}--again", confirm_reason
            )
            described = f"{described} {question.id}--again".strip()
        if errors:
            slots["bad"] = " govuk-form-group--error"
            slots["bad-input"] = " govuk-input--error"
        if errors and not isinstance(errors, Mapping):
            slots["error"] = slots.get("error", "") + _error_html(f"{question.id}--error", errors)
            described = f"{described} {question.id}--error".strip()
        if described:
            slots["described"] = f' aria-describedby="{described}"'
        return self.template.fill(slots)

    def answered(self, value: AnswerValue | None, *, proof: bool, revision: int) -> bytes:
        """The HTML with a stored answer, in UTF-8. What is chosen from a list comes again and again, so it is kept."""
        if value is not None and not self.listed:
            return self.fill(form_answer_from_stored(self.question, value, proof=proof), revision).encode()
        key = f"{value or ''}{' and proof' if proof else ''}"
        html = self.kept.get(key)
        if html is None:
            if len(self.kept) >= MAX_CACHED_ANSWERS:
                self.kept.clear()
            body = self._body(form_answer_from_stored(self.question, value, proof=proof), ())
            html = self.kept[key] = (body + self.revision_input).encode()
        return b'%b%d">' % (html, revision)

    def _rows(self, typed: FormAnswer, errors: Mapping[int, Mapping[str, Sequence[str]]]) -> str:
        if self.row is None:
            return ""
        rows = typed.rows or ({},)
        return (
            "".join(self.row.fill(self._row(row, number, errors.get(number, {}))) for number, row in enumerate(rows))
            + self.add
        )

    def _row(self, row: Mapping[str, str], number: int, errors: Mapping[str, Sequence[str]]) -> dict[str, str]:
        slots = {"row": str(number), "count": str(number + 1)}
        for column, text in row.items():
            slots[f"text:{column}"] = escape(text)
            slots[f"is:{column}:{text}"] = " selected"
        for column, sentences in errors.items():
            name = f"{self.question.id}-{number}-{column}-error"
            slots[f"bad:{column}"] = " govuk-form-group--error"
            slots[f"error:{column}"] = _error_html(name, sentences)
            slots[f"described:{column}"] = f' aria-describedby="{escape(name)}"'
        return slots


def make_question_fragment(question: Question, texts: Mapping[str, str], templates: Environment) -> QuestionFragment:
    macros = templates.get_template("assessments/_question.html").module
    words = question_texts(question, texts)
    alone = frozenset(option.id for option in question.options if is_exclusive_option(option.id))
    rendered = macros.question_part(question, words, placeholder, alone, input_label(question.type, question.unit))  # type: ignore[attr-defined]  # a macro of the template
    row = add = ""
    if question.type == "table":
        leads = {
            column.id: (f"{column.label} (for example, 27 3 2026)" if column.type == "date" else column.label)
            for column in question.columns
        }
        row = macros.row_part(question, leads, placeholder)  # type: ignore[attr-defined]  # the same
        add = macros.add_part(question)  # type: ignore[attr-defined]  # the same
    revision_input = f'<input type="hidden" name="{question.id}.seen" value="'
    return QuestionFragment(
        question,
        words,
        template=FragmentTemplate(str(rendered)),
        row=FragmentTemplate(str(row)) if row else None,
        add=str(add),
        listed=question.type in CHOICE_TYPES,
        revision_input=revision_input,
        retired={one.id: str(macros.retired_part(question, one, alone)) for one in question.options if one.retired},  # type: ignore[attr-defined]  # the same
    )


def question_texts(question: Question, texts: Mapping[str, str]) -> QuestionTexts:
    evidence = question.evidence if question.evidence and question.evidence.strip(" —–-") else None
    own = fill_placeholders(question.hint, texts) if question.hint else ""
    has_example = question.type == "date" and "for example" in own.lower()
    return QuestionTexts(
        ask=fill_placeholders(question.ask, texts),
        hint=f"{own} {'' if has_example else _HINTS.get(question.type, '')}".strip() or None,
        why=fill_placeholders(question.why, texts) if question.why else None,
        evidence=_lower_first(fill_placeholders(evidence, texts)) if evidence else None,
    )


def input_label(kind: str, unit: str | None) -> str:
    """The label at an input, from its unit: "£ a day" gives "Pounds a day", "hours" gives "Number of hours"."""
    if kind == "percentage":
        return "Percentage"
    if kind == "date":
        return "Date"
    if kind == "text":
        return "Your answer"
    if not unit:
        return "Number"
    return f"Pounds {unit[1:].strip()}".strip() if unit.startswith("£") else f"Number of {unit}"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _error_html(name: str, sentences: Sequence[str]) -> str:
    return Markup(
        '<p id="{}" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {}</p>'
    ).format(name, escape(" ".join(sentences)))
