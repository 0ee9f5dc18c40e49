from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition
from assess.question_banks import editions as question_banks_editions
from assess.question_banks.content_versions import add_content_version, content_version_in_force, version_contents
from assess.question_banks.editions import (
    Attribution,
    EditionNotFoundError,
    PublishingError,
    add_changed_editions,
    current_edition,
    current_editions,
    load_edition,
    put_back_withdrawn,
    seed_and_publish,
    withdraw_published,
)
from assess.question_banks.files import BankFilesRefusedError, BoundedCache, ContentFiles, content_files, read_folder
from assess.question_banks.models import (
    ContentVersionReason,
    EditionAttribution,
    EditionEvent,
    EditionRow,
    EditionStage,
)
from assess.question_banks.reader import compile_bank
from assess.question_banks.validation import CheckedBank, check_banks, check_files_cached
from tests.conftest import TODAY
from tests.content_files import SCORING, SHOP, UK, change, sound_but
from tests.identity.accounts_factory import a_person

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def publish(database: Database, folder: Path) -> question_banks_editions.PublishResult:
    with database.writing() as session:
        return seed_and_publish(session, NOW, folder).banks


@pytest.mark.both_databases
def test_a_bank_is_published_once_and_again_when_it_changed(database: Database, folder: Path) -> None:
    first = publish(database, folder).published
    assert [(ref.bank, ref.number) for ref in first] == [("shop", 1)]
    assert publish(database, folder) == question_banks_editions.PublishResult()
    change(folder / SHOP, "Corner shops", "Corner stores")
    second = publish(database, folder).published
    assert [(ref.bank, ref.number) for ref in second] == [("shop", 2)]
    change(folder / SHOP, "Corner stores", "Corner shops")
    third = publish(database, folder).published
    assert third == (EditionRef("shop", 3, first[0].digest),), "an old text may come back, with a new number"


@pytest.mark.both_databases
def test_a_change_of_a_file_the_bank_rests_on_is_a_change_of_the_bank(database: Database, folder: Path) -> None:
    publish(database, folder)
    change(folder / UK, "Give everybody a payslip.", "Give everybody a payslip in time.")
    assert [ref.number for ref in publish(database, folder).published] == [2]
    change(folder / SCORING, "12.34", "12.35")
    assert publish(database, folder).published == (), "settings have days of their own"


@pytest.mark.both_databases
def test_an_edition_keeps_its_sources_its_document_and_its_event(database: Database, folder: Path) -> None:
    publish(database, folder)
    compiled = compile_bank(read_folder(folder), "shop")
    with database.reading() as session:
        row = session.scalars(select(EditionRow)).one()
        event = session.scalars(select(EditionEvent)).one()
    assert (row.compiled, row.digest, row.source) == (compiled.document, compiled.digest, compiled.texts)
    assert (row.published_at, row.stage) == (NOW, EditionStage.PUBLISHED)
    assert (event.edition_id, event.stage, event.at) == (row.id, EditionStage.PUBLISHED, NOW)


@pytest.mark.both_databases
def test_a_bank_with_problems_is_refused_and_its_old_edition_stays(database: Database, folder: Path) -> None:
    publish(database, folder)
    change(folder / SHOP, "dimension: freedom", "dimension: fredom")
    done = publish(database, folder)
    assert done.published == ()
    assert [(one.file, one.number) for one in done.refused["shop"]] == [("shop.yaml", "BANK036")]
    change(folder / SHOP, "dimension: fredom", "dimension: : freedom")
    assert [one.number for one in publish(database, folder).refused["shop"]] == ["BANK004"]
    with database.reading() as session:
        assert current_edition(session, "shop").ref.number == 1


@pytest.mark.both_databases
def test_a_bank_whose_examples_no_longer_hold_is_refused(database: Database, folder: Path) -> None:
    change(folder / SHOP, "expect: {band: critical", "expect: {band: high")
    assert [one.number for one in publish(database, folder).refused["shop"]] == ["BANK090"]


@pytest.mark.both_databases
def test_a_warning_refuses_nothing(database: Database, folder: Path) -> None:
    change(folder / SHOP, "Who keeps the", "Who 'keeps' the")
    assert [ref.number for ref in publish(database, folder).published] == [1]


