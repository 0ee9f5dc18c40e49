from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import commit_request, database
from assess.core.rate_limits import ACCEPT_ALL_ACTIONS, CHANGE_ACTION, ExpensiveAction, Limit
from assess.plans.action_tracker import views_items
from assess.plans.action_tracker.edits import FormVersion, ItemLocation, save_response
from assess.plans.action_tracker.presenters import load_item
from assess.plans.action_tracker.services import (
    ItemContent,
    change_item,
    get_item_history,
    get_item_state,
    get_tracker_state,
)
from assess.plans.action_tracker.state import ItemState
from assess.plans.action_tracker.views_items import NOT_SAVED_ERRORS, save_part_or_conflict_page
from assess.plans.models import TrackerEventKind
from assess.plans.plan_page import business_plan
from assess.plans.words import join_and
from tests.conftest import TODAY, Visitor
from tests.plans.action_tracker.conftest import KEY, fill
from tests.plans.action_tracker.test_views import come_back
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario, settled_facts
from tests.plans.test_copies import moved_sign

PASSPORT = "Passport 533401372 is in the safe"


def test_the_form_shows_what_was_said_and_proposes_the_day_of_the_plan(visit: Any, item: str, stored: Any) -> None:
    page = visit(item)
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.soup.title.text == "What to do – Assess"
    assert page.fields()["due"] == ["24 12 2026"]
    fill(visit, item, due="25 12 2026", status="under_way", owner="someone_else", owner_text="Packhouse manager")
    state = stored()
    assert (state.response, state.due, state.status, state.owner) == (
        "accepted",
        "2026-12-25",
        "under_way",
        "Packhouse manager",
    )
    fields = visit(item).fields()
    assert (fields["due"], fields["status"], fields["owner_text"]) == (
        ["25 12 2026"],
        ["under_way"],
        ["Packhouse manager"],
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"response": None}, "response"),
        ({"response": "will_not"}, "reason"),
        ({"due": "23 11 2026"}, "due"),
        ({"due": "25 11 2029"}, "due"),
        ({"due": "someday"}, "due"),
        ({"status": "done", "done_on": "25 11 2026"}, "done_on"),
        ({"owner": "someone_else"}, "owner_text"),
        ({"owner": "Nobody we know"}, "owner"),
        ({"owner": "someone_else", "owner_text": PASSPORT}, "owner_text"),
        ({"response": "will_not", "reason": "other", "reason_text": PASSPORT}, "reason_text"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    visit: Any, item: str, stored: Any, typed: dict[str, Any], field: str
) -> None:
    page = fill(visit, item, **typed)
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == f"#{field}"
    assert page.soup.select_one(f"#{field}") is not None
    assert page.soup.title.text.startswith("Error: ")
    sent = page.fields()
    assert all(
        sent[name] == [value] for name, value in typed.items() if value is not None and value != "Nobody we know"
    )
    assert stored().revision == 0


def test_a_day_may_be_typed_as_people_write_it(visit: Any, item: str, stored: Any) -> None:
    fill(visit, item, due="1/3/27", status="done", done_on="24/11/26")
    assert (stored().due, stored().done_on) == ("2027-03-01", "2026-11-24")


def test_only_jobs_of_this_bank_are_offered_and_one_that_was_picked_before_is_kept(
    app: Flask, visit: Any, submitted: Submitted, now: Any
) -> None:
    key = next(item.key for item in business_plan(submitted.record).action_list.items if not item.ordinary)
    address = submitted.item(key)
    offered = [option.get_text() for option in visit(address).soup.select("select option")]
    assert "Farm manager" in offered
    assert not {"Head chef", "Someone else"} & set(offered)
    with app.app_context(), database().writing() as session:
        save_response(
            session,
            ItemLocation(submitted.submission_id, 1, key),
            ItemContent(response="accepted", owner="Head chef"),
            FormVersion(1, 0),
            now,
        )
    assert visit(address).fields()["owner"] == ["Head chef"]
    visit.send(status="under_way", go="list")
    with app.app_context(), database().reading() as session:
        state = get_item_state(session, submitted.submission_id, key)
    assert (state.owner, state.status) == ("Head chef", "under_way")


