"""What has to be done before a draft may be asked about, and before it may be published; and who may publish it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.editions import newest, read_last
from assess.banks.sheets import Shelf, shelf_of
from assess.banks.shelves import digest_of_bytes, in_force, texts_of
from assess.editor.law.calls import NeededChange, needed_changes
from assess.editor.mending.keeping import NOT_OF_TWO, TOO_NEW
from assess.editor.review.comparing import BankChange, FileChange, changed_banks, changed_files
from assess.editor.review.guarded import GuardedText
from assess.editor.review.older_editions import what_older_editions_miss
from assess.editor.review.rehearsals import Standing, standings
from assess.editor.review.withdrawn import Holding, holdings
from assess.editor.workbench import Workbench
from assess.people.administration.desks import are_tied, may_be_second, may_review
from assess.people.models import Person

SEE_DRAFT, SEE_PROBLEMS = "draft.show_draft", "problems.show_problems"
SEE_WITHDRAWN = "withdrawn.show_withdrawn"
SEE_REVIEW = "review.show_review"
SEE_REHEARSAL, SEE_BEHIND = "rehearsal.show_rehearsal", "behind.show_behind"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to be done first, and the page where it is done."""

    words: str
    endpoint: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that touches a sign, and what the second person said of exactly this text, None when nothing yet."""

    text: GuardedText
    said: Mapping[str, object] | None

    @property
    def done(self) -> bool:
        """Whether it was read, with a reason where its words need one."""
        return self.said is not None and (not self.text.words or bool(self.said.get("reason")))

    @property
    def kept(self) -> Mapping[str, object]:
        """As the history keeps it."""
        return kept_of(self.text, str(self.said.get("reason", "")) if self.said else "")


def kept_of(text: GuardedText, reason: str) -> Mapping[str, object]:
    """A text that was read, by its digest and what it is called, with the words that need a reason."""
    return {
        "digest": text.digest,
        "where": f"{text.thing} – {text.label}",
        "text": text.after,
        "words": list(text.words),
        "reason": reason if text.words else "",
    }


@dataclass(frozen=True)
class Case:
    """A draft with all that somebody who decides about it has to see."""

    session: Session
    at_work: Workbench
    now: datetime
    reader: uuid.UUID | None = None
    """Who would publish it: what they have read counts, and nobody else’s reading does."""

    @cached_property
    def guarded(self) -> Sequence[Reading]:
        """The texts that touch a sign, each with whether it was read."""
        read = keeping.read_by(self.session, self.at_work.draft, self.reader) if self.reader else {}
        return [Reading(one, read.get(one.digest)) for one in self.at_work.guarded]

    @cached_property
    def banks(self) -> Sequence[BankChange]:
        """The banks it changes."""
        return changed_banks(self.session, self.at_work)

    @cached_property
    def files(self) -> Sequence[FileChange]:
        """The files it changes."""
        return changed_files(self.session, self.at_work)

    @cached_property
    def rehearsals(self) -> Sequence[Standing]:
        """How the rehearsal of each changed bank stands."""
        draft, shelf = self.at_work.draft, self.at_work.shelf
        return standings(self.session, draft, self.banks, shelf, self.now)

    @cached_property
    def withdrawn(self) -> Sequence[Holding]:
        """The withdrawn editions of the banks it is about."""
        return holdings(self.session, self.at_work)

    @property
    def chosen(self) -> frozenset[str]:
        """The banks of which it says what becomes of the withdrawn text."""
        return frozenset(one.withdrawn.bank for one in self.withdrawn)

    @cached_property
    def contacts(self) -> Sequence[NeededChange]:
        """The contacts it changes that every page shows: whoever asks and whoever publishes proves who they are."""
        state = in_force(self.session)
        before = shelf_of(texts_of(self.session, state)) if state else Shelf()
        return needed_changes(before, self.at_work.shelf)

    @cached_property
    def editors(self) -> frozenset[uuid.UUID]:
        """Everybody who began or edited it: none of them publishes it."""
        return keeping.editors_of(self.session, self.at_work.draft)

    @cached_property
    def barred(self) -> frozenset[uuid.UUID]:
        """Nobody of these publishes it: who began or edited it, and who asked for the review."""
        asked = keeping.asked_by(self.session, self.at_work.draft)
        return self.editors | {asked} if asked else self.editors

    @property
    def stands(self) -> str:
        """A mark of the texts that are compared: of this draft, of the files in use, and of the editions in use. Cheap."""
        state = in_force(self.session)
        both = (newest(self.session), read_last(self.session))
        editions = [(bank, one.ref.digest) for editions in both for bank, one in editions.items()]
        sheets = sorted(keeping.sheets_of(self.session, self.at_work.draft).items())
        return digest_of_bytes(repr((sheets, editions, state.digest if state else "")).encode())

    @property
    def seen(self) -> str:
        """A mark of all that is decided about: another one as soon as the draft, or what it is compared with, is."""
        editions = [(one.bank, one.old.ref.digest if one.old else "", one.after) for one in self.banks]
        sheets = [(name, content) for name, content in keeping.sheets_of(self.session, self.at_work.draft).items()]
        return digest_of_bytes(repr((editions, sheets)).encode())[:16]

    def missing(self, *, publishing: bool = False) -> list[Missing]:
        """What has to be done first, in the order of the work. For publishing, a rehearsal need not hold the newest submissions."""
        found = []
        if not self.files and not any(one.kept for one in self.withdrawn):
            found.append(Missing("Change something first: this draft says what is in use now.", SEE_DRAFT))
        if self.at_work.looked.problems:
            found.append(Missing(f"Put the problems right first ({len(self.at_work.looked.problems)}).", SEE_PROBLEMS))
        found += [Missing(words_of(one), SEE_WITHDRAWN) for one in self.withdrawn if one.undecided]
        found += [Missing(words, SEE_DRAFT) for one in self.contacts for words in one.faults]
        barred = self._why_barred(publishing=publishing)
        if barred:
            found.append(Missing(barred, SEE_REVIEW))
        shelf = self.at_work.shelf
        found += [Missing(words, SEE_DRAFT) for words in what_older_editions_miss(self.session, shelf, self.now)]
        behind = keeping.behind(self.session, self.at_work.draft)
        if behind:
            found.append(Missing("Something this draft changes was published meanwhile. Look at both.", SEE_BEHIND))
        unread = sum(not one.done for one in self.guarded) if publishing and self.reader not in self.barred else 0
        if unread:
            words = f"Read the texts that touch a sign, and tick each of them ({unread} still to read)."
            found.append(Missing(words, SEE_REVIEW, "texts"))
        wanted = [one for one in self.rehearsals if one.wanted and not (publishing and one.holds)]
        return found + [Missing(f"Rehearse “{one.change.title}” first.", SEE_REHEARSAL) for one in wanted]

    def _why_barred(self, *, publishing: bool) -> str:
        """Why this reader may not be one of the two who have to agree on what changes.

        Contacts that every page shows need that of whoever asks as well; texts that are read one by one only of whoever publishes.
        """
        if self.reader is None or (publishing and self.reader in self.editors):
            return ""
        asked = keeping.asked_last(self.session, self.at_work.draft) if publishing else None
        if asked is not None and asked.person_id == self.reader:
            return ""  # the page says that somebody else publishes it
        first = asked.person_id if asked else None
        if self.contacts and not may_be_second(self.session, self.reader, first, self.now):
            return NOT_OF_TWO
        if self.contacts and publishing and any(are_tied(self.session, self.reader, one) for one in self.editors):
            return NOT_OF_TWO
        if publishing and self.at_work.guarded:
            return "" if may_review(self.session, self.reader, {*self.editors, first}, self.now) else TOO_NEW
        return ""


def words_of(one: Holding) -> str:
    """What somebody has to choose."""
    said = f"This draft holds what was withdrawn with edition {one.withdrawn.number} of “{one.title}”."
    return f"{said} Choose: keep it or leave it out."


def by_thing(readings: Sequence[Reading]) -> list[tuple[GuardedText, list[Reading]]]:
    """The texts by the thing they belong to, in their order, each thing with its first text."""
    found: dict[tuple[str, ...], list[Reading]] = {}
    for one in readings:
        kind, name, *_ = one.text.key.split(" ")
        of = (kind, name) if kind in {"question", "check"} else (one.text.thing,)
        found.setdefault(of, []).append(one)
    return [(several[0].text, several) for several in found.values()]


def who_could(session: Session, barred: frozenset[uuid.UUID]) -> list[Person]:
    """Everybody with a desk here who is not barred from publishing it, by name."""
    wanted = select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None))
    people = [one for one in session.scalars(wanted) if one.id not in barred]
    return sorted(people, key=lambda one: (one.name or one.email).casefold())
