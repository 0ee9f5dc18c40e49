"""Asking for a review, and what the second person does: publish the draft, or send it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.drafts.keeping import BehindError, DraftError
from assess.banks.drafts.models import LONGEST_WORDS, Draft, DraftStage
from assess.banks.drafts.publishing import ask_for_review, publish_draft
from assess.editor.door import draft_or_404
from assess.editor.law.calls import SEEN_BY_PEOPLE, NeededChange
from assess.editor.law.kinds import CONTACTS
from assess.editor.listing import names_of_people
from assess.editor.mending.telling import IN_DRAFT, tell_all_at_desk
from assess.editor.review.gate import Case, by_thing, kept_of, who_could
from assess.editor.review.guarded import GuardedText
from assess.editor.review.telling import PUBLISHED, SENT_BACK, News
from assess.editor.review.views_rehearsal import shown_of, words_of_page
from assess.editor.trying.waiving import name_of
from assess.editor.workbench import workbench
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_verb
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.accounts.proving import prove_first
from assess.people.caller import Caller
from assess.people.permissions import allows, general_relations

blueprint = Blueprint("review", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/review")

Answer = Response | tuple[str, int]
MOST_TRIES = 5
"""Times that a draft may be changed while it is compared."""
NO_NOTE = "Say in a sentence why you change this. It stands in the history of the bank."
NOT_READ = "Read what changes, and tick that you have."
NO_REASON = "Say what has to be done before it can be published."
NO_WHY = "Write why these words may stand, or send the draft back."
NOT_TICKED = "Tick that you have read this text. Your reason stands below it."
NOTHING_TICKED = "Tick the texts that you have read."
NOT_SURE = "Tick that you have read it and want it to be used from now on."
TOO_LONG = f"Shorten this to {LONGEST_WORDS} characters or fewer."
OTHER_NOW = (
    "Something changed since you opened this page. Read it once more: what you see now is what would be published."
)
NOT_PROVED = "Send it back. It changes a contact that every page shows, so somebody else than you has to ask for the review and prove who they are."
AT_ONCE = "Somebody else published at the same moment. Look at it once more, then try again."


@blueprint.get("")
@requires("banks.read", load=permitted_person)
def show_review(who: Caller, draft_id: uuid.UUID) -> Response | str:
    """What is still to be done, or what the second person has to see."""
    with database().reading() as look:
        draft = draft_or_404(look, draft_id)
        ask = _proof(who, Case(look, workbench(look, draft, now()), now()), draft_id) if draft.stage.open else None
    return ask or _page(who, draft_id, {})


@blueprint.post("/ask")
@audited("asked")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def ask_review(who: Caller, draft_id: uuid.UUID) -> Answer:
    """Ask a second person to look at it."""
    case = _held_by(who, draft_id)
    if isinstance(case, Response):
        return case
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
        ask_for_review(
            session(),
            case.at_work.draft,
            who.id,
            _typed("words"),
            now(),
            note=_typed("note"),
            proved=who.proven_lately(now()),
        )
    except DraftError as refused:
        roll_back_request()
        return _page(who, draft_id, {"missing": str(refused)}), 409
    if case.contacts:
        _tell_of_contacts(case, draft_id, "asked")
    else:
        _news(case, draft_id).tell_others()
    return redirect(url_for(".show_review", draft_id=draft_id), 303)


@blueprint.post("/read")
@audited("confirmed")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def confirm_texts(who: Caller, draft_id: uuid.UUID) -> Answer:
    """Keep which texts that touch a sign the second person has read, and why words in them may stand."""
    case = _held(draft_id, who)
    if case is None:
        return _over(draft_id)
    faults: dict[str, str] = {}
    for one in case.guarded:
        faults |= _faults_of(one.text)
    ticked = [one for one in case.guarded if _ticked(f"read-{one.text.digest}")]
    said = [(kept_of(one.text, _typed(f"why-{one.text.digest}")), one.said) for one in ticked]
    read = [now_said for now_said, before in said if now_said != before]
    if not faults and not read and not all(one.done for one in case.guarded):
        faults["texts"] = NOTHING_TICKED
    if faults:
        roll_back_request()
        return _page(who, draft_id, faults), 422
    if read:
        try:
            keeping.note_read(session(), case.at_work.draft, who.id, read, now())
        except DraftError as refused:
            roll_back_request()
            return _page(who, draft_id, {"missing": str(refused)}), 409
    return redirect(url_for(".show_review", draft_id=draft_id, read="yes", _anchor="texts"), 303)


@blueprint.post("/publish")
@audited("finished")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def finish_review(who: Caller, draft_id: uuid.UUID) -> Answer:
    """Publish it: its files are in force and each bank that differs has its next edition."""
    case = _held_by(who, draft_id)
    if isinstance(case, Response):
        return case
    faults = _faults_of_publishing(who, case)
    if faults:
        roll_back_request()
        return _page(who, draft_id, faults), 422
    contacts = case.contacts  # read now: once it is published, nothing differs any more
    news = _news(case, draft_id)
    try:
        publish_draft(
            session(),
            case.at_work.draft,
            who.id,
            _typed("words"),
            now(),
            chosen=case.chosen,
            read=[one.kept for one in case.guarded],
        )
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
    if contacts:
        _tell_of_contacts(case, draft_id, "confirmed")
    return redirect(url_for("draft.show_draft", draft_id=draft_id), 303)


@blueprint.post("/send-back")
@audited("sent")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def send_review_back(who: Caller, draft_id: uuid.UUID) -> Answer:
    """Let the authors change it again, and say why."""
    case = _held(draft_id, who)
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
    if case.contacts:
        _tell_of_contacts(case, draft_id, "refused")
    _news(case, draft_id).tell_editors(SENT_BACK)
    return redirect(url_for(".show_review", draft_id=draft_id), 303)


def _faults_of(text: GuardedText) -> dict[str, str]:
    """What to do about one text before it counts as read."""
    why, tick = f"why-{text.digest}", f"read-{text.digest}"
    reason, ticked = _typed(why), _ticked(tick)
    if len(reason) > LONGEST_WORDS:
        return {why: TOO_LONG}
    if ticked and text.words and not reason:
        return {why: NO_WHY}
    return {tick: NOT_TICKED} if reason and not ticked else {}


def _held(draft_id: uuid.UUID, who: Caller) -> Case | None:
    """The draft, which nobody else changes before this request is over. None when it was published or given up.

    Its texts are compared before it is held: on SQLite nobody else can save while it is. Whoever changes it meanwhile has it compared anew.
    """
    for _ in range(MOST_TRIES):
        with database().reading() as look:
            draft = draft_or_404(look, draft_id)
            stood = _compared(look, draft, who) if draft.stage.open else None
        draft = draft_or_404(session(), draft_id)
        keeping.hold(session(), draft)
        if not draft.stage.open:
            return None
        case = Case(session(), workbench(session(), draft, now()), now(), who.id)
        if case.stands == stood:
            return case
        roll_back_request()
    raise Conflict


def _compared(look: Session, draft: Draft, who: Caller) -> str:
    """Compare its texts, which are kept, and say what was compared."""
    case = Case(look, workbench(look, draft, now()), now(), who.id)
    stands = case.stands
    _ = case.guarded
    return stands


def _held_by(who: Caller, draft_id: uuid.UUID) -> Case | Response:
    """The same; or where to go, when it is over or they have to prove who they are."""
    case = _held(draft_id, who)
    return _over(draft_id) if case is None else _proof(who, case, draft_id) or case


def _faults_of_publishing(who: Caller, case: Case) -> dict[str, str]:
    faults = _too_long("words")
    if not _ticked("sure"):
        faults["sure"] = NOT_SURE
    if request.form.get("seen") != case.seen:
        faults["sure"] = OTHER_NOW
    missing = case.missing(publishing=True)
    if missing:
        faults["missing"] = missing[0].words
    asked = keeping.asked_last(session(), case.at_work.draft)
    if case.contacts and asked and (asked.person_id == who.id or not asked.details.get("proved")):
        faults["missing"] = NOT_PROVED
    return faults


def _over(draft_id: uuid.UUID) -> Response:
    """Its own page says what became of it."""
    return redirect(url_for("draft.show_draft", draft_id=draft_id), 303)


def _news(case: Case, draft_id: uuid.UUID) -> News:
    page = url_for("draft.show_draft", draft_id=draft_id)
    return News(case.session, case.at_work.draft, case.editors, page, settings_of(current_app), now())


def _proof(who: Caller, case: Case, draft_id: uuid.UUID) -> Response | None:
    """Where to send somebody first who looks at a draft that changes a contact every page shows."""
    return prove_first(who, url_for(".show_review", draft_id=draft_id)) if case.contacts else None


def _tell_of_contacts(case: Case, draft_id: uuid.UUID, what: str) -> None:
    draft, page = case.at_work.draft, url_for("draft.show_draft", draft_id=draft_id)
    event = f"draft-contacts:{draft.id.hex}:{len(keeping.history_of(case.session, draft))}"
    tell_all_at_desk(case.session, event, IN_DRAFT[what], page, settings_of(current_app), now())


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()


def _ticked(name: str) -> bool:
    return request.form.get(name) == "yes"


def _too_long(*names: str) -> dict[str, str]:
    return {name: TOO_LONG for name in names if len(_typed(name)) > LONGEST_WORDS}


def _sides(one: NeededChange) -> list[tuple[str, str, str]]:
    labels = {field.path[0]: field.label for field in CONTACTS.fields}
    wanted = [name for name in (*SEEN_BY_PEOPLE, "source") if one.before.get(name) != one.after.get(name)]
    return [
        (labels[name], str(one.before.get(name) or "nothing"), str(one.after.get(name) or "nothing")) for name in wanted
    ]


def _page(who: Caller, draft_id: uuid.UUID, faults: Mapping[str, str]) -> str:
    with database().reading() as look:
        draft = draft_or_404(look, draft_id)
        if not draft.stage.open:
            return render_template("editor/review_over.html", draft=draft)
        case = Case(look, workbench(look, draft, now()), now(), who.id)
        asked = keeping.asked_last(look, draft) if draft.stage is DraftStage.IN_REVIEW else None
        may = general_relations(who)
        return render_template(
            "editor/review.html",
            draft=draft,
            banks=case.banks,
            files=case.files,
            rehearsals=shown_of(look, case.rehearsals),
            missing=case.missing(publishing=asked is not None),
            contacts=[(one.called, _sides(one), one.kept) for one in case.contacts],
            guarded=by_thing(case.guarded),
            unread=sum(not one.done for one in case.guarded),
            just_read=request.args.get("read") == "yes",
            name_of=name_of,
            seen=case.seen,
            asked=asked,
            asked_by=names_of_people(look, {asked.person_id})[asked.person_id] if asked else "",
            edited_it=who.id in case.editors,
            barred=who.id in case.barred,
            could=[one.name or one.email for one in who_could(look, case.barred)],
            may_edit=allows("banks.edit", may),
            may_publish=allows("banks.publish", may),
            faults=dict(faults),
            typed={name: request.form.get(name, "") for name in ("words", "note", "read", "sure", "reason")},
            form=request.form if request.endpoint == "review.confirm_texts" else None,
            **words_of_page(),
        )
