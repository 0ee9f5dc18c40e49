from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assess.banks import editions
from assess.banks.editions import (
    Byline,
    EditionUnknownError,
    PublishingError,
    edition_of,
    latest,
    published,
    put_back,
    withdraw,
)
from assess.banks.models import Edition, EditionByline, EditionEvent, Stage
from assess.banks.reader import compile_bank
from assess.banks.sheets import RefusedError
from assess.banks.starting import take_over
from assess.engine.assessing import EditionRef
from assess.kit.db import Database
from tests.people.persons import a_person
from tests.shelves import SCORING, SHOP, SOUND, UK

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sound folder on disk."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def publish(database: Database, folder: Path) -> editions.Publishing:
    with database.writing() as session:
        return take_over(session, NOW, folder).banks


def test_a_bank_is_published_once_and_again_when_it_changed(database: Database, folder: Path) -> None:
    first = publish(database, folder).published
    assert [(ref.bank, ref.number) for ref in first] == [("shop", 1)]
    assert publish(database, folder) == editions.Publishing()
    change(folder / SHOP, "Corner shops", "Corner stores")
    second = publish(database, folder).published
    assert [(ref.bank, ref.number) for ref in second] == [("shop", 2)]
    change(folder / SHOP, "Corner stores", "Corner shops")
    third = publish(database, folder).published
    assert third == (EditionRef("shop", 3, first[0].digest),), "an old text may come back, with a new number"


def test_a_change_of_a_file_the_bank_rests_on_is_a_change_of_the_bank(database: Database, folder: Path) -> None:
    publish(database, folder)
    change(folder / UK, "Give everybody a payslip.", "Give everybody a payslip in time.")
    assert [ref.number for ref in publish(database, folder).published] == [2]
    change(folder / SCORING, "12.34", "12.35")
    assert publish(database, folder).published == (), "settings have days of their own"


def test_an_edition_keeps_its_sources_its_document_and_its_event(database: Database, folder: Path) -> None:
    publish(database, folder)
    compiled = compile_bank(folder, "shop")
    with database.reading() as session:
        row = session.scalars(select(Edition)).one()
        event = session.scalars(select(EditionEvent)).one()
    assert (row.compiled, row.digest, row.source) == (compiled.document, compiled.digest, compiled.texts)
    assert (row.published_at, row.stage) == (NOW, Stage.PUBLISHED)
    assert (event.edition_id, event.stage, event.at) == (row.id, Stage.PUBLISHED, NOW)


def test_a_bank_with_problems_is_refused_and_its_old_edition_stays(database: Database, folder: Path) -> None:
    publish(database, folder)
    change(folder / SHOP, "dimension: freedom", "dimension: fredom")
    done = publish(database, folder)
    assert done.published == ()
    assert [(one.file, one.number) for one in done.refused["shop"]] == [("shop.yaml", "BANK036")]
    change(folder / SHOP, "dimension: fredom", "dimension: : freedom")
    assert [one.number for one in publish(database, folder).refused["shop"]] == ["BANK004"]
    with database.reading() as session:
        assert latest(session, "shop").ref.number == 1


def test_a_bank_whose_examples_no_longer_hold_is_refused(database: Database, folder: Path) -> None:
    change(folder / SHOP, "expect: {band: critical", "expect: {band: high")
    assert [one.number for one in publish(database, folder).refused["shop"]] == ["BANK090"]


def test_a_warning_refuses_nothing(database: Database, folder: Path) -> None:
    change(folder / SHOP, "Who keeps the", "Who 'keeps' the")
    assert [ref.number for ref in publish(database, folder).published] == [1]


def test_one_broken_bank_does_not_hold_up_another(database: Database, folder: Path) -> None:
    (folder / "stall.yaml").write_text("format: 1\nbank: stall\n", encoding="utf-8")
    change(folder / SCORING, "value: {shop: 10}", "value: {shop: 10, stall: 10}")
    done = publish(database, folder)
    assert [ref.bank for ref in done.published] == ["shop"]
    assert list(done.refused) == ["stall"]


def test_without_settings_nothing_is_published(database: Database, folder: Path) -> None:
    change(folder / SCORING, "value: 0.8", "value: 8")
    with pytest.raises(RefusedError, match="BANK074"):
        publish(database, folder)


