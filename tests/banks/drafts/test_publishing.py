from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping, publishing
from assess.banks.drafts.keeping import DraftError
from assess.banks.drafts.models import Draft, DraftStage
from assess.banks.drafts.publishing import UnsoundError, ask_for_review, publish_draft
from assess.banks.editions import check_banks, latest, publish_checked
from assess.banks.looking import Looked
from assess.banks.models import Edition, ShelfReason
from assess.banks.sheets import Shelf, read_folder
from assess.banks.shelves import plant, set_up_next
from assess.people.models import Desk, Person
from tests.shelves import SHOP, SOUND

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def somebody(session: Session, name: str) -> uuid.UUID:
    person = Person(email=f"{name}@desk.example", desk=Desk.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return person.id


@pytest.fixture
def people(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
    return somebody(session, "ann"), somebody(session, "ben")


@pytest.fixture
def draft(session: Session, people: tuple[uuid.UUID, uuid.UUID], tmp_path: Path) -> Draft:
    folder = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    plant(session, folder, NOW)
    publish_checked(session, check_banks(read_folder(folder), NOW), NOW)
    return keeping.begin(session, "Clearer words", people[0], NOW)


def change(session: Session, draft: Draft, person: uuid.UUID, old: str, new: str) -> None:
    seen = keeping.sheet_of(session, draft, SHOP)
    text = (seen or b"").decode()
    assert old in text
    keeping.save(session, draft, SHOP, text.replace(old, new, 1).encode(), person, NOW, seen=seen)


def test_one_changed_text_becomes_the_next_edition_of_its_bank_alone(
    session: Session, draft: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    bank = Path(SHOP).stem
    before = latest(session, bank)
    others = session.scalar(select(func.count()).select_from(Edition).where(Edition.bank != bank))
    title = before.edition.title
    change(session, draft, ann, f"title: {title}", "title: In other words")
    ask_for_review(session, draft, ann, "", NOW)
    (made,) = publish_draft(session, draft, ben, "", NOW)
    assert (made.bank, made.number) == (bank, before.ref.number + 1)
    assert latest(session, bank).edition.title == "In other words"
    assert session.scalar(select(func.count()).select_from(Edition).where(Edition.bank != bank)) == others


def test_the_edition_before_keeps_its_digest(
    session: Session, draft: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    before = dict(session.execute(select(Edition.id, Edition.digest)).all())  # type: ignore[arg-type]
    title = latest(session, Path(SHOP).stem).edition.title
    change(session, draft, ann, f"title: {title}", "title: In other words")
    ask_for_review(session, draft, ann, "", NOW)
    publish_draft(session, draft, ben, "", NOW)
    after = dict(session.execute(select(Edition.id, Edition.digest)).all())  # type: ignore[arg-type]
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


def test_a_fault_refuses_the_question_and_changes_nothing(
    session: Session, draft: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    change(session, draft, people[0], "format: 1", "formt: 1")
    with pytest.raises(UnsoundError) as told:
        ask_for_review(session, draft, people[0], "", NOW)
    assert told.value.problems[0].file == SHOP
    assert draft.stage is DraftStage.DRAFT


def test_whoever_edited_it_makes_no_edition(
    session: Session, draft: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    count = select(func.count()).select_from(Edition)
    before = session.scalar(count)
    title = latest(session, Path(SHOP).stem).edition.title
    change(session, draft, people[0], f"title: {title}", "title: In other words")
    ask_for_review(session, draft, people[0], "", NOW)
    with pytest.raises(DraftError):
        publish_draft(session, draft, people[0], "", NOW)
    assert session.scalar(count) == before


@pytest.mark.parametrize(
    ("name", "content", "number"),
    [
        ("reference/goods_risk.csv", b"country,good\nTR,hazelnuts\n", "BANK085"),
        ("papers/rota.yaml", b"format: 1\npaper: rota\ntitle: A rota\n", "BANK021"),
    ],
)
def test_a_draft_holds_tables_and_papers_and_is_refused_for_what_is_wrong_with_them(
    session: Session, draft: Draft, people: tuple[uuid.UUID, uuid.UUID], name: str, content: bytes, number: str
) -> None:
    keeping.save(session, draft, name, content, people[0], NOW, seen=None)
    assert keeping.shelf_with(session, draft).sheets[name].content == content
    with pytest.raises(UnsoundError) as refused:
        ask_for_review(session, draft, people[0], "", NOW)
    assert number in {one.number for one in refused.value.problems if one.file == name}


def test_files_that_another_put_in_force_during_the_check_stop_it(
    session: Session, draft: Draft, people: tuple[uuid.UUID, uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = people
    title = latest(session, Path(SHOP).stem).edition.title
    change(session, draft, ann, f"title: {title}", "title: In other words")
    ask_for_review(session, draft, ann, "", NOW)
    check = publishing.look_at

    def slow(shelf: Shelf, now: datetime) -> Looked:
        found = check(shelf, now)
        set_up_next(session, {"sources.yaml": b"format: 1\nsources: {}\n"}, now, reason=ShelfReason.PUBLISHED)
        return found

    monkeypatch.setattr(publishing, "look_at", slow)
    with pytest.raises(IntegrityError):
        publish_draft(session, draft, ben, "", NOW)
