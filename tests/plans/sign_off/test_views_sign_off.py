"""What whoever signs reads: the copy of the business as it is, calm, with nothing marked."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assess.assessments.models import SignOff, Submission
from assess.assessments.sign_off import Signature, get_sign_off, request_sign_off, sign_submission, withdraw_sign_off
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database, database
from assess.identity.models import Role
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.action_tracker.state import EMPTY_STATE
from assess.plans.annex import PrintedSignOff
from assess.plans.check_codes import check_code_of
from assess.plans.copies import COPIES, Copy
from assess.plans.plan_documents import pdf_key, printed_sign_off
from assess.plans.plan_page import business_plan
from assess.plans.print_html import copy_html
from assess.plans.printed_plan import printed_plan_of
from assess.plans.views_sign_off import read_sign_off_form
from tests.conftest import Page
from tests.organisation_members import claim, sign_in
from tests.plans.action_tracker.conftest import StoredSubmission, keep_record
from tests.plans.conftest import SHORT, Submitted, submit_record
from tests.plans.printed_pdfs import render_copy
from tests.plans.records import a_record, scenario, text_of
from tests.stored_files import document_of, keep_file, keep_pdf, stored_pdf


def open_it(app: Flask, who: Any, submitted: Submitted, now: datetime) -> Any:
    with app.app_context(), database().writing() as session:
        link = request_sign_off(session, session.get_one(Submission, submitted.submission_id), "", now)
    who(f"/s/{link.token}")
    return who.send()


def test_what_stands_on_pages_1_and_2_is_there_and_the_form_below(reader: Any, submitted: Submitted) -> None:
    page = reader()
    html5lib.HTMLParser(strict=True).parse(page.html)
    plan = business_plan(submitted.record)
    assert page.heading == plan.title
    assert page.soup.title.text == "Read and sign – Assess"
    assert plan.headline is not None
    assert plan.headline.sentence in page.text
    soon = printed_plan_of(submitted.record, plan).steps.first
    for step in soon:
        assert " ".join(step.do.split()) in page.text
    folded = page.soup.select("main details li strong")
    first = {step.number for step in soon}
    assert [one.text for one in folded] == [
        f"{item.number}." for item in plan.action_list.items if item.number not in first
    ]
    assert folded, "who signs for all steps can read all of them"
    assert "Every question, answer and point" not in page.text
    (minutes,) = re.findall(r"About (\d+) minutes? to read", page.text)
    words = len(page.text.partition("to read.")[2].partition("Sign it off This is number")[0].split())
    assert abs(int(minutes) - words / 200) <= 1
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
        for word in ("urgent sign", "serious sign", "can_sign", "red flag"):
            assert word not in page.html.lower()


def test_where_advice_comes_first_whoever_signs_reads_everyday_steps_alone(
    app: Flask, visit: Any, another_visit: Any, now: datetime
) -> None:
    grave = submit_record(app, visit, a_record(change={"core_documents": "employer"}), now)
    plan = business_plan(grave.record)
    page = open_it(app, another_visit, grave, now)
    own = {item.name for item in plan.action_list.items} - {item.name for item in plan.action_list.ordinary}
    assert own
    assert plan.action_list.ordinary
    assert [name for name in own if name in page.text] == []
    assert all(item.name in page.text for item in plan.action_list.ordinary)
    assert "We will get advice first." in page.text
    assert "by their dates" not in page.text


def test_what_became_of_an_action_can_be_read(app: Flask, reader: Any, submitted: Submitted, now: datetime) -> None:
    key = business_plan(submitted.record).action_list.items[0].key
    with app.app_context(), database().writing() as session:
        change_item(session, submitted.submission_id, key, ItemContent(response="accepted", owner="Maria"), 0, now)
    page = reader()
    assert "Maria" in page.text
    assert "We will do this." in page.text
    assert not page.soup.select(".plan-pen"), "a screen has no lines for a pen"


def test_name_job_and_the_tick_are_needed() -> None:
    form = read_sign_off_form(MultiDict({"name": "  ", "job": ""}))
    assert set(form.errors) == {"name", "job", "read"}
    assert "director" in form.errors["job"]


def test_what_was_typed_is_tidied_and_kept() -> None:
    form = read_sign_off_form(
        MultiDict({"name": " Jo   Fenn\u202e", "job": "director", "read": "yes", "on_paper": "yes"})
    )
    assert not form.errors
    assert form.values == {"name": "Jo Fenn", "job": "director", "read": True, "on_paper": True}
    long = read_sign_off_form(MultiDict({"name": "x" * 81, "job": "director", "read": "yes"}))
    assert "80 characters or fewer" in long.errors["name"]
    assert (long.typed["name"], long["job"], long["read"], long["on_paper"]) == ("x" * 81, "director", True, False)


def test_a_job_with_details_is_asked_about_and_the_signers_own_name_is_not() -> None:
    typed = {"name": "Agnieszka Nowak", "job": "director, 07700 900123", "read": "yes"}
    warned = read_sign_off_form(MultiDict(typed))
    assert set(warned.errors) == {"job"}
    assert not read_sign_off_form(MultiDict({**typed, "keep_words": warned.warnings[0].mark})).errors


JO = {"name": "Jo Fenn", "job": "director", "read": "yes"}


def test_before_the_first_submission_there_is_nothing_to_sign(visit: Any) -> None:
    visit("/start?bank=farming")
    home = visit.send(length="full").address.rstrip("/")
    assert visit(f"{home}/sign-off").address == f"{home}/"
    assert "sign it off" not in visit(f"{home}/").text


def test_the_link_is_shown_once_and_neutral(visit: Any, ask: Any, submitted: Submitted) -> None:
    assert visit(f"{submitted.address}/").soup.select_one("a[href$='/sign-off']")
    path = ask(note="director")
    for link in visit.page.soup.select("a[href^='sms:'], a[href^='mailto:']"):
        assert path in unquote(link["href"])
        assert "slavery" not in link["href"].lower()
    page = visit(f"{submitted.address}/sign-off")
    assert path not in page.html
    assert "Works until 8 December 2026" in page.text


def test_the_way_in_tells_nothing_of_the_plan_and_the_page_says_how_long_it_takes(another_visit: Any, ask: Any) -> None:
    assert "minute" not in another_visit(ask()).text
    assert re.search(r"About \d+ minutes? to read", another_visit.send().text)


def test_a_plan_that_was_sent_back_says_so_on_top_until_somebody_is_asked_again(
    visit: Any, another_visit: Any, reader: Any, ask: Any, submitted: Submitted
) -> None:
    here = reader().address
    another_visit(here)
    another_visit.send("/send-back", words="Say who does the training.")
    for path in ("/result", "/result/actions", "/result/keep"):
        page = visit(f"{submitted.address}{path}")
        notice = page.soup.find(string=re.compile("Your plan was sent back on 24 November 2026, not signed off."))
        assert notice is not None, path
        assert notice.parent.a["href"] == f"{submitted.address}/sign-off"
        assert "Say who does the training." not in page.text, "the words stand behind the link"
    assert "Say who does the training." in visit(f"{submitted.address}/sign-off").text
    ask(note="director")
    assert "was sent back on" not in visit(f"{submitted.address}/result").text


def test_every_place_that_says_who_signed_says_of_which_day_the_plan_was(
    visit: Any, another_visit: Any, reader: Any, submitted: Submitted
) -> None:
    another_visit(reader().address)
    another_visit.send(another_visit.page.address.rsplit("/", 1)[1], **JO)
    said = "on 24 November 2026, as the plan stood that day."
    assert said in another_visit.page.text
    for path in ("/sign-off", "/result/keep"):
        assert f"Signed off by Jo Fenn, director, {said}" in visit(f"{submitted.address}{path}").text, path


def test_a_sign_off_by_the_wrong_person_is_taken_back(
    visit: Any, another_visit: Any, reader: Any, submitted: Submitted
) -> None:
    here = reader().address
    another_visit.send(here.rsplit("/", 1)[1], **JO)
    page = visit(f"{submitted.address}/sign-off")
    assert "say only “a senior person”" in page.text
    page = visit.send("/withdraw")
    assert "Nobody has signed it off yet." in page.text
    assert "You took the sign-off back" in page.text
    assert another_visit(here).soup.select("input[name=name]")


def test_a_member_with_that_role_reads_and_signs(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), Role.SIGNER, now)
    page = another_visit(f"{submitted.address}/sign-off")
    assert not page.soup.select("input[name=note]"), "asking is for those who answer"
    here = f"{submitted.address}/sign-off/read"
    assert page.soup.select_one(f"a[href='{here}']")
    another_visit(here)
    assert "You have sent it back." in another_visit.send("/send-back", words="Say who does the training.").text
    for path in ("/sign-off", "/"):
        page = visit(f"{submitted.address}{path}")
        assert "sent back on 24 November 2026" in page.soup.select_one("main .govuk-inset-text").text
        assert "Say who does the training." in page.soup.select_one("main .govuk-inset-text").text
    another_visit(here)
    page = another_visit.send("/read", **JO)
    assert "was sent back on" not in visit(f"{submitted.address}/").text
    assert "This plan is signed off: Jo Fenn, director" in page.text
    assert "Signed off by Jo Fenn" in visit(f"{submitted.address}/sign-off").text


def test_whoever_only_signs_is_offered_nothing_that_is_refused(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), Role.SIGNER, now)
    plan = f"{submitted.address}/result/actions"
    item = visit(plan).soup.select_one(".plan-card a[href*='/actions/']")["href"]
    for address in (f"{submitted.address}/", f"{submitted.address}/result", plan, item, f"{item}/history"):
        page = another_visit(address)
        assert page.status == 200, address
        forms = [form.get("action", address) for form in page.soup.select("main form[method=post]")]
        assert forms == [], address
        inside = {link["href"].split("#")[0] for link in page.soup.select(f"main a[href^='{submitted.address}']")}
        refused = [link for link in sorted(inside) if ".pdf" not in link and another_visit(link).status == 404]
        assert refused == [], address


def test_a_member_signs_only_what_was_on_the_page(
    app: Flask, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), Role.SIGNER, now)
    here = f"{submitted.address}/sign-off/read"
    fields = another_visit(here).fields("/read") | {key: [value] for key, value in JO.items()}
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        submit_assessment(session, submitted.id, lambda _said: scenario(), now)
    assert another_visit.client.post(here, data=fields).status_code == 303
    assert "number 2" in another_visit(here).text
    assert "Nobody has signed it off yet." in another_visit(f"{submitted.address}/sign-off").text


@pytest.mark.parametrize("role", [Role.BUYER, Role.RESPONDENT, Role.MANAGER])
def test_nobody_else_signs(app: Flask, another_visit: Any, submitted: Submitted, now: datetime, role: Role) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), role, now)
    assert another_visit(f"{submitted.address}/sign-off/read").status == 404
    assert another_visit(f"{submitted.address}/sign-off").status == (404 if role is Role.BUYER else 200)


def test_the_business_itself_does_not_sign_without_the_link(visit: Any, submitted: Submitted) -> None:
    assert visit(f"{submitted.address}/sign-off/read").status == 404


def answer_again(app: Flask, submitted: Submitted, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        submit_assessment(session, submitted.id, lambda _said: {**scenario(), "reference": "K7QF-2M9D"}, now)


def test_reading_signing_and_what_the_business_sees(
    app: Flask, visit: Any, another_visit: Any, reader: Any, submitted: Submitted
) -> None:
    page = reader(note="director")
    assert page.address.startswith("/sign-off-requests/")
    page = another_visit.send(page.address.rsplit("/", 1)[1], **JO, on_paper="yes")
    assert "This plan is signed off: Jo Fenn, director, on 24 November 2026, as the plan stood that day." in page.text
    assert not page.soup.select("input[name=name]")
    with app.app_context(), database().reading() as session:
        made = session.scalars(select(SignOff)).one()
        assert made.digest == session.get_one(Submission, submitted.submission_id).digest
    assert "Signed off by Jo Fenn, director, on 24 November 2026, as" in visit(f"{submitted.address}/result/keep").text
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
    page = another_visit.send("/send-back", words=" ")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#words"


def test_it_can_be_sent_back(visit: Any, another_visit: Any, reader: Any, submitted: Submitted) -> None:
    reader()
    page = another_visit.send("/send-back", words="Say who does\nthe training.")
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
    assert another_visit.client.post(f"{here}/send-back", data=fields | {"words": ["More"]}).status_code == 409
    assert "Nobody has signed it off yet." in visit(f"{submitted.address}/sign-off").text
    with app.app_context(), database().reading() as session:
        assert get_sign_off(session, submitted.submission_id) is None


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
        "back": client.post(f"{here}/send-back", data=fields | {"words": ["More"]}).status_code,
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
        here.replace("sign-off-requests", "delegated"),
        f"/sign-off-requests/{uuid.uuid4()}",
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
    with app.app_context(), database().reading() as session:
        code = check_code_of(session, session.get_one(Submission, submitted.submission_id), "business")
    wanted = PrintedSignOff("2026-11-24", "Jo Fenn", "director")
    assert signed_file == render_copy(submitted.record, "business", EMPTY_STATE, code, wanted)
    assert unsigned == render_copy(submitted.record, "business", EMPTY_STATE, code)


NAME, JOB, DAY = "Josephine Canary", "director of canaries", "2026-11-24"


@pytest.fixture
def plan(database: Database, now: datetime) -> StoredSubmission:
    return keep_record(database, scenario(), now)


def signs(session: Session, plan: StoredSubmission, now: datetime, *, on_paper: bool) -> Submission:
    submission = session.get_one(Submission, plan.id)
    sign_submission(session, submission, Signature(NAME, JOB, on_paper=on_paper), now)
    return submission


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("on_paper", [True, False])
def test_a_name_stands_only_on_the_own_copies_and_only_with_consent(
    database: Database, plan: StoredSubmission, now: datetime, copy: Copy, *, on_paper: bool
) -> None:
    with database.writing() as session:
        assert printed_sign_off(session, plan.id, copy) is None
        signs(session, plan, now, on_paper=on_paper)
        shown = printed_sign_off(session, plan.id, copy)
    said = text_of(copy_html(scenario(), copy, signed=shown))
    named = on_paper and copy in {"business", "large"}
    assert (NAME in said, JOB in said) == (named, named)
    assert ("Signed off by a senior person on 24 November 2026" in said) == (
        not named and copy not in {"annex", "wall"}
    )
    assert ("Signature:" in said) is False


@pytest.mark.parametrize("copy", COPIES)
def test_without_a_sign_off_nothing_of_a_copy_changes(copy: Copy) -> None:
    assert "igned off" not in copy_html(scenario(), copy)
    assert pdf_key(EMPTY_STATE, None) == ""


def test_a_file_without_the_sign_off_is_never_given_for_one_with_it(
    database: Database, plan: StoredSubmission, now: datetime
) -> None:
    def file_of(copy: Copy = "business") -> bytes | None:
        with database.reading() as session:
            return stored_pdf(session, copy, plan.id, now)

    with database.writing() as session:
        for copy in COPIES:
            assert keep_pdf(session, copy, plan.id, b"unsigned", now)
        late = document_of(session, "business", plan.id, now)
    with database.writing() as session:
        submission = signs(session, plan, now, on_paper=True)
        assert not keep_file(session, late, b"late", now), "printed before, stored after"
    assert [copy for copy in COPIES if file_of(copy)] == ["annex", "wall"]
    signed = PrintedSignOff(DAY, NAME, JOB)
    with database.writing() as session:
        assert document_of(session, "business", plan.id, now).spec.key == pdf_key(EMPTY_STATE, signed)
        assert keep_pdf(session, "business", plan.id, b"signed", now)
    assert file_of() == b"signed"
    with database.writing() as session:
        withdraw_sign_off(session, session.get_one(Submission, submission.id), now)
    assert file_of() == b"unsigned"
