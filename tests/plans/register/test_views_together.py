from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.submitting import reopen, submit
from assess.plans.document import business_plan
from assess.plans.register.keeping import Change, change, state_of
from assess.plans.words import listed
from tests.conftest import TODAY, Visitor
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario, settled_facts
from tests.plans.register.test_views import come_back
from tests.plans.test_copies import moved_sign

PLAN = business_plan(scenario()).register
KEYS = [item.key for item in PLAN.items]


@pytest.fixture
def actions(submitted: Submitted) -> str:
    return f"{submitted.address}/result/actions"


def stored(app: Flask, submission_id: int) -> dict[str, Change]:
    with app.extensions["assess.database"].reading() as look:
        return {key: Change.of(item) for key, item in state_of(look, submission_id).items()}


def test_one_yes_answers_all_the_rest_and_one_undo_takes_it_back(
    app: Flask, visit: Any, actions: str, submitted: Submitted
) -> None:
    visit(f"{actions}/1")
    visit.send(response="will_not", reason="cost", go="list")
    page = visit(actions)
    assert page.soup.find("a", string="Say “we will do this” to all the rest")["href"] == f"{actions}/all-the-rest"
    page = visit(f"{actions}/all-the-rest")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.heading == "Say “we will do this” to all the rest"
    assert f"{len(KEYS) - 1} things without an answer get “We will do this”" in page.text
    assert [button.get_text(strip=True) for button in page.soup.select("main button")] == ["Yes, to all of them"]
    assert [row.get_text().split(".")[0] for row in page.soup.select("details li")] == [
        str(number) for number in range(2, len(KEYS) + 1)
    ]
    assert page.soup.select("main input:not([type=hidden]), main textarea") == []
    page = visit.send()
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert f"{len(KEYS) - 1} things have the answer “We will do this” now." in page.text
    assert "Your plan is ready" in page.text
    assert stored(app, submitted.submission_id) == {
        KEYS[0]: Change(response="will_not", reason="cost"),
        **dict.fromkeys(KEYS[1:], Change(response="accepted")),
    }
    assert not any(key in page.address for key in KEYS)
    page = visit.send("undo")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert f"{len(KEYS) - 1} things are as before." in page.text
    assert "stay" not in page.soup.select_one("[role=status]").text
    assert set(stored(app, submitted.submission_id).values()) == {
        Change(),
        Change(response="will_not", reason="cost"),
    }


def test_what_somebody_changed_since_stays_and_is_named(visit: Any, colleague: Visitor, actions: str) -> None:
    visit(f"{actions}/all-the-rest")
    page = visit.send()
    for place in (1, 4):
        colleague(f"{actions}/{place + 1}")
        colleague.send(response="accepted", status="under_way", go="list")
    visit.page = page
    page = visit.send("undo")
    said = page.soup.select_one("[role=status]").get_text(" ", strip=True)
    assert (
        said == f"{len(KEYS) - 2} things are as before. Numbers 2 and 5 were changed since, so they stay as they are."
    )


def test_what_was_answered_while_the_page_was_open_is_left_alone(
    app: Flask, visit: Any, colleague: Visitor, actions: str, submitted: Submitted
) -> None:
    visit(f"{actions}/all-the-rest")
    colleague(f"{actions}/4")
    colleague.send(response="already_done", go="list")
    assert f"{len(KEYS) - 1} things have the answer" in visit.send().text
    assert stored(app, submitted.submission_id)[KEYS[3]].response == "already_done"


def test_a_press_that_came_twice_keeps_the_way_back(visit: Any, actions: str) -> None:
    page = visit(f"{actions}/all-the-rest")
    for _ in range(2):
        visit.page = page
        said = visit.send()
    assert f"{len(KEYS)} things have the answer" in said.text
    assert visit(f"{actions}/all-the-rest").address == actions
    assert "to all the rest" not in visit.page.text


