from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.links import make_resume_link
from assess.assessments.models import Submission
from assess.assessments.services import start_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Base, database
from assess.engine.purchases import RISK_FACT_KINDS
from assess.engine.scoring import score_answers
from assess.plans.action_tracker.services import ItemContent, change_item, get_tracker_state
from assess.plans.check_codes import check_code_of, save_check_code
from assess.plans.copies import Copy
from assess.plans.plan_page import business_plan
from assess.plans.views import CHECK_CODE_LIMIT
from assess.plans.views_downloads import COPY_SLUGS
from assess.plans.what_if import remaining_smallest_set, what_if_page
from assess.plans.words import round_half_up
from assess.question_banks.editions import current_edition
from tests.engine.real_banks import TODAY, edition_of, settings
from tests.plans.conftest import SHORT, Submitted, submit_record
from tests.plans.near_record import near_record
from tests.plans.purchases.purchase_records import hotel, one_of_each_kind
from tests.plans.records import SCENARIOS, Record, a_record, answers_of, scenario
from tests.plans.test_promised_gains import held, mended, planned

NOBODY_CHECKED = "Nobody checked the answers."


def printed(app: Flask, submission_id: int, copy: Copy = "business") -> str:
    with app.app_context(), database().writing() as session:
        submission = session.get(Submission, submission_id)
        assert submission is not None
        save_check_code(session, submission, copy)
        return check_code_of(session, submission, copy)


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
        reopen_assessment(session, submitted.id, now)
        submit_assessment(session, submitted.id, lambda _said: a_record(change={"core_longest_week": 47}), now)
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
    assert "character by character" in page.text
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
    assert statuses[: CHECK_CODE_LIMIT.most] == [404] * CHECK_CODE_LIMIT.most
    assert statuses[CHECK_CODE_LIMIT.most :] == [429] * (len(statuses) - CHECK_CODE_LIMIT.most)


PAGES = ["", "/actions", "/pay", "/duties", "/areas", "/keep"]
TITLES = {
    "": "Your result",
    "/pay": "Your pay sums",
    "/duties": "The law for you",
    "/areas": "Where you stand",
    "/keep": "Share and keep",
    "/points": "Every point",
    "/what-if": "What if",
}


@pytest.mark.parametrize("part", TITLES)
def test_each_page_is_proper_html_and_called_as_its_link(visit: Any, submitted: Any, part: str) -> None:
    page = visit(f"{submitted.address}/result{part}")
    assert page.status == 200
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    assert page.soup.title.text == f"{TITLES[part]} – Assess"
    if part:
        assert page.heading == TITLES[part]
        assert page.soup.select_one("main .plan-pages [aria-current]").text in {TITLES[part], "Where you stand"}
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_pages_lead_to_each_other_and_the_files_stand_on_one_of_them(visit: Any, submitted: Any) -> None:
    files = {f"{submitted.address}/{name}.pdf" for name in ("plan-large-print", "plan-for-the-wall", "buyer-copy")}
    for part in PAGES:
        page = visit(f"{submitted.address}/result{part}")
        links = {link["href"] for link in page.soup.select("main a")}
        here = f"{submitted.address}/result{part}"
        assert {f"{submitted.address}/result{other}" for other in PAGES} - {here} <= links
        assert page.soup.select_one("[aria-current=page]")
        assert (files <= links, bool(files & links)) == (part == "/keep", part == "/keep")


