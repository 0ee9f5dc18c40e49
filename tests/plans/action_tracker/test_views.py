from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.links import make_resume_link
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import database
from assess.plans.action_tracker.services import (
    HISTORY_PAGE_SIZE,
    ItemContent,
    change_item,
    get_item_state,
    get_tracker_state,
)
from assess.plans.action_tracker.views import EVENT_TEXTS
from assess.plans.models import TrackerEventKind
from assess.plans.plan_page import business_plan
from tests.conftest import TODAY, Visitor
from tests.plans.action_tracker.conftest import KEY, fill
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario, text_of

ITEMS = {str(item.number): item.key for item in business_plan(scenario()).action_list.items}
KEYS = tuple(action["question"] for action in scenario()["actions"])


@pytest.fixture
def actions(submitted: Submitted) -> str:
    return f"{submitted.address}/result/actions"


def come_back(app: Flask, visit: Any, submitted: Submitted, now: datetime) -> None:
    """Open the assessment again by a link, on another day."""
    app.config["CLOCK"] = lambda: now
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    visit(f"/r/{link.token}")
    visit.send(follow=False)


def item_links(page: Any) -> list[str]:
    return [link["href"] for link in page.soup.select("article a[href*='/actions/']")]


def answer(visit: Any, address: str, **typed: Any) -> Any:
    visit(address)
    return visit.send(**{"response": "accepted", "status": "open", **typed})


def test_it_begins_with_nothing_answered_and_what_is_due_this_week(visit: Any, actions: str) -> None:
    page = visit(actions)
    assert page.status == 200
    html5lib.HTMLParser(strict=True).parse(page.html)
    cards = page.soup.select("article")
    assert f"You have answered 0 of {len(cards)} ." in page.text
    assert page.soup.select_one("main h2.plan-group").text == "By 1 December 2026"
    assert item_links(page) == [f"{actions}/{number}" for number in range(1, len(cards) + 1)]
    assert all(card.select_one("button").text.strip() == f"Done: number {n}" for n, card in enumerate(cards, 1))
    bar = page.soup.select_one("progress")
    assert (bar["value"], bar["max"]) == ("0", str(len(cards)))
    assert "for advice" not in page.text


def test_the_bar_measures_what_is_done_and_the_words_say_the_rest(visit: Any, actions: str) -> None:
    links = item_links(visit(actions))
    for link in links[3:]:
        answer(visit, link)
    answer(visit, links[0], status="done")
    answer(visit, links[1], response="already_done")
    answer(visit, links[2], response="will_not", reason="cost")
    page = visit(actions)
    bar = page.soup.select_one("progress")
    assert (bar["value"], bar["max"]) == ("2", str(len(links)))
    assert f"2 of {len(links)} are done, 1 will not be done." in page.text
    assert f"You have answered {len(links)} of {len(links)} ." in page.text


def test_what_waits_for_advice_is_one_row_without_number_owner_date_or_question(
    app: Flask, visit: Any, now: datetime
) -> None:
    record = a_record(change={"core_documents": "third", "core_right_to_work": "some"})
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/result/actions")
    html5lib.HTMLParser(strict=True).parse(page.html)
    (row,) = page.soup.select("article[aria-labelledby=when-advised]")
    said = " ".join(row.get_text(" ").split())
    assert said.startswith("When you have had advice Call the helpline first; ask and move nobody yet.")
    asks = {row["ask"] for section in record["sections"] for row in section["questions"]}
    assert not any(ask in said for ask in asks)
    assert row.select("a[href*='/assessments/'], form") == []
    items = business_plan(record).action_list.items
    assert item_links(page) == [f"{made.address}/result/actions/{item.number}" for item in items]
    assert f"You have answered 0 of {len(items)} ." in page.text
    assert "for advice (" not in page.text
    assert "waits for advice" not in page.text.lower()


def test_a_number_the_plan_has_not_is_not_found(visit: Any, actions: str) -> None:
    last = len(item_links(visit(actions)))
    for number in ("0", str(last + 1), "9" * 30, "farm_pay_basis", "-1"):
        for part in ("", "/history", "/proof"):
            assert visit(f"{actions}/{number}{part}").status == 404


def test_after_saving_a_notice_at_the_top_says_so(visit: Any, actions: str) -> None:
    links = item_links(visit(actions))
    visit(links[4])
    sent = visit.send(response="accepted", status="open", go="list", follow=False)
    assert sent.headers["Location"] == f"{actions}?saved=5#notice"
    page = visit(f"{actions}?saved=5")
    html5lib.HTMLParser(strict=True).parse(page.html)
    notice = page.soup.select_one("#notice[role=alert]")
    assert notice.get_text(" ", strip=True).startswith("Saved 5. ")
    assert notice.select("form") == []
    for number in ("nonsense", "6"):
        assert visit(f"{actions}?saved={number}").soup.select("#notice") == []
        assert visit(f"{actions}?ticked={number}").soup.select("#notice") == []