def at_once(work: Callable[[], object], times: int) -> list[BaseException]:
    """Do the work in several threads that begin together; what went wrong in them."""
    gate, wrong = threading.Barrier(times), []

    def one() -> None:
        gate.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # told to the test
            wrong.append(error)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_several_servers_that_start_at_once_publish_one_edition(database: Database, folder: Path) -> None:
    for number, title in [(1, "Corner shops"), (2, "Corner stores")]:
        change(folder / SHOP, "title: Corner shops", f"title: {title}")
        assert at_once(lambda: publish(database, folder), 4) == []
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Edition)) == number
            assert session.scalar(select(func.count()).select_from(EditionEvent)) == number


def test_who_is_never_first_gives_up(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "MOST_TRIES", 0)
    with pytest.raises(PublishingError, match="shop"):
        publish(database, folder)


def test_an_edition_is_found_by_its_id_whatever_its_stage(database: Database, folder: Path) -> None:
    publish(database, folder)
    with database.writing() as session:
        newest = latest(session, "shop")
        withdraw(session, "shop", 1, NOW)
    assert newest.id is not None
    with database.reading() as session:
        found = edition_of(session, newest.id)
        assert found == newest
        assert (found.ref.bank, found.ref.number, found.edition.title) == ("shop", 1, "Corner shops")
        with pytest.raises(EditionUnknownError):
            edition_of(session, 4711)


def test_an_edition_that_was_put_back_is_begun_with_again_and_each_step_says_why(
    database: Database, folder: Path
) -> None:
    publish(database, folder)
    with database.writing() as session:
        who = a_person(session, "ann@desk.example", desk="coordinator").id
        put_back(session, "shop", 1, NOW, Byline(who, "It is in use already."))  # changes nothing
        withdraw(session, "shop", 1, NOW, Byline(who, "A wrong number."))
        put_back(session, "shop", 1, NOW, Byline(who, "It was right."))
        with pytest.raises(EditionUnknownError):
            put_back(session, "shop", 2, NOW)
    with database.reading() as session:
        assert latest(session, "shop").ref.number == 1
        lines = select(EditionByline.person_id, EditionByline.why).order_by(EditionByline.event_id)
        assert [tuple(row) for row in session.execute(lines)] == [(who, "A wrong number."), (who, "It was right.")]


def test_editions_are_kept_ready_by_their_digest(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "_ready", {})
    monkeypatch.setattr(editions, "MOST_KEPT", 1)
    publish(database, folder)
    change(folder / SHOP, "Corner shops", "Corner stores")
    publish(database, folder)
    with database.reading() as session:
        first = edition_of(session, 1)
        assert edition_of(session, 1).edition is first.edition
        edition_of(session, 2)
        assert len(editions._ready) == 1


def test_a_withdrawn_edition_starts_nothing_and_stays_withdrawn(database: Database, folder: Path) -> None:
    publish(database, folder)
    change(folder / SHOP, "Corner shops", "Corner stores")
    publish(database, folder)
    with database.writing() as session:
        withdraw(session, "shop", 2, NOW)
        withdraw(session, "shop", 2, NOW)
    assert publish(database, folder).published == ()
    with database.writing() as session:
        assert latest(session, "shop").ref.number == 1
        assert session.scalar(select(func.count()).select_from(EditionEvent)) == 3
        withdraw(session, "shop", 1, NOW)
        with pytest.raises(EditionUnknownError):
            latest(session, "shop")
        with pytest.raises(EditionUnknownError):
            withdraw(session, "shop", 3, NOW)
        assert published(session) == {}


def test_the_newest_edition_of_each_bank_is_offered_in_the_order_of_titles(database: Database, folder: Path) -> None:
    text = (folder / SHOP).read_text(encoding="utf-8")
    (folder / "stall.yaml").write_text(
        text.replace("bank: shop", "bank: stall").replace("Corner shops", "Barrows"), "utf-8"
    )
    change(folder / SCORING, "value: {shop: 10}", "value: {shop: 10, stall: 10}")
    publish(database, folder)
    change(folder / SHOP, "Corner shops", "Corner stores")
    publish(database, folder)
    with database.reading() as session:
        offered = published(session)
    assert [(bank, one.ref.number, one.edition.title) for bank, one in offered.items()] == [
        ("stall", 1, "Barrows"),
        ("shop", 2, "Corner stores"),
    ]
