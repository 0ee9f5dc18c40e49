from __future__ import annotations

from dataclasses import replace

from assess.assessments.moving.comparing import Changed, Comparison, Kind, compare
from assess.engine.bank import Column, Question
from tests.builders import a_bank, a_number, a_question, a_table, an_option

OLD = a_question("q", options=(an_option("a"), an_option("b")))
TEXTS = {"helpline": "08000"}


def found(old: Question, *new: Question) -> Comparison:
    return compare(a_bank(old), a_bank(*new), TEXTS)


def kinds(told: Comparison) -> dict[str, list[str]]:
    return {kind.value: [row.id for row in rows] for kind, rows in told.of_kind.items() if rows}


def test_the_same_to_the_letter_is_not_told() -> None:
    told = found(OLD, OLD)
    assert kinds(told) == {}
    assert told.as_they_are == {"q"}


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
    (row,) = told.of_kind[Kind.AGAIN]
    assert (row.ask, row.before) == ("Call 08000?", OLD.ask)
    assert told.as_they_are == frozenset()
    assert kinds(found(OLD, OLD, heir)) == {"new": ["heir"]}, "while the old one is asked, it keeps its own"
    assert kinds(found(OLD, a_number("heir", replaces="q"))) == {"new": ["heir"], "gone": ["q"]}


def test_choices_that_are_gone_are_named_those_of_tables_too() -> None:
    (row,) = found(OLD, replace(OLD, options=OLD.options[:1])).of_kind[Kind.CHOICES]
    assert row == Changed("q", row.section, OLD.ask, None, ("B",))
    flat, van = an_option("flat"), an_option("van")
    table = replace(
        a_table("t"), columns=(Column("kind", "Kind", "choice", (flat, van)), Column("rooms", "Rooms", "number"))
    )
    (row,) = found(table, replace(table, columns=(Column("kind", "Kind", "choice", (flat,)),))).of_kind[Kind.CHOICES]
    assert row.choices == ("Rooms", "Van")
