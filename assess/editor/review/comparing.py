"""What a draft changes, beside what is in force: each bank as it is compiled, other files key by key, and every file line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.editions import held_back, newest
from assess.banks.reader import LoadedEdition
from assess.banks.sheets import Sheet, Shelf, is_table, shelf_of
from assess.banks.shelves import in_force, texts_of
from assess.editor.files_called import file_called
from assess.editor.review.whole import Said, answer_in_words, whole_of
from assess.editor.review.withdrawn import banks_touched
from assess.editor.review.wording import CLASSES, NOTHING, part_in_words, value_in_words
from assess.editor.workbench import Workbench
from assess.engine.bank import Edition
from assess.engine.differences import Change, Class, differences

NOT_QUESTIONS = ("settings/", "papers/", "buyers/", "reference/")
"""Files that are no part of an edition begin so."""


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words."""

    kind: Class
    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class About:
    """What changes about one thing: a question, or something else of the bank. `whole` reads out a question that is new."""

    title: str
    changes: Sequence[Told]
    whole: Said = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a bank, or all that is in none, with what changes in it."""

    title: str
    things: Sequence[About]


@dataclass(frozen=True)
class Comparison:
    """Two editions of a bank side by side; `old` None: there was none before."""

    old: Edition | None
    new: Edition

    @cached_property
    def changes(self) -> Sequence[Change]:
        """Everything that differs."""
        return differences(self.old, self.new) if self.old else ()

    @cached_property
    def classes(self) -> Sequence[tuple[str, str, int]]:
        """For each class there is: its heading, what it means for businesses, how many changes."""
        counts = {kind: sum(one.kind is kind for one in self.changes) for kind in Class}
        return [(*CLASSES[kind], count) for kind, count in counts.items() if count]

    @cached_property
    def parts(self) -> Sequence[Part]:
        """All changes in words, section by section in the order of asking; what is in no section comes last."""
        return list(_parts(self.old, self.new, self.changes))

    @cached_property
    def own(self) -> Sequence[Part]:
        """The questions of the sector alone, read out whole: for a bank that is new, where there is nothing to compare."""
        return [
            Part(section.title, [About(one.ask, (), whole_of(one, self.new)) for one in section.questions])
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
    compared: Comparison


@dataclass(frozen=True, slots=True)
class PlainChange:
    """One value of a file that is no part of an edition. Where: “contacts – The helpline – number”."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that changes. `values` only where it is no part of an edition; `lines` of both texts, with + and - before those that differ."""

    name: str
    values: Sequence[PlainChange]
    lines: str

    @property
    def title(self) -> str:
        """What the file is called on a page: “Contacts (settings)”."""
        return file_called(self.name, None)


def changed_banks(session: Session, at_work: Workbench) -> list[BankChange]:
    """The banks that would have another edition, by title. A bank that cannot be compiled is left out: its problems are told.

    So is one whose files may hold what was withdrawn, unless this draft is about it: publishing passes it over as well.
    """
    here, found = newest(session), []
    passed_over = held_back(session) - banks_touched(session, at_work)
    for bank, one in at_work.looked.checked.items():
        if one.compiled is None or one.edition is None or bank in passed_over:
            continue
        old = here.get(bank)
        if old is None or old.ref.digest != one.compiled.digest:
            compared = Comparison(old.edition if old else None, one.edition)
            found.append(BankChange(bank, one.edition.title, old, one.edition, one.compiled.digest, compared))
    return sorted(found, key=lambda one: one.title)


def changed_files(session: Session, at_work: Workbench) -> list[FileChange]:
    """The files a draft changes, by name."""
    state = in_force(session)
    before = shelf_of(texts_of(session, state)) if state else Shelf()
    return [
        FileChange(
            name,
            list(_values(before.sheets.get(name), at_work.shelf.sheets.get(name)))
            if name.startswith(NOT_QUESTIONS)
            else (),
            line_by_line(before.sheets.get(name), at_work.shelf.sheets.get(name)),
        )
        for name in keeping.sheets_of(session, at_work.draft)
    ]


