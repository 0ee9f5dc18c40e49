"""Words in every place where they can be written, taken out: nowhere in the database, the files, the log or what was printed."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assess.assessments.forms import PostedSection
from assess.assessments.models import AnswerEvent, Redaction, Submission
from assess.assessments.personal_data.services import hold_back_personal_data, text_digest
from assess.assessments.submissions import get_submission, is_intact, redacted_paths
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import StoredPdf
from assess.engine.bank import Column
from assess.plans.check_codes import check_code_of, find_check_code
from assess.plans.organisation_export import stream_export
from assess.question_banks.question_types import FormAnswer
from assess.sharing.services import share_check_code
from tests.assessments.conftest import id_of
from tests.assessments.personal_data.conftest import DETAIL, TABLE, TEXT
from tests.assessments.personal_data.personal_text import CANARY, fill, grant_in, in_columns, in_files, is_in
from tests.assessments.personal_data.text_columns import IN_VIEW
from tests.builders import a_question
from tests.identity.accounts_factory import database_of
from tests.organisation_members import claim
from tests.stored_files import document_of, stored_pdf

NAME = "Mr Popescu keeps the keys"
SAID = a_question("said", type="text", kind="fact", options=())
SITES = a_question(
    "sites", type="table", kind="fact", options=(), columns=(Column(id="place", label="Place", type="text"),)
)


def test_only_the_answer_with_the_text_waits() -> None:
    posted = PostedSection(changes={"said": NAME, "other": "good"}, typed={"said": FormAnswer((NAME,))})
    (asked,) = hold_back_personal_data(posted, [SAID], {}, ())
    assert (asked.field, list(posted.changes), list(posted.errors)) == ("said", ["other"], ["said"])


def test_a_row_of_a_table_is_asked_about_in_its_cell_until_it_is_ticked() -> None:
    rows: Any = [{"place": "Main yard"}, {"place": NAME}]
    for ticks, expected in ((set(), {1: {"place"}}), ({text_digest(NAME)}, {})):
        posted = PostedSection(changes={"sites": rows}, typed={"sites": FormAnswer(rows=tuple(rows))})
        hold_back_personal_data(posted, [SITES], {}, ticks)
        cells: Any = posted.errors.get("sites", {})
        assert {row: set(columns) for row, columns in cells.items()} == expected


def test_a_cell_is_asked_about_as_it_would_be_kept() -> None:
    typed, kept = ({"place": "Mr Pop\u200eescu keeps the keys"},), [{"place": NAME}]
    posted = PostedSection(changes={"sites": kept}, typed={"sites": FormAnswer(rows=typed)})
    (asked,) = hold_back_personal_data(posted, [SITES], {}, ())
    assert asked.mark == text_digest(NAME)


def test_the_page_comes_back_with_all_that_was_typed_and_saves_it_after_the_tick(
    visit: Any, written: str, capfd: Any
) -> None:
    section = f"{written}questions/1"
    visit(section)
    page = visit.send(**{TEXT: NAME, "core_people_peak": "7", f"{TABLE}__0__place": "Main yard"})
    assert page.status == 422
    assert page.soup.title.get_text().startswith("Error: ")
    assert page.soup.select_one(f"#{TEXT}")["value"] == NAME
    assert page.text.count("Popescu") == 0, "the words stand in their box and nowhere else"
    assert page.soup.select_one(f"form a[href='#{TEXT}']") is not None
    assert visit(section).soup.select_one("#core_people_peak")["value"] == "7", "everything else is saved"
    page = visit.send(**{TEXT: NAME})
    tick = page.soup.select_one("input[name=keep_words][type=checkbox]")["value"]
    other = visit.send(**{TEXT: NAME + " and sleeps there", "keep_words": tick})
    assert other.status == 422, "another text is asked about again"
    done = visit.send(**{TEXT: NAME, "keep_words": tick})
    assert done.status == 200
    assert visit(section).soup.select_one(f"#{TEXT}")["value"] == NAME
    assert visit.send().status == 200, "what is kept already is not asked about again"
    assert "Popescu" not in "".join(capfd.readouterr())


def test_words_beside_a_yes_are_asked_about_and_come_back(visit: Any, written: str) -> None:
    section = f"{written}questions/1"
    visit(section)
    page = visit.send(**{DETAIL: "yes", f"{DETAIL}__0__detail": NAME})
    assert page.status == 422
    assert page.soup.select_one(f".govuk-error-summary a[href='#{DETAIL}-0-detail']")
    assert page.soup.select_one(f"#{DETAIL}-0-detail")["value"] == NAME
    tick = page.soup.select_one("input[name=keep_words][type=checkbox]")["value"]
    assert visit.send(**{DETAIL: "yes", f"{DETAIL}__0__detail": NAME, "keep_words": tick}).status == 200
    kept = visit(section).soup
    assert kept.select_one(f"#{DETAIL}-0-detail")["value"] == NAME
    assert kept.select_one(f"input[name={DETAIL}][value=yes]").has_attr("checked")
    page = visit.send(**{DETAIL: "no", f"{DETAIL}__0__detail": "The old line"})
    assert "Choose “Yes”, or take the words out." in page.text
    assert visit.send(**{DETAIL: "no", f"{DETAIL}__0__detail": ""}).status == 200
    assert visit(section).soup.select_one(f"#{DETAIL}-0-detail")["value"] == ""


def test_purchases_and_links_ask_too_and_never_forbid(visit: Any, written: str) -> None:
    visit(f"{written}purchases")
    page = visit.send("/add", own=f"prawns\n{NAME}")
    assert page.status == 422
    tick = page.soup.select_one("input[name=keep_words][type=checkbox]")["value"]
    assert visit.send("/add", keep_words=tick).status == 200
    visit(f"{written}purchases")
    page = visit.send("/purchases", **{"1__supplier": "Ioana, 07700 900123", "1__country": "India"})
    assert page.status == 422
    assert page.soup.select_one("input[name='1.supplier']")["value"] == "Ioana, 07700 900123"
    tick = page.soup.select_one("input[name=keep_words][type=checkbox]")["value"]
    assert visit.send("/purchases", keep_words=tick).status == 200
    kept = visit(f"{written}purchases").soup
    assert kept.select_one("input[name='1.supplier']")["value"] == "Ioana, 07700 900123"
    assert kept.select_one("input[name='1.country']")["value"] == "India"


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for passing things of its own, for this process and for the press."""
    folder = tmp_path / "passing"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def print_by_the_press(app: Flask, settings: Settings, home: str, now: datetime, *, share: bool) -> None:
    """Have the own copy printed by the real press, and the copy of the share with it."""
    database = database_of(app)
    with database.writing() as session:
        document_of(session, "business", get_submission(session, id_of(home)).id, now).enqueue(session, now)
        if share:
            document_of(session, "share", grant_in(session).id, now).enqueue(session, now)
    run_due_jobs(database, settings, app.config["CLOCK"])
    with database.reading() as session:
        assert "business" in set(session.scalars(select(StoredPdf.kind)))
        if share:
            assert (
                session.scalars(select(StoredPdf.content).where(StoredPdf.kind == "share")).one().startswith(b"%PDF-")
            )


