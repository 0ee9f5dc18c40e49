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

from assess.assessments.models import AnswerEvent, Redaction, Submission
from assess.assessments.submitting import is_intact, submission_of, taken_out_of
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.running import run_waiting
from assess.plans.check_code.codes import code_of, matched
from assess.plans.organisation_export.packing import packed
from assess.plans.printing import print_job
from assess.plans.printing.kept import Printed, keep, kept, state_shown
from assess.plans.printing.models import Rendered
from assess.plans.printing.standing import order
from assess.plans.shares import print_job as share_print_job
from assess.plans.shares.coding import code_of_share
from assess.plans.shares.models import ShareFile
from assess.plans.shares.wanted import SharePdf
from tests.assessments.careful.columns import IN_VIEW
from tests.assessments.careful.filling import CANARY, database_of, fill, grant_in, id_of, in_columns, in_files, is_in
from tests.members import claim

assert print_job, share_print_job  # the jobs are known once they are read


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
        order(session, submission_of(session, id_of(home)).id, "business", now)
        if share:
            SharePdf(grant_in(session).id).order(session, now)
    run_waiting(database, settings, app.config["CLOCK"])
    with database.reading() as session:
        assert "business" in set(session.scalars(select(Rendered.copy)))
        if share:
            assert session.scalars(select(ShareFile.content)).one().startswith(b"%PDF-")


def take_all_out(visit: Any, home: str) -> None:
    """Press the buttons for the only text there is."""
    page = visit(f"{home}words")
    assert page.text.count(CANARY) == 1, "each text is listed once, with all its places"
    assert CANARY in visit.send("").text
    done = visit.send("/words/out")
    assert (done.status, "The words are taken out" in done.text, CANARY in done.html) == (200, True, False)


def codes_of(database: Database, home: str) -> list[str]:
    """The codes on the three copies, each of which matches."""
    with database.reading() as session:
        made = submission_of(session, id_of(home))
        codes = [code_of(session, made, "business"), code_of(session, made, "buyer")]
        codes.append(code_of_share(session, grant_in(session).document))
        assert all(matched(session, code) for code in codes)
    return codes


def exported(database: Database, organisation: Any, now: datetime) -> bytes:
    """All data of the export of an organisation, one file after the other."""
    with zipfile.ZipFile(io.BytesIO(b"".join(packed(database, organisation, now)))) as archive:
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
        before = submission_of(session, mine)
        digest, score = before.digest, before.score
        assert is_intact(before)
    take_all_out(visit, written)
    assert in_columns(database) == set()
    assert in_files(settings, temp) == []
    assert codes_of(database, written) == codes, "a code on paper still matches"
    with database.reading() as session:
        after = submission_of(session, mine)
        assert is_intact(after)
        assert any(path.startswith("/purchases") for path in taken_out_of(after))
        assert (after.digest, after.score) == (digest, score)
        assert kept(session, after.id, "business") is None
        assert session.scalars(select(Redaction.places)).one() >= 20
    print_by_the_press(app, settings, written, now, share=False)
    assert in_columns(database) == set()
    assert in_files(settings, temp) == []
    for address in ("result", "result/actions", "purchases", "share", "delegation", "sign-off", "words"):
        assert CANARY not in visit(f"{written}{address}").html
    assert not is_in(exported(database, claim(app, mine, now), now))
    assert CANARY not in "".join(capfd.readouterr())


def test_a_print_that_began_before_is_not_kept_after(
    app: Flask, visit: Any, written: str, identify: Any, now: datetime
) -> None:
    fill(app, visit, written, identify, now)
    with database_of(app).reading() as session:
        digest = submission_of(session, id_of(written)).digest
    take_all_out(visit, written)
    with database_of(app).writing() as session:
        made = submission_of(session, id_of(written))
        shown = state_shown(session, made.id, "business")
        assert not keep(session, made.id, "business", Printed(digest, shown, CANARY.encode()), now)


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
    assert another_visit(f"{written}words").status == 404
    page = visit(f"{written}words")
    assert (page.status, "There are no such words" in page.text) == (200, True)