@pytest.mark.both_databases
def test_one_broken_bank_does_not_hold_up_another(database: Database, folder: Path) -> None:
    (folder / "stall.yaml").write_text("format: 1\nbank: stall\n", encoding="utf-8")
    change(folder / SCORING, "value: {shop: 10}", "value: {shop: 10, stall: 10}")
    done = publish(database, folder)
    assert [ref.bank for ref in done.published] == ["shop"]
    assert list(done.refused) == ["stall"]


@pytest.mark.both_databases
def test_without_settings_nothing_is_published(database: Database, folder: Path) -> None:
    change(folder / SCORING, "value: 0.8", "value: 8")
    with pytest.raises(BankFilesRefusedError, match="BANK074"):
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


@pytest.mark.both_databases
def test_several_servers_that_start_at_once_publish_one_edition(database: Database, folder: Path) -> None:
    for number, title in [(1, "Corner shops"), (2, "Corner stores")]:
        change(folder / SHOP, "title: Corner shops", f"title: {title}")
        assert at_once(lambda: publish(database, folder), 4) == []
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(EditionRow)) == number
            assert session.scalar(select(func.count()).select_from(EditionEvent)) == number


@pytest.mark.both_databases
def test_who_is_never_first_gives_up(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_banks_editions, "MAX_TRIES", 0)
    with database.writing() as session, pytest.raises(PublishingError, match="shop"):
        add_changed_editions(session, check_banks(read_folder(folder), NOW), NOW)


@pytest.mark.both_databases
def test_an_edition_is_found_by_its_id_whatever_its_stage(database: Database, folder: Path) -> None:
    publish(database, folder)
    with database.writing() as session:
        newest = current_edition(session, "shop")
        withdraw_published(session, "shop", 1, NOW)
    assert newest.id is not None
    with database.reading() as session:
        found = load_edition(session, newest.id)
        assert found == newest
        assert (found.ref.bank, found.ref.number, found.edition.title) == ("shop", 1, "Corner shops")
        with pytest.raises(EditionNotFoundError):
            load_edition(session, 4711)


@pytest.mark.both_databases
def test_an_edition_that_was_put_back_is_begun_with_again_and_each_step_says_why(
    database: Database, folder: Path
) -> None:
    publish(database, folder)
    with database.writing() as session:
        who = a_person(session, "ann@desk.example", desk="coordinator").id
        put_back_withdrawn(session, "shop", 1, NOW, Attribution(who, "It is in use already."))  # changes nothing
        withdraw_published(session, "shop", 1, NOW, Attribution(who, "A wrong number."))
        put_back_withdrawn(session, "shop", 1, NOW, Attribution(who, "It was right."))
        with pytest.raises(EditionNotFoundError):
            put_back_withdrawn(session, "shop", 2, NOW)
    with database.reading() as session:
        assert current_edition(session, "shop").ref.number == 1
        lines = select(EditionAttribution.person_id, EditionAttribution.why).order_by(EditionAttribution.event_id)
        assert [tuple(row) for row in session.execute(lines)] == [(who, "A wrong number."), (who, "It was right.")]


@pytest.mark.both_databases
def test_editions_are_kept_ready_by_their_digest(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_banks_editions, "_edition_cache", BoundedCache[Edition](1))
    publish(database, folder)
    change(folder / SHOP, "Corner shops", "Corner stores")
    publish(database, folder)
    with database.reading() as session:
        first = load_edition(session, 1)
        assert load_edition(session, 1).edition is first.edition
        load_edition(session, 2)
        assert len(question_banks_editions._edition_cache.kept) == 1


@pytest.mark.both_databases
def test_a_withdrawn_edition_starts_nothing_and_stays_withdrawn(database: Database, folder: Path) -> None:
    publish(database, folder)
    change(folder / SHOP, "Corner shops", "Corner stores")
    publish(database, folder)
    with database.writing() as session:
        withdraw_published(session, "shop", 2, NOW)
        withdraw_published(session, "shop", 2, NOW)
    assert publish(database, folder).published == ()
    with database.writing() as session:
        assert current_edition(session, "shop").ref.number == 1
        assert session.scalar(select(func.count()).select_from(EditionEvent)) == 3
        withdraw_published(session, "shop", 1, NOW)
        with pytest.raises(EditionNotFoundError):
            current_edition(session, "shop")
        with pytest.raises(EditionNotFoundError):
            withdraw_published(session, "shop", 3, NOW)
        assert current_editions(session) == {}