def test_saving_and_going_on_says_what_was_saved(visit: Any, actions: str) -> None:
    links = item_links(visit(actions))
    visit(links[0])
    page = visit.send(response="accepted", status="open", go="next")
    assert page.address == links[1]
    assert page.soup.select_one("main [role=status]").get_text(" ", strip=True) == "Saved: number 1."
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "Saved" not in visit.send(response=None, go="next").text
    assert "Saved" not in visit(links[1]).text


def test_done_in_a_narrowed_list_keeps_it_narrowed_and_so_does_undo(visit: Any, actions: str) -> None:
    page = visit(f"{actions}?month=2026-12")
    links = item_links(page)
    assert len(links) > 3
    number = links[2].rsplit("/", 1)[1]
    sent = visit.send(f"/{number}/done?month=2026-12", follow=False)
    assert sent.headers["Location"] == f"{actions}?month=2026-12&ticked={number}#notice"
    page = visit(sent.headers["Location"])
    assert page.soup.select_one("#notice").get_text(" ", strip=True).startswith(f"Done {number}. ")
    assert item_links(page) == [*links[:2], *links[3:], links[2]]
    sent = visit.send(f"/{number}/restore?month=2026-12", follow=False)
    assert sent.headers["Location"] == f"{actions}?month=2026-12&saved={number}#notice"
    assert item_links(visit(f"{actions}?month=2026-12")) == links


def test_what_is_done_can_be_undone_from_the_list_on_another_day(
    app: Flask, visit: Any, actions: str, submitted: Submitted
) -> None:
    links = item_links(visit(actions))
    visit.send("/1/done")
    come_back(app, visit, submitted, TODAY + timedelta(days=3))
    page = visit(actions)
    (done,) = [part for part in page.soup.select("details") if part.summary.text.strip() == "Done (1)"]
    assert done.select_one("article button").text.strip() == "Undo: number 1"
    visit.send("/1/restore")
    assert item_links(visit(actions)) == links
    answer(visit, links[0], response="already_done")
    answer(visit, links[0], response="already_done", done_on="1 11 2026")
    assert "Undo" not in visit(actions).text


def test_answering_goes_on_to_the_next_until_the_plan_is_ready(visit: Any, actions: str) -> None:
    page = visit(actions)
    links = item_links(page)
    visit(links[0])
    for place, _ in enumerate(links):
        assert visit.page.address == links[place]
        page = visit.send(response="accepted", status="open", go="next")
        assert page.status == 200
    assert page.address == actions
    assert "Your plan is ready" in page.text
    assert f"You have answered {len(links)} of {len(links)} ." in page.text
    assert page.soup.select("main a.govuk-button") == []


def test_one_role_and_one_month_can_be_picked_without_scripts(visit: Any, actions: str) -> None:
    page = visit(actions)
    links = item_links(page)
    form = page.soup.select_one("form[method=get]")
    picked = {
        select["name"]: [option["value"] for option in select.select("option")] for select in form.select("select")
    }
    assert set(picked) == {"owner", "month"}
    for name, values in picked.items():
        shown = [item_links(visit(f"{actions}?{name}={value}")) for value in values]
        assert shown[0] == links
        assert sorted(link for some in shown[1:] for link in some) == sorted(links)
        assert all(0 < len(some) < len(links) for some in shown[1:])
    page = visit(f"{actions}?owner={picked['owner'][1]}&month={picked['month'][1]}")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert f"This shows {len(item_links(page))} of {len(links)}." in page.text
    assert page.soup.select_one("details[open] select[name=owner] option[selected]")["value"] == picked["owner"][1]
    assert page.soup.find("a", string="Clear: show all")["href"] == actions
    for nonsense in ("owner=x&month=x", "owner=0&month=2026-13", f"owner={'9' * 30}"):
        assert item_links(visit(f"{actions}?{nonsense}")) == links


def test_the_strip_leads_to_its_months_and_says_what_it_shows(visit: Any, actions: str) -> None:
    page = visit(actions)
    assert page.soup.select_one("svg.plan-months title").text.startswith("Steps by month: December ")
    months = page.soup.select(".plan-month-links a")
    assert len(months) > 2
    assert {month["href"].partition("?")[2][:6] for month in months} == {"month="}
    assert all(item_links(visit(month["href"])) for month in months)


