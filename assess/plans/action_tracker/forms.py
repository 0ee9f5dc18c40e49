"""Forms for an answer and for a note of proof, and what is asked about their free words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from marshmallow import ValidationError, pre_load, validates_schema

from assess.assessments.personal_data.services import FreeTextForm, check_personal_data
from assess.core.forms.fields import ChoiceField, FormField, IsoDateField, SentForm, TextField, date_as_typed, tidy
from assess.core.forms.form import Form, FormResult, form_of
from assess.engine.due_dates import add_months
from assess.plans.action_tracker.phrases import responses_for
from assess.plans.action_tracker.state import (
    GRADE_LABELS,
    PROOF_KIND_LABELS,
    REASON_LABELS,
    SOMEONE_ELSE,
    STATUS_LABELS,
    EvidenceNote,
    ItemContent,
)
from assess.plans.actions import PlanItem

MAX_OWNER = 60
MAX_REASON = 200
MAX_YEARS_AHEAD = 3
MAX_TITLE = 100
MAX_NOTES = 20

FREE_TEXT_LABELS: Mapping[str, str] = MappingProxyType(
    {"title": "What is it, and where is it kept?", "owner_text": "Who does it", "reason_text": "In your own words"}
)


@dataclass(frozen=True, slots=True)
class AnswerBounds:
    """What an answer may lie between: the day of the submission and today, and the owners that can be picked."""

    made_on: date
    today: date
    roles: Sequence[str]

    @property
    def last_due(self) -> date:
        return add_months(self.made_on, 12 * MAX_YEARS_AHEAD)


class _AnswerForm(Form):
    @pre_load
    def _leave_out(self, typed: Mapping[str, str], **_more: object) -> dict[str, str]:
        """What does not belong to an answer falls away: a reason where something is done, dates where it is not."""
        response, status, owner = (tidy(typed[name]) for name in ("response", "status", "owner"))
        belongs = {
            "response": True,
            "owner": True,
            "owner_text": owner == SOMEONE_ELSE,
            "due": response == "accepted",
            "status": response == "accepted",
            "done_on": response == "already_done" or (response == "accepted" and status == "done"),
            "reason": response == "will_not",
            "reason_text": response == "will_not",
        }
        known = response in cast("ChoiceField", self.fields["response"]).choices
        return {name: text for name, text in typed.items() if belongs[name] and (known or name == "response")}


def answer_form(item: PlanItem, bounds: AnswerBounds) -> Form:
    """Beside an item that is not ordinary there is no field for free words, so they are not even looked at."""
    someone_else = [SOMEONE_ELSE] if item.ordinary else []
    kept = [date.fromisoformat(day) for day in (item.proposed_due, item.state.due) if day]
    fields: dict[str, FormField[Any]] = {
        "response": ChoiceField(responses_for(item), required="Choose what you say to this."),
        "owner": ChoiceField([*bounds.roles, *someone_else], invalid="Choose who does it from the list."),
        "owner_text": TextField(MAX_OWNER, required="Enter who does it: a job, such as “site manager”, is best."),
        "due": IsoDateField(
            earliest=bounds.made_on,
            latest=bounds.last_due,
            too_early="Choose a day after you sent in your answers.",
            too_late=f"Choose a day within {MAX_YEARS_AHEAD} years.",
            kept=kept,
        ),
        "status": ChoiceField(STATUS_LABELS),
        "done_on": IsoDateField(latest=bounds.today, too_late="This day is still to come. Enter the day it was done."),
        "reason": ChoiceField(REASON_LABELS, required="Choose why you will not do this."),
        "reason_text": TextField(MAX_REASON),
    }
    return form_of(_offered_beside(item, fields), _AnswerForm)


def answer_typed(item: PlanItem, roles: Sequence[str]) -> Mapping[str, str]:
    """An item as its form shows it, with the date the plan proposes where no other was chosen."""
    state = item.state
    named = bool(state.owner) and state.owner not in roles
    return {
        "response": state.response or "",
        "owner": SOMEONE_ELSE if named else state.owner,
        "owner_text": state.owner if named else "",
        "due": _date_typed(item.due_date),
        "status": state.status,
        "done_on": _date_typed(state.done_on),
        "reason": state.reason,
        "reason_text": state.reason_text,
    }


def read_answer(sent: SentForm, item: PlanItem, bounds: AnswerBounds) -> FreeTextForm:
    return _read(answer_form(item, bounds), sent, {item.state.reason_text, item.state.owner})


def content_of_answer(answer: FormResult, item: PlanItem, today: date) -> ItemContent:
    """What a form without errors says. An owner and a date as the plan proposes them are kept as none."""
    given = {name: value for name, value in answer.values.items() if value}
    done = given["response"] == "already_done" or given.get("status") == "done"
    done_today = today.isoformat() if done and given["response"] == "accepted" else None
    owner, due = given.get("owner", ""), given.get("due")
    return ItemContent(
        response=given["response"],
        reason=given.get("reason", ""),
        reason_text=given.get("reason_text", ""),
        owner=given.get("owner_text") or ("" if owner == item.owner else owner),
        due=None if due == item.proposed_due else due,
        status="done" if done else given.get("status", "open"),
        done_on=given.get("done_on", done_today),
    )


class _NoteForm(Form):
    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, note: Mapping[str, Any], **_more: object) -> None:
        dated, good_until = note.get("dated"), note.get("good_until")
        if dated and good_until and good_until < dated:
            raise ValidationError("This is before the day on the proof. Check both days.", "good_until")


def note_form(item: PlanItem, today: date) -> Form:
    """Beside an item that is not ordinary there is no field for a title, so it is not even looked at."""
    fields: dict[str, FormField[Any]] = {
        "title": TextField(MAX_TITLE),
        "kind": ChoiceField(PROOF_KIND_LABELS, required="Choose what kind of proof it is."),
        "dated": IsoDateField(latest=today, too_late="This day is still to come. Enter the day on the proof."),
        "good_until": IsoDateField(),
        "grade": ChoiceField(GRADE_LABELS, required="Choose how far it was looked at."),
    }
    return form_of(_offered_beside(item, fields), _NoteForm)


NEW_NOTE_TYPED: Mapping[str, str] = MappingProxyType(
    {"title": "", "kind": "", "dated": "", "good_until": "", "grade": ""}
)


def note_typed(note: EvidenceNote) -> Mapping[str, str]:
    return {
        "title": note.title,
        "kind": note.kind,
        "dated": _date_typed(note.dated),
        "good_until": _date_typed(note.good_until),
        "grade": note.grade,
    }


def read_note(sent: SentForm, item: PlanItem, today: date) -> FreeTextForm:
    return _read(note_form(item, today), sent, {note.title for note in item.state.notes})


def note_of(form: FormResult, number: int) -> EvidenceNote:
    """What a form without errors says."""
    return EvidenceNote(
        number,
        form.values.get("title", ""),
        form["kind"],
        form["dated"] or None,
        form["good_until"] or None,
        form["grade"],
    )


def _offered_beside(item: PlanItem, fields: Mapping[str, FormField[Any]]) -> dict[str, FormField[Any]]:
    return {name: one for name, one in fields.items() if item.ordinary or name not in FREE_TEXT_LABELS}


def _read(form: Form, sent: SentForm, stored: Collection[str]) -> FreeTextForm:
    read = form.read(sent)
    typed = {name: read.typed[name].strip() for name in form.fields}
    return check_personal_data(replace(read, typed=typed), FREE_TEXT_LABELS, sent, stored=stored)


def _date_typed(day: str | None) -> str:
    return date_as_typed(date.fromisoformat(day)) if day else ""
