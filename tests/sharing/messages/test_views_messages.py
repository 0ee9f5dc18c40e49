from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from assess.assessments.personal_data.services import FreeTextForm
from assess.plans.action_tracker.services import get_tracker_state
from assess.sharing import messages
from assess.sharing.models import MessageKind, MessageSide, ShareGrant, ShareScope, ShareView, ShareViewKind
from assess.sharing.views_messages import read_message_form
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record
from tests.sharing.conftest import Buyer
from tests.sharing.messages.conftest import FARM, NAME, Shared

TODAY = date(2026, 11, 24)


def message(*, may_date: bool = True, **typed: str) -> FreeTextForm:
    return read_message_form(MultiDict(typed), TODAY, may_date=may_date)


def test_words_a_date_or_both_are_enough() -> None:
    assert message(words=" We can \n help. ", may_date=False).values == {"words": "We can\nhelp."}
    both = message(words="Is this soon enough?", date="27 3 2027")
    assert (both.values, both.errors) == ({"words": "Is this soon enough?", "date": date(2027, 3, 27)}, {})
    alone = message(date="24 11 2026")
    assert (alone.values, alone.errors) == ({"words": "", "date": TODAY}, {})
    assert message().errors == {"words": "Write what you want to say."}


@pytest.mark.parametrize(
    ("date_typed", "says"),
    [
        ("23 11 2026", "This day has passed."),
        ("25 11 2029", "within 3 years"),
        ("some day", "date"),
    ],
)
def test_a_day_that_cannot_be_is_said_and_stays(date_typed: str, says: str) -> None:
    found = message(date=date_typed)
    assert list(found.errors) == ["date"]
    assert says in found.errors["date"]
    assert found.typed["date"] == date_typed


def test_about_the_whole_there_is_no_date() -> None:
    found = message(date="27 3 2027", may_date=False)
    assert "date" not in found.values
    assert found.errors == {"words": "Write what you want to say."}


def test_a_name_is_asked_about_and_kept_once_it_was_ticked() -> None:
    words = "Zdravka Ivanova told us."
    warned = message(words=words)
    assert list(warned.errors) == ["words"]
    assert message(words=words, keep_words=warned.warnings[0].mark).errors == {}


Talked = Callable[..., Shared]


def a_proposal(council: Buyer, shared: Shared, when: str = "27 3 2027") -> None:
    council.visit(f"{shared.theirs}?step={shared.step.key}")
    council.visit.send("/messages", date=when, words="Is that soon enough?")


def test_new_comments_stand_quietly_on_the_plan_and_the_share_page_until_they_are_read(
    visit: Any, council: Buyer, submitted: Submitted, talked: Talked
) -> None:
    shared = talked()
    a_proposal(council, shared)
    council.visit(shared.theirs)
    council.visit.send(words="Thank you for sharing.")
    for address in (f"{submitted.address}/result", f"{submitted.address}/share"):
        page = visit(address)
        (line,) = [one.get_text(" ", strip=True) for one in page.soup.select("p") if "new comment" in one.text]
        assert line.startswith(f"2 new comments from {NAME}.")
        assert shared.step.do not in line
    assert "Thank you for sharing." in visit(shared.ours).text
    assert "new comment" not in visit(f"{submitted.address}/result").text


def test_whoever_follows_a_new_comment_is_led_to_the_step_it_is_about(
    visit: Any, council: Buyer, talked: Talked
) -> None:
    shared = talked()
    assert "Nobody has written anything yet." in visit(shared.ours).text
    a_proposal(council, shared)
    page = visit(shared.ours)
    assert "Nobody has written anything yet." not in page.text
    assert page.soup.select("main a[href='#steps']")
    assert page.soup.select("h2#steps")


def test_the_business_answers_as_one_voice(visit: Any, council: Buyer, talked: Talked) -> None:
    shared = talked()
    page = visit(shared.ours)
    assert page.heading == f"Messages with {NAME}"
    assert "You need not answer." in page.text
    done = visit.send(words="We need two weeks.")
    assert "You, 24 November 2026" in done.text
    theirs = council.visit(shared.theirs)
    assert "Fen Edge Growers Ltd, 24 November 2026" in theirs.text
    assert theirs.soup.select("form[action$='/withdraw']") == []