def test_done_is_one_press_and_so_is_the_way_back(app: Flask, visit: Any, actions: str, submitted: Submitted) -> None:
    links = item_links(visit(actions))
    number = links[1].rsplit("/", 1)[1]
    key = ITEMS[number]
    page = visit.send(f"/{number}/done")
    assert "Done on 24 November 2026" in page.text
    with app.extensions["assess.database"].reading() as session:
        assert get_tracker_state(session, submitted.submission_id)[key].done_on == "2026-11-24"
    page = visit.send(f"/{number}/restore")
    assert page.address == actions
    with app.extensions["assess.database"].reading() as session:
        assert ItemContent.of(get_tracker_state(session, submitted.submission_id)[key]) == ItemContent()
    assert "Done on 24 November" not in page.text


def test_ticking_twice_is_ticking_once(app: Flask, visit: Any, actions: str, submitted: Submitted) -> None:
    page = visit(actions)
    number = item_links(page)[0].rsplit("/", 1)[1]
    key = ITEMS[number]
    for _ in range(2):
        visit.page = page
        visit.send(f"/{number}/done")
    with app.extensions["assess.database"].reading() as session:
        assert get_tracker_state(session, submitted.submission_id)[key].revision == 1


def test_a_proof_that_ran_out_is_said_on_its_card(app: Flask, visit: Any, actions: str, submitted: Submitted) -> None:
    link = item_links(visit(actions))[0]
    visit(f"{link}/proof")
    visit.send(kind="policy", grade="said", good_until="30 11 2026")
    page = visit(actions)
    assert "that is over" not in page.text
    assert "good until 30 November 2026" in visit(link).text
    come_back(app, visit, submitted, TODAY + timedelta(days=7))
    assert "that is over. Renew it." in visit(actions).text
    assert "This is over. Renew it." in visit(link).text


def test_nothing_is_there_for_anybody_else(another_visit: Any, visit: Any, actions: str) -> None:
    link = item_links(visit(actions))[0]
    token = visit(link).fields()["csrf_token"]
    for address in (actions, link, f"{link}/history", f"{link}/proof", f"{link}/proof/1"):
        assert another_visit(address).status == 404
    another_visit("/")
    for address in (link, f"{link}/done", f"{link}/restore", f"{link}/conflict", f"{link}/proof", f"{link}/proof/1"):
        assert another_visit.client.post(address, data={"csrf_token": token}).status_code in {400, 404}
        assert visit.client.post(address).status_code == 400
    assert visit(f"{actions}/no_such_key").status == 404


def test_the_register_is_that_of_the_latest_submission(app: Flask, visit: Any, now: Any) -> None:
    one = submit_record(app, visit, scenario(), now)
    other = submit_record(app, visit, scenario("car_washes", "car_washes medium"), now)
    key = KEYS[0]
    with app.extensions["assess.database"].writing() as session:
        change_item(session, one.submission_id, key, ItemContent(response="accepted"), 0, now)
    assert "You have answered 1 of" in visit(f"{one.address}/result/actions").text
    assert "You have answered 0 of" in visit(f"{other.address}/result/actions").text


def test_what_was_done_before_answering_again_is_done_and_asked_for_all_the_same(
    app: Flask, visit: Any, actions: str, submitted: Submitted, now: datetime
) -> None:
    links = item_links(visit(actions))
    answer(visit, links[0], status="done")
    sentence = "You said this was done before you answered again. Your new answers still call for it."
    assert sentence not in visit(actions).text
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        submit_assessment(session, submitted.id, lambda _said: scenario(), now)
    page = visit(actions)
    html5lib.HTMLParser(strict=True).parse(page.html)
    cards = page.soup.select("article")
    assert [sentence in card.get_text() for card in cards] == [False] * (len(cards) - 1) + [True]
    assert "Done on 24 November 2026" in cards[-1].get_text()
    assert sentence in visit(links[0]).text
    answer(visit, links[0], status="done", done_on="23 11 2026")
    assert sentence not in visit(actions).text
    assert sentence not in visit(links[0]).text


def test_a_press_on_done_in_an_older_plan_marks_nothing_and_says_so(
    app: Flask, visit: Any, actions: str, submitted: Submitted, now: datetime
) -> None:
    number = item_links(visit(actions))[0].rsplit("/", 1)[1]
    key = ITEMS[number]
    record = scenario()
    next(action for action in record["actions"] if action["question"] == key)["title"] = "Something else"
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        newer = submit_assessment(session, submitted.id, lambda _said: record, now).id
    page = visit.send(f"/{number}/done")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.address.startswith(actions)
    assert "Nothing was marked as done." in page.text
    assert "Something else" in page.text
    with app.app_context(), database().reading() as session:
        assert get_tracker_state(session, newer) == {}
    page = visit.send(f"/{number}/done")
    assert "Nothing was marked as done." not in page.text
    with app.app_context(), database().reading() as session:
        assert get_tracker_state(session, newer)[key].status == "done"


