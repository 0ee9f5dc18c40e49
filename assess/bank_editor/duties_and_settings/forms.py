"""Form fields of these entries: which each kind has, reading and showing them, and new values of a dated setting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.bank_editor.draft_context import DraftContext, Location
from assess.bank_editor.fields import Control, Field, FileData, field_at, field_values, read_group, value_in
from assess.core.edit_conflicts import etag, still_there
from assess.core.forms.fields import FormField, LinesField, MoneyField, NumberField, PhoneField, WebAddressField
from assess.engine.bank import LONGEST_AMOUNT, LONGEST_LINE, LONGEST_PENALTY, LONGEST_READ, Duty, Source
from assess.engine.in_words import EditionNames, condition_in_words, edition_names
from assess.engine.problems import DocumentPath
from assess.engine.schema import file_fields
from assess.engine.settings import Contact
from assess.question_banks.files import ContentFile, ContentFiles

LARGEST_NUMBER = 10**12
LONGEST_ENTRY_LINE, LONGEST_ENTRY_TEXT = 600, 4000


def entry_field(
    name: str,
    label: str,
    hint: str = "",
    control: Control = Control.LINE,
    *,
    reader: FormField[Any] | None = None,
    choices: Mapping[str, str] | None = None,
    longest: int = LONGEST_ENTRY_LINE,
    required: bool = False,
    binds: bool = False,
    inside: str = "",
) -> Field:
    """A field of an entry: the page says what may be left empty."""
    return Field(
        f"{inside}-{name}" if inside else name,
        control if choices is None else Control.SELECT,
        label,
        hint,
        tuple((choices if required else {"": "None", **choices}).items()) if choices is not None else (),
        f"Enter this: {label}." if required else "",
        LONGEST_ENTRY_TEXT if control in {Control.TEXT, Control.STEPS} else longest,
        ids=True,
        inside=inside,
        reader=reader,
        optional=not required,
        binds=binds,
    )


def reviewed_text_changed(fields: Iterable[Field], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(
        one.binds and field_values(one, value_in(before, one.path)) != field_values(one, value_in(after, one.path))
        for one in fields
    )


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
CONFIDENCE = ("high", "medium", "low")
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
class EntryKind:
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
    order: tuple[str, ...] = ()
    """How files write its keys."""
    capital_ids: bool = False
    named: bool = False
    bare: bool = False
    kept: frozenset[str] = frozenset()
    """Ids that pages cannot do without."""

    def with_words(self, raw: object) -> Mapping[str, Any]:
        return {self.title: raw} if self.bare else raw if isinstance(raw, dict) else {}


@dataclass(frozen=True, slots=True)
class Entry(Location):
    """One thing as it stands. `raw` is what is written, `data` the same by field."""

    kind: EntryKind
    id: str
    raw: object

    @property
    def etag(self) -> str:
        return etag(self.raw)

    @property
    def title(self) -> str:
        return str(self.data.get(self.kind.title) or self.id)


_DUTY_FIELDS = (
    entry_field("title", "What it is called", required=True, binds=True),
    entry_field("jurisdiction", "Where it holds", "One code on each line, such as UK, GB, ENG or EU.", required=True, binds=True, control=Control.LINES),
    entry_field("status", "How far it is law", required=True, choices=STATUS_WORDS, binds=True),
    entry_field("force", "How much it binds", required=True, choices=FORCE_WORDS, binds=True),
    entry_field("applies_to", "Who it is for, in words", required=True, binds=True, control=Control.TEXT),
    entry_field("key_number", "The number to know", "For example a turnover or a number of people.", binds=True),
    entry_field("line", "What binds, in a line", f"In plain words: {LONGEST_LINE} characters or fewer.", binds=True, longest=LONGEST_LINE),
    entry_field("amount", "The amount", f"Such as “{{wage}} an hour”: {LONGEST_AMOUNT} characters or fewer.", binds=True, longest=LONGEST_AMOUNT),
    entry_field("penalty", "The penalty", f"What it can cost to break it: {LONGEST_PENALTY} characters or fewer.", binds=True, longest=LONGEST_PENALTY),
    entry_field("read", "Where to read it", f"A short official address, or what to search for on GOV.UK: {LONGEST_READ} characters or fewer.", longest=LONGEST_READ),
    entry_field("must_do", "What to do", "Empty a step to take it away.", binds=True, control=Control.STEPS),
    entry_field("kind", "When it is due", required=True, choices=_DEADLINE_WORDS, binds=True, inside="deadline"),
    entry_field("n", "How many months, days or years", binds=True, control=Control.NUMBER, reader=NumberField(most=LARGEST_NUMBER), inside="deadline"),
    entry_field("month_day", "Day of each year", "Month and day, such as 03-31.", binds=True, inside="deadline"),
    entry_field("date", "From which day", binds=True, control=Control.DATE, inside="deadline"),
    entry_field("event", "What happens", binds=True, inside="deadline"),
    entry_field("from", "Kept from when", binds=True, inside="deadline"),
    entry_field("note", "A note on the date", binds=True, inside="deadline"),
    entry_field("approver", "Who approves it", binds=True),
    entry_field("publish", "Where it is published", binds=True),
    entry_field("consequence", "What happens if not", binds=True, control=Control.TEXT),
    entry_field("in_force_from", "In force from", binds=True),
    entry_field("source", "Source", "Act or guidance, with the section.", required=True),
    entry_field("url", "Link to the source", required=True, reader=WebAddressField()),
    entry_field("more_urls", "More links", "One on each line.", control=Control.LINES, reader=LinesField(WebAddressField())),
    entry_field("source_as_of", "What day the source says", "Year first, for example 2026-10-01.", required=True),
    entry_field("evidence", "How the source was seen", required=True, choices=EVIDENCE_WORDS),
    entry_field("confidence", "How sure we are", required=True, choices=dict(zip(CONFIDENCE, CONFIDENCE, strict=True))),
    entry_field("unverified", "What a reviewer must still look at", control=Control.TEXT),
)  # fmt: skip

_CONTACT_FIELDS = (
    entry_field("situation", "When to call", "The situation somebody is in. No opening hours: they change.", required=True),
    entry_field("who", "Who answers", required=True),
    entry_field("number", "Phone number", "As it should print, with its spaces.", reader=PhoneField(printed=True)),
    entry_field("text_phone", "Textphone"),
    entry_field("web", "Website", reader=WebAddressField()),
    entry_field("for_whom", "Who may call", required=True),
    entry_field("area", "Area", "“None” is for a line everybody sees. With an area it is shown there only. Your administrator adds areas."),
    entry_field("order", "Place in the list", "The most urgent line is number 1.", required=True, control=Control.NUMBER, reader=NumberField(most=LARGEST_NUMBER)),
    entry_field("source", "How we know", "Where you read the number: its own website is best.", required=True),
    entry_field("checked", "Looked at on", "For example 24/11/2026.", required=True, control=Control.DATE),
    entry_field("review_by", "Look again by", "Numbers are looked at each month.", required=True, control=Control.DATE),
)  # fmt: skip

DUTIES = EntryKind(
    "duties", "duty", "Duties", "what law or guidance asks",
    "duties", None, "duties", "title", _DUTY_FIELDS, tuple(file_fields(Duty)),
)  # fmt: skip
CONTACTS = EntryKind(
    "contacts", "contact", "Contacts", "phone numbers and websites, by how urgent it is",
    "settings", None, "contacts", "who", _CONTACT_FIELDS, tuple(file_fields(Contact)),
    kept=frozenset({"emergency", "police", "helpline"}),
)  # fmt: skip
SOURCES = EntryKind(
    "sources", "source", "Sources", "the documents that questions rest on",
    "", "sources", "sources", "document",
    (
        entry_field("document", "Document", "Who wrote it, what it is called, and its year.", required=True),
        entry_field("url", "Link", reader=WebAddressField()),
        entry_field("how_far_read", "How far it was read", "For example: read whole. Say so if only a part was read.", required=True),
    ),
    tuple(file_fields(Source)), capital_ids=True, named=True,
)  # fmt: skip
DIMENSIONS = EntryKind(
    "dimensions", "theme", "Themes", "what safeguards are added up by",
    "", "dimensions", "dimensions", "name",
    (
        entry_field("name", "Name", required=True),
        entry_field("meaning", "What it means", required=True, control=Control.TEXT),
    ),
)  # fmt: skip
OWNERS = EntryKind(
    "owners", "owner", "Owners of actions", "the roles an action can be given to",
    "", "owners", "owners", "name", (entry_field("name", "Role", "A role, not a person.", required=True),),
    named=True, bare=True,
)  # fmt: skip
ENTRY_KINDS: Mapping[str, EntryKind] = {one.name: one for one in (DUTIES, CONTACTS, SOURCES, DIMENSIONS, OWNERS)}


def files_of_kind(files: ContentFiles, kind: EntryKind) -> list[ContentFile]:
    if kind.stem is not None:
        only = files.at(kind.folder, kind.stem)
        return [only] if only else []
    return [content_file for content_file in files.inside(kind.folder) if kind.key in content_file.raw_data]


def entries_of_kind(files: ContentFiles, kind: EntryKind) -> Iterator[Entry]:
    for content_file in files_of_kind(files, kind):
        for thing_id, path, raw in entries_in_file(content_file.raw_data, kind):
            yield Entry(content_file, path, kind.with_words(raw), kind, thing_id, raw)


def entry_titles(files: ContentFiles, kind: EntryKind) -> dict[str, str]:
    """What each thing of a kind is called, by its id."""
    return {one.id: one.title for one in entries_of_kind(files, kind)}


def find_entry(files: ContentFiles, kind: EntryKind, thing_id: str) -> Entry | None:
    return next((one for one in entries_of_kind(files, kind) if one.id == thing_id), None)


def entries_in_file(data: Mapping[str, Any], kind: EntryKind) -> Iterator[tuple[str, DocumentPath, object]]:
    held = data.get(kind.key)
    if kind.named and isinstance(held, dict):
        for name, raw in held.items():
            yield str(name), (kind.key, name), raw
    elif not kind.named and isinstance(held, Sequence) and not isinstance(held, str):
        for index, raw in enumerate(held):
            if isinstance(raw, dict):
                yield str(raw.get("id", "")), (kind.key, index), raw


def issues_of_entry(draft_context: DraftContext, thing: Entry) -> tuple[dict[str, str], list[str]]:
    beside: dict[str, str] = {}
    whole: list[str] = []
    for issue in draft_context.issues_of(thing):
        one = field_at(thing.kind.fields, issue.place)
        if one is None:
            whole.append(issue.found.message)
        else:
            beside[one.name] = f"{beside.get(one.name, '')} {issue.found.message}".lstrip()
    return beside, whole


def names_in_draft(draft_context: DraftContext) -> EditionNames | None:
    """What facts and duties are called in this draft; None while no bank can be read."""
    editions = [one.edition for one in draft_context.report.banks.values() if one.edition is not None]
    return edition_names(editions[0]) if editions else None


def duty_condition_in_words(names: EditionNames | None, duty_id: str) -> str | None:
    duty = names.duties.get(duty_id) if names else None
    return condition_in_words(duty.when, names) if duty and names else None


def step_conditions(names: EditionNames | None, duty_id: str) -> tuple[str, ...]:
    duty = names.duties.get(duty_id) if names else None
    steps = duty.must_do if duty and names else ()
    return tuple(condition_in_words(one.when, names) if one.when is not None and names else "" for one in steps)


SOURCE_FIELDS = (
    entry_field("source", "Where you read it", "Who says so, and how sure that is.", required=True, control=Control.TEXT),
    entry_field("checked", "Looked at on", "For example 24/11/2026.", required=True, control=Control.DATE),
    entry_field("review_by", "Look again by", "After this day the list says that somebody has to look again.", required=True, control=Control.DATE),
)  # fmt: skip


def amount_field(unit: str | None) -> FormField[Any]:
    return MoneyField(most=LARGEST_NUMBER) if unit and "£" in unit else NumberField(most=LARGEST_NUMBER)


def new_value_fields(row: Mapping[str, Any], unit: str | None) -> tuple[Field, ...]:
    value = row.get("value")
    says = "The first day it counts, for example 01/04/2027."
    begins = entry_field("from", "From which day", says, required=True, control=Control.DATE)
    if isinstance(value, dict):
        parts = tuple(
            entry_field(
                str(name),
                str(name).replace("_", " "),
                control=Control.NUMBER,
                reader=amount_field(unit),
                inside="value",
                required=True,
            )
            for name in value
        )
    else:
        is_number = isinstance(value, (int, float))
        in_words = "As it should read in a sentence. Write a whole day as 2027-04-01."
        hint = f"In {unit}." if unit else "" if is_number else in_words
        control, reader = (Control.NUMBER, amount_field(unit)) if is_number else (Control.LINE, None)
        parts = (entry_field("value", "New value", hint, control=control, reader=reader, required=True),)
    return (begins, *parts, *SOURCE_FIELDS)


VALUE_KEYS = ("from", "value", "source", "checked", "review_by")
SAME_DAY = "There is a value from this day already. Choose another day."


def read_value(
    fields: Iterable[Field], form_data: Mapping[str, Sequence[str]], before: Mapping[str, Any]
) -> tuple[FileData, dict[str, str]]:
    made, errors = read_group(fields, form_data, {}, VALUE_KEYS)
    if any(row.get("from") == made.get("from") for row in before.get("values", ()) if isinstance(row, dict)):
        errors.setdefault("from", SAME_DAY)
    return made, errors | date_order_errors(made)


def date_order_errors(row: Mapping[str, Any]) -> dict[str, str]:
    checked, again = row.get("checked"), row.get("review_by")
    return (
        {"review_by": "This day is before you looked at it. Choose a later one."}
        if checked and again and str(again) < str(checked)
        else {}
    )


def add_value(setting: FileData, row: FileData) -> None:
    """Put a value where its day belongs."""
    setting["values"] = sorted([*setting["values"], row], key=lambda one: str(one.get("from", "")))


def set_source_check(setting: FileData, begins: str, said: Mapping[str, object]) -> None:
    """Raises EditConflictError when no value begins on this day."""
    row: FileData = still_there(next((one for one in setting["values"] if one.get("from") == begins), None))
    row |= said


def read_source(form_data: Mapping[str, Sequence[str]]) -> tuple[Mapping[str, object], dict[str, str]]:
    said, errors = read_group(SOURCE_FIELDS, form_data, {}, VALUE_KEYS)
    return said, errors | date_order_errors(said)
