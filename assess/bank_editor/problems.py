"""Problems and remarks of a draft by file and item, waivers of remarks, and helpers for files as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from assess.bank_editor.draft_context import QUESTION_PATH_LENGTH, DraftContext, path_at_line
from assess.bank_editor.examples import FIGURE_LABELS
from assess.bank_editor.fields import FileData
from assess.bank_editor.labels import file_label, grouped
from assess.bank_editor.questions.presenters import with_form_repair
from assess.engine.bank import RemarkRule
from assess.engine.problems import DocumentPath
from assess.question_banks.files import ContentFile, FileProblem
from assess.question_banks.validation import LocatedRemark, remarks_on_bank


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """The thing a problem stands in. `bank` is one that asks it, None for what belongs to none; `question`, `section` are ids."""

    words: str
    bank: str | None = None
    question: str | None = None
    section: str | None = None
    in_examples: bool = False


@dataclass(slots=True)
class FileProblems:
    name: str
    title: str
    things: dict[ProblemPlace, list[FileProblem]] = field(default_factory=dict)


def problems_by_file(draft_context: DraftContext, issues: tuple[FileProblem, ...]) -> tuple[FileProblems, ...]:
    files: dict[str, FileProblems] = {}
    banks = bank_by_file(draft_context)
    for one in issues:
        content_file = draft_context.files.files.get(one.file)
        group = files.setdefault(one.file, FileProblems(one.file, file_label(one.file, content_file)))
        where = place_of_line(content_file, one.line, banks.get(one.file))
        group.things.setdefault(where, []).append(with_form_repair(draft_context.in_words(one)))
    return tuple(files.values())


def bank_by_file(draft_context: DraftContext) -> dict[str, str]:
    found: dict[str, str] = {}
    for bank in draft_context.files.banks():
        for content_file in draft_context.files_of_bank(bank):
            found.setdefault(content_file.name, bank)
    return found


def place_of_line(content_file: ContentFile | None, line: int, bank: str | None) -> ProblemPlace:
    if content_file is None:
        return ProblemPlace("The file")
    place = path_at_line(content_file, line)
    thing = _at(content_file.raw_data, place[:QUESTION_PATH_LENGTH])
    if bank is not None and place[:1] == ("sections",):
        section = _at(content_file.raw_data, place[:2]) or {}
        if thing is not None and len(place) >= QUESTION_PATH_LENGTH and thing.get("id"):
            return ProblemPlace(f"Question: {_words(thing)}", bank, question=str(thing["id"]))
        return ProblemPlace(f"Section: {_words(section)}", bank, section=str(section.get("id") or ""))
    if bank is not None and place[:1] == ("worked_examples",):
        return ProblemPlace(
            f"Worked example: {_words(_at(content_file.raw_data, place[:2]) or {})}", bank, in_examples=True
        )
    entry = _at(content_file.raw_data, place[:2])
    return ProblemPlace(_words(entry) if entry else "The file")


def split_example_figures(issues: Iterable[FileProblem]) -> tuple[list[str], list[FileProblem]]:
    figures, others = [], []
    for one in issues:
        # where such a problem names the figure: In “low”, score is 11, not 12
        said = re.search(r"”, (\w+) is ", one.message) if one.number == "BANK090" else None
        if said is None:
            others.append(one)
        else:
            figures.append(FIGURE_LABELS.get(said[1], said[1]))
    return figures, others


def changed_question_ids(draft_context: DraftContext, before: DraftContext) -> frozenset[str]:
    was = {str(one.data.get("id")): one.data for bank in before.files.banks() for one in before.questions_of(bank)}
    here = [one.data for bank in draft_context.files.banks() for one in draft_context.questions_of(bank)]
    return frozenset(str(one.get("id")) for one in here if was.get(str(one.get("id"))) != one)


def remarks_on_question(draft_context: DraftContext, bank: str, question_id: str) -> tuple[LocatedRemark, ...]:
    """The remarks on one question, those that were waived included; none while the bank cannot be compiled."""
    checked = draft_context.report.banks.get(bank)
    return tuple(one for one in remarks_on_bank(checked) if one.question == question_id) if checked else ()


def remarks_by_question(remarks: Iterable[LocatedRemark]) -> dict[str, list[LocatedRemark]]:
    return grouped((one.question, one) for one in remarks)


def _at(data: Any, place: DocumentPath) -> Mapping[str, Any] | None:  # noqa: ANN401  # values as a file holds them
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data if isinstance(data, dict) else None


def _words(thing: Mapping[str, Any]) -> str:
    return next(
        (str(thing[key]) for key in ("ask", "title", "label", "says", "who", "id") if thing.get(key)), "The file"
    )


LONGEST_WAIVER_REASON = 300

RULE_NAMES = {
    RemarkRule.LONG_SENTENCE: "A long sentence",
    RemarkRule.HARD_WORDS: "Hard words",
    RemarkRule.TWO_QUESTIONS: "Two questions in one",
    RemarkRule.DOUBLE_NEGATIVE: "Two times “no”",
    RemarkRule.LOADED_WORDS: "A word that leads",
    RemarkRule.POINTS_OUT_OF_REACH: "Points nobody can reach",
    RemarkRule.BETTER_BY_HIDING: "A worse answer comes out better",
}


def rule_name(rule: str) -> str:
    return next((words for one, words in RULE_NAMES.items() if one == rule), rule.replace("_", " ").capitalize())


def waive_remark(question: FileData, rule: str, reason: str) -> None:
    """Say why a remark does not count; without a reason it counts again."""
    if reason:
        question.setdefault("waived", {})[rule] = reason
        return
    question.get("waived", {}).pop(rule, None)
    if not question.get("waived"):
        question.pop("waived", None)


CONTEXT_LINES = 2


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a text with its number from 1. `mark` is “−” where only they have it, “+” where only you do, “…” for a gap."""

    number: int | None
    words: str
    mark: str = ""


def clean_text(form_data: str) -> bytes:
    """A text from a form as a file keeps it: lines end as in all files, and the last one ends too."""
    plain = form_data.replace("\r\n", "\n").replace("\r", "\n")
    return (plain if plain.endswith("\n") or not plain else f"{plain}\n").encode()


def lines_around(text: str, line: int) -> tuple[TextLine, ...]:
    lines = text.splitlines()
    line = min(line, len(lines))  # a bracket that is never closed is missed after the last line
    first, last = max(1, line - CONTEXT_LINES), min(len(lines), line + CONTEXT_LINES)
    return tuple(TextLine(at, lines[at - 1], "→" if at == line else "") for at in range(first, last + 1))


def diff_texts(theirs: str, mine: str) -> tuple[TextLine, ...]:
    """The lines that only one of two texts has, with their neighbours. Numbers are those of their text, then of yours."""
    return tuple(_differing(theirs.splitlines(), mine.splitlines()))


def _differing(theirs: list[str], mine: list[str]) -> Iterator[TextLine]:
    groups = SequenceMatcher(None, theirs, mine, autojunk=False).get_grouped_opcodes(CONTEXT_LINES)
    for index, group in enumerate(groups):
        if index:
            yield TextLine(None, "", "…")
        for what, a, b, c, d in group:
            if what == "equal":
                yield from (TextLine(at + 1, theirs[at]) for at in range(a, b))
            else:
                yield from (TextLine(at + 1, theirs[at], "−") for at in range(a, b))
                yield from (TextLine(at + 1, mine[at], "+") for at in range(c, d))
