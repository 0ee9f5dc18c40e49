"""Every page that changes something leaves exactly one event, and looking leaves none: the real pages, opened as people do.

A new page that takes POST has to be named below, else the first test fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request, request_finished, request_started
from sqlalchemy import func, select

from assess.assessments.links import make_resume_link
from assess.kit.audit.keys import Keys
from assess.kit.audit.models import AuditEvent
from assess.kit.audit.verifying import verify
from assess.kit.config import Settings
from assess.kit.db import database
from assess.kit.jobs.models import Job, JobState
from assess.kit.mail.models import Outgoing
from tests.conftest import TODAY, Visitor
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import scenario

ONE_EVENT = {
    "after.answer_the_rest",
    "after.correct",
    "after.delete",
    "after.keep",
    "after.leave",
    "business.save_fact_page",
    "business.save_gate_answers",
    "business.save_identity",
    "buyer.make_again",
    "buyer.open_link",
    "calendar.end_address",
    "calendar.make_address",
    "check.submit_answers",
    "links.end_link",
    "links.make_link",
    "links.resume",
    "papers.make_again",
    "plan_files.make_again",
    "purchases.add",
    "purchases.save_list",
    "purchases.undo",
    "register.accept_all",
    "register.add_note",
    "register.change_note",
    "register.decide",
    "register.go_back",
    "register.save_item",
    "register.tick_off",
    "register.undo_all",
    "reminders.ask_for_reminders",
    "reminders.confirm_reminder",
    "reminders.stop_reminder",
    "reminders.stop_reminders",
    "business.save_fact",
    "sections.save_section",
    "share.end_link",
    "share.make_link",
    "start.create",
}
"""Each is opened below."""

NO_EVENT = {
    "what_if.show_outcome": "it works something out and stores nothing",
}

ELSEWHERE: dict[str, str] = {}
"""Those whose own tests count their events, with the name of the file."""

Seen = Counter[tuple[str, int]]


@contextmanager
def counting(app: Flask) -> Iterator[tuple[Seen, list[str]]]:
    """How many events each POST left, by endpoint and number, and the addresses of GETs that left any."""
    posted: Seen = Counter()
    looked: list[str] = []

    def events() -> int:
        with app.extensions["assess.database"].reading() as look:
            return look.scalar(select(func.count()).select_from(AuditEvent)) or 0

    def begin(_app: Flask, **_more: object) -> None:
        g.events_before = events()

    def end(_app: Flask, response: Any, **_more: object) -> None:
        left = events() - g.events_before
        if request.method == "POST" and (response.status_code < 400 or left):
            posted[str(request.endpoint), left] += 1
        if request.method == "GET" and left:
            looked.append(request.path)

    with request_started.connected_to(begin, app), request_finished.connected_to(end, app):
        yield posted, looked


def first_sight(visit: Visitor) -> None:
    """From the first click to the submission, and what can be done around it."""
    visit("/start/car_washes")
    home = visit.send(length="quick").address.split("/link")[0] + "/"
    visit(f"{home}link")
    link = visit.send(pin="").soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="9")
    visit(home)
    visit.send("/full")
    visit(f"{home}business")
    visit.send(name="Fen Edge", area="norfolk")
    visit(f"{home}business/gates")
    page = visit.send(foreign="no", large="no")
    names = [group["id"].removesuffix("--group") for group in page.soup.select(".assess-asked")]
    unsure = {f"{name}.dk": "yes" for name in names if page.soup.select(f'input[name="{name}.dk"]')}
    unsure |= {name: "dk" for name in names if page.soup.select(f'input[name="{name}"][value=dk]')}
    visit.send(**unsure)
    visit(f"{home}business/facts/has_website")
    visit.send(has_website="yes", **{"has_website.dk": None})
    visit(f"{home}purchases")
    visit.send("/add", own="soap\nlaundry")
    visit(f"{home}purchases")
    visit.send("/purchases", remove="1")
    visit.send("/undo")
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(home)
    visit.send("/correct")
    visit.send("/keep", follow=False)
    visit(f"{home}link")
    visit.send("/end")
    visit(home)
    visit.send("/leave")
    visit(link)
    assert visit.page is not None
    assert visit.page.status == 404


def the_plan(app: Flask, visit: Visitor, colleague: Visitor, submitted: Submitted) -> None:
    """What a business does with its plan."""
    here, item = submitted.address, f"{submitted.address}/result/actions/farm_pay_basis"
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, TODAY)
    colleague(f"/r/{link.token}")
    colleague.send(follow=False)
    for who in (visit, colleague):
        who(item)
    visit.send(response="accepted", owner="someone_else", owner_text="Hers", go="list")
    assert colleague.send(response="will_not", reason="other", reason_text="Mine", go="list").status == 409
    colleague.send("decide", pick="mine")
    visit(f"{item}/history")
    visit.send("back")
    visit(f"{here}/result/actions")
    visit.send("/done", follow=False)
    visit(f"{item}/proof")
    visit.send(title="Blue folder", kind="records", grade="said")
    visit(f"{item}/proof/1")
    visit.send(title="Red folder")
    visit(f"{here}/result/actions/all-the-rest")
    visit.send()
    visit.send("undo")
    visit(f"{here}/calendar")
    visit.send("/calendar")
    visit(f"{here}/calendar")
    visit.send("/end")
    visit(f"{here}/result/what-if")
    visit.send()


def the_files(app: Flask, visit: Visitor, buyer: Visitor, submitted: Submitted) -> None:
    """Files that could not be made are ordered once more."""
    here = submitted.address
    buyer(f"/b/{submitted.buyer_token}")
    copy = buyer.send().address
    waiting = [(visit, f"{here}/making/plan"), (visit, f"{here}/papers/time-sheet/making"), (buyer, f"{copy}/making")]
    for who, address in waiting:
        who(address)
    with app.extensions["assess.database"].writing() as session:
        for job in session.scalars(select(Job)):
            job.state, job.error, job.place = JobState.SET_ASIDE, "KeyError", "press.py:9 press"
    for who, address in waiting:
        who(address)
        who.send("/making/plan" if address.endswith("plan") else "/making", follow=False)


def the_rest(app: Flask, visit: Visitor, submitted: Submitted) -> None:
    """Sharing, reminders, and the end."""
    here = submitted.address
    visit(f"{here}/share")
    visit.send(note="One")
    visit(f"{here}/share")
    visit.send("/end")
    for address in ("jo@farm.example", "al@farm.example"):
        visit(f"{here}/reminders")
        visit.send("", email=address)
    with app.extensions["assess.database"].reading() as look:
        confirming, stopping = look.scalars(select(Outgoing.body).order_by(Outgoing.id)).all()
    visit(found_in(confirming, "confirm"))
    visit.send()
    visit(found_in(stopping, "stop"))
    visit.send()
    visit(f"{here}/reminders")
    visit.send("/stop")
    visit(f"{here}/delete")
    visit.send(sure="yes")


def found_in(body: str, what: str) -> str:
    found = re.search(rf"^http://localhost:5000(/reminders/{what}/\S{{43}})$", body, re.MULTILINE)
    assert found, body
    return found[1]


@pytest.fixture
def settings(banks_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation that offers reminders."""
    return Settings(
        env="development",
        database_url=banks_url,
        data_folder=tmp_path,
        operator_name="Norfolk test desk",
        mail_server="smtp://127.0.0.1:9",
        mail_from="reminders@network.example",
    )


