"""What the list of tasks says of newer questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from assess.assessments.edition_upgrade import get_answer_state
from assess.assessments.models import Submission
from assess.assessments.services import get_answers, save_answers
from assess.assessments.views_edition_upgrade import ChangedQuestion, ChangeKind, EditionComparison, compare_editions
from assess.core.models import AuditEvent
from assess.engine.bank import Column, Question
from assess.question_banks.editions import withdraw_published
from tests.assessments.conftest import id_of
from tests.assessments.edition_upgrade.conftest import question, without
from tests.builders import a_bank, a_number, a_question, a_table, an_option
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.identity.accounts_factory import database_of

OLD = a_question("q", options=(an_option("a"), an_option("b")))
TEXTS = {"helpline": "08000"}


def found(old: Question, *new: Question) -> EditionComparison:
    return compare_editions(a_bank(old), a_bank(*new), TEXTS)


def kinds(told: EditionComparison) -> dict[str, list[str]]:
    return {kind.value: [row.id for row in rows] for kind, rows in told.of_kind.items() if rows}


def test_the_same_to_the_letter_is_not_told() -> None:
    told = found(OLD, OLD)
    assert kinds(told) == {}
    assert told.unchanged == {"q"}


def test_each_kind_of_change_is_told_where_it_belongs() -> None:
    assert kinds(found(OLD, OLD, a_question("more"))) == {"new": ["more"]}
    assert kinds(found(OLD, replace(OLD, rev=2))) == {"again": ["q"]}
    assert kinds(found(OLD, replace(OLD, options=OLD.options[:1]))) == {"choices": ["q"]}
    assert kinds(found(OLD, replace(OLD, why="Because."))) == {"words": ["q"]}
    assert kinds(found(OLD, replace(OLD, options=(*OLD.options, an_option("c"))))) == {"words": ["q"]}
    assert kinds(found(OLD, a_question("other"))) == {"new": ["other"], "gone": ["q"]}
    assert kinds(found(OLD, a_number("q"))) == {"new": ["q"], "gone": ["q"]}


def test_an_heir_is_told_as_a_changed_question_with_the_old_words() -> None:
    heir = replace(OLD, id="heir", ask="Call {helpline}?", replaces="q")
    told = found(OLD, heir)
    assert kinds(told) == {"again": ["heir"]}
    (row,) = told.of_kind[ChangeKind.AGAIN]
    assert (row.ask, row.before) == ("Call 08000?", OLD.ask)
    assert told.unchanged == frozenset()
    assert kinds(found(OLD, OLD, heir)) == {"new": ["heir"]}, "while the old one is asked, it keeps its own"
    assert kinds(found(OLD, a_number("heir", replaces="q"))) == {"new": ["heir"], "gone": ["q"]}


def test_choices_that_are_gone_are_named_those_of_tables_too() -> None:
    (row,) = found(OLD, replace(OLD, options=OLD.options[:1])).of_kind[ChangeKind.CHOICES]
    assert row == ChangedQuestion("q", row.section, OLD.ask, None, ("B",))
    flat, van = an_option("flat"), an_option("van")
    table = replace(
        a_table("t"), columns=(Column("kind", "Kind", "choice", (flat, van)), Column("rooms", "Rooms", "number"))
    )
    (row,) = found(table, replace(table, columns=(Column("kind", "Kind", "choice", (flat,)),))).of_kind[
        ChangeKind.CHOICES
    ]
    assert row.choices == ("Rooms", "Van")


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
        withdraw_published(session, "car_washes", 1, TODAY)
    assert "not given to others any more. You can still finish with them." in visit(home).text
    visit(f"{home}check")
    visit.send(reread="yes")
    page = visit(home)
    assert "You submitted this" in page.text
    assert "newer questions" not in page.text, "what is submitted is never moved"
    visit.send("/correct")
    assert "not given to others any more" in visit(home).text, "a correction keeps its questions"
    assert "How many people work here at most?" not in visit(f"{home}sections/people").text


EVENTS = {
    "edition_upgrade.upgrade": "assessment.answer: moved",
    "edition_upgrade.undo_upgrade": "assessment.answer: put back",
}
"""What each page leaves in the audit log, once."""
LOOK = "The question has changed. Check your answer:"


def changed(document: dict[str, Any]) -> None:
    """Of each kind one change, and every question that can raise a sign loses a choice or means something else."""
    for number, one in enumerate(one for section in document["sections"] for one in section["questions"]):
        if one.get("can_sign") and len(one.get("options", ())) > 2 and number % 2:
            one["options"] = one["options"][1:]
        elif one.get("can_sign"):
            one["rev"] = 2
    question(document, "core_people_peak")["rev"] = 2
    question(document, "core_short_notice")["ask"] = "In other words, how short is the notice?"
    without(document, "core_housing")


def say(app: Any, home: str, **answers: Any) -> None:
    with database_of(app).writing() as session:
        stored = get_answers(session, id_of(home))
        seen = {name: one.revision for name, one in stored.items()}
        save_answers(session, id_of(home), answers, seen, TODAY)


PEOPLE = {"core_people_peak": 12, "core_short_notice": "never", "core_housing": ["own"]}


def test_moving_looking_again_and_going_back(app: Any, visit: Any, begin: Any, identify: Any, publish: Any) -> None:
    home = begin()
    identify(home)
    say(app, home, **PEOPLE)
    with database_of(app).reading() as session:
        before = get_answer_state(session, id_of(home))
    publish("car_washes", changed)
    page = visit(f"{home}upgrade")
    assert page.heading == "What the newer questions would change"
    assert "You have answered 3 questions so far. 1 answer comes with you as it is." in page.text
    housing = next(one.ask for one in edition_of("car_washes").questions() if one.id == "core_housing")
    assert housing in page.text
    page = visit.send()
    assert "You moved to newer questions on" in page.text
    assert "1 answer waits to be looked at again" in page.text
    assert "1 of them to look at again: the question changed" in page.text
    assert LOOK in visit(f"{home}sections/people").soup.select_one("#core_people_peak--again").text
    page = visit(f"{home}check")
    assert "(12 people)" in page.soup.select_one("#changed").find_next("ul").text
    assert all("12 people" not in row.text for row in page.soup.select("main dl")), "it counts as not answered"
    visit(f"{home}sections/people")
    visit.send()
    assert "waits to be looked at" not in visit(home).text
    assert visit(f"{home}upgrade/undo").heading == "Go back to the earlier questions"
    assert "Nothing you have answered since then is lost." in visit.page.text
    visit.send()
    with database_of(app).reading() as session:
        assert get_answer_state(session, id_of(home)) == before
        noted = Counter(session.scalars(select(AuditEvent.action)))
        assert [noted[action] for action in EVENTS.values()] == [1, 1]
    page = visit(f"{home}history")
    assert "The self-check was moved to newer questions, by you" in page.text
    assert "It went back to the earlier questions, by you" in page.text


def test_it_may_be_submitted_without_looking_and_then_counts_like_no_answer(
    app: Any, visit: Any, begin: Any, identify: Any, publish: Any
) -> None:
    home = begin()
    identify(home)
    say(app, home, **PEOPLE)
    publish("car_washes", changed)
    visit(f"{home}upgrade")
    visit.send()
    visit(f"{home}check")
    visit.send(reread="yes")
    with database_of(app).reading() as session:
        (made,) = session.scalars(select(Submission)).all()
    rows = {row["id"]: row for section in made.record["sections"] for row in section["questions"]}
    assert made.record["edition"]["number"] == 2
    assert rows["core_people_peak"]["answer"] is None
    assert rows["core_short_notice"]["answer"] == "never"
    assert visit(f"{home}upgrade/undo").address == home, "what is submitted never goes back"


def test_a_correction_that_is_given_up_goes_back_too(
    app: Any, visit: Any, begin: Any, identify: Any, publish: Any
) -> None:
    home = begin()
    identify(home)
    say(app, home, **PEOPLE)
    visit(f"{home}check")
    visit.send(reread="yes")
    publish("car_washes", changed)
    visit(home)
    visit.send("/correct")
    visit(f"{home}upgrade")
    visit.send()
    assert "You go back to the earlier questions too." in visit.page.text
    visit.send("/discard-correction")
    visit(home)
    visit.send("/correct")
    assert "See what would change" in visit(home).text
    assert LOOK not in visit(f"{home}sections/people").text


def test_a_page_that_was_open_during_the_move_loses_nothing(
    app: Any, visit: Any, begin: Any, identify: Any, publish: Any
) -> None:
    home = begin()
    identify(home)
    say(app, home, **PEOPLE)
    section, check = visit(f"{home}sections/people"), visit(f"{home}check")
    drawn = section.fields()
    publish("car_washes", changed)
    visit(f"{home}upgrade")
    offered = visit.page.fields()
    visit.send()
    answer = visit.client.post(f"{home}sections/people", data=drawn | {"core_people_peak": ["15"]})
    assert answer.status_code == 409
    page = answer.get_data().decode()
    assert "This page is not saved." in page
    assert 'value="15"' in page
    assert LOOK in page
    answer = visit.client.post(f"{home}submit", data=check.fields("/submit") | {"reread": ["yes"]})
    assert answer.status_code == 409
    assert "The questions changed while you had this page open." in answer.get_data().decode()
    answer = visit.client.post(f"{home}upgrade", data=offered)
    assert answer.headers["Location"] == home, "whoever comes second finds it moved"
    visit(f"{home}sections/people")
    publish("car_washes", lambda document: question(document, "core_people_peak").update(rev=3))
    answer = visit.client.post(f"{home}upgrade", data=offered)
    assert answer.status_code == 409
    assert "Even newer questions came" in answer.get_data().decode()


def test_no_page_tells_which_option_was_chosen(app: Any, visit: Any, begin: Any, publish: Any) -> None:
    """Every question that can raise a sign, every option: what would change, and what goes back, read the same."""
    home = begin()
    publish("car_washes", changed)
    signs = [one for one in edition_of("car_washes").questions() if one.can_sign and one.type == "choice"]
    assert len(signs) > 10
    told = set()
    for option in range(max(len(one.options) for one in signs)):
        say(app, home, **{one.id: one.options[option % len(one.options)].id for one in signs})
        told.add(visit(f"{home}upgrade").text)
    assert len(told) == 1
    say(app, home, **dict.fromkeys(one.id for one in signs))
    visit(f"{home}upgrade")
    visit.send()
    back = set()
    for option in range(max(len(one.options) for one in signs)):
        say(app, home, **{one.id: one.options[option % len(one.options)].id for one in signs})
        back.add(visit(f"{home}upgrade/undo").text)
    assert len(back) == 1
    assert "What does not come back with you" in back.pop()


def test_a_colleague_with_a_part_may_not_move_it_and_loses_nothing_when_it_is_moved(
    visit: Any, another_visit: Any, begin: Any, publish: Any
) -> None:
    home = begin()
    visit(f"{home}delegation/section/people")
    link = visit.send().soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    publish("car_washes", changed)
    another_visit(link)
    another_visit.send()
    assert another_visit.page.status == 200
    part, drawn = another_visit.page.address, another_visit.page.fields()
    assert another_visit(f"{home}upgrade").status == 404
    visit(f"{home}upgrade")
    visit.send()
    answer = another_visit.client.post(part, data=drawn | {"core_people_peak": ["15"]})
    assert answer.status_code == 409
    page = answer.get_data().decode()
    assert "The questions changed while you had it open." in page
    assert 'value="15"' in page


def test_a_quick_check_is_told_of_its_own_questions_alone(visit: Any, begin: Any, publish: Any) -> None:
    home = begin(length="quick")
    slow = next(one for one in edition_of("car_washes").questions() if not one.quick)
    publish("car_washes", lambda document: question(document, slow.id).update(rev=2))
    assert "You are asked the same questions." in visit(f"{home}upgrade").text
    assert slow.ask not in visit.page.text
