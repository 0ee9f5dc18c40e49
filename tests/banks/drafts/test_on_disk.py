from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.keeping import DraftError, SheetTakenError
from assess.banks.drafts.on_disk import MARK, NO_SHELF, Pulled, pull, push
from assess.banks.models import ShelfReason
from assess.banks.shelves import plant, set_up_next
from assess.people.models import Desk, Person
from tests.shelves import SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OWNERS = "owners.yaml"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A checkout with the files that the installation started from."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


@pytest.fixture
def ann(session: Session, release: Path) -> uuid.UUID:
    plant(session, release, NOW)
    set_up_next(session, {OWNERS: b"ours: text\n", "sources.yaml": None}, NOW, reason=ShelfReason.PUBLISHED)
    person = Person(email="ann@desk.example", desk=Desk.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return person.id


@pytest.mark.usefixtures("ann")
def test_pulling_writes_only_what_differs(session: Session, release: Path) -> None:
    untouched = (release / "shop.yaml").stat().st_mtime_ns
    assert pull(session, release) == Pulled((OWNERS,), ("sources.yaml",))
    assert (release / OWNERS).read_bytes() == b"ours: text\n"
    assert not (release / "sources.yaml").exists()
    assert (release / "shop.yaml").stat().st_mtime_ns == untouched
    assert pull(session, release) == Pulled()


@pytest.mark.usefixtures("ann")
def test_pulling_writes_over_nobodys_changes_unless_told_to(session: Session, release: Path) -> None:
    (release / "shop.yaml").write_bytes(b"mine: text\n")
    with pytest.raises(DraftError, match="neither those this installation started from"):
        pull(session, release)
    assert (release / "shop.yaml").read_bytes() == b"mine: text\n"
    assert pull(session, release, force=True) == Pulled((OWNERS, "shop.yaml"), (), ("sources.yaml",))


@pytest.mark.usefixtures("ann")
def test_what_was_pulled_last_may_be_written_over(session: Session, tmp_path: Path) -> None:
    pull(session, tmp_path / "new")
    set_up_next(session, {OWNERS: b"later: text\n"}, NOW, reason=ShelfReason.PUBLISHED)
    assert pull(session, tmp_path / "new") == Pulled((OWNERS,))


def test_pushing_begins_a_draft_with_what_differs(session: Session, tmp_path: Path, ann: uuid.UUID) -> None:
    folder = tmp_path / "new"
    pull(session, folder)
    assert push(session, folder, "Nothing", ann, NOW) == (None, ())
    (folder / OWNERS).write_bytes(b"pushed: text\n")
    (folder / "dimensions.yaml").unlink()
    (folder / "added.yaml").write_bytes(b"new: text\n")
    draft, names = push(session, folder, "From files", ann, NOW)
    assert draft is not None
    assert names == ("added.yaml", "dimensions.yaml", OWNERS)
    assert keeping.sheets_of(session, draft) == {
        "added.yaml": b"new: text\n",
        "dimensions.yaml": None,
        OWNERS: b"pushed: text\n",
    }
    with pytest.raises(SheetTakenError):
        push(session, folder, "Again", ann, NOW)


def test_pushing_is_refused_when_the_folder_started_from_another_shelf(
    session: Session, tmp_path: Path, release: Path, ann: uuid.UUID
) -> None:
    with pytest.raises(DraftError, match="cannot be told which state"):
        push(session, release, "No mark", ann, NOW)
    pull(session, tmp_path / "new")
    set_up_next(session, {OWNERS: b"later: text\n"}, NOW, reason=ShelfReason.PUBLISHED)
    with pytest.raises(DraftError, match="published anew since"):
        push(session, tmp_path / "new", "Late", ann, NOW)
    assert len((tmp_path / "new" / MARK).read_text(encoding="utf-8").strip()) == 64


def test_before_the_first_start_there_is_nothing(session: Session, tmp_path: Path) -> None:
    with pytest.raises(DraftError, match=NO_SHELF[:20]):
        pull(session, tmp_path)
