"""What may be fixed and how far, make, accept or revert a fix, and emails about it. A fix is in force at once."""

from __future__ import annotations

import copy
import enum
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from assess.bank_editor.duties_and_settings.forms import CONTACTS, LONGEST_ENTRY_LINE, amount_field
from assess.bank_editor.duties_and_settings.services import SettingEntry, all_dated_settings, needs_two_people
from assess.bank_editor.fields import FileData
from assess.bank_editor.models import (
    LONGEST_FIX_SUMMARY,
    ContactChange,
    ContactChangeKind,
    ContactDecision,
    FixOutcome,
    UrgentFix,
)
from assess.core.config import Settings
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError, NotSavedError
from assess.core.forms.fields import FormField, IsoDateField, TextField, WebAddressField, web_address
from assess.core.mail.services import Mail, enqueue_mail, with_mail_footer
from assess.engine.endangering_words import find_endangering_words
from assess.identity.administration import NEW_STAFF_PERIOD, may_review
from assess.identity.models import Person
from assess.question_banks.content_versions import (
    add_content_version,
    blob_content,
    content_version_in_force,
    files_in_force,
)
from assess.question_banks.drafts import FileTakenError, apply_to_open_draft
from assess.question_banks.editions import add_changed_editions
from assess.question_banks.files import ContentFile, ContentFiles, FileProblem, UnreadableError
from assess.question_banks.models import ContentVersion, ContentVersionReason
from assess.question_banks.settings import MONTH_NAMES, text_of
from assess.question_banks.validation import CheckedFiles, check_files_cached
from assess.question_banks.yaml_patch import YamlPatchError, patch_yaml, same_value

PathStep = str | int
ValuePath = tuple[PathStep, ...]
FIXABLE_FILES = ("settings/", "duties/", "sources.")
_SETTINGS = re.compile(r"settings/[a-z0-9_]+\.ya?ml")


class FixKind(enum.StrEnum):
    LINK = "link"
    VALUE = "value"
    """Of a rate, a date or a number of law."""


