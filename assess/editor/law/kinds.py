"""The kinds of things that are changed by fields: where each stands in the files, and which fields it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.banks.schema_law import FORCES, LONGEST_AMOUNT, LONGEST_LINE, LONGEST_PENALTY, LONGEST_READ, STATUSES
from assess.banks.sheets import Sheet, Shelf
from assess.editor.law.fields import Field, Kind
from assess.editor.workbench import mark_of
from assess.engine.faults_in_duties import DEADLINES
from assess.engine.problems import Place

Data = dict[str, Any]

FORCE_WORDS: Mapping[str, str] = {
    "mandatory": "the law asks for it",
    "expected": "government expects it",
    "good_practice": "good practice",
    "information": "to know: it binds somebody else",
}
STATUS_WORDS: Mapping[str, str] = {
    "in_force": "in force",
    "enacted_not_in_force": "passed, not yet in force",
    "proposed": "only proposed",
}
EVIDENCE_WORDS: Mapping[str, str] = {
    "A": "A: the official page was read",
    "B": "B: official words, quoted elsewhere",
    "C": "C: a summary by a law firm, trade body or charity",
    "D": "D: not read again",
}
PLACE_WORDS: Mapping[str, str] = {
    "UK": "United Kingdom",
    "GB": "Great Britain",
    "EW": "England and Wales",
    "ENG": "England",
    "WLS": "Wales",
    "SCT": "Scotland",
    "NIR": "Northern Ireland",
    "EU": "European Union",
    "AU": "Australia",
    "AU_NSW": "New South Wales",
    "CA": "Canada",
    "CH": "Switzerland",
    "DE": "Germany",
    "FR": "France",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "US": "United States",
    "US_CA": "California",
}
"""What the codes of places are called; a code that is not here is said as it is written."""
_DEADLINE_WORDS: Mapping[str, str] = {
    "months_after_fye": "so many months after the financial year ends",
    "months_after_event": "so many months after something happens",
    "days_after_event": "so many days after something happens",
    "days_after_request": "so many days after somebody asks",
    "fixed_annual": "on the same day each year",
    "end_of_following_month": "at the end of the month after something happens",
    "every_years": "every so many years",
    "each_pay_day": "on each pay day",
    "before": "before something happens",
    "at_event": "when something happens",
    "continuous": "all the time",
    "record_retention": "records are kept so many years",
    "from_date": "from a day on",
    "none": "no date",
}


@dataclass(frozen=True, slots=True)
class ThingKind:
    """One kind. `key` is where its things stand in a file: a list, or a group by id when `named`. `title` is the field that says what one is.

    `bare`: what stands in the file is the text itself, not a group of fields.
    """

    name: str
    one: str
    many: str
    says: str
    folder: str
    stem: str | None
    key: str
    title: str
    fields: tuple[Field, ...]
    id_kind: Kind = Kind.ID
    named: bool = False
    bare: bool = False
    kept: frozenset[str] = frozenset()
    """Ids that pages cannot do without."""

    def with_words(self, raw: object) -> Mapping[str, Any]:
        """What stands in the file, as a group of fields."""
        return {self.title: raw} if self.bare else raw if isinstance(raw, dict) else {}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing as it stands. `raw` is what is written, `data` the same by field."""

    kind: ThingKind
    sheet: Sheet
    id: str
    path: Place
    raw: object

    @property
    def data(self) -> Mapping[str, Any]:
        """Its fields."""
        return self.kind.with_words(self.raw)

    @property
    def seen(self) -> str:
        """A mark of it as it is now, for a form."""
        return mark_of(self.raw)

    @property
    def title(self) -> str:
        """What it is called on pages."""
        return str(self.data.get(self.kind.title) or self.id)


def _deadline(path: str, label: str, kind: Kind, hint: str = "") -> Field:
    return Field(label, kind, ("deadline", path), hint, binds=True)


_DUTY = (
    Field("What it is called", Kind.LINE, ("title",), required=True, binds=True),
    Field("Where it holds", Kind.LINES, ("jurisdiction",), "One code on each line, such as UK, GB, ENG or EU.", required=True, binds=True),
    Field("How far it is law", Kind.CHOICE, ("status",), required=True, choices=[(one, STATUS_WORDS[one]) for one in STATUSES], binds=True),
    Field("How much it binds", Kind.CHOICE, ("force",), required=True, choices=[(one, FORCE_WORDS[one]) for one in FORCES], binds=True),
    Field("Who it is for, in words", Kind.TEXT, ("applies_to",), required=True, binds=True),
    Field("The number to know", Kind.LINE, ("key_number",), "For example a turnover or a number of people.", binds=True),
    Field("What binds, in a line", Kind.LINE, ("line",), f"In plain words: {LONGEST_LINE} characters or fewer.", binds=True, longest=LONGEST_LINE),
    Field("The amount", Kind.LINE, ("amount",), f"Such as “{{wage}} an hour”: {LONGEST_AMOUNT} characters or fewer.", binds=True, longest=LONGEST_AMOUNT),
    Field("The penalty", Kind.LINE, ("penalty",), f"What it can cost to break it: {LONGEST_PENALTY} characters or fewer.", binds=True, longest=LONGEST_PENALTY),
    Field("Where to read it", Kind.LINE, ("read",), f"A short official address, or what to search for on GOV.UK: {LONGEST_READ} characters or fewer.", longest=LONGEST_READ),
    Field("What to do", Kind.STEPS, ("must_do",), "Empty a step to take it away.", binds=True),
    Field("When it is due", Kind.CHOICE, ("deadline", "kind"), required=True, choices=[(one, _DEADLINE_WORDS[one]) for one in DEADLINES], binds=True),
    _deadline("n", "How many months, days or years", Kind.NUMBER),
    _deadline("month_day", "Day of each year", Kind.LINE, "Month and day, such as 03-31."),
    _deadline("date", "From which day", Kind.DAY),
    _deadline("event", "What happens", Kind.LINE),
    _deadline("from", "Kept from when", Kind.LINE),
    _deadline("note", "A note on the date", Kind.LINE),
    Field("Who approves it", Kind.LINE, ("approver",), binds=True),
    Field("Where it is published", Kind.LINE, ("publish",), binds=True),
    Field("What happens if not", Kind.TEXT, ("consequence",), binds=True),
    Field("In force from", Kind.LINE, ("in_force_from",), binds=True),
    Field("Source", Kind.LINE, ("source",), "Act or guidance, with the section.", required=True),
    Field("Link to the source", Kind.ADDRESS, ("url",), required=True),
    Field("More links", Kind.ADDRESSES, ("more_urls",), "One on each line."),
    Field("What day the source says", Kind.LINE, ("source_as_of",), "Year first, for example 2026-10-01.", required=True),
    Field("How the source was seen", Kind.CHOICE, ("evidence",), required=True, choices=list(EVIDENCE_WORDS.items())),
    Field("How sure we are", Kind.CHOICE, ("confidence",), required=True, choices=[(one, one) for one in ("high", "medium", "low")]),
    Field("What a reviewer must still look at", Kind.TEXT, ("unverified",)),
)  # fmt: skip

