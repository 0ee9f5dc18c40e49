"""Leaving, deleting, correcting, going on."""

from __future__ import annotations

from typing import Any

import html5lib
import pytest

from assess.assessments import views_after, views_check
from assess.kit.limits import CORRECTING, SUBMITTING, Costly, Limit


def test_leaving_closes_this_browser_and_keeps_the_answers(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}link")
    path = visit.send().soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    visit(home)
    page = visit.send("/leave")
    assert page.heading == "You have left"
    assert visit(home).status == 404
    another_visit(path)
    assert another_visit.send().address == home


def test_leaving_clears_what_the_browser_kept(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}link")
    visit.send()
    visit(home)
    page = visit.send("/leave", follow=False)
    assert "cookies" in page.headers["Clear-Site-Data"]


def test_whoever_has_no_link_is_offered_one_before_leaving(visit: Any, begin: Any) -> None:
    home = begin()
    visit(home)
    page = visit.send("/leave")
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.heading == "You have no link to come back with"
    assert "nobody can open these answers again" in page.text
    ways = [link["href"] for link in page.soup.select("main a[href]")]
    assert ways.index(f"{home}link") < ways.index(f"{home}delete")
    assert visit(home).status == 200, "nothing is left yet"
    visit(f"{home}leave")
    page = visit.send("/leave")
    assert page.heading == "You have left"
    assert "Nobody can open your answers any more." in page.text
    assert "kept" not in page.text
    assert visit(home).status == 404


def test_a_link_that_was_ended_is_no_way_back(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}link")
    visit.send()
    visit(f"{home}link")
    visit.send("/end")
    visit(home)
    assert visit.send("/leave").heading == "You have no link to come back with"


def test_deleting_needs_a_tick_and_says_what_is_lost_and_what_stays(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    page = visit(f"{home}delete")
    assert "Fen Edge Hand Wash" in page.text
    assert "backups" in page.text
    page = visit.send()
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#sure"
    page = visit.send(sure="yes")
    assert page.heading == "Everything is deleted"
    assert visit(home).status == 404


def test_a_submitted_one_can_be_deleted_with_all_its_links(
    visit: Any, another_visit: Any, begin: Any, identify: Any
) -> None:
    home = begin()
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(f"{home}link")
    path = visit.send().soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    assert "results and plans" in visit(f"{home}delete").text
    visit.send(sure="yes")
    assert another_visit(path).status == 404


def test_a_correction_makes_a_new_version_and_the_old_one_stays(
    app: Any, visit: Any, begin: Any, identify: Any
) -> None:
    import uuid  # noqa: PLC0415 - only here

    from assess.assessments.submitting import submissions_of  # noqa: PLC0415 - only here

    home = begin()
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(home)
    visit.send("/correct")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="8")
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    with app.extensions["assess.database"].reading() as session:
        assert [one.number for one in submissions_of(session, uuid.UUID(home.split("/")[2]))] == [2, 1]


