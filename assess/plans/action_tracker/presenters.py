"""Loads the tracker for a request, and prepares the tracker page and differences between states."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any

from flask import abort, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, open_assessment
from assess.assessments.models import Submission
from assess.assessments.submissions import NothingSubmittedError, get_submission
from assess.core import clock
from assess.core.db import database
from assess.core.forms.fields import IntegerField
from assess.core.forms.form import read_fields, sent_text
from assess.plans.action_tracker import phrases
from assess.plans.action_tracker.carry_over import done_in_earlier_plan
from assess.plans.action_tracker.edits import FormVersion, ItemLocation
from assess.plans.action_tracker.forms import AnswerBounds
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.action_tracker.state import (
    RESPONSE_LABELS,
    STATUS_LABELS,
    EvidenceNote,
    ItemContent,
    label_of,
    owner_roles,
)
from assess.plans.actions import ActionList, PlanItem, action_list_of, notification_safe_items
from assess.plans.charts import Month, months_in_words, twelve_months
from assess.plans.copies import business_record, record_as_of
from assess.plans.plan_page import PlanPage, business_plan
from assess.plans.words import add_days, format_day


@dataclass(frozen=True, slots=True)
class TrackerContext:
    """`done_before`: keys of what was done before these answers and is asked for by them all the same."""

    context: AssessmentContext
    submission: Submission
    plan: PlanPage
    done_before: frozenset[str]

    @property
    def items(self) -> Sequence[PlanItem]:
        return self.plan.action_list.items

    @property
    def roles(self) -> tuple[str, ...]:
        return owner_roles(self.context.full_edition)

    def answer_bounds(self, item: PlanItem) -> AnswerBounds:
        """What the answer to an item may lie between. A job that was picked once can be kept, whatever can be picked now."""
        roles = self.roles
        kept = item.state.owner
        if kept and kept not in roles and not item.ordinary:
            roles = (*roles, kept)
        return AnswerBounds(date.fromisoformat(self.submission.record["made_on"]), clock.today(), roles)

    def item_or_404(self, key: str) -> PlanItem:
        return next((item for item in self.items if item.key == key), None) or abort(404)

    def numbered(self, number: int) -> PlanItem | None:
        """The item with this number of the plan, which is all that ever stands in an address."""
        return next((item for item in self.items if item.number == number), None)

    def location(self, key: str) -> ItemLocation:
        return ItemLocation(self.submission.id, self.submission.number, key, self.context.id)

    def form_version(self, item: PlanItem) -> FormVersion:
        return FormVersion(self.submission.number, item.state.revision)


def load_tracker(assessment_id: uuid.UUID) -> TrackerContext:
    """The latest plan of an assessment, for the browser that may see it; before the first, the way to the tasks."""
    context = open_assessment(assessment_id)
    with database().reading() as session:
        try:
            submission = get_submission(session, context.id)
        except NothingSubmittedError:
            abort(redirect(url_for("assessments.show_tasks", assessment_id=context.id), 303))
        state = get_tracker_state(session, submission.id)
        done = done_in_earlier_plan(session, submission.id, state)
    plan = business_plan(record_as_of(submission.record, clock.today().isoformat()), state)
    asked = {item.key for item in plan.action_list.items if item.what == "action"}
    return TrackerContext(context, submission, plan, done & asked)


def load_item(assessment_id: uuid.UUID, number: int) -> tuple[TrackerContext, PlanItem]:
    """The plan and one item of it, by its number.

    A number counts within one submission. A form that was drawn from an earlier one still means what stood under its number there:
    else a word typed for one action would be kept with another.
    """
    found = load_tracker(assessment_id)
    drawn_from = seen_version().number
    if 0 < drawn_from < found.submission.number:
        return found, found.item_or_404(_key_in_submission(found, drawn_from, number))
    return found, found.numbered(number) or abort(404)


def reload_item(found: TrackerContext, item: PlanItem) -> tuple[TrackerContext, PlanItem]:
    """The plan as it is by now, and the same item of it, whatever its number is there."""
    newest = load_tracker(found.context.id)
    return newest, newest.item_or_404(item.key)


def _key_in_submission(found: TrackerContext, submission_number: int, number: int) -> str:
    with database().reading() as session:
        record = session.scalar(
            select(Submission.record).where(
                Submission.assessment_id == found.context.id, Submission.number == submission_number
            )
        )
    items = () if record is None else action_list_of(business_record(record)).items
    return next((item.key for item in items if item.number == number), None) or abort(404)


def seen_version() -> FormVersion:
    """What the form that was sent was drawn from."""
    return FormVersion.read(sent_text("seen"))


def parse_number(text: str) -> int:
    """The number of an item or the id of an entry in an address; 0, which none has, when it cannot be read."""
    return IntegerField().deserialize(text)


def sent_event_id() -> int:
    """Which entry of a history the form is about; 0, which none has, when it cannot be read."""
    return int(read_fields(event=IntegerField())["event"])


def redirect_to_list(found: TrackerContext, *, ticked: int | None = None, saved: int | None = None) -> Response:
    """Back to the list as it was narrowed, where the notice tells what was done."""
    query: dict[str, Any] = {**ListFilter.read().query, "ticked": ticked, "saved": saved}
    address = url_for("action_tracker.show_tracker", assessment_id=found.context.id, **query, _anchor="notice")
    return redirect(address, 303)


def redirect_to_new_plan(found: TrackerContext) -> Response:
    """The way on when corrected answers were submitted at this very moment: the new plan, with all that was taken over."""
    return redirect(url_for("action_tracker.show_tracker", assessment_id=found.context.id), 303)


DATE_PASSED = "The date has passed"

WEEK, MONTH = 7, 30
"""Days of the two groups that stand open; what is due after them is folded by calendar month."""
LATER = "later"
"""In place of a month: what has no date, or is more than a small firm is shown."""


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Whose items are shown, and of which month. `owner` counts the roles from 1, and 0 is all of them; `month` is "2026-12", `LATER` or nothing."""

    owner: int = 0
    month: str = ""

    @classmethod
    def read(cls) -> ListFilter:
        """From the address; what cannot be read there narrows nothing."""
        month = request.args.get("month", "")
        known = month == LATER or re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month)
        return cls(parse_number(request.args.get("owner", "")), month if known else "")

    @property
    def query(self) -> dict[str, int | str | None]:
        return {"owner": self.owner or None, "month": self.month or None}


