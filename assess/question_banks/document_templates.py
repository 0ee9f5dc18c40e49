"""Ready-made documents with the settings of one day filled in, read from `papers/` and checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assess.engine.bank_validation import problems_in_text
from assess.engine.in_words import fill_placeholders
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.question_banks.files import (
    BankFilesRefusedError,
    ContentFile,
    ContentFiles,
    FileProblem,
    file_problem,
    kept_with_files,
)
from assess.question_banks.schema_fields import as_list
from assess.question_banks.settings import settings_from

NO_BREAK = "\N{NO-BREAK SPACE}"

TemplateBlock = tuple[str, Any]
"""Which kind of block (a key of `BlockShape`) and what it holds, as the file has it, gaps filled."""


@dataclass(frozen=True, slots=True)
class TemplateSource:
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """One document template, filled in. Dates are ISO; `questions` are those beside whose action it is offered."""

    id: str
    title: str
    says: str
    group: str
    size: str
    questions: tuple[str, ...]
    blocks: tuple[TemplateBlock, ...]
    sources: tuple[TemplateSource, ...]
    reviewed: str
    review_by: str


@kept_with_files
def document_templates_from(files: ContentFiles, day: date) -> tuple[DocumentTemplate, ...]:
    """By id. Raises BankFilesRefusedError when a file is broken, or a gap cannot be filled."""
    settings = settings_from(files, day)
    # a telephone number is never broken at the end of a line
    whole = {one.id: one.number.replace(" ", NO_BREAK) for one in settings.contacts if one.number and not one.blanked}
    texts = {**settings.texts, **{name: number for name, number in whole.items() if name in settings.texts}}
    problems = [one for one in check_document_templates(files, day, None, texts) if not one.warning]
    if problems:
        raise BankFilesRefusedError(tuple(problems))
    listed = files.at("", "sources")
    sources: Any = listed.data["sources"] if listed else {}
    return tuple(
        _document_template(dict(content_file.data), texts, sources) for content_file in files.inside(TEMPLATES_FOLDER)
    )


def _document_template(
    data: Mapping[str, Any], texts: Mapping[str, str], sources: Mapping[str, Any]
) -> DocumentTemplate:
    blocks = [next(iter(block.items())) for block in data["blocks"]]
    return DocumentTemplate(
        id=data["paper"],
        title=fill_placeholders(data["title"], texts),
        says=fill_placeholders(data["says"], texts),
        group=data["group"],
        size=data.get("size", "page"),
        questions=tuple(data["for"]),
        blocks=tuple((kind, _fill_texts(held, texts)) for kind, held in blocks),
        sources=tuple(TemplateSource(sources[name]["document"], sources[name]["url"]) for name in data["sources"]),
        reviewed=data["reviewed"],
        review_by=data["review_by"],
    )


def _fill_texts(held: object, texts: Mapping[str, str]) -> object:
    if isinstance(held, str):
        return fill_placeholders(held, texts)
    if isinstance(held, Mapping):
        return {key: _fill_texts(part, texts) for key, part in held.items()}
    return [_fill_texts(part, texts) for part in held] if isinstance(held, list) else held


TEMPLATES_FOLDER = "papers"


def check_document_templates(
    files: ContentFiles, day: date, questions: Collection[str] | None, texts: Mapping[str, str] | None
) -> list[FileProblem]:
    """`questions`: ids of all banks, `texts`: values of gaps; what rests on either is not judged while it is None."""
    problems: list[FileProblem] = []
    listed = files.at("", "sources")
    known = listed.data.get("sources") if listed else None
    sources = list(known) if isinstance(known, Mapping) else None
    for content_file in files.inside(TEMPLATES_FOLDER):
        problems += content_file.problems
        if content_file.kind is None or content_file.problems:
            continue
        if content_file.kind != "paper":
            cause = f"This file lies under papers, but it holds “{content_file.kind}”."
            problems.append(file_problem(content_file.name, 1, Problem("BANK014", (), cause)))
            continue
        errors = list(_template_problems(content_file, day, questions, sources))
        for place, text in template_texts(content_file.data):
            errors += problems_in_text(place, text, texts)
        problems += [file_problem(content_file.name, content_file.line(error.place), error) for error in errors]
    return sorted(problems)


def template_texts(data: Mapping[str, Any]) -> Iterator[tuple[DocumentPath, str]]:
    yield ("title",), data["title"]
    yield ("says",), data["says"]
    for index, block in enumerate(data["blocks"]):
        yield from _texts_inside(block, ("blocks", index))


def _texts_inside(value: object, place: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts_inside(part, (*place, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts_inside(part, (*place, index))


def _template_problems(
    content_file: ContentFile, day: date, questions: Collection[str] | None, sources: Collection[str] | None
) -> Iterator[Problem]:
    said, by = str(content_file.data["paper"]), str(content_file.data["review_by"])
    if said != content_file.stem:
        yield Problem("BANK014", ("paper",), f"The file is called {content_file.stem}, but it says “paper: {said}”.")
    for index, name in enumerate(_listed_ids(content_file, "for")):
        if questions is not None and name not in questions:
            yield Problem("BANK084", ("for", index), f"No bank has a question “{name}”{did_you_mean(name, questions)}")
    for index, name in enumerate(_listed_ids(content_file, "sources")):
        if sources is not None and name not in sources:
            yield Problem("BANK038", ("sources", index), f"There is no source “{name}”{did_you_mean(name, sources)}")
    if by < day.isoformat():
        yield Problem("BANK071", ("review_by",), f"“{content_file.stem}” was to be looked at again by {by}.")


def _listed_ids(content_file: ContentFile, key: str) -> list[str]:
    return [str(name) for name in as_list(content_file.data[key])]
