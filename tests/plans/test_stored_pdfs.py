from __future__ import annotations

import fcntl
import hashlib
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import delete, func, make_url, select, update
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.personal_data.services import redact_text
from assess.assessments.retention import delete_assessment
from assess.core import child_process
from assess.core.db import Database
from assess.core.documents import printing
from assess.core.documents.printing import (
    PdfRendererBusyError,
    PdfRenderError,
    PdfRendererUnavailableError,
    RenderTimeouts,
    build_fonts_in_background,
    render_pdf,
)
from assess.core.documents.services import LATE_AFTER, Drawing, PdfStatus, load_document
from assess.core.encryption import use_keys
from assess.core.fonts import FONT_WEIGHTS, cache_folder, fontconfig_file, fonts_are_built
from assess.core.models import Job, JobState, StoredPdf
from assess.core.pdf import html_to_pdf
from assess.plans.action_tracker.services import ItemContent, change_item, get_item_state, get_tracker_state
from assess.plans.action_tracker.state import EMPTY_STATE, ItemState, TrackerState, state_digest
from assess.plans.actions import action_list_of
from assess.plans.check_codes import check_code_of
from assess.plans.copies import COPIES, Copy, Record, business_record, mark_exportable_and_held
from assess.plans.models import CheckCode
from assess.plans.plan_documents import PDF_FILE_NAMES, PDF_TITLES, state_for_copy
from assess.plans.print_html import attached_files, copy_html
from tests.conftest import TODAY
from tests.decrypted_rows import NoKeys
from tests.plans.action_tracker.conftest import StoredSubmission, keep_record, submit_another
from tests.plans.printed_pdfs import printed, render_copy
from tests.plans.records import scenario
from tests.stored_files import document_of, keep_file, keep_pdf, stored_pdf

ACTION = "core_time_records"
CANARY = b"the cousin of the foreman collects the wages"


@pytest.fixture
def plan(database: Database, now: datetime) -> StoredSubmission:
    """A medium farm, submitted."""
    return keep_record(database, scenario(), now)


def touch(database: Database, plan: StoredSubmission, owner: str, now: datetime) -> dict[str, ItemState]:
    """Give an action an owner; returns the register as it is then."""
    with database.writing() as session:
        seen = get_tracker_state(session, plan.id).get(ACTION, ItemState()).revision
        change_item(session, plan.id, ACTION, ItemContent(response="accepted", owner=owner), seen, now)
        return get_tracker_state(session, plan.id)


def store(database: Database, plan: StoredSubmission, copy: Copy, content: bytes, now: datetime) -> bool:
    """Store a file of the register as it is now."""
    with database.writing() as session:
        return keep_pdf(session, copy, plan.id, content, now)


def file_of(database: Database, plan: StoredSubmission, copy: Copy = "business") -> bytes | None:
    with database.reading() as session:
        return stored_pdf(session, copy, plan.id, TODAY)


def states(session: Session, copy: Copy = "business") -> set[str]:
    return set(session.scalars(select(StoredPdf.key).where(StoredPdf.kind == copy)))


@pytest.mark.both_databases
def test_a_file_is_stored_once_and_then_the_same(database: Database, plan: StoredSubmission, now: datetime) -> None:
    assert file_of(database, plan) is None
    assert store(database, plan, "business", b"first", now)
    assert store(database, plan, "business", b"second", now)
    assert file_of(database, plan) == b"first"
    assert file_of(database, plan, "buyer") is None
    with database.reading() as session:
        assert document_of(session, "business", plan.id, now).spec.key == ""


