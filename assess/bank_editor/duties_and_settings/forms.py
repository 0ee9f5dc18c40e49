"""Form fields of these entries: which each kind has, reading and showing them, and new values of a dated setting."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assess.bank_editor.draft_context import DraftContext, FileData, Location
from assess.core.edit_conflicts import etag, require_unchanged, still_there
from assess.engine.bank_validation import DEADLINE_KEYS
from assess.engine.in_words import EditionNames, condition_in_words, edition_names
from assess.engine.problems import DocumentPath
from assess.question_banks.files import ContentFile, ContentFiles
from assess.question_banks.schema_banks import (
    FORCES,
    LONGEST_AMOUNT,
    LONGEST_LINE,
    LONGEST_PENALTY,
    LONGEST_READ,
    STATUSES,
)
from assess.question_banks.schema_fields import web_address
from assess.question_banks.settings import text_of

LONGEST_BY_KIND = {"line": 600, "text": 4000}
INVALID_URL = "Copy the whole address from your browser. It begins with https:// and has no spaces."
MAX_STEPS = 40


class FieldKind(enum.StrEnum):
    ID = "id"
    CAPITAL_ID = "capital_id"
    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    """A list, one entry on each line."""
    STEPS = "steps"
    """A list of texts, each in a field of its own: one that asks for a condition keeps it."""
    ADDRESS = "address"
    ADDRESSES = "addresses"
    DAY = "day"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` leads to its value inside the thing. `binds`: a change makes an earlier review of the thing void."""

    label: str
    kind: FieldKind
    path: tuple[str, ...]
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    binds: bool = False
    longest: int | None = None
    """Characters, where fewer fit than in other fields of its kind."""

    @property
    def name(self) -> str:
        return "-".join(self.path)


@dataclass(frozen=True, slots=True)
class FormResult:
    """What was typed: a value by field, None where there is to be none; and what is wrong, by the name of the field."""

    values: Mapping[tuple[str, ...], object] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read_form(fields: Iterable[Field], form: Mapping[str, str], before: Mapping[str, Any] | None = None) -> FormResult:
    """Spaces and line ends count as one space. What is as in `before` is not read: it stays, whatever today’s rules."""
    values: dict[tuple[str, ...], object] = {}
    errors: dict[str, str] = {}
    for one in fields:
        typed = form.get(one.name, "").strip()
        steps = one.kind is FieldKind.STEPS
        if before is not None and not steps and typed.replace("\r\n", "\n") == field_text(one, before):
            continue
        value = _steps(one, form) if steps else _value(one, typed)
        if isinstance(value, InvalidInput):
            errors[one.name] = value.why
        elif one.required and value in (None, []):
            errors[one.name] = f"Enter this: {one.label}."
        else:
            values[one.path] = value
    return FormResult(values, errors)


@dataclass(frozen=True, slots=True)
class InvalidInput:
    why: str


def _steps(one: Field, form: Mapping[str, str]) -> object:
    said = []
    for index in range(MAX_STEPS):
        text = form.get(f"{one.name}-{index}")
        if text is not None:
            value = _text(one, text)
            if isinstance(value, InvalidInput):
                return value
            said.append((index, value))
    return said


def _value(one: Field, form_data: str) -> object:
    if one.kind is FieldKind.FLAG:
        return True if form_data else None
    if not form_data:
        return None
    if one.kind in {FieldKind.LINES, FieldKind.ADDRESSES}:
        parts = [_single_value(one, part) for part in form_data.splitlines() if part.strip()]
        return next((part for part in parts if isinstance(part, InvalidInput)), parts)
    return _single_value(one, form_data)


