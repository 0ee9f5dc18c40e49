from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.answering import start
from assess.assessments.links import make_resume_link
from assess.banks.editions import latest
from assess.engine.scoring import score
from assess.kit.db import Base, database
from assess.plans.register.keeping import Change, change, state_of
from assess.plans.what_if.asking import what_if_page
from assess.plans.what_if.way import way_from_here
from tests.engine.real_banks import TODAY, edition_of, settings
from tests.plans.conftest import submit_record
from tests.plans.records import Record, a_record, answers_of
from tests.plans.test_promised_gains import held, mended, planned
from tests.plans.what_if.near import near_record


def everything_kept(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, to the last byte."""
    with app.extensions["assess.database"].reading() as look:
        return {
            table.name: sorted(repr(tuple(row)) for row in look.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


def bytes_kept(app: Flask) -> bytes | None:
    """The bytes of the database's file, where it is one."""
    file = app.extensions["assess.database"].engine.url.database
    return Path(file).read_bytes() if file and Path(file).is_file() else None


def keys_of(record: Record) -> list[str]:
    return [choice.key for choice in what_if_page(record, ()).choices]


def test_ticked_steps_show_what_they_would_bring_and_stay_ticked(visit: Any, submitted: Any) -> None:
    page = visit(f"{submitted.address}/result/what-if")
    assert (page.status, page.heading) == (200, "What if")
    assert "Score now" not in page.text
    ticked = keys_of(submitted.record)[:3]
    page = visit.send("what-if", step=ticked, follow=False)
    assert page.status == 200
    assert page.address.endswith("/result/what-if")
    edition, answers = edition_of("farming"), dict(answers_of("farming", "farming medium"))
    result, found = planned("farming", answers)
    done = [mended(edition, answers, result, action) for action in found.actions if action.question in ticked]
    better = {name: value for one in done for name, value in one.items()}
    again = score(held(edition, answers), {**answers, **better}, settings(), today=TODAY)
    assert f"= {again.score:.1f} . Less is better." in page.text
    assert "With 3 steps done" in page.text
    assert "Your band would" not in page.text, "while an answer about a sign is not known no band is named"
    assert page.fields("what-if")["step"] == ticked
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    assert len(page.soup.select("main .govuk-button:not(.govuk-button--secondary)")) == 1
    assert page.soup.select_one("[aria-current=page]").text == "What if"
    assert page.soup.select("main [style], main script") == []
    assert page.headers["Cache-Control"] == "private, no-store"


def test_nothing_at_all_is_stored_by_asking(app: Flask, visit: Any, submitted: Any) -> None:
    visit(f"{submitted.address}/result/what-if")
    rows, content = everything_kept(app), bytes_kept(app)
    for ticked in (keys_of(submitted.record)[:2], keys_of(submitted.record), ["nonsense"]):
        visit.send("what-if", step=ticked)
    assert everything_kept(app) == rows
    assert bytes_kept(app) == content


def test_what_is_done_in_the_plan_is_ticked_to_begin_with(
    app: Flask, visit: Any, submitted: Any, now: datetime
) -> None:
    keys = keys_of(submitted.record)
    page = visit(f"{submitted.address}/result/what-if")
    assert "(done)" not in page.text
    done = Change(response="accepted", status="done", done_on="2026-11-24")
    with app.extensions["assess.database"].writing() as session:
        for key in keys[1:3]:
            change(session, submitted.submission_id, key, done, 0, now)
    rows = everything_kept(app)
    page = visit(f"{submitted.address}/result/what-if")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.fields("what-if")["step"] == keys[1:3]
    assert [label.text.endswith("(done)") for label in page.soup.select(".govuk-checkboxes__label")] == [
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
    assert "Your band would go from medium to low." in page.text
    assert set(page.fields("what-if")["step"]) == set(near_record()["short_set"]["questions"])


def test_the_short_way_goes_on_from_what_is_done(app: Flask, visit: Any, now: datetime) -> None:
    made = submit_record(app, visit, near_record(), now)
    way = way_from_here(near_record())
    aside = next(key for key in keys_of(near_record()) if key not in way)
    actions = f"{made.address}/result/actions"
    line = "What if shows the short way from here to a better band."
    assert "The short way:" in visit(actions).text
    assert line not in visit(actions).text
    with app.extensions["assess.database"].writing() as session:
        for key in (way[0], aside):
            change(session, made.submission_id, key, Change(response="accepted", status="done"), 0, now)
        left = way_from_here(near_record(), state_of(session, made.submission_id))
    assert left
    assert "The short way:" not in visit(actions).text
    assert line in visit(actions).text
    visit(f"{made.address}/result/what-if")
    page = visit.send("what-if", short="yes")
    assert "Your band would go from medium to low." in page.text
    assert set(page.fields("what-if")["step"]) == {way[0], aside, *left}
    with app.extensions["assess.database"].writing() as session:
        for key in left:
            change(session, made.submission_id, key, Change(response="accepted", status="done"), 0, now)
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
    assert "Score now" in page.text
    assert "band" not in page.soup.main.get_text(" ").casefold()


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_else_finds_nothing(app: Flask, another_visit: Any, submitted: Any, method: str) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    assert another_visit.client.open(f"{submitted.address}/result/what-if", method=method).status_code == 404


def test_a_form_without_its_token_is_refused(visit: Any, submitted: Any) -> None:
    answer = visit.client.post(f"{submitted.address}/result/what-if", data={"step": "core_documents"})
    assert b"Score now" not in answer.get_data()


def test_before_anything_is_submitted_the_page_leads_back(app: Flask, visit: Any, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        edition = latest(session, "farming")
        assert edition is not None
        begun = start(session, edition.id, quick=False, now=now).id
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
    assert page.soup.select_one('a[href="#steps"]')
    assert "What each step brings" in page.soup.select_one("#steps").text
    html5lib.HTMLParser(strict=True).parse(page.html)
