"""Worked examples of a bank: compared with the draft, changed, renamed, added and retired."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from assess.assessments.forms import PostedSection
from assess.assessments.question_parts import ShownQuestion, error_summary_rows, question_html, short_title
from assess.bank_editor.draft_context import DraftContext, item_at
from assess.bank_editor.fields import FileData
from assess.bank_editor.preview import (
    BAND_LABELS,
    NONE_WORD,
    NotReady,
    PreviewEdition,
    PreviewState,
    SideBySide,
    fitting_state,
    lines_side_by_side,
    result_lines,
    without_faulty_examples,
)
from assess.core.edit_conflicts import NotSavedError, etag
from assess.core.forms.form import pressed
from assess.engine.bank import AnswerValue, Question
from assess.engine.examples import TOLERANCES, Example, resolve_examples, run_example
from assess.engine.result import Result
from assess.engine.scoring import score_answers
from assess.question_banks.files import FileProblem
from assess.question_banks.question_types import FormAnswer
from assess.question_banks.schema_fields import as_list

FIGURE_LABELS: Mapping[str, str] = {
    "shown": "Questions shown",
    "exposure": "Exposure",
    "gap": "Gap",
    "score": "Score",
    "score_band": "Band by score alone",
    "band": "Band",
    "confidence": "Confidence",
    "urgent_signs": "Urgent signs",
    "serious_signs": "Serious signs",
    "unknown_signs": "Signs nobody knows about",
    "notes": "Notes",
}
"""What a worked example can expect, in the order in which it is written."""
FIGURE_DIGITS: Mapping[str, int] = {name: round(-math.log10(2 * near)) for name, near in TOLERANCES.items()}
"""Decimals of a figure in a file: half of the last one is how far it may be off."""


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    name: str
    wanted: str
    got: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """One worked example held against the draft. `number` counts from 1 in the file; `seen` is the mark of its text.

    `errors` are answers that cannot be given any more: then nothing else is known. `lines` compares the draft with the edition in use.
    `new` are questions it should answer since the draft, in the order of asking. `given` is the mark of the figures of the draft: nobody
    writes figures that are others than were on the page.
    """

    number: int
    title: str
    etag: str
    errors: Mapping[str, str]
    figures: tuple[ComparedFigure, ...] = ()
    lines: tuple[SideBySide, ...] = ()
    new: tuple[Question, ...] = ()
    answered: int = 0
    given: str = ""

    @property
    def holds(self) -> bool:
        return not self.errors and all(figure.holds for figure in self.figures)


def written_examples(draft_context: DraftContext, bank: str) -> list[dict[str, Any]]:
    own = draft_context.files.at("", bank)
    return [one for one in as_list(own.raw_data.get("worked_examples") if own else None) if isinstance(one, dict)]


def compare_examples(
    raw: list[dict[str, Any]], in_draft: PreviewEdition, document: Mapping[str, Any], in_use: PreviewEdition | None
) -> tuple[ExampleOutcome, ...]:
    examples, problems = resolve_examples(raw, document)
    held = []
    for number, example in enumerate(examples, 1):
        errors = {str(one.place[-1]): one.cause for one in problems if one.place[1] == number - 1}
        mark = etag(raw[number - 1])
        held.append(
            ExampleOutcome(number, example.title, mark, errors)
            if errors
            else _example_outcome(number, example, mark, in_draft, in_use)
        )
    return tuple(held)


def _example_outcome(
    number: int, example: Example, mark: str, in_draft: PreviewEdition, in_use: PreviewEdition | None
) -> ExampleOutcome:
    result = score_example(example, in_draft)
    before = score_example(example, in_use) if in_use else None
    questions = {question.id: question for question in in_draft.edition.questions()}
    known = {question.id for question in in_use.edition.questions()} if in_use else set()
    left_open = set(before.missing) & known if before else set()
    lines = result_lines(in_draft.edition, result, in_draft.settings.texts)
    wrong = run_example(in_draft.edition, example, in_draft.settings.scoring)
    names = {check.id: check.says for check in in_draft.edition.checks} | {
        one.id: short_title(one.ask) for one in in_draft.edition.questions()
    }
    return ExampleOutcome(
        number,
        example.title,
        mark,
        {},
        figures=tuple(
            ComparedFigure(
                words,
                figure_in_words(example.expect[name], names),
                figure_in_words(_rounded(name, getattr(result, name)), names),
                name not in wrong,
            )
            for name, words in FIGURE_LABELS.items()
            if name in example.expect
        ),
        lines=tuple(lines_side_by_side(lines, result_lines(in_use.edition, before, in_use.settings.texts)))
        if in_use and before
        else (),
        new=tuple(questions[name] for name in result.missing if name not in left_open) if before else (),
        answered=len(example.answers),
        given=etag(expected_figures(result, example.expect)),
    )


def score_example(example: Example, in_draft: PreviewEdition) -> Result:
    """The figures of an example in an edition; answers that it cannot take are passed over."""
    said = fitting_state(PreviewState(answers=example.answers), in_draft.edition)
    return score_answers(
        in_draft.edition,
        said.answers,
        in_draft.settings.scoring,
        quick=example.quick,
        evidence_share=example.evidence_share,
    )


def evidence_share_of(state: PreviewState, in_draft: PreviewEdition) -> float | None:
    """The share of good answers that could be shown (0 to 1), as an example writes it: it knows no single proofs."""
    if not state.proofs:
        return state.evidence_share
    found = score_answers(
        in_draft.edition, state.answers, in_draft.settings.scoring, quick=state.quick, evidence=state.proofs
    )
    return round(found.evidence_share, FIGURE_DIGITS["score"])


def figure_in_words(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(names.get(str(one), str(one)) for one in value) or NONE_WORD
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return BAND_LABELS.get(str(value), str(value))


def expected_figures(result: Result, keys: Mapping[str, object] | None = None) -> dict[str, object]:
    return {name: _rounded(name, getattr(result, name)) for name in FIGURE_LABELS if keys is None or name in keys}


def _rounded(name: str, value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float):
        figure = round(value, FIGURE_DIGITS[name])
        return int(figure) if figure.is_integer() else figure
    return value


LONGEST_EXAMPLE_TITLE = 120


class ExampleError(NotSavedError):
    """What was asked cannot be done with the examples there are."""

    status = 422


def _example_as_seen(data: FileData, number: int, seen: str) -> FileData:
    return item_at(data, ("worked_examples", number - 1), seen)


def write_figures(data: FileData, figures: Mapping[int, tuple[str, Mapping[str, object]]]) -> None:
    for number, (seen, expect) in figures.items():
        _example_as_seen(data, number, seen)["expect"] = dict(expect)


def give_answers(data: FileData, number: int, seen: str, answers: Mapping[str, AnswerValue]) -> None:
    """Write answers into an example. One that starts from another keeps them among its changes."""
    example = _example_as_seen(data, number, seen)
    example.setdefault("change" if "from" in example else "answers", {}).update(answers)


def drop_answers(data: FileData, number: int, seen: str, names: frozenset[str]) -> None:
    """Take answers out that can no longer be given, and “from” where it starts from an example that is gone."""
    example = _example_as_seen(data, number, seen)
    for key in ("answers", "change"):
        for name in names & set(example.get(key, ())):
            del example[key][name]
    if "from" in names:
        example.pop("from", None)


def add_example(data: FileData, title: str, state: PreviewState, expect: Mapping[str, object]) -> None:
    """Keep a preview as an example, after the others. Raises ExampleError when the title is taken."""
    examples = data.setdefault("worked_examples", [])
    _require_free_title(title, examples)
    made: dict[str, Any] = {"title": title}
    if state.quick:
        made["quick"] = True
    if state.evidence_share is not None:
        made["evidence_share"] = state.evidence_share
    examples.append({**made, "answers": dict(state.answers), "expect": dict(expect)})


def rename_example(data: FileData, number: int, seen: str, title: str) -> None:
    """Call it something else; those that start from it follow."""
    example = _example_as_seen(data, number, seen)
    before, examples = example["title"], data["worked_examples"]
    _require_free_title(title, [one for one in examples if one is not example])
    example["title"] = title
    for one in examples:
        if one.get("from") == before:
            one["from"] = title


def delete_example(data: FileData, number: int, seen: str) -> None:
    """Take it out. Raises ExampleError when others start from it."""
    example = _example_as_seen(data, number, seen)
    on_it = [one["title"] for one in data["worked_examples"] if one.get("from") == example["title"]]
    if on_it:
        raise ExampleError(f"Others start from it: {', '.join(on_it)}. Retire those first.")
    del data["worked_examples"][number - 1]
    if not data["worked_examples"]:
        del data["worked_examples"]


def _require_free_title(title: str, examples: list[FileData]) -> None:
    if any(one.get("title") == title for one in examples):
        raise ExampleError(f"There is an example called “{title}” already. Choose another title.")


@dataclass(frozen=True)
class BankExamples:
    """The worked examples of one bank of a draft. `problems` come first: while there are any, no figure can be worked out."""

    draft_context: DraftContext
    bank: str
    draft: PreviewEdition | NotReady
    in_use: PreviewEdition | None

    @property
    def file(self) -> str:
        own = self.draft_context.files.at("", self.bank)
        return own.name if own else ""

    @property
    def in_draft(self) -> PreviewEdition | None:
        return self.draft if isinstance(self.draft, PreviewEdition) else None

    @property
    def problems(self) -> tuple[FileProblem, ...]:
        return self.draft.problems if isinstance(self.draft, NotReady) else ()

    @cached_property
    def examples(self) -> tuple[ExampleOutcome, ...]:
        compiled = without_faulty_examples(self.draft_context, self.bank).compiled
        if self.in_draft is None or compiled is None:
            return ()
        return compare_examples(
            written_examples(self.draft_context, self.bank), self.in_draft, compiled.document, self.in_use
        )

    @property
    def broken(self) -> tuple[ExampleOutcome, ...]:
        """Those whose figures can be written in."""
        return tuple(one for one in self.examples if not one.holds and not one.errors)

    def at(self, number: int) -> ExampleOutcome | None:
        return next((one for one in self.examples if one.number == number), None)

    def expected(self, held: ExampleOutcome) -> dict[str, object]:
        """The figures of the draft, in the shape in which the example expects its own."""
        compiled = without_faulty_examples(self.draft_context, self.bank).compiled
        if self.in_draft is None or compiled is None:
            return {}
        examples, _ = resolve_examples(written_examples(self.draft_context, self.bank), compiled.document)
        example = examples[held.number - 1]
        return expected_figures(score_example(example, self.in_draft), example.expect)


@dataclass(frozen=True, slots=True)
class MissingAnswerForms:
    parts: tuple[Markup, ...]
    errors: tuple[tuple[str, str], ...]
    tables: bool


def forms_for(status: BankExamples, held: ExampleOutcome, posted: PostedSection | None = None) -> MissingAnswerForms:
    if status.in_draft is None:
        return MissingAnswerForms((), (), tables=False)
    texts = status.in_draft.settings.texts
    shown = [_form_value(one, posted) for one in held.new]
    return MissingAnswerForms(
        tuple(question_html(one, texts) for one in shown),
        tuple(error_summary_rows(shown, texts)) if posted and posted.errors else (),
        tables=any(one.type == "table" for one in held.new),
    )


def _form_value(question: Question, posted: PostedSection | None) -> ShownQuestion:
    name = question.id
    if posted is None or name not in posted.typed:
        return ShownQuestion(question, 0)
    form_data = posted.typed[name]
    if pressed("add") == name:
        form_data = FormAnswer(rows=(*form_data.rows, {}), proof=form_data.proof)
    return ShownQuestion(question, 0, typed=form_data, errors=posted.errors.get(name, ()))
