"""Asking, confirming and stopping, as people and as mail programs do it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select

from assess.core.config import Settings
from assess.core.encryption import use_keys
from assess.core.links import hash_token, new_token
from assess.core.models import OutgoingMail
from assess.core.rate_limits import OPEN_LINK_LIMIT, RateCounter
from assess.plans.models import Reminder, ReminderSuppression, UnsubscribeToken
from assess.plans.reminders import CALLER_LIMIT, MAILBOX_MONTH_LIMIT, MAX_REMINDERS, SUPPRESSION_DAYS, send_all_due
from tests.decrypted_rows import NoKeys
from tests.mail_servers import MailServer
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import scenario
from tests.plans.reminders.conftest import JO, link_in

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def rows(app: Flask, table: type[Any]) -> list[Any]:
    with app.extensions["assess.database"].reading() as session:
        return list(session.scalars(select(table)))


def ask(visit: Any, submitted: Submitted, address: str) -> Any:
    visit(f"{submitted.address}/reminders")
    return visit.send("", email=address)


def a_reminder(submitted: Submitted, number: int, now: datetime, *, confirmed: bool) -> Reminder:
    return Reminder(
        id=uuid.uuid4(),
        assessment_id=submitted.id,
        address=f"a{number}@farm.example",
        confirm_hash=hash_token(f"{number:043}"),
        made_at=now,
        confirmed_at=now if confirmed else None,
        told={},
    )


def test_no_mail_leaves_during_a_request_and_the_worker_sends_one_that_asks(
    app: Flask, submitted: Submitted, visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    page = ask(visit, submitted, JO)
    assert page.heading == "Check your email"
    assert JO not in page.html
    assert postbox.raw == []
    assert deliver(now) == 1
    (mail,) = postbox.mails
    assert mail["To"] == JO
    assert mail["From"] == "reminders@network.example"
    assert "slavery" not in mail["Subject"].lower()
    assert "Fen Edge" not in postbox.bodies()[0]
    assert rows(app, Reminder)[0].confirmed_at is None


def test_looking_at_the_link_confirms_nothing_and_the_button_does(
    app: Flask, submitted: Submitted, visit: Any, another_visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    ask(visit, submitted, JO)
    deliver(now)
    link = link_in(postbox.bodies()[0], "confirm")
    page = another_visit(link)
    assert page.heading == "Do you want reminders?"
    assert len(page.soup.select("main .govuk-button")) == 1
    assert "Fen Edge" not in page.html
    assert rows(app, Reminder)[0].confirmed_at is None
    done = another_visit.send()
    assert done.heading == "Reminders are on"
    assert link not in done.address
    assert rows(app, Reminder)[0].confirmed_at == now
    assert "1 address gets reminders" in visit(f"{submitted.address}/reminders").text
    assert JO not in visit.page.html


def test_the_answer_is_the_same_whatever_the_address_is(
    submitted: Submitted, visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    addresses = (JO, JO, "Jo.Canary+x@farm.example", "al@farm.example")
    assert len({ask(visit, submitted, address).html_without_token for address in addresses}) == 1
    deliver(now)
    assert [to for _, to in postbox.envelopes] == [[JO], ["al@farm.example"]]


def test_nobody_can_be_flooded_through_many_assessments(app: Flask, visit: Any, deliver: Any, now: datetime) -> None:
    for step in range(12):
        moment = now + timedelta(hours=6 * step)
        app.config["CLOCK"] = lambda now=moment: now
        page = ask(visit, submit_record(app, visit, scenario(), moment), JO)
        assert page.heading == "Check your email"
        deliver(moment)
    assert len(rows(app, Reminder)) == 4, "at most two a day and four a month"


def test_an_assessment_can_ask_few_addresses_a_day(submitted: Submitted, visit: Any) -> None:
    for number in range(5):
        assert ask(visit, submitted, f"a{number}@farm.example").status == 200
    page = ask(visit, submitted, "a9@farm.example")
    assert page.status == 429


def test_an_assessment_reminds_a_few_addresses_and_no_more(
    app: Flask, submitted: Submitted, visit: Any, now: datetime
) -> None:
    with app.extensions["assess.database"].writing() as session:
        session.add_all(a_reminder(submitted, number, now, confirmed=True) for number in range(MAX_REMINDERS))
    page = ask(visit, submitted, "a9@farm.example")
    assert page.status == 422
    assert page.soup.select_one("#email")["value"] == "a9@farm.example"


def test_the_sixth_that_is_confirmed_is_told_that_there_is_no_room(
    app: Flask, submitted: Submitted, another_visit: Any, now: datetime
) -> None:
    with app.extensions["assess.database"].writing() as session:
        session.add_all(
            a_reminder(submitted, number, now, confirmed=number < MAX_REMINDERS) for number in range(MAX_REMINDERS + 1)
        )
    another_visit(f"/reminders/confirm/{MAX_REMINDERS:043}")
    page = another_visit.send()
    assert (page.status, page.heading) == (409, "This plan has all the reminders it may have")
    assert sum(row.runs for row in rows(app, Reminder)) == MAX_REMINDERS


def test_a_caller_asks_a_few_times_a_day_from_whatever_assessment(app: Flask, visit: Any, now: datetime) -> None:
    for number in range(CALLER_LIMIT.most):
        page = ask(visit, submit_record(app, visit, scenario(), now), f"jo@farm{number}.example")
        assert page.heading == "Check your email"
    assert ask(visit, submit_record(app, visit, scenario(), now), "jo@orchard.example").status == 429


def test_nobody_can_learn_who_stopped_and_no_mail_goes_there(
    app: Flask, reminded: Submitted, visit: Any, another_visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    another_visit(link_in(postbox.bodies()[0], "stop"))
    stopped = another_visit.send()
    assert f"for {SUPPRESSION_DAYS} days from then" in stopped.text
    assert len(rows(app, ReminderSuppression)) == 1
    pages = [ask(visit, reminded, address) for address in ("Jo.Canary+2@farm.example", "al@farm.example")]
    assert pages[0].html_without_token == pages[1].html_without_token
    assert pages[0].heading == "Check your email"
    form = visit(f"{reminded.address}/reminders").html
    deliver(now)
    assert [to for _, to in postbox.envelopes[1:]] == [["al@farm.example"]]
    assert "Reminders that are on" not in form
    app.config["CLOCK"] = lambda: now + timedelta(days=SUPPRESSION_DAYS)
    ask(visit, submit_record(app, visit, scenario(), now + timedelta(days=SUPPRESSION_DAYS)), JO)
    deliver(now + timedelta(days=SUPPRESSION_DAYS))
    assert postbox.envelopes[-1][1] == [JO]


def test_the_privacy_page_says_how_long_a_mailbox_is_left_in_peace(visit: Any) -> None:
    assert visit("/privacy").text.count(f"{SUPPRESSION_DAYS} days") == 2


def test_the_privacy_page_says_how_long_is_kept_that_a_mailbox_was_asked(visit: Any) -> None:
    kept = {row.find("th").text: row.find("td").text for row in visit("/privacy").soup.select("tbody tr")}
    (days,) = [time for what, time in kept.items() if what.startswith("A mark that a mailbox was asked")]
    assert days.startswith(f"up to {MAILBOX_MONTH_LIMIT.seconds // 86_400 + 1} days"), (
        "its span, and the night that tidies"
    )


def test_stopping_sends_no_first_mail_that_waits_for_another_plan_and_leaves_what_was_confirmed(
    app: Flask, visit: Any, another_visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    ask(visit, submit_record(app, visit, scenario(), now), JO)
    deliver(now)
    another_visit(link_in(postbox.bodies()[-1], "confirm"))
    another_visit.send()
    later = now + timedelta(days=1)
    app.config["CLOCK"] = lambda: later
    ask(visit, submit_record(app, visit, scenario(), later), JO)
    deliver(later)
    first = link_in(postbox.bodies()[-1], "stop")
    waiting = submit_record(app, visit, scenario(), later)
    ask(visit, waiting, "jo.canary+x@farm.example")
    ask(visit, waiting, "al@farm.example")
    another_visit(first)
    assert "they go on" in another_visit.page.text
    assert "they go on" in another_visit.send().text
    addresses = sorted(row.address for row in rows(app, Reminder))
    assert addresses == ["", "", "al@farm.example", JO]
    assert sum(row.runs for row in rows(app, Reminder)) == 1
    before = len(postbox.raw)
    deliver(later)
    assert [to for _, to in postbox.envelopes[before:]] == [["al@farm.example"]]
    assert {row.to_address for row in rows(app, OutgoingMail)} == {""}


def test_what_is_no_address_comes_back_with_what_to_do(submitted: Submitted, visit: Any) -> None:
    page = ask(visit, submitted, "jo at farm")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#email"
    assert page.soup.select_one("#email")["value"] == "jo at farm"


def test_unconfirmed_for_a_week_the_link_ends(
    app: Flask, submitted: Submitted, visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    ask(visit, submitted, JO)
    deliver(now)
    link = link_in(postbox.bodies()[0], "confirm")
    app.config["CLOCK"] = lambda: now + timedelta(days=6, hours=23)
    assert visit(link).status == 200
    app.config["CLOCK"] = lambda: now + timedelta(days=7)
    assert visit(link).status == 404
    assert visit("/reminders/confirm/" + "x" * 43).heading == "This link does not work"


def test_the_link_in_a_mail_leads_to_one_button_that_stops(
    app: Flask, reminded: Submitted, another_visit: Any, postbox: MailServer, morning: Any
) -> None:
    link = link_in(postbox.bodies()[0], "stop")
    page = another_visit(link)
    assert page.heading == "Stop reminders"
    assert len(page.soup.select("main .govuk-button")) == 1
    assert rows(app, Reminder)[0].runs
    assert another_visit.send().heading == "Reminders have stopped"
    (reminder,) = rows(app, Reminder)
    assert (reminder.runs, reminder.address) == (False, "")
    assert another_visit(link).heading == "Reminders have stopped"
    assert morning("2026-12-10") == []
    assert reminded.address


def test_a_mail_program_stops_with_one_click_and_without_any_form(
    app: Flask, reminded: Submitted, postbox: MailServer
) -> None:
    mail = postbox.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:5000")
    stranger = app.test_client()
    assert stranger.post(path).status_code == 400
    assert stranger.post(path, data={"List-Unsubscribe": "x"}).status_code == 400
    assert rows(app, Reminder)[0].runs
    answer = stranger.post(path, data=ONE_CLICK, content_type="multipart/form-data")
    assert answer.status_code == 200, "programs do not follow a redirect"
    assert not rows(app, Reminder)[0].runs
    assert stranger.post(path, data=ONE_CLICK).status_code == 200
    assert stranger.post("/reminders/stop/" + "x" * 43, data=ONE_CLICK).status_code == 404
    assert reminded.address


def test_a_machine_of_a_mail_company_stops_for_all_its_people_and_only_guesses_are_counted(
    app: Flask, submitted: Submitted, now: datetime
) -> None:
    tokens = [new_token() for _ in range(OPEN_LINK_LIMIT.most + 10)]
    found = [a_reminder(submitted, number, now, confirmed=True) for number, _ in enumerate(tokens)]
    with app.extensions["assess.database"].writing() as session:
        session.add_all(found)
        session.flush()
        session.add_all(
            UnsubscribeToken(token_hash=hash_token(token), reminder_id=reminder.id, made_at=now)
            for token, reminder in zip(tokens, found, strict=True)
        )
    counters = len(rows(app, RateCounter))
    machine = app.test_client()
    machine.environ_base["REMOTE_ADDR"] = "127.0.0.9"
    guesses = [machine.post(f"/reminders/stop/{new_token()}", data=ONE_CLICK) for _ in range(OPEN_LINK_LIMIT.most + 2)]
    assert [guess.status_code for guess in guesses] == [404] * OPEN_LINK_LIMIT.most + [429] * 2
    assert len(rows(app, RateCounter)) == counters + 2, "of guesses, and of pages that answered: none for each"
    for token in tokens:
        assert machine.get(f"/reminders/stop/{token}").status_code == 200
        assert machine.post(f"/reminders/stop/{token}", data=ONE_CLICK).status_code == 200
    assert not any(row.runs for row in rows(app, Reminder))
    assert len(rows(app, ReminderSuppression)) == len(tokens)


def test_what_waits_in_the_outbox_is_not_sent_after_a_stop(
    app: Flask, reminded: Submitted, settings: Settings, visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    moment = now + timedelta(days=20)
    assert send_all_due(app.extensions["assess.database"], settings, moment) == 1
    visit(f"{reminded.address}/reminders")
    assert "Stop all reminders" in visit.page.text
    visit.send("/reminders/stop")
    assert "Stop all reminders" not in visit.page.text
    deliver(moment)
    assert len(postbox.raw) == 1
    assert {row.to_address for row in rows(app, OutgoingMail)} == {""}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_deleted_assessment_leaves_no_address_in_the_file_and_sends_nothing(
    app: Flask, settings: Settings, reminded: Submitted, visit: Any, morning: Any, now: datetime
) -> None:
    use_keys(app.extensions["assess.database"].engine, NoKeys())  # the files are searched for the address
    file = Path(str(make_url(settings.database).database))

    def found() -> list[str]:
        return [path.name for path in file.parent.glob(f"{file.name}*") if JO.encode() in path.read_bytes()]

    send_all_due(app.extensions["assess.database"], settings, now + timedelta(days=20))
    assert found()
    visit(f"{reminded.address}/delete")
    assert "deleted" in visit.send("", sure="yes").address + visit.page.text
    assert rows(app, Reminder) == []
    assert rows(app, OutgoingMail) == []
    assert found() == []
    assert morning("2026-12-20") == []


def test_strangers_see_nothing(another_visit: Any, submitted: Submitted) -> None:
    for path in ("/reminders", "/reminders/requested"):
        assert another_visit(submitted.address + path).status == 404


def test_without_a_submission_there_is_nothing_to_remind_of(visit: Any, app: Flask, submitted: Submitted) -> None:
    assert visit(f"{submitted.address}/reminders").heading == "Reminders by email"
    assert "Only put in an address that nobody else reads" in visit.page.text
    with app.app_context():
        assert app.jinja_env.globals["reminders_available"]()  # type: ignore[operator]  # ours


class TestWithoutAMailServer:
    @pytest.fixture
    def settings(self, banks_url: str, tmp_path: Path) -> Settings:
        return Settings(env="development", database_url=banks_url, data_folder=tmp_path)

    def test_reminders_do_not_exist(self, app: Flask, submitted: Submitted, visit: Any) -> None:
        assert visit(f"{submitted.address}/reminders").status == 404
        assert visit(f"{submitted.address}/reminders/requested").status == 404
        with app.app_context():
            assert not app.jinja_env.globals["reminders_available"]()  # type: ignore[operator]  # ours


def test_a_confirmation_nobody_was_sent_is_answered_at_once_and_counted(app: Flask, visit: Any) -> None:
    visit("/start?bank=farming")
    token = visit.page.fields()["csrf_token"]
    answer = visit.client.post(f"/reminders/confirm/{new_token()}", data={"csrf_token": token})
    assert answer.status_code == 404  # and not "busy": the counter does not wait for the request's own lock
    assert [row.count for row in rows(app, RateCounter)] == [1, 1], "the guess, and the page that answered it"


def test_the_history_of_a_plan_tells_nothing_of_what_a_mailbox_did(
    app: Flask, submitted: Submitted, visit: Any, another_visit: Any, postbox: MailServer, deliver: Any, now: datetime
) -> None:
    ask(visit, submitted, JO)
    deliver(now)
    before = visit(f"{submitted.address}/history").html_without_token
    assert "Reminders by email were asked for" in before
    another_visit(link_in(postbox.bodies()[0], "stop"))
    another_visit.send()
    assert rows(app, Reminder)[0].stopped_at == now
    assert visit(f"{submitted.address}/history").html_without_token == before
    ask(visit, submitted, JO)
    assert len(rows(app, Reminder)) == 1, "it is left in peace"
    after_one_left_in_peace = visit(f"{submitted.address}/history").text
    assert "Reminders by email were asked for 2 times" in after_one_left_in_peace
