from __future__ import annotations

from typing import Any

from tests.assessments.owning.conftest import Firm, keep_with
from tests.conftest import Visitor
from tests.people.persons import sign_in


def test_the_list_of_tasks_says_whose_it_is(app: Any, visit: Any, begin: Any, firm: Firm) -> None:
    home = begin()
    assert "Nobody needs an account" in visit(home).text
    keep_with(app, home, firm, firm.north)
    page = visit(home)
    assert "It is kept with an account." in page.text
    assert "Fen Edge Group" not in page.text, "a link tells nobody whose it is"
    member = Visitor(app.test_client())
    sign_in(member, app, firm.manager)
    page = member(home)
    assert "It is kept with Fen Edge Group, North yard." in page.text
    assert page.soup.select_one(f"a[href='/organisations/{firm.organisation.id}/plans']")


def test_a_page_that_is_kept_ready_for_everybody_names_nobody(app: Any, visit: Any, begin: Any, person: Any) -> None:
    stranger = Visitor(app.test_client())
    home, other = begin(), begin(who=stranger)
    sign_in(visit, app, person("ann@farm.example", name="Ann Ordinary"))
    assert "Ann Ordinary" in visit(home).text
    for page, theirs in ((f"{home}sections/people", f"{other}sections/people"), ("/questions/farming",) * 2):
        assert visit(page).status == 200
        assert "Ann Ordinary" not in stranger(theirs).text
