"""The ids that were ever published: an answer may be kept under each of them, so none is given to something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.models import Edition
from assess.editor.questions.rows import entries_of


@dataclass(frozen=True, slots=True)
class Used:
    """`ids` of questions, checks and sections; `inside` the ids of answers and columns of each question."""

    ids: frozenset[str] = frozenset()
    inside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, question_id: str) -> frozenset[str]:
        """The ids of answers and columns that this question ever had."""
        return self.inside.get(question_id, frozenset())


def ids_in(data: Mapping[str, Any]) -> Used:
    """The ids of a compiled edition or of a file of questions."""
    ids = {str(one.get("id")) for one in entries_of(data, "checks")}
    inside: dict[str, frozenset[str]] = {}
    for section in entries_of(data, "sections"):
        ids.add(str(section.get("id")))
        for question in entries_of(section, "questions"):
            name = str(question.get("id"))
            ids.add(name)
            entries = [*entries_of(question, "options"), *entries_of(question, "columns")]
            inside[name] = frozenset(str(one.get("id")) for one in entries)
    return Used(frozenset(ids), inside)


def together(parts: Iterable[Used]) -> Used:
    """All of them."""
    ids: frozenset[str] = frozenset()
    inside: dict[str, frozenset[str]] = {}
    for part in parts:
        ids |= part.ids
        for name, found in part.inside.items():
            inside[name] = inside.get(name, frozenset()) | found
    return Used(ids, inside)


_kept: dict[str, Used] = {}
"""By the digest of an edition: it never changes."""


def used_before(session: Session) -> Used:
    """The ids of every edition that was ever published, of all banks."""
    digests = set(session.scalars(select(Edition.digest)))
    for digest in digests - set(_kept):
        _kept[digest] = ids_in(session.scalars(select(Edition.compiled).where(Edition.digest == digest)).first() or {})
    return together(_kept[digest] for digest in digests)