def test_the_undo_is_offered_no_longer_than_it_can_do_anything(visit: Any, actions: str) -> None:
    visit(f"{actions}/all-the-rest")
    answered = visit.send().address
    visit.send("undo")
    assert visit(answered).soup.select("[role=status]") == []
    for nonsense in ("", "x", "0-0", "0-999999999999"):
        assert visit(f"{actions}?together={nonsense}&undone={nonsense}").soup.select("[role=status]") == []


def test_duties_are_among_them_and_what_waits_for_advice_is_not(app: Flask, visit: Any, now: datetime) -> None:
    facts = {**settled_facts("farming"), "turnover_gbp_incl_subsidiaries": 40_000_000}
    record = a_record(change={"core_documents": "third", "core_right_to_work": "some"}, facts=facts)
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False)
    items = business_plan(record).register.items
    assert any(action["held"] for action in record["actions"])
    made = submit_record(app, visit, record, now)
    visit(f"{made.address}/result/actions/all-the-rest")
    assert visit.send().status == 200
    said = stored(app, made.submission_id)
    assert set(said) == {item.key for item in items}
    assert duty["id"] in said


def test_the_page_reads_the_same_whichever_answer_raised_the_sign(app: Flask, visit: Any, now: datetime) -> None:
    record = a_record("farming", "farming medium", change={"core_documents": "employer"})
    pages = set()
    for name in ("core_documents", "core_job_fee", "core_threats"):
        moved = record if name == "core_documents" else moved_sign(record, name)
        made = submit_record(app, visit, moved, now)
        page = visit(f"{made.address}/result/actions/all-the-rest")
        after = visit.send()
        pages.add((page.soup.main.get_text(" ", strip=True), after.soup.main.get_text(" ", strip=True)))
    assert len(pages) == 1


def test_what_is_late_is_left_for_a_person_to_answer(
    app: Flask, visit: Any, actions: str, submitted: Submitted
) -> None:
    assert "late already" not in visit(f"{actions}/all-the-rest").text
    come_back(app, visit, submitted, TODAY + timedelta(days=33))
    late = [item for item in PLAN.items if item.due_on < "2026-12-27"]
    numbers = listed([str(item.number) for item in late])
    page = visit(f"{actions}/all-the-rest")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert f"{len(KEYS) - len(late)} things without an answer get" in page.text
    assert f"Numbers {numbers} are late already and not among them." in page.text
    page = visit.send()
    assert set(stored(app, submitted.submission_id)) == set(KEYS) - {item.key for item in late}
    assert page.soup.select_one("#progress ~ .assess-panel a.govuk-button")["href"] == f"{actions}/{late[0].number}"
    assert page.soup.find("a", href=f"{actions}/all-the-rest") is None
    assert visit(f"{actions}/all-the-rest").address == actions


def test_a_plan_that_nobody_saw_yet_is_shown_first(
    app: Flask, visit: Any, actions: str, submitted: Submitted, now: datetime
) -> None:
    page = visit(f"{actions}/all-the-rest")
    with app.extensions["assess.database"].writing() as session:
        change(session, submitted.submission_id, KEYS[0], Change(response="accepted"), 0, now)
        reopen(session, submitted.id, now)
        newer = submit(session, submitted.id, lambda _said: scenario(), now).id
    visit.page = page
    page = visit.send()
    assert page.address == f"{actions}/all-the-rest"
    assert set(stored(app, newer)) == {KEYS[0]}
    visit.send()
    assert set(stored(app, newer)) == set(KEYS)


def test_nothing_of_it_is_there_for_anybody_else(app: Flask, visit: Any, another_visit: Any, actions: str) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    visit(f"{actions}/all-the-rest")
    assert another_visit(f"{actions}/all-the-rest").status == 404
    for address in (f"{actions}/all-the-rest", f"{actions}/all-the-rest/undo"):
        assert another_visit.client.post(address).status_code == 404
