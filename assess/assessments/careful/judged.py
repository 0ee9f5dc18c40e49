"""What was found in free texts, kept with them: a text is judged once, when it is saved, else at the first look at the list.

The row holds a keyed digest and no word of the text. It goes with the text and with the assessment.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Collection, Iterable, Mapping

from flask import current_app, g, has_app_context, has_request_context, request
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.assessments.careful.finding import Finding, Kind, details_in
from assess.assessments.models import JudgedText
from assess.kit.db import database, let_others_save

LETTERS_AT_ONCE = 5_000
"""How much is judged for one look at the list. The worst texts cost a tenth of a second for 500 characters."""
MOST_KEPT = 5_000
"""Rows of one assessment. More texts than that are judged anew when they are looked at."""

Findings = tuple[Finding, ...]


def judge(text: str) -> Findings:
    """What this text seems to hold. Others save meanwhile."""
    let_others_save()
    return details_in(text)


def will_be_kept(text: str, found: Findings) -> None:
    """Say that this request is about to save a text in which so much was found."""
    if has_request_context():
        judged: dict[str, Findings] = g.setdefault("judged", {})
        judged[text] = found


def keep_judged(session: Session) -> None:
    """Keep what this request judged, for the assessment its address names. The last step before a commit."""
    assessment_id = (request.view_args or {}).get("assessment_id")
    judged: Mapping[str, Findings] = g.pop("judged", {})
    if judged and isinstance(assessment_id, uuid.UUID):
        keep(session, assessment_id, judged)


def keep(session: Session, assessment_id: uuid.UUID, judged: Mapping[str, Findings]) -> None:
    """Keep findings with their texts. What is there already stays."""
    mine = select(func.count()).select_from(JudgedText).where(JudgedText.assessment_id == assessment_id)
    room = MOST_KEPT - (session.scalar(mine) or 0)
    rows = [
        {"assessment_id": assessment_id, "mark": mark, "kinds": ",".join(one.kind for one in found)}
        for mark, found in ((_mark(text), found) for text, found in judged.items())
    ][: max(0, room)]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(JudgedText).values(rows).on_conflict_do_nothing().execution_options(keeps_books=True))


def findings_of(assessment_id: uuid.UUID, texts: Collection[str]) -> dict[str, Findings]:
    """What these texts seem to hold. A text that is left out was not judged yet, for enough was judged for one look."""
    marks = {_mark(text): text for text in texts}
    with database().reading() as look:
        wanted = select(JudgedText.mark, JudgedText.kinds).where(
            JudgedText.assessment_id == assessment_id, JudgedText.mark.in_(marks)
        )
        known = {marks[mark]: _findings(kinds) for mark, kinds in look.execute(wanted)}
    fresh: dict[str, Findings] = {}
    left = LETTERS_AT_ONCE
    for text in texts:
        if text not in known and len(text) <= left:
            left -= len(text)
            fresh[text] = details_in(text)
    if fresh:
        with database().writing() as session:
            keep(session, assessment_id, fresh)
    return known | fresh


def forget(session: Session, assessment_id: uuid.UUID, texts: Iterable[str]) -> None:
    """Forget what was found in these texts: they are taken out. Without a site there is no key, and everything is forgotten."""
    gone = delete(JudgedText).where(JudgedText.assessment_id == assessment_id)
    if has_app_context():
        gone = gone.where(JudgedText.mark.in_([_mark(text) for text in texts]))
    session.execute(gone)


def _findings(kinds: str) -> Findings:
    return tuple(Finding(Kind(kind)) for kind in kinds.split(",") if kind)


def _mark(text: str) -> str:
    """Whoever has the table and not the key cannot find out by trying what a text was. With a new key texts are judged anew."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"judged text\0" + text.encode(), hashlib.sha256).hexdigest()
