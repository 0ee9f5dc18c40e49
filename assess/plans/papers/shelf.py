"""Which papers there are, for a question and for a sector. They are offered by what was asked, never by what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assess.banks.in_force import in_use
from assess.banks.papers import Paper, papers_on
from assess.banks.reader import load_bank
from assess.banks.schema_papers import GROUPS
from assess.banks.sheets import RefusedError
from assess.kit.clock import today
from assess.plans.papers.foot import rests_on

TITLES = {
    "terms": "Rules and job terms",
    "workers": "For workers and for the wall",
    "checks": "Checks of your own records",
    "plans": "Plans and letters",
}
"""The heading of each kind of paper."""
KINDS = tuple(sorted(TITLES, key=GROUPS.index))


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper as a link names it. `address` is the part of the web address that tells it from others, without an ending."""

    id: str
    address: str
    title: str
    says: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """The papers of one kind, under their heading."""

    id: str
    title: str
    papers: tuple[PaperRef, ...]


_last_good: list[tuple[Paper, ...]] = []


def papers_of(day: date) -> tuple[Paper, ...]:
    """All papers as of this day. While somebody is half-way through changing the files, the last good ones stay.

    Raises:
        RefusedError: when the files are broken and never were sound in this process.
    """
    try:
        _last_good[:] = [papers_on(in_use(), day)]
    except RefusedError:
        if not _last_good:
            raise
    return _last_good[0]


def paper_at(address: str, day: date) -> Paper | None:
    """The paper at this address, None when there is none."""
    return next((paper for paper in papers_of(day) if address_of(paper) == address), None)


def for_question(question_id: str, day: date | None = None) -> tuple[PaperRef, ...]:
    """The papers that help with the action of a question, most fitting first; the same whatever was answered.

    Fitting best is the paper that names the question earliest among its own. `day` is today unless told.
    """
    fitting = [paper for paper in papers_of(day or today()) if question_id in paper.questions]
    return tuple(ref_of(paper) for paper in sorted(fitting, key=lambda paper: paper.questions.index(question_id)))


def for_sector(bank: str, day: date) -> tuple[PaperGroup, ...]:
    """Every paper that helps with a question of this bank, by kind; the same for every business of the sector."""
    asked = {question.id for question in load_bank(in_use(), bank).edition.questions()}
    fitting = [paper for paper in papers_of(day) if asked.intersection(paper.questions)]
    return tuple(PaperGroup(kind, TITLES[kind], refs) for kind in KINDS if (refs := _of_kind(fitting, kind)))


def _of_kind(papers: Sequence[Paper], kind: str) -> tuple[PaperRef, ...]:
    return tuple(ref_of(paper) for paper in sorted(papers, key=lambda paper: paper.title) if paper.group == kind)


def ref_of(paper: Paper) -> PaperRef:
    """How links name this paper."""
    return PaperRef(paper.id, address_of(paper), paper.title, paper.says, rests_on(paper))


def address_of(paper: Paper) -> str:
    """The part of the web address, and of the file’s name, that tells this paper from others."""
    return paper.id.replace("_", "-")