@pytest.mark.both_databases
def test_an_earlier_state_is_never_given_for_the_present_one(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    for copy in COPIES:
        store(database, plan, copy, b"first", now)
    touch(database, plan, "Maria", now)
    for copy in ("business", "large", "annex", "coordinator"):
        assert file_of(database, plan, copy) is None, copy
    assert file_of(database, plan, "wall") == b"first", "nobody's name hangs on a wall"
    with database.writing() as session:
        change_item(session, plan.id, ACTION, ItemContent(response="accepted", due="2026-12-01"), 1, now)
    assert file_of(database, plan, "wall") is None
    assert file_of(database, plan, "buyer") == b"first", "a buyer sees nothing of the register"


@pytest.mark.both_databases
def test_a_wall_is_kept_whatever_becomes_of_what_does_not_hang_there(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    hidden = next(item for item in action_list_of(business_record(scenario())).items if not item.ordinary)
    store(database, plan, "wall", b"first", now)
    with database.writing() as session:
        change_item(session, plan.id, hidden.key, ItemContent(response="accepted", status="done"), 0, now)
        assert state_for_copy(session, plan.id, "business")
        assert state_for_copy(session, plan.id, "wall") == EMPTY_STATE
    assert file_of(database, plan, "wall") == b"first"


@pytest.mark.both_databases
def test_of_each_copy_the_first_and_the_newest_are_kept(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    store(database, plan, "business", b"first", now)
    store(database, plan, "large", b"large", now)
    for owner in ("Maria", "Piotr", "Maria again"):
        newest = state_digest(touch(database, plan, owner, now))
        store(database, plan, "business", owner.encode(), now)
        assert file_of(database, plan) == owner.encode()
        with database.reading() as session:
            assert states(session) == {"", newest}
            assert states(session, "large") == {""}


@pytest.mark.both_databases
def test_what_was_printed_of_a_register_that_has_moved_on_is_not_stored(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    touch(database, plan, "Maria", now)
    with database.reading() as session:
        before = document_of(session, "business", plan.id, now)
    touch(database, plan, "Piotr", now)
    with database.writing() as session:
        assert not keep_file(session, before, b"late", now)
        assert states(session) == set()


@pytest.mark.both_databases
@pytest.mark.parametrize("first", ["the file", "the words"])
def test_no_file_keeps_words_that_are_taken_out_while_it_is_stored(
    database: Database, plan: StoredSubmission, now: datetime, first: str
) -> None:
    touch(database, plan, "Maria", now)
    with database.reading() as session:
        printed_before = document_of(session, "business", plan.id, now)

    def keep(session: Session) -> None:
        keep_file(session, printed_before, b"Maria", now)

    def take_out(session: Session) -> None:
        redact_text(session, plan.assessment_id, "Maria", now)

    def do(work: Callable[[Session], None]) -> None:
        with database.writing() as session:
            work(session)

    mine, others = (keep, take_out) if first == "the file" else (take_out, keep)
    other = threading.Thread(target=do, args=(others,))
    with database.writing() as session:
        mine(session)
        other.start()
        other.join(1)  # the other has to wait for this transaction
    other.join()
    with database.reading() as session:
        assert not states(session)


@pytest.mark.both_databases
def test_what_was_deleted_while_it_was_printed_is_not_stored(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    with database.writing() as session:
        before = document_of(session, "business", plan.id, now)
        session.execute(delete(Assessment))
    with database.writing() as session:
        assert not before.save(session, Drawing("", source=plan.digest), b"late", now)
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 0
        assert session.scalar(select(func.count()).select_from(CheckCode)) == 0


@pytest.mark.both_databases
def test_what_was_printed_of_another_record_is_not_stored(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    with database.writing() as session:
        document = document_of(session, "business", plan.id, now)
        assert not document.save(session, Drawing("", source="ab" * 32), b"of another", now)
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 0
        assert session.scalar(select(func.count()).select_from(CheckCode)) == 0


@pytest.mark.both_databases
def test_the_code_of_a_copy_is_known_once_it_is_stored(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    store(database, plan, "business", b"file", now)
    with database.reading() as session:
        (row,) = session.scalars(select(CheckCode))
        submission = session.get_one(Submission, plan.id)
        assert (row.code, row.copy) == (check_code_of(session, submission, "business"), "business")


def remove(database: Database, assessment_id: uuid.UUID) -> None:
    with database.writing() as session:
        delete_assessment(session, assessment_id)


@pytest.mark.both_databases
def test_files_and_codes_go_with_their_assessment(database: Database, plan: StoredSubmission, now: datetime) -> None:
    store(database, plan, "business", b"file", now)
    touch(database, plan, "Maria", now)
    store(database, plan, "business", b"newer", now)
    remove(database, plan.assessment_id)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 0
        assert session.scalar(select(func.count()).select_from(CheckCode)) == 0


@pytest.mark.both_databases
@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_byte_of_a_file_is_left_after_deletion(
    database: Database, database_url: str, plan: StoredSubmission, now: datetime
) -> None:
    use_keys(database.engine, NoKeys())  # the files are searched for words
    path = Path(str(make_url(database_url).database))

    def found() -> list[str]:
        return [one.name for one in path.parent.glob(f"{path.name}*") if CANARY in one.read_bytes()]

    store(database, plan, "business", b"first", now)
    touch(database, plan, "Maria", now)
    store(database, plan, "business", CANARY * 3000, now)
    assert found(), "it never was there: this would prove nothing"
    touch(database, plan, "Piotr", now)
    store(database, plan, "business", b"newest", now)
    remove(database, plan.assessment_id)
    assert found() == []


def press(record: Record, copy: Copy, state: TrackerState = EMPTY_STATE, **more: RenderTimeouts) -> bytes:
    """The copy, printed in the child process."""
    return render_pdf(copy_html(record, copy, state), attached_files(record, copy, state), **more)


def test_another_process_prints_the_same_bytes_as_this_one() -> None:
    record = scenario("farming", "farming low")
    assert press(record, "business") == printed("farming low")


def test_a_finished_page_is_printed_by_the_renderer_too() -> None:
    html = '<html lang="en-GB"><head><title>Paper</title></head><body><h1>Paper</h1></body></html>'
    assert render_pdf(html) == html_to_pdf(html)


def test_what_is_no_job_fails_and_leaves_nothing() -> None:
    with pytest.raises(PdfRenderError, match="ended with 1"):
        printing._run_renderer(b"{}", RenderTimeouts(5, 20))


def test_what_the_machine_lacks_is_told_in_the_words_of_the_renderer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assess").mkdir()
    (tmp_path / "assess" / "pdf-slot-0.lock").touch()
    (tmp_path / "assess" / "pdf-slot-1.lock").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    blocked = tmp_path / "assess" / f"fonts-{fonts_version()}"
    blocked.write_text("not a folder")
    with pytest.raises(PdfRendererUnavailableError, match="The fonts of the PDF could not be made"):
        press(scenario("farming", "farming low"), "buyer")


def fonts_version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  # only here

    from assess.core.fonts import FONT_RECIPE_VERSION  # noqa: PLC0415  # only here

    return f"{version('fontpkg-noto-sans')}-{version('fonttools')}-{FONT_RECIPE_VERSION}"


def test_a_third_has_to_wait_and_is_told_so() -> None:
    folder = cache_folder()
    with (folder / "pdf-slot-0.lock").open("ab") as first, (folder / "pdf-slot-1.lock").open("ab") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        fcntl.flock(second, fcntl.LOCK_EX)
        with pytest.raises(PdfRendererBusyError):
            press(scenario(), "buyer", timeouts=RenderTimeouts(0.3, 20))


def test_a_renderer_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "GRACE_SECONDS", -19.99)
    with pytest.raises(PdfRenderError, match="did not end in time"):
        press(scenario(), "wall", timeouts=RenderTimeouts(5, 20))


def test_a_renderer_that_is_ended_by_its_own_alarm_has_failed() -> None:
    endless = scenario()
    endless["sections"] *= 100
    with pytest.raises(PdfRenderError, match="ended with -14"):
        press(endless, "business", timeouts=RenderTimeouts(5, 1))


def test_the_state_of_the_register_is_printed() -> None:
    """On a wall, which is printed fastest; the other copies have it from the same child."""
    record = scenario("farming", "farming medium")
    action = next(item for item in action_list_of(mark_exportable_and_held(record)).ordinary if item.what == "action")
    state = {action.key: ItemState(response="accepted", status="done", revision=1)}
    made = press(record, "wall", state)
    assert made == render_copy(record, "wall", state) != printed("farming medium", "wall")


@pytest.mark.parametrize("made", [b"", b"%PDF-1.7 and then nothing", b"%PDF-1.7" + b"x" * 21 * 1024 * 1024 + b"%%EOF"])
def test_half_a_file_or_a_flood_is_no_file(made: bytes) -> None:
    assert not printing._is_complete_pdf(made)


def test_the_child_is_told_nothing_that_guards_or_opens_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {
        "PATH": "/bin",
        "ASSESS_SECRET_KEY": "s3cret",
        "ASSESS_DATABASE_URL": "postgresql://u:p@h/d",
        "PGPASSWORD": "x",
    }
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    theirs = child_process.child_environment()
    assert theirs["PATH"] == "/bin"
    assert not [name for name in theirs if name.startswith(("ASSESS", "PG"))]
    assert "s3cret" not in str(theirs)


def test_a_child_that_writes_no_whole_file_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_is_complete_pdf", lambda _made: False)
    with pytest.raises(PdfRenderError, match="no whole file"):
        press(scenario("farming", "farming low"), "wall")


def test_a_worker_that_starts_has_the_faces_made_and_does_not_wait_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are to the byte those that this machine has already: faces made twice are the same."""
    ours = fontconfig_file().parent
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert not fonts_are_built()
    begun = build_fonts_in_background()
    assert begun.is_alive()
    assert begun.daemon
    begun.join(300)
    assert fonts_are_built()
    assert fontconfig_file().parent != ours
    for face in FONT_WEIGHTS:
        name = f"noto-sans-{face}.ttf"
        assert (fontconfig_file().parent / name).read_bytes() == (ours / name).read_bytes()
    monkeypatch.setattr(child_process.subprocess, "run", None)  # whoever made them again would stumble
    build_fonts_in_background().join(5)


def test_faces_that_cannot_be_made_are_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "assess").mkdir()
    (tmp_path / "assess" / f"fonts-{fonts_version()}").write_text("not a folder")
    build_fonts_in_background().join(60)
    assert "The fonts of the PDF could not be made" in capsys.readouterr().out


ACTION_STANDING = "core_longest_week"
LATER = LATE_AFTER + timedelta(seconds=1)


def standing(database: Database, plan: StoredSubmission, now: datetime) -> PdfStatus:
    with database.reading() as session:
        return document_of(session, "business", plan.id, now).status(session, now)


def ordered(database: Database, plan: StoredSubmission, now: datetime, **values: object) -> None:
    """Order the file, and have its job be as told."""
    with database.writing() as session:
        document_of(session, "business", plan.id, now).enqueue(session, now)
        if values:
            session.execute(update(Job).values(**values))


def test_nothing_is_on_its_way_before_anybody_ordered(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    assert standing(database, plan, now) is PdfStatus.NOT_ORDERED


@pytest.mark.parametrize(
    ("values", "moment", "told"),
    [
        ({}, timedelta(), PdfStatus.WAITING),
        ({}, LATER, PdfStatus.LATE),
        ({}, -LATER, PdfStatus.LATE),
        ({"state": JobState.RUNNING, "attempts": 1}, LATER, PdfStatus.RUNNING),
        ({"attempts": 1}, LATER, PdfStatus.RETRYING),
        ({"state": JobState.FAILED, "attempts": 3}, LATER, PdfStatus.GIVEN_UP),
        ({"state": JobState.DONE, "attempts": 1}, LATER, PdfStatus.NOT_ORDERED),
    ],
)
def test_each_state_of_the_job_is_told(
    database: Database,
    plan: StoredSubmission,
    now: datetime,
    values: dict[str, object],
    moment: timedelta,
    told: PdfStatus,
) -> None:
    ordered(database, plan, now, **values)
    assert standing(database, plan, now + moment) is told


def test_a_file_that_was_given_up_can_be_ordered_again(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    ordered(database, plan, now, state=JobState.FAILED)
    ordered(database, plan, now + LATER)
    assert standing(database, plan, now + LATER) is PdfStatus.WAITING


def test_what_a_business_that_is_gone_waited_for_is_nothing_to_the_next(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    ordered(database, plan, now, state=JobState.FAILED)
    with database.writing() as session:
        before = document_of(session, "business", plan.id, now)
        delete_assessment(session, plan.assessment_id)
        assert session.scalar(select(func.count()).select_from(Job)) == 0
        assert load_document(session, "business", plan.id, now) is None
        before.enqueue(session, now)
        assert session.scalar(select(func.count()).select_from(Job)) == 0, "nobody is there to want it"
    another = submit_another(database, now)
    assert another.id != plan.id
    assert standing(database, another, now) is PdfStatus.NOT_ORDERED


def test_no_job_tells_what_the_register_says(database: Database, plan: StoredSubmission, now: datetime) -> None:
    """Not even as a hash: few things can be said, so all could be tried."""
    found = []
    for owner in ("Maria", "Piotr"):
        with database.writing() as session:
            seen = get_item_state(session, plan.id, ACTION_STANDING)
            change_item(
                session, plan.id, ACTION_STANDING, ItemContent(response="accepted", owner=owner), seen.revision, now
            )
            document_of(session, "business", plan.id, now).enqueue(session, now)
            found.append(session.scalars(select(Job.key).order_by(Job.id.desc())).first())
    words = f"print_document business {plan.id}"
    assert found == [f"{words} 1", f"{words} 2"]


def test_it_is_ready_until_the_register_moves_on(database: Database, plan: StoredSubmission, now: datetime) -> None:
    ordered(database, plan, now)
    with database.writing() as session:
        keep_pdf(session, "business", plan.id, b"file", now)
    assert standing(database, plan, now) is PdfStatus.READY
    with database.writing() as session:
        change_item(session, plan.id, ACTION_STANDING, ItemContent(response="accepted"), 0, now)
    assert standing(database, plan, now) is PdfStatus.NOT_ORDERED


def test_a_copy_is_ordered_once_and_then_there(database: Database, plan: StoredSubmission, now: datetime) -> None:
    with database.writing() as session:
        wanted = document_of(session, "wall", plan.id, now)
        wanted.enqueue(session, now)
        wanted.enqueue(session, now)
        assert session.scalar(select(func.count()).select_from(Job)) == 1, "whoever asks for what is under way joins it"
        document_of(session, "business", plan.id, now).enqueue(session, now)
        assert session.scalar(select(func.count()).select_from(Job)) == 2
        assert wanted.status(session, now) is PdfStatus.WAITING
        assert wanted.file(session) is None
        assert keep_file(session, wanted, b"file", now)
        found = wanted.file(session)
        assert found is not None
        assert (found.content, found.made_at) == (b"file", now)
        assert found.digest == hashlib.sha256(b"file").hexdigest()
        assert wanted.status(session, now) is PdfStatus.READY


@pytest.mark.parametrize("copy", COPIES)
def test_every_copy_has_a_title_and_a_neutral_dated_name(
    database: Database, plan: StoredSubmission, copy: Copy, now: datetime
) -> None:
    with database.reading() as session:
        wanted = document_of(session, copy, plan.id, now)
    assert wanted.spec.title == PDF_TITLES[copy]
    assert wanted.spec.title.endswith("PDF)")
    assert wanted.name(now) == f"{PDF_FILE_NAMES[copy]}-2026-11-24.pdf"
    assert not {"urgent", "sign", "critical", "slavery", "risk"} & set(PDF_FILE_NAMES[copy].split("-"))
    assert wanted.spec.meanwhile.endswith(".")
    assert set(get_args(Copy)) == set(PDF_FILE_NAMES) == set(PDF_TITLES)
