from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assess.banks import starting
from assess.banks.checking import CheckedBank
from assess.banks.editions import latest, publish_checked
from assess.banks.models import ShelfReason
from assess.banks.sheets import RefusedError, Shelf, shelf_of
from assess.banks.shelves import in_force, set_up_next, texts_of
from assess.banks.starting import take_over
from tests.shelves import SHOP, SOUND

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def retitled(release: Path, title: str) -> bytes:
    return (release / SHOP).read_bytes().replace(b"title: Corner shops", f"title: {title}".encode())


def test_a_bank_that_was_changed_here_keeps_its_edition_whatever_the_release_brings(
    session: Session, release: Path
) -> None:
    take_over(session, NOW, release)
    set_up_next(session, {SHOP: retitled(release, "Our shops")}, NOW, reason=ShelfReason.PUBLISHED)
    (release / SHOP).write_bytes(retitled(release, "Their shops"))
    done = take_over(session, NOW, release)
    assert done.files.kept == (SHOP,)
    assert latest(session, "shop").edition.title == "Our shops"


def test_what_nobody_changed_here_follows_the_release(session: Session, release: Path) -> None:
    take_over(session, NOW, release)
    (release / SHOP).write_bytes(retitled(release, "Their shops"))
    done = take_over(session, NOW, release)
    assert [(ref.bank, ref.number) for ref in done.banks.published] == [("shop", 2)]
    assert latest(session, "shop").edition.title == "Their shops"


def test_a_release_that_cannot_be_read_changes_nothing(session: Session, release: Path) -> None:
    take_over(session, NOW, release)
    before = in_force(session)
    (release / "settings" / "scoring.yaml").write_bytes(b"format: 1\nsettings: [\n")
    with pytest.raises(RefusedError):
        take_over(session, NOW, release)
    assert in_force(session) == before


def test_who_publishes_while_a_start_is_checking_is_not_followed_by_the_older_text(
    session: Session, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_over(session, NOW, release)
    set_up_next(session, {SHOP: retitled(release, "Our shops")}, NOW, reason=ShelfReason.PUBLISHED)
    check = starting.check_banks

    def slow(shelf: Shelf, now: datetime) -> dict[str, CheckedBank]:
        found = check(shelf, now)
        if shelf.sheets[SHOP].content == retitled(release, "Our shops"):
            theirs = {SHOP: retitled(release, "Newer shops")}
            state = set_up_next(session, theirs, now, reason=ShelfReason.PUBLISHED)
            publish_checked(session, check(shelf_of(texts_of(session, state)), now), now)
        return found

    monkeypatch.setattr(starting, "check_banks", slow)
    take_over(session, NOW, release)
    assert latest(session, "shop").edition.title == "Newer shops"