@pytest.mark.both_databases
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
        offered = current_editions(session)
    assert [(bank, one.ref.number, one.edition.title) for bank, one in offered.items()] == [
        ("stall", 1, "Barrows"),
        ("shop", 2, "Corner stores"),
    ]


def test_all_files_are_compiled_and_checked() -> None:
    sound = check_files_cached(sound_but(), TODAY)
    assert (sound.errors, list(sound.banks)) == ((), ["shop"])
    assert sound.banks["shop"].edition
    wrong = check_files_cached(
        sound_but((SHOP, "- {id: they, label: They do, points: 0}", "- {id: they, points: 0}")), TODAY
    )
    assert [one.file for one in wrong.errors] == [SHOP]
    assert wrong.banks["shop"].edition is None


def test_what_is_late_on_another_day_is_a_warning_of_that_day() -> None:
    bank_files = sound_but()
    assert check_files_cached(bank_files, TODAY) is check_files_cached(sound_but(), TODAY), (
        "the same files on the same day are looked at once"
    )
    later = check_files_cached(bank_files, TODAY + timedelta(days=400))
    assert SCORING in {one.file for one in later.warnings}
    assert check_files_cached(bank_files, TODAY).warnings == ()


def retitled(folder: Path, title: str) -> bytes:
    return (folder / SHOP).read_bytes().replace(b"title: Corner shops", f"title: {title}".encode())


@pytest.mark.both_databases
def test_a_bank_that_was_changed_here_keeps_its_edition_whatever_the_release_brings(
    session: Session, folder: Path
) -> None:
    seed_and_publish(session, NOW, folder)
    add_content_version(session, {SHOP: retitled(folder, "Our shops")}, NOW, reason=ContentVersionReason.PUBLISHED)
    (folder / SHOP).write_bytes(retitled(folder, "Their shops"))
    done = seed_and_publish(session, NOW, folder)
    assert done.files.kept == (SHOP,)
    assert current_edition(session, "shop").edition.title == "Our shops"


@pytest.mark.both_databases
def test_what_nobody_changed_here_follows_the_release(session: Session, folder: Path) -> None:
    seed_and_publish(session, NOW, folder)
    (folder / SHOP).write_bytes(retitled(folder, "Their shops"))
    done = seed_and_publish(session, NOW, folder)
    assert [(ref.bank, ref.number) for ref in done.banks.published] == [("shop", 2)]
    assert current_edition(session, "shop").edition.title == "Their shops"


@pytest.mark.both_databases
def test_a_release_that_cannot_be_read_changes_nothing(session: Session, folder: Path) -> None:
    seed_and_publish(session, NOW, folder)
    before = content_version_in_force(session)
    (folder / "settings" / "scoring.yaml").write_bytes(b"format: 1\nsettings: [\n")
    with pytest.raises(BankFilesRefusedError):
        seed_and_publish(session, NOW, folder)
    assert content_version_in_force(session) == before


@pytest.mark.both_databases
def test_who_publishes_while_a_start_is_checking_is_not_followed_by_the_older_text(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed_and_publish(session, NOW, folder)
    add_content_version(session, {SHOP: retitled(folder, "Our shops")}, NOW, reason=ContentVersionReason.PUBLISHED)
    check = question_banks_editions.check_banks

    def slow(bank_files: ContentFiles, now: datetime) -> dict[str, CheckedBank]:
        found = check(bank_files, now)
        if bank_files.files[SHOP].content == retitled(folder, "Our shops"):
            theirs = {SHOP: retitled(folder, "Newer shops")}
            state = add_content_version(session, theirs, now, reason=ContentVersionReason.PUBLISHED)
            add_changed_editions(session, check(content_files(version_contents(session, state)), now), now)
        return found

    monkeypatch.setattr(question_banks_editions, "check_banks", slow)
    seed_and_publish(session, NOW, folder)
    assert current_edition(session, "shop").edition.title == "Newer shops"