_CONTACT = (
    Field("When to call", Kind.LINE, ("situation",), "The situation somebody is in. No opening hours: they change.", required=True),
    Field("Who answers", Kind.LINE, ("who",), required=True),
    Field("Phone number", Kind.LINE, ("number",), "As it should print, with its spaces."),
    Field("Textphone", Kind.LINE, ("text_phone",)),
    Field("Website", Kind.ADDRESS, ("web",)),
    Field("Who may call", Kind.LINE, ("for_whom",), required=True),
    Field("Area", Kind.LINE, ("area",), "“None” is for a line everybody sees. With an area it is shown there only. Your administrator adds areas."),
    Field("Place in the list", Kind.NUMBER, ("order",), "The most urgent line is number 1.", required=True),
    Field("How we know", Kind.LINE, ("source",), "Where you read the number: its own website is best.", required=True),
    Field("Looked at on", Kind.DAY, ("checked",), "For example 24/11/2026.", required=True),
    Field("Look again by", Kind.DAY, ("review_by",), "Numbers are looked at each month.", required=True),
)  # fmt: skip

DUTIES = ThingKind("duties", "duty", "Duties", "what law or guidance asks", "duties", None, "duties", "title", _DUTY)
CONTACTS = ThingKind(
    "contacts",
    "contact",
    "Whom to call",
    "phone numbers and websites, by how urgent it is",
    "settings",
    None,
    "contacts",
    "who",
    _CONTACT,
    kept=frozenset({"emergency", "police", "helpline"}),
)
SOURCES = ThingKind(
    "sources",
    "source",
    "Sources",
    "the documents that questions rest on",
    "",
    "sources",
    "sources",
    "document",
    (
        Field("Document", Kind.LINE, ("document",), "Who wrote it, what it is called, and its year.", required=True),
        Field("Link", Kind.ADDRESS, ("url",)),
        Field("How far it was read", Kind.LINE, ("how_far_read",), "For example: read whole. Say so if only a part was read.", required=True),
    ),
    id_kind=Kind.CAPITAL_ID,
    named=True,
)  # fmt: skip
DIMENSIONS = ThingKind(
    "dimensions",
    "theme",
    "Themes",
    "what safeguards are added up by",
    "",
    "dimensions",
    "dimensions",
    "name",
    (
        Field("Name", Kind.LINE, ("name",), required=True),
        Field("What it means", Kind.TEXT, ("meaning",), required=True),
    ),
)
OWNERS = ThingKind(
    "owners",
    "owner",
    "Owners of actions",
    "the roles an action can be given to",
    "",
    "owners",
    "owners",
    "name",
    (Field("Role", Kind.LINE, ("name",), "A role, not a person.", required=True),),
    named=True,
    bare=True,
)

KINDS: Mapping[str, ThingKind] = {one.name: one for one in (DUTIES, CONTACTS, SOURCES, DIMENSIONS, OWNERS)}


def sheets_for(shelf: Shelf, kind: ThingKind) -> list[Sheet]:
    """The files that hold things of this kind."""
    if kind.stem is not None:
        only = shelf.at(kind.folder, kind.stem)
        return [only] if only else []
    return [sheet for sheet in shelf.inside(kind.folder) if kind.key in sheet.written]


def things(shelf: Shelf, kind: ThingKind) -> Iterator[Thing]:
    """All things of a kind, by file and in the order of the file."""
    for sheet in sheets_for(shelf, kind):
        for thing_id, path, raw in entries(sheet.written, kind):
            yield Thing(kind, sheet, thing_id, path, raw)


def thing(shelf: Shelf, kind: ThingKind, thing_id: str) -> Thing | None:
    """The thing with this id."""
    return next((one for one in things(shelf, kind) if one.id == thing_id), None)


def entries(data: Mapping[str, Any], kind: ThingKind) -> Iterator[tuple[str, Place, object]]:
    """Id, place and value of each thing in the values of a file."""
    held = data.get(kind.key)
    if kind.named and isinstance(held, dict):
        for name, raw in held.items():
            yield str(name), (kind.key, name), raw
    elif not kind.named and isinstance(held, Sequence) and not isinstance(held, str):
        for index, raw in enumerate(held):
            if isinstance(raw, dict):
                yield str(raw.get("id", "")), (kind.key, index), raw
