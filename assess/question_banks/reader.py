"""Compile content files to one document per bank: includes resolved, ids as text, and the file and line of every part known."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition
from assess.engine.bank_reader import DOCUMENT_FORMAT, document_digest, read_edition
from assess.engine.bank_validation import check_edition
from assess.engine.examples import Example, resolve_examples
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.question_types import CHOICE_TYPES
from assess.question_banks.files import (
    BankFilesRefusedError,
    ContentFile,
    ContentFiles,
    FileProblem,
    file_problem,
    kept_with_files,
)
from assess.question_banks.schema_fields import as_list

Data = dict[str, Any]

DUTY_FILES = ("uk", "international")
"""The order in which duties are read; other files of the folder follow by name. A duty may name earlier ones only."""


@dataclass(frozen=True, slots=True)
class SourceLines:
    origins: Mapping[DocumentPath, tuple[ContentFile, DocumentPath]]

    def at(self, place: DocumentPath) -> tuple[str, int]:
        """File and line of a place in the document, or of the nearest thing around it."""
        known = place
        while known not in self.origins:
            known = known[:-1]  # at the latest (), the bank's own file
        content_file, start = self.origins[known]
        return content_file.name, content_file.line((*start, *place[len(known) :]))


@dataclass(frozen=True, slots=True)
class CompiledBank:
    """`document` is what an edition stores and `read_edition` takes; `texts` are its files as written."""

    bank: str
    document: Data
    digest: str
    source_lines: SourceLines
    examples: tuple[Example, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LoadedEdition:
    """An edition ready for use. `id` is its row, None and number 0 when it comes from files that were not published."""

    id: int | None
    ref: EditionRef
    edition: Edition


@kept_with_files
def load_bank(files: ContentFiles, bank: str) -> LoadedEdition:
    """Raises BankFilesRefusedError as `compile_bank`, and for what is more than a warning."""
    compiled = compile_bank(files, bank)
    edition = read_edition(compiled.document)
    errors = [file_problem(*compiled.source_lines.at(error.place), error) for error in check_edition(edition, None)]
    if not all(error.warning for error in errors):
        raise BankFilesRefusedError(tuple(sorted(error for error in errors if not error.warning)))
    return LoadedEdition(None, EditionRef(bank=compiled.bank, number=0, digest=compiled.digest), edition)


def compile_bank(files: ContentFiles, bank: str) -> CompiledBank:
    """Includes resolved. Raises BankFilesRefusedError with every problem of its files, but not what `check_edition` finds."""
    return _Compilation(files, bank).compiled()


class _Compilation:
    def __init__(self, files: ContentFiles, bank: str) -> None:
        self._content_files = files
        self._bank = bank
        self._origins: dict[DocumentPath, tuple[ContentFile, DocumentPath]] = {}
        self._problems: list[FileProblem] = []
        self._used: dict[str, ContentFile] = {}

    def compiled(self) -> CompiledBank:
        own = self._need("", self._bank, "bank")
        document = self._document(own) if own else {}
        if self._problems or own is None:
            raise BankFilesRefusedError(tuple(sorted(set(self._problems))))
        _option_ids_to_text(document)
        places = SourceLines({(): (own, ()), **self._origins})
        examples, errors = resolve_examples(as_list(own.data.get("worked_examples")), document)
        if errors:
            raise BankFilesRefusedError(tuple(sorted(file_problem(*places.at(error.place), error) for error in errors)))
        texts = {name: content_file.text for name, content_file in sorted(self._used.items())}
        return CompiledBank(self._bank, document, document_digest(document), places, examples, texts)

    def _document(self, own: ContentFile) -> Data:
        commons = [
            content_file
            for name in as_list(own.data.get("uses"))
            if (content_file := self._need("common", str(name), "common", own))
        ]
        sections = [*self._listed(commons, "sections", "sections")]
        for section in sections:
            section["common"] = True
        sections += self._listed([own], "sections", "sections", len(sections))
        dimensions = self._need("", "dimensions", "dimensions")
        # only those that are named, so that an edition does not change when a stranger's source does
        sources = self._named(self._need("", "sources", "sources"), "sources")
        named = {
            one for section in sections for question in section["questions"] for one in question.get("sources", ())
        }
        return {
            "format": DOCUMENT_FORMAT,
            "bank": self._bank,
            "title": own.data.get("title", ""),
            "sections": sections,
            "checks": self._listed([*commons, own], "checks", "checks"),
            "dimensions": self._listed([dimensions], "dimensions", "dimensions"),
            "groups": self._listed([dimensions], "buyer_groups", "groups"),
            "owners": self._named(self._need("", "owners", "owners"), "owners"),
            "sources": {name: source for name, source in sources.items() if name in named},
            "duty_book": self._duty_book(),
        }

    def _need(self, folder: str, stem: str, kind: str, asked_by: ContentFile | None = None) -> ContentFile | None:
        """The file, if it is there and sound; its problems, or its absence, are noted."""
        content_file = self._content_files.at(folder, stem)
        name = f"{folder}/{stem}.yaml" if folder else f"{stem}.yaml"
        if content_file is None:
            where = (asked_by.name, asked_by.line(("uses",))) if asked_by else (name, 1)
            hint = did_you_mean(stem, [one.stem for one in self._content_files.inside(folder)])
            self._problems.append(file_problem(*where, Problem("BANK013", (), f"There is no file {name}{hint}")))
            return None
        self._used[content_file.name] = content_file
        self._problems.extend(one for one in content_file.problems if not one.warning)
        if content_file.kind is None or content_file.problems:
            return None
        if content_file.kind != kind:
            problem = Problem("BANK014", (), f"This file is read as “{kind}” here, but it holds “{content_file.kind}”.")
            self._problems.append(file_problem(content_file.name, 1, problem))
            return None
        said = content_file.data[kind]
        if isinstance(said, str) and said != stem:
            problem = Problem("BANK014", (), f"The file is called {stem}, but it says “{kind}: {said}”.")
            self._problems.append(file_problem(content_file.name, content_file.line((kind,)), problem))
            return None
        return content_file

    def _listed(
        self, content_files: list[ContentFile] | list[ContentFile | None], key: str, into: str, start: int = 0
    ) -> list[Data]:
        """The entries of one list of several files in a row; `into` is the list's place in the document."""
        return self._rows(content_files, key, (into,), start)

    def _rows(
        self, content_files: list[ContentFile] | list[ContentFile | None], key: str, into: DocumentPath, start: int = 0
    ) -> list[Data]:
        rows: list[Data] = []
        for content_file in content_files:
            if content_file is None:
                continue
            for index, row in enumerate(as_list(content_file.data.get(key))):
                self._origins[(*into, start + len(rows))] = (content_file, (key, index))
                rows.append(copy.deepcopy(row))
            self._origins.setdefault(into, (content_file, (key,)))
        return rows

    def _named(self, content_file: ContentFile | None, key: str, into: DocumentPath = ()) -> Data:
        if content_file is None:
            return {}
        self._origins[(*into, key)] = (content_file, (key,))
        value = content_file.data.get(key)
        return dict(value) if isinstance(value, dict) else {}

    def _duty_book(self) -> Data:
        facts = self._need("duties", "facts", "facts")
        there = [
            content_file.stem for content_file in self._content_files.inside("duties") if content_file.stem != "facts"
        ]
        order = [stem for stem in DUTY_FILES if stem in there] + [stem for stem in there if stem not in DUTY_FILES]
        duties = [self._need("duties", stem, "duties") for stem in order]
        return {
            "gates": self._rows([facts], "gates", ("duty_book", "gates")),
            "facts": self._rows([facts], "facts", ("duty_book", "facts")),
            "terms": self._named(facts, "terms", ("duty_book",)),
            "duties": self._rows(duties, "duties", ("duty_book", "duties")),
        }