def take_all_out(visit: Any, home: str) -> None:
    """Press the buttons for the only text there is."""
    page = visit(f"{home}free-text")
    assert page.text.count(CANARY) == 1, "each text is listed once, with all its places"
    assert CANARY in visit.send("").text
    done = visit.send("/free-text/redact")
    assert (done.status, "The words are taken out" in done.text, CANARY in done.html) == (200, True, False)


def codes_of(database: Database, home: str) -> list[str]:
    """The codes on the three copies, each of which matches."""
    with database.reading() as session:
        made = get_submission(session, id_of(home))
        codes = [check_code_of(session, made, "business"), check_code_of(session, made, "buyer")]
        codes.append(share_check_code(session, grant_in(session).document))
        assert all(find_check_code(session, code) for code in codes)
    return codes


def exported(database: Database, organisation: Any, now: datetime) -> bytes:
    """All data of the export of an organisation, one file after the other."""
    with zipfile.ZipFile(io.BytesIO(b"".join(stream_export(database, organisation, now)))) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json"))


def test_words_are_taken_out_of_every_place_for_good(  # one story with everything that keeps words in it
    app: Flask,
    visit: Any,
    written: str,
    identify: Any,
    settings: Settings,
    now: datetime,
    temp: Path,
    capfd: Any,
) -> None:
    fill(app, visit, written, identify, now)
    print_by_the_press(app, settings, written, now, share=True)
    database, mine = database_of(app), id_of(written)
    assert in_columns(database) == set(IN_VIEW), "a column without the words would prove nothing; one more is forgotten"
    codes = codes_of(database, written)
    with database.reading() as session:
        before = get_submission(session, mine)
        digest, score = before.digest, before.score
        assert is_intact(before)
    take_all_out(visit, written)
    assert in_columns(database) == set()
    assert in_files(settings, temp) == []
    assert codes_of(database, written) == codes, "a code on paper still matches"
    with database.reading() as session:
        after = get_submission(session, mine)
        assert is_intact(after)
        assert any(path.startswith("/purchases") for path in redacted_paths(after))
        assert (after.digest, after.score) == (digest, score)
        assert stored_pdf(session, "business", after.id, now) is None
        assert session.scalars(select(Redaction.places)).one() >= 20
    print_by_the_press(app, settings, written, now, share=False)
    assert in_columns(database) == set()
    assert in_files(settings, temp) == []
    for address in ("result", "result/actions", "purchases", "share", "delegation", "sign-off", "free-text"):
        assert CANARY not in visit(f"{written}{address}").html
    assert not is_in(exported(database, claim(app, mine, now), now))
    assert CANARY not in "".join(capfd.readouterr())