@dataclass(frozen=True, slots=True)
class ActionCard:
    """One item, by when and who in words. `words`: where it stands, once anything was said of it.

    `heeds`: whole sentences to take notice of. `undo`: the entry by which it is done, where that can be taken back.
    """

    item: PlanItem
    when: str
    who: str
    words: str
    heeds: tuple[str, ...]
    undo: int | None


@dataclass(frozen=True, slots=True)
class CardGroup:
    title: str
    cards: tuple[ActionCard, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class PrintedLine:
    name: str
    who: str
    due: str


@dataclass(frozen=True, slots=True)
class PrintedList:
    """What comes out of a printer. It may hang or travel, so it holds what may stand on a wall alone, without numbers, whose gaps would tell."""

    lines: tuple[PrintedLine, ...]
    more: int


MAX_PRINTED = 18
"""So many lines fit on one page."""


@dataclass(frozen=True, slots=True)
class TrackerPage:
    """The page. `rest`: how many one yes may answer. What waits for advice is no item, so it counts nowhere and no filter holds it.

    `owners` and `months`: what can be picked, each a value and its words. `shown` counts the items that the filter leaves.
    `strip_words`: what the strip shows.
    """

    filter: ListFilter
    owners: tuple[tuple[int, str], ...]
    months: tuple[tuple[str, str], ...]
    groups: tuple[CardGroup, ...]
    strip: tuple[Month, ...]
    strip_words: str
    shown: int
    done: int
    not_doing: int
    late: int
    answered: int
    to_answer: int
    rest: int

    @property
    def ready(self) -> bool:
        """Whether everything that can be answered is answered."""
        return self.to_answer > 0 and self.answered == self.to_answer


def tracker_page_of(
    action_list: ActionList,
    narrowed: ListFilter,
    roles: Sequence[str],
    made_on: str,
    today: str,
    done_before: Collection[str] = (),
    undo: Mapping[str, int] = MappingProxyType({}),
) -> TrackerPage:
    """The tracker on an ISO day. `roles`: those of the bank. `done_before`: as `TrackerContext` has it. `undo`: by key, as a card has it."""
    items = action_list.items
    every_role = (*roles, *sorted({*map(phrases.owner_words, items)} - {*roles, ""}))
    role = every_role[narrowed.owner - 1] if 0 < narrowed.owner <= len(every_role) else ""
    theirs = [item for item in items if not role or phrases.owner_words(item) == role]
    open_items = [item for item in theirs if not item.state.is_closed]
    shown = [item for item in theirs if not narrowed.month or month_of(item) == narrowed.month]
    dated = [item for item in open_items if month_of(item) != LATER]
    law = sorted(str(item.due_date) for item in dated if item.what == "duty")
    strip = twelve_months(made_on, [str(item.due_date) for item in dated if item.what == "action"], law)
    shown_months = {f"{month.first_day:%Y-%m}" for month in strip}
    used = {*map(phrases.owner_words, items)}
    return TrackerPage(
        filter=narrowed,
        owners=tuple((number, words) for number, words in enumerate(every_role, 1) if words in used),
        months=tuple((month, month_words(month)) for month in sorted({month_of(item) for item in items})),
        groups=tuple(_card_groups(shown, narrowed, today, done_before, undo)),
        strip=strip,
        strip_words=months_in_words(strip, [format_day(day) for day in law if day[:7] in shown_months]),
        shown=len(shown),
        done=sum(item.state.is_done for item in items),
        not_doing=sum(item.state.is_refused for item in items),
        late=sum(is_overdue(item, today) for item in items),
        answered=sum(item.state.response is not None for item in items),
        to_answer=len(items),
        rest=len(unanswered_items(items, today)),
    )


def month_of(item: PlanItem) -> str:
    return item.due_date[:7] if item.due_date and (item.state.due or not item.later) else LATER


def month_words(month: str) -> str:
    return "Later" if month == LATER else format_day(f"{month}-01").partition(" ")[2]


def _card_groups(
    items: Iterable[PlanItem],
    narrowed: ListFilter,
    today: str,
    done_before: Collection[str],
    undo: Mapping[str, int],
) -> Iterator[CardGroup]:
    week, month = add_days(today, WEEK), add_days(today, MONTH)
    titles = {
        "late": "The day has passed",
        "week": f"By {format_day(week)}",
        "month": f"By {format_day(month)}",
        "done": STATUS_LABELS["done"],
        "not_doing": RESPONSE_LABELS["will_not"],
    }
    places = {"late": "0", "week": "1", "month": "2", "done": "x", "not_doing": "y"}  # months and “later” between

    def group_of(item: PlanItem) -> str:
        if item.state.is_closed:
            return "done" if item.state.is_done else "not_doing"
        if is_overdue(item, today):
            return "late"
        if month_of(item) == LATER:
            return LATER
        due = str(item.due_date)
        return "week" if due <= week else "month" if due <= month else due[:7]

    ordered = sorted(
        items, key=lambda item: (places.get(group_of(item), group_of(item)), item.due_date or "", item.number)
    )
    for name, members in groupby(ordered, key=group_of):
        shorter = name not in {"late", "done", "not_doing", LATER}
        cards = tuple(
            _action_card(item, today, asked_again=item.key in done_before, undo=undo.get(item.key), shorter=shorter)
            for item in members
        )
        folded = name in {"done", "not_doing"} or (name not in titles and narrowed == ListFilter())
        yield CardGroup(titles.get(name) or month_words(name), cards, folded)


def printed_list_of(action_list: ActionList, record: Mapping[str, Any], roles: Collection[str]) -> PrintedList:
    """The open actions that may hang on a wall, by date and then as they are asked, never by what they bring. Who was named in free words stays out."""
    able = [
        item
        for item in notification_safe_items(action_list, record)
        if item.what == "action" and item.due_date and not item.state.is_closed
    ]
    able.sort(key=lambda item: (item.due_date or "", item.question_number or 0))
    lines = tuple(PrintedLine(item.name, _printed_owner(item, roles), format_day(item.due_date or "")) for item in able)
    return PrintedList(lines[:MAX_PRINTED], len(lines[MAX_PRINTED:]))


def _printed_owner(item: PlanItem, roles: Collection[str]) -> str:
    """Nobody where a name was typed: the role of the plan does not do it any more."""
    who = phrases.owner_words(item)
    return who if who in roles or not item.state.owner else ""


def unanswered_items(items: Iterable[PlanItem], today: str) -> list[PlanItem]:
    """What one yes may answer on an ISO day: all without an answer.

    Left out is what is late already: a promise for a day that is over would be none, so a person has to choose another.
    """
    return [item for item in items if item.state.response is None and not is_overdue(item, today)]


def next_unanswered(items: Sequence[PlanItem], key: str | None) -> PlanItem | None:
    """The next item to answer after the one with this key, going round; None when all are answered."""
    places = [place for place, item in enumerate(items) if item.key == key]
    start = places[0] + 1 if places else 0
    around = [*items[start:], *items[:start]]
    return next((item for item in around if item.state.response is None and item.key != key), None)


def _action_card(item: PlanItem, today: str, *, asked_again: bool, undo: int | None, shorter: bool) -> ActionCard:
    """`shorter`: the heading above it leaves no doubt of the year."""
    over = (note for note in item.state.notes if is_expired(note, today))
    return ActionCard(
        item=item,
        when=phrases.due_words(item).removesuffix(f" {(item.due_date or today)[:4]}" if shorter else ""),
        who=phrases.owner_words(item),
        words=phrases.state_words(item) if item.state.response or item.state.status != "open" else "",
        heeds=(
            *((f"{ASKED_AGAIN}.",) if asked_again else ()),
            *(
                f"{note.title or 'A proof'}: good until {format_day(note.good_until or '')}, and that is over. Renew it."
                for note in over
            ),
        ),
        undo=undo,
    )


ASKED_AGAIN = "You said this was done before you answered again. Your new answers still call for it"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One row of two that say different things; each side is finished text."""

    label: str
    before: str
    after: str


def state_rows(change: ItemContent, item: PlanItem) -> dict[str, str]:
    rows = {
        "Your answer": label_of(phrases.responses_for(item), change.response or "", phrases.NOT_ANSWERED),
        "Reason": phrases.reason_words(change.reason, change.reason_text) or "None",
        "Who": change.owner or f"As the plan says{f': {item.owner}' if item.owner else ''}",
        "By when": format_day(change.due) if change.due else f"As the plan says: {item.due_text}",
        "How far": phrases.progress_words(change.response, change.status, change.done_on),
    }
    for note in change.notes:
        rows[f"Proof {note.id}" if note.id else "Proof, new"] = phrases.note_words(note)
    return rows


def state_differences(before: ItemContent, after: ItemContent, item: PlanItem) -> list[FieldDifference]:
    one, other = state_rows(before, item), state_rows(after, item)
    return [
        FieldDifference(label, one.get(label, "Nothing"), other.get(label, "Nothing"))
        for label in dict.fromkeys([*one, *other])
        if one.get(label) != other.get(label)
    ]


def is_expired(note: EvidenceNote, today: str) -> bool:
    return note.good_until is not None and note.good_until < today


def is_overdue(item: PlanItem, today: str) -> bool:
    return item.late_after is not None and not item.state.is_closed and item.late_after < today


def state_words_on(item: PlanItem, today: str) -> str:
    late = f". {DATE_PASSED}" if is_overdue(item, today) else ""
    return f"{phrases.state_words(item)}{late}"