def line_by_line(old: Sheet | None, new: Sheet | None) -> str:
    """The lines that differ, with three around them."""
    before, after = (one.text.splitlines() if one else [] for one in (old, new))
    return "\n".join(list(difflib.unified_diff(before, after, lineterm=""))[2:])


def told(change: Change, sections: Mapping[str, str] | None = None) -> Told:
    """A change in words. `sections` are the titles of sections, for a question that moved to another one."""
    named = sections if sections and change.part == "section" else {}
    before, after = (named.get(one or "", one) for one in (change.before, change.after))
    return Told(change.kind, part_in_words(change), value_in_words(change, before), value_in_words(change, after))


def _parts(old: Edition | None, new: Edition, changes: Sequence[Change]) -> Iterator[Part]:
    homes: dict[str, str] = {}
    titles: dict[str, str] = {}
    asks: dict[str, str] = {}
    for edition in (old, new):
        for section in edition.sections if edition else ():
            titles[section.id] = section.title
            homes |= {question.id: section.id for question in section.questions}
            asks |= {question.id: question.ask for question in section.questions}
    order = list(dict.fromkeys([section.id for section in new.sections] + list(titles)))
    inside: dict[str, dict[str, list[Told]]] = {}
    rest: dict[str, list[Told]] = {}
    fresh = _fresh(old, new)
    answers = {f"{one.id}.{option.id}": option for one in new.questions() for option in one.options}
    for change in changes:
        question = change.where.partition(".")[0] if change.what in {"question", "option"} else None
        if question is None:
            rest.setdefault(_THINGS_OF.get(change.what, change.what.capitalize()), []).append(told(change))
            continue
        said = told(change, titles)
        if change.what == "option" and change.part == "whole" and change.where in answers:
            said = replace(said, after=answer_in_words(answers[change.where], new))
        inside.setdefault(homes[question], {}).setdefault(question, []).append(said)
    for home in order:
        if home in inside:
            about = [About(asks[name], found, fresh.get(name, ())) for name, found in inside[home].items()]
            yield Part(titles[home], about)
    if rest:
        yield Part("Beside the questions", [About(name, found) for name, found in rest.items()])


def _fresh(old: Edition | None, new: Edition) -> dict[str, Said]:
    if old is None:
        return {}
    before = {one.id for one in old.questions()}
    return {one.id: whole_of(one, new) for one in new.questions() if one.id not in before}


_THINGS_OF: Mapping[str, str] = {
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


def _values(old: Sheet | None, new: Sheet | None) -> Iterator[PlainChange]:
    names = _names_in(old, new)
    before, after = (_flat_of(one, names) for one in (old, new))
    for where in dict.fromkeys([*before, *after]):
        if before.get(where) != after.get(where):
            yield PlainChange(where, before.get(where) or NOTHING, after.get(where) or NOTHING)


def _flat_of(sheet: Sheet | None, names: Mapping[str, str]) -> dict[str, str]:
    if sheet is None:
        return {}
    if is_table(sheet.name):
        return {f"line {number}": line for number, line in enumerate(sheet.text.splitlines(), 1)}
    return dict(_flat(sheet.written, (), names))


def _names_in(*sheets: Sheet | None) -> dict[str, str]:
    """What the entries of a file are called, by id. Words that two of them share name neither: no change may hide another."""
    entries = [
        one
        for sheet in sheets
        for value in (sheet.written.values() if sheet else ())
        for one in (value if isinstance(value, list) else ())
        if isinstance(one, Mapping)
    ]
    words = {str(one.get("id")): str(one.get("label") or one.get("who") or one.get("title") or "") for one in entries}
    return {name: said for name, said in words.items() if said and list(words.values()).count(said) == 1}


def _flat(value: object, here: tuple[str, ...], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every value with the way to it in words. What has an id or a first day is named by that, so that a row that moves is no change."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, (*here, str(key).replace("_", " ")), names)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value, 1):
            named = one.get("id") or one.get("from") if isinstance(one, Mapping) else None
            yield from _flat(one, (*here, names.get(str(named), str(named or number))), names)
    elif value is not None:
        said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield " – ".join(here), said
