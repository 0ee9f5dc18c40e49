"""One question as HTML: rendered once from its template, then filled with what was answered or typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment
from markupsafe import Markup, escape

from assess.assessments.fields import stands_alone
from assess.assessments.moulds import Mould, slot
from assess.assessments.typed import Typed, from_stored
from assess.engine.bank import Column, Question, Value
from assess.engine.texts import fill

Faults = Sequence[str] | Mapping[int, Mapping[str, Sequence[str]]]
"""What is wrong with an answer: sentences, or for a table the sentences of each cell by row and column."""

CONFIRM_AGAIN = "Confirm again: this is what you said in your other self-check. Change it if it is different here."
"""Beside an answer that was taken over, whatever it says."""
LOOK_AGAIN = "Please look at this again: the question changed. Your answer counts when you save this page."
"""Beside an answer to a question that has changed since, whatever it says."""

LISTED = frozenset({"choice", "choices"})
MOST_KEPT = 32
"""Filled forms kept of one question: enough for every answer of a list, with and without proof."""

_HINTS = {
    "choices": "Choose all that apply.",
    "text": "Never give the names or details of workers.",
    "date": "For example, 27 3 2026.",
    "table": "Leave a box empty if you do not know. Never give the names of workers.",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a question with the rates and places of the day filled in."""

    ask: str
    hint: str | None
    why: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A question ready to be filled.

    `row` and `add` are those of a table; `listed` says that its answers come from a list; `seen` begins the field that
    carries the revision.
    """

    question: Question
    words: Words
    mould: Mould
    row: Mould | None
    add: str
    listed: bool
    seen: str
    retired: Mapping[str, str] = field(default_factory=dict)
    """The HTML of answers that are offered no longer, by id: shown to whoever gave one."""
    kept: dict[str, bytes] = field(default_factory=dict)

    def fill(self, typed: Typed, revision: int, faults: Faults = (), *, again: str = "") -> str:
        """The HTML of the question with this content. `revision` goes with the form and comes back with it.

        `again`: why the answer has to be confirmed, in words that stand beside it; empty where it need not.
        """
        return f'{self._body(typed, faults, again=again)}{self.seen}{revision}">'

    def _body(self, typed: Typed, faults: Faults, *, again: str = "") -> str:
        question = self.question
        slots: dict[str, str] = {}
        if self.listed:
            for text in typed.texts:
                slots[f"is:{text}"] = " checked"
                slots[f"retired:{text}"] = self.retired.get(text, "")
        elif question.type == "table":
            slots["rows"] = self._rows(typed, faults if isinstance(faults, Mapping) else {})
        else:
            slots["text"] = escape(typed.text)
        if typed.ticked:
            slots["ticked"] = " checked"
        if typed.proof:
            slots["proof"] = " checked"
        described = f"{question.id}--hint" if self.words.hint else ""
        if again:
            slots["error"] = _again(f"{question.id}--again", again)
            described = f"{described} {question.id}--again".strip()
        if faults:
            slots["bad"] = " govuk-form-group--error"
            slots["bad-input"] = " govuk-input--error"
        if faults and not isinstance(faults, Mapping):
            slots["error"] = slots.get("error", "") + _error(f"{question.id}--error", faults)
            described = f"{described} {question.id}--error".strip()
        if described:
            slots["described"] = f' aria-describedby="{described}"'
        return self.mould.fill(slots)

    def answered(self, value: Value | None, *, proof: bool, revision: int) -> bytes:
        """The HTML with a stored answer, in UTF-8. What is chosen from a list comes again and again, so it is kept."""
        if value is not None and not self.listed:
            return self.fill(from_stored(self.question, value, proof=proof), revision).encode()
        key = f"{value or ''}{' and proof' if proof else ''}"
        html = self.kept.get(key)
        if html is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            body = self._body(from_stored(self.question, value, proof=proof), ())
            html = self.kept[key] = (body + self.seen).encode()
        return b'%b%d">' % (html, revision)

    def _rows(self, typed: Typed, faults: Mapping[int, Mapping[str, Sequence[str]]]) -> str:
        if self.row is None:
            return ""
        rows = typed.rows or ({},)
        return (
            "".join(self.row.fill(self._row(row, number, faults.get(number, {}))) for number, row in enumerate(rows))
            + self.add
        )

    def _row(self, row: Mapping[str, str], number: int, faults: Mapping[str, Sequence[str]]) -> dict[str, str]:
        slots = {"row": str(number), "count": str(number + 1)}
        for column, text in row.items():
            slots[f"text:{column}"] = escape(text)
            slots[f"is:{column}:{text}"] = " selected"
        for column, sentences in faults.items():
            name = f"{self.question.id}-{number}-{column}-error"
            slots[f"bad:{column}"] = " govuk-form-group--error"
            slots[f"error:{column}"] = _error(name, sentences)
            slots[f"described:{column}"] = f' aria-describedby="{escape(name)}"'
        return slots


def make_part(question: Question, texts: Mapping[str, str], templates: Environment) -> QuestionPart:
    """Render a question once. `texts` are the dated settings in words."""
    macros = templates.get_template("assessments/_question.html").module
    words = words_of(question, texts)
    alone = frozenset(option.id for option in question.options if stands_alone(option.id))
    rendered = macros.question_part(question, words, slot, alone, lead_of(question.type, question.unit))  # type: ignore[attr-defined]  # a macro of the template
    row = add = ""
    if question.type == "table":
        leads = {column.id: _column_lead(column) for column in question.columns}
        row = macros.row_part(question, leads, slot)  # type: ignore[attr-defined]  # the same
        add = macros.add_part(question)  # type: ignore[attr-defined]  # the same
    seen = f'<input type="hidden" name="{question.id}.seen" value="'
    return QuestionPart(
        question,
        words,
        mould=Mould(str(rendered)),
        row=Mould(str(row)) if row else None,
        add=str(add),
        listed=question.type in LISTED,
        seen=seen,
        retired={one.id: str(macros.retired_part(question, one, alone)) for one in question.options if one.retired},  # type: ignore[attr-defined]  # the same
    )


def words_of(question: Question, texts: Mapping[str, str]) -> Words:
    """The texts of a question as people read them on this day."""
    evidence = question.evidence if question.evidence and question.evidence.strip(" —–-") else None
    return Words(
        ask=fill(question.ask, texts),
        hint=_hint(question, texts),
        why=fill(question.why, texts) if question.why else None,
        evidence=_lower_first(fill(evidence, texts)) if evidence else None,
    )


def _hint(question: Question, texts: Mapping[str, str]) -> str | None:
    """The question's own hint, and the one that every question of its type has; of two examples of a date, its own."""
    own = fill(question.hint, texts) if question.hint else ""
    has_example = question.type == "date" and "for example" in own.lower()
    return f"{own} {'' if has_example else _HINTS.get(question.type, '')}".strip() or None


def lead_of(kind: str, unit: str | None) -> str:
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


def _column_lead(column: Column) -> str:
    return f"{column.label} (for example, 27 3 2026)" if column.type == "date" else column.label


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _again(name: str, words: str) -> str:
    return Markup('<p id="{}" class="govuk-inset-text assess-again">{}</p>').format(name, words)


def _error(name: str, sentences: Sequence[str]) -> str:
    said = escape(" ".join(sentences))
    return Markup(
        '<p id="{}" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {}</p>'
    ).format(name, said)
