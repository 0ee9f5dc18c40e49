"""The pages of an invitation: begin, take what one has, say no, think again, no more mail."""

from __future__ import annotations

from flask import Flask

from assess.suppliers.models import Decline, Status
from tests.assessments.asked.conftest import Asked
from tests.conftest import Visitor


def opened(visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    assert visit.send().address == asked.here


def test_somebody_begins_after_the_ten_lines(app: Flask, visit: Visitor, asked: Asked) -> None:
    opened(visit, asked)
    page = visit(f"{asked.here}/begin")
    assert len(page.soup.select("ol.assess-ten li")) == 10
    assert asked.now(app).status is Status.OPENED
    page = visit.send()
    assert page.heading == "Keep a link to come back with"
    stands = asked.now(app)
    assert stands.status is Status.STARTED
    assert stands.assessment_id is not None
    page = visit(asked.here)
    assert "Go on with it" in page.text
    assert visit(f"/assessments/{stands.assessment_id}/").status == 200


def test_somebody_says_no_and_thinks_again(app: Flask, visit: Visitor, asked: Asked) -> None:
    opened(visit, asked)
    page = visit(f"{asked.here}/no")
    assert visit.send().status == 422
    page = visit.send(why="no_time_now")
    assert "You said no on 24 November 2026" in page.text
    assert "We remind you before" not in page.text, "none comes any more"
    assert page.soup.select(f"main a[href='{asked.here}/chain']"), "the way to where it says whether it may be named"
    assert asked.now(app).decline is Decline.NO_TIME_NOW
    page = visit.send("/yes-after-all")
    assert "You said no" not in page.text
    assert asked.now(app).status is Status.OPENED
