"""Pages: history of editions, withdrawing and putting back, and withdrawn texts in a draft."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from flask import Blueprint, abort, current_app, request, url_for
from sqlalchemy.orm import Session

from assess.bank_editor.form_pages import FieldRefusedError, FormPage, PageRequest, form_page
from assess.bank_editor.navigation import names_of_people
from assess.bank_editor.review.comparing import diff_lines
from assess.bank_editor.review.edition_history import (
    EditionEntry,
    bank_history,
    changes_of_edition,
    edition_after_withdrawal,
    editors_of_edition,
    history_by_bank,
    texts_reviewed_before_publishing,
)
from assess.bank_editor.review.emails import (
    EDITION_PUT_BACK,
    EDITION_WITHDRAWN,
    EDITIONS_STOPPED,
    OLDER_EDITION_IN_USE,
    WITHDRAWAL_CONFIRMED,
    email_edition_change,
)
from assess.bank_editor.review.withdrawn import (
    WithdrawnInDraft,
    keep_withdrawn,
    leave_out_withdrawn,
    withdrawn_in_draft,
    withdrawn_in_files,
)
from assess.bank_editor.urgent_fixes.contacts import has_second_person
from assess.bank_editor.urgent_fixes.services import TOO_NEW, EmailText
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_subject
from assess.core.db import request_session
from assess.core.forms.fields import ChoiceField, ParagraphField, TickField
from assess.core.forms.form import sent_form, sent_text
from assess.identity.access import REAUTHENTICATE_PATH, url_with_next
from assess.identity.administration import may_review
from assess.identity.current_user import CurrentUser
from assess.identity.permissions import general_relations, relations_allow
from assess.question_banks.drafts import create_draft, draft_history, files_with_draft, log_withdrawn_choice
from assess.question_banks.editions import (
    Attribution,
    WithdrawalConfirmedError,
    banks_waiting_for_second_person,
    confirm_withdrawal,
    differ_only_in_links,
    load_edition,
    may_come_back,
    put_back_withdrawn,
    unsettled_withdrawals,
    withdraw_published,
    withdrawal_of,
)
from assess.question_banks.files import ContentFile
from assess.question_banks.models import CONFIRM_WITHIN, LONGEST_DRAFT_TITLE, LONGEST_NOTE, EditionStage

blueprint = Blueprint("question_banks_history", __name__, url_prefix="/question-banks")

WITHDRAWN_BY_TWO = (
    "Two people withdrew this edition, so it cannot be put back. Begin a new draft: two people publish that."
)
WORKED_ON_EDITION = "You worked on this edition and somebody else withdrew it. Whoever withdrew it, or somebody who did not work on it, may put it back."
SETTLED_BY_DRAFT = (
    "A later draft said what becomes of its text, so it cannot be put back. Change the bank with a draft instead."
)
LATER_EDITION_WITHDRAWN = (
    "Two people withdrew a later edition, and none followed. Begin a new draft: two people publish that."
)
OTHER_REPLACEMENT = "Another edition would take its place now than the one you saw. Look at it once more."
NOT_CONFIRMED = "Tick that you want this."


@form_page(blueprint, "/history", get="banks.read")
def show_history(page: PageRequest) -> FormPage:
    found = history_by_bank(page.session)
    titles = {bank: load_edition(page.session, kept[0].id).edition.title for bank, kept in found.items()}
    banks = sorted(found.items(), key=lambda one: titles[one[0]])
    return FormPage(template="bank_editor/history.html", shows={"banks": banks, "titles": titles})


@form_page(blueprint, "/history/<bank>/<int:number>", get="banks.read")
def show_edition(page: PageRequest, number: int) -> FormPage:
    return _edition(page, number)


@form_page(blueprint, "/history/<bank>/<int:number>/withdraw", "ended", get="", post="banks.publish")
def withdraw_edition(page: PageRequest, number: int) -> FormPage:
    return _staged_edition(page, number, EditionStage.WITHDRAWN)


@form_page(blueprint, "/history/<bank>/<int:number>/put-back", "put back", get="", post="banks.publish")
def put_edition_back(page: PageRequest, number: int) -> FormPage:
    return _staged_edition(page, number, EditionStage.PUBLISHED)


@form_page(blueprint, "/history/<bank>/<int:number>/confirm", "confirmed", get="", post="banks.publish")
def confirm_edition_withdrawn(page: PageRequest, number: int) -> FormPage:
    def save() -> None:
        session, who, now = page.session, page.who, clock.now()
        kept, this = _edition_or_404(session, page.bank, number)
        row, then = withdrawal_of(session, this.id), edition_after_withdrawal(kept, number)
        if then is not None and then.waits and sent_text("then") != str(then.number):
            raise FieldRefusedError("confirm", OTHER_REPLACEMENT)
        if row is not None and row.by_id != who.id and not may_review(session, who.id, {row.by_id}, now):
            raise FieldRefusedError("confirm", TOO_NEW)
        if this.stage is not EditionStage.WITHDRAWN or not confirm_withdrawal(session, this.id, who.id, now):
            raise FieldRefusedError("confirm", "You withdrew it yourself, or somebody confirmed it already.")
        _email_edition(this, OLDER_EDITION_IN_USE if then is not None and then.waits else WITHDRAWAL_CONFIRMED)

    return _edition(page, number, save)


def _staged_edition(page: PageRequest, number: int, stage: EditionStage) -> FormPage:
    """Withdraw it, with others that were published together, or put it back."""
    session, withdrawn = page.session, stage is EditionStage.WITHDRAWN
    _, this = _edition_or_404(session, page.bank, number)
    form = page.read(
        why=ParagraphField(
            LONGEST_NOTE, lines=LONGEST_NOTE, required="Say why. It stands in the history of the bank for good."
        ),
        sure=TickField(required=NOT_CONFIRMED),
    )
    barred = "" if withdrawn or form.errors else _why_not_back(session, page.who, this)

    def save() -> None:
        ticked = sent_form().getlist("also") if withdrawn else ()
        others = [one for one in _published_together(session, this) if one.stage is EditionStage.PUBLISHED]
        done, message = (withdraw_published, EDITION_WITHDRAWN) if withdrawn else (put_back_withdrawn, EDITION_PUT_BACK)
        try:
            for one in (this, *(one for one in others if one.bank in ticked)):
                done(session, one.bank, one.number, clock.now(), Attribution(page.who.id, form["why"]))
                stopped = banks_waiting_for_second_person(session).get(one.bank) == one.number
                _email_edition(one, EDITIONS_STOPPED if stopped else message)
        except WithdrawalConfirmedError:  # another person confirmed it at the same moment
            raise FieldRefusedError("why", WITHDRAWN_BY_TWO) from None

    return _edition(page, number, save, {"why": barred} if barred else form.errors)


def _email_edition(one: EditionEntry, message: EmailText) -> None:
    title = f"{load_edition(request_session(), one.id).edition.title}, edition {one.number}"
    page = url_for("question_banks_history.show_edition", bank=one.bank, number=one.number)
    email_edition_change(request_session(), one.id, title, message, page, settings_of(current_app), clock.now())


def _published_together(session: Session, this: EditionEntry) -> list[EditionEntry]:
    return [
        one
        for bank, kept in history_by_bank(session).items()
        for one in kept
        if bank != this.bank and one.published_at == this.published_at and one.published.by and this.published.by
    ]


def _why_not_back(session: Session, who: CurrentUser, this: EditionEntry) -> str:
    """Why this person may not put a withdrawn edition back: what two people decided, or others did, nobody undoes alone."""
    row = withdrawal_of(session, this.id) if this.stage is EditionStage.WITHDRAWN else None
    if row is None:
        return ""
    if row.confirmed_at is not None:
        return WITHDRAWN_BY_TWO
    if row.settled_at is not None:
        return SETTLED_BY_DRAFT
    if not may_come_back(session, row):
        return LATER_EDITION_WITHDRAWN
    return "" if row.by_id == who.id else _why_not_by_another(session, who, this, row.by_id)


def _why_not_by_another(session: Session, who: CurrentUser, this: EditionEntry, withdrawn_by: uuid.UUID | None) -> str:
    """Why a person who did not withdraw it may not put it back: they worked on it, or one of those concerned is new here."""
    editors = editors_of_edition(session, this)
    if who.id in editors:
        return WORKED_ON_EDITION
    return "" if may_review(session, who.id, {*editors, withdrawn_by}, clock.now()) else TOO_NEW


def _edition_or_404(session: Session, bank: str, number: int) -> tuple[list[EditionEntry], EditionEntry]:
    kept = bank_history(session, bank)
    return kept, next((one for one in kept if one.number == number), None) or abort(404)


def _edition(
    page: PageRequest,
    number: int,
    save: Callable[[], object] | None = None,
    errors: Mapping[str, str] | None = None,
) -> FormPage:
    return FormPage(
        template="bank_editor/edition.html",
        shows=lambda _: _shown_of_edition(page, number),
        errors=errors or {},
        save=save,
        then=url_for(".show_edition", bank=page.bank, number=number),
    )


def _shown_of_edition(page: PageRequest, number: int) -> Mapping[str, object]:
    session, who, now = page.session, page.who, clock.now()
    kept, this = _edition_or_404(session, page.bank, number)
    before, compared = changes_of_edition(session, kept, number)
    then = edition_after_withdrawal(kept, number)
    row = withdrawal_of(session, this.id) if this.stage is EditionStage.WITHDRAWN else None
    others = _published_together(session, this) if this.stage is EditionStage.PUBLISHED else []
    may = general_relations(who)
    return {
        "this": this,
        "title": compared.new.title,
        "before": before,
        "read": texts_reviewed_before_publishing(session, this),
        "compared": compared,
        "then": then.number if then else None,
        "at_once": then is None or differ_only_in_links(session, (this.id, this.digest), (then.id, then.digest)),
        "waits": then is not None and then.waits and then.number < number,
        "newer": next((one.number for one in kept if one.in_use), None),
        "withdrawal": row,
        "week": CONFIRM_WITHIN,
        "overdue": row is not None and row.overdue(now),
        "second": row is not None and row.by_id != who.id,
        "barred": "" if row is None or may_review(session, who.id, {row.by_id} - {who.id}, now) else TOO_NEW,
        "not_back": _why_not_back(session, who, this),
        "confirmed_by": names_of_people(session, {row.confirmed_by})[row.confirmed_by] if row else "",
        "alone": not has_second_person(session, who.id),
        "also": [
            (one.bank, load_edition(session, one.id).edition.title)
            for one in others
            if one.stage is EditionStage.PUBLISHED
        ],
        "may_publish": relations_allow("banks.publish", may),
        "may_edit": relations_allow("banks.edit", may),
        "proven": who.proved_recently(now),
        "prove": url_with_next(REAUTHENTICATE_PATH, request.path),
        "typed": {name: sent_text(name) for name in ("why", "sure")},
    }


KEEP, LEAVE_OUT = "keep", "leave_out"
CHOSE_DRAFT, CHOSE_BEFORE = "mine", "before"


@form_page(blueprint, "/drafts/<uuid:draft_id>/withdrawn", "chosen", get="banks.read")
def choose_withdrawn_texts(page: PageRequest) -> FormPage:
    withdrawn = _editions_to_choose(page)
    fields: dict[str, ChoiceField] = {}
    for one in withdrawn:
        name = f"choice-{one.withdrawn.event_id}"
        possible = (KEEP, LEAVE_OUT) if one.instead is not None else (KEEP,)
        fields[name] = ChoiceField(possible, required="Choose whether this draft keeps it or leaves it out.")
        if sent_text(name) == LEAVE_OUT:
            text = ChoiceField((CHOSE_DRAFT, CHOSE_BEFORE), required="Choose which text this draft has here.")
            fields |= {f"clash-{one.withdrawn.event_id}-{at}": text for at, _ in enumerate(one.clashes)}
    form = page.read(**fields)

    def save() -> None:
        for one in withdrawn:
            if form[f"choice-{one.withdrawn.event_id}"] == KEEP:
                keep_withdrawn(page.session, page.draft, one, page.who.id, clock.now())
                continue
            mine = [
                clash.key
                for at, clash in enumerate(one.clashes)
                if form[f"clash-{one.withdrawn.event_id}-{at}"] == CHOSE_DRAFT
            ]
            # read anew: what was left out before may stand in the same files
            files = files_with_draft(page.session, page.draft)
            again = withdrawn_in_files(page.session, files, one.withdrawn, mine)
            leave_out_withdrawn(page.session, page.draft, again, page.who.id, clock.now())

    def lines(one: WithdrawnInDraft) -> list[tuple[str, str]]:
        here = page.draft_context.files.files
        texts = ((name, None if text is None else ContentFile(name, text)) for name, text in one.files.items())
        return [(name, diff_lines(here.get(name), text)) for name, text in texts]

    return FormPage(
        template="bank_editor/withdrawn.html",
        shows=lambda _: {"rows": [(one, lines(one)) for one in withdrawn], "typed": sent_form()},
        errors=form.errors,
        save=save,
        then=url_for("bank_editor.show_draft", draft_id=page.draft_id, done="chosen"),
    )


@form_page(blueprint, "/history/<bank>/<int:number>/remove-text", "begun", get="")
def begin_draft_without_edition(page: PageRequest, number: int) -> FormPage:
    """Begin a draft without what this edition brought; where something later changed it too, ask first which text it has."""
    session, now = page.session, clock.now()
    one = next((one for one in unsettled_withdrawals(session) if (one.bank, one.number) == (page.bank, number)), None)
    if one is None:
        abort(404)

    def save() -> str:
        draft = create_draft(session, "", page.who.id, now)
        held = withdrawn_in_files(session, files_with_draft(session, draft), one)
        draft.title = f"Take back edition {number} of “{held.title}”"[:LONGEST_DRAFT_TITLE]
        if not held.clashes:
            leave_out_withdrawn(session, draft, held, page.who.id, now)
        else:
            what = f"begun without edition {number}"
            log_withdrawn_choice(session, draft, one.event_id, page.who.id, now, keep=False, what=what)
        set_audit_subject("draft", draft.id)
        target = "question_banks_history.choose_withdrawn_texts" if held.clashes else "bank_editor.show_draft"
        return url_for(target, draft_id=draft.id)

    return FormPage(
        template="bank_editor/withdrawn_draft_refused.html",
        shows=lambda _: {
            "bank": page.bank,
            "number": number,
            "why": page.refused,
            "refused": None,
            "other": getattr(page.refused, "draft_id", None),
        },
        save=save,
        then=lambda address: address,
    )


def _editions_to_choose(page: PageRequest) -> list[WithdrawnInDraft]:
    """What has to be chosen; in a draft that was begun to take a text back, also where nothing is left but places changed twice."""
    begun = {
        event.details["withdrawal"]
        for event in draft_history(page.session, page.draft)
        if event.details.get("keep") is False
    }
    found = withdrawn_in_draft(page.session, page.draft_context)
    known = {one.withdrawn.event_id for one in found}
    more = [
        withdrawn_in_files(page.session, page.draft_context.files, one)
        for one in unsettled_withdrawals(page.session)
        if one.event_id in begun - known
    ]
    return [one for one in (*found, *more) if one.holds or (one.clashes and one.withdrawn.event_id in begun)]