def test_a_print_that_began_before_is_not_kept_after(
    app: Flask, visit: Any, written: str, identify: Any, now: datetime
) -> None:
    fill(app, visit, written, identify, now)
    with database_of(app).reading() as session:
        begun = document_of(session, "business", get_submission(session, id_of(written)).id, now)
        drawing = begun.spec.draw(session)
    take_all_out(visit, written)
    with database_of(app).writing() as session:
        assert not begun.save(session, drawing, CANARY.encode(), now)
        assert begun.spec.source(session) != drawing.source, "the record itself is another, whatever else changed"


def test_the_database_lets_nothing_but_the_mark_pass_and_only_while_words_are_taken_out(
    app: Flask, visit: Any, written: str, identify: Any, now: datetime
) -> None:
    fill(app, visit, written, identify, now)
    database, mine = database_of(app), id_of(written)
    frozen: list[Any] = [
        lambda session: setattr(session.scalars(select(AnswerEvent)).first(), "after", "[words taken out]"),
        lambda session: setattr(session.scalars(select(Submission)).one(), "record", {"x": "[words taken out]"}),
    ]
    for tamper in frozen:
        with pytest.raises(IntegrityError), database.writing() as session:
            tamper(session)
    while_open: list[Any] = [
        lambda session: setattr(session.scalars(select(Submission)).one(), "score", 1.0),
        lambda session: setattr(session.scalars(select(AnswerEvent)).first(), "after", "other words"),
    ]
    for tamper in while_open:
        with database.new_session(writes=True) as session:
            session.add(Redaction(assessment_id=mine, began_at=now))
            session.flush()
            tamper(session)
            with pytest.raises(IntegrityError):
                session.flush()


def test_others_find_nothing_and_unknown_words_change_nothing(another_visit: Any, visit: Any, written: str) -> None:
    assert another_visit(f"{written}free-text").status == 404
    page = visit(f"{written}free-text")
    assert (page.status, "There are no such words" in page.text) == (200, True)
