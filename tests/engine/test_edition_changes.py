from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.engine.bank import (
    Answers,
    AnswerValue,
    Column,
    DutyBook,
    Edition,
    Option,
    Question,
    QuestionType,
    Section,
    TickStep,
)
from assess.engine.conditions import Leaf, Not
from assess.engine.edition_changes import (
    AnswerToConfirm,
    CarriedAnswers,
    CarryOverEffects,
    CarryOverReason,
    Change,
    ChangeKind,
    answers_for_edition,
    carry_over,
    carry_over_effects,
    differences,
    question_ids_for_edition,
)
from assess.engine.points import is_exclusive_option
from assess.engine.question_types import CHOICE_TYPES
from tests.builders import a_bank, a_duty, a_number, a_question, a_table, an_action, an_option, several
from tests.engine import real_banks
from tests.engine.random_banks import a_random_bank
from tests.engine.test_properties import known_answer


def moved(old: Question, new: Question | None, value: object) -> CarriedAnswers:
    bank = a_bank(*([new] if new else [a_question("other")]))
    return carry_over(a_bank(old), bank, {old.id: value})  # type: ignore[dict-item]


def options(*names: str) -> tuple[Option, ...]:
    return tuple(an_option(name) for name in names)


class TestTheTable:
    def test_other_words_keep_the_answer(self) -> None:
        old = a_question("q")
        assert moved(old, replace(old, ask="In other words?"), "good") == CarriedAnswers({"q": "good"}, {}, {})

    def test_another_meaning_has_to_be_confirmed(self) -> None:
        old = a_question("q")
        assert moved(old, replace(old, rev=2), "good").confirm == {
            "q": AnswerToConfirm("good", "q", CarryOverReason.MEANING)
        }

    def test_one_answer_is_the_only_one_of_several_where_several_may_be_chosen_now(self) -> None:
        old, new = a_question("q"), several("q", options=options("good", "bad", "dk"))
        assert moved(old, new, "good") == CarriedAnswers({"q": ["good"]}, {}, {})
        assert moved(old, replace(new, rev=2), "dk").confirm == {
            "q": AnswerToConfirm(["dk"], "q", CarryOverReason.MEANING)
        }
        assert moved(old, replace(new, options=options("a", "b")), "good").left_behind == {"q": CarryOverReason.OPTION}
        heir = replace(new, id="n", replaces="q", option_map={"good": "bad"})
        assert moved(old, heir, "good").confirm == {"n": AnswerToConfirm(["bad"], "q", CarryOverReason.REPLACED)}
        assert moved(new, old, ["good"]).left_behind == {"q": CarryOverReason.TYPE}

    def test_an_answer_that_is_offered_no_longer_goes_along(self) -> None:
        old = a_question("q", options=options("good", "bad", "dk"))
        new = replace(old, options=(replace(old.options[0], retired=True), *old.options[1:]))
        assert moved(old, new, "good") == CarriedAnswers({"q": "good"}, {}, {})

    def test_what_is_left_of_several_options_has_to_be_confirmed(self) -> None:
        old = several("m", options=options("a", "b", "none"))
        assert moved(old, replace(old, options=options("b", "none")), ["a", "b"]).confirm == {
            "m": AnswerToConfirm(["b"], "m", CarryOverReason.OPTIONS)
        }

    def test_nothing_left_of_several_options_stays_behind(self) -> None:
        old = several("m", options=options("a", "b", "none"))
        assert moved(old, replace(old, options=options("b", "none")), ["a"]).left_behind == {
            "m": CarryOverReason.OPTION
        }

    def test_a_lost_option_and_another_meaning_are_told_as_another_meaning(self) -> None:
        old = several("m", options=options("a", "b", "none"))
        new = replace(old, options=options("b", "none"), rev=2)
        assert moved(old, new, ["a", "b"]).confirm == {"m": AnswerToConfirm(["b"], "m", CarryOverReason.MEANING)}

    def test_the_one_option_lost_stays_behind(self) -> None:
        old = a_question("q", options=options("a", "b"))
        assert moved(old, replace(old, options=options("b")), "a").left_behind == {"q": CarryOverReason.OPTION}

    def test_another_type_stays_behind(self) -> None:
        assert moved(a_question("q"), a_number("q"), "good").left_behind == {"q": CarryOverReason.TYPE}

    def test_gone_stays_behind(self) -> None:
        assert moved(a_question("q"), None, "good").left_behind == {"q": CarryOverReason.GONE}

    def test_an_answer_nobody_asked_for_stays_behind(self) -> None:
        assert carry_over(a_bank(a_question("q")), a_bank(a_question("q")), {"x": "y"}).left_behind == {
            "x": CarryOverReason.GONE
        }

    def test_a_number_goes_along(self) -> None:
        assert moved(a_number("n"), a_number("n"), 12.5).kept == {"n": 12.5}

    def test_a_table_goes_along_without_the_columns_that_are_gone(self) -> None:
        rooms, kind = Column("rooms", "Rooms", "number"), Column("kind", "Kind", "choice", options("flat", "van"))
        old = replace(a_table("t"), columns=(rooms, kind))
        rows: list[dict[str, object]] = [{"rooms": 2, "kind": "van"}, {"rooms": 1, "kind": "flat"}]
        assert moved(old, old, rows).kept == {"t": rows}
        fewer = moved(old, replace(old, columns=(rooms,)), rows)
        assert fewer.confirm == {"t": AnswerToConfirm([{"rooms": 2}, {"rooms": 1}], "t", CarryOverReason.OPTIONS)}
        no_van = moved(old, replace(old, columns=(rooms, replace(kind, options=options("flat")))), rows)
        assert no_van.confirm == {
            "t": AnswerToConfirm([{"rooms": 2}, {"rooms": 1, "kind": "flat"}], "t", CarryOverReason.OPTIONS)
        }


