from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.assessments.services import start_assessment
from assess.bank_editor.draft_context import load_draft_context
from assess.bank_editor.review.edition_history import (
    bank_history,
    changes_of_edition,
    edition_after_withdrawal,
    history_by_bank,
)
from assess.bank_editor.review.emails import DRAFT_PUBLISHED, DraftEmails
from assess.bank_editor.review.publish_checks import (
    PublishReadiness,
    brand_new_questions,
    missing_in_older_editions,
    possible_publishers,
)
from assess.core.config import Settings
from assess.core.models import OutgoingMail
from assess.identity.models import Person
from assess.question_banks.content_versions import add_content_version, blob_content, content_version_in_force
from assess.question_banks.drafts import ask_for_review, publish_draft
from assess.question_banks.editions import Attribution, confirm_withdrawal, current_edition, withdraw_published
from assess.question_banks.files import ContentFiles
from assess.question_banks.models import ContentVersionReason, Draft, EditionRow, EditionStage
from tests.bank_editor.review.shop_bank import LONG, WORDS, a_draft, change, somebody, submitted
from tests.builders import a_bank, a_question
from tests.conftest import TODAY
from tests.content_files import CONTACTS, SCORING, SHOP, sound_but


def two_editions(session: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    draft = a_draft(session, ann, WORDS)
    ask_for_review(session, draft, ann, "", TODAY, note="Easier to read.")
    publish_draft(session, draft, ben, "", TODAY)


def test_each_edition_says_who_wrote_it_who_published_it_and_why(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    two_editions(shop, ann, ben)
    second, first = bank_history(shop, "shop")
    step = second.published
    assert (second.number, step.author, step.by, step.why) == (2, "Ann", "Ben", "Easier to read.")
    assert (first.published.by, first.published.why) == ("", ""), "it came with a release"
    assert (second.in_use, first.in_use) == (True, False)


def test_the_one_before_waits_until_a_second_person_says_that_withdrawing_was_right(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    two_editions(shop, ann, ben)
    then = edition_after_withdrawal(bank_history(shop, "shop"), 2)
    assert then
    assert then.number == 1
    withdraw_published(shop, "shop", 2, TODAY, Attribution(ann, "A mistake."))
    second, first = history_by_bank(shop)["shop"]
    assert (second.stage, first.in_use, first.waits) == (EditionStage.WITHDRAWN, False, True)
    assert (second.steps[-1].by, second.steps[-1].why) == ("Ann", "A mistake.")
    assert edition_after_withdrawal([second, first], 1) is None
    assert confirm_withdrawal(shop, second.id, ben, TODAY)
    second, first = history_by_bank(shop)["shop"]
    assert (first.in_use, first.waits) == (True, False)


def test_an_edition_is_compared_with_the_one_before_it(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    two_editions(shop, ann, ben)
    kept = bank_history(shop, "shop")
    number, compared = changes_of_edition(shop, kept, 2)
    assert (number, [change.part for change in compared.changes]) == (1, ["ask"])
    assert changes_of_edition(shop, kept, 1)[0] is None


def a_case(session: Session, draft: Draft) -> PublishReadiness:
    return PublishReadiness(session, load_draft_context(session, draft, TODAY), TODAY)


def missing(session: Session, draft: Draft) -> list[str]:
    return [one.words for one in a_case(session, draft).missing_steps()]


def test_nothing_changed_is_nothing_to_ask_about(shop: Session, ann: uuid.UUID) -> None:
    assert missing(shop, a_draft(shop, ann)) == ["Change something first: this draft says what is in use now."]


def test_a_sound_change_nobody_was_asked_before_needs_nothing(shop: Session, ann: uuid.UUID) -> None:
    assert missing(shop, a_draft(shop, ann, WORDS)) == []


def test_problems_come_first_and_a_worked_example_that_fails_is_one(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, (SHOP, "score: 2.5", "score: 99"))
    assert missing(shop, draft) == ["Put the problems right first (1)."]


def test_a_bank_with_past_submissions_has_a_dry_run_first(shop: Session, ann: uuid.UUID) -> None:
    submitted(shop, [LONG])
    assert missing(shop, a_draft(shop, ann, WORDS)) == ["Test “Corner shops” on past submissions first."]


def test_what_was_published_meanwhile_is_looked_at_first(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, WORDS)
    state = content_version_in_force(shop)
    text = blob_content(shop, state.sheets[SHOP] if state else None) or b""
    add_content_version(shop, {SHOP: text + b"# mended\n"}, TODAY, reason=ContentVersionReason.MENDED)
    assert missing(shop, draft) == ["Something this draft changes was published meanwhile. Look at both."]


def test_the_mark_of_what_was_seen_changes_with_the_draft(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, WORDS)
    before = a_case(shop, draft).reviewed_digest
    assert a_case(shop, draft).reviewed_digest == before
    change(shop, draft, ann, SHOP, "label: They do", "label: They do it")
    assert a_case(shop, draft).reviewed_digest != before


def test_staff_who_edited_nothing_could_publish(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    somebody(shop, "Root", "administrator")
    gone = shop.get_one(Person, somebody(shop, "Cleo"))
    gone.disabled_at = TODAY
    shop.flush()
    assert [one.name for one in possible_publishers(shop, frozenset({ann}))] == ["Ben", "Root"]
    assert ben


PAY, HOME = a_question("pay", dimension="pay"), a_question("home", dimension="home")
OLD = a_bank(PAY, HOME)


def test_a_new_question_is_one_that_takes_over_from_none() -> None:
    new = a_bank(PAY, replace(HOME, id="house", replaces="home"), a_question("food", dimension="home"))
    assert [one.id for one in brand_new_questions(OLD, new)] == ["food"]


PAPERS = "Who keeps the workers’ papers?"
MORE = (
    "contacts:\n  - {id: advice, order: 3, situation: Unsure, who: Advice, number: '01234 567 111', for_whom: All, "
    "source: made up, checked: 2026-11-01, review_by: 2027-04-01}\n"
)
LINE = (CONTACTS, "contacts:\n", MORE)
NAMED = (SHOP, f"ask: {PAPERS}", f'ask: "{PAPERS} Call {{advice}}."')


def missing_older_editions(session: Session, person: uuid.UUID, *edits: tuple[str, str, str]) -> list[str]:
    draft = a_draft(session, person, *edits)
    return [
        one.words for one in PublishReadiness(session, load_draft_context(session, draft, TODAY), TODAY).missing_steps()
    ]


def turned(edit: tuple[str, str, str]) -> tuple[str, str, str]:
    name, old, new = edit
    return name, new, old


def test_what_a_question_under_way_prints_cannot_be_taken_out_with_the_new_words(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    draft = a_draft(shop, ann, LINE, NAMED)
    ask_for_review(shop, draft, ann, "", TODAY)
    publish_draft(shop, draft, ben, "", TODAY)
    edition = current_edition(shop, "shop").id
    assert edition is not None
    start_assessment(shop, edition, quick=False, now=TODAY)
    shop.execute(update(EditionRow).where(EditionRow.id == edition).values(stage=EditionStage.WITHDRAWN))
    assert missing_older_editions(shop, ann, turned(LINE), turned(NAMED)) == [
        "Keep advice: the texts of edition 2 of “shop”, which businesses can still answer, name that."
    ]


def test_what_a_bank_that_is_taken_off_is_scored_with_stays(shop: Session) -> None:
    left = dict(sound_but((SCORING, "{shop: 10}", "{stall: 10}")).files)
    del left[SHOP]
    assert missing_in_older_editions(shop, ContentFiles(left), TODAY) == [
        "Keep the value of “shop”: edition 1 of “shop”, which businesses can still answer, is scored with that."
    ]


def test_the_edition_that_new_assessments_would_begin_with_again_keeps_its_words(
    shop: Session, ann: uuid.UUID, ben: uuid.UUID
) -> None:
    draft = a_draft(shop, ann, LINE, NAMED)
    ask_for_review(shop, draft, ann, "", TODAY)
    publish_draft(shop, draft, ben, "", TODAY)
    assert len(missing_older_editions(shop, ann, turned(LINE), turned(NAMED))) == 1


MAILS = Settings(env="development", mail_server="smtp://localhost", mail_from="desk@network.example")


def news(session: Session, ann: uuid.UUID) -> DraftEmails:
    draft = a_draft(session, ann, WORDS, title="Clearer question about papers")
    return DraftEmails(session, draft, frozenset({ann}), "/question-banks/drafts/1", MAILS, TODAY)


def mails(session: Session) -> dict[str, str]:
    return {row.to_address: row.body for row in session.scalars(select(OutgoingMail))}


def test_everybody_who_could_publish_it_hears_and_nobody_else(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    news(shop, ann).email_others()
    assert list(mails(shop)) == ["ben@desk.example"]
    assert ben


def test_a_mail_holds_the_title_and_a_link_and_nothing_of_the_change(shop: Session, ann: uuid.UUID) -> None:
    told = news(shop, ann)
    told.email_editors(DRAFT_PUBLISHED)
    told.email_editors(DRAFT_PUBLISHED)  # of one step everybody hears once
    (body,) = mails(shop).values()
    assert "Clearer question about papers" in body
    assert "/question-banks/drafts/1" in body
    assert "Who keeps" not in body


def test_without_mail_nobody_is_written_to(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    replace(news(shop, ann), settings=Settings(env="development")).email_others()
    assert mails(shop) == {}
    assert ben