def test_of_every_page_that_takes_something_it_is_known_whether_it_leaves_an_event(app: Flask) -> None:
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    known = (ONE_EVENT, NO_EVENT.keys(), ELSEWHERE.keys())
    assert taking == ONE_EVENT | NO_EVENT.keys() | ELSEWHERE.keys()
    assert sum(map(len, known)) == len(taking), "each in one list only"


def test_every_page_that_changes_something_leaves_one_event_and_looking_leaves_none(
    app: Flask, visit: Visitor, another_visit: Visitor, settings: Settings
) -> None:
    with counting(app) as (posted, looked):
        first_sight(Visitor(app.test_client()))
        submitted = submit_record(app, visit, scenario(), TODAY)
        the_plan(app, visit, Visitor(app.test_client()), submitted)
        the_files(app, visit, another_visit, submitted)
        the_rest(app, visit, submitted)
    assert looked == []
    left = {(endpoint, number) for endpoint, number in posted}
    assert {pair for pair in left if pair[0] in ONE_EVENT and pair[1] != 1} == set()
    assert {endpoint for endpoint, _number in left} == ONE_EVENT | NO_EVENT.keys()
    assert {number for endpoint, number in left if endpoint in NO_EVENT} == {0}
    with app.extensions["assess.database"].reading() as look:
        verify(look, Keys.of(settings), [], TODAY)