class TestAQuestionThatReplacesAnother:
    def test_its_options_are_called_what_they_are_called_now(self) -> None:
        old = a_question("old", options=options("a", "b"))
        new = a_question("new", options=options("x", "b"), replaces="old", option_map={"a": "x"})
        assert moved(old, new, "a").confirm == {"new": AnswerToConfirm("x", "old", CarryOverReason.REPLACED)}
        assert moved(old, new, "b").confirm == {"new": AnswerToConfirm("b", "old", CarryOverReason.REPLACED)}

    def test_an_option_that_has_no_heir_stays_behind(self) -> None:
        old = a_question("old", options=options("a", "b"))
        new = a_question("new", options=options("x"), replaces="old", option_map={"a": "x"})
        assert moved(old, new, "b").left_behind == {"old": CarryOverReason.OPTION}

    def test_two_options_that_became_one_are_one(self) -> None:
        old = several("old", options=options("a", "b"))
        new = several("new", options=options("x"), replaces="old", option_map={"a": "x", "b": "x"})
        assert moved(old, new, ["a", "b"]).confirm == {"new": AnswerToConfirm(["x"], "old", CarryOverReason.REPLACED)}

    def test_what_stands_alone_gives_way_to_what_was_chosen(self) -> None:
        old = several("old", options=options("a", "b"))
        new = several("new", options=options("a", "none"), replaces="old", option_map={"b": "none"})
        assert moved(old, new, ["a", "b"]).confirm == {"new": AnswerToConfirm(["a"], "old", CarryOverReason.REPLACED)}

    def test_of_another_type_it_takes_nothing_over(self) -> None:
        assert moved(a_question("old"), a_number("new", replaces="old"), "good").left_behind == {
            "old": CarryOverReason.TYPE
        }

    def test_while_the_old_one_is_still_asked_the_old_one_keeps_its_answer(self) -> None:
        old = a_question("old")
        new = a_bank(old, a_question("new", replaces="old"))
        assert carry_over(a_bank(old), new, {"old": "good"}) == CarriedAnswers({"old": "good"}, {}, {})


def changed(rnd: Random, edition: Edition) -> Edition:
    """The bank after a few edits of every kind the table knows."""
    questions: list[Question] = []
    for question in edition.questions():
        edit = rnd.randrange(6)
        if edit == 0:
            continue
        if edit == 1:
            question = replace(question, rev=2)  # noqa: PLW2901
        if edit == 2 and question.options:
            question = replace(question, options=question.options[1:])  # noqa: PLW2901
        if edit == 3:
            question = replace(question, id=f"new_{question.id}", replaces=question.id)  # noqa: PLW2901
        questions.append(replace(question, show_if=None))
    return a_bank(*questions)


