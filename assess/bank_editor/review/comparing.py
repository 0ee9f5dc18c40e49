"""What a draft changes beside what is in force: banks by question, other files by key, and every file line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import DraftContext
from assess.bank_editor.labels import file_label
from assess.bank_editor.review.full_text import (
    CLASS_TEXTS,
    NOTHING_WORD,
    LabelledTexts,
    answer_in_words,
    full_question_text,
    part_in_words,
    value_in_words,
)
from assess.bank_editor.review.withdrawn import banks_with_withdrawn
from assess.engine.bank import Edition
from assess.engine.edition_changes import Change, ChangeKind, differences
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.drafts import changed_draft_files
from assess.question_banks.editions import banks_held_back, newest_published_editions
from assess.question_banks.files import ContentFile, is_table
from assess.question_banks.reader import LoadedEdition
from assess.question_banks.schema_fields import as_list


@dataclass(frozen=True, slots=True)
class ChangeText:
    kind: ChangeKind
    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What changes about one thing: a question, or something else of the bank. `whole` reads out a question that is new."""

    title: str
    changes: Sequence[ChangeText]
    whole: LabelledTexts = ()


@dataclass(frozen=True, slots=True)
class SectionChanges:
    title: str
    things: Sequence[ItemChanges]


@dataclass(frozen=True)
class EditionComparison:
    """Two editions of a bank side by side; `old` None: there was none before."""

    old: Edition | None
    new: Edition

    @cached_property
    def changes(self) -> Sequence[Change]:
        return differences(self.old, self.new) if self.old else ()

    @cached_property
    def classes(self) -> Sequence[tuple[str, str, int]]:
        counts = {kind: sum(one.kind is kind for one in self.changes) for kind in ChangeKind}
        return [(*CLASS_TEXTS[kind], count) for kind, count in counts.items() if count]

    @cached_property
    def parts(self) -> Sequence[SectionChanges]:
        """All changes in words, section by section in the order of asking; what is in no section comes last."""
        return list(_parts(self.old, self.new, self.changes))

    @cached_property
    def own(self) -> Sequence[SectionChanges]:
        """The questions of the sector alone, read out whole: for a bank that is new, where there is nothing to compare."""
        return [
            SectionChanges(
                section.title,
                [ItemChanges(one.ask, (), full_question_text(one, self.new)) for one in section.questions],
            )
            for section in self.new.sections
            if not section.common
        ]


@dataclass(frozen=True, slots=True)
class BankChange:
    """A bank that would have another edition. `old` None: it is new. `after` is the digest of the edition it would have."""

    bank: str
    title: str
    old: LoadedEdition | None
    new: Edition
    after: str
    compared: EditionComparison


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value of a file that is no part of an edition. Where: “contacts – The helpline – number”."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that changes. `values` only where it is no part of an edition; `lines` of both texts, with + and - before those that differ."""

    name: str
    values: Sequence[ValueChange]
    lines: str

    @property
    def title(self) -> str:
        return file_label(self.name, None)


def changed_banks(session: Session, draft_context: DraftContext) -> list[BankChange]:
    """The banks that would have another edition, by title. A bank that cannot be compiled is left out: its problems are told.

    So is one whose files may hold what was withdrawn, unless this draft is about it: publishing passes it over as well.
    """
    here, found = newest_published_editions(session), []
    passed_over = banks_held_back(session) - banks_with_withdrawn(session, draft_context)
    for bank, one in draft_context.report.banks.items():
        if one.compiled is None or one.edition is None or bank in passed_over:
            continue
        old = here.get(bank)
        if old is None or old.ref.digest != one.compiled.digest:
            compared = EditionComparison(old.edition if old else None, one.edition)
            found.append(BankChange(bank, one.edition.title, old, one.edition, one.compiled.digest, compared))
    return sorted(found, key=lambda one: one.title)


def changed_files(session: Session, draft_context: DraftContext) -> list[FileChange]:
    before, found = files_in_force(session), []
    for name in changed_draft_files(session, draft_context.draft):
        old, new = before.files.get(name), draft_context.files.files.get(name)
        # files that are no part of an edition begin so
        values = list(_values(old, new)) if name.startswith(("settings/", "papers/", "buyers/", "reference/")) else []
        found.append(FileChange(name, values, diff_lines(old, new)))
    return found


