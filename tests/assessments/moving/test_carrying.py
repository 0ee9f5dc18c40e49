"""Going on and back over random pairs of small editions: nothing is lost, and going back at once changes nothing at all."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from assess.assessments.moving.carrying import Said, go_back, go_on, same_question
from assess.assessments.owning.models import Because
from assess.engine.bank import Column, DutyBook, Edition, Fact, Option, Question
from tests.builders import a_bank, a_number, a_question, a_table, an_option
from tests.engine.random_banks import a_random_bank
from tests.engine.test_carry_over import answers_for, changed
from tests.engine.test_properties import known_answer
from tests.long_runs import examples

PAIRS = st.integers(0, 2**32)


def a_pair(rnd: Random) -> tuple[Edition, Edition]:
    old = a_random_bank(rnd)
    new = changed(rnd, old)
    more = [a_question(f"more{number}") for number in range(rnd.randrange(3))]
    both = a_bank(*new.questions(), *more)
    return with_facts(old, "fye", "size"), with_facts(both, *(rnd.sample(("fye", "size", "staff"), 2)))


def with_facts(edition: Edition, *names: str) -> Edition:
    return replace(
        edition, duty_book=DutyBook(tuple(Fact(name, "date", name, "g") for name in names), terms={}, duties=())
    )


def anything_said(rnd: Random, edition: Edition) -> Said:
    answers = answers_for(rnd, edition)
    return Said(
        answers,
        {name: True for name in answers if rnd.random() < 0.3},
        {fact.id: "2026-03-31" for fact in edition.duty_book.facts if rnd.random() < 0.7},
        {name: rnd.choice(list(Because)) for name in answers if rnd.random() < 0.3},
        {"fye": Because.COPIED} if rnd.random() < 0.5 else {},
    )


@settings(max_examples=examples(150), deadline=None)
@given(PAIRS)
def test_going_on_and_back_at_once_restores_everything(seed: int) -> None:
    rnd = Random(seed)
    old, new = a_pair(rnd)
    before = anything_said(rnd, old)
    before = replace(
        before, waiting_facts={name: one for name, one in before.waiting_facts.items() if name in before.facts}
    )
    back = go_back(old, new, before, go_on(old, new, before))
    assert back.said == before
    assert back.lost == ()


@settings(max_examples=examples(150), deadline=None)
@given(PAIRS)
def test_what_was_said_since_comes_back_or_is_told(seed: int) -> None:
    rnd = Random(seed)
    old, new = a_pair(rnd)
    before = anything_said(rnd, old)
    moved = go_on(old, new, before)
    since = {one.id: known_answer(rnd, one) for one in new.questions() if rnd.random() < 0.4}
    now = replace(
        moved,
        answers={**moved.answers, **since},
        waiting={name: because for name, because in moved.waiting.items() if name not in since},
    )
    back = go_back(old, new, before, now)
    for name, value in since.items():
        if value == moved.answers.get(name):
            assert name not in back.lost
        elif same_question(old, new, name):
            assert back.said.answers[name] == value
            assert name not in back.said.waiting
        else:
            assert name in back.lost
    untouched = before.answers.keys() - since.keys()
    assert {name: back.said.answers[name] for name in untouched} == {name: before.answers[name] for name in untouched}


@settings(max_examples=examples(150), deadline=None)
@given(PAIRS)
def test_the_engine_sees_nothing_of_what_has_to_be_looked_at(seed: int) -> None:
    rnd = Random(seed)
    old, new = a_pair(rnd)
    before = anything_said(rnd, old)
    after = go_on(old, new, before)
    asked = {question.id for question in new.questions()}
    assert after.answers.keys() <= asked
    for name in after.answers.keys() - after.waiting.keys():
        assert after.answers[name] == before.answers[name], "what counts at once is what was said"
    assert after.waiting.keys() <= after.answers.keys()


OLD = a_question("q", options=(an_option("a"), an_option("b")))


def test_what_was_confirmed_since_stays_confirmed_where_the_question_is_the_same() -> None:
    edition = a_bank(OLD)
    before = Said({"q": "a"}, waiting={"q": Because.COPIED})
    assert go_back(edition, edition, before, Said({"q": "a"})).said.waiting == {}
    meant = a_bank(replace(OLD, rev=2))
    assert go_back(edition, meant, before, Said({"q": "a"})).said.waiting == {"q": Because.COPIED}


def test_an_answer_taken_back_since_stays_taken_back() -> None:
    edition = a_bank(OLD)
    assert go_back(edition, edition, Said({"q": "a"}), Said()).said.answers == {}
    assert go_back(edition, a_bank(replace(OLD, rev=2)), Said({"q": "a"}), Said()).said.answers == {"q": "a"}


def test_whether_an_answer_comes_back_never_depends_on_the_option() -> None:
    more = a_bank(replace(OLD, options=(*OLD.options, an_option("c"))))
    lost = {go_back(a_bank(OLD), more, Said({"q": "a"}), Said({"q": since})).lost for since in ("b", "c")}
    assert lost == {("q",)}


def test_an_answer_that_came_from_an_old_page_to_a_question_of_the_old_edition_is_kept() -> None:
    new = a_bank(a_number("n"))
    assert go_back(a_bank(OLD), new, Said(), Said({"q": "b"})).said.answers == {"q": "b"}


def test_columns_count_as_choices() -> None:
    old: Question = replace(a_table("t"), columns=(Column("kind", "Kind", "choice", (Option("flat", "Flat"),)),))
    wider = replace(old, columns=(Column("kind", "Kind", "choice", (Option("flat", "Flat"), Option("van", "Van"))),))
    assert same_question(a_bank(old), a_bank(old), "t")
    assert not same_question(a_bank(old), a_bank(wider), "t")


def test_a_fact_with_choices_goes_along_while_its_choice_is_there() -> None:
    def asking(*names: str) -> Edition:
        options = tuple(an_option(name) for name in names)
        return replace(
            a_bank(OLD),
            duty_book=DutyBook(facts=(Fact("places", "choices", "Where?", "g", options=options),), terms={}, duties=()),
        )

    said = Said(facts={"places": ["ENG", "WLS"]})
    assert go_on(asking("ENG", "WLS"), asking("ENG", "WLS", "SCT"), said).facts == said.facts
    assert go_on(asking("ENG", "WLS"), asking("ENG"), said).facts == {}
    assert go_on(asking("ENG"), asking("ENG"), Said(facts={"places": "not_sure"})).facts == {"places": "not_sure"}
    assert go_back(asking("ENG", "WLS"), asking("ENG"), said, Said()).said.facts == said.facts