def answers_for(rnd: Random, bank: Edition) -> dict[str, AnswerValue]:
    return {question.id: known_answer(rnd, question) for question in bank.questions() if rnd.random() < 0.8}


@given(st.integers(0, 2**32))
def test_to_the_same_edition_everything_goes_along(number: int) -> None:
    rnd = Random(number)
    bank = a_random_bank(rnd)
    answers = answers_for(rnd, bank)
    assert carry_over(bank, bank, answers) == CarriedAnswers(answers, {}, {})


@given(st.integers(0, 2**32))
def test_no_answer_is_lost_and_none_is_told_twice(number: int) -> None:
    rnd = Random(number)
    bank = a_random_bank(rnd)
    answers: Answers = answers_for(rnd, bank)
    carried = carry_over(bank, changed(rnd, bank), answers)
    told = [*carried.kept, *(doubt.came_from for doubt in carried.confirm.values()), *carried.left_behind]
    assert sorted(told) == sorted(answers)
    assert all(carried.kept[name] == answers[name] for name in carried.kept)


PAY, HOME = a_question("pay", dimension="pay"), a_question("home", dimension="home")
SOME = {"a", "b", "c", "none", "dk"}
"""The options of the questions below; “none” and “dk” stand alone."""


def of_type(kind: QuestionType, *gone: str) -> Question:
    """A question of this type, without these of its options and columns."""
    offered = tuple(an_option(name) for name in sorted(SOME - set(gone)))
    if kind in CHOICE_TYPES:
        return a_question("q", type=kind, options=offered)
    if kind == "table":
        columns = (Column("which", "Which", "choice", offered), Column("rooms", "Rooms", "number"))
        return a_question("q", type=kind, options=(), columns=tuple(one for one in columns if one.id not in gone))
    return a_question("q", type=kind, options=())


def all_answers(question: Question) -> Iterator[AnswerValue]:
    """Every answer that the form takes; of what can be typed, some."""
    names = [option.id for option in question.options]
    together = [name for name in names if not is_exclusive_option(name)]
    match question.type:
        case "choice" | "scale":
            yield from names
        case "yes_no_detail":
            yield from names
            yield from ({"choice": name, "detail": "Two of them"} for name in names)
        case "choices":
            yield from ([name] for name in names)
            for size in range(2, len(together) + 1):
                yield from (list(several) for several in combinations(together, size))
        case "table":
            cells: list[list[dict[str, object]]] = [
                [{}, *({one.id: value} for value in ([option.id for option in one.options] or [2]))]
                for one in question.columns
            ]
            rows = [dict(pair for cell in row for pair in cell.items()) for row in product(*cells)]
            yield from ([], *([row] for row in rows), rows)
        case "number" | "percentage":
            yield from (0, 7.5, "dk")
        case "date":
            yield from ("2026-05-01", "dk")
        case _:
            yield "Some words."


def outcomes(old: Edition, new: Edition) -> CarryOverEffects:
    """What becomes of one answer after the other."""
    left: dict[str, CarryOverReason] = {}
    confirm: dict[str, CarryOverReason] = {}
    for question in old.questions():
        for answer in all_answers(question):
            carried = carry_over(old, new, {question.id: answer})
            left |= carried.left_behind
            confirm |= {one.came_from: one.reason for one in carried.confirm.values()}
    return CarryOverEffects(left, confirm)


