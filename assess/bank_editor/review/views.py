"""Pages: request a review, publish or send back; conflicts with newer files; what changes; dry runs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.bank_editor.draft_context import draft_context_or_404, draft_or_404, load_draft_context, reading_draft
from assess.bank_editor.duties_and_settings.services import SEEN_FIELDS
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.navigation import names_of_people
from assess.bank_editor.problems import rule_name
from assess.bank_editor.review import dry_runs
from assess.bank_editor.review.comparing import changed_banks, changed_files, diff_lines
from assess.bank_editor.review.emails import DRAFT_PUBLISHED, DRAFT_SENT_BACK, DraftEmails
from assess.bank_editor.review.publish_checks import (
    PublishReadiness,
    brand_new_questions,
    possible_publishers,
    review_to_json,
    reviews_by_thing,
)
from assess.bank_editor.review.sign_texts import SignText
from assess.bank_editor.urgent_fixes.contacts import sides_in_words
from assess.bank_editor.urgent_fixes.services import CONTACT_IN_DRAFT, email_all_staff
from assess.core import clock
from assess.core.application import query_integer, settings_of
from assess.core.audit.requests import set_audit_verb
from assess.core.db import database, request_session, roll_back_request
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError, NotSavedError, save_or_show_again
from assess.core.forms.fields import ChoiceField, ParagraphField, TickField
from assess.core.forms.form import FormResult, read_fields, sent_form, sent_text
from assess.core.models import JobState
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.edition_changes import CarryOverEffects, carry_over_effects
from assess.identity.access import reauthentication_redirect, require_person
from assess.identity.current_user import CurrentUser
from assess.identity.permissions import general_relations, relations_allow
from assess.question_banks import drafts
from assess.question_banks.content_versions import blob_content, content_version_in_force
from assess.question_banks.drafts import ask_for_review, publish_draft
from assess.question_banks.files import ContentFile
from assess.question_banks.models import LONGEST_COMMENT, Draft, DraftFile, DraftStage

MAX_TRIES = 5
"""Times that a draft may be changed while it is compared."""
NO_REASON = "Say what has to be done before it can be published."
NOTHING_TICKED = "Tick the texts that you have read."
NOT_CONFIRMED = "Tick that you have read it and want it to be used from now on."
REQUESTER_NOT_PROVED = "Send it back. It changes a contact that every page shows, so somebody else than you has to ask for the review and prove who they are."
CommentField = partial(ParagraphField, LONGEST_COMMENT, lines=LONGEST_COMMENT)

blueprint = Blueprint("draft_review", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>")


@blueprint.get("/review")
@requires("banks.read", load=require_person)
def show_review(who: CurrentUser, draft_id: uuid.UUID) -> Response | str:
    with database().reading() as session:
        draft = draft_or_404(session, draft_id)
        ask = (
            _proof_redirect(
                who, PublishReadiness(session, load_draft_context(session, draft, clock.now()), clock.now()), draft_id
            )
            if draft.stage.open
            else None
        )
    return ask or _review_page(who, draft_id, {})


@blueprint.post("/review/ask")
@audited("asked")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.edit", load=require_person)
def request_review(who: CurrentUser, draft_id: uuid.UUID) -> PageResponse:
    case = _locked_draft_or_redirect(who, draft_id)
    if isinstance(case, Response):
        return case
    form = read_fields(
        words=CommentField(),
        note=CommentField(required="Say in a sentence why you change this. It stands in the history of the bank."),
        read=TickField(required="Read what changes, and tick that you have."),
    )
    errors = dict(form.errors)
    if case.missing_steps():
        errors["missing"] = case.missing_steps()[0].words
    if errors:
        roll_back_request()
        return _review_page(who, draft_id, errors, _changed_since(case)), 422

    def ask() -> None:
        if conflict := _changed_since(case):
            raise conflict
        ask_for_review(
            request_session(),
            case.draft_context.draft,
            who.id,
            form["words"],
            clock.now(),
            note=form["note"],
            proved=who.proved_recently(clock.now()),
        )
        if case.contacts:
            _email_about_contacts(case, draft_id, "asked")
        else:
            _draft_emails(case, draft_id).email_others()

    return save_or_show_again(
        ask, lambda refused: _review_page(who, draft_id, {}, refused), url_for(".show_review", draft_id=draft_id)
    )


@blueprint.post("/review/read")
@audited("confirmed")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.publish", load=require_person)
def confirm_texts(who: CurrentUser, draft_id: uuid.UUID) -> PageResponse:
    """Keep which texts that touch a sign the second person has read, and why words in them may stand."""
    case = _locked_draft(draft_id, who)
    if case is None:
        return _review_over(draft_id)
    marks = [one.text.digest for one in case.text_reviews]
    form = read_fields(
        **{f"why-{mark}": CommentField() for mark in marks},
        **{f"read-{mark}": TickField() for mark in marks},
    )
    errors = {name: said for one in case.text_reviews for name, said in _text_errors(one.text, form).items()}
    ticked = [one for one in case.text_reviews if form[f"read-{one.text.digest}"]]
    said = [(review_to_json(one.text, form.values.get(f"why-{one.text.digest}", "")), one.said) for one in ticked]
    read = [now_said for now_said, before in said if now_said != before]
    if not errors and not read and not all(one.done for one in case.text_reviews):
        errors["texts"] = NOTHING_TICKED
    if errors:
        roll_back_request()
        return _review_page(who, draft_id, errors), 422
    page = url_for(".show_review", draft_id=draft_id, read="yes", _anchor="texts")
    if not read:
        return redirect(page, 303)
    return save_or_show_again(
        lambda: drafts.log_reviewed_texts(request_session(), case.draft_context.draft, who.id, read, clock.now()),
        lambda refused: _review_page(who, draft_id, {}, refused),
        page,
    )


@blueprint.post("/review/publish")
@audited("finished")  # an event says "published": all other ways out of this change nothing, and leave none
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.publish", load=require_person)
def publish_reviewed_draft(who: CurrentUser, draft_id: uuid.UUID) -> PageResponse:
    case = _locked_draft_or_redirect(who, draft_id)
    if isinstance(case, Response):
        return case
    form = read_fields(words=CommentField(), sure=TickField(required=NOT_CONFIRMED))
    errors = {**form.errors, **_publishing_errors(who, case)}
    if errors:
        roll_back_request()
        return _review_page(who, draft_id, errors, _changed_since(case)), 422
    contacts = case.contacts  # read now: once it is published, nothing differs any more
    news = _draft_emails(case, draft_id)

    def publish() -> None:
        if conflict := _changed_since(case):
            raise conflict
        publish_draft(
            request_session(),
            case.draft_context.draft,
            who.id,
            form["words"],
            clock.now(),
            withdrawn_settled_for=case.withdrawn_settled_for,
            read=[one.kept for one in case.text_reviews],
        )
        set_audit_verb("published")
        news.email_editors(DRAFT_PUBLISHED)
        if contacts:
            _email_about_contacts(case, draft_id, "confirmed")

    return save_or_show_again(
        publish,
        lambda refused: _review_page(who, draft_id, {}, refused),
        url_for("bank_editor.show_draft", draft_id=draft_id),
    )


@blueprint.post("/review/send-back")
@audited("sent")  # an event says "sent back", as above
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("banks.publish", load=require_person)
def send_back_reviewed_draft(who: CurrentUser, draft_id: uuid.UUID) -> PageResponse:
    case = _locked_draft(draft_id, who)
    if case is None:
        return _review_over(draft_id)
    form = read_fields(reason=CommentField(required=NO_REASON))
    if form.errors:
        roll_back_request()
        return _review_page(who, draft_id, form.errors), 422

    def send_back() -> None:
        drafts.send_draft_back(request_session(), case.draft_context.draft, who.id, form["reason"], clock.now())
        set_audit_verb("sent back")
        if case.contacts:
            _email_about_contacts(case, draft_id, "refused")
        _draft_emails(case, draft_id).email_editors(DRAFT_SENT_BACK)

    return save_or_show_again(
        send_back, lambda refused: _review_page(who, draft_id, {}, refused), url_for(".show_review", draft_id=draft_id)
    )


def _text_errors(text: SignText, form: FormResult) -> dict[str, str]:
    why, tick = f"why-{text.digest}", f"read-{text.digest}"
    if why in form.errors:
        return {why: form.errors[why]}
    reason, ticked = form[why], form[tick]
    if ticked and text.words and not reason:
        return {why: "Write why these words may stand, or send the draft back."}
    return {tick: "Tick that you have read this text. Your reason stands below it."} if reason and not ticked else {}


def _locked_draft(draft_id: uuid.UUID, who: CurrentUser) -> PublishReadiness | None:
    """The draft, which nobody else changes before this request is over. None when it was published or discarded.

    Its texts are compared before it is held: on SQLite nobody else can save while it is. A change meanwhile has it compared anew.
    """
    for _ in range(MAX_TRIES):
        with database().reading() as session:
            draft = draft_or_404(session, draft_id)
            compared = _compared(session, draft, who) if draft.stage.open else None
        draft = draft_or_404(request_session(), draft_id)
        drafts.lock_draft(request_session(), draft)
        if not draft.stage.open:
            return None
        case = PublishReadiness(
            request_session(), load_draft_context(request_session(), draft, clock.now()), clock.now(), who.id
        )
        if case.compared_digest == compared:
            return case
        roll_back_request()
    raise EditConflictError(words=LOOK_AGAIN)


def _compared(session: Session, draft: Draft, who: CurrentUser) -> str:
    case = PublishReadiness(session, load_draft_context(session, draft, clock.now()), clock.now(), who.id)
    digest = case.compared_digest
    # compares the texts that touch a sign; `DraftContext.changed_sign_texts` keeps them for the time under the lock
    _ = case.text_reviews
    return digest


def _locked_draft_or_redirect(who: CurrentUser, draft_id: uuid.UUID) -> PublishReadiness | Response:
    case = _locked_draft(draft_id, who)
    return _review_over(draft_id) if case is None else _proof_redirect(who, case, draft_id) or case


def _publishing_errors(who: CurrentUser, case: PublishReadiness) -> dict[str, str]:
    errors = {}
    missing = case.missing_steps(publishing=True)
    if missing:
        errors["missing"] = missing[0].words
    review_request = drafts.last_review_request(request_session(), case.draft_context.draft)
    if (
        case.contacts
        and review_request
        and (review_request.person_id == who.id or not review_request.details.get("proved"))
    ):
        errors["missing"] = REQUESTER_NOT_PROVED
    return errors


def _changed_since(case: PublishReadiness) -> EditConflictError | None:
    """Set when the page showed something else than what would be published now. It is said beside all other errors as well: the page drawn again shows what is new."""
    return EditConflictError(words=LOOK_AGAIN) if sent_text("seen") != case.reviewed_digest else None


def _review_over(draft_id: uuid.UUID) -> Response:
    return redirect(url_for("bank_editor.show_draft", draft_id=draft_id), 303)


def _draft_emails(case: PublishReadiness, draft_id: uuid.UUID) -> DraftEmails:
    page = url_for("bank_editor.show_draft", draft_id=draft_id)
    return DraftEmails(
        case.session, case.draft_context.draft, case.editors, page, settings_of(current_app), clock.now()
    )


def _proof_redirect(who: CurrentUser, case: PublishReadiness, draft_id: uuid.UUID) -> Response | None:
    """Where to send a person first who looks at a draft that changes a contact every page shows."""
    return (
        reauthentication_redirect(who, url_for("draft_review.show_review", draft_id=draft_id))
        if case.contacts
        else None
    )


def _email_about_contacts(case: PublishReadiness, draft_id: uuid.UUID, what: str) -> None:
    draft, page = case.draft_context.draft, url_for("bank_editor.show_draft", draft_id=draft_id)
    event = f"draft-contacts:{draft.id.hex}:{len(drafts.draft_history(case.session, draft))}"
    email_all_staff(case.session, event, CONTACT_IN_DRAFT[what], page, settings_of(current_app), clock.now())


def _review_page(
    who: CurrentUser, draft_id: uuid.UUID, errors: Mapping[str, str], refused: NotSavedError | None = None
) -> str:
    with database().reading() as session:
        draft = draft_or_404(session, draft_id)
        if not draft.stage.open:
            return render_template("bank_editor/review_over.html", draft=draft)
        case = PublishReadiness(session, load_draft_context(session, draft, clock.now()), clock.now(), who.id)
        review_request = drafts.last_review_request(session, draft) if draft.stage is DraftStage.IN_REVIEW else None
        may = general_relations(who)
        return render_template(
            "bank_editor/review.html",
            draft=draft,
            banks=case.banks,
            files=case.files,
            dry_runs=dry_run_views(session, case.dry_runs),
            missing=case.missing_steps(publishing=review_request is not None),
            contacts=[
                (one.called, sides_in_words((*SEEN_FIELDS, "source"), one.before, one.after), one.kept)
                for one in case.contacts
            ],
            reviews=reviews_by_thing(case.text_reviews),
            unread=sum(not one.done for one in case.text_reviews),
            just_read=request.args.get("read") == "yes",
            name_of=rule_name,
            seen=case.reviewed_digest,
            review_request=review_request,
            asked_by=names_of_people(session, {review_request.person_id})[review_request.person_id]
            if review_request
            else "",
            edited_it=who.id in case.editors,
            barred=who.id in case.barred,
            could=[one.name or one.email for one in possible_publishers(session, case.barred)],
            may_edit=relations_allow("banks.edit", may),
            may_publish=relations_allow("banks.publish", may),
            errors=dict(errors),
            refused=refused,
            typed={name: sent_text(name) for name in ("words", "note", "read", "sure", "reason")},
            form=sent_form() if request.endpoint == "draft_review.confirm_texts" else None,
            **dry_run_labels(),
        )


MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class FileConflict:
    """A file: what was published since the draft took it up, and how the draft's text differs from that. `seen`: its digest in force."""

    name: str
    etag: str
    published: str
    ours: str