def _single_value(one: Field, form_data: str) -> object:
    match one.kind:
        case FieldKind.ID | FieldKind.CAPITAL_ID:
            form = r"[a-z][a-z0-9_]{0,59}" if one.kind is FieldKind.ID else r"[A-Za-z][A-Za-z0-9_]{0,59}"
            said = "Use small letters, digits and _ only, and begin with a letter. For example: new_duty."
            return form_data if re.fullmatch(form, form_data) else InvalidInput(said)
        case FieldKind.ADDRESS | FieldKind.ADDRESSES:
            return clean_url(form_data)
        case FieldKind.DAY:
            return clean_date(form_data)
        case FieldKind.NUMBER:
            return clean_number(form_data)
        case FieldKind.CHOICE:
            known = any(form_data == value for value, _ in one.choices)
            return form_data if known else InvalidInput("Choose one of these.")
        case _:
            return _text(one, form_data)


def _text(one: Field, form_data: str) -> str | InvalidInput | None:
    text = " ".join(form_data.split())
    most = one.longest or LONGEST_BY_KIND["line" if one.kind in {FieldKind.LINE, FieldKind.LINES} else "text"]
    if len(text) > most:
        return InvalidInput(f"Write {most} characters at most.")
    return text or None


def clean_url(form_data: str) -> str | InvalidInput:
    form_data = form_data.strip()
    found = web_address(form_data)
    return form_data if found and found.scheme == "https" else InvalidInput(INVALID_URL)


def clean_date(form_data: str) -> str | InvalidInput:
    """A day, as 2026-11-24 or 24/11/2026; kept as the first."""
    parts = re.fullmatch(r"([0-9]{1,2})[/. ]([0-9]{1,2})[/. ]([0-9]{4})", form_data.strip())
    try:
        found = date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(form_data.strip())
    except ValueError:
        return InvalidInput("Enter a day, for example 24/11/2026.")
    return found.isoformat()


def clean_number(form_data: str) -> float | InvalidInput:
    """A number without words: 12, 12.5, 45,000."""
    plain = form_data.strip().removeprefix("£").replace(",", "")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", plain):
        return InvalidInput("Enter a number, for example 12.50.")
    return float(plain) if "." in plain else int(plain)


def apply_values(thing: FileData, fields: Iterable[Field], values: Mapping[tuple[str, ...], object]) -> None:
    """Put what was read into the thing, in place. What the form does not ask for stays."""
    for one in fields:
        if one.path not in values:
            continue
        here = thing
        for step in one.path[:-1]:
            here = here.setdefault(step, {})
        value = values[one.path]
        if one.kind is FieldKind.STEPS:
            value = _merged(here.get(one.path[-1]) or [], value)
        if value is None or value == []:
            here.pop(one.path[-1], None)
        else:
            here[one.path[-1]] = value


def _merged(before: Sequence[Any], said: Any) -> list[Any]:  # noqa: ANN401  # pairs of place and text, from `read`
    """Steps with their new words; one that stands under a condition keeps it, one without words goes."""
    form_data = dict(said)
    kept = [(old, form_data.get(index, step_text(old))) for index, old in enumerate(before)]
    new = [(None, text) for index, text in sorted(form_data.items()) if index >= len(before)]
    return [{**old, "text": text} if isinstance(old, dict) else text for old, text in (*kept, *new) if text is not None]


def step_text(step: object) -> str:
    return str(step.get("text", "")) if isinstance(step, dict) else str(step)


def field_text(one: Field, thing: Mapping[str, Any]) -> Any:  # noqa: ANN401  # text, or a list of texts for steps
    here: Any = thing
    for step in one.path:
        here = here.get(step) if isinstance(here, dict) else None
    if one.kind is FieldKind.STEPS:
        return [step_text(step) for step in here or []]
    if one.kind in {FieldKind.LINES, FieldKind.ADDRESSES}:
        return "\n".join(map(str, here)) if isinstance(here, list) else ""
    if one.kind is FieldKind.FLAG:
        return "yes" if here is True else ""
    if one.kind is FieldKind.DAY:
        with suppress(ValueError):
            return date.fromisoformat(str(here or "")).strftime("%d/%m/%Y")
    return "" if here is None else str(here)


def field_at(fields: Iterable[Field], place: DocumentPath) -> Field | None:
    return next((one for one in fields if place[: len(one.path)] == one.path), None)


