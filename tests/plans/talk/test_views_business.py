from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask

from assess.plans.register.keeping import state_of
from assess.plans.talk.models import Move, Side
from tests.people.persons import a_person, an_organisation, database_of, sign_in
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.plans.shares.conftest import Buyer
from tests.plans.talk.conftest import NAME, Shared

Talked = Callable[..., Shared]


def a_proposal(council: Buyer, shared: Shared, when: str = "27 3 2027") -> None:
    council.visit(f"{shared.theirs}?step={shared.step.key}")
    council.visit.send("/talk", date=when, words="Is that soon enough?")


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
    assert page.heading == f"Talk with {NAME}"
    assert "You need not answer." in page.text
    done = visit.send(words="We need two weeks.")
    assert "You, 24 November 2026" in done.text
    theirs = council.visit(shared.theirs)
    assert "Fen Edge Growers Ltd, 24 November 2026" in theirs.text
    assert theirs.soup.select("form[action$='/take-back']") == []


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
    with database_of(app).reading() as look:
        assert state_of(look, submitted.submission_id) == {}, "nothing is set by itself"
    page = visit.send(f"{shared.ours}/plan")
    assert page.status == 200
    assert "Put 27 March 2027 in your plan" not in page.text
    with database_of(app).reading() as look:
        (state,) = state_of(look, submitted.submission_id).values()
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
    assert [one.move for one in shared.said()] == [Move.PROPOSED, Move.REFUSED, Move.PROPOSED]


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
    assert visit.send(f"{shared.ours}/1/take-back").status == 200
    assert shared.said() == []
    visit.send(words="This stays.")
    page = visit(shared.ours)
    app.config["CLOCK"] = lambda: now + timedelta(minutes=16)
    assert visit.send(f"{shared.ours}/2/take-back").status == 422
    assert "form[action$='take-back']" not in page.html


def test_when_the_share_is_over_it_is_read_and_nothing_is_written(
    visit: Any, council: Buyer, submitted: Submitted, talked: Talked, ended: Any, answer_again: Any
) -> None:
    shared, again = talked(), talked()
    a_proposal(council, shared)
    drawn = visit(f"{shared.ours}?step={shared.step.key}")
    ended(submitted, shared)
    for action in ("/talk", "/date"):
        page = visit.send(action, **({"words": "Late."} if action == "/talk" else {"says": "yes"}))
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
    assert shared.said()[-1].side is Side.BUSINESS


def test_a_share_of_another_assessment_is_not_there(visit: Any, submitted: Submitted, talked: Talked) -> None:
    shared = talked()
    assert visit(shared.ours.replace(str(shared.id), str(submitted.id))).status == 404