def test_a_correction_has_a_way_back_to_the_plan(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    for start in (home, f"{home}result/actions"):
        visit(home)
        visit.send("/correct")
        page = visit(start)
        assert "Keep my plan as it is" in page.text
        visit.page = page
        page = visit.send("/keep")
        assert page.address == f"{home}result"
        assert "You are correcting" not in page.text
        assert "You submitted this on" in visit(home).text


def test_there_is_no_way_back_to_a_plan_that_was_never_made(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(home)
    assert "Keep my plan" not in page.text
    fields = page.fields("/leave")
    assert visit.client.post(f"{home}keep", data=fields).location == home
    assert "You submitted this on" not in visit(home).text
    another_visit("/")
    assert another_visit.client.post(f"{home}keep", data=fields).status_code in {400, 404}


def test_correcting_what_was_never_submitted_changes_nothing(visit: Any, begin: Any) -> None:
    home = begin()
    fields = visit(home).fields("/leave")
    assert visit.client.post(f"{home}correct", data=fields).status_code == 303
    assert "You are correcting" not in visit(home).text


def test_a_submitted_quick_check_goes_on_as_a_new_version(visit: Any, begin: Any, identify: Any) -> None:
    home = begin(length="quick")
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    fields = visit(home).fields("/leave")
    assert visit.client.post(f"{home}full", data=fields).status_code == 303
    page = visit(home)
    assert "full assessment" in page.text
    assert "You are correcting" in page.text


def test_the_goodbye_page_says_nothing_about_who_was_here(visit: Any) -> None:
    assert visit("/goodbye").heading == "You have left"
    assert visit("/goodbye?deleted=yes").heading == "Everything is deleted"


def test_correcting_and_submitting_without_end_is_limited_and_nothing_is_lost(
    visit: Any, begin: Any, identify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"CORRECTING": views_after, "SUBMITTING": views_check}
    for name, room in few.items():
        monkeypatch.setattr(room, name, Costly((Limit(name, 2, 3600),), Limit(f"{name} from", 99, 3600)))
    home = begin()
    identify(home)
    for _ in range(2):
        visit(f"{home}check")
        visit.send("/submit", reread=None)  # refused for what is missing: counts for nothing
        assert visit.send("/submit", reread="yes").status == 200
        visit(home)
        page = visit.send("/correct")
        assert page.status == 200
    visit(f"{home}check")
    page = visit.send("/submit", reread="yes")
    assert (page.status, page.heading) == (429, "Please wait a moment")
    assert "Whatever you saved before is safe. Wait 30 minutes and try again." in page.text
    assert page.soup.select_one("form button").text.strip() == "Send it again"
    assert page.fields("/submit")["reread"] == ["yes"]
    assert "Fen Edge Hand Wash" in visit(f"{home}check").text
    visit.send("/submit", reread="yes")
    monkeypatch.setattr(views_check, "SUBMITTING", SUBMITTING)
    visit(f"{home}check")
    assert visit.send("/submit", reread="yes").status == 200
    visit(home)
    assert visit.send("/correct").status == 429
    assert visit(f"{home}result").status == 200, "what was submitted stays as it was"


def test_a_tired_person_never_meets_these_limits() -> None:
    for what in (CORRECTING, SUBMITTING):
        assert all(limit.most >= 30 for limit in what.each)
        assert what.address.most >= 10 * what.each[0].most


@pytest.fixture
def open_in_two(app: Any, visit: Any, begin: Any, identify: Any) -> tuple[str, Any]:
    """A correction of a submitted assessment, open in two windows: its address, and the second window."""
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="8")
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(home)
    visit.send("/correct")
    other = type(visit)(app.test_client())
    other.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    return home, other


def test_who_keeps_the_plan_costs_a_colleague_no_page_of_answers(visit: Any, open_in_two: tuple[str, Any]) -> None:
    home, colleague = open_in_two
    colleague(f"{home}sections/people")
    visit(home)
    visit.send("/keep")
    page = colleague.send(core_people_peak="15", core_worker_types=["family", "agency"])
    assert page.status == 409
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "This page is not saved." in page.text
    assert "somebody decided to keep the plan as it is" in page.text
    assert page.soup.select_one("#core_people_peak")["value"] == "15"
    assert {box["value"] for box in page.soup.select("input[name=core_worker_types][checked]")} == {"family", "agency"}
    assert "You submitted this on" in visit(home).text, "nothing is opened before somebody says so"
    assert colleague.send().status == 200
    assert "You are correcting" in visit(home).text
    page = visit(f"{home}sections/people")
    assert page.soup.select_one("#core_people_peak")["value"] == "15"
    assert page.soup.select("input[name=reopen]") == []


def test_faults_and_what_a_third_one_wrote_meanwhile_are_seen_on_the_way_back(
    visit: Any, open_in_two: tuple[str, Any]
) -> None:
    home, colleague = open_in_two
    colleague(f"{home}sections/people")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="12")
    visit(home)
    visit.send("/keep")
    page = colleague.send(core_people_peak="many")
    assert page.status == 409
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#core_people_peak"
    page = colleague.send(core_people_peak="15")
    assert page.status == 409
    assert "Keep what is saved now: 12 people" in page.text


def test_a_page_that_says_nothing_new_leads_on_when_the_answers_are_closed(
    visit: Any, open_in_two: tuple[str, Any]
) -> None:
    home, colleague = open_in_two
    colleague(f"{home}sections/people")
    visit(home)
    visit.send("/keep")
    page = colleague.send()
    assert (page.status, page.address) == (200, home)
