"""Asking, confirming and stopping, as people and as mail programs do it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select

from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from assess.plans.reminders import asking
from assess.plans.reminders.daily import remind_all
from assess.plans.reminders.models import Reminder
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import scenario
from tests.plans.reminders.conftest import JO, link_in
from tests.postboxes import Postbox

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def rows(app: Flask, table: type[Any]) -> list[Any]:
    with app.extensions["assess.database"].reading() as session:
        return list(session.scalars(select(table)))


def ask(visit: Any, submitted: Submitted, address: str) -> Any:
    visit(f"{submitted.address}/reminders")
    return visit.send("", email=address)


def test_no_mail_leaves_during_a_request_and_the_worker_sends_one_that_asks(
    app: Flask, submitted: Submitted, visit: Any, postbox: Postbox, deliver: Any, now: datetime
) -> None:
    page = ask(visit, submitted, JO)
    assert page.heading == "Look into your mail"
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
    app: Flask, submitted: Submitted, visit: Any, another_visit: Any, postbox: Postbox, deliver: Any, now: datetime
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
    submitted: Submitted, visit: Any, postbox: Postbox, deliver: Any, now: datetime
) -> None:
    pages = {ask(visit, submitted, address).html for address in (JO, JO, "Jo.Canary+x@farm.example", "al@farm.example")}
    assert len(pages) == 1
    deliver(now)
    assert [to for _, to in postbox.envelopes] == [[JO], ["al@farm.example"]]


def test_nobody_can_be_flooded_through_many_assessments(app: Flask, visit: Any, deliver: Any, now: datetime) -> None:
    for step in range(12):
        moment = now + timedelta(hours=6 * step)
        app.config["CLOCK"] = lambda moment=moment: moment
        page = ask(visit, submit_record(app, visit, scenario(), moment), JO)
        assert page.heading == "Look into your mail"
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
    for number in range(5):
        with app.extensions["assess.database"].writing() as session:
            asking.ask(session, submitted.id, f"a{number}@farm.example", "https://x.example", now)
    page = ask(visit, submitted, "a9@farm.example")
    assert page.status == 422
    assert page.soup.select_one("#email")["value"] == "a9@farm.example"


def test_what_is_no_address_comes_back_with_what_to_do(submitted: Submitted, visit: Any) -> None:
    page = ask(visit, submitted, "jo at farm")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#email"
    assert page.soup.select_one("#email")["value"] == "jo at farm"


def test_unconfirmed_for_a_week_the_link_ends(
    app: Flask, submitted: Submitted, visit: Any, postbox: Postbox, deliver: Any, now: datetime
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
    app: Flask, reminded: Submitted, another_visit: Any, postbox: Postbox, morning: Any
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
    app: Flask, reminded: Submitted, postbox: Postbox
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


def test_what_waits_in_the_outbox_is_not_sent_after_a_stop(
    app: Flask, reminded: Submitted, settings: Settings, visit: Any, postbox: Postbox, deliver: Any, now: datetime
) -> None:
    moment = now + timedelta(days=20)
    assert remind_all(app.extensions["assess.database"], settings.base_url, moment) == 1
    visit(f"{reminded.address}/reminders")
    assert "Stop all reminders" in visit.page.text
    visit.send("/reminders/stop")
    assert "Stop all reminders" not in visit.page.text
    deliver(moment)
    assert len(postbox.raw) == 1
    assert {row.to_address for row in rows(app, Outgoing)} == {""}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_deleted_assessment_leaves_no_address_in_the_file_and_sends_nothing(
    app: Flask, settings: Settings, reminded: Submitted, visit: Any, morning: Any, now: datetime
) -> None:
    file = Path(str(make_url(settings.database).database))

    def found() -> list[str]:
        return [path.name for path in file.parent.glob(f"{file.name}*") if JO.encode() in path.read_bytes()]

    remind_all(app.extensions["assess.database"], settings.base_url, now + timedelta(days=20))
    assert found()
    visit(f"{reminded.address}/delete")
    assert "deleted" in visit.send("", sure="yes").address + visit.page.text
    assert rows(app, Reminder) == []
    assert rows(app, Outgoing) == []
    assert found() == []
    assert morning("2026-12-20") == []


def test_strangers_see_nothing(another_visit: Any, submitted: Submitted) -> None:
    for path in ("/reminders", "/reminders/asked"):
        assert another_visit(submitted.address + path).status == 404


def test_without_a_submission_there_is_nothing_to_remind_of(visit: Any, app: Flask, submitted: Submitted) -> None:
    assert visit(f"{submitted.address}/reminders").heading == "Reminders by e-mail"
    assert "Only put in an address that nobody else reads" in visit.page.text
    with app.app_context():
        assert app.jinja_env.globals["reminders_available"]()  # type: ignore[operator]  # ours


class TestWithoutAMailServer:
    @pytest.fixture
    def settings(self, banks_url: str, tmp_path: Path) -> Settings:
        return Settings(env="development", database_url=banks_url, data_folder=tmp_path)

    def test_reminders_do_not_exist(self, app: Flask, submitted: Submitted, visit: Any) -> None:
        assert visit(f"{submitted.address}/reminders").status == 404
        assert visit(f"{submitted.address}/reminders/asked").status == 404
        with app.app_context():
            assert not app.jinja_env.globals["reminders_available"]()  # type: ignore[operator]  # ours