def reviewed_text_changed(fields: Iterable[Field], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(one.binds and field_text(one, before) != field_text(one, after) for one in fields)


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
    id_kind: FieldKind = FieldKind.ID
    named: bool = False
    bare: bool = False
    kept: frozenset[str] = frozenset()
    """Ids that pages cannot do without."""

    def with_words(self, raw: object) -> Mapping[str, Any]:
        return {self.title: raw} if self.bare else raw if isinstance(raw, dict) else {}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing as it stands. `raw` is what is written, `data` the same by field."""

    kind: EntryKind
    content_file: ContentFile
    id: str
    path: DocumentPath
    raw: object

    @property
    def data(self) -> Mapping[str, Any]:
        return self.kind.with_words(self.raw)

    @property
    def etag(self) -> str:
        return etag(self.raw)

    @property
    def title(self) -> str:
        return str(self.data.get(self.kind.title) or self.id)


def _deadline(path: str, label: str, kind: FieldKind, hint: str = "") -> Field:
    return Field(label, kind, ("deadline", path), hint, binds=True)


_DUTY_FIELDS = (
    Field("What it is called", FieldKind.LINE, ("title",), required=True, binds=True),
    Field("Where it holds", FieldKind.LINES, ("jurisdiction",), "One code on each line, such as UK, GB, ENG or EU.", required=True, binds=True),
    Field("How far it is law", FieldKind.CHOICE, ("status",), required=True, choices=[(one, STATUS_WORDS[one]) for one in STATUSES], binds=True),
    Field("How much it binds", FieldKind.CHOICE, ("force",), required=True, choices=[(one, FORCE_WORDS[one]) for one in FORCES], binds=True),
    Field("Who it is for, in words", FieldKind.TEXT, ("applies_to",), required=True, binds=True),
    Field("The number to know", FieldKind.LINE, ("key_number",), "For example a turnover or a number of people.", binds=True),
    Field("What binds, in a line", FieldKind.LINE, ("line",), f"In plain words: {LONGEST_LINE} characters or fewer.", binds=True, longest=LONGEST_LINE),
    Field("The amount", FieldKind.LINE, ("amount",), f"Such as “{{wage}} an hour”: {LONGEST_AMOUNT} characters or fewer.", binds=True, longest=LONGEST_AMOUNT),
    Field("The penalty", FieldKind.LINE, ("penalty",), f"What it can cost to break it: {LONGEST_PENALTY} characters or fewer.", binds=True, longest=LONGEST_PENALTY),
    Field("Where to read it", FieldKind.LINE, ("read",), f"A short official address, or what to search for on GOV.UK: {LONGEST_READ} characters or fewer.", longest=LONGEST_READ),
    Field("What to do", FieldKind.STEPS, ("must_do",), "Empty a step to take it away.", binds=True),
    Field("When it is due", FieldKind.CHOICE, ("deadline", "kind"), required=True, choices=[(one, _DEADLINE_WORDS[one]) for one in DEADLINE_KEYS], binds=True),
    _deadline("n", "How many months, days or years", FieldKind.NUMBER),
    _deadline("month_day", "Day of each year", FieldKind.LINE, "Month and day, such as 03-31."),
    _deadline("date", "From which day", FieldKind.DAY),
    _deadline("event", "What happens", FieldKind.LINE),
    _deadline("from", "Kept from when", FieldKind.LINE),
    _deadline("note", "A note on the date", FieldKind.LINE),
    Field("Who approves it", FieldKind.LINE, ("approver",), binds=True),
    Field("Where it is published", FieldKind.LINE, ("publish",), binds=True),
    Field("What happens if not", FieldKind.TEXT, ("consequence",), binds=True),
    Field("In force from", FieldKind.LINE, ("in_force_from",), binds=True),
    Field("Source", FieldKind.LINE, ("source",), "Act or guidance, with the section.", required=True),
    Field("Link to the source", FieldKind.ADDRESS, ("url",), required=True),
    Field("More links", FieldKind.ADDRESSES, ("more_urls",), "One on each line."),
    Field("What day the source says", FieldKind.LINE, ("source_as_of",), "Year first, for example 2026-10-01.", required=True),
    Field("How the source was seen", FieldKind.CHOICE, ("evidence",), required=True, choices=list(EVIDENCE_WORDS.items())),
    Field("How sure we are", FieldKind.CHOICE, ("confidence",), required=True, choices=[(one, one) for one in ("high", "medium", "low")]),
    Field("What a reviewer must still look at", FieldKind.TEXT, ("unverified",)),
)  # fmt: skip

_CONTACT_FIELDS = (
    Field("When to call", FieldKind.LINE, ("situation",), "The situation somebody is in. No opening hours: they change.", required=True),
    Field("Who answers", FieldKind.LINE, ("who",), required=True),
    Field("Phone number", FieldKind.LINE, ("number",), "As it should print, with its spaces."),
    Field("Textphone", FieldKind.LINE, ("text_phone",)),
    Field("Website", FieldKind.ADDRESS, ("web",)),
    Field("Who may call", FieldKind.LINE, ("for_whom",), required=True),
    Field("Area", FieldKind.LINE, ("area",), "“None” is for a line everybody sees. With an area it is shown there only. Your administrator adds areas."),
    Field("Place in the list", FieldKind.NUMBER, ("order",), "The most urgent line is number 1.", required=True),
    Field("How we know", FieldKind.LINE, ("source",), "Where you read the number: its own website is best.", required=True),
    Field("Looked at on", FieldKind.DAY, ("checked",), "For example 24/11/2026.", required=True),
    Field("Look again by", FieldKind.DAY, ("review_by",), "Numbers are looked at each month.", required=True),
)  # fmt: skip

DUTIES = EntryKind(
    "duties", "duty", "Duties", "what law or guidance asks",
    "duties", None, "duties", "title", _DUTY_FIELDS,
)  # fmt: skip
CONTACTS = EntryKind(
    "contacts", "contact", "Contacts", "phone numbers and websites, by how urgent it is",
    "settings", None, "contacts", "who", _CONTACT_FIELDS, kept=frozenset({"emergency", "police", "helpline"}),
)  # fmt: skip
SOURCES = EntryKind(
    "sources", "source", "Sources", "the documents that questions rest on",
    "", "sources", "sources", "document",
    (
        Field("Document", FieldKind.LINE, ("document",), "Who wrote it, what it is called, and its year.", required=True),
        Field("Link", FieldKind.ADDRESS, ("url",)),
        Field("How far it was read", FieldKind.LINE, ("how_far_read",), "For example: read whole. Say so if only a part was read.", required=True),
    ),
    id_kind=FieldKind.CAPITAL_ID, named=True,
)  # fmt: skip
DIMENSIONS = EntryKind(
    "dimensions", "theme", "Themes", "what safeguards are added up by",
    "", "dimensions", "dimensions", "name",
    (
        Field("Name", FieldKind.LINE, ("name",), required=True),
        Field("What it means", FieldKind.TEXT, ("meaning",), required=True),
    ),
)  # fmt: skip
OWNERS = EntryKind(
    "owners", "owner", "Owners of actions", "the roles an action can be given to",
    "", "owners", "owners", "name", (Field("Role", FieldKind.LINE, ("name",), "A role, not a person.", required=True),),
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
            yield Entry(kind, content_file, thing_id, path, raw)


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


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field on a page. `value` is text, or a list of texts for steps; `under` says the condition of each step."""

    field: Field
    value: Any
    error: str | None = None
    theirs: str | None = None
    under: tuple[str, ...] = ()


def date_in_words(said: object) -> str:
    """A day of a file as people read it; what is none stays as it is."""
    return text_of(str(said), None) if said else ""


def posted_value(one: Field, form: Mapping[str, str]) -> Any:  # noqa: ANN401  # as `field_text`
    if one.kind is not FieldKind.STEPS:
        return form.get(one.name, "")
    said: list[str] = []
    while (text := form.get(f"{one.name}-{len(said)}")) is not None:
        said.append(text)
    while said and not said[-1].strip():
        said.pop()
    return said


def field_views(
    fields: Iterable[Field],
    data: Mapping[str, Any],
    *,
    form_data: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    theirs: Mapping[str, Any] | None = None,
    under: tuple[str, ...] = (),
) -> list[FieldView]:
    """The fields as a page shows them: what was typed if anything was, else what is written."""
    made = []
    for one in fields:
        value = field_text(one, data) if form_data is None else posted_value(one, form_data)
        other = None
        if theirs is not None and field_text(one, theirs) != value:
            now = field_text(one, theirs)
            other = "; ".join(now) if isinstance(now, list) else now
        made.append(
            FieldView(one, value, (errors or {}).get(one.name), other, under if one.kind is FieldKind.STEPS else ())
        )
    return made


def issues_of_entry(draft_context: DraftContext, thing: Entry) -> tuple[dict[str, str], list[str]]:
    beside: dict[str, str] = {}
    whole: list[str] = []
    for issue in draft_context.issues_of(Location(thing.content_file, thing.path, thing.data)):
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


def same_condition_choices(
    draft_context: DraftContext, kind: EntryKind, but: str | None = None
) -> list[tuple[str, str]]:
    """The duties whose condition another one may take over."""
    return [(one.id, one.title) for one in entries_of_kind(draft_context.files, kind) if one.id != but]


SOURCE_FIELDS = (
    Field("Where you read it", FieldKind.TEXT, ("source",), "Who says so, and how sure that is.", required=True),
    Field("Looked at on", FieldKind.DAY, ("checked",), "For example 24/11/2026.", required=True),
    Field("Look again by", FieldKind.DAY, ("review_by",), "After this day the list says that somebody has to look again.", required=True),
)  # fmt: skip


def new_value_fields(row: Mapping[str, Any], unit: str | None) -> tuple[Field, ...]:
    value = row.get("value")
    says = "The first day it counts, for example 01/04/2027."
    begins = Field("From which day", FieldKind.DAY, ("from",), says, required=True)
    if isinstance(value, dict):
        names = [(str(name).replace("_", " "), ("value", str(name))) for name in value]
        parts = tuple(Field(words, FieldKind.NUMBER, path, required=True) for words, path in names)
    else:
        kind = FieldKind.NUMBER if isinstance(value, (int, float)) else FieldKind.LINE
        in_words = "As it should read in a sentence. Write a whole day as 2027-04-01."
        hint = f"In {unit}." if unit else in_words if kind is FieldKind.LINE else ""
        parts = (Field("New value", kind, ("value",), hint, required=True),)
    return (begins, *parts, *SOURCE_FIELDS)


SAME_DAY = "There is a value from this day already. Choose another day."


def read_value(rows: FormResult, before: FileData) -> tuple[FileData, dict[str, str]]:
    made: FileData = {}
    for path, value in rows.values.items():
        here = made
        for step in path[:-1]:
            here = here.setdefault(step, {})
        here[path[-1]] = value
    errors = dict(rows.errors)
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


def add_value(data: FileData, setting_id: str, seen: str, row: FileData) -> None:
    """Put a value where its day belongs. Raises EditConflictError when the setting is not as it was seen."""
    setting = _setting_as_seen(data, setting_id, seen)
    setting["values"] = sorted([*setting["values"], row], key=lambda one: str(one.get("from", "")))


def set_source_check(data: FileData, setting_id: str, seen: str, begins: str, said: Mapping[str, object]) -> None:
    """Raises EditConflictError as above, or when no value begins on this day."""
    setting = _setting_as_seen(data, setting_id, seen)
    row: FileData = still_there(next((one for one in setting["values"] if one.get("from") == begins), None))
    row |= said


def read_source(form: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    said = read_form(SOURCE_FIELDS, form)
    row = {path[-1]: value for path, value in said.values.items()}
    return row, {**said.errors, **date_order_errors(row)}


def _setting_as_seen(data: FileData, setting_id: str, seen: str) -> FileData:
    found: FileData = still_there(next((one for one in data.get("settings", ()) if one.get("id") == setting_id), None))
    require_unchanged(seen, found)
    return found