def test_a_date_is_agreed_and_goes_into_the_plan_only_when_asked(
    app: Flask, visit: Any, council: Buyer, submitted: Submitted, talked: Talked
) -> None:
    shared = talked()
    a_proposal(council, shared)
    address = f"{shared.ours}?step={shared.step.key}"
    page = visit(address)
    assert f"{NAME} proposes 27 March 2027" in page.text
    page = visit.send(f"{shared.ours}/date", says="yes")
    assert "Agreed: by 27 March 2027" in page.text
    with database_of(app).reading() as session:
        assert get_tracker_state(session, submitted.submission_id) == {}, "nothing is set by itself"
    page = visit.send(f"{shared.ours}/plan")
    assert page.status == 200
    assert "Put 27 March 2027 in your plan" not in page.text
    with database_of(app).reading() as session:
        (state,) = get_tracker_state(session, submitted.submission_id).values()
    assert (state.due, state.response) == ("2027-03-27", "accepted")
    token = page.soup.select_one("input[name=csrf_token]")["value"]
    again = visit.client.post(f"{shared.ours}/plan", data={"csrf_token": token, "step": shared.step.key})
    assert again.status_code == 422


def test_no_and_another_date(visit: Any, council: Buyer, talked: Talked) -> None:
    shared = talked()
    a_proposal(council, shared)
    address = f"{shared.ours}?step={shared.step.key}"
    visit(address)
    page = visit.send(f"{shared.ours}/date", says="no")
    assert "Said no to 27 March 2027" in page.text
    assert "No date is agreed yet." in page.text
    visit.send(date="1 5 2027")
    assert "proposes 1 May 2027" in council.visit(f"{shared.theirs}?step={shared.step.key}").text
    assert [one.move for one in shared.said()] == [MessageKind.PROPOSED, MessageKind.REFUSED, MessageKind.PROPOSED]


