"""A draft as it stands now: its files beside those in force, where each thing stands in them, and what is wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy.orm import Session

from assess.banks.drafts.keeping import shelf_with
from assess.banks.drafts.models import Draft
from assess.banks.editions import newest, read_last
from assess.banks.looking import Looked, look_at
from assess.banks.sheets import Found, Sheet, Shelf, shelf_of
from assess.banks.shelves import digest_of_bytes, in_force, texts_of
from assess.banks.writing import canonical
from assess.editor.review.guarded import GuardedText, guarded_texts
from assess.editor.said_in_words import said_in_words
from assess.engine.problems import Place
from assess.kit.clock import date_at

Data = dict[str, Any]
MOST_KEPT = 8
"""Drafts whose texts are kept compared in one process."""
ENDANGERS = "endangers"
"""What a remark on such words is called beside the numbers of problems."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing in a file: a section, a question, a duty. `path` leads to it from the top of the file, `data` is what is written there."""

    sheet: Sheet
    path: Place
    data: Mapping[str, Any]

    @property
    def seen(self) -> str:
        """A mark of the thing as it is now: a form sends it back, so that nobody writes over what somebody else changed meanwhile."""
        return mark_of(self.data)


def mark_of(data: object) -> str:
    """A short mark that is another one as soon as anything in these values is."""
    return digest_of_bytes(canonical(data).encode())[:16]


@dataclass(frozen=True)
class Workbench:
    """All files as they would stand once this draft is published."""

    draft: Draft
    shelf: Shelf
    now: datetime
    look: Session | None = None
    """Where it is compared with what is in use; without one it is compared with nothing."""

    @cached_property
    def guarded(self) -> tuple[GuardedText, ...]:
        """The texts that touch a sign and differ from those in use. They are kept: comparing them takes long, and is done before anything is held.

        While a withdrawn edition waits for a second person they are read beside that one and beside the older one: neither is in use.
        """
        if self.look is None:
            return ()
        state = in_force(self.look)
        beside = [newest(self.look)]
        beside += [last] if (last := read_last(self.look)) != beside[0] else []
        drafted = [(name, sheet.content) for name, sheet in sorted(self.shelf.sheets.items())]
        digests = [(bank, one.ref.digest) for editions in beside for bank, one in editions.items()]
        key = digest_of_bytes(repr((drafted, digests, state.digest if state else "", date_at(self.now))).encode())
        if key not in _guarded:
            before = shelf_of(texts_of(self.look, state)) if state else Shelf()
            found = (one for editions in beside for one in guarded_texts(self.looked, self.shelf, editions, before))
            if len(_guarded) >= MOST_KEPT:
                _guarded.clear()
            _guarded[key] = tuple({one.digest: one for one in found}.values())
        return _guarded[key]

    @cached_property
    def looked(self) -> Looked:
        """Every bank compiled, and all that is wrong."""
        return look_at(self.shelf, self.now)

    def sheets_of(self, bank: str) -> Iterator[Sheet]:
        """The files that hold the questions of a bank, in the order of asking: the common ones, then its own."""
        own = self.shelf.at("", bank)
        if own is None:
            return
        for name in cast("Sequence[str]", own.written.get("uses") or ()):
            common = self.shelf.at("common", str(name))
            if common is not None:
                yield common
        yield own

    def sections_of(self, bank: str) -> Iterator[Spot]:
        """The sections of a bank in the order of asking."""
        for sheet in self.sheets_of(bank):
            for index, section in _named(sheet.written, "sections"):
                yield Spot(sheet, ("sections", index), section)

    def questions_of(self, bank: str) -> Iterator[Spot]:
        """The questions of a bank in the order of asking."""
        for section in self.sections_of(bank):
            for index, question in _named(section.data, "questions"):
                yield Spot(section.sheet, (*section.path, "questions", index), question)

    def section(self, bank: str, section_id: str) -> Spot | None:
        """The section with this id."""
        return next((one for one in self.sections_of(bank) if one.data.get("id") == section_id), None)

    def question(self, bank: str, question_id: str) -> Spot | None:
        """The question with this id."""
        return next((one for one in self.questions_of(bank) if one.data.get("id") == question_id), None)

    def in_words(self, found: Found) -> Found:
        """The same problem with the words of the questions it names."""
        questions = (one.data for bank in self.shelf.banks() for one in self.questions_of(bank))
        return replace(found, message=said_in_words(found.message, questions))

    def told_of(self, spot: Spot) -> tuple[Told, ...]:
        """What is wrong with a thing in words, each with its place inside the thing."""
        here = (*self.looked.problems, *self.looked.warnings, *(_words_told(one) for one in self.guarded if one.words))
        return tuple(
            Told(place[len(spot.path) :], self.in_words(one))
            for one in here
            if one.file == spot.sheet.name and (place := place_at(spot.sheet, one.line))[: len(spot.path)] == spot.path
        )


_guarded: dict[str, tuple[GuardedText, ...]] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """A problem or a warning at its place inside a thing: ("ask",), ("options", 2), or () for the whole."""

    place: Place
    found: Found


def workbench(session: Session, draft: Draft, now: datetime) -> Workbench:
    """The draft as it stands now."""
    return Workbench(draft, shelf_with(session, draft), now, session)


def _words_told(one: GuardedText) -> Found:
    """Words that block until the second person wrote why they may stand."""
    said = ", ".join(f"“{words}”" for words in one.words)
    message = f"{said}: this may put a worker in danger. Whoever publishes it has to write why it may stand."
    return Found(one.file, one.line, ENDANGERS, message, warning=True)


def place_at(sheet: Sheet, line: int) -> Place:
    """The thing of a file that begins on this line or is the last to begin before it; of several on one line, the outermost."""
    best: tuple[int, int] = (0, 0)
    found: Place = ()
    for place, begins in sheet.lines.items():
        rank = (begins, -len(place))
        if begins <= line and rank > best:
            best, found = rank, place
    return found


def _named(data: Mapping[str, object], key: str) -> Iterator[tuple[int, Data]]:
    """The entries of a list that are groups with an id, each with its place. Of all others the check tells; no page leads to them."""
    value = data.get(key)
    for index, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, dict) and isinstance(one.get("id"), (str, int)) and one["id"] != "":
            yield index, one