def test_a_press_on_done_of_what_is_gone_from_the_new_plan_is_no_dead_end(
    app: Flask, visit: Any, actions: str, submitted: Submitted, now: datetime
) -> None:
    number = item_links(visit(actions))[0].rsplit("/", 1)[1]
    key = ITEMS[number]
    record = scenario()
    record["actions"] = [action for action in record["actions"] if action["question"] != key]
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        submit_assessment(session, submitted.id, lambda _said: record, now)
    page = visit.send(f"/{number}/done")
    assert page.status == 200
    assert "Nothing was marked as done." in page.text


def answer_again(app: Flask, submitted: Submitted, now: datetime) -> int:
    """Submit the same answers once more, on another day. Returns the id of the new submission."""
    day = now.date().isoformat()
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, submitted.id, now)
        return submit_assessment(session, submitted.id, lambda _said: {**scenario(), "made_on": day}, now).id


def offered_in(page: Any) -> dict[str, str]:
    """What the button “Put this in” of a history sends."""
    form = next(form for form in page.soup.select("main form") if "Put this in" in form.get_text())
    return {field["name"]: field["value"] for field in form.select("input")}


def test_the_history_tells_when_and_what_and_never_who(visit: Any, item: str, stored: Any) -> None:
    fill(visit, item, due="1 2 2027")
    fill(visit, item, response="will_not", reason="cost")
    page = visit(f"{item}/history")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "24 November 2026, 09:30" in page.text
    assert "from “We will do this” to “We will not do this”" in page.text
    visit.send("restore")
    assert (stored().response, stored().due) == ("accepted", "2027-02-01")
    page = visit(f"{item}/history")
    fill(visit, item, due="1 3 2027")
    visit.page = page
    assert visit.send("restore").status == 409
    assert stored().due == "2027-03-01"


def test_what_was_taken_over_says_where_from_and_shows_what_was_before(
    app: Flask, visit: Any, item: str, submitted: Submitted
) -> None:
    fill(visit, item, due="1 2 2027")
    fill(visit, item)
    answer_again(app, submitted, TODAY + timedelta(days=2))
    fill(visit, item, response="will_not", reason="cost")
    answer_again(app, submitted, TODAY + timedelta(days=5))
    page = visit(f"{item}/history")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    now, later, first = page.soup.select("main section")
    assert "Taken over from your earlier answers of 26 November 2026, because the action is the same" in now.text
    assert later.h2.text == "With your answers of 26 November 2026"
    assert "Taken over from your earlier answers of 24 November 2026" in later.text
    assert "from “We will do this” to “We will not do this”" in later.text
    assert first.h2.text == "With your answers of 24 November 2026"
    assert "Taken over" not in first.text
    assert "from “As the plan says: by 24 December 2026” to “1 February 2027”" in first.text
    assert [len(part.select("form")) for part in (now, later, first)] == [1, 0, 0]
    assert [len(part.select("li")) > 0 for part in (now, later, first)] == [True] * 3


def test_what_began_here_shows_nothing_from_before(app: Flask, visit: Any, item: str, submitted: Submitted) -> None:
    answer_again(app, submitted, TODAY + timedelta(days=2))
    fill(visit, item, due="1 2 2027")
    page = visit(f"{item}/history")
    assert "earlier answers" not in page.text
    assert "With your answers" not in page.text


def test_a_day_that_was_typed_is_put_in_later_without_undoing_what_came_since(
    visit: Any, colleague: Visitor, item: str, stored: Any
) -> None:
    fill(visit, item, due="1 2 2027")
    visit(item)
    fill(colleague, item, due="1 3 2027")
    assert visit.send(due="1 4 2027", go="list").status == 409
    visit.send("conflict", pick="theirs")
    fill(colleague, item, owner="someone_else", owner_text="Hers", status="under_way")
    page = visit(f"{item}/history")
    assert "By when: from “1 March 2027” to “1 April 2027”" in page.text
    assert visit.client.post(f"{item}/restore", data=offered_in(page)).status_code == 303
    state = stored()
    assert (state.due, state.owner, state.status, state.response) == ("2027-04-01", "Hers", "under_way", "accepted")


