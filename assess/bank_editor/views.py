"""Pages: list of banks and drafts, one draft, release updates, dates to recheck, how questions are answered, and a new sector."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import unified_diff
from pathlib import Path

from flask import Blueprint, current_app, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.models import AnswerEvent, FormPart, Submission
from assess.assessments.question_feedback import feedback_counts, get_feedback
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.labels import file_label
from assess.bank_editor.navigation import banks_in_use, closed_drafts, names_of_people, open_drafts
from assess.bank_editor.recheck_dates import DUE_SOON, recheck_list
from assess.bank_editor.review.publish_checks import choice_in_words
from assess.bank_editor.review.withdrawn import withdrawn_in_draft
from assess.bank_editor.sectors import (
    FIELDS,
    INDUSTRIES,
    KIND_CHOICES,
    POOR_CHOICES,
    SCORING,
    SEASONS,
    NewSector,
    sector_choices,
    sector_files,
    sector_from,
)
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_subject
from assess.core.forms.fields import TextField
from assess.core.forms.form import sent_form
from assess.engine.bank import Question
from assess.engine.points import is_dont_know
from assess.engine.record import sign_related_questions
from assess.identity.permissions import general_relations, relations_allow
from assess.question_banks import drafts
from assess.question_banks.content_versions import blob_content, content_version_in_force, files_in_force
from assess.question_banks.drafts import create_draft, undo_draft_edit, undoable_edits
from assess.question_banks.editions import (
    EditionNotFoundError,
    banks_waiting_for_second_person,
    current_edition,
    load_edition,
    unsettled_withdrawals,
)
from assess.question_banks.files import QUESTIONNAIRES, BoundedCache, ContentFiles, read_content
from assess.question_banks.models import (
    LONGEST_COMMENT,
    LONGEST_DRAFT_TITLE,
    BundledFile,
    ContentVersion,
    Draft,
    EditionRow,
)
from assess.question_banks.settings import MONTH_NAMES

MIN_ASKED = 10
"""Businesses that were asked, before anything is told; and the step in which more are counted."""
SMALL_COUNT = 3
"""Fewer than these are not told apart."""
ROUNDING_STEP = 5
"""Shares are rounded to so many percent."""
NOT_COUNTED = "not counted"


@dataclass(frozen=True, slots=True)
class TypingTimes:
    first: datetime
    last: datetime
    times: int


@dataclass(frozen=True, slots=True)
class SubmissionAnswers:
    answers: Mapping[str, object]
    typed: Mapping[str, TypingTimes]


@dataclass(slots=True)
class QuestionCounts:
    asked: int = 0
    not_known: int = 0
    left_open: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class QuestionUse:
    shown: bool
    not_known: str
    left_open: str
    changed: str


def count_answers(submissions: Iterable[SubmissionAnswers]) -> dict[str, QuestionCounts]:
    """Count each scored question. Changed at the end is what was changed after everything else had an answer."""
    found: dict[str, QuestionCounts] = {}
    for one in submissions:
        # after the last first answer the check page is all that is left; when it was opened is not kept
        through = max((form_data.first for form_data in one.typed.values()), default=None)
        for name, answer in one.answers.items():
            here = found.setdefault(name, QuestionCounts())
            here.asked += 1
            here.left_open += answer is None
            here.not_known += is_dont_know(answer)
            form_data = one.typed.get(name)
            here.changed += (
                form_data is not None and through is not None and form_data.times > 1 and form_data.last > through
            )
    return found


def question_use(question: Question, count: QuestionCounts | None) -> QuestionUse:
    if question.can_sign or question.kind == "fact":
        return QuestionUse(shown=False, not_known=NOT_COUNTED, left_open=NOT_COUNTED, changed=NOT_COUNTED)
    here = count or QuestionCounts()
    shares = [share_in_words(part, here.asked) for part in (here.not_known, here.left_open, here.changed)]
    return QuestionUse(here.asked >= MIN_ASKED, *shares)


def share_in_words(part: int, whole: int) -> str:
    """A part of those who were asked, in words that point to nobody."""
    if whole < MIN_ASKED:
        return "too few to say"
    if part < SMALL_COUNT:
        return f"fewer than {SMALL_COUNT}"
    if whole - part < SMALL_COUNT:
        return "nearly all"
    return f"about {round(100 * part / whole / ROUNDING_STEP) * ROUNDING_STEP}%"


def whole_tens(count: int) -> int:
    return count - count % MIN_ASKED


MAX_SUBMISSIONS = 200
"""The newest submissions that are counted: what was said years ago is of other words."""

_counts_cache: BoundedCache[Mapping[str, QuestionCounts]] = BoundedCache(8)


def counts_by_question(session: Session, bank: str, today: date) -> Mapping[str, QuestionCounts]:
    """How each scored question of a bank was answered, by its id. Kept until there are ten more."""
    ids = counted_submission_ids(session, bank, today)
    return _counts_cache.get((bank, tuple(ids)), lambda: count_answers(_load_submission_answers(session, ids)))


def counted_submission_ids(session: Session, bank: str, today: date) -> Sequence[int]:
    """The first submissions of months that are over, in whole tens, the newest of them."""
    month = datetime(today.year, today.month, 1, tzinfo=UTC)
    wanted = select(Submission.id).where(Submission.sector == bank, Submission.number == 1, Submission.made_at < month)
    ids = session.scalars(wanted.order_by(Submission.made_at, Submission.id)).all()
    return ids[: whole_tens(len(ids))][-MAX_SUBMISSIONS:]


def _load_submission_answers(session: Session, ids: Sequence[int]) -> list[SubmissionAnswers]:
    rows = session.execute(
        select(Submission.assessment_id, Submission.edition_id, Submission.record).where(Submission.id.in_(ids))
    )
    found = [(whose, edition_id, record["result"]["lines"]) for whose, edition_id, record in rows]
    form_data = _load_typing_times(session, ids)
    quiet = {
        one: sign_related_questions(load_edition(session, one).edition)
        for one in {edition_id for _, edition_id, _ in found}
    }
    return [
        SubmissionAnswers(
            {line["question"]: line["answer"] for line in of_one if line["question"] not in quiet[edition_id]},
            form_data.get(assessment_id, {}),
        )
        for assessment_id, edition_id, of_one in found
    ]


def _load_typing_times(session: Session, ids: Sequence[int]) -> dict[uuid.UUID, dict[str, TypingTimes]]:
    whose, question = AnswerEvent.assessment_id, AnswerEvent.question
    wanted = (
        select(whose, question, func.min(AnswerEvent.at), func.max(AnswerEvent.at), func.count())
        .join(Submission, Submission.assessment_id == whose)
        .where(Submission.id.in_(ids), AnswerEvent.part == FormPart.ANSWER, AnswerEvent.at <= Submission.made_at)
        .group_by(whose, question)
    )
    found: dict[uuid.UUID, dict[str, TypingTimes]] = {}
    for assessment_id, name, first, last, times in session.execute(wanted):
        found.setdefault(assessment_id, {})[name] = TypingTimes(first, last, times)
    return found


DONE_MESSAGES = {"undone": "Undone.", "saved": "Saved in this draft.", "chosen": "Your choice is saved in this draft."}

blueprint = Blueprint("bank_editor", __name__, url_prefix="/question-banks")


@form_page(blueprint, "/drafts/<uuid:draft_id>", get="banks.read")
def show_draft(page: PageRequest) -> FormPage:
    return FormPage(template="bank_editor/draft.html", shows=lambda _: _shown_of_draft(page))


@form_page(blueprint, "/drafts/<uuid:draft_id>/undo/<int:number>", "undone", get="")
def undo_edit(page: PageRequest, number: int) -> FormPage:
    return FormPage(
        template="bank_editor/draft.html",
        shows=lambda _: _shown_of_draft(page),
        save=lambda: undo_draft_edit(page.session, page.draft, number, page.who.id, clock.now()),
        then=url_for(".show_draft", draft_id=page.draft_id, done="undone"),
    )


@form_page(blueprint, "/drafts/<uuid:draft_id>/discard", "ended")
def discard_open_draft(page: PageRequest) -> FormPage:
    form = page.read(words=TextField(LONGEST_COMMENT))
    return FormPage(
        template="bank_editor/draft.html" if page.refused else "bank_editor/draft_discard.html",
        shows=lambda _: _shown_of_draft(page) if page.refused else {"typed": form.typed.get("words", "")},
        errors=form.errors,
        save=lambda: drafts.discard_draft(page.session, page.draft, page.who.id, form["words"], clock.now()),
        then=url_for(".show_question_banks"),
    )


def _shown_of_draft(page: PageRequest) -> Mapping[str, object]:
    session, draft = page.session, page.draft
    history = drafts.draft_history(session, draft)
    shown: dict[str, object] = {"draft_context": None}
    if draft.stage.open:
        held = page.draft_context.files
        shown = {
            "draft_context": page.draft_context,
            "undecided": [
                choice_in_words(one) for one in withdrawn_in_draft(session, page.draft_context) if one.undecided
            ],
            "banks": [(bank, file_label(f"{bank}.yaml", held.at("", bank))) for bank in held.banks()],
            "changed": [file_label(name, held.files.get(name)) for name in drafts.changed_draft_files(session, draft)],
        }
    return shown | {
        "second": relations_allow("banks.publish", general_relations(page.who))
        and page.who.id not in drafts.draft_editors(session, draft),
        "history": list(reversed(history)),
        "undoable": undoable_edits(session, draft),
        "people": names_of_people(session, {event.person_id for event in history}),
        "done": DONE_MESSAGES.get(request.args.get("done", "")) if page.form_data is None else None,
    }


@form_page(blueprint, "", "begun", get="banks.read")
def show_question_banks(page: PageRequest) -> FormPage:
    missing = "Give it a title, such as “Clearer question about pay”."
    form = page.read(title=TextField(LONGEST_DRAFT_TITLE, required=missing))

    def shows(_: Mapping[str, str]) -> Mapping[str, object]:
        session, opened = page.session, open_drafts(page.session)
        return {
            "banks": banks_in_use(session),
            "opened": opened,
            "closed": closed_drafts(session),
            "stopped": banks_waiting_for_second_person(session),
            "withdrawn": [
                (one, load_edition(session, one.edition_id).edition.title) for one in unsettled_withdrawals(session)
            ],
            "brought": release_update_names(session),
            "people": names_of_people(session, {one.author_id for one in opened}),
            "typed": form.typed.get("title", ""),
        }

    return FormPage(
        template="bank_editor/banks.html",
        shows=shows,
        errors=form.errors,
        save=lambda: _begun(create_draft(page.session, form["title"], page.who.id, clock.now())),
        then=_draft_address,
    )


def _begun(draft: Draft) -> Draft:
    set_audit_subject("draft", draft.id)
    return draft


def _draft_address(draft: Draft) -> str:
    return url_for(".show_draft", draft_id=draft.id)


@form_page(blueprint, "/release-updates", "begun", get="banks.read")
def begin_draft_from_release(page: PageRequest) -> FormPage:
    ticked = sent_form().getlist("files")
    wanted = [name for name in release_update_names(page.session) if name in ticked]
    return FormPage(
        template="bank_editor/release_updates.html",
        shows=lambda _: {"files": release_updates(page.session), "chosen": wanted},
        errors={} if wanted else {"files": "Tick the files whose text you want to take over."},
        save=lambda: _begun(create_draft_from_release(page.session, wanted, page.who.id, clock.now())),
        then=_draft_address,
    )


MAX_DIFF_LINES = 120


@dataclass(frozen=True, slots=True)
class ReleaseFileUpdate:
    """A file with another text in the release. `lines` begin with + (the release) or - (in use here); `more` were left out."""

    name: str
    lines: tuple[str, ...]
    more: int


def release_update_names(session: Session) -> list[str]:
    """The files of the release with a text that was never in use here, while another one is."""
    version = content_version_in_force(session)
    if version is None:
        return []
    release = {row.name: row.digest for row in session.scalars(select(BundledFile))}
    differ = {name: digest for name, digest in release.items() if version.sheets.get(name) != digest}
    if not differ:
        return []
    # a text that once was in use is the one that ours was made from: the release says nothing new there
    for digests in session.scalars(select(ContentVersion.sheets)):
        differ = {name: digest for name, digest in differ.items() if digests.get(name) != digest}
    return sorted(differ)


def release_updates(session: Session, folder: Path = QUESTIONNAIRES) -> list[ReleaseFileUpdate]:
    version = content_version_in_force(session)
    ours = version.sheets if version else {}
    return [
        _diff_lines(name, blob_content(session, ours.get(name)) or b"", _release_text(folder, name) or b"")
        for name in release_update_names(session)
    ]


def create_draft_from_release(
    session: Session, names: Sequence[str], person_id: uuid.UUID, now: datetime, folder: Path = QUESTIONNAIRES
) -> Draft:
    """The caller commits. Raises DraftError when a file is in another open draft, or gone from beside the code."""
    draft = drafts.create_draft(session, "Take over texts of the release", person_id, now)
    for name in names:
        text = _release_text(folder, name)
        if text is None:
            raise drafts.DraftError(f"{name} is not in this release any more. Load this page again.")
        seen = drafts.file_in_draft(session, draft, name)
        drafts.save_draft_file(
            session, draft, name, text, person_id, now, seen=seen, what=f"{name} as the release brings it"
        )
    return draft


def _release_text(folder: Path, name: str) -> bytes | None:
    content = read_content(folder / name)
    return content if isinstance(content, bytes) else None


def _diff_lines(name: str, ours: bytes, theirs: bytes) -> ReleaseFileUpdate:
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (ours, theirs))
    compared = unified_diff(before, after, n=0, lineterm="")
    lines = [line for line in compared if not line.startswith(("---", "+++", "@@"))]
    return ReleaseFileUpdate(name, tuple(lines[:MAX_DIFF_LINES]), max(0, len(lines) - MAX_DIFF_LINES))


@form_page(blueprint, "/due-for-checking", get="banks.read")
def show_due_for_checking(page: PageRequest) -> FormPage:
    return FormPage(
        template="bank_editor/due_for_checking.html",
        shows={
            "due": recheck_list(files_in_force(page.session), clock.today()),
            "days": DUE_SOON.days,
            "called": lambda name: file_label(name, None),
            "mails": settings_of(current_app).mail_server is not None,
        },
    )


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/use", get="banks.read")
def show_bank_use(page: PageRequest) -> FormPage:
    counts = counts_by_question(page.session, page.bank, clock.today())
    notes = feedback_counts(page.session, clock.today())
    rows = [
        (one, question_use(one, counts.get(one.id)), notes[one.id])
        for one in _questions_in_use(page.session, page.bank).values()
    ]
    title = file_label(f"{page.bank}.yaml", page.draft_context.files.at("", page.bank))
    return FormPage(
        template="bank_editor/bank_use.html",
        shows={"title": title, "rows": rows, "least": MIN_ASKED, "most": MAX_SUBMISSIONS},
    )


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/questions/<question_id>/use", get="banks.read")
def show_question_use(page: PageRequest, question_id: str) -> FormPage:
    today = clock.today()
    in_force = _questions_in_use(page.session, page.bank).get(question_id)
    counts = counts_by_question(page.session, page.bank, today)
    return FormPage(
        template="bank_editor/question_use.html",
        shows={
            "location": page.bank_context.question(question_id),
            "question": in_force,
            "use": question_use(in_force, counts.get(question_id)) if in_force else None,
            "notes": [
                (f"{date.fromisoformat(f'{note.month}-01'):%B %Y}", note)
                for note in get_feedback(page.session, question_id, today)
            ],
            "least": MIN_ASKED,
            "most": MAX_SUBMISSIONS,
        },
    )


def _questions_in_use(session: Session, bank: str) -> Mapping[str, Question]:
    try:
        return {question.id: question for question in current_edition(session, bank).edition.questions()}
    except EditionNotFoundError:
        return {}


FILE_SUMMARIES = {SCORING: "where its risk starts", SEASONS: "when it is busy", INDUSTRIES: "the codes that lead to it"}
"""What each file is changed for, in the history: each can be undone alone."""


@form_page(blueprint, "/drafts/<uuid:draft_id>/sectors/new", "added")
def add_sector(page: PageRequest) -> FormPage:
    files, choices = page.draft_context.files, sector_choices(page.draft_context.files)
    wanted, errors = sector_from(sent_form(), choices, _used_ids(page.session, files))

    def save(sector: NewSector) -> str:
        for name, content in sector_files(files, sector, clock.today()).items():
            held = files.files.get(name)
            seen = held.content if held and isinstance(held.content, bytes) else None
            what = f"a new sector, “{sector.title}”: {FILE_SUMMARIES.get(name, 'its bank')}"
            drafts.save_draft_file(
                page.session, page.draft, name, content, page.who.id, clock.now(), seen=seen, what=what
            )
        return url_for("bank_questions.show_bank", draft_id=page.draft_id, bank=sector.id)

    begun = {"kind": "safeguard", "poor": "no"} if page.form_data is None else sent_form()
    return FormPage(
        template="bank_editor/sector_new.html",
        shows=lambda _: {
            "choices": choices,
            "bases": _bases_by_title(files),
            "kinds": KIND_CHOICES,
            "poor": POOR_CHOICES,
            "months": [(str(number), words) for number, words in enumerate(MONTH_NAMES, 1)],
            "typed": {**dict.fromkeys(FIELDS, ""), **begun},
        },
        errors=errors,
        save=(lambda: save(wanted)) if wanted else None,
        then=lambda address: address,
    )


def _used_ids(session: Session, files: ContentFiles) -> set[str]:
    """Ids that banks have or had, and words that stand in addresses where the id of a bank would."""
    reserved = {
        rule.rule.removeprefix(before).partition("/")[0]
        for rule in current_app.url_map.iter_rules()
        for before in ("/question-banks/drafts/<uuid:draft_id>/", "/questions/")
        if rule.rule.startswith(before)
    }
    return {*files.banks(), *session.scalars(select(EditionRow.bank).distinct()), *reserved}


def _bases_by_title(files: ContentFiles) -> list[tuple[str, float]]:
    titles = sector_choices(files)["frame"]
    content_file = files.at("settings", "scoring")
    settings = content_file.data.get("settings") if content_file else None
    rows = [one["values"][-1]["value"] for one in settings if one["id"] == "base"] if isinstance(settings, list) else []
    return [
        (titles.get(str(bank), str(bank)), number)
        for row in rows
        if isinstance(row, dict)
        for bank, number in row.items()
    ]
