"""What every question page loads: the bank in the draft and in force, form choices, ids ever published, and references to a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import QUESTION_PATH_LENGTH, DraftContext, Location, path_at_line
from assess.bank_editor.duties_and_settings.forms import (
    DIMENSIONS,
    DUTIES,
    OWNERS,
    SOURCES,
    entries_of_kind,
    entry_titles,
)
from assess.bank_editor.labels import shortened_question
from assess.bank_editor.questions.fields import ANSWER_LISTS, list_entries
from assess.bank_editor.questions.forms import FormLists
from assess.core.edit_conflicts import still_there
from assess.engine.bank import DONT_KNOW, Option, Question
from assess.engine.bank_reader import DocumentError, read_condition
from assess.engine.bank_validation_questions import BINDING_EVIDENCE
from assess.engine.in_words import EditionNames, condition_in_words
from assess.engine.problems import DocumentPath
from assess.question_banks.files import ContentFile, ContentFiles, FileProblem
from assess.question_banks.models import EditionRow
from assess.question_banks.schema_fields import as_list


@dataclass(frozen=True)
class BankContext:
    draft_context: DraftContext
    in_force: DraftContext
    bank: str

    @cached_property
    def lists(self) -> FormLists:
        questions = [one.data for one in self.draft_context.questions_of(self.bank)]
        return load_form_lists(
            self.draft_context.files, removed_questions(self.draft_context, self.in_force, self.bank), questions
        )

    @cached_property
    def title(self) -> str:
        content_file = self.draft_context.files.at("", self.bank)
        return str((content_file.raw_data if content_file else {}).get("title") or self.bank)

    def question(self, question_id: str) -> Location:
        """Raises EditConflictError when there is none."""
        return still_there(self.draft_context.question(self.bank, question_id))

    def section(self, section_id: str) -> Location:
        """Raises EditConflictError as above."""
        return still_there(self.draft_context.section(self.bank, section_id))

    def base(self, question_id: str) -> Mapping[str, Any] | None:
        """The question as it is in force, None when it is new."""
        location = self.in_force.question(self.bank, question_id)
        return None if location is None else location.data


def load_form_lists(
    files: ContentFiles, gone: Mapping[str, Mapping[str, Any]], questions: Sequence[Mapping[str, Any]] = ()
) -> FormLists:
    duties = {one.id: one.title for one in entries_of_kind(files, DUTIES) if can_be_breached(one.data)}
    dimensions, owners, sources = (entry_titles(files, kind) for kind in (DIMENSIONS, OWNERS, SOURCES))
    return FormLists(dimensions, owners, sources, gone, duties, with_actions(questions))


def can_be_breached(duty: Mapping[str, Any]) -> bool:
    """Whether an answer can be against this duty: it is in force, binds, and its source was read."""
    binds = duty.get("status") == "in_force" and duty.get("force") == "mandatory"
    return binds and duty.get("evidence") in BINDING_EVIDENCE


def with_actions(questions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The questions whose action can be printed for others too: their words by id."""
    found = {}
    for question in questions:
        answers = [one for key in ANSWER_LISTS for one in list_entries(question, key) if one.get("id") != DONT_KNOW]
        own = any(isinstance(one.get("action"), dict) for one in (question, *answers))
        if own and not question.get("same_as") and question.get("kind") != "exposure":
            found[str(question.get("id"))] = str(question.get("name") or shortened_question(str(question.get("ask"))))
    return found


def question_label(data: Mapping[str, Any]) -> str:
    return f"the question “{shortened_question(str(data.get('ask') or data.get('id')))}”"


@dataclass(frozen=True, slots=True)
class UsedIds:
    """`ids` of questions, checks and sections; `inside` the ids of answers and columns of each question."""

    ids: frozenset[str] = frozenset()
    inside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, question_id: str) -> frozenset[str]:
        """The ids of answers and columns that this question ever had."""
        return self.inside.get(question_id, frozenset())


def ids_in(data: Mapping[str, Any]) -> UsedIds:
    ids = {str(one.get("id")) for one in list_entries(data, "checks")}
    inside: dict[str, frozenset[str]] = {}
    for section in list_entries(data, "sections"):
        ids.add(str(section.get("id")))
        for question in list_entries(section, "questions"):
            name = str(question.get("id"))
            ids.add(name)
            entries = [*list_entries(question, "options"), *list_entries(question, "columns")]
            inside[name] = frozenset(str(one.get("id")) for one in entries)
    return UsedIds(frozenset(ids), inside)


def merge_used_ids(parts: Iterable[UsedIds]) -> UsedIds:
    ids: frozenset[str] = frozenset()
    inside: dict[str, frozenset[str]] = {}
    for part in parts:
        ids |= part.ids
        for name, found in part.inside.items():
            inside[name] = inside.get(name, frozenset()) | found
    return UsedIds(ids, inside)


_used_ids_cache: dict[str, UsedIds] = {}
"""By the digest of an edition: it never changes."""


def ids_ever_published(session: Session) -> UsedIds:
    digests = set(session.scalars(select(EditionRow.digest)))
    for digest in digests - set(_used_ids_cache):
        _used_ids_cache[digest] = ids_in(
            session.scalars(select(EditionRow.compiled).where(EditionRow.digest == digest)).first() or {}
        )
    return merge_used_ids(_used_ids_cache[digest] for digest in digests)


@dataclass(frozen=True, slots=True)
class QuestionReference:
    """Something that names a question. `blocks`: it has to be changed before the question can go."""

    what: str
    file: str
    blocks: bool


def references_to(files: ContentFiles, ids: frozenset[str]) -> tuple[QuestionReference, ...]:
    return tuple(
        dict.fromkeys(one for content_file in files.files.values() for one in _references_in_file(content_file, ids))
    )


