from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.assessments.submitting import reopen, submit
from assess.kit.db import database
from assess.plans.register.keeping import PAGE, Change, change, item_of
from assess.plans.register.models import What
from assess.plans.register.views_history import TELLS
from tests.conftest import TODAY, Visitor
from tests.plans.conftest import Submitted
from tests.plans.records import scenario, text_of
from tests.plans.register.conftest import KEY, fill


def answer_again(app: Flask, submitted: Submitted, moment: datetime) -> int:
    """Submit the same answers once more, on another day. Returns the id of the new submission."""
    day = moment.date().isoformat()
    with app.app_context(), database().writing() as session:
        reopen(session, submitted.id, moment)
        return submit(session, submitted.id, lambda _said: {**scenario(), "made_on": day}, moment).id


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
    visit.send("back")
    assert (stored().response, stored().due) == ("accepted", "2027-02-01")
    page = visit(f"{item}/history")
    fill(visit, item, due="1 3 2027")
    visit.page = page
    assert visit.send("back").status == 409
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
    visit.send("decide", pick="theirs")
    fill(colleague, item, owner="someone_else", owner_text="Hers", status="under_way")
    page = visit(f"{item}/history")
    assert "By when: from “1 March 2027” to “1 April 2027”" in page.text
    assert visit.client.post(f"{item}/back", data=offered_in(page)).status_code == 303
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
    assert visit.client.post(f"{item}/back", data=offered_in(page)).status_code == 303
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
    shown = visit.client.post(f"{item}/back", data=offered_in(page)).get_data(as_text=True)
    assert "Saved now: We will not do this" in text_of(shown)
    assert "What you typed: 1 April 2027" in text_of(shown)
    assert stored().response == "will_not"


def test_every_kind_of_entry_has_its_words() -> None:
    assert set(TELLS) == set(What)
    assert all("{" not in words.format(origin="") for words in TELLS.values())


def change_often(app: Flask, submission_id: int, times: int, moment: datetime) -> None:
    with app.app_context(), database().writing() as session:
        seen = item_of(session, submission_id, KEY).revision
        for revision in range(seen, seen + times):
            change(
                session,
                submission_id,
                KEY,
                Change("accepted", owner=f"Owner {submission_id}.{revision}"),
                revision,
                moment,
            )


def changes_on(page: Any) -> list[str]:
    return [title.text.partition(":")[0] for title in page.soup.select("main section h2[id^=change], main section h3")]


def test_a_long_history_is_told_a_page_at_a_time_through_every_plan(
    app: Flask, visit: Any, item: str, submitted: Submitted
) -> None:
    change_often(app, submitted.submission_id, PAGE + 3, TODAY)
    answer_again(app, submitted, TODAY + timedelta(days=2))
    fill(visit, item, due="1 2 2027")
    first = visit(f"{item}/history")
    html5lib.HTMLParser(strict=True).parse(first.html)
    assert changes_on(first) == ["Change 2", "Change 1", *(f"Change {number}" for number in range(PAGE + 3, 5, -1))]
    assert "Taken over from your earlier answers of 24 November 2026" in first.text
    assert "Back to the newest changes" not in first.text
    older = visit(next(link["href"] for link in first.soup.select("main a") if link.text == "Show older changes"))
    html5lib.HTMLParser(strict=True).parse(older.html)
    assert changes_on(older) == [f"Change {number}" for number in range(5, 0, -1)]
    assert [title.text for title in older.soup.select("main h2[id^=earlier]")] == [
        "With your answers of 24 November 2026"
    ]
    assert "Show older changes" not in older.text
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
    change_often(app, made, PAGE - 1, TODAY + timedelta(days=2))
    page = visit(f"{item}/history")
    assert changes_on(page) == [f"Change {number}" for number in range(PAGE, 0, -1)]
    assert "Taken over from your earlier answers of 24 November 2026" in page.text
    assert "Show older changes" in page.text