def test_words_that_look_private_are_asked_about_and_never_forbidden(visit: Any, item: str, stored: Any) -> None:
    page = fill(visit, item, response="will_not", reason="other", reason_text=PASSPORT)
    tick = page.soup.select_one("input[name=keep_words]")
    assert tick is not None
    assert visit.send(keep_words=tick["value"], go="list").status == 200
    assert stored().reason_text == PASSPORT


def test_one_saves_and_the_other_sees_both_and_decides(
    visit: Any, colleague: Visitor, item: str, stored: Any, app: Flask, submitted: Submitted
) -> None:
    visit(item)
    colleague(item)
    colleague.send(response="accepted", owner="someone_else", owner_text="Hers", go="list")
    page = visit.send(response="will_not", reason="other", reason_text="Mine", go="list")
    assert page.status == 409
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "Saved now: We will do this" in page.text
    assert "Mine" in page.text
    assert "Hers" not in page.text  # nothing was typed there
    assert stored().owner == "Hers"
    assert visit.send(pick=None).status == 422
    page = visit.send("conflict", pick="mine")
    assert page.status == 200
    assert (stored().reason_text, stored().owner) == ("Mine", "Hers")
    with app.app_context(), database().reading() as session:
        history = get_item_history(session, submitted.submission_id, KEY)
    assert [event.what for event in history] == [
        TrackerEventKind.RESTORE,
        TrackerEventKind.REJECTED,
        TrackerEventKind.CHANGED,
    ]
    assert history[0].before.owner == "Hers"


def test_whoever_keeps_theirs_can_put_in_their_own_later(
    visit: Any, colleague: Visitor, item: str, stored: Any
) -> None:
    visit(item)
    colleague(item)
    visit.send(response="will_not", reason="other", reason_text="Mine", go="list")
    assert colleague.send(response="accepted", owner="someone_else", owner_text="Hers", go="list").status == 409
    colleague.send("conflict", pick="theirs")
    assert stored().reason_text == "Mine"
    page = colleague(f"{item}/history")
    assert "Hers" in page.text
    colleague.send("restore")
    assert stored().owner == "Hers"


def test_closing_the_window_over_a_conflict_loses_no_words(visit: Any, colleague: Visitor, item: str) -> None:
    visit(item)
    colleague(item)
    visit.send(response="will_not", reason="other", reason_text="Mine", go="list")
    colleague.send(response="accepted", owner="someone_else", owner_text="Hers", go="list")
    assert "Hers" in visit(f"{item}/history").text


def test_deciding_twice_while_a_third_one_writes_shows_it_again(
    visit: Any, colleague: Visitor, item: str, stored: Any
) -> None:
    visit(item)
    colleague(item)
    colleague.send(response="accepted", due="1 2 2027", go="list")
    page = visit.send(response="will_not", reason="cost", go="list")
    assert page.status == 409
    fill(colleague, item, due="1 3 2027")
    page = visit.send("conflict", pick="mine")
    assert page.status == 409
    assert "1 March 2027" in page.text
    visit.send("conflict", pick="mine")
    assert stored().response == "will_not"


def test_saving_what_one_did_not_touch_never_undoes_a_colleague(
    visit: Any, colleague: Visitor, item: str, stored: Any
) -> None:
    fill(visit, item, due="1 2 2027")
    visit(item)
    fill(colleague, item, due="1 3 2027")
    assert visit.send(go="list").status == 200
    assert stored().due == "2027-03-01"


def test_pressing_twice_is_pressing_once(visit: Any, item: str, stored: Any) -> None:
    page = visit(item)
    for _ in range(2):
        visit.page = page
        assert visit.send(response="accepted", status="under_way", due="1 2 2027", go="list").status == 200
    assert stored().revision == 1


