"""The whole of it: everything one organisation gave out, and a move to another."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.links import buyer_links, end_buyer_link
from assess.assessments.models import Assessment
from assess.assessments.ownership import SiteChoice, transfer_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import database
from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS, ALWAYS_POOLED, buyer_bars, ordinary_questions
from assess.identity.models import OneTimeToken, Organisation
from assess.plans.buyer_view import LANGUAGES_AND_VISAS, EditionMissingError, buyer_view_of
from assess.plans.copies import buyer_copy
from assess.plans.models import Reminder
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import TOKEN_KIND, ShareRecipient, create_share
from tests.conftest import TODAY, Page
from tests.engine.real_banks import BANKS, edition_of
from tests.identity.access_objects import AccessObjects
from tests.identity.accounts_factory import an_organisation, database_of, sign_in
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import SCENARIOS, Record, a_record, scenario, text_of


def open_copy(visit: Any, submitted: Submitted) -> Any:
    visit(f"/b/{submitted.buyer_token}")
    return visit.send()


def links_of(app: Flask, submitted: Submitted) -> list[Any]:
    with app.app_context(), database().reading() as session:
        return buyer_links(session, submitted.id)


def test_a_link_leads_to_a_page_with_a_button_and_opens_nothing_by_itself(
    app: Flask, another_visit: Any, submitted: Submitted
) -> None:
    page = another_visit(f"/b/{submitted.buyer_token}")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.status == 200
    assert "Fen Edge Growers Ltd" in page.text
    assert "not for selection or exclusion" in page.text
    assert "What the business has decided or done since is not in it." in page.text
    assert "assess_visit" not in str(page.headers)
    assert links_of(app, submitted)[0].opened == 0


def test_the_button_opens_the_copy_and_the_address_holds_no_token(
    app: Flask, another_visit: Any, submitted: Submitted
) -> None:
    page = open_copy(another_visit, submitted)
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.address == f"/buyer/{links_of(app, submitted)[0].id}"
    assert submitted.buyer_token not in page.html
    assert page.soup.title.text == "A shared self-check – Assess"
    assert "Stay and help fix it" in page.text
    assert links_of(app, submitted)[0].opened == 1
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_buyer_can_take_the_copy_along(another_visit: Any, submitted: Submitted, work_off: Callable[[], int]) -> None:
    page = open_copy(another_visit, submitted)
    (link,) = [link["href"] for link in page.soup.select("main a") if link["href"].endswith(".pdf")]
    waiting = another_visit(link)
    assert (waiting.status, waiting.address) == (202, f"{page.address}/pdf-progress")
    assert waiting.soup.select_one(".govuk-back-link")["href"] == page.address
    assert work_off() == 1
    assert another_visit(waiting.address).heading == "Your file is ready"
    file = another_visit.client.get(link)
    assert file.headers["Content-Disposition"] == 'attachment; filename="buyer-copy-2026-11-24.pdf"'
    assert file.get_data().startswith(b"%PDF-")


def test_the_page_and_the_paper_say_the_same(another_visit: Any, submitted: Submitted) -> None:
    page = open_copy(another_visit, submitted)
    on_paper = text_of(page.html)
    for words in ("Medium", "Mostly in place", "What its answers call for", "By 24 December 2026"):
        assert words in on_paper
    assert "steps this self-check proposed on 24 November 2026" in on_paper
    assert "Ask the business what it has decided and done." in on_paper
    assert "plans to do" not in on_paper


@pytest.mark.parametrize("level", ["low", "medium", "critical"])
@pytest.mark.parametrize("grave", [{"core_documents": "employer"}, {"core_min_wage": "some_not"}, {"core_debt": "dk"}])
def test_with_a_sign_the_page_and_its_code_are_as_without(
    app: Flask, visit: Any, now: datetime, level: str, grave: dict[str, Any]
) -> None:
    pages = []
    for change in ({}, grave):
        made = submit_record(app, visit, a_record("farming", f"farming {level}", change=change), now)
        page = open_copy(visit, made)
        pages.append((page.text, len(page.html)))
    assert pages[0] == pages[1]
    assert "check code" in pages[0][0]


@pytest.mark.parametrize("newer", [{"core_documents": "employer"}, {"core_longest_week": 47}])
def test_once_the_business_has_answered_again_an_older_link_shows_nothing_whatever_was_said(
    app: Flask, another_visit: Any, submitted: Submitted, now: datetime, newer: dict[str, Any]
) -> None:
    page = open_copy(another_visit, submitted)
    address = page.address
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
    assert "Medium" in another_visit(address).text, "a correction that is not submitted changes nothing"
    with app.app_context(), database().writing() as session:
        submit_assessment(session, submitted.id, lambda _said: a_record(change=newer), now)
    for path in (address, f"{address}/plan.pdf", f"{address}/pdf-progress"):
        page = another_visit(path)
        assert page.status == 404
        assert page.heading == "The business has answered again"
        assert "Medium" not in page.text
        assert "rgent" not in page.text


def test_ended_expired_and_unknown_links_read_alike(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    unknown = another_visit(f"/b/{'x' * 43}")
    nonsense = another_visit("/b/nonsense")
    app.config["CLOCK"] = lambda: now + timedelta(days=31)
    expired = another_visit(f"/b/{submitted.buyer_token}")
    app.config["CLOCK"] = lambda: now
    page = visit(f"/b/{submitted.buyer_token}")
    with app.app_context(), database().writing() as session:
        end_buyer_link(session, submitted.id, links_of(app, submitted)[0].id, now)
    ended = another_visit(f"/b/{submitted.buyer_token}")
    pressed = visit.send()
    pages = [unknown, nonsense, expired, ended, pressed]
    assert page.status == 200
    assert {found.status for found in pages} == {404}
    assert {found.heading for found in pages} == {"This link does not work"}
    assert len({found.text for found in pages}) == 1


def test_after_the_business_ends_a_link_no_byte_comes_out(
    app: Flask, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    address = open_copy(another_visit, submitted).address
    with app.app_context(), database().writing() as session:
        end_buyer_link(session, submitted.id, links_of(app, submitted)[0].id, now)
    assert another_visit(address).status == 404
    assert another_visit(f"{address}/plan.pdf").status == 404
    assert another_visit(f"{address}/pdf-progress").status == 404


def test_a_buyer_sees_nothing_else_of_the_business(another_visit: Any, submitted: Submitted) -> None:
    open_copy(another_visit, submitted)
    for path in ("/result", "/plan.pdf", "/buyer-copy.pdf", "/"):
        assert another_visit(f"{submitted.address}{path}").status == 404
    assert another_visit(f"/buyer/{uuid.uuid4()}").status == 404


def test_an_old_copy_says_that_it_is_old(app: Flask, visit: Any, now: datetime) -> None:
    later = now + timedelta(days=370)
    app.config["CLOCK"] = lambda: later
    made = submit_record(app, visit, scenario("farming", "farming low"), later)
    assert "more than a year old" in open_copy(visit, made).text


LATER = TODAY + timedelta(minutes=1)


def opened_by(client: Any, address: str) -> str | None:
    """Press the button of a landing page: where it leads, None when the link does not work."""
    page = Page(client.get(address))
    if page.status != 200:
        return None
    return str(client.post(address, data=page.fields()).headers["Location"])


@pytest.mark.both_databases
@pytest.mark.parametrize("elsewhere", [True, False])
def test_what_an_organisation_gave_out_ends_when_it_goes_to_another(app: Flask, elsewhere: bool) -> None:  # noqa: FBT001  # a parameter of the test
    with database_of(app).writing() as session:
        things = AccessObjects(session)
        waits = create_share(
            session,
            things.submission,
            ShareRecipient.typed("new@people.example", "Shop"),
            ShareScope.BUYER_COPY,
            30,
            TODAY,
        )
        other = an_organisation(session, "Wroxham Farm", manager=things.people["manager"])
        here: uuid.UUID = things.submission.assessment_id
        farm: Organisation = things.farm
        session.add(Reminder(assessment_id=here, address="jo@farm.example", confirm_hash="0" * 64, made_at=TODAY))
    links = [things.links[name] for name in ("resume", "delegation", "review", "buyer")]
    inside = []
    for link in links:
        client = app.test_client()
        target = opened_by(client, link)
        assert target is not None
        inside.append((client, target))
    helper = app.test_client()
    sign_in(helper, app, things.people["helper"])
    recipient = app.test_client()
    sign_in(recipient, app, things.people["recipient"])
    inside += [(helper, f"/assessments/{here}/"), (recipient, f"/shared/{things.arguments['grant_id']}")]
    assert [client.get(target, follow_redirects=True).status_code for client, target in inside] == [200] * 6

    with app.app_context(), database_of(app).writing() as session:
        transfer_assessment(session, here, other.id if elsewhere else farm.id, SiteChoice(None, ""), LATER)

    ended = elsewhere
    shown = [client.get(target, follow_redirects=True).status_code == 200 for client, target in inside]
    # a share that was ended tells its recipient so, and shows nothing
    assert shown[:5] == [not ended] * 5
    assert (things.submission.record["organisation"]["name"] in recipient.get(inside[5][1]).get_data(as_text=True)) is (
        not ended
    )
    assert [opened_by(app.test_client(), link) is None for link in links] == [ended] * 4
    with database_of(app).reading() as session:
        grants = session.scalars(select(ShareGrant).where(ShareGrant.assessment_id == here)).all()
        assert {grant.ended_at is not None for grant in grants} == {ended}
        tickets = session.scalars(
            select(OneTimeToken).where(OneTimeToken.kind == TOKEN_KIND, OneTimeToken.about == waits.grant.id)
        ).all()
        assert bool(tickets) is not ended
        reminders = session.scalars(select(Reminder).where(Reminder.assessment_id == here)).all()
        assert all((one.stopped_at is not None) is ended for one in reminders)
        assert session.get_one(Assessment, here).organisation_id == (other.id if elsewhere else farm.id)


OLD = json.loads((Path(__file__).parent / "record_of_engine_1.json").read_text(encoding="utf-8"))
"""A farm as engine 1 kept it, with a serious sign. What no buyer's copy looks at was taken out, to keep the file short."""