def _option_ids_to_text(document: Data) -> None:
    """In conditions, a number that stands for an option is the option's id, so it becomes text (docs/rules.md 2.1)."""
    questions = [question for section in document["sections"] for question in section["questions"]]
    chosen = {question["id"] for question in questions if question["type"] in CHOICE_TYPES}
    for holder in [*questions, *document["checks"]]:
        for key in ("show_if", "when", "unless"):
            if key in holder:
                holder[key] = _with_text(holder[key], chosen)
    book = document["duty_book"]
    facts = {fact["id"] for fact in book["facts"] if fact["type"] in CHOICE_TYPES}
    book["terms"] = {name: _with_text(term, facts) for name, term in book["terms"].items()}
    steps = [step for duty in book["duties"] for step in duty.get("must_do", ()) if isinstance(step, dict)]
    for holder in [*book["duties"], *(step for step in steps if "when" in step)]:
        holder["when"] = _with_text(holder["when"], facts)


def _with_text(raw: Any, chosen: set[str]) -> Any:  # noqa: ANN401  # a condition in its raw shape
    if isinstance(raw, list):
        return [_with_text(part, chosen) for part in raw]
    if not isinstance(raw, dict):
        return raw
    return {key: _leaf_with_text(value) if key in chosen else _with_text(value, chosen) for key, value in raw.items()}


def _leaf_with_text(leaf: Any) -> Any:  # noqa: ANN401  # a test in its raw shape
    """`{is: 7}` as `{is: "7"}`. Lists of options are text already."""
    number = leaf.get("is") if isinstance(leaf, dict) else None
    return {"is": str(number)} if isinstance(number, int) and not isinstance(number, bool) else leaf
