"""What has to be done before a draft may be asked about, and before it may be published; and who may publish it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.shelves import digest_of_bytes
from assess.editor.review.comparing import BankChange, FileChange, changed_banks, changed_files
from assess.editor.review.older_editions import what_older_editions_miss
from assess.editor.review.rehearsals import Standing, standings
from assess.editor.workbench import Workbench
from assess.people.models import Person

SEE_DRAFT, SEE_PROBLEMS = "draft.show_draft", "problems.show_problems"
SEE_REHEARSAL, SEE_BEHIND = "rehearsal.show_rehearsal", "behind.show_behind"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to be done first, and the page where it is done."""

    words: str
    endpoint: str


@dataclass(frozen=True)
class Case:
    """A draft with all that somebody who decides about it has to see."""

    session: Session
    at_work: Workbench
    now: datetime

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
    def editors(self) -> frozenset[uuid.UUID]:
        """Everybody who began or edited it: none of them publishes it."""
        return keeping.editors_of(self.session, self.at_work.draft)

    @property
    def seen(self) -> str:
        """A mark of all that is decided about: another one as soon as the draft, or what it is compared with, is."""
        editions = [(one.bank, one.old.ref.digest if one.old else "", one.after) for one in self.banks]
        sheets = [(name, content) for name, content in keeping.sheets_of(self.session, self.at_work.draft).items()]
        return digest_of_bytes(repr((editions, sheets)).encode())[:16]

    def missing(self, *, publishing: bool = False) -> list[Missing]:
        """What has to be done first, in the order of the work. For publishing, a rehearsal need not hold the newest submissions."""
        found = []
        if not self.files:
            found.append(Missing("Change something first: this draft says what is in use now.", SEE_DRAFT))
        if self.at_work.looked.problems:
            found.append(Missing(f"Put the problems right first ({len(self.at_work.looked.problems)}).", SEE_PROBLEMS))
        shelf = self.at_work.shelf
        found += [Missing(words, SEE_DRAFT) for words in what_older_editions_miss(self.session, shelf, self.now)]
        behind = keeping.behind(self.session, self.at_work.draft)
        if behind:
            found.append(Missing("Something this draft changes was published meanwhile. Look at both.", SEE_BEHIND))
        wanted = [one for one in self.rehearsals if one.wanted and not (publishing and one.holds)]
        return found + [Missing(f"Rehearse “{one.change.title}” first.", SEE_REHEARSAL) for one in wanted]


def who_could(session: Session, editors: frozenset[uuid.UUID]) -> list[Person]:
    """Everybody with a desk here who edited nothing of it, by name."""
    wanted = select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None))
    people = [one for one in session.scalars(wanted) if one.id not in editors]
    return sorted(people, key=lambda one: (one.name or one.email).casefold())
