from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from assess.engine.bank import Answers, Column, Edition, Option, Question, Value
from assess.engine.carry_over import Carried, Doubt, Reason, carry_over, in_todays_form, todays_ids
from tests.builders import a_bank, a_number, a_question, a_table, an_option, several
from tests.engine.random_banks import a_random_bank
from tests.engine.test_properties import known_answer


def moved(old: Question, new: Question | None, value: object) -> Carried:
    bank = a_bank(*([new] if new else [a_question("other")]))
    return carry_over(a_bank(old), bank, {old.id: value})  # type: ignore[dict-item]


def options(*names: str) -> tuple[Option, ...]:
    return tuple(an_option(name) for name in names)


class TestTheTable:
    def test_other_words_keep_the_answer(self) -> None:
        old = a_question("q")
        assert moved(old, replace(old, ask="In other words?"), "good") == Carried({"q": "good"}, {}, {})

    def test_another_meaning_has_to_be_confirmed(self) -> None:
        old = a_question("q")
        assert moved(old, replace(old, rev=2), "good").confirm == {"q": Doubt("good", "q", Reason.MEANING)}

    def test_one_answer_is_the_only_one_of_several_where_several_may_be_chosen_now(self) -> None:
        old, new = a_question("q"), several("q", options=options("good", "bad", "dk"))
        assert moved(old, new, "good") == Carried({"q": ["good"]}, {}, {})
        assert moved(old, replace(new, rev=2), "dk").confirm == {"q": Doubt(["dk"], "q", Reason.MEANING)}
        assert moved(old, replace(new, options=options("a", "b")), "good").left_behind == {"q": Reason.OPTION}
        heir = replace(new, id="n", replaces="q", option_map={"good": "bad"})
        assert moved(old, heir, "good").confirm == {"n": Doubt(["bad"], "q", Reason.REPLACED)}
        assert moved(new, old, ["good"]).left_behind == {"q": Reason.TYPE}

    def test_an_answer_that_is_offered_no_longer_goes_along(self) -> None:
        old = a_question("q", options=options("good", "bad", "dk"))
        new = replace(old, options=(replace(old.options[0], retired=True), *old.options[1:]))
        assert moved(old, new, "good") == Carried({"q": "good"}, {}, {})

    def test_what_is_left_of_several_options_has_to_be_confirmed(self) -> None:
        old = several("m", options=options("a", "b", "none"))
        assert moved(old, replace(old, options=options("b", "none")), ["a", "b"]).confirm == {
            "m": Doubt(["b"], "m", Reason.OPTIONS)
        }

    def test_nothing_left_of_several_options_stays_behind(self) -> None:
        old = several("m", options=options("a", "b", "none"))
        assert moved(old, replace(old, options=options("b", "none")), ["a"]).left_behind == {"m": Reason.OPTION}

    def test_a_lost_option_and_another_meaning_are_told_as_another_meaning(self) -> None:
        old = several("m", options=options("a", "b", "none"))
        new = replace(old, options=options("b", "none"), rev=2)
        assert moved(old, new, ["a", "b"]).confirm == {"m": Doubt(["b"], "m", Reason.MEANING)}

    def test_the_one_option_lost_stays_behind(self) -> None:
        old = a_question("q", options=options("a", "b"))
        assert moved(old, replace(old, options=options("b")), "a").left_behind == {"q": Reason.OPTION}

    def test_another_type_stays_behind(self) -> None:
        assert moved(a_question("q"), a_number("q"), "good").left_behind == {"q": Reason.TYPE}

    def test_gone_stays_behind(self) -> None:
        assert moved(a_question("q"), None, "good").left_behind == {"q": Reason.GONE}

    def test_an_answer_nobody_asked_for_stays_behind(self) -> None:
        assert carry_over(a_bank(a_question("q")), a_bank(a_question("q")), {"x": "y"}).left_behind == {
            "x": Reason.GONE
        }

    def test_a_number_goes_along(self) -> None:
        assert moved(a_number("n"), a_number("n"), 12.5).kept == {"n": 12.5}

    def test_a_table_goes_along_without_the_columns_that_are_gone(self) -> None:
        rooms, kind = Column("rooms", "Rooms", "number"), Column("kind", "Kind", "choice", options("flat", "van"))
        old = replace(a_table("t"), columns=(rooms, kind))
        rows: list[dict[str, object]] = [{"rooms": 2, "kind": "van"}, {"rooms": 1, "kind": "flat"}]
        assert moved(old, old, rows).kept == {"t": rows}
        fewer = moved(old, replace(old, columns=(rooms,)), rows)
        assert fewer.confirm == {"t": Doubt([{"rooms": 2}, {"rooms": 1}], "t", Reason.OPTIONS)}
        no_van = moved(old, replace(old, columns=(rooms, replace(kind, options=options("flat")))), rows)
        assert no_van.confirm == {"t": Doubt([{"rooms": 2}, {"rooms": 1, "kind": "flat"}], "t", Reason.OPTIONS)}