_OPEN_PUBLISHING_SITES = frozenset(
    line
    for line in Path(__file__).with_name("anybody_publishes.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
"""Websites where every visitor may put pages up: another page there is not by the author of the first."""


def fixable_kind(file_name: str, steps: Sequence[PathStep]) -> FixKind | None:
    """None for any other place. `steps` name entries by id, values by first day: ("contacts", "helpline", "number")."""
    match tuple(steps):
        case ("contacts", str(name), "web") if _SETTINGS.fullmatch(file_name):
            return None if name in CONTACTS.kept else FixKind.LINK
        case ("settings", str(name), "values", str(), "value") if _SETTINGS.fullmatch(file_name):
            return None if needs_two_people(name) else FixKind.VALUE
        case ("sources", str(), "url") if re.fullmatch(r"sources\.ya?ml", file_name):
            return FixKind.LINK
        case ("duties", str(), "url") | ("duties", str(), "more_urls", int()) if re.fullmatch(
            r"duties/[a-z0-9_]+\.ya?ml", file_name
        ):
            return FixKind.LINK
        case _:
            return None


def is_open_publishing_site(url: str) -> bool:
    """Whether an address leads to a website where every visitor may put pages up, or is none. A draft changes such a link."""
    found = web_address(url)
    parts = found.host.split(".") if found else []
    return not found or any(".".join(parts[at:]) in _OPEN_PUBLISHING_SITES for at in range(len(parts)))


def values_with_paths(value: object, steps: ValuePath = ()) -> Iterator[tuple[ValuePath, object]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from values_with_paths(one, (*steps, str(name)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, one in enumerate(value):
            yield from values_with_paths(one, (*steps, list_entry_name(one, index)))
    else:
        yield steps, value


def list_entry_name(entry: object, index: int) -> PathStep:
    """How an entry of a list is named: by its id, else by its first day, else by its place."""
    if isinstance(entry, Mapping):
        for key in ("id", "from"):
            if isinstance(entry.get(key), str):
                return str(entry[key])
    return index


NEEDS_DRAFT = "These words may put a worker in danger. Change this in a draft, so that a second person reads it first."
OTHER_WORDS = (
    "Only the figures may change here. For other words, change it in a draft, so that a second person reads it first."
)
OTHER_SITE = (
    "This is on another website than the old one. Change it in a draft, so that a second person looks at it first."
)
CHANGE_TOO_LARGE = "This is more than 15 percent away from what it says now. Change it in a draft, so that a second person reads it first."
MAX_CHANGE = Decimal("0.15")
"""How far one person alone may move a number, as a share of what it says."""
_FIGURE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_LAST_DAY = 31
_MONTHS = tuple(name.lower() for name in MONTH_NAMES)
_LABELS: Mapping[FixKind, str] = {FixKind.LINK: "link", FixKind.VALUE: "value"}


@dataclass(frozen=True, slots=True)
class FixTarget:
    """One value. `of` is the thing it belongs to, in words."""

    file: str
    steps: ValuePath
    what: FixKind
    of: str
    value: Any
    unit: str | None = None

    @property
    def key(self) -> str:
        return ":".join((self.file, *map(str, self.steps)))

    @property
    def label(self) -> str:
        since = f" from {text_of(str(self.steps[3]), None)}" if self.what is FixKind.VALUE else ""
        return f"{_LABELS[self.what]}{since}"

    @property
    def said(self) -> str:
        return printed_value(self, self.value)

    @property
    def group(self) -> str:
        return str(self.steps[0])


def printed_value(one: FixTarget, value: Any) -> str:  # noqa: ANN401  # a number or a text
    return text_of(value, one.unit) if one.what is FixKind.VALUE else str(value)


def fix_targets(files: ContentFiles, today: date) -> list[FixTarget]:
    settings = {one.id: one for one in all_dated_settings(files)}
    held = (content_file for name, content_file in sorted(files.files.items()) if name.startswith(FIXABLE_FILES))
    return [one for content_file in held for one in _targets_in_file(settings, content_file, today)]


def find_fix_target(files: ContentFiles, key: str, today: date) -> FixTarget | None:
    return next((one for one in fix_targets(files, today) if one.key == key), None)


def _targets_in_file(
    settings: Mapping[str, SettingEntry], content_file: ContentFile, today: date
) -> Iterator[FixTarget]:
    for steps, value in values_with_paths(content_file.raw_data):
        what = fixable_kind(content_file.name, steps)
        open_site = what is FixKind.LINK and is_open_publishing_site(str(value))
        if what is None or value is None or isinstance(value, bool) or open_site:
            continue
        unit = None
        if what is FixKind.VALUE:
            setting = settings.get(str(steps[1]))
            if setting is None or not _is_figure(value) or not _counts(setting.now(today), str(steps[3]), today):
                continue
            unit = setting.unit
        yield FixTarget(content_file.name, steps, what, _thing_in_words(content_file, steps), value, unit)


def _counts(now: Mapping[str, Any] | None, begins: str, today: date) -> bool:
    """Whether a value counts today or will. Plans rest on earlier ones, so those stay."""
    return begins > today.isoformat() or (now is not None and now.get("from") == begins)


def _is_figure(value: object) -> bool:
    """Whether a value is a number, a day, or words around a number; other words are texts and go through a draft."""
    return isinstance(value, (int, float)) or any(letter in "0123456789" for letter in str(value))


def _thing_in_words(content_file: ContentFile, steps: ValuePath) -> str:
    held: Any = value_at(content_file.raw_data, steps[:2])
    for key in ("label", "who", "document", "title"):
        if isinstance(held, Mapping) and held.get(key):
            return str(held[key])
    return str(steps[1])


def value_at(data: Any, steps: Sequence[PathStep]) -> Any:  # noqa: ANN401  # whatever stands there
    """What stands at a place. Raises KeyError when nothing does."""
    here = data
    for step in steps:
        here = here[_key(here, step)]
    return here


def _value_or_none(data: FileData, steps: Sequence[PathStep]) -> object:
    try:
        return value_at(data, steps)
    except (KeyError, TypeError):
        return None


def _key(here: object, step: PathStep) -> Any:  # noqa: ANN401  # a key of a group or a place in a list
    if isinstance(here, Mapping) and step in here:
        return step
    if isinstance(here, Sequence) and not isinstance(here, str):
        for index, one in enumerate(here):
            if list_entry_name(one, index) == step:
                return index
    raise KeyError(step)


def read_new_value(one: FixTarget, typed: str) -> tuple[Any, str]:
    """A value of the same kind as the one that stands there, or what to do when it is none."""
    field = _field_of(one)
    field.sentence_if_empty = f"Enter the right {_LABELS[one.what]}."
    value, why = field.read(typed)
    return value, why or _refusal(one, value, typed)


def _field_of(one: FixTarget) -> FormField[Any]:
    if one.what is FixKind.LINK:
        return WebAddressField()
    if _is_date(one):
        return IsoDateField()
    return amount_field(one.unit) if isinstance(one.value, (int, float)) else TextField(LONGEST_ENTRY_LINE)


def _is_date(one: FixTarget) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(one.value)))


def _refusal(one: FixTarget, value: Any, typed: str) -> str:  # noqa: ANN401  # of the kind of the target
    """Why one person alone may not put this value there."""
    if one.what is FixKind.LINK:
        old, new = web_address(str(one.value)), web_address(value)
        if not (old and new and old.website == new.website):
            return OTHER_SITE
    elif find_endangering_words(typed):
        return NEEDS_DRAFT
    elif isinstance(one.value, str) and not _is_date(one) and not _is_alike(one.value, value):
        return OTHER_WORDS
    elif not _is_date(one) and not _is_near(str(one.value), str(value)):
        return CHANGE_TOO_LARGE
    return "This is what it says already." if value == one.value else ""


def _is_near(old: str, new: str) -> bool:
    """Whether no figure moves further than one person may move it. The day of a month may be any, its year may not."""
    pairs = zip(_figures(old), _figures(new), strict=True)
    day_of_month = any(month in old.casefold() for month in _MONTHS)
    return all(
        abs(after - before) <= MAX_CHANGE * before or (day_of_month and max(before, after) <= _LAST_DAY)
        for before, after in pairs
    )


def _figures(text: str) -> list[Decimal]:
    return [Decimal(one.replace(",", "")) for one in _FIGURE.findall(text)]


def _is_alike(old: str, new: str) -> bool:
    """Whether a value differs from the old one in its figures alone, or in the name of a month: it is printed inside questions, so no other words come in and none go."""
    were, are = _FIGURE.findall(old), _FIGURE.findall(new)
    if len(were) != len(are) or any(_is_long(figure, before) for before, figure in zip(were, are, strict=True)):
        return False
    signs = set(re.sub(r"[\w\s]", "", _FIGURE.sub("", new))) - set(old)
    plain = new.isprintable() and "_" not in new and all(letter in "0123456789" for letter in new if letter.isnumeric())
    return plain and not signs and _words_in(old) == _words_in(new)


def _words_in(text: str) -> Counter[str]:
    """The words of a value, each month as the same word."""
    return Counter("month" if one in _MONTHS else one for one in re.findall(r"[^\W\d_]+", text.casefold()))


def _is_long(figure: str, before: str) -> bool:
    """Whether a figure is longer than a value like the old one can be, or begins as a phone number does."""
    digits, once = (re.sub(r"[^0-9]", "", one) for one in (figure, before))
    begins = figure.startswith("0") and not figure.startswith("0.") and len(digits) > 1
    # digits a figure may grow by: a phone number has more
    return len(digits) > len(once) + 3 or begins


TOO_NEW = f"Two people decide this, and one of you has looked after the banks for less than {NEW_STAFF_PERIOD.days} days. Ask somebody else, or wait until then."
NOT_OF_TWO = (
    f"Two people decide this, and you cannot be one of them. Either one of you has looked after the banks for less than {NEW_STAFF_PERIOD.days} days, "
    "or one of you let the other in. Ask somebody else."
)
NOT_YET_REVIEWED = "Somebody fixed this value already. Ask for the second look at it first, or change it in a draft."


class UrgentFixError(NotSavedError):
    """It cannot be fixed so. The message says why; `draft_id` is the draft that stands in the way, `problems` what the check says."""

    def __init__(self, why: str, *, draft_id: uuid.UUID | None = None, problems: tuple[FileProblem, ...] = ()) -> None:
        super().__init__(why)
        self.draft_id = draft_id
        self.problems = problems


@dataclass(frozen=True, slots=True)
class FileEdit:
    """Values of one file by their places: what stands there, and what is to stand there, None for nothing."""

    file: str
    before: Mapping[ValuePath, Any]
    after: Mapping[ValuePath, Any]

    def made_in(self, content: bytes) -> bytes | None:
        """The text of the file with it; as it is when it says so already; None when it says something else there."""
        data = copy.deepcopy(dict(ContentFile(self.file, content).raw_data))
        if all(same_value(_value_or_none(data, steps), value) for steps, value in self.after.items()):
            return content
        if not all(same_value(_value_or_none(data, steps), value) for steps, value in self.before.items()):
            return None
        try:
            for steps, value in self.after.items():
                holder = value_at(data, steps[:-1])
                holder[steps[-1] if isinstance(holder, dict) else _key(holder, steps[-1])] = value
                if value is None:
                    del holder[steps[-1]]
            return patch_yaml(content.decode("utf-8-sig"), data).encode()
        except (KeyError, TypeError, YamlPatchError, UnreadableError):
            return None


def edit_of_value(file: str, steps: ValuePath, before: object, after: object) -> FileEdit:
    return FileEdit(file, {steps: before}, {steps: after})


@dataclass(frozen=True, slots=True)
class CheckedEdit:
    """An edit, the text of the file with it, and every bank as it would be."""

    edit: FileEdit
    text: bytes
    checked: CheckedFiles


def check_edit(files: ContentFiles, edit: FileEdit, now: datetime, text: bytes | None = None) -> CheckedEdit | None:
    """None when the file says something else there, or says so already. `text` is the file with it, where that is known exactly.

    Raises UrgentFixError when the check finds a problem it did not find before.
    """
    content_file = files.files.get(edit.file)
    here = content_file.content if content_file and isinstance(content_file.content, bytes) else b""
    made = edit.made_in(here)
    if made is None or made == here:
        return None
    changed = text or made
    before = check_files_cached(files, now)
    after = check_files_cached(ContentFiles({**files.files, edit.file: ContentFile(edit.file, changed)}), now)
    new = tuple(one for one in after.errors if one not in before.errors)
    if new:
        raise UrgentFixError("With this value the files no longer fit together.", problems=new)
    return CheckedEdit(edit, changed, after)


def preview_fix(files: ContentFiles, edit: FileEdit, now: datetime) -> CheckedEdit:
    """Raises UrgentFixError as above, or when the place may not be fixed; EditConflictError when it says something else by now."""
    if any(fixable_kind(edit.file, steps) is None for steps in edit.after):
        raise UrgentFixError("This cannot be fixed here. Change it in a draft.")
    found = check_edit(files, edit, now)
    if found is None:
        raise EditConflictError(words=LOOK_AGAIN)
    return found


def require_reviewed(session: Session, one: FixTarget) -> None:
    """Several small moves by one person would make a large one. Raises UrgentFixError while the last fix waits."""
    unseen = (
        row for row in unreviewed_fixes(session) if row.sheet == one.file and row.steps["steps"] == list(one.steps)
    )
    if one.what is FixKind.VALUE and any(unseen):
        raise UrgentFixError(NOT_YET_REVIEWED)


def make_fix(
    session: Session,
    one: FixTarget,
    value: Any,  # noqa: ANN401  # of the target's kind
    reason: str,
    person_id: uuid.UUID,
    now: datetime,
) -> UrgentFix:
    """Correct one value in force, in the draft that holds the file as well, and in the banks it changes. The caller commits.

    Raises UrgentFixError when it cannot be done; nothing is to be committed then.
    """
    require_reviewed(session, one)
    what = f"the {one.label} of “{one.of}”"[:LONGEST_FIX_SUMMARY]
    # before the check: beside what others put in force meanwhile nobody has checked it
    upon = content_version_in_force(session)
    found = preview_fix(files_in_force(session), edit_of_value(one.file, one.steps, one.value, value), now)
    state, made = publish_edit(session, found, upon, ContentVersionReason.MENDED, person_id, now, what)
    row = UrgentFix(
        sheet=one.file,
        steps={"steps": list(one.steps)},
        what=what,
        before={"value": one.value, "said": one.said},
        after={"value": value, "said": printed_value(one, value)},
        reason=reason,
        by_id=person_id,
        at=now,
        shelf=state.number,
        editions={"made": made},
    )
    session.add(row)
    session.flush()
    return row


def accept_fix(session: Session, row: UrgentFix, person_id: uuid.UUID, now: datetime) -> None:
    """The caller commits. Raises UrgentFixError: one's own, not allowed to be the second, or looked at already."""
    if row.by_id != person_id and not may_review(session, person_id, {row.by_id}, now):
        raise UrgentFixError(TOO_NEW)
    _set_outcome(session, row, person_id, FixOutcome.RIGHT, now)


def revert_fix(session: Session, row: UrgentFix, person_id: uuid.UUID, now: datetime, why: str = "") -> None:
    """Put back what stood there. The caller commits. Raises UrgentFixError as above, or when it was changed since."""
    _set_outcome(session, row, person_id, FixOutcome.UNDONE, now, why)
    upon = content_version_in_force(session)
    found = preview_undo(session, row, now)
    publish_edit(session, found, upon, ContentVersionReason.UNDONE, person_id, now, f"undone: {row.what}")


def preview_undo(session: Session, row: UrgentFix, now: datetime) -> CheckedEdit:
    """Costly: a page asks once before it writes. Raises UrgentFixError: nothing to undo, or files that do not fit."""
    edit = edit_of_value(row.sheet, tuple(row.steps["steps"]), row.after["value"], row.before["value"])
    found = check_edit(files_in_force(session), edit, now, _text_before(session, row))
    if found is None:
        raise UrgentFixError("It was changed again since, so there is nothing to undo. Press “It is right” once it is.")
    return found


def unreviewed_fixes(session: Session) -> Sequence[UrgentFix]:
    return session.scalars(select(UrgentFix).where(UrgentFix.outcome.is_(None)).order_by(UrgentFix.at)).all()


def reviewed_fixes(session: Session) -> Sequence[UrgentFix]:
    return session.scalars(
        select(UrgentFix).where(UrgentFix.outcome.is_not(None)).order_by(UrgentFix.looked_at.desc()).limit(30)
    ).all()


def _set_outcome(
    session: Session, row: UrgentFix, person_id: uuid.UUID, outcome: FixOutcome, now: datetime, why: str | None = None
) -> None:
    """Of two who look at once, the second is told."""
    if row.by_id == person_id:
        raise UrgentFixError("You fixed this yourself. Somebody else has to look at it.")
    moved = session.execute(
        update(UrgentFix)
        .where(UrgentFix.id == row.id, UrgentFix.outcome.is_(None))
        .values(looked_by=person_id, looked_at=now, outcome=outcome, answer=why)
    )
    if getattr(moved, "rowcount", 0) != 1:
        raise UrgentFixError("Somebody looked at this already.")


def _text_before(session: Session, row: UrgentFix) -> bytes | None:
    """The file exactly as it was, when nothing else in it changed since."""
    made, before, here = (
        session.get(ContentVersion, row.shelf),
        session.get(ContentVersion, row.shelf - 1),
        content_version_in_force(session),
    )
    if made and before and here and here.sheets.get(row.sheet) == made.sheets.get(row.sheet):
        return blob_content(session, before.sheets.get(row.sheet))
    return None


def publish_edit(
    session: Session,
    found: CheckedEdit,
    upon: ContentVersion | None,
    reason: ContentVersionReason,
    person_id: uuid.UUID,
    now: datetime,
    what: str,
    *,
    past_drafts: bool = False,
) -> tuple[ContentVersion, list[list[object]]]:
    """Make the next content version upon that one and the editions it changes. Returns the version and bank and number of each edition.

    `past_drafts`: a draft that says something else there does not stand in the way. It is behind then, and an editor
    has to look at both texts. Raises UrgentFixError when a draft stands in the way; EditConflictError when another
    content version came meanwhile.
    """
    before = (blob_content(session, upon.sheets.get(found.edit.file)) if upon else None) or b""
    try:
        apply_to_open_draft(session, found.edit.file, before, found.text, found.edit.made_in, person_id, now, what=what)
    except FileTakenError as taken:
        if not past_drafts:
            raise UrgentFixError(
                "An open draft says something else here. Settle it in that draft first.", draft_id=taken.draft_id
            ) from None
    made = add_content_version(
        session, {found.edit.file: found.text}, now, reason=reason, person_id=person_id, upon=upon
    )
    editions = add_changed_editions(session, found.checked.banks, now).published
    return made, [[one.bank, one.number] for one in editions]


EmailText = tuple[str, str]
FIX_MADE: EmailText = (
    "An urgent fix was made",
    (
        "Somebody fixed a link or a value of law. It is in use now, and needs a second person who looks at it. "
        "If you are not sure that it is right, undo it:"
    ),
)
FIX_UNDONE: EmailText = (
    "Your urgent fix was undone",
    "Somebody looked at what you fixed and put back what stood there before. The page says why:",
)
CONTACT_CHANGE_REQUESTED: EmailText = (
    "A contact waits for a second person",
    (
        "Somebody asks to change a contact. Nothing is changed yet. Look at it where it comes from, "
        "then confirm or refuse it:"
    ),
)
CONTACT_BLANKED: EmailText = (
    "A contact was blanked",
    (
        "Somebody took a contact away. Pages show the helpline and the emergency number in its place. "
        "A second person has to say within 7 days that this was right:"
    ),
)
_CONTACT_DECIDED: Mapping[tuple[ContactChangeKind, ContactDecision], EmailText] = {
    (ContactChangeKind.CHANGE, ContactDecision.CONFIRMED): (
        "A contact was changed",
        "Two people changed a contact. It is in use now. If you know that it is wrong, blank it:",
    ),
    (ContactChangeKind.CHANGE, ContactDecision.REFUSED): (
        "A change of a contact was refused",
        "Somebody asked to change a contact, and a second person refused it. Nothing was changed:",
    ),
    (ContactChangeKind.BLANK, ContactDecision.CONFIRMED): (
        "A blanked contact was confirmed",
        "A second person says that it was right to blank this contact. It stays blanked:",
    ),
    (ContactChangeKind.BLANK, ContactDecision.REFUSED): (
        "A blanked contact is back",
        "A contact that was blanked is in use again. The page says why:",
    ),
}
CONTACT_IN_DRAFT: Mapping[str, EmailText] = {
    "asked": (
        "A draft changes a contact that every page shows",
        "Somebody asks for a review of a draft that changes it. Nothing is changed yet:",
    ),
    "confirmed": _CONTACT_DECIDED[ContactChangeKind.CHANGE, ContactDecision.CONFIRMED],
    "refused": (
        "A draft that changes a contact was sent back",
        "It would change a contact that every page shows. Nothing was changed:",
    ),
}
"""What is told when a draft changes such a contact, by what became of it."""


def email_fix_made(
    session: Session, row: UrgentFix, person_id: uuid.UUID, page: str, settings: Settings, now: datetime
) -> None:
    """Tell everybody who could look at it. `page`: the path of the list. The caller commits."""
    wanted = select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None), Person.id != person_id)
    email_people(session, wanted, f"mend:{row.id.hex}", FIX_MADE, page, settings, now)


def email_fix_undone(session: Session, row: UrgentFix, page: str, settings: Settings, now: datetime) -> None:
    """Tell the person who fixed it. The caller commits."""
    wanted = select(Person).where(Person.id == row.by_id, Person.disabled_at.is_(None))
    email_people(session, wanted, f"mend-undone:{row.id.hex}", FIX_UNDONE, page, settings, now)


def email_contact_change(session: Session, row: ContactChange, page: str, settings: Settings, now: datetime) -> None:
    """The caller commits. The person who did it is told too: if it was another in their name, this is how they hear."""
    if row.outcome is not None:
        message = _CONTACT_DECIDED[row.kind, row.outcome]
    else:
        message = CONTACT_BLANKED if row.kind is ContactChangeKind.BLANK else CONTACT_CHANGE_REQUESTED
    email_all_staff(session, f"contact:{row.id.hex}:{row.outcome or 'asked'}", message, page, settings, now)


def email_all_staff(
    session: Session, event: str, message: EmailText, page: str, settings: Settings, now: datetime
) -> None:
    """Tell every coordinator and administrator. The caller commits."""
    wanted = select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None))
    email_people(session, wanted, event, message, page, settings, now)


def email_people(
    session: Session,
    wanted: Select[Person],
    event: str,
    message: EmailText,
    page: str,
    settings: Settings,
    now: datetime,
    title: str = "",
) -> None:
    """Tell each of these people once of an event. The caller commits."""
    if settings.mail_server is None:
        return
    subject, sentence = message
    about = f"{title}\n\n" if title else ""
    text = with_mail_footer(f"{sentence}\n\n{about}{settings.base_url}{page}")
    for person in session.scalars(wanted.order_by(Person.email)):
        enqueue_mail(session, Mail(f"{event}:{person.id.hex}", person.email, subject, text, None), now)