@form_page(blueprint, "/conflicts", "settled", get="banks.read")
def settle_conflicts(page: PageRequest) -> FormPage:
    behind = drafts.files_behind(page.session, page.draft)
    which = ChoiceField((MINE, THEIRS), required="Choose for each file which text this draft goes on with.")
    form = page.read(**{f"text-{at}": which for at, _ in enumerate(behind)})

    def save() -> None:
        for at, name in enumerate(behind):
            seen, mine = sent_text(f"seen-{at}"), form[f"text-{at}"] == MINE
            drafts.rebase_draft_file(
                page.session, page.draft, name, page.who.id, clock.now(), in_force_seen=seen, mine=mine
            )

    return FormPage(
        template="bank_editor/conflicts.html",
        shows=lambda _: {
            "draft": page.draft,
            "files": file_conflicts(page.session, page.draft) if page.draft.stage.open else [],
            "typed": {f"text-{at}": form.typed.get(f"text-{at}") for at, _ in enumerate(behind)},
        },
        errors=form.errors,
        save=save,
        then=url_for(".show_changes", draft_id=page.draft_id),
    )


def file_conflicts(session: Session, draft: Draft) -> Sequence[FileConflict]:
    version = content_version_in_force(session)
    found = []
    for name in drafts.files_behind(session, draft):
        own = session.get_one(DraftFile, (draft.id, name))
        digest = version.sheets.get(name) if version else None
        base, here, ours = (
            None if text is None else ContentFile(name, text)
            for text in (blob_content(session, own.base), blob_content(session, digest), own.content)
        )
        found.append(FileConflict(name, digest or "", diff_lines(base, here), diff_lines(here, ours)))
    return found


