from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError
from assess.identity.models import Person, StaffRole
from assess.question_banks import drafts
from assess.question_banks.content_versions import (
    add_content_version,
    content_version_in_force,
    files_in_force,
    folder_contents,
    seed_from_release,
    version_contents,
)
from assess.question_banks.drafts import (
    DraftBehindError,
    DraftError,
    DraftUnsoundError,
    FileTakenError,
    ask_for_review,
    changed_draft_files,
    publish_draft,
    undo_draft_edit,
    undoable_edits,
)
from assess.question_banks.editions import add_changed_editions, current_edition
from assess.question_banks.files import QUESTIONNAIRES, ContentFiles, is_table, read_folder
from assess.question_banks.folder_sync import MARKER_FILE, NO_CONTENT_YET, PullResult, pull, push
from assess.question_banks.models import ContentVersionReason, Draft, DraftEventKind, DraftFile, DraftStage, EditionRow
from assess.question_banks.validation import CheckedFiles, check_banks
from assess.question_banks.yaml_patch import patch_yaml
from tests.content_files import SHOP, SOUND

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SHEET = "owners.yaml"
NEW = b"new: text\n"


def somebody(session: Session, name: str) -> uuid.UUID:
    person = Person(email=f"{name}@desk.example", desk=StaffRole.COORDINATOR, made_at=NOW, confirmed_at=NOW)
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
    seed_from_release(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), NOW)
    return drafts.create_draft(session, "Clearer words", ann, NOW)


def held(session: Session) -> dict[str, bytes]:
    state = content_version_in_force(session)
    assert state
    return version_contents(session, state)


def was(session: Session) -> bytes:
    """The file as it is in force."""
    return held(session)[SHEET]


