from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.keeping import BehindError, DraftError, SheetChangedError, SheetTakenError
from assess.banks.drafts.models import Draft, DraftDeed, DraftSheet, DraftStage
from assess.banks.drafts.undoing import undo
from assess.banks.models import ShelfReason
from assess.banks.shelves import in_force, plant, set_up_next, texts_of
from assess.people.models import Desk, Person
from tests.shelves import SOUND

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SHEET = "owners.yaml"
NEW = b"new: text\n"


def somebody(session: Session, name: str) -> uuid.UUID:
    person = Person(email=f"{name}@desk.example", desk=Desk.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return person.id


@pytest.fixture
def ann(session: Session) -> uuid.UUID:
    return somebody(session, "ann")


@pytest.fixture
def ben(session: Session) -> uuid.UUID:
    return somebody(session, "ben")


@pytest.fixture
def draft(session: Session, ann: uuid.UUID, tmp_path: Path) -> Draft:
    plant(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), NOW)
    return keeping.begin(session, "Clearer words", ann, NOW)


def held(session: Session) -> dict[str, bytes]:
    state = in_force(session)
    assert state
    return texts_of(session, state)


def was(session: Session) -> bytes:
    """The file as it is in force."""
    return held(session)[SHEET]


def test_a_draft_is_edited_asked_about_and_published_by_another(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    keeping.ask(session, draft, ann, "Please look.", NOW)
    state = keeping.publish(session, draft, ben, "Good.", NOW)
    assert held(session)[SHEET] == NEW
    assert (draft.stage, draft.became, state.person_id) == (DraftStage.PUBLISHED, state.number, ben)
    assert [event.deed for event in keeping.history_of(session, draft)] == [
        DraftDeed.BEGUN, DraftDeed.EDITED, DraftDeed.ASKED, DraftDeed.PUBLISHED,
    ]  # fmt: skip
    assert session.scalars(select(DraftSheet)).all() == []


def test_nobody_publishes_what_they_began_or_edited(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    keeping.save(session, draft, SHEET, NEW, ben, NOW, seen=was(session))
    keeping.ask(session, draft, ben, "", NOW)
    for editor in (ann, ben):
        with pytest.raises(DraftError, match="did not edit"):
            keeping.publish(session, draft, editor, "", NOW)
    assert keeping.editors_of(session, draft) == {ann, ben}


def test_the_database_itself_refuses_a_publisher_who_edited(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    keeping.save(session, draft, SHEET, NEW, ben, NOW, seen=was(session))
    for editor in (ann, ben):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(update(Draft).values(publisher_id=editor))


def test_of_two_who_edit_one_file_the_second_is_shown_the_first(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    seen = keeping.sheet_of(session, draft, SHEET)
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=seen)
    with pytest.raises(SheetChangedError) as told:
        keeping.save(session, draft, SHEET, b"ben: text\n", ben, NOW, seen=seen)
    assert told.value.theirs == NEW
    assert keeping.sheet_of(session, draft, SHEET) == NEW


def test_a_file_is_in_one_open_draft_at_most(session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID) -> None:
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    other = keeping.begin(session, "Another", ben, NOW)
    with pytest.raises(SheetTakenError) as told:
        keeping.save(session, other, SHEET, b"x: y\n", ben, NOW, seen=was(session))
    assert told.value.draft_id == draft.id
    keeping.give_up(session, draft, ann, "Not now.", NOW)
    keeping.save(session, other, SHEET, b"x: y\n", ben, NOW, seen=was(session))


def test_an_edit_during_the_review_makes_it_a_draft_again(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    keeping.ask(session, draft, ann, "", NOW)
    keeping.save(session, draft, SHEET, b"later: text\n", ann, NOW, seen=NEW)
    with pytest.raises(DraftError, match="Nobody has been asked"):
        keeping.publish(session, draft, ben, "", NOW)


def test_what_is_sent_back_can_be_edited_and_asked_about_again(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    keeping.ask(session, draft, ann, "", NOW)
    keeping.send_back(session, draft, ben, "Too long.", NOW)
    keeping.save(session, draft, SHEET, b"short: x\n", ann, NOW, seen=NEW)
    keeping.ask(session, draft, ann, "", NOW)
    keeping.publish(session, draft, ben, "", NOW)
    assert held(session)[SHEET] == b"short: x\n"
    assert keeping.history_of(session, draft)[3].words == "Too long."


def test_nothing_changed_is_nothing_to_ask_about(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    with pytest.raises(DraftError, match="Nothing is changed"):
        keeping.ask(session, draft, ann, "", NOW)
    before = keeping.sheet_of(session, draft, SHEET)
    keeping.save(session, draft, SHEET, before, ann, NOW, seen=was(session))
    with pytest.raises(DraftError, match="Nothing is changed"):
        keeping.ask(session, draft, ann, "", NOW)


def test_a_file_published_otherwise_meanwhile_is_told(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    keeping.ask(session, draft, ann, "", NOW)
    set_up_next(session, {SHEET: b"mended: now\n"}, NOW, reason=ShelfReason.MENDED)
    with pytest.raises(BehindError) as told:
        keeping.publish(session, draft, ben, "", NOW)
    assert told.value.names == (SHEET,)
    assert held(session)[SHEET] == b"mended: now\n"


def test_other_files_that_were_published_meanwhile_stay(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    set_up_next(session, {"sources.yaml": b"mended: now\n"}, NOW, reason=ShelfReason.MENDED)
    keeping.ask(session, draft, ann, "", NOW)
    keeping.publish(session, draft, ben, "", NOW)
    assert (held(session)[SHEET], held(session)["sources.yaml"]) == (NEW, b"mended: now\n")


def test_a_new_file_and_one_that_is_taken_off(session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID) -> None:
    keeping.save(session, draft, "building.yaml", b"bank: building\n", ann, NOW, seen=None)
    keeping.save(session, draft, SHEET, None, ann, NOW, seen=was(session))
    shelf = keeping.shelf_with(session, draft)
    assert "building.yaml" in shelf.sheets
    assert SHEET not in shelf.sheets
    keeping.ask(session, draft, ann, "", NOW)
    keeping.publish(session, draft, ben, "", NOW)
    assert "building.yaml" in held(session)
    assert SHEET not in held(session)


@pytest.mark.parametrize("deed", ["save", "ask", "publish", "send_back", "give_up"])
def test_what_is_given_up_stays_so(session: Session, draft: Draft, ann: uuid.UUID, deed: str) -> None:
    keeping.give_up(session, draft, ann, "", NOW)
    given = (SHEET, NEW, ann, NOW) if deed == "save" else (ann, "", NOW)
    more = {"seen": None} if deed == "save" else {}
    with pytest.raises(DraftError, match="given up"):
        getattr(keeping, deed)(session, draft, *given, **more)


@pytest.mark.parametrize("mine", [True, False])
def test_a_draft_that_is_behind_goes_on_with_the_text_that_was_chosen(
    session: Session, draft: Draft, ann: uuid.UUID, *, mine: bool
) -> None:
    before = was(session)
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=before)
    set_up_next(session, {SHEET: b"mended: text\n"}, NOW, reason=ShelfReason.MENDED)
    assert keeping.behind(session, draft) == (SHEET,)
    state = in_force(session)
    assert state
    with pytest.raises(DraftError, match="changed again"):
        keeping.catch_up(session, draft, SHEET, ann, NOW, in_force_seen="another", mine=mine)
    keeping.catch_up(session, draft, SHEET, ann, NOW, in_force_seen=state.sheets[SHEET], mine=mine)
    assert keeping.behind(session, draft) == ()
    assert keeping.sheet_of(session, draft, SHEET) == (NEW if mine else b"mended: text\n")
    assert keeping.history_of(session, draft)[-1].deed is DraftDeed.EDITED
    if not mine:
        undo(session, draft, keeping.history_of(session, draft)[-1].number, ann, NOW)
        assert keeping.sheet_of(session, draft, SHEET) == NEW, "nothing is lost"


def test_the_last_question_is_found_with_its_note(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    assert keeping.asked_last(session, draft) is None
    keeping.save(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    keeping.ask(session, draft, ann, "Please look.", NOW, note="Clearer.")
    asked = keeping.asked_last(session, draft)
    assert asked
    assert (asked.words, asked.details) == ("Please look.", {"note": "Clearer."})
