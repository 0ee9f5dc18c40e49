"""What a business buys, as rows of a file to work with. The file travels: no supplier, no step, no question stands in it.

Words of the business's own do not either: they may be the name of a firm. Steps and questions wait while a sign is open, so a file with them would tell that one is (decisions.md 7.4, 7.5).
"""

from __future__ import annotations

from dataclasses import dataclass

from assess.plans.buying.lines import BoughtLine
from assess.plans.buying.story import Buying
from assess.plans.exports.rows import Cell, Column
from assess.plans.words import rounded

TITLE = "What you buy"
"""The name of the sheet, and the heading in Word."""

COLUMNS: tuple[Column, ...] = (
    Column("number", "No.", "number", 6),
    Column("what", "What", "text", 28),
    Column("place", "Country", "text", 18),
    Column("share", "Share in %", "number", 9),
    Column("word", "Risk", "text", 11),
    Column("risk", "0 to 100", "number", 9),
    Column("because", "Because of", "text", 42),
    Column("source", "Source, edition and year", "text", 34),
    Column("about", "What this is", "text", 24),
    Column("facts", "All that is known", "text", 160),
)
"""In this order; the last is for the screen, the others also fit on paper."""


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """One purchase, typed. `share` in per cent, `risk` 0 to 100 with one decimal; None where there is none."""

    number: int
    what: str
    place: str
    share: float | None
    share_words: str
    word: str
    risk: float | None
    risk_words: str
    because: str
    source: str
    about: str
    facts: str

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The values in the order of `COLUMNS`."""
        return tuple(getattr(self, column.name) for column in COLUMNS)


def purchase_rows(buying: Buying) -> tuple[PurchaseRow, ...]:
    """The rows in the order of the page, the riskiest first."""
    return tuple(_row(line) for line in buying.lines)


def about_purchases(buying: Buying) -> tuple[str, ...]:
    """What these rows are, in a few sentences for whoever opens the file."""
    return (
        f"{buying.about} {buying.not_known} {buying.blind_spot}",
        f"Risk runs from 0 to 100, more is worse. Medium begins at {buying.medium}, high at {buying.high}. It is no part of the score.",
    )


def _row(line: BoughtLine) -> PurchaseRow:
    deciding = line.deciding
    return PurchaseRow(
        number=line.number,
        what=line.travels_as,
        place=line.place[:1].upper() + line.place[1:],
        share=line.portion,
        share_words=line.share or "not said",
        word=line.word,
        risk=None if line.exact is None else float(rounded(line.exact)),
        risk_words=line.risk,
        because=deciding.says,
        source=deciding.source,
        about=line.about,
        facts="\n".join(
            f"{f'{fact.counts}: ' if fact.counts else ''}{fact.says} ({fact.source})" for fact in line.told
        ),
    )