@pytest.mark.both_databases
def test_a_draft_is_edited_asked_about_and_published_by_another(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    drafts._move_to_review(session, draft, ann, "Please look.", NOW)
    state = drafts._add_version_from_draft(session, draft, ben, "Good.", NOW)
    assert held(session)[SHEET] == NEW
    assert (draft.stage, draft.became, state.person_id) == (DraftStage.PUBLISHED, state.number, ben)
    assert [event.deed for event in drafts.draft_history(session, draft)] == [
        DraftEventKind.BEGUN, DraftEventKind.EDITED, DraftEventKind.ASKED, DraftEventKind.PUBLISHED,
    ]  # fmt: skip
    assert session.scalars(select(DraftFile)).all() == []


@pytest.mark.both_databases
def test_nobody_publishes_what_they_began_or_edited(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ben, NOW, seen=was(session))
    drafts._move_to_review(session, draft, ben, "", NOW)
    for editor in (ann, ben):
        with pytest.raises(DraftError, match="did not edit"):
            drafts._add_version_from_draft(session, draft, editor, "", NOW)
    assert drafts.draft_editors(session, draft) == {ann, ben}


@pytest.mark.both_databases
def test_the_database_itself_refuses_a_publisher_who_edited(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ben, NOW, seen=was(session))
    for editor in (ann, ben):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(update(Draft).values(publisher_id=editor))


@pytest.mark.both_databases
def test_of_two_who_edit_one_file_the_second_is_shown_the_first(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    seen = drafts.file_in_draft(session, draft, SHEET)
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=seen)
    with pytest.raises(EditConflictError) as told:
        drafts.save_draft_file(session, draft, SHEET, b"ben: text\n", ben, NOW, seen=seen)
    assert told.value.theirs == NEW
    assert drafts.file_in_draft(session, draft, SHEET) == NEW


@pytest.mark.both_databases
def test_a_file_is_in_one_open_draft_at_most(session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    other = drafts.create_draft(session, "Another", ben, NOW)
    with pytest.raises(FileTakenError) as told:
        drafts.save_draft_file(session, other, SHEET, b"x: y\n", ben, NOW, seen=was(session))
    assert told.value.draft_id == draft.id
    drafts.discard_draft(session, draft, ann, "Not now.", NOW)
    drafts.save_draft_file(session, other, SHEET, b"x: y\n", ben, NOW, seen=was(session))


@pytest.mark.both_databases
def test_an_edit_during_the_review_makes_it_a_draft_again(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    drafts._move_to_review(session, draft, ann, "", NOW)
    drafts.save_draft_file(session, draft, SHEET, b"later: text\n", ann, NOW, seen=NEW)
    with pytest.raises(DraftError, match="Nobody has been asked"):
        drafts._add_version_from_draft(session, draft, ben, "", NOW)


@pytest.mark.both_databases
def test_what_is_sent_back_can_be_edited_and_asked_about_again(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    drafts._move_to_review(session, draft, ann, "", NOW)
    drafts.send_draft_back(session, draft, ben, "Too long.", NOW)
    drafts.save_draft_file(session, draft, SHEET, b"short: x\n", ann, NOW, seen=NEW)
    drafts._move_to_review(session, draft, ann, "", NOW)
    drafts._add_version_from_draft(session, draft, ben, "", NOW)
    assert held(session)[SHEET] == b"short: x\n"
    assert drafts.draft_history(session, draft)[3].words == "Too long."


@pytest.mark.both_databases
def test_nothing_changed_is_nothing_to_ask_about(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    with pytest.raises(DraftError, match="Nothing is changed"):
        drafts._move_to_review(session, draft, ann, "", NOW)
    before = drafts.file_in_draft(session, draft, SHEET)
    drafts.save_draft_file(session, draft, SHEET, before, ann, NOW, seen=was(session))
    with pytest.raises(DraftError, match="Nothing is changed"):
        drafts._move_to_review(session, draft, ann, "", NOW)


@pytest.mark.both_databases
def test_a_file_published_otherwise_meanwhile_is_told(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    drafts._move_to_review(session, draft, ann, "", NOW)
    add_content_version(session, {SHEET: b"mended: now\n"}, NOW, reason=ContentVersionReason.MENDED)
    with pytest.raises(DraftBehindError) as told:
        drafts._add_version_from_draft(session, draft, ben, "", NOW)
    assert told.value.names == (SHEET,)
    assert held(session)[SHEET] == b"mended: now\n"


@pytest.mark.both_databases
def test_other_files_that_were_published_meanwhile_stay(
    session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    add_content_version(session, {"sources.yaml": b"mended: now\n"}, NOW, reason=ContentVersionReason.MENDED)
    drafts._move_to_review(session, draft, ann, "", NOW)
    drafts._add_version_from_draft(session, draft, ben, "", NOW)
    assert (held(session)[SHEET], held(session)["sources.yaml"]) == (NEW, b"mended: now\n")


@pytest.mark.both_databases
def test_a_new_file_and_one_that_is_taken_off(session: Session, draft: Draft, ann: uuid.UUID, ben: uuid.UUID) -> None:
    drafts.save_draft_file(session, draft, "building.yaml", b"bank: building\n", ann, NOW, seen=None)
    drafts.save_draft_file(session, draft, SHEET, None, ann, NOW, seen=was(session))
    bank_files = drafts.files_with_draft(session, draft)
    assert "building.yaml" in bank_files.files
    assert SHEET not in bank_files.files
    drafts._move_to_review(session, draft, ann, "", NOW)
    drafts._add_version_from_draft(session, draft, ben, "", NOW)
    assert "building.yaml" in held(session)
    assert SHEET not in held(session)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "verb", ["save_draft_file", "_move_to_review", "_add_version_from_draft", "send_draft_back", "discard_draft"]
)
def test_what_is_discarded_stays_so(session: Session, draft: Draft, ann: uuid.UUID, verb: str) -> None:
    drafts.discard_draft(session, draft, ann, "", NOW)
    given = (SHEET, NEW, ann, NOW) if verb == "save_draft_file" else (ann, "", NOW)
    more = {"seen": None} if verb == "save_draft_file" else {}
    with pytest.raises(DraftError, match="discarded"):
        getattr(drafts, verb)(session, draft, *given, **more)


@pytest.mark.both_databases
@pytest.mark.parametrize("mine", [True, False])
def test_a_draft_that_is_behind_goes_on_with_the_text_that_was_chosen(
    session: Session, draft: Draft, ann: uuid.UUID, *, mine: bool
) -> None:
    before = was(session)
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=before)
    add_content_version(session, {SHEET: b"mended: text\n"}, NOW, reason=ContentVersionReason.MENDED)
    assert drafts.files_behind(session, draft) == (SHEET,)
    state = content_version_in_force(session)
    assert state
    with pytest.raises(EditConflictError, match=LOOK_AGAIN):
        drafts.rebase_draft_file(session, draft, SHEET, ann, NOW, in_force_seen="another", mine=mine)
    drafts.rebase_draft_file(session, draft, SHEET, ann, NOW, in_force_seen=state.sheets[SHEET], mine=mine)
    assert drafts.files_behind(session, draft) == ()
    assert drafts.file_in_draft(session, draft, SHEET) == (NEW if mine else b"mended: text\n")
    assert drafts.draft_history(session, draft)[-1].deed is DraftEventKind.EDITED
    if not mine:
        undo_draft_edit(session, draft, drafts.draft_history(session, draft)[-1].number, ann, NOW)
        assert drafts.file_in_draft(session, draft, SHEET) == NEW, "nothing is lost"


@pytest.mark.both_databases
def test_the_last_question_is_found_with_its_note(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    assert drafts.last_review_request(session, draft) is None
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=was(session))
    drafts._move_to_review(session, draft, ann, "Please look.", NOW, note="Clearer.")
    asked = drafts.last_review_request(session, draft)
    assert asked
    assert (asked.words, asked.details) == ("Please look.", {"note": "Clearer."})


OWNERS = "owners.yaml"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A checkout with the files that the installation started from."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


@pytest.fixture
def ann_on_disk(session: Session, release: Path) -> uuid.UUID:
    seed_from_release(session, release, NOW)
    add_content_version(
        session, {OWNERS: b"ours: text\n", "sources.yaml": None}, NOW, reason=ContentVersionReason.PUBLISHED
    )
    person = Person(email="ann@desk.example", desk=StaffRole.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return person.id


@pytest.mark.usefixtures("ann_on_disk")
def test_pulling_writes_only_what_differs(session: Session, release: Path) -> None:
    untouched = (release / "shop.yaml").stat().st_mtime_ns
    assert pull(session, release) == PullResult((OWNERS,), ("sources.yaml",))
    assert (release / OWNERS).read_bytes() == b"ours: text\n"
    assert not (release / "sources.yaml").exists()
    assert (release / "shop.yaml").stat().st_mtime_ns == untouched
    assert pull(session, release) == PullResult()


def texts_in(value: object) -> Iterator[str]:
    """Those under a key, which names what it is: of a list of texts, one that changed is another one."""
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if isinstance(one, str) and name not in {"id", "title"})
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(one)


def with_text(value: object, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {name: with_text(one, old, new) for name, one in value.items()}
    if isinstance(value, list):
        return [with_text(one, old, new) for one in value]
    return new if value == old else value


def test_one_word_of_every_file_goes_out_as_one_changed_line_of_each(
    session: Session, ann: uuid.UUID, tmp_path: Path
) -> None:
    """Comments, order, quotes and breaks of all other lines are as they were."""
    folder = Path(shutil.copytree(QUESTIONNAIRES, tmp_path / "questionnaires"))
    seed_from_release(session, folder, NOW)
    draft = drafts.create_draft(session, "One word", ann, NOW)
    before, wanted = folder_contents(folder), {}
    for name, content_file in files_in_force(session).files.items():
        if is_table(name):
            continue
        text = content_file.text
        old = [one for one in texts_in(content_file.raw_data) if len(one) > 20 and text.count(one) == 1][-1]
        new = f"{old} indeed"
        changed = patch_yaml(text, with_text(content_file.raw_data, old, new)).encode()
        drafts.save_draft_file(session, draft, name, changed, ann, NOW, seen=before[name])
        wanted[name] = [(was, was.replace(old, new)) for was in text.splitlines() if old in was]
    add_content_version(session, changed_draft_files(session, draft), NOW, reason=ContentVersionReason.PUBLISHED)
    assert pull(session, folder).written == tuple(sorted(wanted))
    for name, content in folder_contents(folder).items():
        lines = zip(before[name].decode().splitlines(), content.decode().splitlines(), strict=True)
        changed_lines = [(was, now) for was, now in lines if was != now]
        assert [(was, now.replace('"', "")) for was, now in changed_lines] == [
            (was, now.replace('"', "")) for was, now in wanted.get(name, [])
        ]
    assert push(session, folder, "Nothing", ann, NOW) == (None, ())


@pytest.mark.usefixtures("ann_on_disk")
def test_pulling_writes_over_nobodys_changes_unless_told_to(session: Session, release: Path) -> None:
    (release / "shop.yaml").write_bytes(b"mine: text\n")
    with pytest.raises(DraftError, match="neither those this installation started from"):
        pull(session, release)
    assert (release / "shop.yaml").read_bytes() == b"mine: text\n"
    assert pull(session, release, force=True) == PullResult((OWNERS, "shop.yaml"), (), ("sources.yaml",))


@pytest.mark.usefixtures("ann_on_disk")
def test_what_was_pulled_last_may_be_written_over(session: Session, tmp_path: Path) -> None:
    pull(session, tmp_path / "new")
    add_content_version(session, {OWNERS: b"later: text\n"}, NOW, reason=ContentVersionReason.PUBLISHED)
    assert pull(session, tmp_path / "new") == PullResult((OWNERS,))


def test_pushing_begins_a_draft_with_what_differs(session: Session, tmp_path: Path, ann_on_disk: uuid.UUID) -> None:
    folder = tmp_path / "new"
    pull(session, folder)
    assert push(session, folder, "Nothing", ann_on_disk, NOW) == (None, ())
    (folder / OWNERS).write_bytes(b"pushed: text\n")
    (folder / "dimensions.yaml").unlink()
    (folder / "added.yaml").write_bytes(b"new: text\n")
    draft, names = push(session, folder, "From files", ann_on_disk, NOW)
    assert draft is not None
    assert names == ("added.yaml", "dimensions.yaml", OWNERS)
    assert drafts.changed_draft_files(session, draft) == {
        "added.yaml": b"new: text\n",
        "dimensions.yaml": None,
        OWNERS: b"pushed: text\n",
    }
    with pytest.raises(FileTakenError):
        push(session, folder, "Again", ann_on_disk, NOW)


def test_pushing_is_refused_when_the_folder_started_from_another_version(
    session: Session, tmp_path: Path, release: Path, ann_on_disk: uuid.UUID
) -> None:
    with pytest.raises(DraftError, match="cannot be told which state"):
        push(session, release, "No mark", ann_on_disk, NOW)
    pull(session, tmp_path / "new")
    add_content_version(session, {OWNERS: b"later: text\n"}, NOW, reason=ContentVersionReason.PUBLISHED)
    with pytest.raises(DraftError, match="published anew since"):
        push(session, tmp_path / "new", "Late", ann_on_disk, NOW)
    assert len((tmp_path / "new" / MARKER_FILE).read_text(encoding="utf-8").strip()) == 64


def test_before_the_first_start_there_is_nothing(session: Session, tmp_path: Path) -> None:
    with pytest.raises(DraftError, match=NO_CONTENT_YET[:20]):
        pull(session, tmp_path)


@pytest.fixture
def people(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
    return somebody(session, "ann"), somebody(session, "ben")


@pytest.fixture
def draft_publishing(session: Session, people: tuple[uuid.UUID, uuid.UUID], tmp_path: Path) -> Draft:
    folder = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    seed_from_release(session, folder, NOW)
    add_changed_editions(session, check_banks(read_folder(folder), NOW), NOW)
    return drafts.create_draft(session, "Clearer words", people[0], NOW)


def change(session: Session, draft: Draft, person: uuid.UUID, old: str, new: str) -> None:
    seen = drafts.file_in_draft(session, draft, SHOP)
    text = (seen or b"").decode()
    assert old in text
    drafts.save_draft_file(session, draft, SHOP, text.replace(old, new, 1).encode(), person, NOW, seen=seen)


@pytest.mark.both_databases
def test_one_changed_text_becomes_the_next_edition_of_its_bank_alone(
    session: Session, draft_publishing: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    bank = Path(SHOP).stem
    before = current_edition(session, bank)
    others = session.scalar(select(func.count()).select_from(EditionRow).where(EditionRow.bank != bank))
    title = before.edition.title
    change(session, draft_publishing, ann, f"title: {title}", "title: In other words")
    ask_for_review(session, draft_publishing, ann, "", NOW)
    (made,) = publish_draft(session, draft_publishing, ben, "", NOW)
    assert (made.bank, made.number) == (bank, before.ref.number + 1)
    assert current_edition(session, bank).edition.title == "In other words"
    assert session.scalar(select(func.count()).select_from(EditionRow).where(EditionRow.bank != bank)) == others


@pytest.mark.both_databases
def test_the_edition_before_keeps_its_digest(
    session: Session, draft_publishing: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    before = dict(session.execute(select(EditionRow.id, EditionRow.digest)).all())  # type: ignore[arg-type]
    title = current_edition(session, Path(SHOP).stem).edition.title
    change(session, draft_publishing, ann, f"title: {title}", "title: In other words")
    ask_for_review(session, draft_publishing, ann, "", NOW)
    publish_draft(session, draft_publishing, ben, "", NOW)
    after = dict(session.execute(select(EditionRow.id, EditionRow.digest)).all())  # type: ignore[arg-type]
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


@pytest.mark.both_databases
def test_a_fault_refuses_the_question_and_changes_nothing(
    session: Session, draft_publishing: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    change(session, draft_publishing, people[0], "format: 1", "formt: 1")
    with pytest.raises(DraftUnsoundError) as told:
        ask_for_review(session, draft_publishing, people[0], "", NOW)
    assert told.value.problems[0].file == SHOP
    assert draft_publishing.stage is DraftStage.DRAFT


@pytest.mark.both_databases
def test_whoever_edited_it_makes_no_edition(
    session: Session, draft_publishing: Draft, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    count = select(func.count()).select_from(EditionRow)
    before = session.scalar(count)
    title = current_edition(session, Path(SHOP).stem).edition.title
    change(session, draft_publishing, people[0], f"title: {title}", "title: In other words")
    ask_for_review(session, draft_publishing, people[0], "", NOW)
    with pytest.raises(DraftError):
        publish_draft(session, draft_publishing, people[0], "", NOW)
    assert session.scalar(count) == before


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("name", "content", "number"),
    [
        ("reference/goods_risk.csv", b"country,good\nTR,hazelnuts\n", "BANK085"),
        ("papers/rota.yaml", b"format: 1\npaper: rota\ntitle: A rota\n", "BANK021"),
    ],
)
def test_a_draft_holds_tables_and_papers_and_is_refused_for_what_is_wrong_with_them(
    session: Session,
    draft_publishing: Draft,
    people: tuple[uuid.UUID, uuid.UUID],
    name: str,
    content: bytes,
    number: str,
) -> None:
    drafts.save_draft_file(session, draft_publishing, name, content, people[0], NOW, seen=None)
    assert drafts.files_with_draft(session, draft_publishing).files[name].content == content
    with pytest.raises(DraftUnsoundError) as refused:
        ask_for_review(session, draft_publishing, people[0], "", NOW)
    assert number in {one.number for one in refused.value.problems if one.file == name}


@pytest.mark.both_databases
def test_files_that_another_put_in_force_during_the_check_stop_it(
    session: Session, draft_publishing: Draft, people: tuple[uuid.UUID, uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = people
    title = current_edition(session, Path(SHOP).stem).edition.title
    change(session, draft_publishing, ann, f"title: {title}", "title: In other words")
    ask_for_review(session, draft_publishing, ann, "", NOW)
    check = drafts.check_files_cached

    def slow(bank_files: ContentFiles, now: datetime) -> CheckedFiles:
        found = check(bank_files, now)
        add_content_version(
            session, {"sources.yaml": b"format: 1\nsources: {}\n"}, now, reason=ContentVersionReason.PUBLISHED
        )
        return found

    monkeypatch.setattr(drafts, "check_files_cached", slow)
    with pytest.raises(EditConflictError):
        publish_draft(session, draft_publishing, ben, "", NOW)


def test_an_edit_is_undone_and_an_undone_one_can_be_had_back(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    before = drafts.file_in_draft(session, draft, SHEET)
    drafts.save_draft_file(session, draft, SHEET, NEW, ann, NOW, seen=before, what="its words")
    assert undoable_edits(session, draft) == {2}
    undo_draft_edit(session, draft, 2, ann, NOW)
    assert drafts.file_in_draft(session, draft, SHEET) == before
    assert drafts.changed_draft_files(session, draft) == {}
    undo_draft_edit(session, draft, 3, ann, NOW)
    assert drafts.file_in_draft(session, draft, SHEET) == NEW
    assert [event.details.get("what") for event in drafts.draft_history(session, draft)] == [
        None, "its words", "Undone: its words", "Undone: Undone: its words",
    ]  # fmt: skip


def test_what_was_edited_again_since_is_undone_last_first(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    drafts.save_draft_file(
        session,
        draft,
        SHEET,
        NEW,
        ann,
        NOW,
        seen=drafts.file_in_draft(session, draft, SHEET),
    )
    drafts.save_draft_file(session, draft, SHEET, b"later: text\n", ann, NOW, seen=NEW)
    with pytest.raises(EditConflictError, match=drafts.EDITED_AGAIN):
        undo_draft_edit(session, draft, 2, ann, NOW)
    undo_draft_edit(session, draft, 3, ann, NOW)
    assert drafts.file_in_draft(session, draft, SHEET) == NEW
    with pytest.raises(DraftError, match="no edit"):
        undo_draft_edit(session, draft, 1, ann, NOW)


def test_a_new_file_is_undone_by_being_taken_off(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    drafts.save_draft_file(session, draft, "building.yaml", b"bank: building\n", ann, NOW, seen=None)
    undo_draft_edit(session, draft, 2, ann, NOW)
    assert drafts.file_in_draft(session, draft, "building.yaml") is None
