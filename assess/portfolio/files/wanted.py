"""Whom a file was ordered for, as it is stored: a filter of the board, or how many were picked one by one. No database, no clock."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from assess.kit.db import Document
from assess.portfolio.board import words
from assess.portfolio.board.filters import Filter, Order, read_query


@dataclass(frozen=True, slots=True)
class Wanted:
    """`picked`: how many were picked, 0 where the filter counts; `mark` tells one such choice from another."""

    filter: Filter = field(default_factory=Filter)
    picked: int = 0
    mark: str = ""

    @property
    def data(self) -> Document:
        """It as it is stored. How the board was sorted is left out: it changes nothing in a file."""
        if self.picked:
            return {"picked": self.picked, "mark": self.mark}
        return {"query": self.filter.sorted_by(Order.NAME).query}

    @property
    def sentences(self) -> list[str]:
        """Which suppliers it is about, in words."""
        if self.picked:
            return [f"{self.picked} {'supplier' if self.picked == 1 else 'suppliers'} that you picked."]
        return words.sentences(self.filter)


def of_data(data: Document) -> Wanted:
    """What was stored."""
    return Wanted(read_query(data.get("query", "")), data.get("picked", 0), data.get("mark", ""))


def of_picked(ids: Sequence[uuid.UUID]) -> Wanted:
    """What stands for suppliers that were picked one by one."""
    mark = hashlib.sha256(b"".join(sorted(one.bytes for one in ids))).hexdigest()[:32]
    return Wanted(picked=len(ids), mark=mark)
