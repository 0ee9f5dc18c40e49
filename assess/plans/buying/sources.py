"""Where the facts about purchases come from: edition, licence and the day it was read, each source once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.engine.purchases import UK_KINDS
from assess.plans.buying.lines import source_of

_UK_LIST = "uk_indicators"
"""The list of our own that says why a sector in the UK is named: each row has a publisher of its own."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source: publisher, title and edition in `name`. `read` is ISO."""

    name: str
    licence: str
    read: str
    url: str


def sources_of(purchases: Mapping[str, Any]) -> tuple[SourceRow, ...]:
    """The sources the facts of these lines rest on, in the order of the register; then those of single facts about the UK."""
    facts = [fact for line in purchases["lines"] for fact in line["facts"]]
    used = {cited["source"] for fact in facts for cited in (fact, fact.get("beside")) if cited}
    of_uk = [fact for fact in facts if fact["kind"] in UK_KINDS]
    entries = {source["id"]: source for source in purchases["sources"]}
    lists = [source for source in entries.values() if _title(source) in used]
    own = entries[_UK_LIST] if of_uk else None
    single = {
        (fact["source"], fact["edition"], fact["url"]): SourceRow(
            source_of(fact), own["licence"], own["read"], fact["url"]
        )
        for fact in of_uk
        if own is not None
    }
    return (*(_row(source) for source in lists), *single.values())


def _title(source: Mapping[str, Any]) -> str:
    return f"{source['publisher']}, {source['title']}"


def _row(source: Mapping[str, Any]) -> SourceRow:
    return SourceRow(
        source_of({"source": _title(source), "edition": source["edition"], "year": source["year"]}),
        source["licence"],
        source["read"],
        source["url"],
    )