def test_a_duty_is_done_or_corrected_and_never_declined(app: Flask, visit: Any, now: Any) -> None:
    record = a_record(facts={**settled_facts("farming"), "turnover_gbp_incl_subsidiaries": 40_000_000})
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False)
    made = submit_record(app, visit, record, now)
    page = visit(made.item(duty["id"]))
    assert [radio["value"] for radio in page.soup.select("input[name=response]")] == ["accepted", "already_done"]
    assert page.soup.select("input[name=reason], input[name=reason_text]") == []
    assert page.form("correct") is not None
    assert visit.send(response="will_not", reason="cost").status == 422


def test_a_form_of_the_plan_before_never_overwrites_the_new_one(
    app: Flask, visit: Any, item: str, submitted: Submitted, now: Any
) -> None:
    fill(visit, item, due="1 2 2027")
    old = visit(item)
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        newer = submit_assessment(session, submitted.id, lambda _said: scenario(), now).id
    assert visit(item).fields()["due"] == ["1 2 2027"]
    fill(visit, item, due="1 3 2027")
    visit.page = old
    assert visit.send(response="will_not", reason="cost", go="list").status == 409
    with app.app_context(), database().reading() as session:
        assert get_item_state(session, newer, KEY).due == "2027-03-01"
        assert ItemContent.of(get_item_state(session, submitted.submission_id, KEY)).due == "2027-02-01"


def test_answers_submitted_at_this_very_moment_cost_nobody_a_word(
    app: Flask, visit: Any, submitted: Submitted, now: Any
) -> None:
    cookies = "; ".join(f"{kept.key}={kept.value}" for kept in visit.client._cookies.values())
    with app.test_request_context(submitted.item(KEY), method="POST", headers={"Cookie": cookies}):
        found, found_item = load_item(submitted.id, submitted.number(KEY))
        with database().writing() as session:
            reopen_assessment(session, submitted.id, now)
            newer = submit_assessment(session, submitted.id, lambda _said: scenario(), now).id
        mine = ItemContent(response="will_not", reason="other", reason_text="Mine")
        page = save_part_or_conflict_page(
            found,
            found_item,
            lambda session, place: save_response(session, place, mine, FormVersion(1, 0), now),
            lambda _found, _item, faults: "; ".join(faults.values()),
        )
        assert isinstance(page, tuple)
        assert page[1] == 409
        assert "Mine" in page[0]
    with app.app_context(), database().reading() as reader:
        assert [event.after for event in get_item_history(reader, newer, KEY)] == [mine]
        assert get_item_history(reader, submitted.submission_id, KEY) == []


def test_saving_without_end_is_limited_for_all_browsers_of_one_business_and_nothing_is_lost(
    visit: Any, colleague: Visitor, item: str, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        views_items, "CHANGE_ACTION", ExpensiveAction((Limit("few", 2, 3600),), Limit("few from", 99, 3600))
    )
    fill(visit, item, due="1 2 2027")
    fill(colleague, item, due="1 3 2027")
    page = fill(visit, item, due="1 4 2027")
    assert (page.status, page.heading) == (429, "Please wait a moment")
    assert page.fields()["due"] == ["1 4 2027"]
    assert stored().due == "2027-03-01"


def test_nobody_who_follows_a_plan_up_meets_these_limits() -> None:
    assert all(limit.most >= 500 for limit in CHANGE_ACTION.each)
    assert all(limit.most >= 30 for limit in ACCEPT_ALL_ACTIONS.each)
    for what in (CHANGE_ACTION, ACCEPT_ALL_ACTIONS):
        assert what.address.most >= 10 * what.each[0].most