def old() -> Record:
    return deepcopy(OLD)


def flags(question: dict[str, Any]) -> bool:
    return any(question[name] for name in ("can_sign", "rests_on_sign", "waits_for_advice"))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_record_is_shown_as_its_view_says(bank: str, title: str) -> None:
    record = scenario(bank, title)
    view, kept = buyer_view_of(record, None), record["buyer_view"]
    assert (view.exposure, view.band) == (kept["exposure"], kept["band"])
    assert [(bar.name, bar.step) for bar in view.bars] == [(bar["name"], bar["step"]) for bar in kept["bars"]]
    assert view.band in {"low", "medium", "high"}
    assert view.exposure in {"lower", "middle", "higher"}
    assert len(view.bars) == len(buyer_bars(edition_of(bank)))
    assert set(view.questions) <= ordinary_questions(edition_of(bank))
    dues = [step.due or "9999-12-31" for step in view.actions]
    assert dues == sorted(dues)


@pytest.mark.parametrize("bank", BANKS)
def test_a_quick_check_shows_that_it_was_done_and_its_steps(bank: str) -> None:
    copy = buyer_copy(a_record(bank, f"{bank} medium", quick=True))
    assert (copy.quick, copy.exposure, copy.band, copy.bars) == (True, None, None, ())
    assert copy.actions


