"""Words in every place where they can be written, taken out: nowhere in the database, the file, the log or what was printed."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError

from assess.assessments.links import share
from assess.assessments.models import AnswerEvent, Redaction, Submission
from assess.assessments.submitting import is_intact, submission_of, taken_out_of
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.plans.check_code.codes import code_of, matched, remember
from assess.plans.printing.kept import Printed, keep, kept, state_shown
from assess.plans.register.keeping import Change, change
from assess.plans.register.state import EvidenceNote
from tests.assessments.careful.conftest import TABLE, TEXT

CANARY = "Zdravkina bunk quokka"


def id_of(home: str) -> uuid.UUID:
    return uuid.UUID(home.split("/")[2])


def database_of(app: Flask) -> Database:
    found: Database = app.extensions["assess.database"]
    return found


def in_rows(database: Database) -> list[str]:
    """The tables in which the canary stands, whatever the column."""
    found = []
    with database.engine.connect() as connection:
        tables = [name for name in connection.dialect.get_table_names(connection) if name != "edition"]
        for table in tables:
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()  # noqa: S608  # our own tables
            if any(CANARY in str(cell) or CANARY.encode() in _bytes(cell) for row in rows for cell in row):
                found.append(table)
    return found


def _bytes(cell: object) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else b""


def in_files(settings: Settings) -> list[str]:
    files = [path for path in Path(settings.data_folder).rglob("*") if path.is_file()]
    if settings.database_url.startswith("sqlite"):
        file = Path(str(make_url(settings.database_url).database))
        files += list(file.parent.glob(f"{file.name}*"))
    return [path.name for path in files if CANARY.encode() in path.read_bytes()]


def fill(app: Flask, visit: Any, home: str, identify: Any, now: datetime) -> None:
    """Write the canary wherever a business can write, submit, and have it in the register, a link's note and a printed file."""
    section = next(link["href"] for link in visit(home).soup.select("a[href*='/sections/']"))
    visit(section)
    visit.send(**{TEXT: CANARY, f"{TABLE}__0__place": CANARY, f"{TABLE}__0__people": "2"})
    keep_all(visit)
    visit(f"{home}purchases")
    visit.send("/add", own=f"prawns\n{CANARY}")
    keep_all(visit)
    visit(f"{home}purchases")
    visit.send("/purchases", **{"1__supplier": CANARY})
    keep_all(visit)
    identify(home)
    visit(f"{home}check")
    assert visit.send("/submit", reread="yes", follow=False).status == 303
    with database_of(app).writing() as session:
        made = submission_of(session, id_of(home))
        note = EvidenceNote(0, CANARY, "records", None, None, "said")
        wanted = Change(response="will_not", reason="other", reason_text=CANARY, owner=CANARY, notes=(note,))
        change(session, made.id, "some_action", wanted, 0, now)
        share(session, made, now, note=CANARY)
        remember(session, made, "business")
        shown = state_shown(session, made.id, "business")
        assert keep(session, made.id, "business", Printed(made.digest, shown, CANARY.encode()), now)


def keep_all(visit: Any) -> None:
    marks = [box["value"] for box in visit.page.soup.select("input[name=keep_words]")]
    if marks:
        assert visit.page.status == 422
        action = visit.page.soup.select_one("input[name=keep_words]").find_parent("form").get("action")
        visit.send(action, keep_words=marks)
    assert visit.page.status == 200, visit.page.text


def test_words_are_taken_out_of_every_place_for_good(
    app: Flask, visit: Any, written: str, identify: Any, settings: Settings, now: datetime, capfd: Any
) -> None:
    fill(app, visit, written, identify, now)
    database, mine = database_of(app), id_of(written)
    everywhere = {"answer", "answer_event", "buyer_link", "purchase_event", "purchase_line", "register_event"}
    everywhere |= {"register_evidence", "register_item", "rendered", "submission"}
    assert set(in_rows(database)) == everywhere, "a place without the words would prove nothing"
    with database.reading() as session:
        before = submission_of(session, mine)
        digest, score, code = before.digest, before.score, code_of(session, before, "business")
        assert is_intact(before)
    page = visit(f"{written}words")
    assert page.text.count(CANARY) == 1, "each text is listed once, with all its places"
    confirm = visit.send("")
    assert CANARY in confirm.text
    done = visit.send("/words/out")
    assert (done.status, "The words are taken out" in done.text, CANARY in done.html) == (200, True, False)
    assert in_rows(database) == []
    assert in_files(settings) == []
    assert CANARY not in "".join(capfd.readouterr())
    with database.reading() as session:
        after = submission_of(session, mine)
        assert is_intact(after)
        assert len(taken_out_of(after)) >= 6
        assert any(path.startswith("/purchases") for path in taken_out_of(after))
        assert (after.digest, after.score, code_of(session, after, "business")) == (digest, score, code)
        assert matched(session, code) is not None, "a code on paper still matches"
        assert kept(session, after.id, "business") is None
        assert session.scalars(select(Redaction.places)).one() >= 10
    for address in ("result", "result/actions", "purchases", "share"):
        assert CANARY not in visit(f"{written}{address}").html


def test_a_print_that_began_before_is_not_kept_after(
    app: Flask, visit: Any, written: str, identify: Any, now: datetime
) -> None:
    fill(app, visit, written, identify, now)
    with database_of(app).reading() as session:
        digest = submission_of(session, id_of(written)).digest
    visit(f"{written}words")
    visit.send("")
    visit.send("/words/out")
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