def test_what_was_typed_stays_beside_the_reason(visit: Any, talked: Talked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MAX_MESSAGES", 0)
    shared = talked()
    visit(f"{shared.ours}?step={shared.step.key}")
    page = visit.send(words="Hello.", date="1 2 2027")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#words"
    assert "very many comments" in page.text
    sent = page.fields()
    assert (sent["words"], sent["date"]) == (["Hello."], ["1 2 2027"])
    assert shared.said() == []


def test_a_date_that_was_changed_meanwhile_is_not_agreed_to(visit: Any, council: Buyer, talked: Talked) -> None:
    shared = talked()
    a_proposal(council, shared)
    visit(f"{shared.ours}?step={shared.step.key}")
    a_proposal(council, shared, "1 4 2027")
    page = visit.send(f"{shared.ours}/date", says="yes")
    assert page.status == 422
    assert "answered or changed meanwhile" in page.text
    assert "proposes 1 April 2027" in visit(f"{shared.ours}?step={shared.step.key}").text
    assert [one.due for one in shared.said()] == [date(2027, 3, 27), date(2027, 4, 1)]


def test_what_cannot_be_kept_comes_back(visit: Any, talked: Talked) -> None:
    shared = talked()
    visit(shared.ours)
    page = visit.send(words=" ")
    assert page.status == 422
    assert "Write what you want to say." in page.text
    page = visit.send(words="Zdravka Ivanova said it.")
    assert page.status == 422
    assert "Zdravka Ivanova said it." in page.soup.select_one("#words").text
    assert shared.said() == []


def test_one_takes_back_ones_own_word(app: Flask, visit: Any, talked: Talked, now: datetime) -> None:
    shared = talked()
    visit(shared.ours)
    visit.send(words="Too soon.")
    assert visit.send(f"{shared.ours}/1/withdraw").status == 200
    assert shared.said() == []
    visit.send(words="This stays.")
    visit(shared.ours)
    app.config["CLOCK"] = lambda: now + timedelta(minutes=16)
    assert visit.send(f"{shared.ours}/2/withdraw").status == 422
    assert visit(shared.ours).soup.select("form[action$='/withdraw']") == []


def test_when_the_share_is_over_it_is_read_and_nothing_is_written(
    visit: Any, council: Buyer, submitted: Submitted, talked: Talked, ended: Any, answer_again: Any
) -> None:
    shared, again = talked(), talked()
    a_proposal(council, shared)
    drawn = visit(f"{shared.ours}?step={shared.step.key}")
    ended(submitted, shared)
    for action in ("/messages", "/date"):
        page = visit.send(action, **({"words": "Late."} if action == "/messages" else {"says": "yes"}))
        assert page.status == 422
        assert "This share is over" in page.text
        visit.page = drawn
    page = visit(f"{shared.ours}?step={shared.step.key}")
    assert "Is that soon enough?" in page.text
    assert page.soup.select("main form") == []
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert "Nothing can be written here now" in visit(again.ours).text


def test_whoever_may_only_read_reads_and_does_not_answer(
    app: Flask, visit: Any, council: Buyer, talked: Talked
) -> None:
    shared = talked()
    a_proposal(council, shared)
    with database_of(app).writing() as session:
        from assess.assessments.models import Assessment  # noqa: PLC0415  # only here

        manager, signer = a_person(session, "m@farm.example"), a_person(session, "s@farm.example")
        farm = an_organisation(session, "Fen Edge", manager=manager, signer=signer)
        session.query(Assessment).one().organisation_id = farm.id
    reader = type(visit)(app.test_client())
    sign_in(reader, app, signer)
    page = reader(shared.ours)
    assert "You can read this. Who may share the plan may answer." in page.text
    assert page.soup.select("main form") == []
    owner = type(visit)(app.test_client())
    sign_in(owner, app, manager)
    assert "new comment" in owner(shared.ours.split("/share")[0] + "/result").text, "a reader has not read it for them"
    owner(shared.ours)
    assert owner.send(words="We see it.").status == 200
    assert shared.said()[-1].side is MessageSide.BUSINESS


def test_a_share_of_another_assessment_is_not_there(visit: Any, submitted: Submitted, talked: Talked) -> None:
    shared = talked()
    assert visit(shared.ours.replace(str(shared.id), str(submitted.id))).status == 404


def test_a_buyer_writes_on_the_whole_and_reads_it_again(council: Buyer, talked: Talked) -> None:
    shared = talked()
    page = council.visit(f"/shared/{shared.id}")
    assert page.soup.select_one(f"a[href='{shared.theirs}']")
    page = council.visit(shared.theirs)
    assert page.heading == f"Messages with {FARM}"
    assert page.soup.title.text == "Messages about a share – Assess"
    assert page.text.index("Stay and help fix it") < page.text.index("never write the name of a worker")
    assert "never ask who said something" in page.text
    done = council.visit.send(words="We can pay for the locks.\nWhen do you need it?")
    assert (done.status, done.address) == (200, shared.theirs)
    assert "You, 24 November 2026" in done.text
    assert "We can pay for the locks. When do you need it?" in done.text
    (said,) = shared.said()
    assert (said.side, said.move, said.step) == (MessageSide.BUYER, MessageKind.COMMENT, None)


def test_a_buyer_proposes_a_date_for_a_step(council: Buyer, talked: Talked) -> None:
    shared = talked()
    page = council.visit(shared.theirs)
    links = [link["href"] for link in page.soup.select("main li a[href*='step=']")]
    assert links == [f"{shared.theirs}?step={step.key}" for step in shared.steps]
    page = council.visit(links[0])
    assert shared.step.do in page.heading
    assert "No date is agreed yet." in page.text
    done = council.visit.send(date="27 3 2027")
    assert "Proposed a date: 27 March 2027" in done.text
    assert "You proposed 27 March 2027. It waits for an answer." in done.text
    assert "Agree to" not in done.text
    (said,) = shared.said()
    assert (said.move, said.step, said.due) == (MessageKind.PROPOSED, shared.step.key, date(2027, 3, 27))
    assert "You proposed 27 March 2027" in council.visit(shared.theirs).text


def test_the_steps_on_it_are_looked_at_as_on_the_page_of_the_copy(app: Flask, council: Buyer, talked: Talked) -> None:
    shared = talked()
    for address in (shared.theirs, f"{shared.theirs}?step={shared.step.key}", f"/shared/{shared.id}"):
        council.visit(address)
        with database_of(app).reading() as session:
            (noted,) = session.scalars(select(ShareView)).all()
        assert (noted.grant_id, noted.what) == (shared.id, ShareViewKind.PAGE)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"words": " "}, "Write what you want to say."),
        ({"words": "x" * 1001}, "characters or fewer"),
        ({"date": "yesterday"}, "date"),
        ({"date": "1 1 2026"}, "This day has passed. Enter today or a later day."),
        ({"date": "1 1 2036"}, "Enter a day within 3 years."),
    ],
)
def test_what_cannot_be_kept_is_said_and_comes_back_as_it_was_typed(
    council: Buyer, talked: Talked, typed: dict[str, str], sentence: str
) -> None:
    shared = talked()
    council.visit(f"{shared.theirs}?step={shared.step.key}")
    page = council.visit.send(**typed)
    assert page.status == 422
    assert sentence in page.text
    (name,) = typed
    field = page.soup.select_one(f"#{name}")
    assert (field.text if name == "words" else field["value"]).strip() == typed[name].strip()
    assert page.soup.select_one(f".govuk-error-summary a[href='#{name}']")
    assert shared.said() == []


