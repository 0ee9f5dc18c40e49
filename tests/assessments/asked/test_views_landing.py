"""Where the links of a letter lead: looking does nothing, and what is unknown or taken back looks alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from assess.suppliers.inviting import take_back
from assess.suppliers.letters import is_stopped
from assess.suppliers.models import Status, Supplier, SupplierInvitation, What
from assess.suppliers.trail import OF_BUYER
from tests.assessments.asked.conftest import Asked
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of

TOLD = {
    What.OPENED: "you opened this",
    What.STARTED: "began",
    What.SUBMITTED: "finished",
    What.SHARED: "on which days you shared something",
    What.SHARE_OVER: "that it is over",
    What.ANSWERS_REMOVED: "your answers were deleted",
    What.DECLINED: "you said no, with the reason you choose",
    What.THOUGHT_AGAIN: "thought again",
    What.MAIL_STOPPED: "you want no more mail",
    What.OTHER_RESULT_TOLD: "a result from another scheme",
    What.COMMENTED: "what you write or agree about a plan you share",
    What.ANSWERED: "what you write or agree about a plan you share",
    What.DATE_AGREED: "what you write or agree about a plan you share",
}
"""For each entry of the trail that is not the buyer's own doing, the words that tell the supplier of it beforehand."""


def test_a_supplier_is_told_beforehand_of_all_that_its_buyer_learns() -> None:
    assert set(TOLD) == set(What) - OF_BUYER


def test_looking_opens_nothing_and_the_button_does(app: Flask, visit: Visitor, asked: Asked) -> None:
    page = visit(asked.link)
    assert page.heading == "The Council asks how work is done in your business"
    for words in ("confirmed by Eastshire Anti-Slavery Network", "24 December 2026", "About 45 minutes", "say no"):
        assert words in page.text
    for words in TOLD.values():
        assert words in page.text
    assert "Nothing more" not in page.text
    assert asked.now(app).status is Status.INVITED
    assert visit(asked.here).status == 404
    visit(asked.link)
    assert visit.send().address == asked.here
    assert asked.now(app).status is Status.OPENED


def test_taken_back_looks_like_unknown(app: Flask, visit: Visitor, another_visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    with database_of(app).writing() as session:
        take_back(session, session.get_one(SupplierInvitation, asked.id), TODAY, by=None)
    unknown = another_visit("/asked/" + "A" * 43)
    assert unknown.status == 404
    assert another_visit(asked.link).text == unknown.text
    assert visit(asked.here).status == 404


def test_a_stop_link_opens_no_invitation_and_the_other_way_round(visit: Visitor, asked: Asked) -> None:
    assert visit(asked.stop.replace("/stop", "")).status == 404
    assert visit(asked.link.replace("/asked/", "/asked/stop/")).status == 404


def stopped(app: Flask, asked: Asked) -> bool:
    with database_of(app).reading() as session:
        farm = session.get_one(Supplier, asked.supplier_id)
        return is_stopped(session, farm.buyer_id, farm.email, (app.config["SECRET_KEY"],))


def test_mail_stops_by_the_button_and_not_by_looking(app: Flask, visit: Visitor, asked: Asked) -> None:
    assert visit(asked.stop).heading == "No more mail?"
    assert not stopped(app, asked)
    assert visit.send().heading == "No more mail comes"
    assert stopped(app, asked)
    assert visit(asked.link).status == 200, "what was asked stays open"


def test_a_mail_program_stops_it_by_itself(app: Flask, visit: Visitor, asked: Asked) -> None:
    assert visit.client.post(asked.stop).status_code == 400
    answer = visit.client.post(asked.stop, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert stopped(app, asked)


def test_no_log_line_holds_a_token(visit: Visitor, asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    visit(asked.link)
    answer: Any = visit.send().response
    visit(asked.stop)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert "/asked/<token>" in {line.get("route") for line in lines}
    for token in (asked.link.rsplit("/", 1)[1], asked.stop.rsplit("/", 1)[1]):
        assert token not in json.dumps(lines)
        assert token not in str(answer.headers)
