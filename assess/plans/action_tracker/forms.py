"""Forms for an answer and for a proof note, checks for private words, and accepting all remaining actions in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from assess.assessments.forms import as_form_text
from assess.assessments.personal_data.services import (
    PersonalDataWarning,
    is_personal_data_warning,
    read_ticks,
    warn_of_personal_data,
)
from assess.core.forms.fields import LONGEST_TYPED, FormField, IsoDateField, TextField
from assess.plans.action_tracker.phrases import responses_for
from assess.plans.action_tracker.state import (
    GRADE_LABELS,
    PROOF_KIND_LABELS,
    REASON_LABELS,
    SOMEONE_ELSE,
    STATUS_LABELS,
    ActionResponse,
    ActionStatus,
    EvidenceNote,
    ItemContent,
    ProofGrade,
)
from assess.plans.actions import PlanItem

MAX_OWNER = 60
MAX_REASON = 200
MAX_YEARS_AHEAD = 3

FieldErrors = dict[str, str]
"""By the name of the field, one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class AnswerBounds:
    """What an answer may lie between: the day of the submission and today, ISO, and the owners that can be picked."""

    made_on: str
    today: str
    roles: Sequence[str]

    @property
    def last_due(self) -> str:
        made = date.fromisoformat(self.made_on)
        leap = (made.month, made.day) == (2, 29)
        return made.replace(year=made.year + MAX_YEARS_AHEAD, day=28 if leap else made.day).isoformat()


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The form as it stands. `ticks`: marks of texts that are to be kept as they are, whatever they look like."""

    response: str = ""
    reason: str = ""
    reason_text: str = ""
    owner: str = ""
    owner_text: str = ""
    due: str = ""
    status: str = ""
    done_on: str = ""
    ticks: frozenset[str] = frozenset()


def answer_form_of(item: PlanItem, roles: Sequence[str]) -> AnswerForm:
    """An item as its form shows it, with the date the plan proposes where no other was chosen."""
    state = item.state
    named = bool(state.owner) and state.owner not in roles
    return AnswerForm(
        response=state.response or "",
        reason=state.reason,
        reason_text=state.reason_text,
        owner=SOMEONE_ELSE if named else state.owner,
        owner_text=state.owner if named else "",
        due=as_form_text(item.due_date, "date") if item.due_date else "",
        status=state.status,
        done_on=as_form_text(state.done_on, "date") if state.done_on else "",
    )


def read_answer_form(form: Mapping[str, str], item: PlanItem) -> AnswerForm:
    """What was sent. Beside an item that is not ordinary, free words are not even looked at."""
    free = ("reason_text", "owner_text") if item.ordinary else ()
    return AnswerForm(
        **_texts(form, "response", "reason", "owner", "due", "status", "done_on", *free), ticks=read_ticks(form)
    )


def _texts(form: Mapping[str, str], *names: str) -> dict[str, Any]:
    return {name: form.get(name, "")[:LONGEST_TYPED].strip() for name in names}


def clean_answer(typed: AnswerForm, item: PlanItem, bounds: AnswerBounds) -> tuple[ItemContent, FieldErrors]:
    """What the form says, and what is wrong with it. With errors, the change is not to be kept.

    What does not belong to an answer falls away: a reason where something is done, dates where it is not.
    """
    errors: FieldErrors = {}
    if typed.response not in responses_for(item):
        errors["response"] = "Choose what you say to this."
        return ItemContent(), errors
    response = cast("ActionResponse", typed.response)
    owner = _clean_owner(typed, item, bounds, errors)
    if response == "will_not":
        if typed.reason not in REASON_LABELS:
            errors["reason"] = "Choose why you will not do this."
        words = _clean_text("reason_text", MAX_REASON, typed, item, errors)
        return ItemContent(response=response, reason=typed.reason, reason_text=words, owner=owner), errors
    done = response == "already_done" or typed.status == "done"
    done_on = _clean_done_on(typed, bounds, errors, needed=response == "accepted") if done else None
    due = None if response == "already_done" else _clean_due(typed.due, item, bounds, errors)
    status = typed.status if typed.status in STATUS_LABELS else "open"
    return ItemContent(
        response=response,
        owner=owner,
        due=due,
        status="done" if done else cast("ActionStatus", status),
        done_on=done_on,
    ), errors


def _clean_owner(typed: AnswerForm, item: PlanItem, bounds: AnswerBounds, errors: FieldErrors) -> str:
    """Empty for whom the plan names."""
    if typed.owner == SOMEONE_ELSE and item.ordinary:
        words = _clean_text("owner_text", MAX_OWNER, typed, item, errors)
        if not words and "owner_text" not in errors:
            errors["owner_text"] = "Enter who does it: a job, such as “site manager”, is best."
        return words
    if typed.owner and typed.owner not in bounds.roles:
        errors["owner"] = "Choose who does it from the list."
    return "" if typed.owner == item.owner else typed.owner


def _clean_due(text: str, item: PlanItem, bounds: AnswerBounds, errors: FieldErrors) -> str | None:
    """None for the date the plan proposes."""
    if not text:
        return None
    chosen = _clean_day("due", text, errors)
    if chosen is None or chosen in {item.proposed_due, item.state.due}:
        return None if chosen == item.proposed_due else chosen
    if chosen < bounds.made_on:
        errors["due"] = "Choose a day after you sent in your answers."
    elif chosen > bounds.last_due:
        errors["due"] = f"Choose a day within {MAX_YEARS_AHEAD} years."
    return chosen


def _clean_done_on(typed: AnswerForm, bounds: AnswerBounds, errors: FieldErrors, *, needed: bool) -> str | None:
    if not typed.done_on:
        return bounds.today if needed else None
    day = _clean_day("done_on", typed.done_on, errors)
    if day is not None and day > bounds.today:
        errors["done_on"] = "This day is still to come. Enter the day it was done."
    return day


def _clean_day(name: str, text: str, errors: FieldErrors) -> str | None:
    return clean_field(IsoDateField(), name, text, errors)


def _clean_text(name: str, longest: int, typed: AnswerForm, item: PlanItem, errors: FieldErrors) -> str:
    words = clean_field(TextField(longest), name, getattr(typed, name), errors) or ""
    for one in find_privacy_warnings({name: words}, typed.ticks, _stored_texts(item)):
        errors[name] = one.sentence
    return words


def _stored_texts(item: PlanItem) -> frozenset[str]:
    return frozenset({item.state.reason_text, item.state.owner})


def answer_privacy_warnings(
    typed: AnswerForm, errors: Mapping[str, str], item: PlanItem
) -> tuple[PersonalDataWarning, ...]:
    texts = {
        name: " ".join(getattr(typed, name).split())
        for name in ("owner_text", "reason_text")
        if is_personal_data_warning(errors.get(name, ""))
    }
    return find_privacy_warnings(texts, typed.ticks, _stored_texts(item))


def clean_field(field: FormField[str], name: str, text: str, errors: FieldErrors) -> str | None:
    value, error = field.read(text)
    if error:
        errors[name] = error
    return None if error else value


MAX_TITLE = 100
MAX_NOTES = 20


@dataclass(frozen=True, slots=True)
class NoteForm:
    """The form as it stands. `ticks`: marks of texts that are to be kept as they are, whatever they look like."""

    title: str = ""
    kind: str = ""
    dated: str = ""
    good_until: str = ""
    grade: str = ""
    ticks: frozenset[str] = frozenset()


def note_form_of(note: EvidenceNote) -> NoteForm:
    return NoteForm(
        title=note.title,
        kind=note.kind,
        dated=as_form_text(note.dated, "date") if note.dated else "",
        good_until=as_form_text(note.good_until, "date") if note.good_until else "",
        grade=note.grade,
    )


def read_note_form(form: Mapping[str, str], *, ordinary: bool) -> NoteForm:
    """What was sent. Beside an item that is not ordinary, a title is not even looked at."""
    free = ("title",) if ordinary else ()
    return NoteForm(**_texts(form, "kind", "dated", "good_until", "grade", *free), ticks=read_ticks(form))


def clean_note(
    typed: NoteForm, number: int, today: str, stored: Collection[str] = ()
) -> tuple[EvidenceNote, FieldErrors]:
    """For an ISO day. With errors it is not to be kept. Nobody is asked again about titles in `stored`."""
    errors: FieldErrors = {}
    title = clean_field(TextField(MAX_TITLE), "title", typed.title, errors) or ""
    for one in find_privacy_warnings({"title": title}, typed.ticks, stored):
        errors["title"] = one.sentence
    if typed.kind not in PROOF_KIND_LABELS:
        errors["kind"] = "Choose what kind of proof it is."
    day = IsoDateField()
    dated = clean_field(day, "dated", typed.dated, errors) if typed.dated else None
    good_until = clean_field(day, "good_until", typed.good_until, errors) if typed.good_until else None
    if dated is not None and dated > today:
        errors["dated"] = "This day is still to come. Enter the day on the proof."
    if dated is not None and good_until is not None and good_until < dated:
        errors["good_until"] = "This is before the day on the proof. Check both days."
    if typed.grade not in GRADE_LABELS:
        errors["grade"] = "Choose how far it was looked at."
    return EvidenceNote(number, title, typed.kind, dated, good_until, cast("ProofGrade", typed.grade)), errors


def note_privacy_warnings(typed: NoteForm, errors: Mapping[str, str]) -> tuple[PersonalDataWarning, ...]:
    texts = {"title": " ".join(typed.title.split())} if is_personal_data_warning(errors.get("title", "")) else {}
    return find_privacy_warnings(texts, typed.ticks)


FREE_TEXT_LABELS: Mapping[str, str] = MappingProxyType(
    {"title": "What is it, and where is it kept?", "owner_text": "Who does it", "reason_text": "In your own words"}
)


def find_privacy_warnings(
    texts: Mapping[str, str], ticks: Collection[str], stored: Collection[str] = ()
) -> tuple[PersonalDataWarning, ...]:
    """What to ask about these texts, by the name of their field, before they are kept. `stored` are texts kept already."""
    found = (
        warn_of_personal_data(text, name, FREE_TEXT_LABELS[name], ticks=ticks, stored=stored)
        for name, text in texts.items()
    )
    return tuple(one for one in found if one is not None)
