"""Form fields of these entries: which each kind has, reading and showing them, and new values of a dated setting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, get_args

from assess.bank_editor.draft_context import DraftContext, FileData, Location
from assess.bank_editor.labels import IdField
from assess.core.edit_conflicts import etag, require_unchanged, still_there
from assess.core.forms.fields import (
    ChoiceField,
    FormField,
    IsoDateField,
    LinesField,
    MoneyField,
    NumberField,
    PhoneField,
    SentForm,
    TextField,
    WebAddressField,
)
from assess.core.forms.form import FormResult, form_of
from assess.engine.bank import LONGEST_AMOUNT, LONGEST_LINE, LONGEST_PENALTY, LONGEST_READ, DutyForce, DutyStatus
from assess.engine.bank_validation import DEADLINE_KEYS
from assess.engine.in_words import EditionNames, condition_in_words, edition_names
from assess.engine.problems import DocumentPath
from assess.question_banks.files import ContentFile, ContentFiles

MAX_STEPS = 40
LARGEST_NUMBER = 10**12


LINE, TEXT = partial(TextField, 600), partial(TextField, 4000)
NUMBER = partial(NumberField, most=LARGEST_NUMBER)


class StepsField(FormField[dict[int, str]]):
    """A list of texts, each in a box of its own: those by place, an empty one for a step that goes."""

    takes = dict
    step = TEXT()

    @property
    def empty(self) -> dict[int, str]:
        return {}

    def pick(self, sent: SentForm, name: str) -> dict[int, object]:
        boxes = {place: f"{name}-{place}" for place in range(MAX_STEPS)}
        return {place: self.step.pick(sent, box) for place, box in boxes.items() if box in sent}

    def clean(self, typed: Mapping[int, object]) -> dict[int, str]:
        return {place: self.step.deserialize(text) for place, text in typed.items()}


@dataclass(frozen=True, slots=True)
class EntryField:
    """What one value of an entry is called, and the field that reads it. `path` leads to the value. `binds`: a change makes an earlier review void."""

    label: str
    form_field: FormField[Any]
    path: tuple[str, ...]
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    """The words of a `ChoiceField`, by value."""
    binds: bool = False

    def __post_init__(self) -> None:
        if self.required:
            self.form_field.sentence_if_empty = f"Enter this: {self.label}."

    @property
    def name(self) -> str:
        return "-".join(self.path)

    @property
    def control(self) -> str:
        """What the page shows it as."""
        match self.form_field:
            case ChoiceField():
                return "choice"
            case StepsField():
                return "steps"
            case NumberField():
                return "number"
            case IsoDateField() | IdField():
                return "short"
            case LinesField():
                return "text"
            case TextField(longest=longest) if longest > LINE().longest:
                return "text"
            case _:
                return "line"


def read_form(
    fields: Iterable[EntryField], sent: SentForm | None, before: Mapping[str, Any] | None = None
) -> FormResult:
    """The values by name; none where nothing was sent. What is as in `before` is not read: it stays, whatever today’s rules."""
    if sent is None:
        return FormResult({})
    changed = {
        one.name: one.form_field
        for one in fields
        if before is None or _plain(posted_value(one, sent)) != field_text(one, before)
    }
    return form_of(changed).read(sent)


def _plain(posted: Any) -> Any:  # noqa: ANN401  # text, or a list of texts for steps
    """What a browser sends for a text that nobody touched, as the text is written."""
    return list(map(_plain, posted)) if isinstance(posted, list) else posted.strip().replace("\r\n", "\n")


def apply_values(thing: FileData, fields: Iterable[EntryField], values: Mapping[str, Any]) -> None:
    """Put what was read into the thing, in place. What the form does not ask for stays."""
    for one in fields:
        if one.name not in values:
            continue
        here = thing
        for step in one.path[:-1]:
            here = here.setdefault(step, {})
        value = values[one.name]
        if isinstance(one.form_field, StepsField):
            value = _merged(here.get(one.path[-1]) or [], value)
        if value in (None, "", []):
            here.pop(one.path[-1], None)
        else:
            here[one.path[-1]] = value


def _merged(before: Sequence[Any], typed: Mapping[int, str]) -> list[Any]:
    """Steps with their new words; one that stands under a condition keeps it, one without words goes."""
    kept = [(old, typed.get(place, step_text(old))) for place, old in enumerate(before)]
    new = [(None, text) for place, text in sorted(typed.items()) if place >= len(before)]
    return [{**old, "text": text} if isinstance(old, dict) else text for old, text in (*kept, *new) if text]


def step_text(step: object) -> str:
    return str(step.get("text", "")) if isinstance(step, dict) else str(step)


def field_text(one: EntryField, thing: Mapping[str, Any]) -> Any:  # noqa: ANN401  # text, or a list of texts for steps
    here: Any = thing
    for step in one.path:
        here = here.get(step) if isinstance(here, dict) else None
    match one.form_field:
        case StepsField():
            return [step_text(step) for step in here or []]
        case LinesField():
            return "\n".join(map(str, here)) if isinstance(here, list) else ""
        case IsoDateField():
            with suppress(ValueError):
                return date.fromisoformat(str(here or "")).strftime("%d/%m/%Y")
    return "" if here is None else str(here)


def field_at(fields: Iterable[EntryField], place: DocumentPath) -> EntryField | None:
    return next((one for one in fields if place[: len(one.path)] == one.path), None)


def reviewed_text_changed(fields: Iterable[EntryField], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
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
    fields: tuple[EntryField, ...]
    capital_ids: bool = False
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


_DUTY_FIELDS = (
    EntryField("What it is called", LINE(), ("title",), required=True, binds=True),
    EntryField("Where it holds", LinesField(LINE()), ("jurisdiction",), "One code on each line, such as UK, GB, ENG or EU.", required=True, binds=True),
    EntryField("How far it is law", ChoiceField(get_args(DutyStatus)), ("status",), required=True, choices=[(one, STATUS_WORDS[one]) for one in get_args(DutyStatus)], binds=True),
    EntryField("How much it binds", ChoiceField(get_args(DutyForce)), ("force",), required=True, choices=[(one, FORCE_WORDS[one]) for one in get_args(DutyForce)], binds=True),
    EntryField("Who it is for, in words", TEXT(), ("applies_to",), required=True, binds=True),
    EntryField("The number to know", LINE(), ("key_number",), "For example a turnover or a number of people.", binds=True),
    EntryField("What binds, in a line", TextField(LONGEST_LINE), ("line",), f"In plain words: {LONGEST_LINE} characters or fewer.", binds=True),
    EntryField("The amount", TextField(LONGEST_AMOUNT), ("amount",), f"Such as “{{wage}} an hour”: {LONGEST_AMOUNT} characters or fewer.", binds=True),
    EntryField("The penalty", TextField(LONGEST_PENALTY), ("penalty",), f"What it can cost to break it: {LONGEST_PENALTY} characters or fewer.", binds=True),
    EntryField("Where to read it", TextField(LONGEST_READ), ("read",), f"A short official address, or what to search for on GOV.UK: {LONGEST_READ} characters or fewer."),
    EntryField("What to do", StepsField(), ("must_do",), "Empty a step to take it away.", binds=True),
    EntryField("When it is due", ChoiceField(DEADLINE_KEYS), ("deadline", "kind"), required=True, choices=[(one, _DEADLINE_WORDS[one]) for one in DEADLINE_KEYS], binds=True),
    EntryField("How many months, days or years", NUMBER(), ("deadline", "n"), binds=True),
    EntryField("Day of each year", LINE(), ("deadline", "month_day"), "Month and day, such as 03-31.", binds=True),
    EntryField("From which day", IsoDateField(), ("deadline", "date"), binds=True),
    EntryField("What happens", LINE(), ("deadline", "event"), binds=True),
    EntryField("Kept from when", LINE(), ("deadline", "from"), binds=True),
    EntryField("A note on the date", LINE(), ("deadline", "note"), binds=True),
    EntryField("Who approves it", LINE(), ("approver",), binds=True),
    EntryField("Where it is published", LINE(), ("publish",), binds=True),
    EntryField("What happens if not", TEXT(), ("consequence",), binds=True),
    EntryField("In force from", LINE(), ("in_force_from",), binds=True),
    EntryField("Source", LINE(), ("source",), "Act or guidance, with the section.", required=True),
    EntryField("Link to the source", WebAddressField(), ("url",), required=True),
    EntryField("More links", LinesField(WebAddressField()), ("more_urls",), "One on each line."),
    EntryField("What day the source says", LINE(), ("source_as_of",), "Year first, for example 2026-10-01.", required=True),
    EntryField("How the source was seen", ChoiceField(EVIDENCE_WORDS), ("evidence",), required=True, choices=list(EVIDENCE_WORDS.items())),
    EntryField("How sure we are", ChoiceField(CONFIDENCE), ("confidence",), required=True, choices=[(one, one) for one in CONFIDENCE]),
    EntryField("What a reviewer must still look at", TEXT(), ("unverified",)),
)  # fmt: skip

_CONTACT_FIELDS = (
    EntryField("When to call", LINE(), ("situation",), "The situation somebody is in. No opening hours: they change.", required=True),
    EntryField("Who answers", LINE(), ("who",), required=True),
    EntryField("Phone number", PhoneField(printed=True), ("number",), "As it should print, with its spaces."),
    EntryField("Textphone", LINE(), ("text_phone",)),
    EntryField("Website", WebAddressField(), ("web",)),
    EntryField("Who may call", LINE(), ("for_whom",), required=True),
    EntryField("Area", LINE(), ("area",), "“None” is for a line everybody sees. With an area it is shown there only. Your administrator adds areas."),
    EntryField("Place in the list", NUMBER(), ("order",), "The most urgent line is number 1.", required=True),
    EntryField("How we know", LINE(), ("source",), "Where you read the number: its own website is best.", required=True),
    EntryField("Looked at on", IsoDateField(), ("checked",), "For example 24/11/2026.", required=True),
    EntryField("Look again by", IsoDateField(), ("review_by",), "Numbers are looked at each month.", required=True),
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
        EntryField("Document", LINE(), ("document",), "Who wrote it, what it is called, and its year.", required=True),
        EntryField("Link", WebAddressField(), ("url",)),
        EntryField("How far it was read", LINE(), ("how_far_read",), "For example: read whole. Say so if only a part was read.", required=True),
    ),
    capital_ids=True, named=True,
)  # fmt: skip
DIMENSIONS = EntryKind(
    "dimensions", "theme", "Themes", "what safeguards are added up by",
    "", "dimensions", "dimensions", "name",
    (
        EntryField("Name", LINE(), ("name",), required=True),
        EntryField("What it means", TEXT(), ("meaning",), required=True),
    ),
)  # fmt: skip
OWNERS = EntryKind(
    "owners", "owner", "Owners of actions", "the roles an action can be given to",
    "", "owners", "owners", "name", (EntryField("Role", LINE(), ("name",), "A role, not a person.", required=True),),
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

    field: EntryField
    value: Any
    error: str | None = None
    theirs: str | None = None
    under: tuple[str, ...] = ()


def posted_value(one: EntryField, sent: SentForm) -> Any:  # noqa: ANN401  # as `field_text`
    if not isinstance(one.form_field, StepsField):
        return sent.get(one.name, "")
    steps = list(map(str, one.form_field.pick(sent, one.name).values()))
    while steps and not steps[-1].strip():
        steps.pop()
    return steps


def field_views(
    fields: Iterable[EntryField],
    data: Mapping[str, Any],
    *,
    form_data: SentForm | None = None,
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
            FieldView(
                one, value, (errors or {}).get(one.name), other, under if isinstance(one.form_field, StepsField) else ()
            )
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


SOURCE_FIELDS = (
    EntryField("Where you read it", TEXT(), ("source",), "Who says so, and how sure that is.", required=True),
    EntryField("Looked at on", IsoDateField(), ("checked",), "For example 24/11/2026.", required=True),
    EntryField("Look again by", IsoDateField(), ("review_by",), "After this day the list says that somebody has to look again.", required=True),
)  # fmt: skip


def amount_field(unit: str | None) -> FormField[Any]:
    return MoneyField(most=LARGEST_NUMBER) if unit and "£" in unit else NUMBER()


def new_value_fields(row: Mapping[str, Any], unit: str | None) -> tuple[EntryField, ...]:
    value = row.get("value")
    says = "The first day it counts, for example 01/04/2027."
    begins = EntryField("From which day", IsoDateField(), ("from",), says, required=True)
    if isinstance(value, dict):
        names = [(str(name).replace("_", " "), ("value", str(name))) for name in value]
        parts = tuple(EntryField(words, amount_field(unit), path, required=True) for words, path in names)
    else:
        is_number = isinstance(value, (int, float))
        in_words = "As it should read in a sentence. Write a whole day as 2027-04-01."
        hint = f"In {unit}." if unit else "" if is_number else in_words
        parts = (EntryField("New value", amount_field(unit) if is_number else LINE(), ("value",), hint, required=True),)
    return (begins, *parts, *SOURCE_FIELDS)


SAME_DAY = "There is a value from this day already. Choose another day."


def read_value(
    fields: Iterable[EntryField], sent: SentForm | None, before: FileData
) -> tuple[FileData, dict[str, str]]:
    result, made = read_form(fields, sent), FileData()
    apply_values(made, fields, result.values)
    errors = dict(result.errors)
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


def read_source(sent: SentForm | None) -> tuple[Mapping[str, object], dict[str, str]]:
    result = read_form(SOURCE_FIELDS, sent)
    return result.values, {**result.errors, **date_order_errors(result.values)}


def _setting_as_seen(data: FileData, setting_id: str, seen: str) -> FileData:
    found: FileData = still_there(next((one for one in data.get("settings", ()) if one.get("id") == setting_id), None))
    require_unchanged(seen, found)
    return found