def test_what_is_bought_has_a_page_of_its_own_only_where_something_was_said_of_it(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    for part in ("", "/actions", "/what-if"):
        assert not visit(f"{submitted.address}/result{part}").soup.select('main a[href$="/result/purchases"]')
    gone = visit(f"{submitted.address}/result/purchases", follow=False)
    assert (gone.status, gone.headers["Location"]) == (303, f"{submitted.address}/result")
    made = submit_record(app, visit, hotel(), now)
    for part in (*PAGES, "/what-if"):
        assert visit(f"{made.address}/result{part}").soup.select('main a[href$="/result/purchases"]')
    page = visit(f"{made.address}/result/purchases")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert (page.soup.title.text, len(page.soup.select("h1"))) == ("What you buy – Assess", 1)
    assert page.soup.select("main [style], main style, main script") == []
    assert page.headers["Cache-Control"] == "private, no-store"


def test_every_kind_of_fact_names_source_edition_and_year_on_screen(app: Flask, visit: Any, now: datetime) -> None:
    record = hotel(one_of_each_kind())
    made = submit_record(app, visit, record, now)
    said = " ".join(visit(f"{made.address}/result/purchases").soup.select_one("main").get_text(" ").split())
    facts = [fact for line in record["purchases"]["lines"] for fact in line["facts"]]
    assert {fact["kind"] for fact in facts} == set(RISK_FACT_KINDS)
    for fact in facts:
        assert fact["says"] in said
        assert f"{fact['source']}, edition {fact['edition']}" in said
        assert str(fact["year"]) in fact["edition"]


def test_every_style_and_drawing_obeys_the_content_policy(visit: Any, submitted: Any) -> None:
    for part in PAGES:
        page = visit(f"{submitted.address}/result{part}")
        assert page.soup.select("[style]") == []
        assert page.soup.select("main style, main script") == []


def test_what_comes_first_is_what_is_still_to_be_done(app: Flask, visit: Any, submitted: Any, now: datetime) -> None:
    first = business_plan(submitted.record).first[0]
    assert first.name in visit(f"{submitted.address}/result").soup.select_one(".plan-first").get_text(" ")
    with app.app_context(), database().writing() as session:
        change_item(
            session, submitted.submission_id, first.key, ItemContent(response="already_done", status="done"), 0, now
        )
    assert first.name not in visit(f"{submitted.address}/result").soup.select_one(".plan-first").get_text(" ")


def test_the_kept_link_leads_to_the_plan_once_there_is_one(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    visit(f"/r/{link.token}")
    assert visit.send().address == f"{submitted.address}/result/actions"
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
    visit(f"/r/{link.token}")
    assert visit.send().address == f"{submitted.address}/", "whoever corrects comes back to the questions"


def test_somebody_else_finds_nothing(another_visit: Any, submitted: Any) -> None:
    for part in (*(f"/result{part}" for part in PAGES), "/plan.pdf", "/buyer-copy.pdf"):
        assert another_visit(f"{submitted.address}{part}").status == 404


def test_before_anything_is_submitted_the_pages_lead_back(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = current_edition(session, "farming")
        assert edition.id is not None
        begun = start_assessment(session, edition.id, quick=False, now=now).id
        link = make_resume_link(session, begun, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    for part in ("/result", "/result/points", "/plan.pdf", "/buyer-copy.pdf"):
        page = visit(f"/assessments/{begun}{part}", follow=False)
        assert (page.status, page.headers["Location"]) == (303, f"/assessments/{begun}/")


def test_where_advice_comes_first_the_screen_says_that_whom_to_call_and_nothing_else(
    app: Flask, visit: Any, now: datetime
) -> None:
    record = a_record("farming", "farming low", change={"core_documents": "employer"})
    made = submit_record(app, visit, record, now)
    main = visit(f"{made.address}/result").soup.main
    assert main.select_one(".plan-pages").extract()
    said = " ".join(main.get_text(" ").split())
    assert said.startswith("Act now: get advice before you do anything else. Some of your answers need advice today.")
    assert said.endswith("If anyone is in danger now, call 999 . Call 08000 121 700")
    assert [link["href"] for link in main.select("a")] == ["tel:999", "tel:08000121700"]
    assert not main.select("svg, li, h2, form")


def test_what_is_older_than_a_year_says_so_and_counts_for_less(app: Flask, visit: Any, now: datetime) -> None:
    later = now + timedelta(days=370)
    app.config["CLOCK"] = lambda: later
    record = scenario("farming", "farming low")
    made = submit_record(app, visit, record, later)
    page = visit(f"{made.address}/result")
    assert "more than a year old" in page.text
    points = visit(f"{made.address}/result/points").text
    assert f"printed as {record['result']['confidence'] * 0.8:.0f}%." in points


def test_while_something_is_corrected_the_old_result_says_so(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
    assert "This is what you submitted before." in visit(f"{submitted.address}/result").text


Works = Callable[[], int]
FILE_NAMES = {
    "plan": ("action-plan-2026-11-24.pdf", "Action plan for Fen Edge Growers Ltd, 24 November 2026"),
    "plan-large-print": ("action-plan-large-print-2026-11-24.pdf", None),
    "plan-annex": (
        "action-plan-annex-2026-11-24.pdf",
        "Annex to the action plan for Fen Edge Growers Ltd, 24 November 2026",
    ),
    "plan-for-the-wall": ("page-for-the-wall-2026-11-24.pdf", None),
    "buyer-copy": ("buyer-copy-2026-11-24.pdf", "Buyer copy for Fen Edge Growers Ltd, 24 November 2026"),
}


def test_every_copy_for_the_business_has_an_address() -> None:
    assert set(FILE_NAMES) == set(COPY_SLUGS.values())


@pytest.mark.parametrize("which", [SHORT], indirect=True)
@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_is_ordered_at_the_first_look_made_beside_the_site_and_then_given(
    visit: Any, submitted: Submitted, work_off: Works, name: str
) -> None:
    page = visit(f"{submitted.address}/{name}.pdf")
    assert page.status == 202
    assert page.address == f"{submitted.address}/pdf-progress/{name}"
    assert work_off() == 1
    assert visit(page.address).heading == "Your file is ready"
    given = visit.client.get(f"{submitted.address}/{name}.pdf")
    assert given.status_code == 200
    assert given.headers["Content-Type"] == "application/pdf"
    called, title = FILE_NAMES[name]
    assert given.headers["Content-Disposition"] == f'attachment; filename="{called}"'
    assert given.headers["Cache-Control"] == "private, no-store"
    with pikepdf.open(io.BytesIO(given.get_data())) as file:
        assert title is None or file.docinfo["/Title"] == title
    assert visit.client.get(f"{submitted.address}/{name}.pdf").get_data() == given.get_data()
    assert work_off() == 0


@pytest.mark.parametrize("which", [SHORT], indirect=True)
def test_a_browser_that_has_it_is_told_so(visit: Any, submitted: Submitted, work_off: Works) -> None:
    visit(f"{submitted.address}/plan-for-the-wall.pdf")
    work_off()
    given = visit.client.get(f"{submitted.address}/plan-for-the-wall.pdf")
    tag = given.headers["ETag"]
    again = visit.client.get(f"{submitted.address}/plan-for-the-wall.pdf", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize("which", [SHORT], indirect=True)
def test_once_the_register_moves_on_the_old_file_is_never_given(
    app: Flask, visit: Any, submitted: Submitted, work_off: Works, now: datetime
) -> None:
    address = f"{submitted.address}/plan-for-the-wall.pdf"
    visit(address)
    work_off()
    before = visit.client.get(address).get_data()
    key = "core_policy"
    with app.app_context(), database().writing() as session:
        change_item(session, submitted.submission_id, key, ItemContent(response="accepted", due="2026-12-01"), 0, now)
    page = visit(address)
    assert page.status == 202
    assert work_off() == 1
    after = visit.client.get(address).get_data()
    assert after.startswith(b"%PDF-")
    assert before.startswith(b"%PDF-")
    visit(f"{submitted.address}/buyer-copy.pdf")
    work_off()
    with app.app_context(), database().writing() as session:
        change_item(session, submitted.submission_id, key, ItemContent(response="accepted", status="done"), 1, now)
    assert visit(f"{submitted.address}/buyer-copy.pdf").status == 200, "a buyer's copy shows nothing of the register"
    assert visit(address).status == 202


def test_when_printing_fails_a_page_says_so_and_a_person_can_try_again(
    app: Flask, visit: Any, now: datetime, work_off: Works
) -> None:
    record = scenario()
    del record["strengths"]
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/plan.pdf")
    assert work_off() == 1
    assert "It is being tried again by itself" in visit(page.address).text
    for later in (now + timedelta(hours=1), now + timedelta(hours=2)):
        app.config["CLOCK"] = lambda later=later: later
        assert work_off() == 1
    app.config["CLOCK"] = lambda: now
    page = visit(f"{made.address}/pdf-progress/plan")
    assert page.status == 500
    assert page.heading == "Sorry, we could not make the file"
    assert "The fault is ours, not yours" in page.text
    assert work_off() == 0, "looking orders nothing"
    page = visit.send("/pdf-progress/plan")
    assert page.status == 202
    assert page.heading == "Your file is being made"
    assert work_off() == 1


def test_before_anything_was_submitted_there_is_no_file(visit: Any) -> None:
    visit("/start?bank=car_washes")
    first_page = visit.send(length="quick").address
    home = first_page.removesuffix("questions/1")
    for path in ("plan.pdf", "pdf-progress/plan", "buyer-copy.pdf"):
        assert visit(f"{home}{path}").address == first_page


def test_strangers_and_strange_names_find_nothing(visit: Any, another_visit: Any, submitted: Submitted) -> None:
    for path in (
        "plan.pdf",
        "plan-large-print.pdf",
        "plan-annex.pdf",
        "plan-for-the-wall.pdf",
        "pdf-progress/plan",
        "pdf-progress/buyer-copy",
    ):
        assert another_visit(f"{submitted.address}/{path}").status == 404
    for name in ("coordinator", "business", "coordinator-copy", "x"):
        assert visit(f"{submitted.address}/pdf-progress/{name}").status == 404
        assert visit(f"{submitted.address}/{name}.pdf").status == 404


def everything_kept(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, to the last byte, but for the page itself: sealed, it can be looked at again for a quarter of an hour."""
    own = {"stored_page", "rate_counter"}
    with app.extensions["assess.database"].reading() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in own
        }


def keys_of(record: Record) -> list[str]:
    return [choice.key for choice in what_if_page(record, ()).choices]


def test_ticked_steps_show_what_they_would_bring_and_stay_ticked(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/result/what-if")
    assert (page.status, page.heading) == (200, "What if")
    assert "Your safeguards would" not in page.text
    ticked = keys_of(submitted.record)[:3]
    page = visit.send("what-if", step=ticked, follow=False)
    assert page.status == 200
    assert page.address.endswith("/result/what-if")
    edition, answers = edition_of("farming"), dict(answers_of("farming", "farming medium"))
    result, found = planned("farming", answers)
    done = [mended(edition, answers, result, action) for action in found.actions if action.tracking_id in ticked]
    better = {name: value for one in done for name, value in one.items()}
    again = score_answers(held(edition, answers), {**answers, **better}, settings(), today=TODAY)
    now, then = (f"{round_half_up(100 - 100 * one.gap, 0)}" for one in (result, again))
    assert f"Your safeguards would go from {now} to {then} of 100. More is better." in page.text
    assert "With 3 steps done" in page.text
    assert "Your result would" not in page.text, "while an answer about a sign is not known no band is named"
    assert page.fields("what-if")["step"] == ticked
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    assert len(page.soup.select("main .govuk-button:not(.govuk-button--secondary)")) == 1
    assert page.soup.select("main [style], main script") == []
    assert page.headers["Cache-Control"] == "private, no-store"


def test_nothing_at_all_is_stored_by_asking(app: Flask, visit: Any, submitted: Any) -> None:
    visit(f"{submitted.address}/result/what-if")
    rows = everything_kept(app)
    for ticked in (keys_of(submitted.record)[:2], keys_of(submitted.record), ["nonsense"]):
        visit.send("what-if", step=ticked)
    assert everything_kept(app) == rows


def test_what_is_done_in_the_plan_is_ticked_to_begin_with(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    keys = keys_of(submitted.record)
    page = visit(f"{submitted.address}/result/what-if")
    assert "(done)" not in page.text
    done = ItemContent(response="accepted", status="done", done_on="2026-11-24")
    with app.extensions["assess.database"].writing() as session:
        for key in keys[1:3]:
            change_item(session, submitted.submission_id, key, done, 0, now)
    rows = everything_kept(app)
    page = visit(f"{submitted.address}/result/what-if")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.fields("what-if")["step"] == keys[1:3]
    assert [label.text.strip().endswith("(done)") for label in page.soup.select(".govuk-checkboxes__label")] == [
        key in keys[1:3] for key in keys
    ]
    assert "With what you have done so far: 2 steps" in page.text
    assert "is ticked to begin with" in page.text
    page = visit.send("what-if", step=keys[1:4])
    assert "With 3 steps done" in page.text
    page = visit.send("what-if", step=keys[:1])
    assert page.fields("what-if")["step"] == keys[:1]
    assert page.address.endswith("/result/what-if")
    assert everything_kept(app) == rows


def test_nothing_ticked_says_what_to_do(visit: Any, submitted: Any) -> None:
    visit(f"{submitted.address}/result/what-if")
    page = visit.send("what-if")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: ")
    summary = page.soup.select_one(".govuk-error-summary a")
    assert page.soup.select_one(f"input{summary['href']}")
    html5lib.HTMLParser(strict=True).parse(page.html)


def test_the_short_way_is_one_press_away(app: Flask, visit: Any, now: datetime) -> None:
    made = submit_record(app, visit, near_record(), now)
    visit(f"{made.address}/result/what-if")
    page = visit.send("what-if", short="yes")
    assert "Your result would go from medium to low." in page.text
    assert set(page.fields("what-if")["step"]) == set(near_record()["short_set"]["questions"])


def test_the_short_way_goes_on_from_what_is_done(app: Flask, visit: Any, now: datetime) -> None:
    made = submit_record(app, visit, near_record(), now)
    way = remaining_smallest_set(near_record())
    aside = next(key for key in keys_of(near_record()) if key not in way)
    actions = f"{made.address}/result/actions"
    line = "What if shows the short way from here to a better band."
    assert "The short way:" in visit(actions).text
    assert line not in visit(actions).text
    with app.extensions["assess.database"].writing() as session:
        for key in (way[0], aside):
            change_item(session, made.submission_id, key, ItemContent(response="accepted", status="done"), 0, now)
        left = remaining_smallest_set(near_record(), get_tracker_state(session, made.submission_id))
    assert left
    assert "The short way:" not in visit(actions).text
    assert line in visit(actions).text
    visit(f"{made.address}/result/what-if")
    page = visit.send("what-if", short="yes")
    assert "Your result would go from medium to low." in page.text
    assert set(page.fields("what-if")["step"]) == {way[0], aside, *left}
    with app.extensions["assess.database"].writing() as session:
        for key in left:
            change_item(session, made.submission_id, key, ItemContent(response="accepted", status="done"), 0, now)
    assert line not in visit(actions).text
    assert "Show the short way" not in visit(f"{made.address}/result/what-if").text


def test_without_a_short_way_its_button_is_not_there_and_pressing_it_ticks_nothing(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/result/what-if")
    assert "Show the short way" not in page.text
    assert visit.send("what-if", short="yes").status == 422


def test_while_advice_is_needed_today_the_page_opens_with_the_helpline(app: Flask, visit: Any, now: datetime) -> None:
    record = a_record("farming", "farming medium", change={"core_documents": "employer"})
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/result/what-if")
    main = page.soup.main.get_text(" ", strip=True)
    assert main.startswith("What if Some of your answers need advice today. Call the")
    page = visit.send("what-if", step=keys_of(record))
    assert "Your safeguards would" in page.text
    assert "band" not in page.soup.main.get_text(" ").casefold()


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_finds_nothing_what_if_views(app: Flask, another_visit: Any, submitted: Any, method: str) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    assert another_visit.client.open(f"{submitted.address}/result/what-if", method=method).status_code == 404


def test_a_form_without_its_token_is_refused(visit: Any, submitted: Any) -> None:
    answer = visit.client.post(f"{submitted.address}/result/what-if", data={"step": "core_documents"})
    assert b"Your safeguards would" not in answer.get_data()


def test_before_anything_is_submitted_the_page_leads_back(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = current_edition(session, "farming")
        assert edition is not None
        begun = start_assessment(session, edition.id, quick=False, now=now).id
        link = make_resume_link(session, begun, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    page = visit(f"/assessments/{begun}/result/what-if", follow=False)
    assert (page.status, page.headers["Location"]) == (303, f"/assessments/{begun}/")


def test_a_result_of_long_ago_and_one_without_steps_say_so(app: Flask, visit: Any, now: datetime) -> None:
    record = a_record("farming", "farming low")
    made = submit_record(app, visit, record, now)
    assert "There is no step here to try." in visit(f"{made.address}/result/what-if").text
    old = {key: value for key, value in near_record().items() if key != "charges"}
    made = submit_record(app, visit, old, now)
    assert "This result is from before we could work this out." in visit(f"{made.address}/result/what-if").text


def test_the_actions_page_shows_the_steps_and_leads_here(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/result/actions")
    assert page.soup.select_one(f'a[href="{submitted.address}/result/what-if"]')
    assert page.soup.select_one("details #steps").text == "What each step brings"
    html5lib.HTMLParser(strict=True).parse(page.html)