@pytest.mark.parametrize("bank", BANKS)
def test_steps_are_tracked_under_what_the_business_tracks_them_under(bank: str) -> None:
    record = scenario(bank, f"{bank} critical")
    keys = [step.key for step in buyer_view_of(record, None).actions]
    assert keys
    assert len(keys) == len(set(keys))
    assert set(keys) <= {action["question"] for action in record["actions"]}


def test_the_map_shows_its_ordinary_parts_and_none_about_languages_and_visas() -> None:
    record = a_record("farming", "farming medium", change={"core_visa_tied": ["seasonal"]})
    (kept,) = [action for action in record["buyer_view"]["actions"] if action["question"] == "map"]
    hidden = [part["title"] for part in kept["parts"] if part["question"] in LANGUAGES_AND_VISAS]
    (step,) = [step for step in buyer_view_of(record, None).actions if step.key == "map"]
    assert hidden
    assert step.parts == tuple(part["title"] for part in kept["parts"] if part["title"] not in hidden)
    kept["parts"] = [part for part in kept["parts"] if part["title"] in hidden]
    assert "map" not in {step.key for step in buyer_view_of(record, None).actions}, "nothing else is in it"


def test_of_engine_1_the_edition_is_needed_and_the_view_has_the_same_parts() -> None:
    with pytest.raises(EditionMissingError):
        buyer_view_of(old(), None)
    view = buyer_view_of(old(), edition_of("farming"))
    assert view.band == "medium", "and not high, as its serious sign made it"
    assert OLD["result"]["band"] == "high"
    assert view.exposure == "higher"
    assert [bar.name for bar in view.bars] == [bar.name for bar in buyer_bars(edition_of("farming"))]
    asked = {row["id"]: row for section in OLD["sections"] for row in section["questions"]}
    assert len(view.questions) > 20
    for name in view.questions:
        assert not flags(asked[name])
        assert name in ordinary_questions(edition_of("farming"))
        assert name not in ADVICE_FIRST_QUESTIONS | ALWAYS_POOLED


