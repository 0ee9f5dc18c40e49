"""What the list of tasks says of newer questions."""

from __future__ import annotations

from typing import Any

from assess.banks.editions import withdraw
from tests.assessments.moving.conftest import question
from tests.conftest import TODAY
from tests.people.persons import database_of

CALM = "There are newer questions for this kind of work. You can go on with the ones you have. See what would change"


def nothing(document: dict[str, Any]) -> None:
    question(document, "core_people_peak")["ask"] = "How many people work here at most?"


def test_it_is_said_calmly_and_goes_nowhere_by_itself(
    app: Any, visit: Any, begin: Any, identify: Any, publish: Any
) -> None:
    home = begin()
    identify(home)
    assert "newer questions" not in visit(home).text
    publish("car_washes", nothing)
    assert CALM in visit(home).text
    assert "How many people work here at most?" not in visit(f"{home}sections/people").text
    with database_of(app).writing() as session:
        withdraw(session, "car_washes", 1, TODAY)
    assert "not given to others any more. You can still finish with them." in visit(home).text
    visit(f"{home}check")
    visit.send(reread="yes")
    page = visit(home)
    assert "You submitted this" in page.text
    assert "newer questions" not in page.text, "what is submitted is never moved"
    visit.send("/correct")
    assert "not given to others any more" in visit(home).text, "a correction keeps its questions"
    assert "How many people work here at most?" not in visit(f"{home}sections/people").text
