"""The form of one note of evidence: that a proof exists, where it lies and how far it was looked at. Nothing is ever uploaded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from assess.assessments.careful.asking import Asked, is_question, ticks_in
from assess.assessments.fields import Day, Words
from assess.assessments.typed import LONGEST_RAW, as_typed
from assess.plans.register.answer_form import Faults, clean
from assess.plans.register.options import GRADES, KINDS
from assess.plans.register.private_words import asked_about
from assess.plans.register.state import EvidenceNote, Grade

LONGEST_TITLE = 100
MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class TypedNote:
    """The form as it stands. `ticks`: marks of texts that are to be kept as they are, whatever they look like."""

    title: str = ""
    kind: str = ""
    dated: str = ""
    good_until: str = ""
    grade: str = ""
    ticks: frozenset[str] = frozenset()


def typed_of(note: EvidenceNote) -> TypedNote:
    """A note as its form shows it."""
    return TypedNote(
        title=note.title,
        kind=note.kind,
        dated=as_typed(note.dated, "date") if note.dated else "",
        good_until=as_typed(note.good_until, "date") if note.good_until else "",
        grade=note.grade,
    )


def read_note(form: Mapping[str, str], *, ordinary: bool) -> TypedNote:
    """What was sent. Beside an item that is not ordinary, a title is not even looked at."""

    def text(name: str) -> str:
        return form.get(name, "")[:LONGEST_RAW].strip()

    return TypedNote(
        title=text("title") if ordinary else "",
        kind=text("kind"),
        dated=text("dated"),
        good_until=text("good_until"),
        grade=text("grade"),
        ticks=ticks_in(form),
    )


def note_of(typed: TypedNote, number: int, today: str, stored: Collection[str] = ()) -> tuple[EvidenceNote, Faults]:
    """The note the form says on an ISO day, and what is wrong with it. With faults it is not to be kept.

    `stored` are titles that are kept already: nobody is asked about them again.
    """
    faults: Faults = {}
    title = clean(Words(LONGEST_TITLE), "title", typed.title, faults) or ""
    for one in asked_about({"title": title}, typed.ticks, stored):
        faults["title"] = one.sentence
    if typed.kind not in KINDS:
        faults["kind"] = "Choose what kind of proof it is."
    day = Day(typed=True, may_be_unknown=False)
    dated = clean(day, "dated", typed.dated, faults) if typed.dated else None
    good_until = clean(day, "good_until", typed.good_until, faults) if typed.good_until else None
    if dated is not None and dated > today:
        faults["dated"] = "This day is still to come. Enter the day on the proof."
    if dated is not None and good_until is not None and good_until < dated:
        faults["good_until"] = "This is before the day on the proof. Check both days."
    if typed.grade not in GRADES:
        faults["grade"] = "Choose how far it was looked at."
    return EvidenceNote(number, title, typed.kind, dated, good_until, cast("Grade", typed.grade)), faults


def asked_in(typed: TypedNote, faults: Mapping[str, str]) -> tuple[Asked, ...]:
    """What the page asks about the title, where a sentence beside it says so."""
    texts = {"title": " ".join(typed.title.split())} if is_question(faults.get("title", "")) else {}
    return asked_about(texts, typed.ticks)
