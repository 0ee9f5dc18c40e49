"""The way of whoever was asked by a link: read, sign or send back, and no further."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.models import Submission
from assess.assessments.signing.keeping import signed
from assess.assessments.signing.models import SignOff
from assess.assessments.submitting import reopen, submit
from assess.kit.db import database
from assess.plans.check_code.codes import code_of
from assess.plans.printing.press import printed_copy
from assess.plans.register.state import NOTHING_YET
from assess.plans.sign_off import Signed
from tests.conftest import Page
from tests.plans.conftest import SHORT, Submitted
from tests.plans.records import scenario

JO = {"name": "Jo Fenn", "job": "director", "read": "yes"}


def answer_again(app: Flask, submitted: Submitted, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        reopen(session, submitted.id, now)
        submit(session, submitted.id, lambda _said: {**scenario(), "reference": "K7QF-2M9D"}, now)


def test_reading_signing_and_what_the_business_sees(
    app: Flask, visit: Any, another_visit: Any, reader: Any, submitted: Submitted
) -> None:
    page = reader(note="director")
    assert page.address.startswith("/signing/")
    page = another_visit.send(page.address.rsplit("/", 1)[1], **JO, on_paper="yes")
    assert "This plan is signed off: Jo Fenn, director, on 24 November 2026." in page.text
    assert not page.soup.select("input[name=name]")
    with app.app_context(), database().reading() as look:
        made = look.scalars(select(SignOff)).one()
        assert made.digest == look.get_one(Submission, submitted.submission_id).digest
    assert "Signed off by Jo Fenn, director, on 24 November 2026." in visit(f"{submitted.address}/result").text
    page = visit(f"{submitted.address}/sign-off")
    assert "Name and job stand on your own copies" in page.text
    for words in ("You made a link", "Opened for the first time", "Signed off"):
        assert words in page.text


def test_a_buyer_learns_the_day_and_no_name(visit: Any, another_visit: Any, reader: Any, submitted: Submitted) -> None:
    page = reader()
    another_visit.send(page.address.rsplit("/", 1)[1], **JO, on_paper="yes")
    buyer = type(visit)(visit.client.application.test_client())
    buyer(f"/b/{submitted.buyer_token}")
    page = buyer.send()
    assert "Signed off by a senior person on 24 November 2026" in page.text
    assert "Jo Fenn" not in page.html
    assert "director" not in page.html


def test_what_is_missing_gets_a_sentence_and_nothing_typed_is_lost(another_visit: Any, reader: Any) -> None:
    here = reader().address
    page = another_visit.send(here.rsplit("/", 1)[1], name="Jo <Fenn>", on_paper="yes")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    assert {link["href"] for link in page.soup.select(".govuk-error-summary a")} == {"#job", "#read"}
    assert page.soup.select_one("#name")["value"] == "Jo <Fenn>"
    assert page.soup.select_one("#on_paper").has_attr("checked")
    page = another_visit.send("/back", words=" ")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#words"


def test_it_can_be_sent_back(visit: Any, another_visit: Any, reader: Any, submitted: Submitted) -> None:
    reader()
    page = another_visit.send("/back", words="Say who does\nthe training.")
    assert "You have sent it back." in page.text
    assert "Sent back. “Say who does the training.”" in visit(f"{submitted.address}/sign-off").text


def test_after_a_new_submission_nothing_old_is_signed(
    app: Flask, visit: Any, another_visit: Any, reader: Any, submitted: Submitted, now: datetime
) -> None:
    page = reader()
    here, fields = (
        page.address,
        page.fields(page.address.rsplit("/", 1)[1]) | {key: [value] for key, value in JO.items()},
    )
    answer_again(app, submitted, now)
    assert another_visit(here).status == 404
    assert "answered again" in another_visit.page.text
    assert another_visit.client.post(here, data=fields).status_code == 409
    assert another_visit.client.post(f"{here}/back", data=fields | {"words": ["More"]}).status_code == 409
    assert "Nobody has signed it off yet." in visit(f"{submitted.address}/sign-off").text
    with app.app_context(), database().reading() as look:
        assert signed(look, submitted.submission_id) is None


def test_an_ended_link_opens_nothing_at_the_next_request(
    visit: Any, another_visit: Any, ask: Any, submitted: Submitted
) -> None:
    path = ask(note="director")
    landing = another_visit(path).fields()
    page = another_visit.send()
    here, fields = (
        page.address,
        page.fields(page.address.rsplit("/", 1)[1]) | {key: [value] for key, value in JO.items()},
    )
    visit(f"{submitted.address}/sign-off")
    assert "You ended it on 24 November 2026." in visit.send("/end").text
    client = another_visit.client
    statuses = {
        "page": client.get(here).status_code,
        "sign": client.post(here, data=fields).status_code,
        "back": client.post(f"{here}/back", data=fields | {"words": ["More"]}).status_code,
        "leave": client.post(f"{here}/leave", data=fields).status_code,
        "landing": client.get(path).status_code,
        "open": client.post(path, data=landing).status_code,
    }
    assert set(statuses.values()) == {404}, statuses
    assert Page(client.get(path)).text == Page(client.get("/s/" + "A" * 43)).text


def test_whoever_signs_opens_nothing_else(another_visit: Any, reader: Any, submitted: Submitted) -> None:
    here = reader().address
    for address in (
        submitted.address + "/",
        f"{submitted.address}/result",
        f"{submitted.address}/plan.pdf",
        f"{submitted.address}/sign-off",
        f"{submitted.address}/sign-off/read",
        f"{submitted.address}/share",
        here.replace("signing", "delegated"),
        f"/signing/{uuid.uuid4()}",
    ):
        assert another_visit(address).status == 404, address


def test_a_preview_opens_nothing_and_names_nobody(another_visit: Any, ask: Any, submitted: Submitted) -> None:
    page = another_visit(ask())
    assert submitted.record["organisation"]["name"] not in page.html
    assert another_visit.client.get_cookie("assess_visit") is None


def test_a_link_runs_out_and_leaving_closes_it(app: Flask, another_visit: Any, ask: Any, now: datetime) -> None:
    path = ask()
    another_visit(path)
    here = another_visit.send().address
    assert another_visit.send("/leave").heading == "You have left"
    assert another_visit(here).status == 404
    app.config["CLOCK"] = lambda: now + timedelta(days=14)
    assert another_visit(path).status == 404


@pytest.mark.parametrize("which", [SHORT], indirect=True)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_own_copy_is_printed_anew_with_the_sign_off(
    app: Flask, visit: Any, another_visit: Any, reader: Any, submitted: Submitted, work_off: Callable[[], int]
) -> None:
    file = f"{submitted.address}/plan.pdf"
    visit(file)
    work_off()
    unsigned = visit.client.get(file).get_data()
    page = reader()
    another_visit.send(page.address.rsplit("/", 1)[1], **JO, on_paper="yes")
    assert visit(file).status == 202, "the paper without it is not given any more"
    work_off()
    signed_file = visit.client.get(file).get_data()
    with app.app_context(), database().reading() as look:
        code = code_of(look, look.get_one(Submission, submitted.submission_id), "business")
    wanted = Signed("2026-11-24", "Jo Fenn", "director")
    assert signed_file == printed_copy(submitted.record, "business", NOTHING_YET, code, wanted)
    assert unsigned == printed_copy(submitted.record, "business", NOTHING_YET, code)
