"""An edition is withdrawn by one person and confirmed by another; nothing brings its text back unless two people want it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from assess.assessments.services import get_assessment, start_assessment
from assess.bank_editor.recheck_dates import send_recheck_emails
from assess.bank_editor.review.edition_history import bank_history
from assess.bank_editor.urgent_fixes.services import find_fix_target, make_fix
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from assess.identity.models import Person
from assess.question_banks import drafts
from assess.question_banks.content_versions import content_version_in_force, files_in_force, version_contents
from assess.question_banks.drafts import ask_for_review, publish_draft
from assess.question_banks.editions import (
    Attribution,
    EditionNotFoundError,
    WithdrawalConfirmedError,
    banks_held_back,
    confirm_withdrawal,
    current_edition,
    put_back_withdrawn,
    seed_and_publish,
    withdraw_published,
)
from assess.question_banks.editions import current_editions as in_use_now
from assess.question_banks.models import Draft, Withdrawal
from tests.bank_editor.review.reviewer import marks_of, reads_all
from tests.bank_editor.review.shop_bank import WORDS, a_draft, change
from tests.conftest import TODAY, Page, Visitor
from tests.content_files import SCORING, SHOP, SOUND, START, UK
from tests.core.audit.test_completeness import counting
from tests.identity.accounts_factory import a_person, asks_for_proof, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail


def test_withdrawing_the_only_edition_warns_and_leaves_those_under_way_alone(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        root = a_person(session, "root@desk.example", desk="administrator", name="Root")
        edition_id = current_edition(session, "shop").id
        assert edition_id is not None
        begun = start_assessment(session, edition_id, quick=False, now=TODAY).id
    sign_in(visit, app, root)
    page = visit("/question-banks/history")
    assert "Edition 1 of Corner shops 24 November 2026 in use a release" in page.text
    page = visit("/question-banks/history/shop/1")
    assert "Nobody could start “Corner shops” any more." in page.text
    assert page.soup.select(".govuk-error-summary") == [], "nothing was wrong yet"
    page = visit.send("/withdraw", why="", sure=None)
    assert page.status == 422
    assert {one.get("href") for one in page.soup.select(".govuk-error-summary a")} == {"#why", "#sure"}
    page = visit.send("/withdraw", why="A wrong number.", sure="yes")
    assert "withdrawn by Root" in page.text
    with database_of(app).reading() as look:
        with pytest.raises(EditionNotFoundError):
            current_edition(look, "shop")
        assert get_assessment(look, begun).edition_id == edition_id
    assert visit("/question-banks/history/shop/9").status == 404
    assert visit.client.get("/question-banks/history/nothing/1").status_code == 404


assert mail_services  # it defines the job that sends
OLD, NEW = WORDS[1], WORDS[2]
HINT = (SHOP, "label: They do", "label: They do it")
OTHER_FILE = (START, "label: Don’t know", "label: We don’t know")


@dataclass
class Two:
    """Ann, who wrote edition 2, and Ben, who published it; Ann has withdrawn it."""

    app: Flask
    ann: Person
    ben: Person

    def text(self, name: str = SHOP) -> str:
        with database_of(self.app).reading() as session:
            state = content_version_in_force(session)
            assert state
            return version_contents(session, state)[name].decode()

    def in_use(self) -> int | None:
        """With which edition of the shop a business would start."""
        with database_of(self.app).reading() as session:
            found = in_use_now(session).get("shop")
            return found.ref.number if found else None

    def words_in_use(self) -> str:
        with database_of(self.app).reading() as session:
            return " ".join(question.ask for question in current_edition(session, "shop").edition.questions())

    def draft(self, *edits: tuple[str, str, str]) -> str:
        """The address of a draft of Ann with these changes."""
        with database_of(self.app).writing() as session:
            return f"/question-banks/drafts/{a_draft(session, self.ann.id, *edits, title='Another one').id}"

    def draft_text(self, home: str, name: str = SHOP) -> str:
        with database_of(self.app).reading() as session:
            draft = session.get_one(Draft, uuid.UUID(home.rpartition("/")[2]))
            return (drafts.file_in_draft(session, draft, name) or b"").decode()


def published(app: Flask, ann: Person, ben: Person, *edits: tuple[str, str, str]) -> None:
    """Ann writes this and Ben publishes it."""
    with database_of(app).writing() as session:
        draft = a_draft(session, ann.id, *edits)
        ask_for_review(session, draft, ann.id, "", TODAY, note="Clearer.")
        publish_draft(session, draft, ben.id, "", TODAY)


@pytest.fixture
def two(app: Flask, visit: Visitor, another_visit: Visitor) -> Two:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
    published(app, ann, ben, WORDS)
    with database_of(app).writing() as session:
        withdraw_published(session, "shop", 2, TODAY, Attribution(ann.id, "It is misread."))
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    return Two(app, ann, ben)


def goes_through(home: str, visit: Visitor, another: Visitor) -> Page:
    """Ask and publish, by pages."""
    visit(f"{home}/review")
    assert visit.send("/review/ask", note="Why.", read="yes").status == 200
    if marks_of(another(f"{home}/review")):
        reads_all(another, home)
    return another.send("/review/publish", sure="yes")


def test_an_unrelated_draft_holds_it_and_leaves_it_out_by_choice(
    two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    home = two.draft(HINT)
    assert NEW in two.draft_text(home)
    said = "This draft holds what was withdrawn with edition 2 of “Corner shops”. Choose: keep it or leave it out."
    assert said in visit(home).text
    page = visit(f"{home}/review")
    assert said in page.text
    assert visit.send("/review/ask", note="x", read="yes").status == 422, "nobody can ask before the choice"
    page = visit(f"{home}/withdrawn")
    assert OLD in page.text, "what comes back is shown"
    assert visit.send("/withdrawn").status == 422
    event = page.soup.select_one("input[type=radio]")
    assert event
    page = visit.send("/withdrawn", **{str(event["name"]): "leave_out"})
    assert "Your choice is saved" in page.text
    assert "holds what was withdrawn" not in page.text
    text = two.draft_text(home)
    assert OLD in text
    assert NEW not in text
    assert "label: They do it" in text, "the draft's own change stays"
    page = visit(f"{home}/changes")
    for lines in page.soup.select("pre"):
        lines.decompose()  # the files, beside those of now
    said = page.soup.get_text(" ")
    assert "They do it" in said
    assert NEW not in said, "compared with what is in use, nothing else changes"
    assert "This draft is published." in goes_through(home, visit, another_visit).text
    assert two.in_use() == 3
    assert OLD in two.words_in_use()
    page = visit(two.draft(OTHER_FILE))
    assert "holds what was withdrawn" not in page.text, "it was settled"
    assert "it cannot be put back" in visit("/question-banks/history/shop/2").text


def test_kept_on_purpose_it_comes_back_by_two_people(two: Two, visit: Visitor, another_visit: Visitor) -> None:
    home = two.draft(HINT)
    page = another_visit(f"{home}/withdrawn")
    event = page.soup.select_one("input[type=radio]")
    assert event
    another_visit.send("/withdrawn", **{str(event["name"]): "keep"})
    visit(f"{home}/review")
    assert visit.send("/review/ask", note="Why.", read="yes").status == 200
    assert "You worked on this draft" in another_visit(f"{home}/review").text, "whoever chooses is no second person"
    with database_of(two.app).writing() as session:
        root = a_person(session, "root@desk.example", desk="administrator", name="Root")
    admin = Visitor(two.app.test_client())
    sign_in(admin, two.app, root)
    page = admin(f"{home}/review")
    assert NEW in page.text, "what is read is what is published"
    reads_all(admin, home)
    assert "This draft is published." in admin.send("/review/publish", sure="yes").text
    assert NEW in two.words_in_use()


def test_a_draft_of_something_else_neither_asks_nor_brings_it_back(
    two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    home = two.draft(("settings/contacts.yaml", "situation: You are not sure", "situation: You are unsure"))
    page = visit(f"{home}/changes")
    assert NEW not in page.text
    assert "Corner shops" not in page.soup.select_one("main").get_text(), "no bank has another edition"  # type: ignore[union-attr]
    assert "This draft is published." in goes_through(home, visit, another_visit).text
    assert two.in_use() is None


def test_neither_an_urgent_fix_nor_a_start_brings_a_withdrawn_text_back(two: Two, tmp_path: Path) -> None:
    with database_of(two.app).writing() as session:
        link = find_fix_target(files_in_force(session), f"{UK}:duties:payslips:url", TODAY.date())
        assert link
        make_fix(session, link, "https://example.org/other", "x", two.ann.id, TODAY)
        assert banks_held_back(session) == {"shop"}
        assert seed_and_publish(session, TODAY, SOUND).banks.published == ()
    assert tmp_path
    assert two.in_use() is None


def test_a_withdrawn_text_is_taken_back_by_a_draft_and_an_urgent_fix_since_then_stays(
    two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(two.app).writing() as session:
        link = find_fix_target(files_in_force(session), f"{UK}:duties:payslips:url", TODAY.date())
        assert link
        make_fix(session, link, "https://example.org/other", "x", two.ann.id, TODAY)
    visit("/question-banks/history/shop/2")
    page = visit.send("/remove-text")
    assert page.heading == "Take back edition 2 of “Corner shops”"
    home = page.address
    assert NEW not in two.draft_text(home)
    assert "This draft is published." in goes_through(home, visit, another_visit).text
    assert OLD in two.text()
    assert "https://example.org/other" in two.text(UK)
    assert two.in_use() == 3, "the mend has its edition now"
    assert OLD in two.words_in_use()


def test_what_was_changed_again_since_is_shown_and_chosen(
    app: Flask, two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        draft = a_draft(session, two.ann.id, (SHOP, NEW, "Who holds the papers?"), HINT)
        ask_for_review(session, draft, two.ann.id, "", TODAY)
        publish_draft(session, draft, two.ben.id, "", TODAY)  # without a word on what becomes of it
    visit("/question-banks/history/shop/2")
    page = visit.send("/remove-text")
    assert page.heading == "Keep it or leave it out"
    assert "Who holds the papers?" in page.text
    assert OLD in page.text
    names = {str(one["name"]) for one in page.soup.select("main input[type=radio]")}
    choice = next(one for one in names if one.startswith("choice"))
    clash = next(one for one in names if one.startswith("clash"))
    assert visit.send("/withdrawn", **{choice: "leave_out"}).status == 422, "both are shown, and one is chosen"
    page = visit.send("/withdrawn", **{choice: "leave_out", clash: "before"})
    text = two.draft_text(page.address)
    assert OLD in text
    assert "label: They do it" in text
    assert "This draft is published." in goes_through(page.address, visit, another_visit).text
    assert OLD in two.words_in_use()


def test_a_file_in_another_draft_is_told_with_the_way_there(two: Two, visit: Visitor) -> None:
    home = two.draft(HINT)
    visit("/question-banks/history/shop/2")
    page = visit.send("/remove-text")
    assert page.status == 409
    assert page.soup.select_one(f"a[href='{home}/withdrawn']")


def test_choosing_and_taking_back_leave_one_event_each(app: Flask, two: Two, visit: Visitor) -> None:
    with counting(app) as (posted, looked):
        visit("/question-banks/history/shop/2")
        home = visit.send("/remove-text").address
        with database_of(app).writing() as session:
            drafts.discard_draft(
                session, session.get_one(Draft, uuid.UUID(home.rpartition("/")[2])), two.ann.id, "", TODAY
            )
        page = visit(f"{two.draft(HINT)}/withdrawn")
        event = page.soup.select_one("input[type=radio]")
        assert event
        visit.send("/withdrawn")
        visit.send("/withdrawn", **{str(event["name"]): "keep"})
    assert looked == []
    assert posted == {
        ("question_banks_history.begin_draft_without_edition", 1): 1,
        ("question_banks_history.choose_withdrawn_texts", 1): 1,
    }


def test_undoing_the_choice_asks_again(two: Two, visit: Visitor) -> None:
    home = two.draft(HINT)
    page = visit(f"{home}/withdrawn")
    event = page.soup.select_one("input[type=radio]")
    assert event
    page = visit.send("/withdrawn", **{str(event["name"]): "leave_out"})
    undo = page.soup.select_one("form[action*='/undo/']")
    assert undo
    page = visit.send(str(undo["action"]))
    assert NEW in two.draft_text(home)
    assert "holds what was withdrawn" in page.text


def test_withdrawing_asks_for_proof_and_a_second_person_confirms_it(
    app: Flask, two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    page = visit("/question-banks/history/shop/2")
    assert "You withdrew it. Somebody else has to confirm it." in page.text
    assert "withdrawn by Ann." in page.text
    assert "Somebody who has left" not in page.text
    assert "Edition 2 of “Corner shops”, withdrawn" in visit("/question-banks").text
    assert (
        "Edition 2 of “Corner shops” was withdrawn, and the files still hold its text." in visit("/question-banks").text
    )
    page = another_visit("/question-banks/history/shop/2")
    form = page.fields("/confirm")
    back = page.fields("/put-back")
    token = visit("/question-banks/history/shop/2").fields()["csrf_token"]
    said = visit.client.post("/question-banks/history/shop/2/confirm", data={**form, "csrf_token": token})
    assert said.status_code == 409, "the same person is never the second"
    with database_of(app).writing() as session, pytest.raises(IntegrityError):
        session.execute(update(Withdrawal).values(confirmed_by=two.ann.id, confirmed_at=TODAY))
    with counting(app) as (posted, looked):
        another_visit("/question-banks/history/shop/2")
        page = another_visit.send("/confirm")
    assert (looked, posted) == ([], {("question_banks_history.confirm_edition_withdrawn", 1): 1})
    assert "Ben confirmed on 24 November 2026" in page.text
    assert "Edition 2 of “Corner shops”, withdrawn" not in visit("/question-banks").text
    forms = {
        "put-back": back,
        "withdraw": another_visit("/question-banks/history/shop/1").fields("/withdraw"),
    }
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=20)
    page = another_visit("/question-banks/history/shop/1")
    assert not page.soup.select("main form")
    assert page.soup.select_one("main a[href^='/prove?']")
    for what, data in forms.items():
        number = 2 if what == "put-back" else 1
        address = f"/question-banks/history/shop/{number}/{what}"
        said = another_visit.client.post(address, data=data | {"why": "x", "sure": "yes"})
        assert asks_for_proof(said)
    assert two.in_use() == 1


def test_the_older_edition_waits_for_the_second_person(two: Two, visit: Visitor, another_visit: Visitor) -> None:
    assert two.in_use() is None
    assert not visit("/start").soup.select("input[value=shop]")
    page = visit("/question-banks/history/shop/2")
    assert "Nobody can start “Corner shops” now." in page.text
    assert "waiting for a second person" in visit("/question-banks/history/shop/1").text
    assert "Nobody can start it until a second person confirms that." in visit("/question-banks").text
    page = another_visit("/question-banks/history/shop/2")
    assert "Read edition 1 first. When you confirm, businesses start with it at once." in page.text
    form = page.fields("/confirm")
    said = another_visit.client.post("/question-banks/history/shop/2/confirm", data={**form, "then": "7"})
    assert said.status_code == 409
    assert two.in_use() is None
    another_visit("/question-banks/history/shop/2")
    another_visit.send("/confirm")
    assert two.in_use() == 1
    assert visit("/start").soup.select("input[value=shop]")


def test_an_edition_that_differs_in_links_alone_takes_over_at_once(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        link = find_fix_target(files_in_force(session), f"{UK}:duties:payslips:url", TODAY.date())
        assert link
        make_fix(session, link, "https://example.org/other", "x", ann.id, TODAY)
    here = Two(app, ann, ben)
    sign_in(visit, app, ann)
    assert here.in_use() == 2
    page = visit("/question-banks/history/shop/2")
    assert "Businesses start with edition 1 instead." in page.text
    visit.send("/withdraw", why="The old page is right.", sure="yes")
    assert here.in_use() == 1


def test_the_page_says_beforehand_that_nobody_can_start(two: Two, visit: Visitor) -> None:
    visit("/question-banks/history/shop/2")
    visit.send("/put-back", why="My own slip.", sure="yes")
    assert two.in_use() == 2
    page = visit("/question-banks/history/shop/2")
    assert "Nobody can start “Corner shops” from then on, until a second person confirms it." in page.text


def test_one_person_alone_never_chooses_which_older_edition_is_in_use(
    app: Flask, two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    another_visit("/question-banks/history/shop/2")
    another_visit.send("/confirm")
    published(app, two.ben, two.ann, HINT)  # passed over: its text is not settled
    with database_of(app).writing() as session:
        draft = a_draft(session, two.ann.id, (SHOP, "label: They do it", "label: They do all"))
        ask_for_review(session, draft, two.ann.id, "", TODAY)
        publish_draft(session, draft, two.ben.id, "", TODAY, withdrawn_settled_for=["shop"])
        assert current_edition(session, "shop").ref.number == 3
        later, who = TODAY + timedelta(hours=1), Attribution(two.ann.id, "x")
        withdraw_published(session, "shop", 1, later, who)
        withdraw_published(session, "shop", 3, later, who)
        assert "shop" not in in_use_now(session)
        put_back_withdrawn(session, "shop", 1, later, who)
        assert "shop" not in in_use_now(session), "it waits for a second person, whatever the order"
        withdraw_published(session, "shop", 1, later, who)
        third = next(one for one in bank_history(session, "shop") if one.number == 3)
        assert confirm_withdrawal(session, third.id, two.ben.id, later + timedelta(hours=1))
        with pytest.raises(WithdrawalConfirmedError):
            put_back_withdrawn(session, "shop", 1, later, who)
    assert "Two people withdrew a later edition" in visit("/question-banks/history/shop/1").text


def test_texts_two_people_took_out_are_read_again_before_they_come_back(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    published(app, ann, ben, WORDS)
    visit("/question-banks/history/shop/2")
    visit.send("/withdraw", why="x", sure="yes")
    home = visit.send("/remove-text").address
    page = another_visit(f"{home}/review")
    texts = [one.get_text(strip=True) for one in page.soup.select("[id^='then-']")]
    assert OLD in texts, "beside the withdrawn text, what comes back is new"


def test_what_two_people_withdrew_nobody_puts_back(
    app: Flask, two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    back = visit("/question-banks/history/shop/2").fields("/put-back") | {"why": "It was right.", "sure": "yes"}
    another_visit("/question-banks/history/shop/2")
    another_visit.send("/confirm")
    page = visit("/question-banks/history/shop/2")
    assert "Two people withdrew this edition, so it cannot be put back." in page.text
    assert not page.soup.select("form[action$='/put-back']")
    for one in (visit, another_visit):
        token = one("/question-banks").fields()["csrf_token"]
        said = one.client.post("/question-banks/history/shop/2/put-back", data=back | {"csrf_token": token})
        assert said.status_code == 422
    with database_of(app).writing() as session, pytest.raises(WithdrawalConfirmedError):
        put_back_withdrawn(session, "shop", 2, TODAY, Attribution(two.ann.id, "x"))
    assert two.in_use() == 1


def test_whoever_wrote_it_does_not_put_back_what_somebody_else_withdrew(
    two: Two, visit: Visitor, another_visit: Visitor
) -> None:
    visit("/question-banks/history/shop/2")
    assert "This edition is in use." in visit.send("/put-back", why="My own slip.", sure="yes").text
    back = visit("/question-banks/history/shop/2").fields("/withdraw") | {"why": "It was right.", "sure": "yes"}
    another_visit("/question-banks/history/shop/2")
    another_visit.send("/withdraw", why="It is dangerous.", sure="yes")
    page = visit("/question-banks/history/shop/2")
    assert "You worked on this edition and somebody else withdrew it." in page.text
    assert not page.soup.select("form[action$='/put-back']")
    assert visit.client.post("/question-banks/history/shop/2/put-back", data=back).status_code == 422
    assert two.in_use() is None
    another_visit("/question-banks/history/shop/2")
    assert "This edition is in use." in another_visit.send("/put-back", why="I misread it.", sure="yes").text


def test_whoever_is_new_does_not_confirm_it(app: Flask, two: Two, another_visit: Visitor) -> None:
    form = another_visit("/question-banks/history/shop/2").fields("/confirm")
    with database_of(app).writing() as session:
        ann, ben = (session.get_one(Person, one.id) for one in (two.ann, two.ben))
        ann.made_at, ben.desk_given_at = TODAY - timedelta(days=100), TODAY - timedelta(days=13)
    page = another_visit("/question-banks/history/shop/2")
    assert "has looked after the banks for less than 14 days" in page.text
    assert not page.soup.select("form[action$='/confirm']")
    assert another_visit.client.post("/question-banks/history/shop/2/confirm", data=form).status_code == 409
    with database_of(app).reading() as look:
        assert look.scalars(select(Withdrawal)).one().confirmed_at is None


def test_the_editions_that_the_same_draft_made_go_with_it_if_ticked(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        draft = a_draft(session, ann.id, WORDS)
        stall = (SOUND / SHOP).read_text(encoding="utf-8").replace("bank: shop", "bank: stall")
        drafts.save_draft_file(session, draft, "stall.yaml", stall.encode(), ann.id, TODAY, seen=None)
        change(session, draft, ann.id, SCORING, "value: {shop: 10}", "value: {shop: 10, stall: 10}")
        drafts.ask_for_review(session, draft, ann.id, "", TODAY)
        made = publish_draft(session, draft, ben.id, "", TODAY)
        assert [(one.bank, one.number) for one in made] == [("shop", 2), ("stall", 1)]
    sign_in(visit, app, ben)
    page = visit("/question-banks/history/shop/2")
    assert [str(one["value"]) for one in page.soup.select("input[name=also]")] == ["stall"]
    visit.send("/withdraw", why="Both are misread.", sure="yes", also="stall")
    assert "withdrawn by Ben" in visit("/question-banks/history/stall/1").text


def test_the_first_edition_has_nothing_to_go_back_to(app: Flask, visit: Visitor, another_visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        withdraw_published(session, "shop", 1, TODAY, Attribution(ann.id, "Wrong."))
        home = f"/question-banks/drafts/{a_draft(session, ann.id, WORDS).id}"
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    page = visit(f"{home}/withdrawn")
    assert "There is no earlier edition to go back to." in page.text
    event = page.soup.select_one("input[type=radio]")
    assert event
    visit.send("/withdrawn", **{str(event["name"]): "leave_out"})
    visit(f"{home}/withdrawn")
    visit.send("/withdrawn", **{str(event["name"]): "keep"})
    assert "This draft is published." in goes_through(home, visit, another_visit).text
    with database_of(app).reading() as look:
        assert current_edition(look, "shop").ref.number == 2


class TestMails:
    """With a mail server."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
        return settings_that_mail(database_url, tmp_path, postbox, "desk@network.example")

    def test_everybody_hears_of_it_and_the_weekly_mail_says_what_nobody_confirmed(
        self, app: Flask, visit: Visitor, settings: Settings, postbox: MailServer
    ) -> None:
        with database_of(app).writing() as session:
            ann, ben = (
                a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben")
            )
            root = a_person(session, "root@desk.example", desk="administrator", name="Root")
        published(app, ann, ben, WORDS)
        with database_of(app).writing() as session:
            session.get_one(Person, ben.id).desk = None  # they published it, and have no desk any more
        sign_in(visit, app, root)
        visit("/question-banks/history/shop/2")
        visit.send("/withdraw", why="It is misread.", sure="yes")
        run_due_jobs(database_of(app), settings, lambda: TODAY)
        to = [str(mail["To"]) for mail in postbox.mails if mail["Subject"] == "An edition was withdrawn"]
        assert sorted(to) == ["ann@desk.example", "ben@desk.example", "root@desk.example"]
        assert "misread" not in "".join(postbox.bodies())
        assert send_recheck_emails(database_of(app), settings, TODAY + timedelta(days=6)) == 0
        assert send_recheck_emails(database_of(app), settings, TODAY + timedelta(days=8)) == 2
        run_due_jobs(database_of(app), settings, lambda: TODAY + timedelta(days=8))
        assert "edition 2 of “Corner shops”, withdrawn" in postbox.bodies()[-1]
        with database_of(app).reading() as look:
            assert "shop" not in in_use_now(look), "it stays withdrawn"
            assert len(look.scalars(select(Withdrawal)).all()) == 1
