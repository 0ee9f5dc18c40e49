"""A business that wrote the same telltale words wherever words can be written, and looking for them in everything that is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from assess.assessments.comments import CommentAuthor, add_comment
from assess.assessments.delegation import NewDelegation, create_delegation, get_delegation
from assess.assessments.delegation import save_colleague_answers as keep_answers
from assess.assessments.delegation import send_back_delegation as send_part_back
from assess.assessments.links import make_buyer_link
from assess.assessments.models import Submission
from assess.assessments.services import get_answers, save_answers
from assess.assessments.sign_off import Signature, request_sign_off, send_back_submission, sign_submission
from assess.assessments.submissions import get_submission
from assess.core.config import Settings
from assess.core.db import Database
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.action_tracker.state import EvidenceNote
from assess.sharing.messages import MessageAuthor
from assess.sharing.messages import add_comment as messages_add_comment
from assess.sharing.models import MessageSide, ShareGrant, ShareScope
from assess.sharing.services import ShareRecipient, create_share
from tests.assessments.conftest import id_of
from tests.assessments.personal_data.conftest import DETAIL, TABLE, TEXT
from tests.decrypted_rows import readable_rows
from tests.identity.accounts_factory import database_of
from tests.plans.printed_pdfs import opened

CANARY = "Zdravkina bunk quokka"


def in_columns(database: Database) -> set[str]:
    """The columns in which the words stand, like "answer.value", whatever their kind; a PDF is taken apart."""
    found = set()
    with database.engine.connect() as connection:
        for table in connection.dialect.get_table_names(connection):
            for row in readable_rows(connection, f'"{table}"'):
                found |= {f"{table}.{column}" for column, cell in row.items() if is_in(cell)}
    return found


def is_in(cell: object) -> bool:
    """Whether the words stand in this, be it text, data or a PDF."""
    if not isinstance(cell, bytes | memoryview):
        return CANARY in str(cell)
    content = bytes(cell)
    return CANARY.encode() in content or (content.startswith(b"%PDF-") and any(is_in(part) for part in parts(content)))


def parts(content: bytes) -> Iterator[bytes]:
    """All streams of a PDF, unpacked: what is drawn, and the files inside."""
    file = opened(content)
    for thing in file.objects:
        if isinstance(thing, pikepdf.Stream):
            yield thing.read_bytes()


def in_files(settings: Settings, *folders: Path) -> list[str]:
    """The files with the words: of the data, of the database, and of these folders."""
    files = [path for folder in (Path(settings.data_folder), *folders) for path in folder.rglob("*") if path.is_file()]
    if settings.database_url.startswith("sqlite"):
        file = Path(str(make_url(settings.database_url).database))
        files += list(file.parent.glob(f"{file.name}*"))
    return [path.name for path in files if is_in(path.read_bytes())]


def keep_all(visit: Any) -> None:
    """Tick “Keep it as it is” wherever it is asked."""
    marks = [box["value"] for box in visit.page.soup.select("input[type=checkbox][name=keep_words]")]
    if marks:
        assert visit.page.status == 422
        action = visit.page.soup.select_one("input[type=checkbox][name=keep_words]").find_parent("form").get("action")
        visit.send(action, keep_words=marks)
    assert visit.page.status == 200, visit.page.text


def fill(app: Flask, visit: Any, home: str, identify: Any, now: datetime) -> None:
    """Write the words wherever a business and those it asks can write, and submit."""
    visit(f"{home}questions/1")
    rows = {f"{TABLE}__0__place": CANARY, f"{TABLE}__0__people": "2"}
    visit.send(**{TEXT: CANARY, **rows, DETAIL: "yes", f"{DETAIL}__0__detail": CANARY})
    keep_all(visit)
    visit(f"{home}purchases")
    visit.send("/add", own=f"prawns\n{CANARY}")
    keep_all(visit)
    visit(f"{home}purchases")
    visit.send("/purchases", **{"1__supplier": CANARY})
    keep_all(visit)
    with database_of(app).writing() as session:
        _among_colleagues(session, id_of(home), "people", now)
    identify(home)
    visit(f"{home}check")
    assert visit.send("/submit", reread="yes", follow=False).status == 303
    with database_of(app).writing() as session:
        _about_the_plan(session, get_submission(session, id_of(home)), now)


def _among_colleagues(session: Session, mine: uuid.UUID, section: str, now: datetime) -> None:
    for said in ("Nothing", CANARY):
        save_answers(session, mine, {TEXT: said}, {TEXT: get_answers(session, mine)[TEXT].revision}, now)
    add_comment(session, mine, TEXT, CANARY, CommentAuthor(None), now, for_delegate=True)
    link = create_delegation(session, mine, NewDelegation(section, None, CANARY, 14), now)
    hers: Any = {TEXT: CANARY, TABLE: [{"place": CANARY, "people": 3}], DETAIL: {"choice": "yes", "detail": CANARY}}
    keep_answers(session, get_delegation(session, mine, link.id), hers, (), now)
    send_part_back(session, mine, link.id, CANARY, now)


def _about_the_plan(session: Session, made: Submission, now: datetime) -> None:
    note = EvidenceNote(0, CANARY, "records", None, None, "said")
    wanted = ItemContent(response="will_not", reason="other", reason_text=CANARY, owner=CANARY, notes=(note,))
    for seen in (0, 1):
        change_item(session, made.id, "some_action", wanted, seen, now)
        wanted = ItemContent(response="will_not", reason="cost", reason_text=CANARY, owner=CANARY, notes=(note,))
    make_buyer_link(session, made, now, note=CANARY)
    request_sign_off(session, made, CANARY, now)
    send_back_submission(session, made, CANARY, now)
    sign_submission(session, made, Signature("Jo Fenn", CANARY, on_paper=True), now)
    given = create_share(session, made, ShareRecipient("jo@council.example", CANARY), ShareScope.EVIDENCE, 30, now)
    given.grant.accepted_at = now
    messages_add_comment(session, given.grant, MessageAuthor(MessageSide.BUSINESS, None), None, CANARY, now)


def grant_in(session: Session) -> ShareGrant:
    return session.query(ShareGrant).one()
