from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.models import Submission
from assess.assessments.submitting import reopen, submit
from assess.kit.db import database
from assess.plans.check_code.codes import code_of, remember
from assess.plans.check_code.views import CHECKING
from assess.plans.copies import Copy
from tests.plans.conftest import submit_record
from tests.plans.records import SCENARIOS, a_record, scenario

NOBODY_CHECKED = "Nobody checked the answers."


def printed(app: Flask, submission_id: int, copy: Copy = "business") -> str:
    with app.app_context(), database().writing() as session:
        submission = session.get(Submission, submission_id)
        assert submission is not None
        remember(session, submission, copy)
        return code_of(session, submission, copy)


def test_somebody_types_the_code_and_is_told_dates_and_nothing_more(
    app: Flask, another_visit: Any, submitted: Any
) -> None:
    code = printed(app, submitted.submission_id)
    html5lib.HTMLParser(strict=True).parse(another_visit("/check").html)
    page = another_visit(f"/check?code={code.lower().replace('-', '+')}")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.address == f"/check/{code}"
    assert page.heading == "This matches our record"
    assert "Made on 24 November 2026 Answers valid until 24 November 2027" in page.text
    assert "It is the latest" in page.text
    assert NOBODY_CHECKED in page.text
    assert "A copy that was shared with somebody may say an earlier day" in page.text
    main = page.soup.main.get_text(" ")
    for secret in ("Fen Edge", "edium", "arming", "Norfolk", str(submitted.id)):
        assert secret not in main


@pytest.mark.parametrize("copy", ["business", "buyer"])
def test_it_says_the_same_whatever_was_answered(app: Flask, visit: Any, now: datetime, copy: Copy) -> None:
    records = [scenario(bank, title) for bank, title in SCENARIOS]
    records += [a_record(change={"core_documents": how}) for how in ("employer", "third", "dk")]
    said = set()
    for record in records:
        code = printed(app, submit_record(app, visit, record, now).submission_id, copy)
        said.add(visit(f"/check/{code}").text.replace(code, "CODE"))
    assert len(said) == 1


def test_after_a_newer_submission_and_after_a_year_it_says_so(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    code = printed(app, submitted.submission_id)
    with app.app_context(), database().writing() as session:
        reopen(session, submitted.id, now)
        submit(session, submitted.id, lambda _said: a_record(change={"core_longest_week": 47}), now)
    page = visit(f"/check/{code}")
    assert "The business has answered again since." in page.text
    assert "It is the latest" not in page.text
    assert "Its time is up" not in page.text
    app.config["CLOCK"] = lambda: now + timedelta(days=366)
    assert "Its time is up" in visit(f"/check/{code}").text


def test_an_unknown_code_is_said_plainly(visit: Any) -> None:
    page = visit("/check/K7QF-2M9D")
    assert page.status == 404
    assert page.heading == "We have no record of this code"
    assert "letter by letter" in page.text
    assert NOBODY_CHECKED not in page.text


@pytest.mark.parametrize("address", ["/check?code=K7QF-2M0D", "/check?code=", "/check/nonsense"])
def test_what_is_no_code_comes_back_with_what_to_do(visit: Any, address: str) -> None:
    page = visit(address)
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    assert page.soup.select_one(".govuk-error-summary a[href='#code']")
    assert page.soup.select_one("#code")["value"] == address.rpartition("=" if "=" in address else "/")[2]


def test_no_page_of_it_sets_a_cookie(visit: Any) -> None:
    for address in ("/check", "/check?code=x", "/check?code=K7QF-2M9D", "/check/K7QF-2M9D"):
        page = visit(address, follow=False)
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "private, no-store"


def test_it_never_speaks_of_a_certificate(app: Flask, visit: Any, submitted: Any) -> None:
    code = printed(app, submitted.submission_id)
    for address in ("/check", f"/check/{code}"):
        words = visit(address).soup.main.get_text(" ").lower()
        assert not {"genuine", "certif", "verified", "badge", "authentic"} & {
            word for word in ("genuine", "certif", "verified", "badge", "authentic") if word in words
        }


def test_nobody_can_try_codes_without_end(visit: Any) -> None:
    statuses = [visit(f"/check/K7QF-2M{first}{second}").status for first in "23456789" for second in "2345"]
    assert statuses[: CHECKING.most] == [404] * CHECKING.most
    assert statuses[CHECKING.most :] == [429] * (len(statuses) - CHECKING.most)