class TestWhatMayBecomeOfAnswers:
    @pytest.mark.parametrize(
        ("now", "left", "confirm"),
        [
            (replace(PAY, ask="In other words?"), None, None),
            (replace(PAY, rev=2), None, CarryOverReason.MEANING),
            (replace(PAY, type="number", options=()), CarryOverReason.TYPE, None),
            (replace(PAY, type="choices"), None, None),
            (replace(PAY, options=PAY.options[1:]), CarryOverReason.OPTION, None),
            (replace(PAY, options=PAY.options[1:], rev=2), CarryOverReason.OPTION, CarryOverReason.MEANING),
            (replace(PAY, id="wages", replaces="pay"), None, CarryOverReason.REPLACED),
            (
                replace(PAY, id="wages", replaces="pay", options=PAY.options[1:]),
                CarryOverReason.OPTION,
                CarryOverReason.REPLACED,
            ),
            (
                replace(PAY, id="wages", replaces="pay", options=PAY.options[1:], option_map={"good": "fair"}),
                None,
                CarryOverReason.REPLACED,
            ),
            (replace(PAY, id="wages", replaces="pay", type="choices"), None, CarryOverReason.REPLACED),
            (replace(PAY, id="wages"), CarryOverReason.GONE, None),
        ],
    )
    def test_by_the_change(self, now: Question, left: CarryOverReason | None, confirm: CarryOverReason | None) -> None:
        effects = carry_over_effects(a_bank(PAY, HOME), a_bank(now, HOME))
        assert effects == CarryOverEffects({"pay": left} if left else {}, {"pay": confirm} if confirm else {})

    def test_of_several_chosen_options_some_or_all_may_be_gone(self) -> None:
        effects = carry_over_effects(a_bank(of_type("choices")), a_bank(of_type("choices", "a")))
        assert effects == CarryOverEffects({"q": CarryOverReason.OPTION}, {"q": CarryOverReason.OPTIONS})

    @pytest.mark.parametrize("then", get_args(QuestionType))
    @pytest.mark.parametrize("now", get_args(QuestionType))
    def test_for_each_pair_of_types_it_is_what_becomes_of_every_answer(
        self, then: QuestionType, now: QuestionType
    ) -> None:
        maps: tuple[dict[str, str], ...] = ({}, {"a": "b"}, {"a": "none", "b": "c"})
        went = ((), ("a",), ("dk",), ("a", "b", "c"), tuple(SOME), ("which",), ("rooms", "b"))
        old = a_bank(of_type(then))
        for gone, option_map, rev in product(went, maps, (1, 2)):
            same = replace(of_type(now, *gone), rev=rev, option_map=option_map)
            heir = replace(same, id="n", replaces="q")
            for new in (a_bank(same), a_bank(heir), a_bank(same, heir), a_bank(replace(heir, replaces=None))):
                assert carry_over_effects(old, new) == outcomes(old, new), (gone, option_map, rev)

    @given(st.integers(0, 2**32))
    def test_whatever_changes_it_is_what_becomes_of_every_answer(self, number: int) -> None:
        rnd = Random(number)
        old = a_random_bank(rnd)
        new = changed(rnd, old)
        assert carry_over_effects(old, new) == outcomes(old, new)


class TestAFileOfAnEarlierEdition:
    EDITION = a_bank(
        a_question("kept", options=options("now", "bad", "dk")),
        replace(several("many", options=options("a", "b", "dk")), option_map={"one": "a"}),
        replace(a_question("heir", options=options("best", "dk")), replaces="gone", option_map={"good": "best"}),
        a_number("count"),
    )

    def form(self, **answers: object) -> dict[str, object]:
        return answers_for_edition(self.EDITION, answers)

    def test_what_another_question_took_over_goes_there(self) -> None:
        assert self.form(gone="good", kept="bad") == {"heir": "best", "kept": "bad"}
        assert self.form(gone="dk") == {"heir": "dk"}
        assert question_ids_for_edition(self.EDITION, ["gone", "kept", "odd"]) == ["heir", "kept", "odd"]

    def test_an_answer_of_today_wins(self) -> None:
        assert self.form(gone="good", heir="dk") == {"gone": "good", "heir": "dk"}

    def test_one_answer_becomes_a_list_where_several_may_be_chosen(self) -> None:
        assert self.form(many="b") == {"many": ["b"]}
        assert self.form(many="one") == {"many": ["a"]}
        assert self.form(many=["one", "b"]) == {"many": ["a", "b"]}
        assert self.form(many="dk") == {"many": ["dk"]}

    def test_what_nobody_can_tell_stays_to_be_refused(self) -> None:
        strange = {"many": "c", "kept": ["now"], "odd": "x", "count": "dk", "heir": 7}
        assert self.form(**strange) == strange


ONE = a_question("one", ask="Who keeps papers?")
TWO = a_question("two", ask="Who pays?")
THREE = a_question("three", ask="Who asks?")


