"""Asking for a review, and what the second person does: publish the draft, or send it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.drafts.keeping import BehindError, DraftError
from assess.banks.drafts.models import LONGEST_WORDS, DraftStage
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.editor.door import draft_or_404, let_in
from assess.editor.listing import names_of_people
from assess.editor.review.gate import Case, who_could
from assess.editor.review.telling import PUBLISHED, SENT_BACK, News
from assess.editor.review.views_rehearsal import shown_of, words_of_page
from assess.editor.ways import way_of_draft
from assess.editor.workbench import workbench
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_verb
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.declaring import needs
from assess.kit.limits import SAVING, by_visit, limited
from assess.people.caller import Caller
from assess.people.permissions import allows, general_relations

blueprint = Blueprint("review", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/review")
way_of_draft(60, "Review and publish", "review.show_review")

Answer = Response | tuple[str, int]
NO_NOTE = "Say in a sentence why you change this. It stands in the history of the bank."
NOT_READ = "Read what changes, and tick that you have."
NO_REASON = "Say what has to be done before it can be published."
NOT_SURE = "Tick that you have read it and want it to be used from now on."
TOO_LONG = f"Shorten this to {LONGEST_WORDS} characters or fewer."
OTHER_NOW = (
    "Something changed since you opened this page. Read it once more: what you see now is what would be published."
)
AT_ONCE = "Somebody else published at the same moment. Look at it once more, then try again."


@blueprint.get("")
@needs("banks.read")
def show_review(draft_id: uuid.UUID) -> str:
    """What is still to be done, or what the second person has to see."""
    return _page(let_in(), draft_id, {})


@blueprint.post("/ask")
@needs("banks.edit")
@limited(SAVING, by_visit)
def ask_review(draft_id: uuid.UUID) -> Answer:
    """Ask a second person to look at it."""
    who = let_in()
    case = _held(draft_id)
    if case is None:
        return _over(draft_id)
    faults = _too_long("words", "note")
    if not _typed("note"):
        faults["note"] = NO_NOTE
    if not _ticked("read"):
        faults["read"] = NOT_READ
    if request.form.get("seen") != case.seen:
        faults["read"] = OTHER_NOW
    if case.missing():
        faults["missing"] = case.missing()[0].words
    if faults:
        roll_back_request()
        return _page(who, draft_id, faults), 422
    try:
        ask_for_review(session(), case.at_work.draft, who.id, _typed("words"), now(), note=_typed("note"))
    except DraftError as refused:
        roll_back_request()
        return _page(who, draft_id, {"missing": str(refused)}), 409
    _news(case, draft_id).tell_others()
    return redirect(url_for(".show_review", draft_id=draft_id), 303)


@blueprint.post("/publish")
@needs("banks.publish")
@limited(SAVING, by_visit)
def finish_review(draft_id: uuid.UUID) -> Answer:
    """Publish it: its files are in force and each bank that differs has its next edition."""
    who = let_in()
    case = _held(draft_id)
    if case is None:
        return _over(draft_id)
    faults = _too_long("words")
    if not _ticked("sure"):
        faults["sure"] = NOT_SURE
    if request.form.get("seen") != case.seen:
        faults["sure"] = OTHER_NOW
    missing = case.missing(publishing=True)
    if missing:
        faults["missing"] = missing[0].words
    if faults:
        roll_back_request()
        return _page(who, draft_id, faults), 422
    news = _news(case, draft_id)
    try:
        publish_draft(session(), case.at_work.draft, who.id, _typed("words"), now())
    except BehindError:
        roll_back_request()
        return redirect(url_for("behind.show_behind", draft_id=draft_id), 303)
    except DraftError as refused:
        roll_back_request()
        return _page(who, draft_id, {"missing": str(refused)}), 409
    except IntegrityError:  # a shelf has its number once
        roll_back_request()
        return _page(who, draft_id, {"missing": AT_ONCE}), 409
    note_verb("published")
    news.tell_editors(PUBLISHED)
    return redirect(url_for("draft.show_draft", draft_id=draft_id), 303)


@blueprint.post("/send-back")
@needs("banks.publish")
@limited(SAVING, by_visit)
def send_review_back(draft_id: uuid.UUID) -> Answer:
    """Let the authors change it again, and say why."""
    who = let_in()
    case = _held(draft_id)
    if case is None:
        return _over(draft_id)
    faults = _too_long("reason")
    if not _typed("reason"):
        faults["reason"] = NO_REASON
    if faults:
        roll_back_request()
        return _page(who, draft_id, faults), 422
    try:
        keeping.send_back(session(), case.at_work.draft, who.id, _typed("reason"), now())
    except DraftError as refused:
        roll_back_request()
        return _page(who, draft_id, {"missing": str(refused)}), 409
    note_verb("sent back")
    _news(case, draft_id).tell_editors(SENT_BACK)
    return redirect(url_for(".show_review", draft_id=draft_id), 303)


def _held(draft_id: uuid.UUID) -> Case | None:
    """The draft, which nobody else changes before this request is over. None when it was published or given up."""
    draft = draft_or_404(session(), draft_id)
    keeping.hold(session(), draft)
    return Case(session(), workbench(session(), draft, now()), now()) if draft.stage.open else None


def _over(draft_id: uuid.UUID) -> Response:
    """Its own page says what became of it."""
    return redirect(url_for("draft.show_draft", draft_id=draft_id), 303)


def _news(case: Case, draft_id: uuid.UUID) -> News:
    page = url_for("draft.show_draft", draft_id=draft_id)
    return News(case.session, case.at_work.draft, case.editors, page, settings_of(current_app), now())


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()


def _ticked(name: str) -> bool:
    return request.form.get(name) == "yes"


def _too_long(*names: str) -> dict[str, str]:
    return {name: TOO_LONG for name in names if len(_typed(name)) > LONGEST_WORDS}


def _page(who: Caller, draft_id: uuid.UUID, faults: Mapping[str, str]) -> str:
    with database().reading() as look:
        draft = draft_or_404(look, draft_id)
        if not draft.stage.open:
            return render_template("editor/review_over.html", draft=draft)
        case = Case(look, workbench(look, draft, now()), now())
        asked = keeping.asked_last(look, draft) if draft.stage is DraftStage.IN_REVIEW else None
        may = general_relations(who)
        return render_template(
            "editor/review.html",
            draft=draft,
            banks=case.banks,
            files=case.files,
            rehearsals=shown_of(look, case.rehearsals),
            missing=case.missing(publishing=asked is not None),
            seen=case.seen,
            asked=asked,
            asked_by=names_of_people(look, {asked.person_id})[asked.person_id] if asked else "",
            edited_it=who.id in case.editors,
            could=[one.name or one.email for one in who_could(look, case.editors)],
            may_edit=allows("banks.edit", may),
            may_publish=allows("banks.publish", may),
            faults=dict(faults),
            typed={name: request.form.get(name, "") for name in ("words", "note", "read", "sure", "reason")},
            **words_of_page(),
        )