@pytest.mark.parametrize("times", [1, 2, 3])
def test_several_corrections_in_a_row_cost_nobody_a_word(
    app: Flask, visit: Any, submitted: Submitted, now: Any, times: int
) -> None:
    cookies = "; ".join(f"{kept.key}={kept.value}" for kept in visit.client._cookies.values())
    mine = ItemContent(response="will_not", reason="other", reason_text="Mine")
    left, kept = [scenario()] * times, times < 3

    def save(session: Any, place: ItemLocation) -> ItemState:
        if left:
            record = left.pop()
            with database().writing() as other:
                reopen_assessment(other, submitted.id, now)
                submit_assessment(other, submitted.id, lambda _said: record, now)
        return save_response(session, place, mine, FormVersion(place.number, 0), now)

    with app.test_request_context(submitted.item(KEY), method="POST", headers={"Cookie": cookies}):
        found, found_item = load_item(submitted.id, submitted.number(KEY))
        page = save_part_or_conflict_page(
            found, found_item, save, lambda _found, item, faults: f"{item.key}: {'; '.join(faults.values())}"
        )
        assert page == (None if kept else (f"{KEY}: {NOT_SAVED_ERRORS['main-content']}", 409))
        commit_request()
        newest, _ = load_item(submitted.id, submitted.number(KEY))
        assert newest.submission.number == times + 1
        with database().reading() as reader:
            state = get_item_state(reader, newest.submission.id, KEY)
    assert state.reason_text == ("Mine" if kept else "")


def test_a_form_of_the_plan_before_means_what_stood_under_its_number_there(
    app: Flask, visit: Any, submitted: Submitted, now: Any
) -> None:
    """Else what was typed for one action would be kept with another that has its number now."""
    record = scenario()
    gone, *_, meant = [item.key for item in business_plan(record).action_list.items][:4]
    record["actions"] = [action for action in record["actions"] if action["question"] != gone]
    known = {action["id"] for action in record["actions"]}
    record["do_first"] = [step for step in record["do_first"] if step["what"] == "duty" or step["id"] in known]
    forms = [visit(submitted.item(key)) for key in (meant, gone)]
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        newer = submit_assessment(session, submitted.id, lambda _said: record, now).id
    sent = []
    for form in forms:
        visit.page = form
        sent.append(visit.send(response="will_not", reason="cost", go="list"))
    assert [page.status for page in sent] == [409, 404]
    assert "Back to number 3" in sent[0].text
    with app.app_context(), database().reading() as session:
        (offered,) = get_item_history(session, newer, meant)
        assert offered.after.reason == "cost"
        assert not any(state.revision for state in get_tracker_state(session, newer).values())


def test_a_choice_of_the_plan_before_leads_to_the_new_one(
    app: Flask, visit: Any, colleague: Visitor, item: str, submitted: Submitted, now: Any
) -> None:
    visit(item)
    fill(colleague, item, due="1 2 2027")
    assert visit.send(response="will_not", reason="cost", go="list").status == 409
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        submit_assessment(session, submitted.id, lambda _said: scenario(), now)
    page = visit.send("conflict", pick="mine")
    assert (page.status, page.address) == (200, f"{submitted.address}/result/actions")


PLAN = business_plan(scenario()).action_list
KEYS = [item.key for item in PLAN.items]


@pytest.fixture
def actions(submitted: Submitted) -> str:
    return f"{submitted.address}/result/actions"


def stored(app: Flask, submission_id: int) -> dict[str, ItemContent]:
    with app.extensions["assess.database"].reading() as session:
        return {key: ItemContent.of(item) for key, item in get_tracker_state(session, submission_id).items()}


def test_one_yes_answers_all_the_rest_and_one_undo_takes_it_back(
    app: Flask, visit: Any, actions: str, submitted: Submitted
) -> None:
    visit(f"{actions}/1")
    visit.send(response="will_not", reason="cost", go="list")
    page = visit(actions)
    assert page.soup.find("a", string="Say “we will do this” to all the rest")["href"] == f"{actions}/bulk"
    page = visit(f"{actions}/bulk")
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
        KEYS[0]: ItemContent(response="will_not", reason="cost"),
        **dict.fromkeys(KEYS[1:], ItemContent(response="accepted")),
    }
    assert not any(key in page.address for key in KEYS)
    page = visit.send("undo")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert f"{len(KEYS) - 1} things are as before." in page.text
    assert "stay" not in page.soup.select_one("[role=status]").text
    assert set(stored(app, submitted.submission_id).values()) == {
        ItemContent(),
        ItemContent(response="will_not", reason="cost"),
    }


