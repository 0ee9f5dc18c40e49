"""The helpline and 999 are changed by two people who prove who they are; any contact can be blanked by one, and is never left without them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from assess.app import load_jobs
from assess.bank_editor.models import ContactChange
from assess.bank_editor.recheck_dates import send_recheck_emails
from assess.core.application import settings_of
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from assess.identity.models import Person
from assess.question_banks.drafts import file_in_draft, save_draft_file
from assess.question_banks.models import ContentVersion, ContentVersionReason, Draft
from tests.bank_editor.conftest import AtDesk
from tests.bank_editor.review.reviewer import reads_all
from tests.conftest import TODAY, Page, Visitor
from tests.core.audit.test_completeness import counting
from tests.identity.accounts_factory import a_person, asks_for_proof, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail
from tests.plans.conftest import submit_record
from tests.plans.records import scenario

assert mail_services  # it defines the job that sends
HELPLINE, FALSE = "08000 121 700", "07400 900 123"
NEW = "0300 123 4567"
ACAS = "0300 123 1100"
CHANGE = "/question-banks/contacts/helpline/change"
SAID = {"where": "web", "page": "https://www.modernslaveryhelpline.org/contact", "reason": "They moved."}


def ask(visit: Visitor, address: str = CHANGE, **typed: str) -> Page:
    """Ask for a change of a contact and say on the next page that it is right."""
    visit(address)
    page = visit.send("/change", **{"number": NEW, **SAID, **typed})
    return visit.send("/change", confirmed="1") if page.status == 200 else page


def waiting_one(visit: Visitor) -> Page:
    """The page of the change that waits, as this browser sees it."""
    link = visit("/question-banks/contacts").soup.select_one("a[href^='/question-banks/contacts/requests/']")
    assert link
    return visit(str(link["href"]))


def numbers(app: Flask) -> str:
    """What a stranger reads."""
    return Visitor(app.test_client())("/help").text


@pytest.fixture
def other(app: Flask, at_desk: AtDesk, another_visit: Visitor) -> Visitor:
    """The browser of Ben, who has just proved who he is."""
    sign_in(another_visit, app, at_desk.ben)
    return another_visit


@pytest.fixture
def poster(app: Flask, settings: Settings) -> Callable[[], str]:
    """The printed poster with the helpline, and the helpline on the result page of a farm, as they are now."""
    load_jobs()
    visitor = Visitor(app.test_client())
    farm = submit_record(app, visitor, scenario("farming", "farming low"), TODAY)

    def look() -> str:
        visitor(f"{farm.address}/document-templates/helpline-poster.pdf")
        with app.app_context():  # a worker reads the files in use as the site does
            run_due_jobs(database_of(app), settings, app.config["CLOCK"])
        made = visitor.client.get(f"{farm.address}/document-templates/helpline-poster.pdf").get_data()
        assert made.startswith(b"%PDF")
        said = subprocess.run(["pdftotext", "-raw", "-", "-"], input=made, capture_output=True, check=True).stdout
        # beside it the page shows whom its own day said to call, which is frozen with the answers
        box = visitor(f"{farm.address}/result").soup.select_one(".assess-helpline")
        assert box
        return said.decode().replace("\xa0", " ") + box.get_text(" ")

    return look


def test_one_account_alone_changes_neither_number_anywhere(
    app: Flask, at_desk: AtDesk, visit: Visitor, poster: Callable[[], str]
) -> None:
    assert HELPLINE in poster()
    for contact, number in (("helpline", FALSE), ("emergency", "07400 900 124")):
        key = f"settings/contacts.yaml:contacts:{contact}:number"
        assert visit(f"/question-banks/urgent-fixes/new?what={key}").status == 409
        form = visit(
            "/question-banks/urgent-fixes/new?what=settings/contacts.yaml:contacts:norfolk_children_team:web"
        ).fields("")
        sent = {**form, "what": key, "seen": HELPLINE if contact == "helpline" else "999", "value": number}
        again = visit.client.post("/question-banks/urgent-fixes/new", data={**sent, "reason": "x", "confirmed": "1"})
        assert again.status_code == 409
        assert ask(visit, f"/question-banks/contacts/{contact}/change", number=number).status == 422
    assert ask(visit).status == 200, "a sound number may be asked for"
    with database_of(app).reading() as session:
        assert not session.scalars(
            select(ContentVersion).where(ContentVersion.reason != ContentVersionReason.RELEASE)
        ).all()
    said = numbers(app) + poster()
    assert HELPLINE in said
    for wrong in (FALSE, "07400 900 124", NEW):
        assert wrong not in said
    assert at_desk.ann.email not in said


def test_two_people_who_prove_it_change_the_helpline_everywhere(
    app: Flask, visit: Visitor, other: Visitor, poster: Callable[[], str]
) -> None:
    page = ask(visit)
    assert "Your change waits for a second person." in page.text
    page = waiting_one(visit)
    assert "Somebody else has to decide." in page.text
    assert not page.soup.select("main form")
    page = waiting_one(other)
    large = [one.get_text(strip=True) for one in page.soup.select("main p.govuk-heading-xl")]
    assert large == [HELPLINE, NEW]
    assert SAID["page"] in page.text
    assert "Ann Lee asked" in page.text
    assert other.send("/confirm").status == 422, "a tick is needed"
    assert "That is written down." in other.send("/confirm", looked="yes").text
    said = numbers(app) + poster()
    assert NEW in said
    assert HELPLINE not in said
    assert "Ben Moor confirmed it on 24 November 2026." in other("/question-banks/contacts").text


def test_a_page_of_questions_that_was_shown_before_has_the_new_number_at_once(
    app: Flask, visit: Visitor, other: Visitor
) -> None:
    business = Visitor(app.test_client())
    business("/start?bank=car_washes")
    section = business.send(length="full").address.split("/questions")[0].rstrip("/") + "/sections/people"
    assert HELPLINE in business(section).text
    ask(visit)
    waiting_one(other)
    other.send("/confirm", looked="yes")
    said = business(section).text
    assert NEW in said
    assert HELPLINE not in said


@pytest.mark.parametrize(
    ("contact", "old", "new"),
    [
        ("norfolk_children_team", "0344 800 8020", "0300 123 4567"),
        ("salvation_army", "0800 808 3733", "0800 123 4567"),
        ("crimestoppers", "0800 555 111", "0800 555 112"),
        ("scotland_support", "0141 884 7900", "0141 884 7901"),
        ("acas", ACAS, "0300 123 1101"),
    ],
)
def test_every_number_that_people_call_is_changed_by_two(
    app: Flask, visit: Visitor, other: Visitor, contact: str, old: str, new: str
) -> None:
    key = f"settings/contacts.yaml:contacts:{contact}:number"
    assert visit(f"/question-banks/urgent-fixes/new?what={key}").status == 409
    assert f":{contact}:number" not in visit("/question-banks/urgent-fixes").html
    address = f"/question-banks/contacts/{contact}/change"
    assert ask(visit, address, number=FALSE).status == 422
    assert "waits for a second person." in ask(visit, address, number=new).text
    assert old in numbers(app)
    assert new not in numbers(app)
    waiting_one(other)
    other.send("/confirm", looked="yes")
    assert new in numbers(app)
    assert old not in numbers(app)
    visit(f"/question-banks/contacts/{contact}/blank")
    visit.send("/blank", reason="A stranger answers.", sure="yes")
    assert new not in numbers(app), "one person takes it away at once"
    page = visit(address)
    assert "This contact is blanked." in page.text
    assert not page.soup.select("main form")


@pytest.mark.both_databases
def test_the_same_person_is_never_the_second(app: Flask, at_desk: AtDesk, visit: Visitor, other: Visitor) -> None:
    ask(visit)
    form = waiting_one(other).fields("/confirm")
    address = other.page.address if other.page else ""
    token = visit("/question-banks").fields()["csrf_token"]
    said = visit.client.post(f"{address}/confirm", data={**form, "csrf_token": token, "looked": "yes"})
    assert said.status_code == 409
    assert "You asked for this yourself." in said.text
    assert HELPLINE in numbers(app)
    with database_of(app).writing() as session, pytest.raises(IntegrityError):
        session.execute(update(ContactChange).values(decided_by=at_desk.ann.id, decided_at=TODAY, outcome="confirmed"))
    assert session


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_fresh_proof_they_are_asked_to_prove_it_first(app: Flask, visit: Visitor, other: Visitor) -> None:
    change = "/question-banks/urgent-fixes/new?what=settings/contacts.yaml:contacts:norfolk_children_team:web"
    forms = {
        CHANGE: visit(CHANGE).fields("/change") | SAID | {"number": NEW, "confirmed": "1"},
        "/question-banks/contacts/acas/blank": visit("/question-banks/contacts/acas/blank").fields()
        | {"reason": "x", "sure": "yes"},
        "/question-banks/urgent-fixes/new": visit(change).fields("")
        | {"value": "https://www.norfolk.gov.uk/children", "reason": "x", "confirmed": "1"},
    }
    ask(visit)
    form = waiting_one(other).fields("/confirm") | {"looked": "yes"}
    forms_of_other = {f"{other.page.address if other.page else ''}/{what}": form for what in ("confirm", "refuse")}
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=20)
    for address in (CHANGE, "/question-banks/contacts/acas/blank", change):
        assert visit(address, follow=False).headers["Location"].startswith("/prove?")
    for who, posts in ((visit, forms), (other, forms_of_other)):
        for address, data in posts.items():
            assert asks_for_proof(who.client.post(address, data=data)), address
    said = numbers(app)
    assert HELPLINE in said
    assert ACAS in said


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_refused_change_leaves_everything_and_says_why(app: Flask, visit: Visitor, other: Visitor) -> None:
    ask(visit)
    assert "waits for a second person already" in visit(CHANGE).text
    waiting_one(other)
    assert other.send("/refuse", answer="").status == 422
    page = other.send("/refuse", answer="Their site says otherwise.")
    assert "Ben Moor refused it" in page.text
    assert "Their site says otherwise." in page.text
    assert HELPLINE in numbers(app)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("contact", "typed", "wrong"),
    [
        ("helpline", {"number": FALSE}, "number"),
        ("helpline", {"number": "+44 7400 900123"}, "number"),
        ("helpline", {"number": "070 1234 5678"}, "number"),
        ("helpline", {"number": "0909 879 0123"}, "number"),
        ("helpline", {"number": "118 118"}, "number"),
        ("helpline", {"number": "0845 123 4567"}, "number"),
        ("helpline", {"number": "+33 1 23 45 67 89"}, "number"),
        ("helpline", {"number": "60123"}, "number"),
        ("helpline", {"number": NEW, "text_phone": "Text 07700 900 123"}, "text_phone"),
        ("helpline", {"number": NEW, "who": "Helpline, or better +33 1 23 45 67 89"}, "who"),
        ("helpline", {"number": ""}, "number"),
        ("emergency", {"number": NEW}, "number"),
        ("emergency", {"number": "101"}, "number"),
        ("police", {"number": NEW}, "number"),
        ("helpline", {"number": NEW, "where": ""}, "where"),
        ("helpline", {"number": NEW, "page": "http://localhost/help"}, "page"),
        ("helpline", {"number": NEW, "page": "https://localhost/help"}, "page"),
        ("helpline", {"number": NEW, "where": "person", "person": "It stands in our own files"}, "person"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for(
    at_desk: AtDesk, visit: Visitor, contact: str, typed: dict[str, str], wrong: str
) -> None:
    assert at_desk
    visit(f"/question-banks/contacts/{contact}/change")
    page = visit.send("/change", **{**SAID, **typed})
    assert page.status == 422
    assert f"#{wrong}" in {one["href"] for one in page.soup.select(".govuk-error-summary a")}


@pytest.mark.parametrize(
    "page",
    ["https://assess.example.org/help", "HTTPS://Assess.example.org/", "https://assess.example.org:443/help"],
)
def test_what_this_site_says_is_no_source_of_a_number(app: Flask, at_desk: AtDesk, visit: Visitor, page: str) -> None:
    assert at_desk
    known = replace(
        settings_of(app), secret_key="4f0c9a7be2d815636a1d7c80f95be243", allowed_hosts=("assess.example.org",)
    )
    app.extensions["assess.settings"] = known
    visit("/question-banks/contacts/helpline/change")
    refused = visit.send("/change", **{**SAID, "number": NEW, "page": page})
    assert (refused.status, [one["href"] for one in refused.soup.select(".govuk-error-summary a")]) == (422, ["#page"])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_999_may_become_112_and_goes_back_when_blanked(app: Flask, visit: Visitor, other: Visitor) -> None:
    ask(visit, "/question-banks/contacts/emergency/change", number="112")
    waiting_one(other)
    other.send("/confirm", looked="yes")
    assert "Police, fire or ambulance: 112" in numbers(app)
    visit("/question-banks/contacts/emergency/blank")
    visit.send("/blank", reason="Phones here do not know it.", sure="yes")
    assert "Police, fire or ambulance: 999" in numbers(app)


def test_a_number_that_two_people_replaced_never_comes_back_by_one(
    app: Flask, visit: Visitor, other: Visitor, poster: Callable[[], str]
) -> None:
    page = visit("/question-banks/contacts/helpline/blank")
    assert "There is no other safe number to stand in its place" in page.text
    assert not page.soup.select("main form"), "no page is left without a helpline"
    ask(visit)
    waiting_one(other)
    other.send("/confirm", looked="yes")
    visit("/question-banks/contacts/helpline/blank")
    assert visit.send("/blank", reason="", sure=None).status == 422
    assert "It is blanked now." in visit.send("/blank", reason="A stranger answers.", sure="yes").text
    said = numbers(app) + poster()
    assert "999" in said
    assert NEW not in said
    assert HELPLINE not in said, "two people took it away: it may be in the hands of a stranger"
    assert "blanked already" in visit("/question-banks/contacts/helpline/blank").text
    assert "The contact “Modern Slavery" in other("/staff/assistance").text
    page = waiting_one(other)
    assert not page.soup.select("form[action$='/refuse']"), "one person alone never brings a helpline back"
    form = other.page.fields("/confirm") if other.page else {}
    refused = other.client.post(f"{page.address}/refuse", data={**form, "answer": "It was right."})
    assert refused.status_code == 409
    assert "two people decide that" in refused.text
    other(page.address)
    assert "confirmed it" in other.send("/confirm", looked="yes").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_whoever_is_new_or_was_let_in_by_the_other_is_none_of_the_two(
    app: Flask, at_desk: AtDesk, visit: Visitor, other: Visitor
) -> None:
    ask(visit)
    form = waiting_one(other).fields("/confirm") | {"looked": "yes"}
    address = other.page.address if other.page else ""
    for given_at, given_by in ((TODAY - timedelta(days=13), None), (TODAY - timedelta(days=90), at_desk.ann.id)):
        with database_of(app).writing() as session:
            ben = session.get_one(Person, at_desk.ben.id)
            ben.desk_given_at, ben.desk_given_by = given_at, given_by
        page = other(address)
        assert "you cannot be one of them" in page.text
        assert not page.soup.select("form[action$='/confirm']")
        assert page.soup.select("form[action$='/refuse']")
        assert other.client.post(f"{address}/confirm", data=form).status_code == 409
    with database_of(app).writing() as session:
        session.get_one(Person, at_desk.ben.id).desk_given_at = TODAY
    for way in ("change", "blank"):
        page = other(f"/question-banks/contacts/helpline/{way}")
        assert "you cannot be one of them" in page.text
        assert not page.soup.select("main form")
    visit("/question-banks/contacts/acas/blank")
    visit.send("/blank", reason="x", sure="yes")
    link = other("/question-banks/contacts").soup.select("a[href^='/question-banks/contacts/requests/']")[-1]
    assert not other(str(link["href"])).soup.select("main form"), "neither confirms a blanking nor undoes it"
    assert HELPLINE in numbers(app)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_nor_by_way_of_a_draft(app: Flask, at_desk: AtDesk, visit: Visitor, other: Visitor) -> None:
    visit(f"{at_desk.draft}/contacts-and-sources/contacts/helpline")
    visit.send("", number=NEW, source="https://www.modernslaveryhelpline.org/contact, read on 24 November 2026")
    visit(f"{at_desk.draft}/review")
    visit.send("/ask", note="They moved.", read="yes")
    with database_of(app).writing() as session:
        session.get_one(Person, at_desk.ben.id).desk_given_by = at_desk.ann.id
    reads_all(other, at_desk.draft)
    page = other(f"{at_desk.draft}/review")
    assert "you cannot be one of them" in page.text
    assert not page.soup.select("form[action$='/publish']")
    assert HELPLINE in numbers(app)


def test_in_place_of_a_blanked_contact_stand_999_and_the_helpline_until_it_is_back(
    app: Flask, visit: Visitor, other: Visitor
) -> None:
    visit("/question-banks/contacts/acas/blank")
    visit.send("/blank", reason="A stranger answers.", sure="yes")
    said = numbers(app)
    assert ACAS not in said
    assert (
        f"In danger, call 999. Else Modern Slavery and Exploitation Helpline, run by the charity Unseen: {HELPLINE}"
        in said
    )
    assert "Blanked." in visit("/question-banks/contacts").text
    assert "already" in visit("/question-banks/contacts/acas/blank").text
    assert "acas:number" not in visit("/question-banks/urgent-fixes").html, "nothing new is put there by one person"
    waiting_one(other)
    page = other.send("/refuse", answer="I called: it is Acas.")
    assert "put it back" in page.text
    assert ACAS in numbers(app)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_draft_with_the_old_text_does_not_bring_a_blanked_number_back(
    app: Flask, at_desk: AtDesk, visit: Visitor
) -> None:
    address = f"{at_desk.draft}/contacts-and-sources/contacts/acas"
    visit(address)
    visit.send("", number="0300 123 1109")
    visit("/question-banks/contacts/acas/blank")
    visit.send("/blank", reason="A stranger answers.", sure="yes")
    assert ACAS not in numbers(app)
    assert "published meanwhile" in visit(f"{at_desk.draft}/review").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_by_way_of_a_draft_both_prove_it_and_the_rules_are_the_same(
    app: Flask, at_desk: AtDesk, visit: Visitor, other: Visitor
) -> None:
    home, line = at_desk.draft, f"{at_desk.draft}/contacts-and-sources/contacts/helpline"
    visit(line)
    assert visit.send("", number=FALSE).status == 422
    visit(f"{home}/texts/settings/contacts.yaml")
    visit(line)
    assert visit.send("", number=NEW).status == 200
    page = visit(f"{home}/review")
    assert "say where you saw the new number" in page.text
    visit(line)
    visit.send("", source="https://www.modernslaveryhelpline.org/contact, read on 24 November 2026")
    page = visit(f"{home}/review")
    large = [one.get_text(strip=True) for one in page.soup.select("main p.govuk-heading-xl")]
    assert large == [HELPLINE, NEW]
    form = page.fields("/ask") | {"note": "They moved.", "read": "yes"}
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=20)
    assert visit(f"{home}/review", follow=False).headers["Location"].startswith("/prove?")
    said = visit.client.post(f"{home}/review/ask", data=form)
    assert said.headers["Location"].startswith("/prove?")
    sign_in(visit, app, at_desk.ann)
    assert visit.client.post(f"{home}/review/ask", data=form).headers["Location"].endswith("/review")
    assert other(f"{home}/review", follow=False).headers["Location"].startswith("/prove?")
    sign_in(other, app, at_desk.ben)
    reads_all(other, home)
    other(f"{home}/review")
    publishing = other.page.fields("/publish") if other.page else {}
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=40)
    said = other.client.post(f"{home}/review/publish", data=publishing | {"sure": "yes"})
    assert said.status_code == 403
    assert "Prove that it is you" in said.get_data(as_text=True)
    assert HELPLINE in numbers(app)
    sign_in(other, app, at_desk.ben)
    other(f"{home}/review")
    assert "This draft is published." in other.send("/review/publish", sure="yes").text
    assert NEW in numbers(app)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_administrator_may_be_the_second_person_and_one_alone_is_told(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
    sign_in(visit, app, ann)
    assert "You are the only person here who looks after the banks." in visit("/question-banks/contacts").text
    ask(visit)
    assert "You are the only person here" in waiting_one(visit).text
    with database_of(app).writing() as session:
        root = a_person(session, "root@desk.example", desk="administrator", name="Root")
    admin = Visitor(app.test_client())
    sign_in(admin, app, root)
    assert "only person" not in visit("/question-banks/contacts").text
    waiting_one(admin)
    admin.send("/confirm", looked="yes")
    assert NEW in numbers(app)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_area_of_a_contact_is_one_that_is_served(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    page = visit(f"{at_desk.draft}/contacts-and-sources/contacts/-/new")
    choices = [str(one["value"]) for one in page.soup.select("select[name=area] option")]
    assert choices == ["", "norfolk", "other"]
    form = {
        "id": "suffolk_team", "situation": "A child is at risk", "who": "Suffolk", "number": "0808 800 4005",
        "for_whom": "Anyone", "order": "9", "source": "Its site", "checked": "24/11/2026", "review_by": "24/12/2026",
    }  # fmt: skip
    assert visit.send("", area="suffolk", **form).status == 422
    visit(f"{at_desk.draft}/contacts-and-sources/contacts/-/new")
    assert visit.send("", area="norfolk", **form).status == 200
    page = visit(f"{at_desk.draft}/contacts-and-sources/contacts")
    assert "No business can choose this area yet" not in page.text
    with database_of(app).writing() as session:
        draft = session.get_one(Draft, at_desk.draft_id)
        seen = file_in_draft(session, draft, "settings/contacts.yaml") or b""
        text = seen.replace(b"area: norfolk", b"area: norflok", 1)
        assert text != seen
        save_draft_file(session, draft, "settings/contacts.yaml", text, at_desk.ann.id, TODAY, seen=seen)
    page = visit(f"{at_desk.draft}/contacts-and-sources/contacts")
    assert "No business can choose this area yet; your administrator has to add it." in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_each_step_leaves_one_event(app: Flask, visit: Visitor, other: Visitor) -> None:
    with counting(app) as (posted, looked):
        ask(visit)
        waiting_one(other)
        other.send("/refuse", answer="No.")
        ask(visit)
        waiting_one(other)
        other.send("/confirm", looked="yes")
        visit("/question-banks/contacts/acas/blank")
        visit.send("/blank", reason="x", sure="yes")
    assert looked == []
    assert posted == {
        ("urgent_fixes.request_contact_change", 0): 2,
        ("urgent_fixes.request_contact_change", 1): 2,
        ("urgent_fixes.refuse_contact_change", 1): 1,
        ("urgent_fixes.confirm_contact_change", 1): 1,
        ("urgent_fixes.blank_contact", 1): 1,
    }


@pytest.fixture
def mailing(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox, "desk@network.example")


class TestMails:
    """With a mail server."""

    @pytest.fixture
    def settings(self, mailing: Settings) -> Settings:
        return mailing

    def test_all_staff_hear_of_each_step(
        self, app: Flask, visit: Visitor, other: Visitor, settings: Settings, postbox: MailServer
    ) -> None:
        with database_of(app).writing() as session:
            a_person(session, "root@desk.example", desk="administrator")
            a_person(session, "farm@people.example")
            before = {one.email for one in session.scalars(select(Person).where(Person.desk.is_not(None)))}
        ask(visit)
        waiting_one(other)
        other.send("/refuse", answer="No.")
        ask(visit)
        waiting_one(other)
        other.send("/confirm", looked="yes")
        visit("/question-banks/contacts/helpline/blank")
        visit.send("/blank", reason="x", sure="yes")
        run_due_jobs(database_of(app), settings, lambda: TODAY)
        subjects = [str(mail["Subject"]) for mail in postbox.mails]
        assert before == {"ann@desk.example", "ben@desk.example", "root@desk.example"}
        for subject, times in (
            ("A contact waits for a second person", 2),
            ("A change of a contact was refused", 1),
            ("A contact was changed", 1),
            ("A contact was blanked", 1),
        ):
            to = [str(mail["To"]) for mail in postbox.mails if mail["Subject"] == subject]
            assert sorted(to) == sorted(before) * times if times == 1 else set(to) == before, subject
            assert subjects.count(subject) == 3 * times
        assert NEW not in "".join(postbox.bodies()).replace(HELPLINE, ""), "a mail holds a link and no number"
        assert send_recheck_emails(database_of(app), settings, TODAY + timedelta(days=8)) == 3
        run_due_jobs(database_of(app), settings, lambda: TODAY + timedelta(days=8))
        assert "the contact “Modern Slavery" in postbox.bodies()[-1]
        assert "blanked" in postbox.bodies()[-1]
        assert NEW not in numbers(app), "it stays blanked"

    def test_undoing_an_urgent_fix_tells_the_first_person(
        self, app: Flask, visit: Visitor, other: Visitor, settings: Settings, postbox: MailServer
    ) -> None:
        visit("/question-banks/urgent-fixes/new?what=settings/contacts.yaml:contacts:norfolk_children_team:web")
        visit.send("", value="https://www.norfolk.gov.uk/children", reason="Their site")
        visit.send("", confirmed="1")
        page = other("/question-banks/urgent-fixes")
        link = page.soup.select_one("a[href$='/undo']")
        assert link
        other(str(link["href"]))
        other.send("/undo", why="Their site says otherwise")
        run_due_jobs(database_of(app), settings, lambda: TODAY)
        assert [str(mail["To"]) for mail in postbox.mails if mail["Subject"] == "Your urgent fix was undone"] == [
            "ann@desk.example"
        ]
        assert "norfolk.gov.uk/children" not in visit("/help").html