def test_steps_of_engine_1_keep_their_own_dates() -> None:
    days = {action["do"]: action["days"] for action in OLD["actions"]}
    steps = buyer_view_of(old(), edition_of("farming")).actions
    assert steps
    assert {(step.due or "") > OLD["made_on"] for step in steps if days[step.do]} == {True}
    assert [step.due for step in steps] == sorted(step.due or "" for step in steps)


def test_nothing_in_a_record_of_engine_1_that_is_not_ordinary_moves_its_view() -> None:
    edition = edition_of("farming")
    wanted, may = buyer_copy(old(), edition), set(buyer_view_of(old(), edition).questions)
    other = old()
    for line in other["result"]["lines"]:
        if line["question"] not in may:
            line |= {"points": line["possible"], "sign": "urgent", "answer": "dk"}
    result = other["result"]
    result |= {
        "band": "critical",
        "score": 99.0,
        "confidence": 3.0,
        "urgent_signs": ["core_documents"],
        "exposure": 1.0,
    }
    result["dimensions"] = [{**row, "points": row["possible"], "gap": 1.0} for row in result["dimensions"]]
    other["groups"] = [{**row, "points": row["possible"], "gap": 1.0} for row in other["groups"]]
    other["actions"] = [row for row in other["actions"] if row["question"] in may]
    assert len(other["actions"]) < len(OLD["actions"])
    assert buyer_copy(other, edition) == wanted


def test_what_is_ordinary_moves_it() -> None:
    edition = edition_of("farming")
    wanted, may = buyer_copy(old(), edition), set(buyer_view_of(old(), edition).questions)
    worst = old()
    for line in worst["result"]["lines"]:
        if line["question"] in may:
            line["points"] = line["possible"]
    found = buyer_copy(worst, edition)
    assert found.band == "high"
    assert {bar.step for bar in found.bars} == {1}
    assert found != wanted


def test_first_language_gives_no_points_any_more() -> None:
    edition = edition_of("farming")
    other = old()
    lines = [line for line in other["result"]["lines"] if line["question"] == "core_first_language"]
    assert lines
    for line in lines:
        line["points"] = 0 if line["points"] else line["possible"]
    assert buyer_copy(other, edition) == buyer_copy(old(), edition)
