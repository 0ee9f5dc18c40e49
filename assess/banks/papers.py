"""The ready papers of a folder, with today's rates and numbers filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assess.banks.papers_check import FOLDER, check_papers
from assess.banks.reader import state_of
from assess.banks.settings import settings_from
from assess.banks.sheets import RefusedError, Shelf, read_folder
from assess.engine.texts import fill

NO_BREAK = "\N{NO-BREAK SPACE}"

Block = tuple[str, Any]
"""Which kind of block (one of `schema_papers.BLOCKS`) and what it holds, as the file has it, gaps filled."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document a paper rests on."""

    document: str
    url: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One ready paper, filled in. Dates are ISO; `questions` are those beside whose action it is offered."""

    id: str
    title: str
    says: str
    group: str
    size: str
    questions: tuple[str, ...]
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    reviewed: str
    review_by: str


@dataclass(frozen=True, slots=True)
class _Kept:
    state: object
    papers: tuple[Paper, ...]


_kept: dict[tuple[Path, date], _Kept] = {}
_MOST_DAYS = 10


def papers_on(folder: Path, day: date) -> tuple[Paper, ...]:
    """All papers of a folder by id, with the settings of this day. Kept until a file changes.

    Raises:
        RefusedError: when the settings or a paper are broken, or a gap cannot be filled.
    """
    state = state_of(folder)
    kept = _kept.get((folder, day))
    if kept is None or kept.state != state:
        if len(_kept) > _MOST_DAYS:
            _kept.clear()
        kept = _kept[folder, day] = _Kept(state, papers_from(read_folder(folder), day))
    return kept.papers


def papers_from(shelf: Shelf, day: date) -> tuple[Paper, ...]:
    """The same from a shelf.

    Raises:
        RefusedError: as for `papers_on`.
    """
    settings = settings_from(shelf, day)
    # a telephone number is never broken at the end of a line
    whole = {one.id: one.number.replace(" ", NO_BREAK) for one in settings.contacts if one.number and not one.blanked}
    texts = {**settings.texts, **{name: number for name, number in whole.items() if name in settings.texts}}
    problems = [one for one in check_papers(shelf, day, None, texts) if not one.warning]
    if problems:
        raise RefusedError(tuple(problems))
    listed = shelf.at("", "sources")
    sources: Any = listed.data["sources"] if listed else {}
    return tuple(_paper(dict(sheet.data), texts, sources) for sheet in shelf.inside(FOLDER))


def _paper(data: Mapping[str, Any], texts: Mapping[str, str], sources: Mapping[str, Any]) -> Paper:
    blocks = [next(iter(block.items())) for block in data["blocks"]]
    return Paper(
        id=data["paper"],
        title=fill(data["title"], texts),
        says=fill(data["says"], texts),
        group=data["group"],
        size=data.get("size", "page"),
        questions=tuple(data["for"]),
        blocks=tuple((kind, _filled(held, texts)) for kind, held in blocks),
        sources=tuple(Source(sources[name]["document"], sources[name]["url"]) for name in data["sources"]),
        reviewed=data["reviewed"],
        review_by=data["review_by"],
    )


def _filled(held: object, texts: Mapping[str, str]) -> object:
    if isinstance(held, str):
        return fill(held, texts)
    if isinstance(held, Mapping):
        return {key: _filled(part, texts) for key, part in held.items()}
    return [_filled(part, texts) for part in held] if isinstance(held, list) else held