def test_words_that_may_hold_a_workers_details_are_asked_about_and_never_refused(
    council: Buyer, talked: Talked
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    page = council.visit.send(words="Ring Zdravka Ivanova on 07700 900123.")
    assert page.status == 422
    assert "Save anyway" in page.text
    mark = page.soup.select_one("input[type=checkbox][name=keep_words]")["value"]
    assert council.visit.send(keep_words=mark).status == 200
    assert len(shared.said()) == 1


def test_a_word_is_taken_back_in_the_first_minutes_alone(
    app: Flask, council: Buyer, talked: Talked, now: datetime
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    council.visit.send(words="Too soon.")
    app.config["CLOCK"] = lambda: now + timedelta(minutes=14)
    council.visit(shared.theirs)
    page = council.visit.send(f"{shared.theirs}/1/withdraw")
    assert (page.status, shared.said()) == (200, [])
    council.visit.send(words="This stays.")
    kept = council.visit(shared.theirs)
    assert kept.soup.select_one("form[action$='/2/withdraw']")
    app.config["CLOCK"] = lambda: now + timedelta(minutes=30)
    page = council.visit.send(f"{shared.theirs}/2/withdraw")
    assert page.status == 422
    assert "answered or changed meanwhile" in page.text
    assert council.visit(shared.theirs).soup.select_one("form[action$='/withdraw']") is None
    assert [one.words for one in shared.said()] == ["This stays."]


def test_with_a_sign_there_are_the_same_steps_to_write_about(
    app: Flask, visit: Any, council: Buyer, talked: Talked, now: datetime
) -> None:
    pages = []
    for change in ({}, {"core_documents": "employer"}):
        shared = talked(submit_record(app, visit, a_record(change=change), now))
        pages.append((shared.steps, council.visit(shared.theirs).text))
    assert pages[0] == pages[1]
    assert "Messages about one step" in pages[0][1]


def test_a_step_nobody_has_is_not_there(council: Buyer, talked: Talked) -> None:
    shared = talked()
    assert council.visit(f"{shared.theirs}?step={'0' * 16}").heading == f"Messages with {FARM}"
    assert council.visit.send(words="Hello there.", step="0" * 16).status == 404


def test_when_the_share_is_over_the_buyer_reads_nothing_more(
    council: Buyer, submitted: Submitted, talked: Talked, ended: Any, answer_again: Any
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    council.visit.send(words="Hello there.")
    other = talked()
    ended(submitted, shared)
    page = council.visit(shared.theirs)
    assert (page.status, page.heading) == (404, "This is no longer shared with you")
    assert "Hello there." not in page.text
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert council.visit(other.theirs).heading == "The business has answered again"


def test_another_buyer_sees_no_messages(make_buyer: Any, council: Buyer, talked: Talked) -> None:
    shared = talked()
    council.visit(shared.theirs)
    council.visit.send(words="Hello there.")
    shop = make_buyer("jo@shop.example")
    assert shop.visit(shared.theirs).status == 404


def test_the_names_are_those_of_organisations(
    app: Flask, council: Buyer, visit: Any, talked: Talked, for_the_office: Any
) -> None:
    shared = talked()
    council.visit(shared.theirs)
    assert f"Your side is shown as {NAME}." in council.visit.page.text
    council.visit.send(words="Hello there.")
    assert f"{NAME}, 24 November 2026" in visit(shared.ours).text
    for_the_office(shared)
    assert "The Council of Norfolk, 24 November 2026" in visit(shared.ours).text
    with database_of(app).reading() as session:
        assert session.get_one(ShareGrant, shared.id).scope is ShareScope.PLAN


def test_a_buyer_says_yes_or_no_to_the_date_of_the_business(council: Buyer, visit: Any, talked: Talked) -> None:
    shared = talked()
    visit(f"{shared.ours}?step={shared.step.key}")
    visit.send(date="1 2 2027", words="Not before the pay day.")
    page = council.visit(f"{shared.theirs}?step={shared.step.key}")
    assert f"{FARM} proposes 1 February 2027" in page.text
    done = council.visit.send(f"{shared.theirs}/date", says="yes")
    assert "Agreed: by 1 February 2027" in done.text
    again = {**done.fields("/messages"), "due": "2027-02-01", "says": "no"}
    assert council.visit.client.post(f"{shared.theirs}/date", data=again).status_code == 422
    assert [one.move for one in shared.said()] == [MessageKind.PROPOSED, MessageKind.AGREED]
