"""A link is corrected in the sound folder: in force at once, in the draft as well, and back to the letter when undone."""

from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping as drafts
from assess.banks.drafts.models import Draft, DraftDeed, DraftStage
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.banks.editions import check_banks, latest, publish_checked
from assess.banks.models import ShelfReason
from assess.banks.sheets import read_folder
from assess.banks.shelves import in_force, plant, texts_of
from assess.editor.mending.keeping import (
    Correction,
    MendError,
    confirm,
    mend,
    settled,
    shelf_in_force,
    undo,
    waiting,
    would_be,
)
from assess.editor.mending.models import Mend, Outcome
from assess.editor.mending.targets import Target, target
from assess.people.models import Desk, Person
from tests.shelves import CONTACTS, SOUND, UK

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PAGE = f"{CONTACTS}:contacts:advice:web"
OLD, NEW = "https://advice.example/old", "https://advice.example/new"
ADVICE = f"""
  - id: advice
    order: 3
    situation: You want to talk
    who: The advice line
    number: "01234 567 800"
    web: {OLD}
    for_whom: Anyone
    source: made up
    checked: 2026-11-01
    review_by: 2027-12-31
"""


def somebody(session: Session, name: str) -> uuid.UUID:
    person = Person(email=f"{name}@desk.example", desk=Desk.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return person.id


@pytest.fixture
def people(session: Session, tmp_path: Path) -> tuple[uuid.UUID, uuid.UUID]:
    """Ann, who mends, and Ben; the sound folder is in force."""
    folder = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    with (folder / CONTACTS).open("a", encoding="utf-8") as file:
        file.write(ADVICE)
    plant(session, folder, NOW)
    publish_checked(session, check_banks(read_folder(folder), NOW), NOW)
    return somebody(session, "ann"), somebody(session, "ben")


def known(session: Session, key: str = PAGE) -> Target:
    found = target(shelf_in_force(session), key, NOW.date())
    assert found
    return found


def text(session: Session, name: str = CONTACTS) -> str:
    state = in_force(session)
    assert state
    return texts_of(session, state)[name].decode()


def in_draft(session: Session, who: uuid.UUID, old: str, new: str) -> Draft:
    draft = drafts.begin(session, "Other words", who, NOW)
    seen = drafts.sheet_of(session, draft, CONTACTS)
    changed = (seen or b"").replace(old.encode(), new.encode())
    drafts.save(session, draft, CONTACTS, changed, who, NOW, seen=seen, what="words")
    return draft


def test_it_is_in_force_at_once_and_back_to_the_letter_when_undone(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    before = text(session)
    row = mend(session, known(session), NEW, "Their site says so", ann, NOW)
    assert text(session) == before.replace(OLD, NEW)
    state = in_force(session)
    assert state
    assert (state.reason, state.number, row.what) == (
        ShelfReason.MENDED,
        row.shelf,
        "the link of “The advice line”",
    )
    assert list(waiting(session)) == [row]
    with pytest.raises(MendError, match="Somebody else has to look at it"):
        undo(session, row, ann, NOW)
    undo(session, row, ben, NOW)
    assert text(session) == before
    state = in_force(session)
    assert state
    assert state.reason is ShelfReason.UNDONE
    assert (list(waiting(session)), list(settled(session))) == ([], [row])


def test_only_a_second_person_says_that_it_is_right_and_only_once(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    row = mend(session, known(session), NEW, "x", ann, NOW)
    with pytest.raises(MendError):
        confirm(session, row, ann, NOW)
    confirm(session, row, ben, NOW)
    session.refresh(row)
    assert (row.outcome, row.looked_by) == (Outcome.RIGHT, ben)
    with pytest.raises(MendError, match="already"):
        undo(session, row, ben, NOW)
    with pytest.raises(IntegrityError, match="a_second_look"):
        session.execute(update(Mend).values(looked_by=ann))


def test_a_bank_whose_text_it_changes_has_its_next_edition(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    before = latest(session, "shop").ref.number
    row = mend(session, known(session, f"{UK}:duties:payslips:url"), "https://example.org/other", "x", people[0], NOW)
    assert row.editions == {"made": [["shop", before + 1]]}
    assert mend(session, known(session), NEW, "x", people[0], NOW).editions == {"made": []}


def test_a_draft_that_left_it_alone_is_corrected_too_and_can_be_published(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    draft = in_draft(session, ben, "You want to talk", "You want advice")
    ask_for_review(session, draft, ben, "", NOW)
    mend(session, known(session), NEW, "x", ann, NOW)
    assert draft.stage is DraftStage.IN_REVIEW
    assert drafts.history_of(session, draft)[-1].deed is DraftDeed.MENDED
    publish_draft(session, draft, ann, "", NOW)
    assert NEW in text(session)
    assert "You want advice" in text(session)


def test_a_draft_with_another_value_there_stands_in_the_way_and_one_with_the_same_does_not(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    draft = in_draft(session, ben, OLD, "https://advice.example/other")
    with pytest.raises(MendError) as told:
        mend(session, known(session), NEW, "x", ann, NOW)
    assert told.value.draft_id == draft.id
    assert OLD in text(session)
    mend(session, known(session), "https://advice.example/other", "x", ann, NOW)
    assert "https://advice.example/other" in text(session)


def test_what_was_changed_again_since_is_not_undone(session: Session, people: tuple[uuid.UUID, uuid.UUID]) -> None:
    ann, ben = people
    first = mend(session, known(session), NEW, "x", ann, NOW)
    mend(session, known(session), "https://advice.example/third", "x", ann, NOW)
    with pytest.raises(MendError, match="changed again"):
        undo(session, first, ben, NOW)


def test_what_may_not_be_mended_or_no_longer_fits_is_refused(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    assert people
    shelf = shelf_in_force(session)
    with pytest.raises(MendError, match="Change it in a draft"):
        would_be(shelf, Correction(CONTACTS, ("contacts", "advice", "who"), "The advice line", "Another"), NOW)
    with pytest.raises(MendError, match="meanwhile"):
        would_be(shelf, Correction(CONTACTS, ("contacts", "advice", "web"), "another", NEW), NOW)
    with pytest.raises(MendError) as told:
        would_be(shelf, Correction(UK, ("duties", "payslips", "url"), "https://example.org/act", "nowhere"), NOW)
    assert told.value.problems