@form_page(blueprint, "/changes", get="banks.read")
def show_changes(page: PageRequest) -> FormPage:
    return FormPage(
        template="bank_editor/changes.html",
        shows={
            "draft_context": page.draft_context,
            "banks": changed_banks(page.session, page.draft_context),
            "files": changed_files(page.session, page.draft_context),
        },
    )


POLL_SECONDS = 2
MAX_POLLS = 60
DRY_RUN_LIMIT_REACHED = (
    f"This bank was tested {dry_runs.MAX_PER_DAY} times since this time yesterday. Many tests together could tell what one business answered, "
    "so no more are made now. Try again tomorrow."
)
BAND_WORDS: Mapping[str, str] = {
    "low": "low", "medium": "medium", "high": "high", "critical": "act now", "not_rated": "not rated",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DryRunView:
    """One changed bank as the page shows it. What goes with the texts of both editions is known before any submission is counted."""

    dry_run: dry_runs.BankDryRun
    figures: dry_runs.Figures
    under_way: bool
    failed: bool
    asks: Mapping[str, str]
    left: Sequence[str]
    doubtful: Sequence[str]
    new: Sequence[str]


@blueprint.route("/dry-runs", methods=["GET", "POST"])
@audited("begun")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.read", load=require_person)
def request_dry_runs(who: CurrentUser, draft_id: uuid.UUID) -> Response:
    """How each changed bank stands. Scripts ask for plain text and get how far it is, with 202 while it is being worked on."""
    if request.method != "POST":
        return _dry_runs_page(draft_id)
    draft_context = draft_context_or_404(request_session(), draft_id)
    try:
        for one in PublishReadiness(request_session(), draft_context, clock.now()).dry_runs:
            if one.wanted:
                basis = dry_runs.dry_run_basis(one.change, draft_context.files, clock.now())
                dry_runs.request_dry_run(request_session(), draft_context.draft, one, basis, who.id, clock.now())
    except dry_runs.DryRunLimitError:
        roll_back_request()
        return _dry_runs_page(draft_id, DRY_RUN_LIMIT_REACHED)
    return redirect(url_for(".request_dry_runs", draft_id=draft_id), 303)


def _dry_runs_page(draft_id: uuid.UUID, error: str = "") -> Response:
    with reading_draft(draft_id) as (session, draft_context):
        shown = dry_run_views(session, PublishReadiness(session, draft_context, clock.now()).dry_runs)
    under_way = [one for one in shown if one.under_way]
    words = progress_in_words(under_way)
    if under_way and request.accept_mimetypes.best_match(["text/html", "text/plain"]) == "text/plain":
        response = make_response(words, 202)
        response.mimetype = "text/plain"
        response.headers["Retry-After"] = str(POLL_SECONDS)
        return response
    here, polls = url_for("draft_review.request_dry_runs", draft_id=draft_id), query_integer("poll", 0)
    page = render_template(
        "bank_editor/dry_runs.html",
        draft=draft_context.draft,
        shown=shown,
        words=words,
        under_way=bool(under_way),
        wanted=any(one.dry_run.wanted and not one.under_way for one in shown),
        error=error,
        this_page=here,
        pause=POLL_SECONDS,
        next_poll=f"{here}?poll={polls + 1}" if 0 <= polls < MAX_POLLS else None,
        stop=f"{here}?poll={MAX_POLLS}",
        **dry_run_labels(),
    )
    return make_response(page, 429 if error else 200)


def dry_run_labels() -> Mapping[str, object]:
    return {
        "bands": dry_runs.BANDS,
        "band_words": BAND_WORDS,
        "shown_from": dry_runs.MIN_SUBMISSIONS,
        "step": dry_runs.ROUNDING_STEP,
    }


def dry_run_views(session: Session, bank_dry_runs: Sequence[dry_runs.BankDryRun]) -> list[DryRunView]:
    return [_dry_run_view(session, one) for one in bank_dry_runs]


def _dry_run_view(session: Session, one: dry_runs.BankDryRun) -> DryRunView:
    last, old, new = one.last, one.change.old, one.change.new
    job = dry_runs.dry_run_job(session, last) if last is not None and last.ended_at is None and not one.danger else None
    effects = carry_over_effects(old.edition, new) if old else CarryOverEffects({}, {})
    before = old.edition.questions() if old else ()
    asks = {question.id: question.ask for question in (*before, *new.questions())}
    return DryRunView(
        dry_run=one,
        figures=dry_runs.figures_of(dry_runs.counts_from_json(last.counts if last is not None and one.holds else {})),
        under_way=job is not None and job.state in {JobState.WAITING, JobState.RUNNING},
        failed=job is not None and job.state is JobState.FAILED,
        asks=asks,
        left=[asks[name] for name in effects.left_behind],
        doubtful=[asks[name] for name in effects.confirm],
        new=[question.ask for question in brand_new_questions(old.edition, new)] if old else [],
    )


def progress_in_words(under_way: Sequence[DryRunView]) -> str:
    found = [one.dry_run.last for one in under_way if one.dry_run.last is not None]
    done, total = sum(one.counted for one in found), sum(one.total for one in found)
    return f"{done:,} of {total:,} submissions are done." if done else "It is about to begin."
