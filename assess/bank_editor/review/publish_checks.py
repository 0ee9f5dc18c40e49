"""What has to be done before a draft may be reviewed or published, and who may publish it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment
from assess.bank_editor.draft_context import DraftContext
from assess.bank_editor.duties_and_settings.services import EssentialContactChange, essential_contact_changes
from assess.bank_editor.review.comparing import BankChange, FileChange, changed_banks, changed_files
from assess.bank_editor.review.dry_runs import BankDryRun, bank_dry_run, dry_run_basis
from assess.bank_editor.review.sign_texts import SignText
from assess.bank_editor.review.withdrawn import WithdrawnInDraft, withdrawn_in_draft
from assess.bank_editor.urgent_fixes.services import NOT_OF_TWO, TOO_NEW
from assess.core.clock import uk_date
from assess.engine.bank import Edition, Question
from assess.engine.scoring import score_answers
from assess.engine.settings import DatedSettings
from assess.identity.administration import are_linked, may_be_second_person, may_review
from assess.identity.models import Person
from assess.question_banks import drafts
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.editions import last_reviewed_editions, load_edition, newest_published_editions
from assess.question_banks.files import ContentFiles, content_digest
from assess.question_banks.models import EditionRow
from assess.question_banks.validation import known_settings

DRAFT_ENDPOINT, PROBLEMS_ENDPOINT = "bank_editor.show_draft", "draft_preview.show_problems"
REVIEW_ENDPOINT = "draft_review.show_review"
DRY_RUNS_ENDPOINT, CONFLICTS_ENDPOINT = "draft_review.request_dry_runs", "draft_review.settle_conflicts"


@dataclass(frozen=True, slots=True)
class MissingStep:
    words: str
    endpoint: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class TextReview:
    """A text that touches a sign, and what the second person said of exactly this text, None when nothing yet."""

    text: SignText
    said: Mapping[str, object] | None

    @property
    def done(self) -> bool:
        """Whether it was read, with a reason where its words need one."""
        return self.said is not None and (not self.text.words or bool(self.said.get("reason")))

    @property
    def kept(self) -> Mapping[str, object]:
        return review_to_json(self.text, str(self.said.get("reason", "")) if self.said else "")


def review_to_json(text: SignText, reason: str) -> Mapping[str, object]:
    return {
        "digest": text.digest,
        "where": f"{text.thing} – {text.label}",
        "text": text.after,
        "words": list(text.words),
        "reason": reason if text.words else "",
    }


@dataclass(frozen=True)
class PublishReadiness:
    session: Session
    draft_context: DraftContext
    now: datetime
    reviewer: uuid.UUID | None = None
    """Who would publish it: what they have read counts, and nobody else’s review does."""

    @cached_property
    def text_reviews(self) -> Sequence[TextReview]:
        read = drafts.reviewed_texts(self.session, self.draft_context.draft, self.reviewer) if self.reviewer else {}
        return [TextReview(one, read.get(one.digest)) for one in self.draft_context.changed_sign_texts]

    @cached_property
    def banks(self) -> Sequence[BankChange]:
        return changed_banks(self.session, self.draft_context)

    @cached_property
    def files(self) -> Sequence[FileChange]:
        return changed_files(self.session, self.draft_context)

    @cached_property
    def dry_runs(self) -> Sequence[BankDryRun]:
        draft, files = self.draft_context.draft, self.draft_context.files
        return [
            bank_dry_run(self.session, draft, change, dry_run_basis(change, files, self.now)) for change in self.banks
        ]

    @cached_property
    def withdrawn(self) -> Sequence[WithdrawnInDraft]:
        return withdrawn_in_draft(self.session, self.draft_context)

    @property
    def withdrawn_settled_for(self) -> frozenset[str]:
        """The banks of which it says what becomes of the withdrawn text."""
        return frozenset(one.withdrawn.bank for one in self.withdrawn)

    @cached_property
    def contacts(self) -> Sequence[EssentialContactChange]:
        """The contacts it changes that every page shows: the person who asks and the person who publishes prove who they are."""
        return essential_contact_changes(files_in_force(self.session), self.draft_context.files)

    @cached_property
    def editors(self) -> frozenset[uuid.UUID]:
        """Everybody who began or edited it: none of them publishes it."""
        return drafts.draft_editors(self.session, self.draft_context.draft)

    @cached_property
    def barred(self) -> frozenset[uuid.UUID]:
        """Nobody of these publishes it: who began or edited it, and who asked for the review."""
        asked = drafts.review_requested_by(self.session, self.draft_context.draft)
        return self.editors | {asked} if asked else self.editors

    @property
    def compared_digest(self) -> str:
        """A mark of the texts that are compared: of this draft, of the files in force, and of the current editions. Cheap."""
        both = (newest_published_editions(self.session), last_reviewed_editions(self.session))
        editions = [(bank, one.ref.digest) for editions in both for bank, one in editions.items()]
        contents = sorted(drafts.changed_draft_files(self.session, self.draft_context.draft).items())
        return content_digest(repr((contents, editions, files_in_force(self.session).digest)).encode())

    @property
    def reviewed_digest(self) -> str:
        """A mark of all that is decided about: another one as soon as the draft, or what it is compared with, is."""
        editions = [(one.bank, one.old.ref.digest if one.old else "", one.after) for one in self.banks]
        contents = list(drafts.changed_draft_files(self.session, self.draft_context.draft).items())
        return content_digest(repr((editions, contents)).encode())[:16]

    def missing_steps(self, *, publishing: bool = False) -> list[MissingStep]:
        """What has to be done first, in the order of the work. For publishing, a dry run need not hold the newest submissions."""
        found = []
        if not self.files and not any(one.kept for one in self.withdrawn):
            found.append(MissingStep("Change something first: this draft says what is in use now.", DRAFT_ENDPOINT))
        if self.draft_context.report.errors:
            words = f"Put the problems right first ({len(self.draft_context.report.errors)})."
            found.append(MissingStep(words, PROBLEMS_ENDPOINT))
        found += [
            MissingStep(choice_in_words(one), "question_banks_history.choose_withdrawn_texts")
            for one in self.withdrawn
            if one.undecided
        ]
        found += [MissingStep(words, DRAFT_ENDPOINT) for one in self.contacts for words in one.errors]
        barred = self._why_not_allowed(publishing=publishing)
        if barred:
            found.append(MissingStep(barred, REVIEW_ENDPOINT))
        missed = missing_in_older_editions(self.session, self.draft_context.files, self.now)
        found += [MissingStep(words, DRAFT_ENDPOINT) for words in missed]
        if drafts.files_behind(self.session, self.draft_context.draft):
            words = "Something this draft changes was published meanwhile. Look at both."
            found.append(MissingStep(words, CONFLICTS_ENDPOINT))
        unread = (
            sum(not one.done for one in self.text_reviews) if publishing and self.reviewer not in self.barred else 0
        )
        if unread:
            words = f"Read the texts that touch a sign, and tick each of them ({unread} still to read)."
            found.append(MissingStep(words, REVIEW_ENDPOINT, "texts"))
        wanted = [one for one in self.dry_runs if one.wanted and not (publishing and one.holds)]
        return found + [
            MissingStep(f"Test “{one.change.title}” on past submissions first.", DRY_RUNS_ENDPOINT) for one in wanted
        ]

    def _why_not_allowed(self, *, publishing: bool) -> str:
        """Why this reviewer may not be one of the two who have to agree on what changes.

        Contacts that every page shows need that of the person who asks as well; texts that are read one by one only of the publisher.
        """
        if self.reviewer is None or (publishing and self.reviewer in self.editors):
            return ""
        asked = drafts.last_review_request(self.session, self.draft_context.draft) if publishing else None
        if asked is not None and asked.person_id == self.reviewer:
            return ""  # the page says that another person publishes it
        first = asked.person_id if asked else None
        if self.contacts and not may_be_second_person(self.session, self.reviewer, first, self.now):
            return NOT_OF_TWO
        if self.contacts and publishing and any(are_linked(self.session, self.reviewer, one) for one in self.editors):
            return NOT_OF_TWO
        if publishing and self.draft_context.changed_sign_texts:
            return "" if may_review(self.session, self.reviewer, {*self.editors, first}, self.now) else TOO_NEW
        return ""


def choice_in_words(one: WithdrawnInDraft) -> str:
    said = f"This draft holds what was withdrawn with edition {one.withdrawn.number} of “{one.title}”."
    return f"{said} Choose: keep it or leave it out."


def reviews_by_thing(reviews: Sequence[TextReview]) -> list[tuple[SignText, list[TextReview]]]:
    found: dict[tuple[str, ...], list[TextReview]] = {}
    for one in reviews:
        kind, name, *_ = one.text.key.split(" ")
        of = (kind, name) if kind in {"question", "check"} else (one.text.thing,)
        found.setdefault(of, []).append(one)
    return [(several[0].text, several) for several in found.values()]


def possible_publishers(session: Session, barred: frozenset[uuid.UUID]) -> list[Person]:
    """Everybody with a staff role who is not barred from publishing it, by name."""
    return sorted(session.scalars(publishers_query(barred)), key=lambda one: (one.name or one.email).casefold())


def publishers_query(barred: frozenset[uuid.UUID]) -> Select[Person]:
    return select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None), Person.id.not_in(barred))


def brand_new_questions(old: Edition, new: Edition) -> tuple[Question, ...]:
    """The questions nobody can have answered: new, and taking over from none."""
    known = {question.id for question in old.questions()}
    return tuple(one for one in new.questions() if one.id not in known and one.replaces is None)


def missing_in_older_editions(session: Session, files: ContentFiles, now: datetime) -> list[str]:
    """What editions that assessments rest on would miss once these files are in force, each in a sentence. Costs nothing while settings stay."""
    before, after = (known_settings(one, uk_date(now)) for one in (files_in_force(session), files))
    # settings that cannot be used are told elsewhere
    if (
        before is None
        or after is None
        or (before.texts.keys() <= after.texts.keys() and before.scoring == after.scoring)
    ):
        return []
    gone = sorted(before.texts.keys() - after.texts.keys())
    used = set(session.scalars(select(Assessment.edition_id).distinct()))
    # new assessments begin with the newest again when the one that a draft makes is withdrawn
    latest = {one.id for one in newest_published_editions(session).values() if one.id is not None}
    return [words for edition_id in sorted(used | latest) for words in _missing_in(session, edition_id, gone, after)]


def _missing_in(session: Session, edition_id: int, gone: list[str], after: DatedSettings) -> Iterator[str]:
    row = session.execute(
        select(EditionRow.bank, EditionRow.number, EditionRow.compiled).where(EditionRow.id == edition_id)
    ).one()
    # wherever the gap stands in the edition, whatever kind of text that is
    written = json.dumps(row.compiled)
    named = [name for name in gone if f"{{{name}}}" in written]
    whose = f"edition {row.number} of “{row.bank}”, which businesses can still answer"
    if named:
        yield f"Keep {', '.join(named)}: the texts of {whose}, name that."
    # a dry run without answers reads every value that scoring this edition needs
    try:
        score_answers(load_edition(session, edition_id).edition, {}, after.scoring)
    except LookupError as fault:
        yield f"Keep the value of “{fault.args[0] if fault.args else ''}”: {whose}, is scored with that."
