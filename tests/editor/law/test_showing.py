from __future__ import annotations

from datetime import UTC, datetime

from assess.banks.drafts.models import Draft
from assess.editor.law.fields import Field, Kind
from assess.editor.law.kinds import DUTIES, SOURCES, thing
from assess.editor.law.showing import for_whom, form_of, like_choices, names_at, steps_under, told_of
from assess.editor.workbench import Workbench
from tests.shelves import UK, Edit, sound_but

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LINE, STEPS = Field("Title", Kind.LINE, ("title",)), Field("Steps", Kind.STEPS, ("must_do",))


def bench(*edits: Edit) -> Workbench:
    return Workbench(Draft(), sound_but(*edits), NOW)


def test_a_form_shows_what_is_written_what_was_typed_and_what_somebody_else_wrote() -> None:
    data = {"title": "Ours", "must_do": ["One"]}
    assert [row.value for row in form_of([LINE, STEPS], data)] == ["Ours", ["One"]]
    typed = {"title": "Typed", "must_do-0": "One", "must_do-1": "Two", "must_do-2": ""}
    line, steps = form_of(
        [LINE, STEPS], data, typed=typed, errors={"title": "No."}, theirs={"title": "Theirs", "must_do": ["One", "Two"]}
    )
    assert (line.value, line.error, line.theirs) == ("Typed", "No.", "Theirs")
    assert (steps.value, steps.theirs) == (["One", "Two"], None)


def test_a_problem_stands_at_its_field_or_at_the_whole() -> None:
    broken = bench(
        (UK, "url: https://example.org/act", "url: nowhere"),
        (UK, "when: {all: [{applies: payslips}", "when: {all: [{applies: nothing}"),
    )
    here, other = thing(broken.shelf, DUTIES, "payslips"), thing(broken.shelf, DUTIES, "accounts")
    assert here
    assert other
    beside, _ = told_of(broken, here)
    assert set(beside) == {"url"}
    assert told_of(broken, other)[0] == {}
    source = thing(bench().shelf, SOURCES, "S1")
    assert source
    assert told_of(bench(), source) == ({}, [])


def test_a_condition_is_said_in_words() -> None:
    at_work = bench()
    names = names_at(at_work)
    said = for_whom(names, "accounts")
    assert said
    assert said.startswith("“Payslips” applies and")
    assert steps_under(names, "payslips")[0] == ""
    assert "more than 5000000" in steps_under(names, "payslips")[1]
    assert for_whom(None, "accounts") is None
    assert steps_under(names, "nothing") == ()


def test_a_duty_may_take_over_the_condition_of_any_other() -> None:
    assert like_choices(bench(), DUTIES, "accounts") == [("payslips", "Payslips")]