def test_a_note_that_was_typed_is_put_in_later_and_nothing_else(
    visit: Any, colleague: Visitor, item: str, stored: Any
) -> None:
    fill(visit, item, due="1 2 2027")
    visit(f"{item}/proof")
    visit.send(title="Blue folder", kind="records", grade="said")
    visit(f"{item}/proof/1")
    colleague(f"{item}/proof/1")
    colleague.send(title="Red folder", kind="records", grade="said")
    assert visit.send(title="Blue folder, first shelf", kind="records", grade="said").status == 409
    fill(colleague, item, due="1 3 2027", status="under_way")
    page = visit(f"{item}/history")
    assert visit.client.post(f"{item}/restore", data=offered_in(page)).status_code == 303
    state = stored()
    assert [note.title for note in state.notes] == ["Blue folder, first shelf"]
    assert (state.due, state.status) == ("2027-03-01", "under_way")


def test_where_more_would_change_than_was_typed_the_whole_difference_is_shown_first(
    visit: Any, colleague: Visitor, item: str, stored: Any
) -> None:
    fill(visit, item, due="1 2 2027")
    visit(item)
    fill(colleague, item, due="1 3 2027")
    assert visit.send(due="1 4 2027", go="list").status == 409
    fill(colleague, item, response="will_not", reason="cost")
    page = visit(f"{item}/history")
    shown = visit.client.post(f"{item}/restore", data=offered_in(page)).get_data(as_text=True)
    assert "Saved now: We will not do this" in text_of(shown)
    assert "What you typed: 1 April 2027" in text_of(shown)
    assert stored().response == "will_not"


def test_every_kind_of_entry_has_its_words() -> None:
    assert set(EVENT_TEXTS) == set(TrackerEventKind)
    assert all("{" not in words.format(origin="") for words in EVENT_TEXTS.values())


def change_often(app: Flask, submission_id: int, times: int, now: datetime) -> None:
    with app.app_context(), database().writing() as session:
        seen = get_item_state(session, submission_id, KEY).revision
        for revision in range(seen, seen + times):
            change_item(
                session,
                submission_id,
                KEY,
                ItemContent("accepted", owner=f"Owner {submission_id}.{revision}"),
                revision,
                now,
            )


def changes_on(page: Any) -> list[str]:
    return [title.text.partition(":")[0] for title in page.soup.select("main section h2[id^=change], main section h3")]


def test_a_long_history_is_told_a_page_at_a_time_through_every_plan(
    app: Flask, visit: Any, item: str, submitted: Submitted
) -> None:
    change_often(app, submitted.submission_id, HISTORY_PAGE_SIZE + 3, TODAY)
    answer_again(app, submitted, TODAY + timedelta(days=2))
    fill(visit, item, due="1 2 2027")
    first = visit(f"{item}/history")
    html5lib.HTMLParser(strict=True).parse(first.html)
    assert changes_on(first) == [
        "Change 2",
        "Change 1",
        *(f"Change {number}" for number in range(HISTORY_PAGE_SIZE + 3, 5, -1)),
    ]
    assert "Taken over from your earlier answers of 24 November 2026" in first.text
    assert "Back to the newest changes" not in first.text
    older = visit(next(link["href"] for link in first.soup.select("main a") if link.get("rel") == ["next"]))
    html5lib.HTMLParser(strict=True).parse(older.html)
    assert changes_on(older) == [f"Change {number}" for number in range(5, 0, -1)]
    assert [title.text for title in older.soup.select("main h2[id^=earlier]")] == [
        "With your answers of 24 November 2026"
    ]
    assert older.soup.select_one("a[rel=next]") is None
    assert "Back to the newest changes" in older.text


@pytest.mark.parametrize("before", ["1", "0", "x", "9" * 30, "-1"])
def test_whatever_is_asked_for_there_is_a_page(visit: Any, item: str, before: str) -> None:
    fill(visit, item, due="1 2 2027")
    page = visit(f"{item}/history?before={before}")
    assert page.status == 200
    assert ("There is nothing older." in page.text) == (before == "1")


def test_the_last_of_a_page_says_where_it_was_taken_over_from(
    app: Flask, visit: Any, item: str, submitted: Submitted
) -> None:
    change_often(app, submitted.submission_id, 2, TODAY)
    made = answer_again(app, submitted, TODAY + timedelta(days=2))
    change_often(app, made, HISTORY_PAGE_SIZE - 1, TODAY + timedelta(days=2))
    page = visit(f"{item}/history")
    assert changes_on(page) == [f"Change {number}" for number in range(HISTORY_PAGE_SIZE, 0, -1)]
    assert "Taken over from your earlier answers of 24 November 2026" in page.text
    assert page.soup.select_one("a[rel=next]")
