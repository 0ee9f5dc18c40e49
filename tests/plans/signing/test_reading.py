"""What whoever signs reads: the copy of the business as it is, calm, with nothing marked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import html5lib
from flask import Flask

from assess.assessments.models import Submission
from assess.assessments.signing.keeping import ask
from assess.kit.db import database
from assess.plans.document import business_plan
from assess.plans.register.keeping import Change, change
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record


def open_it(app: Flask, who: Any, submitted: Submitted, now: datetime) -> Any:
    with app.app_context(), database().writing() as session:
        link = ask(session, session.get_one(Submission, submitted.submission_id), "", now)
    who(f"/s/{link.token}")
    return who.send()


def test_the_whole_plan_is_there_and_the_form_below(reader: Any, submitted: Submitted) -> None:
    page = reader()
    html5lib.HTMLParser(strict=True).parse(page.html)
    plan = business_plan(submitted.record)
    assert page.heading == plan.title
    assert page.soup.title.text == "Read and sign – Assess"
    for item in plan.register.items:
        assert item.do in page.text
    for row in plan.annex.answers:
        assert " ".join(row.ask.split()) in page.text
    ids = [str(element["id"]) for element in page.soup.select("[id]")]
    assert sorted(ids) == sorted(set(ids))
    assert not page.soup.select("a[href^='/assessments']"), "it leads nowhere else"


def test_no_line_of_a_grave_answer_looks_unlike_the_others(
    app: Flask, visit: Any, another_visit: Any, now: datetime
) -> None:
    calm = submit_record(app, visit, a_record(), now)
    grave = submit_record(app, visit, a_record(change={"core_documents": "employer"}), now)
    pages = [open_it(app, another_visit, one, now) for one in (calm, grave)]
    for page in pages:
        marked = {str(row.get("class")) for row in page.soup.select(".plan-answers li")}
        assert marked == {"None"}
        for word in ("urgent sign", "serious sign", "can_sign", "red flag"):
            assert word not in page.html.lower()


def test_what_became_of_an_action_can_be_read(app: Flask, reader: Any, submitted: Submitted, now: datetime) -> None:
    key = business_plan(submitted.record).register.items[0].key
    with app.app_context(), database().writing() as session:
        change(session, submitted.submission_id, key, Change(response="accepted", owner="Maria"), 0, now)
    page = reader()
    assert len(page.soup.select(".plan-state")) == 1
    assert not page.soup.select(".plan-pen"), "a screen has no lines for a pen"
