"""What is wrong with the ready papers of a folder: whom they are for, what they rest on, their gaps, and their review."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from assess.banks.sheets import Found, Sheet, Shelf, found
from assess.engine.faults_in_texts import faults_in_text
from assess.engine.problems import Place, Problem, did_you_mean

FOLDER = "papers"


def check_papers(
    shelf: Shelf, day: date, questions: Collection[str] | None, texts: Mapping[str, str] | None
) -> list[Found]:
    """Every problem of the files under `papers/`, as things stand on this day.

    `questions` are the ids of all banks, `texts` the values of gaps; what rests on them is not judged while they are not known.
    """
    problems: list[Found] = []
    sources = _sources(shelf)
    for sheet in shelf.inside(FOLDER):
        problems += sheet.problems
        if sheet.kind is None or sheet.problems:
            continue
        if sheet.kind != "paper":
            cause = f"This file lies under papers, but it holds “{sheet.kind}”."
            problems.append(found(sheet.name, 1, Problem("BANK014", (), cause)))
            continue
        faults = [*_name(sheet), *_questions(sheet, questions), *_known_sources(sheet, sources), *_review(sheet, day)]
        for place, text in texts_of(sheet.data):
            faults += faults_in_text(place, text, texts)
        problems += [found(sheet.name, sheet.line(fault.place), fault) for fault in faults]
    return sorted(problems)


def texts_of(data: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Every text of a paper that people read, with its place."""
    yield ("title",), data["title"]
    yield ("says",), data["says"]
    for index, block in enumerate(data["blocks"]):
        yield from _inside(block, ("blocks", index))


def _inside(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _inside(part, (*place, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _inside(part, (*place, index))


def _sources(shelf: Shelf) -> Collection[str] | None:
    sheet = shelf.at("", "sources")
    known = sheet.data.get("sources") if sheet else None
    return list(known) if isinstance(known, Mapping) else None


def _name(sheet: Sheet) -> Iterator[Problem]:
    said = str(sheet.data["paper"])
    if said != sheet.stem:
        yield Problem("BANK014", ("paper",), f"The file is called {sheet.stem}, but it says “paper: {said}”.")


def _questions(sheet: Sheet, questions: Collection[str] | None) -> Iterator[Problem]:
    for index, name in enumerate(_names(sheet, "for")):
        if questions is not None and name not in questions:
            cause = f"No bank has a question “{name}”{did_you_mean(name, questions)}"
            yield Problem("BANK084", ("for", index), cause)


def _known_sources(sheet: Sheet, sources: Collection[str] | None) -> Iterator[Problem]:
    for index, name in enumerate(_names(sheet, "sources")):
        if sources is not None and name not in sources:
            yield Problem("BANK038", ("sources", index), f"There is no source “{name}”{did_you_mean(name, sources)}")


def _review(sheet: Sheet, day: date) -> Iterator[Problem]:
    by = str(sheet.data["review_by"])
    if by < day.isoformat():
        yield Problem("BANK071", ("review_by",), f"“{sheet.stem}” was to be looked at again by {by}.")


def _names(sheet: Sheet, key: str) -> list[str]:
    listed = sheet.data[key]
    return [str(name) for name in listed] if isinstance(listed, list) else []