class TestAQuestionThatReplacesAnother:
    def test_its_options_are_called_what_they_are_called_now(self) -> None:
        old = a_question("old", options=options("a", "b"))
        new = a_question("new", options=options("x", "b"), replaces="old", option_map={"a": "x"})
        assert moved(old, new, "a").confirm == {"new": Doubt("x", "old", Reason.REPLACED)}
        assert moved(old, new, "b").confirm == {"new": Doubt("b", "old", Reason.REPLACED)}

    def test_an_option_that_has_no_heir_stays_behind(self) -> None:
        old = a_question("old", options=options("a", "b"))
        new = a_question("new", options=options("x"), replaces="old", option_map={"a": "x"})
        assert moved(old, new, "b").left_behind == {"old": Reason.OPTION}

    def test_two_options_that_became_one_are_one(self) -> None:
        old = several("old", options=options("a", "b"))
        new = several("new", options=options("x"), replaces="old", option_map={"a": "x", "b": "x"})
        assert moved(old, new, ["a", "b"]).confirm == {"new": Doubt(["x"], "old", Reason.REPLACED)}

    def test_what_stands_alone_gives_way_to_what_was_chosen(self) -> None:
        old = several("old", options=options("a", "b"))
        new = several("new", options=options("a", "none"), replaces="old", option_map={"b": "none"})
        assert moved(old, new, ["a", "b"]).confirm == {"new": Doubt(["a"], "old", Reason.REPLACED)}

    def test_of_another_type_it_takes_nothing_over(self) -> None:
        assert moved(a_question("old"), a_number("new", replaces="old"), "good").left_behind == {"old": Reason.TYPE}

    def test_while_the_old_one_is_still_asked_the_old_one_keeps_its_answer(self) -> None:
        old = a_question("old")
        new = a_bank(old, a_question("new", replaces="old"))
        assert carry_over(a_bank(old), new, {"old": "good"}) == Carried({"old": "good"}, {}, {})


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


def answers_for(rnd: Random, bank: Edition) -> dict[str, Value]:
    return {question.id: known_answer(rnd, question) for question in bank.questions() if rnd.random() < 0.8}


@given(st.integers(0, 2**32))
def test_to_the_same_edition_everything_goes_along(number: int) -> None:
    rnd = Random(number)
    bank = a_random_bank(rnd)
    answers = answers_for(rnd, bank)
    assert carry_over(bank, bank, answers) == Carried(answers, {}, {})


@given(st.integers(0, 2**32))
def test_no_answer_is_lost_and_none_is_told_twice(number: int) -> None:
    rnd = Random(number)
    bank = a_random_bank(rnd)
    answers: Answers = answers_for(rnd, bank)
    carried = carry_over(bank, changed(rnd, bank), answers)
    told = [*carried.kept, *(doubt.came_from for doubt in carried.confirm.values()), *carried.left_behind]
    assert sorted(told) == sorted(answers)
    assert all(carried.kept[name] == answers[name] for name in carried.kept)


class TestAFileOfAnEarlierEdition:
    EDITION = a_bank(
        a_question("kept", options=options("now", "bad", "dk")),
        replace(several("many", options=options("a", "b", "dk")), option_map={"one": "a"}),
        replace(a_question("heir", options=options("best", "dk")), replaces="gone", option_map={"good": "best"}),
        a_number("count"),
    )

    def form(self, **answers: object) -> dict[str, object]:
        return in_todays_form(self.EDITION, answers)

    def test_what_another_question_took_over_goes_there(self) -> None:
        assert self.form(gone="good", kept="bad") == {"heir": "best", "kept": "bad"}
        assert self.form(gone="dk") == {"heir": "dk"}
        assert todays_ids(self.EDITION, ["gone", "kept", "odd"]) == ["heir", "kept", "odd"]

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