def diff_lines(old: ContentFile | None, new: ContentFile | None) -> str:
    before, after = (one.text.splitlines() if one else [] for one in (old, new))
    return "\n".join(list(difflib.unified_diff(before, after, lineterm=""))[2:])


def change_text(change: Change, sections: Mapping[str, str] | None = None) -> ChangeText:
    """A change in words. `sections` are the titles of sections, for a question that moved to another one."""
    named = sections if sections and change.part == "section" else {}
    before, after = (named.get(one or "", one) for one in (change.before, change.after))
    return ChangeText(change.kind, part_in_words(change), value_in_words(change, before), value_in_words(change, after))


def _parts(old: Edition | None, new: Edition, changes: Sequence[Change]) -> Iterator[SectionChanges]:
    homes: dict[str, str] = {}
    titles: dict[str, str] = {}
    asks: dict[str, str] = {}
    for edition in (old, new):
        for section in edition.sections if edition else ():
            titles[section.id] = section.title
            homes |= {question.id: section.id for question in section.questions}
            asks |= {question.id: question.ask for question in section.questions}
    order = list(dict.fromkeys([section.id for section in new.sections] + list(titles)))
    inside: dict[str, dict[str, list[ChangeText]]] = {}
    rest: dict[str, list[ChangeText]] = {}
    # of a bank that is wholly new no question is pointed out
    before = {one.id for one in (old or new).questions()}
    fresh = {one.id: full_question_text(one, new) for one in new.questions() if one.id not in before}
    answers = {f"{one.id}.{option.id}": option for one in new.questions() for option in one.options}
    for change in changes:
        question = change.where.partition(".")[0] if change.what in {"question", "option"} else None
        if question is None:
            rest.setdefault(_HEADING_OF.get(change.what, change.what.capitalize()), []).append(change_text(change))
            continue
        said = change_text(change, titles)
        if change.what == "option" and change.part == "whole" and change.where in answers:
            said = replace(said, after=answer_in_words(answers[change.where], new))
        inside.setdefault(homes[question], {}).setdefault(question, []).append(said)
    for home in order:
        if home in inside:
            about = [ItemChanges(asks[name], found, fresh.get(name, ())) for name, found in inside[home].items()]
            yield SectionChanges(titles[home], about)
    if rest:
        yield SectionChanges("Beside the questions", [ItemChanges(name, found) for name, found in rest.items()])


_HEADING_OF: Mapping[str, str] = {
    "bank": "The bank",
    "section": "Sections",
    "check": "Checks over several answers",
    "dimension": "Themes",
    "group": "Bars that buyers see",
    "source": "Sources",
    "gate": "Questions before the facts",
    "fact": "Facts",
    "duty": "Duties",
    "owner": "Who does it",
    "term": "Shorthands of the duties",
}


def _values(old: ContentFile | None, new: ContentFile | None) -> Iterator[ValueChange]:
    names = _names_in(old, new)
    before, after = (_flat_file(one, names) for one in (old, new))
    for where in dict.fromkeys([*before, *after]):
        if before.get(where) != after.get(where):
            yield ValueChange(where, before.get(where) or NOTHING_WORD, after.get(where) or NOTHING_WORD)


def _flat_file(content_file: ContentFile | None, names: Mapping[str, str]) -> dict[str, str]:
    if content_file is None:
        return {}
    if is_table(content_file.name):
        return {f"line {number}": line for number, line in enumerate(content_file.text.splitlines(), 1)}
    return dict(_flat_values(content_file.raw_data, (), names))


def _names_in(*content_files: ContentFile | None) -> dict[str, str]:
    """What the entries of a file are called, by id. Words that two of them share name neither: no change may hide another."""
    entries = [
        one
        for content_file in content_files
        for value in (content_file.raw_data.values() if content_file else ())
        for one in as_list(value)
        if isinstance(one, Mapping)
    ]
    words = {str(one.get("id")): str(one.get("label") or one.get("who") or one.get("title") or "") for one in entries}
    return {name: said for name, said in words.items() if said and list(words.values()).count(said) == 1}


def _flat_values(value: object, here: tuple[str, ...], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every value with the way to it in words. What has an id or a first day is named by that, so that a row that moves is no change."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat_values(inner, (*here, str(key).replace("_", " ")), names)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value, 1):
            named = one.get("id") or one.get("from") if isinstance(one, Mapping) else None
            yield from _flat_values(one, (*here, names.get(str(named), str(named or number))), names)
    elif value is not None:
        said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield " – ".join(here), said