def test_what_somebody_changed_since_stays_and_is_named(visit: Any, colleague: Visitor, actions: str) -> None:
    visit(f"{actions}/bulk")
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
    visit(f"{actions}/bulk")
    colleague(f"{actions}/4")
    colleague.send(response="already_done", go="list")
    assert f"{len(KEYS) - 1} things have the answer" in visit.send().text
    assert stored(app, submitted.submission_id)[KEYS[3]].response == "already_done"


def test_a_press_that_came_twice_keeps_the_way_back(visit: Any, actions: str) -> None:
    page = visit(f"{actions}/bulk")
    for _ in range(2):
        visit.page = page
        said = visit.send()
    assert f"{len(KEYS)} things have the answer" in said.text
    assert visit(f"{actions}/bulk").address == actions
    assert "to all the rest" not in visit.page.text


def test_the_undo_is_offered_no_longer_than_it_can_do_anything(visit: Any, actions: str) -> None:
    visit(f"{actions}/bulk")
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
    items = business_plan(record).action_list.items
    assert any(action["held"] for action in record["actions"])
    made = submit_record(app, visit, record, now)
    visit(f"{made.address}/result/actions/bulk")
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
        page = visit(f"{made.address}/result/actions/bulk")
        after = visit.send()
        pages.add((page.soup.main.get_text(" ", strip=True), after.soup.main.get_text(" ", strip=True)))
    assert len(pages) == 1


def test_what_is_late_is_left_for_a_person_to_answer(
    app: Flask, visit: Any, actions: str, submitted: Submitted
) -> None:
    assert "late already" not in visit(f"{actions}/bulk").text
    come_back(app, visit, submitted, TODAY + timedelta(days=33))
    late = [item for item in PLAN.items if item.proposed_due < "2026-12-27"]
    numbers = join_and([str(item.number) for item in late])
    page = visit(f"{actions}/bulk")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert f"{len(KEYS) - len(late)} things without an answer get" in page.text
    assert f"Numbers {numbers} are late already and not among them." in page.text
    page = visit.send()
    assert set(stored(app, submitted.submission_id)) == set(KEYS) - {item.key for item in late}
    assert page.soup.select_one("h2.plan-group").text == "The day has passed"
    assert page.soup.select_one("article a")["href"] == f"{actions}/{late[0].number}"
    assert page.soup.find("a", href=f"{actions}/bulk") is None
    assert visit(f"{actions}/bulk").address == actions


def test_a_plan_that_nobody_saw_yet_is_shown_first(
    app: Flask, visit: Any, actions: str, submitted: Submitted, now: datetime
) -> None:
    page = visit(f"{actions}/bulk")
    with app.extensions["assess.database"].writing() as session:
        change_item(session, submitted.submission_id, KEYS[0], ItemContent(response="accepted"), 0, now)
        reopen_assessment(session, submitted.id, now)
        newer = submit_assessment(session, submitted.id, lambda _said: scenario(), now).id
    visit.page = page
    page = visit.send()
    assert page.address == f"{actions}/bulk"
    assert set(stored(app, newer)) == {KEYS[0]}
    visit.send()
    assert set(stored(app, newer)) == set(KEYS)


def test_nothing_of_it_is_there_for_anybody_else(app: Flask, visit: Any, another_visit: Any, actions: str) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    visit(f"{actions}/bulk")
    assert another_visit(f"{actions}/bulk").status == 404
    for address in (f"{actions}/bulk", f"{actions}/bulk/undo"):
        assert another_visit.client.post(address).status_code == 404