def between(*new: Question, old: tuple[Question, ...] = (ONE, TWO, THREE)) -> tuple[Change, ...]:
    return differences(a_bank(*old), a_bank(*new))


@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_bank_does_not_differ_from_itself(bank: str) -> None:
    edition = real_banks.edition_of(bank)
    assert differences(edition, edition) == ()


@pytest.mark.thorough
@given(st.integers(0, 2**32))
def test_a_random_bank_does_not_differ_from_itself(seed: int) -> None:
    assert differences(a_random_bank(Random(seed)), a_random_bank(Random(seed))) == ()


@pytest.mark.parametrize(
    ("changes", "part", "kind"),
    [
        ({"ask": "In other words?"}, "ask", ChangeKind.WORDING),
        ({"why": "Because."}, "why", ChangeKind.WORDING),
        ({"waived": {"long_sentence": "So says the law."}}, "waived", ChangeKind.WORDING),
        ({"rev": 2}, "rev", ChangeKind.MEANING),
        ({"replaces": "zero"}, "replaces", ChangeKind.MEANING),
        ({"show_if": Leaf("one", "is", "good")}, "show_if", ChangeKind.CONDITION),
        ({"kind": "fact"}, "kind", ChangeKind.POINTS),
        ({"dimension": "papers"}, "dimension", ChangeKind.POINTS),
        ({"action": an_action("Do it.")}, "action", ChangeKind.POINTS),
        ({"can_sign": True}, "can_sign", ChangeKind.POINTS),
    ],
)
def test_each_part_has_a_class(changes: dict[str, object], part: str, kind: ChangeKind) -> None:
    (change,) = between(ONE, replace(TWO, **changes), THREE)  # type: ignore[arg-type]
    assert (change.what, change.where, change.part, change.kind) == ("question", "two", part, kind)


def test_an_action_says_when_who_and_how_much_of_it_differs() -> None:
    old, new = an_action("Ask."), an_action("Ask.", priority="immediate", after_advice=True)
    (change,) = between(replace(ONE, action=new), TWO, THREE, old=(replace(ONE, action=old), TWO, THREE))
    assert (change.before, change.after) == (
        "Ask. (within 30 days; owner; effort S)",
        "Ask. (at once; owner; effort S; only after advice)",
    )


def test_the_steps_of_ticks_and_sums_are_told_one_after_the_other() -> None:
    old, new = (TickStep(1, 2), TickStep(3, 0)), (TickStep(2, 2), TickStep(3, 0))
    (change,) = between(replace(ONE, ticks=new), TWO, THREE, old=(replace(ONE, ticks=old), TWO, THREE))
    assert change.part == "ticks"
    assert "; " in (change.before or "")
    assert change.before != change.after


def test_the_parts_of_a_mapping_are_told_by_name() -> None:
    (change,) = between(ONE, replace(TWO, option_map={"often": "good"}), THREE)
    assert (change.part, change.before, change.after) == ("option_map", None, "often: good")


def test_points_and_labels_of_options_are_told_apart() -> None:
    first, *rest = TWO.options
    found = between(ONE, replace(TWO, options=(replace(first, points=3, label="Well"), *rest)), THREE)
    assert [(one.where, one.part, one.kind, one.before, one.after) for one in found] == [
        (f"two.{first.id}", "label", ChangeKind.WORDING, first.label, "Well"),
        (f"two.{first.id}", "points", ChangeKind.POINTS, f"{first.points}", "3"),
    ]


def test_what_came_and_what_went_is_structure() -> None:
    found = between(ONE, a_question("new", ask="New?"), THREE)
    assert [(one.where, one.kind, one.before, one.after) for one in found] == [
        ("new", ChangeKind.STRUCTURE, None, "New?"),
        ("two", ChangeKind.STRUCTURE, "Who pays?", None),
    ]


def test_one_that_moved_is_told_alone() -> None:
    (change,) = between(TWO, THREE, ONE)
    assert (change.where, change.part, change.before, change.after) == ("one", "place", "number 1", "number 3")


def test_an_option_that_went() -> None:
    (change,) = between(ONE, replace(TWO, options=TWO.options[1:]), THREE)
    assert (change.what, change.where, change.kind, change.after) == (
        "option", f"two.{TWO.options[0].id}", ChangeKind.STRUCTURE, None,
    )  # fmt: skip