def _references_in_file(content_file: ContentFile, ids: frozenset[str]) -> Iterator[QuestionReference]:
    data = content_file.raw_data
    for words in _blocking_references(data, ids):
        yield QuestionReference(words, content_file.name, blocks=True)
    for example in list_entries(data, "worked_examples"):
        if any(isinstance(held := example.get(key), dict) and ids & set(held) for key in ("answers", "change")):
            yield QuestionReference(f"the worked example “{example.get('title')}”", content_file.name, blocks=False)


def _blocking_references(data: Mapping[str, object], ids: frozenset[str]) -> Iterator[str]:
    for section in list_entries(data, "sections"):
        for question in list_entries(section, "questions"):
            if question.get("id") not in ids and condition_mentions(question.get("show_if"), ids):
                yield f"the condition of the question “{question.get('ask')}”"
            if question.get("id") not in ids and question.get("same_as") in ids:
                yield f"the question “{question.get('ask')}”, which is printed with its action"
    for check in list_entries(data, "checks"):
        if condition_mentions([check.get("when"), check.get("unless")], ids) or ids & {
            *_questions_read_by(check),
            check.get("same_as"),
        }:
            yield f"the check {check.get('id')}: “{check.get('says')}”"
    for fact in list_entries(data, "facts"):
        if any(source.get("question") in ids for source in list_entries(fact, "sources")):
            yield f"the fact “{fact.get('ask')}”, which is read from its answer"
    if "paper" in data and ids & {str(one) for one in as_list(data.get("for"))}:
        yield f"the paper “{data.get('title')}”"


def _questions_read_by(check: Mapping[str, object]) -> set[object]:
    inputs = check.get("inputs")
    return {one for one in inputs.values() if isinstance(one, str)} if isinstance(inputs, dict) else set()


def condition_mentions(raw: object, ids: frozenset[str]) -> bool:
    if isinstance(raw, Mapping):
        return any(
            key in ids or (key == "asked" and value in ids) or condition_mentions(value, ids)
            for key, value in raw.items()
        )
    return isinstance(raw, list) and any(condition_mentions(one, ids) for one in raw)


UNREADABLE_CONDITION = "a condition that cannot be read"


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question. `change` says what this draft does to it: "new", "changed", or nothing."""

    location: Location
    number: int
    change: str
    condition: str
    problems: int
    warnings: int


@dataclass(frozen=True, slots=True)
class SectionRow:
    location: Location
    common: bool
    questions: tuple[QuestionRow, ...]


def section_rows(draft_context: DraftContext, before: DraftContext, bank: str) -> list[SectionRow]:
    """The bank section by section. `before` is what is in force."""
    was = {str(one.data.get("id")): one.data for one in before.questions_of(bank)}
    names = question_names([one.data for one in draft_context.questions_of(bank)])
    problems, warnings = (
        issues_per_question(draft_context, draft_context.report.errors),
        issues_per_question(draft_context, draft_context.report.warnings),
    )
    by_section: dict[tuple[str, DocumentPath], list[QuestionRow]] = {}
    for number, location in enumerate(draft_context.questions_of(bank), 1):
        name, here = str(location.data.get("id")), (location.content_file.name, location.path)
        change = "new" if name not in was else "changed" if was[name] != location.data else ""
        said = condition_words(location.data.get("show_if"), names)
        one = QuestionRow(location, number, change, said, problems[here], warnings[here])
        by_section.setdefault((location.content_file.name, location.path[:2]), []).append(one)
    return [
        SectionRow(
            location, is_common(location), tuple(by_section.get((location.content_file.name, location.path), ()))
        )
        for location in draft_context.sections_of(bank)
    ]


def issues_per_question(draft_context: DraftContext, found: Iterable[FileProblem]) -> Counter[tuple[str, DocumentPath]]:
    counts: Counter[tuple[str, DocumentPath]] = Counter()
    for one in found:
        content_file = draft_context.files.files.get(one.file)
        if content_file is not None:
            counts[one.file, path_at_line(content_file, one.line)[:QUESTION_PATH_LENGTH]] += 1
    return counts


def is_common(location: Location) -> bool:
    """Whether the thing stands in a file that several banks use."""
    return "common" in location.content_file.raw_data


def banks_with(files: ContentFiles, location: Location) -> list[str]:
    name = location.content_file.raw_data.get("common")
    found = []
    for bank in files.banks():
        content_file = files.at("", bank)
        uses = () if content_file is None else cast("Sequence[str]", content_file.raw_data.get("uses") or ())
        if content_file is not None and (content_file is location.content_file or name in uses):
            found.append(str(content_file.raw_data.get("title") or bank))
    return found


def removed_questions(draft_context: DraftContext, before: DraftContext, bank: str) -> dict[str, Mapping[str, Any]]:
    here = {one.data.get("id") for one in draft_context.questions_of(bank)}
    return {str(one.data["id"]): one.data for one in before.questions_of(bank) if one.data.get("id") not in here}


def question_names(questions: Iterable[Mapping[str, Any]]) -> EditionNames:
    made = {}
    for data in questions:
        name = str(data.get("id"))
        options = tuple(
            Option(str(one.get("id")), str(one.get("label", one.get("id")))) for one in list_entries(data, "options")
        )
        made[name] = Question(name, str(data.get("ask", name)), "choice", "fact", "", options=options)
    return EditionNames(made)


def condition_words(raw: object, names: EditionNames) -> str:
    """When the question is asked, in words; nothing where it is always."""
    if raw is None:
        return ""
    try:
        return condition_in_words(read_condition(raw), names)
    except DocumentError:
        return UNREADABLE_CONDITION