def test_a_condition_is_told_in_words_of_its_own_edition() -> None:
    was = replace(TWO, show_if=Leaf("one", "is", "good"))
    now = replace(TWO, show_if=Not(Leaf("one", "is", "good")))
    renamed = replace(ONE, ask="Who holds papers?")
    found = between(renamed, now, old=(ONE, was))
    assert [(one.before, one.after) for one in found if one.part == "show_if"] == [
        ("“Who keeps papers?” is “Good”", "“Who holds papers?” is not “Good”")
    ]


def test_duties_and_terms_are_looked_at_too() -> None:
    def bank(**changes: object) -> Edition:
        book = DutyBook((), {"in_uk": Leaf("where", "is", "uk")}, (a_duty("tell", **changes),))
        return a_bank(ONE, duty_book=book)

    (change,) = differences(bank(), bank(title="Tell somebody"))
    assert (change.what, change.where, change.kind, change.after) == (
        "duty",
        "tell",
        ChangeKind.WORDING,
        "Tell somebody",
    )
    other = replace(bank(), duty_book=DutyBook((), {"in_uk": Leaf("where", "is", "eu")}, (a_duty("tell"),)))
    (change,) = differences(bank(), other)
    assert (change.what, change.kind, change.before, change.after) == (
        "term", ChangeKind.CONDITION, "“where” is uk", "“where” is eu",
    )  # fmt: skip


def test_other_words_touch_no_answer() -> None:
    assert {one.kind for one in between(ONE, replace(TWO, ask="Anew?"), THREE)} == {ChangeKind.WORDING}
    more = between(ONE, replace(TWO, options=(*TWO.options, an_option("more"))), THREE)
    assert {one.kind for one in more} - {ChangeKind.WORDING}


@pytest.mark.thorough
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_two_banks_that_differ_are_told_to_differ_both_ways(one: int, other: int) -> None:
    old, new = a_random_bank(Random(one)), a_random_bank(Random(other))
    there, back = differences(old, new), differences(new, old)
    same = old.sections == new.sections and old.checks == new.checks
    assert (there == ()) == same == (back == ())
    came = {(change.what, change.where) for change in there if change.part == "whole" and change.before is None}
    went = {(change.what, change.where) for change in back if change.part == "whole" and change.after is None}
    assert came == went


def test_another_title_and_a_question_in_another_section_are_told() -> None:
    old = a_bank(ONE, title="Old", sections=(Section("a", "A", (ONE, TWO)), Section("b", "B", (THREE,))))
    new = a_bank(ONE, title="New", sections=(Section("a", "A", (ONE,)), Section("b", "B", (TWO, THREE))))
    assert [
        (change.what, change.part, change.kind, change.before, change.after) for change in differences(old, new)
    ] == [
        ("bank", "title", ChangeKind.WORDING, "Old", "New"),
        ("question", "section", ChangeKind.STRUCTURE, "a", "b"),
    ]


def test_a_shorthand_that_comes_or_means_something_else_is_said_in_words() -> None:
    here, there = (Leaf("operates_in", "includes", name) for name in ("ENG", "SCO"))
    old = a_bank(duty_book=DutyBook((), {"in_uk": here, "gone": here}, ()))
    new = a_bank(duty_book=DutyBook((), {"in_uk": there, "come": here}, ()))
    assert [(one.where, one.kind, one.before, one.after) for one in differences(old, new)] == [
        ("in_uk", ChangeKind.CONDITION, "“operates_in” includes ENG", "“operates_in” includes SCO"),
        ("come", ChangeKind.STRUCTURE, None, "“operates_in” includes ENG"),
        ("gone", ChangeKind.STRUCTURE, "“operates_in” includes ENG", None),
    ]


def test_an_owner_with_another_name_and_one_who_came_are_told() -> None:
    old, new = a_bank(owners={"owner": "Owner"}), a_bank(owners={"owner": "The owner", "lead": "Lead"})
    assert [(one.where, one.kind) for one in differences(old, new)] == [
        ("owner", ChangeKind.WORDING),
        ("lead", ChangeKind.STRUCTURE),
    ]
